//! One movement: where it is, who is there, what was done.

use leptos::prelude::*;

use crate::i18n::use_i18n;
use crate::reactive::memo;
use crate::routes::{self, Router};
use crate::screens::parts::convoy::ConvoyPage;
use crate::words;

#[component]
pub fn Movement() -> impl IntoView {
    let i18n = use_i18n();
    let router = Router::get();
    let id = memo(move || router.below(routes::MOVEMENTS).and_then(|id| id.parse().ok()));
    view! { <ConvoyPage id=id.into() back=routes::MOVEMENTS back_label=words!(i18n, nav.movements) /> }
        .into_any()
}
