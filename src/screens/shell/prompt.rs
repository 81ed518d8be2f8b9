use leptos::prelude::*;
use waymark_core::rules::escalation::Stage;
use waymark_core::rules::overdue::verdict;

use crate::actions;
use crate::i18n::use_i18n;
use crate::reactive::memo;
use crate::say;
use crate::state::AppState;

/// Reminds somebody who is to be heard, on whatever screen they are: once for each step towards being late.
#[component]
pub fn Prompt() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let mine = app.my_movement();
    let stage = memo(move || {
        mine.with(|mine| mine.as_ref().map(|mine| (mine.id, verdict(mine, app.server_now()).stage)))
    });
    Effect::new(move |before: Option<Option<(_, Stage)>>| {
        let now = stage.get();
        if let (Some(Some((before_id, before))), Some((id, now))) = (before, now)
            && before_id == id
            && now > before
            && now >= Stage::Grace
        {
            actions::prompt_traveller(say!(i18n, home.prompt));
        }
        now
    });
}
