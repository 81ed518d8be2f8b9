use leptos::prelude::Set as _;

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

/// The person has read that records were lost.
pub fn dismiss_loss(app: AppState) {
    app.services().store.forget_loss();
    app.device.loss.set(None);
}
