use leptos::prelude::*;
use leptos_i18n::context::init_i18n_context;

use crate::actions;
use crate::i18n::Locale;
use crate::routes::{self, Router};
use crate::screens::{Banners, Enrol, Shell};
use crate::state::{AppState, SessionState};
use crate::ui::Toasts;

/// Everything that is on screen; stands below the one place that provides [`AppState`].
#[component]
pub fn App() -> impl IntoView {
    provide_language();
    Toasts::provide();
    Router::provide();
    view! { <Gate /> }
}

/// The language chosen before, else the browser's. The page itself was given its language before the first paint.
fn provide_language() {
    let i18n = init_i18n_context::<Locale>();
    provide_context(i18n);
    let Some(chosen) = actions::stored_language().and_then(|code| code.parse().ok()) else {
        return;
    };
    i18n.set_locale(chosen);
    // The context's own first effect puts the browser's language back; this one runs after it.
    Effect::new(move || i18n.set_locale(chosen));
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Door {
    Wait,
    Join,
    In,
}

/// Without an enrolment, every address leads to `/enrol`.
#[component]
fn Gate() -> impl IntoView {
    let app = AppState::get();
    let door = Memo::new(move |_| {
        app.session.with(|session| match session {
            SessionState::Loading => Door::Wait,
            SessionState::SignedOut => Door::Join,
            SessionState::SignedIn(_) => Door::In,
        })
    });
    let router = Router::get();
    Effect::new(move || {
        if door.get() == Door::Join && router.path() != routes::ENROL {
            router.replace(routes::ENROL);
        }
    });
    move || match door.get() {
        Door::Wait => ().into_any(),
        Door::Join => view! {
            <main class="gate">
                <Banners />
                <Enrol />
            </main>
        }
        .into_any(),
        Door::In => view! { <Shell /> }.into_any(),
    }
}
