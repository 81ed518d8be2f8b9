use waymark_core::event::EventId;
use waymark_core::sync::{LocalStore, StoreError};

use crate::browser::{clock, download};
use crate::state::AppState;

/// Exports all that has not reached the backend: what is queued and what was refused.
///
/// # Errors
/// If the store or the browser fails.
pub async fn export_unsent(app: AppState) -> Result<(), StoreError> {
    let unsent = app.services().store.unsent().await?;
    export(app, &unsent).await
}

/// Saves records as a file of `CloudEvents` that any backend of ours takes.
///
/// # Errors
/// If the store or the browser fails.
pub async fn export(app: AppState, ids: &[EventId]) -> Result<(), StoreError> {
    let store = app.services().store;
    let mut events = vec![];
    for id in ids {
        if let Some(held) = store.held(*id).await? {
            events.push(held.record.event.to_json());
        }
    }
    let day = clock::now().to_string();
    let name = format!("waymark-{}.json", day.get(..10).unwrap_or_default());
    let text = serde_json::Value::Array(events).to_string();
    download::save(&name, "application/cloudevents-batch+json", &text).map_err(StoreError::Failed)
}
