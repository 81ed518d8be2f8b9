use leptos::prelude::*;
use waymark_core::event::{AreaLevel, Stamp, Tried, WatchRules};
use waymark_core::rules::escalation::alarm_stage;

use super::convoy::words::tried_words;
use super::{TryForm, TryOf};
use crate::actions::AlarmRef;
use crate::i18n::{intl, use_i18n};
use crate::reactive::memo;
use crate::state::AppState;
use crate::ui::{Button, live, lu, time};
use crate::words;

/// Who tried what, and when.
#[derive(Clone, PartialEq)]
pub struct Try {
    pub by: String,
    pub at: Stamp,
    pub tried: Tried,
}

/// What was tried about an emergency, and the form for the next try; for those who watch and stay behind.
#[component]
pub fn AlarmTries(
    of: AlarmRef,
    #[prop(into)] since: Signal<Stamp>,
    tries: Signal<Vec<Try>>,
    /// Whether the form is open, and who opens it: a page has one form at a time.
    #[prop(into)]
    open: Signal<bool>,
    on_open: Callback<()>,
    on_close: Callback<()>,
    /// The id of the button that opens it.
    button: String,
) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let movement = memo(move || app.movements.get(of.movement?));
    let may_try = memo(move || {
        let travels =
            |user: &_| movement.with(|movement| movement.as_ref().is_some_and(|on| on.ever_travelled(user)));
        app.person().is_some_and(|person| person.role.watches() && !travels(&person.user))
    });
    let list = move || {
        let line = |one: Try| {
            let (what, more) = tried_words(i18n, &one.tried, &one.by);
            view! {
                <li>
                    <time>{time::moment(intl(i18n), one.at.0, app.now.get().0)}</time>
                    <div>
                        <strong>{what}</strong>
                        <small>{more}</small>
                    </div>
                </li>
            }
            .into_any()
        };
        let tries = tries.get();
        (!tries.is_empty() && may_try.get())
            .then(|| view! { <ol class="log">{tries.into_iter().map(line).collect::<Vec<_>>()}</ol> })
    };
    let work = move || {
        if !may_try.get() {
            return None;
        }
        if !open.get() {
            let label = words!(i18n, board.record_try);
            return Some(
                view! { <Button id=button.clone() label icon=lu::LuPhone on_press=on_open /> }.into_any(),
            );
        }
        let (means, rules) = movement.with_untracked(|movement| {
            let plan = movement.as_ref().map(|movement| &movement.plan.plan);
            let means = plan.map(|plan| plan.means.iter().map(|means| means.text.clone()).collect());
            let rules = plan.map_or_else(|| WatchRules::of_level(&AreaLevel::Moderate), |plan| plan.watch);
            (means.unwrap_or_default(), rules)
        });
        let stage = untrack(|| alarm_stage(since.get(), rules, app.server_now()));
        Some(view! { <TryForm of=TryOf::Alarm(of) stage means on_close /> }.into_any())
    };
    view! { {live(list)} {live(work)} }.into_any()
}
