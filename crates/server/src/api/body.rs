//! Reading request bodies: only so much, and only so slowly.

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use futures_util::StreamExt as _;
use tokio::time::timeout;

use crate::problem::Problem;
use crate::state::Limits;

/// What is read and thrown away after a body has turned out to be too large: a sender that is cut off while sending
/// sees a broken connection instead of the answer.
const DISCARD: usize = 32 << 20;

/// Reads a body of at most `limit` bytes.
///
/// # Errors
/// 413 when it is larger, 408 when it is too slow, 400 when it breaks off.
pub async fn read(body: Body, limit: usize, limits: &Limits) -> Result<Vec<u8>, Problem> {
    let mut chunks = body.into_data_stream();
    let (mut bytes, mut discarded) = (Vec::new(), 0);
    loop {
        let chunk: Option<Result<Bytes, _>> =
            timeout(limits.body_idle, chunks.next()).await.map_err(|_| Problem::timed_out())?;
        match chunk {
            None => break,
            Some(Err(_)) => {
                let detail = "the body broke off";
                return Err(Problem::new(StatusCode::BAD_REQUEST, "broken_body", detail));
            }
            Some(Ok(chunk)) if discarded == 0 && bytes.len() + chunk.len() <= limit => {
                bytes.extend_from_slice(&chunk);
            }
            Some(Ok(chunk)) => {
                bytes = Vec::new();
                discarded += chunk.len();
                if discarded > DISCARD {
                    break;
                }
            }
        }
    }
    if discarded > 0 { Err(too_large(limit)) } else { Ok(bytes) }
}

/// Reads a body to its end without keeping it, so that an early answer reaches the sender.
pub async fn discard(body: Body, limits: &Limits) {
    let _ = read(body, 0, limits).await;
}

fn too_large(limit: usize) -> Problem {
    let detail = format!("the body is larger than {limit} bytes: send fewer records at once");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
        .with("limit", u64::try_from(limit).unwrap_or_default().into())
}
