use leptos::prelude::*;
use waymark_core::view::chain::Item;

use super::list_of;
use crate::i18n::{intl, use_i18n};
use crate::reactive::memo;
use crate::screens::parts::ExportMenu;
use crate::screens::parts::item::{ItemRow, item_list};
use crate::state::AppState;
use crate::ui::{live, time};
use crate::{say, words};

/// What somebody is to do, the nearest day first; what was lost; and what was found.
#[component]
pub fn Mitigation() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let of_form = move |name: &'static str, open: bool| {
        memo(move || {
            app.chain.with(|chain| {
                let mut items: Vec<Item> =
                    chain.of_form(name).into_iter().filter(|item| !open || item.is_open()).cloned().collect();
                if open {
                    waymark_core::order::sort_by_key(&mut items, Item::deadline);
                }
                items
            })
        })
    };
    let (actions, losses, findings) =
        (of_form("action", true), of_form("loss", false), of_form("finding", false));
    let none = move || {
        actions.with(Vec::is_empty).then(|| view! { <p class="soft">{words!(i18n, sectors.no_actions)}</p> })
    };
    let action = move |item: Item| {
        let owner = item.owner().map(|owner| owner.name).unwrap_or_default();
        let due = item.deadline().map(|at| time::moment(intl(i18n), at.0, app.now.get_untracked().0));
        let more = due.map(|time| say!(i18n, sectors.owner, name = owner, time = time)).unwrap_or_default();
        view! { <ItemRow item more /> }
    };
    let finding = move |item: Item| {
        let proposal = item.now.text("proposal").unwrap_or_default();
        let more = format!("{}: {proposal}", say!(i18n, chain.proposes));
        view! { <ItemRow item more /> }
    };
    let lists = vec![
        list_of("actions", words!(i18n, sectors.actions), actions),
        list_of("findings", words!(i18n, sectors.findings), findings),
        list_of("losses", words!(i18n, chain.losses_title), losses),
    ];
    view! {
        <div class="register">
            <section class="stack stack-tight">
                <h2>{words!(i18n, sectors.actions)}</h2>
                {live(none)}
                {item_list(actions, action)}
            </section>
            <div class="stack">
                <section class="stack stack-tight">
                    <h2>{words!(i18n, sectors.findings)}</h2>
                    {item_list(findings, finding)}
                </section>
                <section class="stack stack-tight">
                    <h2>{words!(i18n, chain.losses_title)}</h2>
                    {item_list(losses, |item| view! { <ItemRow item /> })}
                </section>
            </div>
        </div>
        <ExportMenu name="mitigation" lists />
    }
    .into_any()
}
