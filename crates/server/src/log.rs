//! One line per request, without contents: no names, no codes, no credentials, no records.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use sha2::{Digest as _, Sha256};

use crate::storage::Caller;

/// Stands for whatever path is no route.
pub const OTHER_PATH: &str = "(app)";

/// Put on each request; told by whoever finds out who is asking.
#[derive(Debug, Clone, Default)]
pub struct Who(Arc<OnceLock<(String, String)>>);

impl Who {
    pub fn is(&self, caller: &Caller) {
        let _ = self.0.set((short(&caller.org.0), short(&caller.device.0)));
    }
}

/// Eight hex digits that tell ids apart in a log without being them.
fn short(id: &str) -> String {
    let [first, second, third, fourth, ..] = Sha256::digest(id.as_bytes()).0;
    format!("{first:02x}{second:02x}{third:02x}{fourth:02x}")
}

/// Logs method, path as a pattern, status, time taken and who asked.
pub async fn log(mut request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().map_or(OTHER_PATH, |path| path.as_str()).to_owned();
    let who = Who::default();
    request.extensions_mut().insert(who.clone());
    let response = next.run(request).await;
    let (org, device) = who.0.get().map(|(org, device)| (org.as_str(), device.as_str())).unzip();
    let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(%method, path, status = response.status().as_u16(), ms, org, device, "request");
    response
}
