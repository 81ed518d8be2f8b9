//! A check-in with everything there is to say; none of it is needed.

mod detail_row;
mod draft;
mod form;
mod in_movement;
mod options;
mod position_row;
mod receipt;
mod roll_row;

use leptos::prelude::*;
use waymark_core::event::EventId;

use crate::actions;
use crate::i18n::use_i18n;
use crate::state::AppState;
use crate::ui::{PageTitle, live};
use crate::words;
use draft::FormState;
use form::Form;
use receipt::Receipt;

#[component]
pub fn CheckIn() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    actions::follow_position(app);
    actions::hold_update(app);
    let form = FormState::keep(app, in_movement::named());
    let meant = in_movement::begin(app, form);
    let saved = RwSignal::new(None::<EventId>);
    let body = move || match saved.get() {
        Some(id) => {
            let again = Callback::new(move |()| saved.set(None));
            view! { <Receipt id on_again=again /> }.into_any()
        }
        None => view! { <Form form meant saved /> }.into_any(),
    };
    view! {
        <div class="page page-narrow">
            <PageTitle text=words!(i18n, checkin.title) />
            {live(body)}
        </div>
    }
    .into_any()
}
