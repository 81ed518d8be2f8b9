use leptos::prelude::*;
use waymark_core::event::{
    Body, CloseDraft, EmergencyRaised, EmergencyReason, EventId, FieldError, MovementPlanned,
    MovementRevised, OverdueAcknowledged, OverdueStep, Person, Plan, PlanDraft, Position, Problem,
    ResolveOverdueDraft, ResolvedHow, TryDraft,
};
use waymark_core::rules::escalation::Stage;
use waymark_core::rules::overdue::Due;
use waymark_core::sync::LocalStore;

use super::drafts;
use super::reading::read;
use super::saving::{Earnest, SaveError, save};
use crate::state::{AppState, Shown};

/// Saves a plan as a new movement and drops the draft it came from.
///
/// # Errors
/// What is wrong with the fields, or with the store.
pub async fn plan_movement(app: AppState, draft: &PlanDraft, exercise: bool) -> Result<EventId, SaveError> {
    // A slip in the year would call everybody at once.
    if draft.depart.is_some_and(|depart| untrack(|| app.now.get()).ms_since(depart) > LATEST_MS) {
        return Err(SaveError::Fields(vec![FieldError::new("depart", Problem::LongAgo)]));
    }
    let body = Body::MovementPlanned(Box::new(MovementPlanned { plan: parse(app, draft, vec![])? }));
    save(app, body, Earnest::of(exercise), Some(drafts::PLAN)).await
}

/// Saves a plan in place of the one with the id `replaces`, and drops the draft it came from.
///
/// # Errors
/// What is wrong with the fields, or with the store.
pub async fn revise_movement(
    app: AppState,
    movement: &Shown,
    replaces: EventId,
    draft: &PlanDraft,
) -> Result<EventId, SaveError> {
    // Whoever the plan knew stays known, also if this phone's directory does not know them.
    let known: Vec<Person> =
        movement.plan.plan.people().filter(|person| person.user.is_some()).cloned().collect();
    let body = MovementRevised { movement: movement.id, replaces, plan: parse(app, draft, known)? };
    let kept_as = drafts::plan_name(Some(movement.id));
    save(app, Body::MovementRevised(Box::new(body)), Earnest::of(movement.exercise), Some(&kept_as)).await
}

/// Closes a movement: everyone is accounted for.
///
/// # Errors
/// What is wrong with the fields, or with the store.
pub async fn close_movement(
    app: AppState,
    movement: &Shown,
    draft: &CloseDraft,
) -> Result<EventId, SaveError> {
    let closed = draft.parse(movement.id, movement.plan.plan.headcount)?;
    save(app, Body::MovementClosed(closed), Earnest::of(movement.exercise), None).await
}

/// Opens a movement again that was closed by mistake: its plan, written anew.
///
/// # Errors
/// As every save.
pub async fn reopen_movement(app: AppState, movement: &Shown) -> Result<EventId, SaveError> {
    let (replaces, plan) = (movement.plan.id, movement.plan.plan.clone());
    let body = Body::MovementRevised(Box::new(MovementRevised { movement: movement.id, replaces, plan }));
    save(app, body, Earnest::of(movement.exercise), None).await
}

/// Takes on a check-in that did not come, in the name of whoever is signed in.
///
/// # Errors
/// As every save.
pub async fn acknowledge_overdue(app: AppState, movement: &Shown, due: Due) -> Result<EventId, SaveError> {
    let Due { at: due, silent: vehicles } = due;
    let body = Body::OverdueAcknowledged(OverdueAcknowledged { movement: movement.id, due, vehicles });
    save(app, body, Earnest::of(movement.exercise), None).await
}

/// Writes down that somebody was called, and what came of it.
///
/// # Errors
/// What is wrong with the fields, or with the store.
pub async fn record_try(
    app: AppState,
    movement: &Shown,
    (due, stage): (&Due, Stage),
    draft: &TryDraft,
) -> Result<EventId, SaveError> {
    let tried = draft.parse(stage.number().unwrap_or_default())?;
    let step = OverdueStep { movement: movement.id, due: due.at, vehicles: due.silent.clone(), tried };
    save(app, Body::OverdueStep(step), Earnest::of(movement.exercise), None).await
}

/// Says why a check-in that did not come need not come any more.
///
/// # Errors
/// What is wrong with the fields, or with the store.
pub async fn resolve_overdue(
    app: AppState,
    movement: &Shown,
    due: Due,
    draft: &ResolveOverdueDraft,
) -> Result<EventId, SaveError> {
    let resolved = draft.parse(movement.id, due.at, due.silent)?;
    let earnest = Earnest::of(movement.exercise);
    if resolved.how == ResolvedHow::Emergency {
        // The search goes on as an emergency, or nobody would be looking any more.
        let raised = EmergencyRaised {
            reason: EmergencyReason::Unstated,
            position: Position::None,
            note: resolved.note.clone(),
            movement: Some(movement.id),
        };
        save(app, Body::EmergencyRaised(raised), earnest, None).await?;
    }
    save(app, Body::OverdueResolved(resolved), earnest, None).await
}

/// One movement, open or closed, wherever it is on this phone.
pub async fn open_movement(app: AppState, id: EventId) -> Option<Shown> {
    read(&app.services(), &[id]).await.ok()?.pop()?.map(Shown::new)
}

/// So long ago a convoy that is planned now can have left.
const LATEST_MS: i64 = 24 * 3_600_000;
const PLANS: usize = 40;

/// Earlier plans to copy, each as it was last, the newest first.
pub async fn earlier_plans(app: AppState) -> Vec<Shown> {
    let services = app.services();
    let ids = services.store.movements(false, PLANS).await.unwrap_or_default();
    let plans = read(&services, &ids).await.unwrap_or_default();
    plans.into_iter().flatten().map(Shown::new).collect()
}

fn parse(app: AppState, draft: &PlanDraft, known: Vec<Person>) -> Result<Plan, SaveError> {
    let mut people = untrack(|| known_people(app));
    let news = known.into_iter().filter(|person| !people.iter().any(|other| other.user == person.user));
    let news: Vec<Person> = news.collect();
    people.extend(news);
    Ok(draft.parse(&people, &|level| untrack(|| app.watch_rules(level)))?)
}

/// Everyone who can be named in a plan as somebody known: the directory, and whoever is signed in; tracks.
pub fn known_people(app: AppState) -> Vec<Person> {
    let me = app.person().map(|person| Person { name: person.name, user: Some(person.user) });
    let mut people = app.movements.directory.with(|directory| directory.people.clone());
    people.extend(me.filter(|me| !people.contains(me)));
    people
}
