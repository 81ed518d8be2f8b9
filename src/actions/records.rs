use leptos::prelude::*;
use waymark_core::event::EventId;
use waymark_core::sync::{Held, LocalStore, Page, StoreError};
use waymark_core::view::RecordView;

use super::{discretion, movements};
use crate::services::Services;
use crate::state::AppState;

const PAGE: usize = 30;

/// Reads again what the screens show. Everything that changes the store ends here.
pub async fn refresh(app: AppState) {
    let services = app.services();
    movements::refresh_movements(app).await;
    match read(app, &services).await {
        Ok(()) => {
            app.device.store_problem.set(None);
            app.records.revision.update(|revision| *revision += 1);
        }
        Err(error) => app.device.store_problem.set(Some(error)),
    }
}

/// Brings older records to hand.
pub async fn load_more(app: AppState) {
    app.records.wanted.update(|wanted| *wanted += PAGE);
    refresh(app).await;
}

/// One record, wherever it is on this phone.
pub async fn open_record(app: AppState, id: EventId) -> Option<RecordView> {
    let services = app.services();
    let held = services.store.held(id).await.ok()??;
    view(&services, &held).await.ok()
}

async fn read(app: AppState, services: &Services) -> Result<(), StoreError> {
    let reading = services.refresh_begins();
    let wanted = app.records.wanted.get_untracked();
    let newest = services.store.page(Page { before: None, limit: wanted + 1 }).await?;
    let more = newest.len() > wanted;
    let newest = views(services, &newest[..newest.len().min(wanted)]).await?;
    let waiting = if services.session().is_some_and(|session| session.role.watches()) {
        views(services, &services.store.waiting().await?).await?
    } else {
        vec![]
    };
    let counts = services.store.counts().await?;
    if !services.may_show(reading) {
        return Ok(());
    }
    let loss = services.store.compare(&counts, services.session().as_ref()).await?;
    app.device.loss.set(loss);
    batch_set(app, newest, more, waiting);
    app.sync.update(|sync| sync.counts = counts);
    Ok(())
}

fn batch_set(app: AppState, newest: Vec<RecordView>, more: bool, waiting: Vec<RecordView>) {
    if app.records.newest.with_untracked(|shown| *shown != newest) {
        app.records.newest.set(newest);
    }
    if app.records.waiting.with_untracked(|shown| *shown != waiting) {
        app.records.waiting.set(waiting);
    }
    app.records.more.set(more);
}

async fn views(services: &Services, held: &[Held]) -> Result<Vec<RecordView>, StoreError> {
    let mut views = Vec::with_capacity(held.len());
    for held in held {
        views.push(view(services, held).await?);
    }
    Ok(views)
}

async fn view(services: &Services, held: &Held) -> Result<RecordView, StoreError> {
    let about = services.store.about(held.record.event.id).await?;
    let name = services.session().map(|session| session.name).unwrap_or_default();
    let in_flight = services.courier.in_flight();
    let event = &held.record.event;
    let mut view = RecordView::fold(held, &about, &name, in_flight.contains(&event.id));
    discretion::hide_in_record(services, &mut view, &event.author).await;
    Ok(view)
}
