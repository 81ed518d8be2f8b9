use leptos::prelude::*;
use waymark_core::view::chain::{GapKind, Item};

use crate::i18n::use_i18n;
use crate::reactive::{derive, memo};
use crate::screens::parts::forms;
use crate::screens::parts::item::{ItemRow, item_key};
use crate::state::AppState;
use crate::ui::{LateFold, live, rows};
use crate::words;

/// So many of each kind are listed.
const SHOWN: usize = 30;

/// What nobody has said: losses without an incident, incidents without a threat, threats without an outcome.
#[component]
pub fn BlindSpots() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let hour = memo(move || app.server_now().0 / 3_600_000);
    let gaps = memo(move || {
        hour.track();
        let now = untrack(|| app.server_now());
        app.chain.with(|chain| {
            let gaps = chain.gaps(now);
            let of = |kind: GapKind| {
                let own = || gaps.iter().filter(|gap| gap.kind == kind);
                let items = own().take(SHOWN).filter_map(|gap| chain.get(gap.item));
                (kind, own().count(), items.cloned().collect::<Vec<_>>())
            };
            GapKind::ALL.into_iter().map(of).filter(|(_, count, _)| *count > 0).collect::<Vec<_>>()
        })
    });
    let none = move || {
        let none = app.chain.is_read() && gaps.with(Vec::is_empty);
        none.then(|| view! { <p class="soft">{words!(i18n, chain.blind_none)}</p> })
    };
    let kinds = move || gaps.with(|gaps| gaps.iter().map(|(kind, ..)| *kind).collect::<Vec<_>>());
    let fold = move |kind: GapKind| {
        let of = move || gaps.with(|gaps| gaps.iter().find(|(other, ..)| *other == kind).cloned());
        let items = move || of().map(|(.., items)| items).unwrap_or_default();
        let row = |item: Item| view! { <ItemRow item /> };
        let make =
            Callback::new(move |()| view! { <ul class="rows">{rows(items, item_key, row)}</ul> }.into_any());
        view! {
            <div data-gap=kind.code()>
                <LateFold
                    part="gap"
                    heading=derive(move || forms::code(i18n, "gap", kind.code()))
                    holds=derive(move || of().map(|(_, count, _)| count.to_string()).unwrap_or_default())
                    make
                />
            </div>
        }
    };
    view! {
        <section class="stack stack-tight">
            <h2>{words!(i18n, chain.blind)}</h2>
            {live(none)}
            {rows(kinds, |kind| *kind, fold)}
        </section>
    }
    .into_any()
}
