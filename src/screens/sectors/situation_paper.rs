use leptos::prelude::*;
use waymark_core::event::form::form_named;
use waymark_core::event::{Filled, Stamp};
use waymark_core::exchange::situation::{Listed, Situation};
use waymark_core::exchange::{Audience, Exported, Row};
use waymark_core::view::sectors::Cut;

use crate::i18n::{I18n, Plain, follow, intl, keys, text, use_i18n};
use crate::screens::parts::{audience_name, forms, plan_words};
use crate::state::AppState;
use crate::ui::{live, time};
use crate::{say, words};

/// What is printed.
#[derive(Clone, PartialEq)]
pub struct Paper {
    pub situation: Situation,
    pub cut: Cut,
    pub audience: Audience,
    /// Of exercises.
    pub drill: bool,
    pub now: Stamp,
}

/// The situation on one page of A4, for print alone. It shows nothing but what core has given for the audience.
#[component]
pub fn SituationPaper(paper: Memo<Paper>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let head = move || paper.with(|paper| head(app, i18n, paper));
    let figures = move || paper.with(|paper| figures(i18n, &paper.situation));
    let body = move || {
        paper.with(|paper| {
            let now = &paper.situation;
            vec![
                table(i18n, keys::situation::threats, &THREATS, &now.threats, threat),
                table(i18n, keys::sectors::incidents, &INCIDENTS, &now.incidents, incident),
                table(i18n, keys::situation::overdue, &ACTIONS, &now.overdue, action),
            ]
        })
    };
    let areas = move || {
        paper.with(|paper| {
            let now = &paper.situation;
            vec![
                points(i18n, keys::sectors::rated, levels(i18n, &now.levels)),
                points(i18n, keys::sectors::acceptance, acceptance(i18n, now)),
                points(i18n, keys::sectors::gaps, gaps(i18n, now)),
            ]
        })
    };
    let note = move || {
        paper.with(|paper| match (paper.drill, paper.audience) {
            (true, _) => say!(i18n, situation.note_drill),
            (_, Audience::Outside) => say!(i18n, situation.note),
            _ => say!(i18n, situation.note_internal),
        })
    };
    view! {
        <article class="paper situation">
            {live(head)}
            <dl class="paper-figures">{live(figures)}</dl>
            {live(body)}
            <div class="paper-three">{live(areas)}</div>
            <p class="paper-note">{live(note)}</p>
        </article>
    }
    .into_any()
}

fn head(app: AppState, i18n: I18n, paper: &Paper) -> AnyView {
    let person = app.person();
    let org = person.as_ref().map(|person| plan_words::isolated(i18n, &person.org_name)).unwrap_or_default();
    // Outside nobody needs to know who it was.
    let by = match person.filter(|_| paper.audience != Audience::Outside) {
        Some(person) => {
            say!(i18n, situation.by, name = plan_words::isolated(i18n, &person.name), org = org)
        }
        None => say!(i18n, situation.from, org = org),
    };
    let at = time::local_text(paper.now.0).replace('T', " ");
    let as_of = say!(i18n, situation.as_of, time = at, zone = time::zone(intl(i18n), paper.now.0));
    let area = match paper.cut.area.as_str() {
        "" => say!(i18n, sectors.area_all),
        area => plan_words::isolated(i18n, area),
    };
    let span = say!(i18n, situation.span, area = area, from = day(paper.cut.from), to = day(paper.cut.to));
    let drill =
        paper.drill.then(|| view! { <strong class="paper-mark">{words!(i18n, situation.exercise)}</strong> });
    let mark = audience_name(i18n, paper.audience);
    view! {
        <p class="paper-marks">
            <strong class="paper-mark" data-audience=matches!(paper.audience, Audience::Outside).then_some("outside")>
                {mark}
            </strong>
            {drill}
        </p>
        <h1>{words!(i18n, situation.title)}</h1>
        <p>{span}</p>
        <p>{format!("{as_of} · {by}")}</p>
    }
    .into_any()
}

/// A day by this phone's clock, with its year: papers are kept.
fn day(at: Stamp) -> String {
    time::local_text(at.0).get(..10).unwrap_or_default().to_owned()
}

fn figures(i18n: I18n, now: &Situation) -> Vec<AnyView> {
    let open = u32::try_from(now.threats.count).unwrap_or(u32::MAX);
    let tally = now.tally;
    let figure = |(count, label): (u32, Plain)| {
        view! {
            <div>
                <dd>{count}</dd>
                <dt>{text(i18n, label)}</dt>
            </div>
        }
        .into_any()
    };
    [
        (open, keys::situation::open),
        (tally.threats, keys::situation::reported),
        (tally.not_carried_out, keys::chain::tally_not_carried_out),
        (tally.averted, keys::chain::tally_averted),
        (tally.carried_out, keys::chain::tally_carried_out),
        (tally.incidents, keys::situation::incidents),
        (tally.losses, keys::chain::losses),
        (tally.losses_averted, keys::chain::losses_averted),
    ]
    .map(figure)
    .into()
}

type Cells = fn(I18n, &Row<'_>) -> Vec<String>;

const THREATS: [Plain; 3] = [keys::situation::deadline, keys::situation::what, keys::situation::place];
const INCIDENTS: [Plain; 3] = [keys::situation::when, keys::situation::what, keys::situation::place];
const ACTIONS: [Plain; 3] = [keys::situation::due, keys::situation::what, keys::situation::owner];

fn table(i18n: I18n, heading: Plain, heads: &'static [Plain; 3], list: &Listed, cells: Cells) -> AnyView {
    let row = |item: &Exported<'_>| {
        let cells = cells(i18n, item.row());
        let cells: Vec<_> = cells.into_iter().map(|cell| view! { <td>{cell}</td> }.into_any()).collect();
        view! { <tr>{cells}</tr> }.into_any()
    };
    let rows: Vec<_> = list.first.iter().map(row).collect();
    let head = |key: &Plain| view! { <th scope="col">{follow(i18n, *key)}</th> }.into_any();
    let body = if rows.is_empty() {
        view! { <p>{text(i18n, keys::situation::none)}</p> }.into_any()
    } else {
        let heads: Vec<_> = heads.iter().map(head).collect();
        view! {
            <table>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any()
    };
    let left = list.count.saturating_sub(list.first.len());
    let more = (left > 0).then(|| {
        view! { <p>{say!(i18n, situation.more, number = left.to_string())}</p> }
    });
    view! {
        <h2>{text(i18n, heading)}</h2>
        {body}
        {more}
    }
    .into_any()
}

fn threat(i18n: I18n, row: &Row<'_>) -> Vec<String> {
    let deadline = row.filled.moment("deadline").map(|at| moment(i18n, at)).unwrap_or_default();
    vec![deadline, headline(i18n, row), place(i18n, row)]
}

fn incident(i18n: I18n, row: &Row<'_>) -> Vec<String> {
    vec![moment(i18n, row.happened), headline(i18n, row), place(i18n, row)]
}

fn action(i18n: I18n, row: &Row<'_>) -> Vec<String> {
    let due = row.filled.moment("due").map(|at| moment(i18n, at)).unwrap_or_default();
    let owner = row.filled.person("owner").map(|owner| owner.name).unwrap_or_default();
    vec![due, headline(i18n, row), owner]
}

fn moment(i18n: I18n, at: Stamp) -> String {
    time::moment(intl(i18n), at.0, i64::MAX)
}

/// Where nothing of it may be read, what it is.
fn headline(i18n: I18n, row: &Row<'_>) -> String {
    let words = match row.headline.trim() {
        "" => form_named(&row.form).map(|form| forms::short(i18n, form)).unwrap_or_default(),
        words => words.to_owned(),
    };
    if row.exercise { format!("{}: {words}", say!(i18n, situation.exercise)) } else { words }
}

fn place(i18n: I18n, row: &Row<'_>) -> String {
    let named = |filled: &Filled| filled.text("area").map(str::to_owned);
    row.spot.as_ref().map(|spot| forms::spot(i18n, spot)).or_else(|| named(&row.filled)).unwrap_or_default()
}

fn points(i18n: I18n, heading: Plain, lines: Vec<(String, String)>) -> AnyView {
    let line = |(name, value): (String, String)| {
        view! {
            <li>
                <strong>{value}</strong>
                " "
                <span dir="auto">{name}</span>
            </li>
        }
        .into_any()
    };
    let none = lines.is_empty().then(|| view! { <p>{text(i18n, keys::situation::none)}</p> });
    view! {
        <section>
            <h2>{text(i18n, heading)}</h2>
            {none}
            <ul>{lines.into_iter().map(line).collect::<Vec<_>>()}</ul>
        </section>
    }
    .into_any()
}

fn levels(i18n: I18n, list: &Listed) -> Vec<(String, String)> {
    let line = |item: &Exported<'_>| {
        let row = item.row();
        let level = row.filled.text("level").map(|code| forms::code(i18n, "level", code)).unwrap_or_default();
        let area = row.filled.text("area").unwrap_or_default().to_owned();
        (area, say!(i18n, situation.since, level = level, day = day(row.happened)))
    };
    list.first.iter().map(line).collect()
}

fn acceptance(i18n: I18n, now: &Situation) -> Vec<(String, String)> {
    let mut lines = vec![];
    for one in &now.acceptance {
        let mean = time::number(intl(i18n), f64::from(one.tenths) / 10.0);
        let words = say!(i18n, situation.mean, mean = mean, number = one.indicators.to_string());
        lines.push((one.area.clone(), words));
    }
    lines
}

fn gaps(i18n: I18n, now: &Situation) -> Vec<(String, String)> {
    let line = |(kind, count): &(waymark_core::view::chain::GapKind, u32)| {
        (forms::code(i18n, "gap", kind.code()), count.to_string())
    };
    now.gaps.iter().map(line).collect()
}
