//! Reading the movements that are open out of the store, and which of them somebody travels in.

use leptos::prelude::*;
use waymark_core::event::EventId;
use waymark_core::sync::{Held, LocalStore, StoreError};
use waymark_core::view::Movement;
use waymark_core::view::movement::Report;

use super::discretion;
use crate::browser::{clock, press};
use crate::services::{Services, ToRead};
use crate::state::{AppState, Reading, Shown};

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
        press::over().await;
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
pub(super) async fn read(services: &Services, ids: &[EventId]) -> Result<Vec<Option<Movement>>, StoreError> {
    let name = services.session().map(|session| session.name).unwrap_or_default();
    let held = services.store.of_movements(ids).await?;
    let fold = |(id, held): (&EventId, Vec<Held>)| {
        let reports: Vec<Report> = held.iter().filter_map(|held| Report::held(held, &name)).collect();
        services.stale.read(*id, &reports);
        discretion::fold(services, *id, reports)
    };
    Ok(ids.iter().zip(held).map(fold).collect())
}
