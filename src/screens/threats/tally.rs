use leptos::prelude::*;
use waymark_core::event::Stamp;
use waymark_core::view::chain::Tally;

use crate::i18n::use_i18n;
use crate::reactive::memo;
use crate::state::AppState;
use crate::ui::live;
use crate::words;

/// How threats turned out: those that were not carried out, and losses that were averted, count as much.
#[component]
pub fn Counts() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let tally = memo(move || app.chain.with(|chain| chain.tally(Stamp(0), Stamp(i64::MAX), &|_| true)));
    let figures = move || {
        let Tally {
            open,
            carried_out,
            not_carried_out,
            averted,
            merged,
            unknown,
            losses,
            losses_averted,
            ..
        } = tally.get();
        let figure = |count: u32, label: crate::ui::Text, good: bool| {
            view! {
                <div class="figure" data-tone=good.then_some("accent")>
                    <dt>{label}</dt>
                    <dd class="num">{count}</dd>
                </div>
            }
            .into_any()
        };
        vec![
            figure(open, words!(i18n, chain.tally_open), false),
            figure(not_carried_out, words!(i18n, chain.tally_not_carried_out), true),
            figure(averted, words!(i18n, chain.tally_averted), true),
            figure(carried_out, words!(i18n, chain.tally_carried_out), false),
            figure(unknown, words!(i18n, chain.tally_unknown), false),
            figure(merged, words!(i18n, chain.tally_merged), false),
            figure(losses_averted, words!(i18n, chain.losses_averted), true),
            figure(losses, words!(i18n, chain.losses), false),
        ]
    };
    view! {
        <section class="stack stack-tight">
            <h2>{words!(i18n, chain.counts)}</h2>
            <dl class="figures">{live(figures)}</dl>
        </section>
    }
    .into_any()
}
