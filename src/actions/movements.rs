use leptos::prelude::*;
use waymark_core::event::{
    Body, CloseDraft, EmergencyRaised, EmergencyReason, EventId, MovementPlanned, MovementRevised,
    OverdueAcknowledged, OverdueStep, Person, Plan, PlanDraft, Position, ResolveOverdueDraft, ResolvedHow,
    TryDraft,
};
use waymark_core::rules::escalation::Stage;
use waymark_core::rules::overdue::Due;
use waymark_core::sync::{Held, LocalStore, StoreError};
use waymark_core::view::Movement;
use waymark_core::view::movement::Report;

use super::saving::{Earnest, SaveError, save};
use super::{discretion, drafts};
use crate::browser::clock;
use crate::services::{Services, ToRead};
use crate::state::{AppState, Reading, Shown};

/// Saves a plan as a new movement and drops the draft it came from.
///
/// # Errors
/// What is wrong with the fields, or with the store.
pub async fn plan_movement(app: AppState, draft: &PlanDraft, exercise: bool) -> Result<EventId, SaveError> {
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
    Ok(app.movements.directory.with_untracked(|known| draft.parse(&people, &|level| known.rules(level)))?)
}

/// Everyone who can be named in a plan as somebody known: the directory, and whoever is signed in; tracks.
pub fn known_people(app: AppState) -> Vec<Person> {
    let me = app.person().map(|person| Person { name: person.name, user: Some(person.user) });
    let mut people = app.movements.directory.with(|directory| directory.people.clone());
    people.extend(me.filter(|me| !people.contains(me)));
    people
}

/// So many are read before the screen is given a moment to draw: few at first, so that it opens soon.
const FIRST: usize = 20;
const AT_ONCE: usize = 60;
/// For how long a save waits for them at most, and how often it looks.
const LONGEST_MS: u32 = 2_000;
const LOOK_MS: u32 = 20;
/// No board has more; the newest are kept.
const MOST: usize = 2_000;

/// Reads again what has changed. What is closed goes off the screens.
///
/// One reading at a time: an older one that ended later would take back what a newer one has shown.
pub(super) async fn refresh_movements(app: AppState) -> Result<(), StoreError> {
    let services = app.services();
    let Some(_reading) = services.stale.begin() else { return Ok(()) };
    read_stale(app, &services).await
}

/// Reads the first open movements, so that there is something to show, and the others meanwhile.
pub(super) async fn begin_with_movements(app: AppState) -> Result<(), StoreError> {
    let services = app.services();
    let Some(reading) = services.stale.begin() else { return Ok(()) };
    services.stale.take();
    let rest = read_first(app, &services).await.inspect_err(|_| services.stale.all())?;
    leptos::task::spawn_local(async move {
        let _reading = reading;
        // The screen is drawn first.
        clock::sleep(0).await;
        let read = async {
            read_rest(app, &services, &rest).await?;
            read_stale(app, &services).await
        };
        if let Err(error) = read.await {
            services.stale.all();
            app.device.store_problem.set(Some(error));
        }
    });
    Ok(())
}

async fn read_stale(app: AppState, services: &Services) -> Result<(), StoreError> {
    while services.stale.is_any() {
        let read = match services.stale.take() {
            ToRead::All => read_all(app, services).await,
            ToRead::These(ids) => read_in_turns(app, services, &ids).await,
        };
        read.inspect_err(|_| services.stale.all())?;
    }
    Ok(())
}

async fn read_all(app: AppState, services: &Services) -> Result<(), StoreError> {
    let rest = read_first(app, services).await?;
    read_rest(app, services, &rest).await
}

/// The latest to depart; gives those that are left to read.
async fn read_first(app: AppState, services: &Services) -> Result<Vec<EventId>, StoreError> {
    let mut ids = services.store.movements(true, MOST).await?;
    app.movements.open.update(|open| open.retain(|id, _| ids.contains(id)));
    let rest = ids.split_off(FIRST.min(ids.len()));
    read_these(app, services, &ids).await?;
    begun(app, if rest.is_empty() { Reading::Done } else { Reading::Begun });
    Ok(rest)
}

async fn read_rest(app: AppState, services: &Services, rest: &[EventId]) -> Result<(), StoreError> {
    read_in_turns(app, services, rest).await?;
    begun(app, Reading::Done);
    Ok(())
}

/// The browser gets a turn between them.
async fn read_in_turns(app: AppState, services: &Services, ids: &[EventId]) -> Result<(), StoreError> {
    for (turn, chunk) in ids.chunks(AT_ONCE).enumerate() {
        if turn > 0 {
            clock::sleep(0).await;
        }
        read_these(app, services, chunk).await?;
    }
    Ok(())
}

fn begun(app: AppState, reading: Reading) {
    if app.movements.reading.get_untracked() < reading {
        app.movements.reading.set(reading);
    }
}

/// The movement that whoever is signed in travels in.
pub(super) async fn my_movement(app: AppState) -> Option<EventId> {
    when_read(app).await;
    let me = app.person_untracked()?.user;
    untrack(|| app.movements.current(&me, app.server_now())).map(|movement| movement.id)
}

/// Waits until all open movements are there, but not for long: which one somebody travels in is not known before.
pub(super) async fn when_read(app: AppState) {
    let mut waited = 0;
    while app.movements.reading.get_untracked() != Reading::Done && waited < LONGEST_MS {
        clock::sleep(LOOK_MS).await;
        waited += LOOK_MS;
    }
}

async fn read_these(app: AppState, services: &Services, ids: &[EventId]) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    let found = read(services, ids).await?;
    app.movements.open.update(|open| {
        for (id, movement) in ids.iter().zip(found) {
            match movement.filter(|movement| !movement.is_over()) {
                Some(movement) => open.insert(*id, Shown::new(movement)),
                None => open.remove(id),
            };
        }
    });
    Ok(())
}

/// In one transaction.
async fn read(services: &Services, ids: &[EventId]) -> Result<Vec<Option<Movement>>, StoreError> {
    let name = services.session().map(|session| session.name).unwrap_or_default();
    let held = services.store.of_movements(ids).await?;
    let fold = |(id, held): (&EventId, Vec<Held>)| {
        let reports: Vec<Report> = held.iter().filter_map(|held| Report::held(held, &name)).collect();
        services.stale.read(*id, &reports);
        discretion::fold(services, *id, reports)
    };
    Ok(ids.iter().zip(held).map(fold).collect())
}
