use waymark_core::backend::connection::{Connection, health, read_health};
use waymark_core::backend::reference;
use waymark_core::sync::{FeedAnswer, LocalStore, Meta, Trouble};

use crate::browser::{clock, http, network};
use crate::state::AppState;

/// Finds out what stands between this phone and the server. Sends and changes nothing.
pub async fn test_connection(app: AppState) -> Connection {
    let watch = clock::Stopwatch::start();
    let reply = http::fetch(&health(), None).await;
    let found = read_health(reply, network::is_online(), watch.took_ms(), clock::now());
    match (&found, app.services().session()) {
        (Connection::Fine { .. }, Some(session)) => {
            let meta = app.services().store.meta().await.unwrap_or_default();
            let probe = reference::feed(&session, &Meta { cursor: (u64::MAX >> 11).into(), ..meta });
            match reference::read_feed(http::fetch(&probe, None).await, clock::now()) {
                FeedAnswer::SignIn => Connection::SignIn,
                FeedAnswer::Failed(Trouble::Backend(status), _) => Connection::ServerError(status),
                FeedAnswer::Failed(Trouble::NotTheBackend | Trouble::TooLarge, _) => {
                    Connection::CaptivePortal
                }
                FeedAnswer::Failed(Trouble::Unreachable | Trouble::TimedOut, _) => Connection::Unreachable,
                _ => found,
            }
        }
        _ => found,
    }
}
