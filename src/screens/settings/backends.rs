use leptos::prelude::*;

use crate::i18n::use_i18n;
use crate::routes;
use crate::screens::backends::in_a_line;
use crate::state::AppState;
use crate::ui::{LinkButton, SheetRow, lu};
use crate::words;

/// Where records go; more of it on a page of its own.
#[component]
pub fn BackendsRow() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    view! {
        <SheetRow heading=words!(i18n, backends.title)>
            <p>{in_a_line(app, i18n)}</p>
            <div class="btn-row">
                <LinkButton label=words!(i18n, backends.see) href=routes::BACKENDS icon=lu::LuWaypoints />
            </div>
        </SheetRow>
    }
    .into_any()
}
