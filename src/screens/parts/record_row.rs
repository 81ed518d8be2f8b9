use leptos::prelude::*;
use waymark_core::event::EventId;
use waymark_core::view::RecordView;

use super::words;
use crate::i18n::{intl, use_i18n};
use crate::routes;
use crate::state::AppState;
use crate::ui::{Icon, Pips, live, time};

/// A row is drawn again when something happened to its record, and only then.
pub fn row_key(view: &RecordView) -> (EventId, &'static str, usize) {
    (view.id, view.state.code(), view.steps.len())
}

/// One record in a list, the same on every screen. Tests and assistive tools read `data-state` and `data-record`.
#[component]
pub fn RecordRow(
    view: RecordView,
    /// Where its own page is: this, a slash and its id.
    #[prop(default = routes::RECORDS)]
    under: &'static str,
    /// Names the author, for those who see the records of others.
    #[prop(optional)]
    named: bool,
    /// Shown beside the list now.
    #[prop(optional, into)]
    current: Signal<bool>,
    /// A button that acts on the record; stands where the trail would.
    #[prop(optional)]
    children: Option<Children>,
    /// Words under the title in place of how the people are.
    #[prop(optional)]
    sub: Option<Signal<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let app = AppState::get();
    let view = StoredValue::new(view);
    let (icon, tone) = view.with_value(words::face);
    let (id, code, passed, loud) = view.with_value(|view| {
        let loud = words::is_alarm(view) && view.is_waiting();
        (view.id.to_string(), view.state.code(), words::passed(&view.state), loud)
    });
    let title = move || {
        view.with_value(|view| match (named && !view.mine, words::title(i18n, view)) {
            (true, what) => crate::say!(i18n, record.by, name = view.author_name.clone(), what = what),
            (false, what) => what,
        })
    };
    let sub = move || match sub {
        Some(sub) => sub.get(),
        None => view.with_value(|view| words::summary(i18n, view)),
    };
    let when = move || time::moment(intl(i18n), view.with_value(|view| view.happened.0), app.now.get().0);
    let end = match children {
        Some(act) => view! { <div class="row-act">{act()}</div> }.into_any(),
        None => view! {
            <div class="row-end">
                <time>{live(when)}</time>
                <Pips passed />
            </div>
        }
        .into_any(),
    };
    view! {
        <li
            class=if loud { "row row-alarm" } else { "row" }
            data-record=id.clone()
            data-state=code
            data-current=move || current.get().then_some("")
        >
            <span class="row-mark" data-tone=tone.name()>
                <Icon icon />
            </span>
            <div>
                <a class="row-link row-title" href=format!("{under}/{id}")>
                    {live(title)}
                </a>
                <p class="row-sub">{live(sub)}</p>
                <RecordState view />
            </div>
            {end}
        </li>
    }
    .into_any()
}

/// Where a record has got to, in words and a drawing.
#[component]
pub fn RecordState(view: StoredValue<RecordView>) -> impl IntoView {
    let i18n = use_i18n();
    let app = AppState::get();
    let icon = view.with_value(|view| words::state_icon(&view.state));
    view! {
        <p class="state">
            <Icon icon />
            <span>{live(move || view.with_value(|view| words::state(i18n, view, app.now.get().0)))}</span>
        </p>
    }
    .into_any()
}
