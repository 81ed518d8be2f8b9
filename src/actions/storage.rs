use leptos::prelude::Set as _;

use super::saving::storage_runs_out;
use crate::browser::storage;
use crate::state::AppState;

/// Asks the browser how much room there is and whether it keeps what is stored.
pub async fn measure_storage(app: AppState) {
    app.device.storage.set(storage::report().await);
}

/// Asks the browser not to empty the store by itself.
pub async fn ask_for_persistence(app: AppState) {
    storage::ask_to_persist().await;
    measure_storage(app).await;
}

/// Room that is kept for records, in bytes: they come before all else.
const RESERVE: f64 = 16_777_216.0;

/// Whether there is room for so many bytes beside what is kept for records, as far as the browser tells.
pub(super) async fn has_room(app: AppState, bytes: u32) -> bool {
    measure_storage(app).await;
    !storage_runs_out(app, RESERVE + f64::from(bytes))
}

/// The person has read that records were lost.
pub fn dismiss_loss(app: AppState) {
    app.services().store.forget_loss();
    app.device.loss.set(None);
}
