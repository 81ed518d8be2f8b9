use leptos::prelude::*;

use crate::i18n::use_i18n;
use crate::say;
use crate::state::AppState;
use crate::ui::live;

/// Says that not all of the chain is here yet, and how much is.
#[component]
pub fn Reading() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    live(move || {
        (!app.chain.is_read()).then(|| {
            let number = app.chain.count().to_string();
            view! { <p class="soft" role="status">{say!(i18n, chain.reading, number = number)}</p> }
        })
    })
}
