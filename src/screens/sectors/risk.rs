use leptos::prelude::*;
use waymark_core::event::Kind;
use waymark_core::view::chain::Item;
use waymark_core::view::sectors::levels;

use super::list_of;
use crate::i18n::{I18n, use_i18n};
use crate::reactive::memo;
use crate::routes;
use crate::screens::parts::item::{ItemRow, item_list};
use crate::screens::parts::{ExportMenu, forms};
use crate::state::AppState;
use crate::ui::{LinkButton, live, lu};
use crate::{say, words};

/// The register of risk factors, how they weigh, what is recommended, and the levels of areas.
#[component]
pub fn Risk() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let risks = memo(move || {
        app.chain.with(|chain| {
            let mut risks: Vec<Item> =
                chain.of_form("risk").into_iter().filter(|item| chain.stands(item)).cloned().collect();
            waymark_core::order::sort_by_key(&mut risks, |item| {
                std::cmp::Reverse(item.risk().map_or(0, |(likelihood, impact)| likelihood * impact))
            });
            risks
        })
    });
    let levels =
        memo(move || app.chain.with(|chain| levels(chain).into_iter().cloned().collect::<Vec<Item>>()));
    let actions = memo(move || {
        app.chain.with(|chain| {
            let of_risk = |item: &&Item| {
                let of = item.now.of().and_then(|of| chain.get(of));
                item.is_open() && of.is_some_and(|of| of.form.kind == Kind::RiskAssessed)
            };
            chain.of_form("action").into_iter().filter(of_risk).cloned().collect::<Vec<_>>()
        })
    });
    let heat = move || risks.with(|risks| (!risks.is_empty()).then(|| heat(i18n, risks)));
    let none = move || {
        risks.with(Vec::is_empty).then(|| view! { <p class="soft">{words!(i18n, sectors.no_risks)}</p> })
    };
    let trend = move |item: Item| {
        let more = item.now.text("trend").map(|code| forms::code(i18n, "trend", code)).unwrap_or_default();
        let area = item.now.text("area").unwrap_or_default().to_owned();
        let more = [area, more].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        view! { <ItemRow item more /> }
    };
    let level = move |item: Item| {
        let more = item.now.text("level").map(|code| forms::code(i18n, "level", code)).unwrap_or_default();
        let area = item.now.text("area").unwrap_or_default().to_owned();
        view! { <ItemRow item more=format!("{area}: {more}") /> }
    };
    let lists = vec![
        list_of("risks", words!(i18n, sectors.risks), risks),
        list_of("recommendations", words!(i18n, sectors.recommendations), actions),
        list_of("levels", words!(i18n, sectors.rated), levels),
    ];
    view! {
        <div class="register">
            <section class="stack stack-tight">
                <div class="bar">
                    <h2>{words!(i18n, sectors.risks)}</h2>
                    <LinkButton label=words!(i18n, nav.report) href=routes::report("risk") icon=lu::LuPlus />
                </div>
                {live(none)}
                {item_list(risks, trend)}
            </section>
            <div class="stack">
                {live(heat)}
                <section class="stack stack-tight">
                    <h2>{words!(i18n, sectors.recommendations)}</h2>
                    {item_list(actions, |item| view! { <ItemRow item /> })}
                </section>
                <section class="stack stack-tight">
                    <div class="bar">
                        <h2>{words!(i18n, sectors.rated)}</h2>
                        <LinkButton label=words!(i18n, sectors.rate) href=routes::report("level") icon=lu::LuSignal />
                    </div>
                    {item_list(levels, level)}
                </section>
            </div>
        </div>
        <ExportMenu name="risk" lists />
    }
    .into_any()
}

/// Five by five, with figures: no colour alone says anything.
fn heat(i18n: I18n, risks: &[Item]) -> AnyView {
    let count = |likelihood: u8, impact: u8| {
        risks.iter().filter(|item| item.risk() == Some((likelihood, impact))).count()
    };
    let row = |likelihood: u8| {
        let name = forms::code(i18n, "likelihood", &likelihood.to_string());
        let cell = |impact: u8| {
            let number = count(likelihood, impact);
            let words = say!(
                i18n,
                sectors.heat_cell,
                likelihood = name,
                impact = forms::code(i18n, "impact", &impact.to_string()),
                number = number.to_string()
            );
            let heat = match likelihood * impact {
                0..=4 => "1",
                5..=9 => "2",
                10..=14 => "3",
                _ => "4",
            };
            let figure = if number > 0 { number.to_string() } else { String::new() };
            view! { <td data-heat=heat title=words>{figure}</td> }.into_any()
        };
        view! {
            <tr>
                <th scope="row">{name.clone()}</th>
                {(1..=5).map(cell).collect::<Vec<_>>()}
            </tr>
        }
        .into_any()
    };
    let head = |impact: u8| {
        let name = forms::code(i18n, "impact", &impact.to_string());
        view! { <th scope="col">{name}</th> }.into_any()
    };
    view! {
        <section class="stack stack-tight">
            <h2>{words!(i18n, sectors.heat)}</h2>
            <p class="small soft">{words!(i18n, sectors.heat_text)}</p>
            <div class="heat-scroll" tabindex="0" role="group" aria-label=words!(i18n, sectors.heat)>
                <table class="heat">
                    <thead>
                        <tr>
                            <td></td>
                            {(1..=5).map(head).collect::<Vec<_>>()}
                        </tr>
                    </thead>
                    <tbody>{(1..=5).rev().map(row).collect::<Vec<_>>()}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}
