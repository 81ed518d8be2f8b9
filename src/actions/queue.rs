use waymark_core::event::EventId;
use waymark_core::sync::{LocalStore, StoreError, Wake};

use super::refresh;
use crate::state::AppState;

/// Tries to send at once, and looks for news.
pub fn send_now(app: AppState) {
    app.services().courier.wake(Wake::Tap);
}

/// Puts a refused record back into the queue and tries at once.
///
/// # Errors
/// If the store fails; the record stays in the refused list.
pub async fn retry(app: AppState, id: EventId) -> Result<(), StoreError> {
    let services = app.services();
    services.store.retry(id).await?;
    refresh(app).await;
    services.courier.wake(Wake::Tap);
    Ok(())
}
