use leptos::prelude::*;

use crate::i18n::use_i18n;
use crate::ui::{LinkButton, PageTitle};
use crate::words;

#[component]
pub fn NotFound() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="page page-narrow">
            <PageTitle text=words!(i18n, nav.not_found) />
            <p>{words!(i18n, nav.not_found_text)}</p>
            <p>
                <LinkButton label=words!(i18n, nav.to_home) href="/" />
            </p>
        </div>
    }
    .into_any()
}
