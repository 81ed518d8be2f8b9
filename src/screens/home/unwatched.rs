use leptos::prelude::*;

use crate::i18n::{intl, use_i18n};
use crate::say;
use crate::state::{AppState, SyncPhase};
use crate::ui::{Banner, Tone, live, lu, time};

/// Beyond this, nobody at the base can have noticed anything through this phone.
const OUT_OF_TOUCH_MS: i64 = 120_000;

/// Says plainly when nobody can notice that the phone of somebody who travels falls silent.
#[component]
pub fn Unwatched() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let travels = app.my_movement();
    let text = move || {
        travels.with(Option::is_some).then_some(())?;
        let (phase, sent) = app.sync.with(|sync| (sync.phase, sync.last_contact));
        let contact = sent.max(app.live.with(|live| live.heard));
        let now = app.now.get();
        let recent = contact.is_some_and(|at| now.ms_since(at) < OUT_OF_TOUCH_MS);
        let text = match (phase, contact) {
            (SyncPhase::Paused, _) => say!(i18n, home.unwatched_paused),
            _ if recent => return None,
            (_, Some(at)) => {
                say!(i18n, home.unwatched_since, time = time::moment(intl(i18n), at.0, now.0))
            }
            (_, None) => say!(i18n, home.unwatched),
        };
        Some(view! { <Banner tone=Tone::Warn icon=lu::LuEyeOff text=Signal::stored(text) /> })
    };
    view! { <div role="status">{live(text)}</div> }.into_any()
}
