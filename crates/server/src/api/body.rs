//! Reading request bodies: only so much, and only so slowly.

use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use axum::http::StatusCode;
use futures_util::StreamExt as _;
use tokio::time::timeout;

use crate::problem::Problem;
use crate::state::Limits;

/// What is read and thrown away after a body has turned out to be too large: a sender that is cut off while sending
/// sees a broken connection instead of the answer.
const DISCARD: usize = 32 << 20;

/// A body, piece by piece.
pub struct Pieces {
    body: BodyDataStream,
    idle: Duration,
    over: bool,
}

impl Pieces {
    pub fn of(body: Body, limits: &Limits) -> Self {
        Self { body: body.into_data_stream(), idle: limits.body_idle, over: false }
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// 408 when it is too slow, 400 when it breaks off.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        let next = timeout(self.idle, self.body.next()).await;
        self.over = !matches!(next, Ok(Some(Ok(_))));
        match next {
            Ok(Some(Ok(piece))) => Ok(Some(piece)),
            Ok(None) => Ok(None),
            Ok(Some(Err(_))) => {
                Err(Problem::new(StatusCode::BAD_REQUEST, "broken_body", "the body broke off"))
            }
            Err(_) => Err(Problem::timed_out()),
        }
    }

    /// Reads to the end without keeping it, so that an early answer reaches the sender.
    pub async fn discard(mut self) {
        let mut discarded = 0;
        while !self.over && discarded <= DISCARD {
            discarded += self.next().await.ok().flatten().map_or(0, |piece| piece.len());
        }
    }
}

/// Reads a body of at most `limit` bytes.
///
/// # Errors
/// 413 when it is larger, 408 when it is too slow, 400 when it breaks off.
pub async fn read(body: Body, limit: usize, limits: &Limits) -> Result<Vec<u8>, Problem> {
    let mut pieces = Pieces::of(body, limits);
    let mut bytes = Vec::new();
    while let Some(piece) = pieces.next().await? {
        if bytes.len() + piece.len() > limit {
            drop(bytes);
            pieces.discard().await;
            return Err(too_large(limit));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

/// Reads a body to its end without keeping it.
pub async fn discard(body: Body, limits: &Limits) {
    Pieces::of(body, limits).discard().await;
}

fn too_large(limit: usize) -> Problem {
    let detail = format!("the body is larger than {limit} bytes: send fewer records at once");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
        .with("limit", u64::try_from(limit).unwrap_or_default().into())
}
