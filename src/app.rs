use leptos::prelude::*;

use crate::i18n::{I18n, Locale};
use crate::reactive::{effect, memo};
use crate::routes::{self, Router};
use crate::screens::{Banners, Enrol, Shell};
use crate::state::{AppState, SessionState};
use crate::ui::Toasts;
use crate::ui::live;

/// Everything that is on screen; stands below the one place that provides [`AppState`].
#[component]
pub fn App() -> impl IntoView {
    provide_language();
    Toasts::provide();
    Router::provide();
    view! { <Gate /> }
}

/// The language that `boot.js` gave the page before the first paint: the one chosen before, else the browser's.
fn provide_language() {
    let tag = document().document_element().and_then(|root| root.get_attribute("lang"));
    let locale = tag.and_then(|tag| Locale::of(&tag)).unwrap_or(Locale::En);
    I18n::provide(locale, AppState::get().guidance.rules);
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
    let door = memo(move || {
        app.session.with(|session| match session {
            SessionState::Loading => Door::Wait,
            SessionState::SignedOut => Door::Join,
            SessionState::SignedIn(_) => Door::In,
        })
    });
    let router = Router::get();
    effect(move || {
        let joins = [routes::ENROL, routes::FOUND].contains(&router.path().as_str());
        if door.get() == Door::Join && !joins {
            router.replace(routes::ENROL);
        }
    });
    live(move || match door.get() {
        // Empty but for what keeps the store from opening.
        Door::Wait => view! { <main class="gate"><Banners /></main> }.into_any(),
        Door::Join => view! {
            <main class="gate">
                <Banners />
                <Enrol />
            </main>
        }
        .into_any(),
        Door::In => view! { <Shell /> }.into_any(),
    })
}
