use leptos::prelude::*;
use waymark_core::event::EventId;
use waymark_core::sync::{Held, LocalStore, Page, StoreError};
use waymark_core::view::RecordView;

use super::{discretion, reading};
use crate::browser::press;
use crate::services::Services;
use crate::state::{AppState, WaitingList};

const PAGE: usize = 30;

/// Reads again what the screens show. Everything that changes the store ends here.
pub async fn refresh(app: AppState) {
    let movements = reading::refresh_movements(app).await;
    let chain = super::chain::refresh_chain(app).await;
    refresh_records(app, movements.and(chain)).await;
}

/// The rest of it, once the movements have been read or could not be.
pub(super) async fn refresh_records(app: AppState, movements: Result<(), StoreError>) {
    let services = app.services();
    match read(app, &services).await.and(movements) {
        Ok(()) => {
            app.device.store_problem.set(None);
            app.records.revision.update(|revision| *revision += 1);
        }
        Err(error) => app.device.store_problem.set(Some(error)),
    }
}

/// Brings older records to hand.
pub async fn load_more(app: AppState) {
    app.records.wanted.update(|wanted| wanted.newest += PAGE);
    refresh(app).await;
}

/// Brings more of what waits for an answer to hand.
pub async fn load_more_waiting(app: AppState) {
    app.records.wanted.update(|wanted| wanted.waiting += PAGE);
    refresh(app).await;
}

/// One record, wherever it is on this phone.
pub async fn open_record(app: AppState, id: EventId) -> Option<RecordView> {
    let services = app.services();
    let held = services.store.held(id).await.ok()??;
    views(&services, std::slice::from_ref(&held)).await.ok()?.pop()
}

async fn read(app: AppState, services: &Services) -> Result<(), StoreError> {
    let reading = services.readings.begins();
    let wanted = app.records.wanted.get_untracked();
    let newest = services.store.page(Page { before: None, limit: wanted.newest + 1 }).await?;
    let more = newest.len() > wanted.newest;
    let newest = views(services, &newest[..newest.len().min(wanted.newest)]).await?;
    let waiting = if services.session().is_some_and(|session| session.role.watches()) {
        let waiting = services.store.waiting(wanted.waiting).await?;
        let (count, drills) = (waiting.count as usize, waiting.drills as usize);
        WaitingList { first: views(services, &waiting.first).await?, count, drills }
    } else {
        WaitingList::default()
    };
    // Before what the canary keeps is read: that is never older than what was saved meanwhile.
    press::over().await;
    let counts = services.store.counts().await?;
    let photos = services.store.unsent_photos().await?;
    if !services.readings.may_show(reading) {
        return Ok(());
    }
    let (home, mirrors) = services.courier.places();
    let own = home.filter(|home| !home.is_ours());
    let places = (own.as_ref(), mirrors.as_slice());
    let loss = services.store.compare(&counts, services.session().as_ref(), places).await?;
    app.device.loss.set(loss);
    batch_set(app, newest, more, waiting);
    set_if_new(app.photos.waiting, photos);
    app.sync.update(|sync| sync.counts = counts);
    Ok(())
}

fn batch_set(app: AppState, newest: Vec<RecordView>, more: bool, waiting: WaitingList) {
    set_if_new(app.records.newest, newest);
    set_if_new(app.records.waiting, waiting);
    set_if_new(app.records.more, more);
}

/// What is the same is not drawn again.
fn set_if_new<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|shown| *shown != value) {
        signal.set(value);
    }
}

async fn views(services: &Services, held: &[Held]) -> Result<Vec<RecordView>, StoreError> {
    let ids: Vec<EventId> = held.iter().map(|held| held.record.event.id).collect();
    let about = services.store.about(&ids).await?;
    let name = services.session().map(|session| session.name).unwrap_or_default();
    let in_flight = services.courier.in_flight();
    let mut views = Vec::with_capacity(held.len());
    for (held, about) in held.iter().zip(about) {
        let event = &held.record.event;
        let mut view = RecordView::fold(held, &about, &name, in_flight.contains(&event.id));
        discretion::hide_in_record(services, &mut view, &event.author).await;
        views.push(view);
    }
    Ok(views)
}
