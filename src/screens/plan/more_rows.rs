use leptos::prelude::*;
use waymark_core::event::{Pace, PlanDraft, Situation};

use super::lines::{Line, moment};
use super::state::{MomentSpot, PlanForm, Spot};
use crate::i18n::{I18n, Plain, intl, keys, text, use_i18n};
use crate::reactive::derive;
use crate::screens::parts::plan_words;
use crate::ui::{Fold, Input, time};
use crate::words;

/// What many plans do without, folded away: each fold says what is in it.
#[component]
pub fn MoreRows(form: PlanForm) -> impl IntoView {
    let i18n = use_i18n();
    let holds = move |nothing: Plain, texts: fn(&PlanDraft) -> Vec<&str>| {
        derive(move || form.draft.with(|draft| summary(i18n, nothing, &texts(draft))))
    };
    let means = holds(keys::plan::means_none, |draft| draft.means.iter().map(String::as_str).collect());
    let actions =
        holds(keys::plan::actions_none, |draft| draft.actions_on.iter().map(String::as_str).collect());
    let contacts = holds(keys::plan::contacts_none, |draft| draft.contacts.lines().collect());
    let papers = holds(keys::plan::papers_none, |draft| vec![&draft.clearance, &draft.notification]);
    let turn = derive(move || {
        let at = form.moment(MomentSpot::Turnaround);
        let at = at.map(|at| time::moment(intl(i18n), at.0, i64::MAX)).unwrap_or_default();
        form.draft.with(|draft| {
            let texts: Vec<_> = [at.as_str()].into_iter().chain(draft.no_go.lines()).collect();
            summary(i18n, keys::plan::turn_none, &texts)
        })
    });
    let mean = move |(at, pace): (usize, &'static Pace)| {
        let label = derive(move || plan_words::pace(i18n, pace));
        Line::of("means", Spot::Means(at), label).row(u32::try_from(at).unwrap_or_default()).show(form)
    };
    let action = move |(at, situation): (usize, &'static Situation)| {
        let label = Signal::derive(move || plan_words::situation(i18n, situation));
        Line::of("actions_on", Spot::Action(at), label)
            .row(u32::try_from(at).unwrap_or_default())
            .input(Input::Area)
            .show(form)
    };
    let area =
        |field, label, hint, part| Line::plan(field, label, part).hint(hint).input(Input::Area).show(form);
    let turnaround = Line::plan("turnaround", keys::plan::turnaround, |draft| &mut draft.name)
        .hint(keys::plan::turnaround_hint);
    let no_go = area("no_go", keys::plan::no_go, keys::plan::one_a_line, |draft| &mut draft.no_go);
    let told =
        area("contacts", keys::plan::contacts_label, keys::plan::one_a_line, |draft| &mut draft.contacts);
    let clearance = Line::plan("clearance", keys::plan::clearance, |draft| &mut draft.clearance);
    let notification = Line::plan("notification", keys::plan::notification, |draft| &mut draft.notification)
        .hint(keys::plan::notification_hint);
    view! {
        <div class="sheet folds">
            <Fold heading=words!(i18n, plan.means) holds=means>
                <p class="soft">{words!(i18n, plan.means_text)}</p>
                {Pace::ALL.iter().enumerate().map(mean).collect::<Vec<_>>()}
            </Fold>
            <Fold heading=words!(i18n, plan.turn) holds=turn>
                {moment(form, turnaround, MomentSpot::Turnaround)}
                {no_go}
            </Fold>
            <Fold heading=words!(i18n, plan.actions) holds=actions>
                {Situation::ALL.iter().enumerate().map(action).collect::<Vec<_>>()}
            </Fold>
            <Fold heading=words!(i18n, plan.contacts) holds=contacts>
                {told}
            </Fold>
            <Fold heading=words!(i18n, plan.papers) holds=papers>
                {clearance.show(form)}
                {notification.show(form)}
            </Fold>
        </div>
    }
    .into_any()
}

/// What is filled in, else what could be.
fn summary(i18n: I18n, nothing: Plain, texts: &[&str]) -> String {
    let said: Vec<_> = texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
    if said.is_empty() { text(i18n, nothing).to_owned() } else { said.join(" · ") }
}
