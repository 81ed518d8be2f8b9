//! `GET /stream`: server-sent events that say how far the feed has grown. No contents: those are in the feed.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, Sse};
use futures_util::stream::{self, Stream};
use serde_json::json;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use waymark_core::event::OrgId;
use waymark_core::sync::Epoch;

use super::caller::SignedIn;
use crate::clock;
use crate::metrics::OpenStream;
use crate::problem::Problem;
use crate::secret::SecretHash;
use crate::state::AppState;

/// Records that come closer together than this are told of at once.
const TOGETHER: Duration = Duration::from_millis(200);

pub async fn stream(
    State(state): State<AppState>,
    SignedIn { caller, token }: SignedIn,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    // Listening before looking, so that nothing falls between.
    let news = state.news.listen(&caller.org);
    let newest = state.storage.newest(&caller.org).await?;
    let listener = Listener {
        epoch: state.storage.epoch().await?,
        _open: state.metrics.stream_opened(),
        stopping: state.stopping.clone(),
        state,
        org: caller.org,
        token,
        news,
        newest,
        told: None,
        quiet_until: Instant::now(),
    };
    let events = stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok(event), listener))
    });
    Ok(Sse::new(events))
}

struct Listener {
    state: AppState,
    org: OrgId,
    token: SecretHash,
    epoch: Epoch,
    news: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
    /// As far as is known.
    newest: u64,
    /// As far as the client was told.
    told: Option<u64>,
    quiet_until: Instant,
    _open: OpenStream,
}

impl Listener {
    /// The next event; `None` when the stream ends: the server stops, or the device was shut out.
    async fn next(&mut self) -> Option<Event> {
        let heartbeat = Instant::now() + self.state.limits.heartbeat;
        loop {
            let due = self.told != Some(self.newest);
            let wake = if due { self.quiet_until } else { heartbeat };
            if due && Instant::now() >= self.quiet_until {
                return Some(self.tell());
            }
            let woken = tokio::select! {
                _ = self.stopping.wait_for(|stopping| *stopping) => return None,
                risen = self.news.changed() => Some(risen),
                () = sleep_until(wake) => None,
            };
            match woken {
                Some(risen) => {
                    risen.ok()?;
                    self.newest = self.newest.max(*self.news.borrow_and_update());
                }
                None if !due => return self.beat().await,
                None => {}
            }
        }
    }

    fn tell(&mut self) -> Event {
        self.told = Some(self.newest);
        self.quiet_until = Instant::now() + TOGETHER;
        let data = json!({ "epoch": self.epoch, "seq": self.newest });
        Event::default().event("seq").data(data.to_string())
    }

    async fn beat(&mut self) -> Option<Event> {
        self.state.storage.caller(&self.token, clock::now()).await.ok()??;
        self.newest = self.newest.max(self.state.storage.newest(&self.org).await.ok()?);
        if self.told == Some(self.newest) {
            return Some(Event::default().comment("still here"));
        }
        Some(self.tell())
    }
}
