//! One item of the chain: what it says, what others made of it, what it belongs to, what can be done.

mod acts;
mod evaluations;
mod find_other;
mod graph;
mod head;
mod joined;
mod list;
mod row;
mod story;

use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::EventId;
use waymark_core::view::RecordView;
use waymark_core::view::chain::Item;

use crate::actions;
use crate::i18n::{intl, use_i18n};
use crate::reactive::{derive, memo};
use crate::screens::parts::{ExportMenu, ListOf};
use crate::state::AppState;
use crate::ui::{live, time};
use crate::{say, words};
use acts::Acts;
use evaluations::Evaluations;
use graph::Graph;
use head::Head;
use joined::Joined;
pub use list::item_list;
pub use row::{ItemRow, item_key};
use story::Story;

/// All about an item, below what is known of its record.
#[component]
pub fn ItemParts(id: EventId, record: Memo<RecordView>) -> impl IntoView {
    let app = AppState::get();
    spawn_local(async move {
        actions::open_chain(app).await;
        actions::note_seen(app, id).await;
    });
    let item = memo(move || app.chain.item(id));
    let there = memo(move || item.with(Option::is_some));
    live(move || {
        let first = there.get().then(|| item.get_untracked()).flatten()?;
        let shown = memo(move || item.get().unwrap_or_else(|| first.clone()));
        Some(view! { <Parts item=shown record /> })
    })
}

#[component]
fn Parts(item: Memo<Item>, record: Memo<RecordView>) -> impl IntoView {
    let is_threat = item.with_untracked(|item| item.form.name == "threat");
    let outer = item.with_untracked(Item::is_external);
    let lists = vec![ListOf {
        name: item.with_untracked(|item| item.form.name),
        label: words!(use_i18n(), export.item),
        ids: derive(move || vec![item.with(|item| item.id)]),
    }];
    view! {
        <Head item />
        <Acts item />
        {is_threat.then(|| view! { <Evaluations item /> })}
        <Joined item />
        <Graph item />
        <Story item />
        {(!outer).then(|| view! { <WhoKnew record /> })}
        <ExportMenu name="item" lists />
    }
    .into_any()
}

/// On whose screen it was, and when.
#[component]
fn WhoKnew(record: Memo<RecordView>) -> impl IntoView {
    use waymark_core::view::StepKind;
    let app = AppState::get();
    let i18n = use_i18n();
    let seen = move || {
        let now = app.now.get().0;
        let line = |step: &waymark_core::view::Step| {
            let name = step.by.clone().unwrap_or_default();
            let words =
                say!(i18n, chain.seen_by, name = name, time = time::moment(intl(i18n), step.at.0, now));
            view! { <li>{words}</li> }.into_any()
        };
        record.with(|view| {
            let seen = view.steps.iter().filter(|step| step.kind == StepKind::Seen);
            seen.map(line).collect::<Vec<_>>()
        })
    };
    let nobody =
        derive(move || record.with(|view| !view.steps.iter().any(|step| step.kind == StepKind::Seen)));
    view! {
        <section class="stack stack-tight">
            <h2>{words!(i18n, chain.who_knew)}</h2>
            {live(move || nobody.get().then(|| view! { <p class="soft">{words!(i18n, chain.nobody_saw)}</p> }))}
            <ul class="points">{live(seen)}</ul>
        </section>
    }
    .into_any()
}
