use leptos::prelude::*;
use waymark_core::event::EventId;
use waymark_core::view::chain::Item;

use super::head::chips;
use crate::i18n::{intl, use_i18n};
use crate::routes;
use crate::say;
use crate::screens::parts::forms;
use crate::state::AppState;
use crate::ui::{Icon, live, time};

/// A row is drawn again when something was said about its item, and only then.
pub fn item_key(item: &Item) -> (EventId, usize, bool) {
    (item.id, item.said.len(), item.received.is_some())
}

/// One item in a list, the same on every screen. Tests and assistive tools read `data-item` and `data-status`.
#[component]
pub fn ItemRow(
    item: Item,
    /// Where its own page is: this, a slash and its id.
    #[prop(default = routes::RECORDS)]
    under: &'static str,
    #[prop(optional, into)] current: Signal<bool>,
    /// Words under the title beside who reported it.
    #[prop(optional)]
    more: Option<String>,
) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let (icon, tone) = forms::face(&item.form.kind);
    let open = item.is_open();
    let id = item.id;
    let item = StoredValue::new(item);
    let title = move || {
        item.with_value(|item| {
            let words = forms::headline(i18n, item);
            if words.is_empty() { forms::short(i18n, item.form) } else { words }
        })
    };
    let sub = move || {
        item.with_value(|item| {
            let when = time::moment(intl(i18n), item.happened().0, app.minute.get());
            let by = say!(i18n, chain.reported_by, name = item.by.name, time = when);
            let place = item.spot().map(|spot| forms::spot(i18n, &spot));
            let parts = [Some(forms::short(i18n, item.form)), place, Some(by), more.clone()];
            parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
        })
    };
    let chips = move || item.with_value(|item| chips(i18n, item, app.minute.get()));
    view! {
        <li
            class="row"
            data-item=id.to_string()
            data-status=if open { "open" } else { "over" }
            data-current=move || current.get().then_some("")
        >
            <span class="row-mark" data-tone=tone.name()>
                <Icon icon />
            </span>
            <div class="out-words">
                <a class="row-link row-title clip" dir="auto" href=format!("{under}/{id}")>
                    {live(title)}
                </a>
                <p class="convoy-chips">{live(chips)}</p>
                <p class="row-sub">{live(sub)}</p>
            </div>
        </li>
    }
    .into_any()
}
