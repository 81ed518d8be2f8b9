use leptos::prelude::*;
use waymark_core::view::chain::{GapKind, Item};

use crate::i18n::use_i18n;
use crate::reactive::{derive, memo};
use crate::screens::parts::forms;
use crate::screens::parts::item::ItemRow;
use crate::state::AppState;
use crate::ui::{LateFold, live};
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
    let kinds = move || {
        let kind = |(kind, count, items): (GapKind, usize, Vec<Item>)| {
            let make = Callback::new(move |()| {
                let rows: Vec<_> = items.iter().map(|item| view! { <ItemRow item=item.clone() /> }).collect();
                view! { <ul class="rows">{rows}</ul> }.into_any()
            });
            view! {
                <div data-gap=kind.code()>
                    <LateFold
                        part="gap"
                        heading=derive(move || forms::code(i18n, "gap", kind.code()))
                        holds=Signal::stored(count.to_string())
                        make
                    />
                </div>
            }
            .into_any()
        };
        gaps.get().into_iter().map(kind).collect::<Vec<_>>()
    };
    view! {
        <section class="stack stack-tight">
            <h2>{words!(i18n, chain.blind)}</h2>
            {live(none)}
            {live(kinds)}
        </section>
    }
    .into_any()
}
