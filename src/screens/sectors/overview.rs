use leptos::prelude::*;
use waymark_core::event::{Kind, Sector};
use waymark_core::rules::Role;
use waymark_core::view::sectors::{SectorView, Wait, sectors};

use super::chart::bars;
use super::cut::{Chosen, CutRow};
use super::situation::SituationFold;
use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::memo;
use crate::routes;
use crate::screens::parts::item::{ItemRow, item_key};
use crate::screens::parts::{Reading, forms};
use crate::state::AppState;
use crate::ui::{Fact, Facts, Fold, LinkButton, PageTitle, live, lu, rows, time};
use crate::{say, words};

#[component]
pub fn Overview() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let chosen = Chosen::new();
    let hour = memo(move || app.server_now().0 / 3_600_000);
    let views = memo(move || {
        hour.track();
        let now = untrack(|| app.server_now());
        let cut = chosen.cut(now);
        app.chain.with(|chain| sectors(chain, &cut, now))
    });
    let cards = move || views.with(|views| views.iter().map(|view| card(i18n, view)).collect::<Vec<_>>());
    view! {
        <div class="page">
            <div class="bar">
                <PageTitle text=words!(i18n, sectors.title) />
                <LinkButton label=words!(i18n, standards.title) href=routes::STANDARDS icon=lu::LuBookOpen />
                <LinkButton label=words!(i18n, sectors.map) href=routes::MAP icon=lu::LuMap />
            </div>
            <p class="soft">{words!(i18n, sectors.text)}</p>
            <CutRow chosen />
            <SituationFold chosen />
            <Reading />
            <div class="sectors">{live(cards)}</div>
            <Investigations />
        </div>
    }
    .into_any()
}

fn card(i18n: I18n, view: &SectorView) -> AnyView {
    let sector = view.sector;
    let name = forms::code(i18n, "sector", sector.code());
    let total = view.total();
    let volume: Vec<String> = view
        .volume
        .iter()
        .map(|(form, count)| {
            format!("{count} × {}", forms::text(i18n, &format!("{form}_short")).unwrap_or_default())
        })
        .collect();
    let wait = |wait: Wait| match wait.count {
        0 => say!(i18n, sectors.no_median),
        count => {
            let span = time::span(intl(i18n), wait.median);
            say!(i18n, sectors.median, span = span, number = count.to_string())
        }
    };
    let facts = vec![
        Fact::new(say!(i18n, sectors.judged), wait(view.judged)),
        Fact::new(say!(i18n, sectors.acted), wait(view.acted)),
        Fact::new(say!(i18n, sectors.verified), wait(view.verified)),
        Fact::new(say!(i18n, sectors.open), view.open.to_string()),
        Fact::new(say!(i18n, sectors.overdue), view.overdue.to_string()),
    ];
    let gaps: Vec<_> = view
        .gaps
        .iter()
        .map(|(kind, count)| {
            let words = forms::code(i18n, "gap", kind.code());
            view! { <li data-gap=kind.code()>{words} ": " <strong class="num">{*count}</strong></li> }
                .into_any()
        })
        .collect();
    let no_gaps = gaps.is_empty().then(|| view! { <p class="soft">{say!(i18n, sectors.no_gaps)}</p> });
    let table: Vec<_> = view
        .trend
        .iter()
        .enumerate()
        .map(|(at, count)| {
            let part = say!(i18n, sectors.part, number = (at + 1).to_string());
            view! { <tr><th scope="row">{part}</th><td class="num">{*count}</td></tr> }.into_any()
        })
        .collect();
    let empty = (total == 0).then(|| view! { <p class="soft">{say!(i18n, sectors.empty)}</p> });
    view! {
        <article class="panel sector" data-sector=sector.code()>
            <h2>{name.clone()}</h2>
            <p class="sector-volume">
                <strong class="num">{total}</strong>
                <span class="soft">{volume.join(" · ")}</span>
            </p>
            {empty}
            {bars(&view.trend, say!(i18n, sectors.trend))}
            <Fold heading=words!(i18n, sectors.table) holds=Signal::stored(String::new())>
                <table class="figures-table"><tbody>{table}</tbody></table>
            </Fold>
            <Facts facts=Signal::stored(facts) />
            <h3>{say!(i18n, sectors.gaps)}</h3>
            {no_gaps}
            <ul class="points">{gaps}</ul>
            <a class="btn" href=format!("{}/{}", routes::SECTORS, sector.code()) aria-description=name>
                <span>{say!(i18n, sectors.register)}</span>
            </a>
        </article>
    }
    .into_any()
}

/// What central looks into: an incident, or a sector that fails.
#[component]
fn Investigations() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let all = memo(move || {
        app.chain.with(|chain| chain.of_form("investigation").into_iter().cloned().collect::<Vec<_>>())
    });
    let central = memo(move || app.person().is_some_and(|person| person.role == Role::Central));
    let open = move || {
        central.get().then(|| {
            let href = routes::report("investigation");
            view! { <LinkButton label=words!(i18n, sectors.investigate) href icon=lu::LuSearch /> }
        })
    };
    let none = move || {
        all.with(Vec::is_empty)
            .then(|| view! { <p class="soft">{words!(i18n, sectors.no_investigations)}</p> })
    };
    let row = move |item: waymark_core::view::chain::Item| {
        let result = item.said_of(&Kind::InvestigationClosed).last();
        let more = result.map(|said| said.filled.text("proposal").unwrap_or_default().to_owned());
        let into = item.now.text("into").and_then(Sector::from_code);
        let into = into.map(|sector| forms::code(i18n, "sector", sector.code()));
        let more = [into, more]
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · ");
        view! { <ItemRow item more /> }
    };
    view! {
        <section class="stack stack-tight">
            <div class="bar">
                <h2>{words!(i18n, sectors.investigations)}</h2>
                {live(open)}
            </div>
            {live(none)}
            <ul class="rows">{rows(move || all.get(), item_key, row)}</ul>
        </section>
    }
    .into_any()
}
