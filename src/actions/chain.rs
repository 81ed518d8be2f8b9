//! Reading the chain out of the store, once a screen asks for it.

use leptos::prelude::*;
use waymark_core::sync::{Held, LocalStore, Page, StoreError};
use waymark_core::view::chain::Said;
use waymark_core::view::movement::Report;

use crate::browser::{clock, press};
use crate::services::Services;
use crate::state::{AppState, Reading};

/// So many are read before the browser gets a turn.
const AT_ONCE: usize = 400;
/// Between two tries of reading it, in milliseconds.
const AGAIN_MS: u32 = 3_000;

/// Reads the whole chain, the newest first, unless that was done or is being done. Screens follow after the first page,
/// then each time it has doubled, and at the end.
pub async fn open_chain(app: AppState) {
    if app.chain.reading.get_untracked() != Reading::NotBegun {
        return;
    }
    app.chain.reading.set(Reading::Begun);
    // Whoever waits for it decides by it: a storage that fails is asked again.
    while let Err(error) = read_all(app).await {
        app.device.store_problem.set(Some(error));
        clock::sleep(AGAIN_MS).await;
    }
}

async fn read_all(app: AppState) -> Result<(), StoreError> {
    let services = app.services();
    let (mut before, mut count, mut told) = (None, 0, 0);
    loop {
        let page = services.store.chain(Page { before, limit: AT_ONCE }).await?;
        before = page.last().map(|held| (held.record.happened(), held.record.event.id));
        let last = page.len() < AT_ONCE;
        count += page.len();
        take(app, &services, &page);
        if last {
            break;
        }
        if count >= 2 * told {
            told = count;
            app.chain.tell();
        }
        clock::sleep(0).await;
    }
    app.chain.reading.set(Reading::Done);
    app.chain.tell();
    Ok(())
}

/// Reads again what has changed, if the chain has been asked for.
pub(super) async fn refresh_chain(app: AppState) -> Result<(), StoreError> {
    let services = app.services();
    if app.chain.reading.get_untracked() == Reading::NotBegun {
        // Whoever asks for it reads all.
        services.stale.take_forms();
        return Ok(());
    }
    if !services.stale.has_forms() {
        return Ok(());
    }
    press::over().await;
    let ids = services.stale.take_forms();
    let mut news = vec![];
    for id in ids {
        match services.store.held(id).await {
            Ok(held) => news.extend(held),
            Err(error) => {
                services.stale.form(id);
                return Err(error);
            }
        }
    }
    take(app, &services, &news);
    app.chain.tell();
    Ok(())
}

fn take(app: AppState, services: &Services, held: &[Held]) {
    let name = services.session().map(|session| session.name).unwrap_or_default();
    let mut all = vec![];
    for held in held {
        let Some(said) = Report::held(held, &name).and_then(Said::of) else { continue };
        services.stale.form_read(said.id, said.received.is_some());
        all.push(said);
    }
    app.chain.take(all);
}
