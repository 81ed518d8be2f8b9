use waymark_core::backend::reference;

use crate::browser::{http, service_worker};
use crate::state::AppState;

/// Tells the server where this browser can be reached while the app is shut. To be called whenever the person has
/// allowed notifications, and again after each start: browsers change the address by themselves.
///
/// `false` if it cannot be reached so, or the server does not push.
pub async fn subscribe_to_notices(app: AppState) -> bool {
    subscribe(app).await.is_some()
}

async fn subscribe(app: AppState) -> Option<()> {
    let session = app.services().server_session()?;
    let key = http::fetch(&reference::push_key(&session), None).await.ok()?;
    let key = reference::read_push_key(&key)?;
    let subscription = service_worker::subscribe(&key).await?;
    let answer = http::fetch(&reference::subscribe(&session, subscription), None).await.ok()?;
    (answer.status == 200).then_some(())
}
