use leptos::prelude::*;
use waymark_core::event::{EventId, Relation};
use waymark_core::view::chain::Item;

use super::joined::{about, join_button, seen_from};
use crate::i18n::use_i18n;
use crate::reactive::memo;
use crate::routes;
use crate::state::AppState;
use crate::ui::{Field, live};
use crate::words;

const FOUND: usize = 8;
/// Fewer letters are in everything.
const LEAST: usize = 2;

/// Whatever somebody looks for by its words: a typing error may hide what belongs together.
#[component]
pub fn FindOther(id: Memo<EventId>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let wanted = RwSignal::new(String::new());
    let found = memo(move || {
        let (wanted, id) = (wanted.get(), id.get());
        if wanted.trim().chars().count() < LEAST {
            return vec![];
        }
        app.chain.with(|chain| {
            let Some(own) = chain.get(id) else { return vec![] };
            let joined: Vec<EventId> = chain.edges(id).iter().map(|edge| edge.other(id)).collect();
            let fits = |item: &&Item| {
                let other = item.id != id && item.exercise == own.exercise && !joined.contains(&item.id);
                other && item.has_words(&wanted)
            };
            let mut found: Vec<&Item> = chain.items().filter(fits).collect();
            waymark_core::order::sort_by_key(&mut found, |item| {
                (std::cmp::Reverse(item.happened()), item.id)
            });
            let joins = found.into_iter().take(FOUND).filter_map(|other| chain.would_join(id, other.id));
            joins.collect::<Vec<_>>()
        })
    });
    let rows = move || {
        found.with(|found| {
            let row = |(from, to, relation): &(EventId, EventId, Relation)| {
                let other = if *from == id.get_untracked() { *to } else { *from };
                let (form, headline) = about(app, i18n, other)?;
                let words = seen_from(i18n, relation.code(), other == *from);
                let ends = (*from, *to, relation.code());
                let button = join_button(app, i18n, words!(i18n, chain.join), ends, true, &headline);
                Some(
                    view! {
                        <li data-found=other.to_string()>
                            <p>
                                <a class="clip" dir="auto" href=routes::record(other)>
                                    {format!("{form} · {headline}")}
                                </a>
                            </p>
                            <p class="small soft">{words}</p>
                            <div class="btn-row">{button}</div>
                        </li>
                    }
                    .into_any(),
                )
            };
            found.iter().filter_map(row).collect::<Vec<_>>()
        })
    };
    view! {
        <Field
            name="find_other"
            label=words!(i18n, chain.find_other)
            hint=words!(i18n, chain.find_other_hint)
            value=wanted
        />
        <ul class="joined">{live(rows)}</ul>
    }
    .into_any()
}
