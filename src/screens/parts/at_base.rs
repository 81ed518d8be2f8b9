use leptos::prelude::*;
use waymark_core::view::movement::AtBase as Known;

use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::memo;
use crate::say;
use crate::state::{AppState, Shown};
use crate::ui::{Banner, Tone, live, lu, time};

/// When the base expects to hear, where this phone says something else since what it has written is not there yet.
#[component]
pub fn AtBase(
    #[prop(into)] movement: Signal<Shown>,
    /// In one line while nothing is late: the buttons below stay where a thumb finds them.
    #[prop(optional)]
    brief: bool,
) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let still = memo(move || {
        let now = app.server_now().0;
        let Known::By(at) = movement.with(|movement| movement.at_base) else { return None };
        (brief && at.0 > now)
            .then(|| say!(i18n, convoy.base_still, time = time::moment(intl(i18n), at.0, now)))
    });
    let text = memo(move || movement.with(|movement| in_words(i18n, movement.at_base, app.server_now().0)));
    let banner = move || {
        if let Some(text) = still.get() {
            return Some(view! { <p class="strong">{text}</p> }.into_any());
        }
        let text = Signal::stored(text.get()?);
        Some(view! { <Banner tone=Tone::Warn icon=lu::LuClockAlert text /> }.into_any())
    };
    view! { <div data-part="at-base" role="status">{live(banner)}</div> }.into_any()
}

fn in_words(i18n: I18n, known: Known, now: i64) -> Option<String> {
    Some(match known {
        Known::Alike => return None,
        Known::NoPlan => say!(i18n, convoy.base_no_plan),
        Known::Nobody => say!(i18n, convoy.base_nobody),
        Known::By(at) if at.0 > now => {
            say!(i18n, convoy.base_expects, time = time::moment(intl(i18n), at.0, now))
        }
        Known::By(at) => say!(i18n, convoy.base_waits, time = time::moment(intl(i18n), at.0, now)),
    })
}
