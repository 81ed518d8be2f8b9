//! What an operator measures: counts, times and sizes for Prometheus. Labels are words out of this program, never ids,
//! names or whatever a request says; of a relay, what the operator called it.

mod page;

use std::borrow::Cow;
use std::time::Duration;

use prometheus_client::encoding::prometheus_text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use waymark_core::event::{OrgId, Stamp};
use waymark_core::sync::Receipt;

use crate::notify::Attempt;

pub use page::{count, router};

type Labels<const N: usize> = [(&'static str, Cow<'static, str>); N];
type Counts<const N: usize> = Family<Labels<N>, Counter>;
type Times = Family<Labels<1>, Histogram, fn() -> Histogram>;

/// Seconds: answers from memory, from the disk, and over a weak link.
const SECONDS: [f64; 12] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0, 120.0, 360.0];
/// Records that a phone sends at once.
const RECORDS: [f64; 9] = [1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 1_000.0];

/// Everything that is measured.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Counts<3>,
    seconds: Times,
    records: Counts<1>,
    batches: Histogram,
    streams: Gauge,
    watched: Gauge,
    last_look: Gauge<f64, std::sync::atomic::AtomicU64>,
    calls: Counts<1>,
    notices: Counts<2>,
    relays: Family<Labels<3>, Gauge>,
    sizes: Sizes,
}

/// What is looked up whenever somebody asks.
#[derive(Debug, Default)]
struct Sizes {
    database: Gauge,
    free: Gauge,
    pack_versions: Gauge,
    pack_devices: Family<Labels<1>, Gauge>,
}

/// An open stream, counted for as long as it lives.
#[derive(Debug)]
pub struct OpenStream(Gauge);

impl Drop for OpenStream {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let seconds: Times = Family::new_with_constructor(|| Histogram::new(SECONDS));
        let mut metrics = Self {
            registry: Registry::with_prefix("waymark"),
            requests: Family::default(),
            seconds,
            records: Family::default(),
            batches: Histogram::new(RECORDS),
            streams: Gauge::default(),
            watched: Gauge::default(),
            last_look: Gauge::default(),
            calls: Family::default(),
            notices: Family::default(),
            relays: Family::default(),
            sizes: Sizes::default(),
        };
        metrics.register();
        metrics
    }
}

impl Metrics {
    fn register(&mut self) {
        let all = &mut self.registry;
        all.register("http_requests", "Requests, by route and status", self.requests.clone());
        let help = "Time from a request to the beginning of its answer";
        all.register("http_request_duration_seconds", help, self.seconds.clone());
        all.register("records", "Records that were sent, by what became of them", self.records.clone());
        all.register("batch_records", "Records that were sent at once", self.batches.clone());
        all.register("streams_open", "Streams that are open", self.streams.clone());
        let help = "Movements that are looked after and not over";
        all.register("watch_movements", help, self.watched.clone());
        let help = "When the watch last looked, in seconds since 1970; 0 if it never has";
        all.register("watch_last_look_timestamp_seconds", help, self.last_look.clone());
        let help = "Calls that the watch has made, by whether anything went out";
        all.register("watch_calls", help, self.calls.clone());
        all.register("notices", "Messages to phones, addresses and webhooks", self.notices.clone());
        let help = "Records that a relay has still to send, and those that its backend refused";
        all.register("relay_records", help, self.relays.clone());
        all.register("database_bytes", "Size of the database", self.sizes.database.clone());
        if cfg!(unix) {
            let help = "Free bytes on the disk of the data directory";
            all.register("disk_free_bytes", help, self.sizes.free.clone());
        }
        let help = "Versions of standards packs that are published, of all organisations";
        all.register("pack_versions", help, self.sizes.pack_versions.clone());
        let help = "Devices of organisations with a pack, by the version they say they have";
        all.register("pack_devices", help, self.sizes.pack_devices.clone());
        // What has not happened yet is 0, and not missing.
        for outcome in ["accepted", "duplicate", "conflict", "rejected", "retry"] {
            drop(self.records.get_or_create(&[("outcome", outcome.into())]));
        }
        for reached in ["somebody", "nobody"] {
            drop(self.calls.get_or_create(&[("reached", reached.into())]));
        }
    }

    /// A request that was answered.
    fn answered(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        let route: Cow<'static, str> = route.to_owned().into();
        let status = status.to_string().into();
        let labels = [("method", method.into()), ("route", route.clone()), ("status", status)];
        self.requests.get_or_create(&labels).inc();
        self.seconds.get_or_create(&[("route", route)]).observe(took.as_secs_f64());
    }

    /// What became of a batch.
    pub fn took_in(&self, receipts: &[Receipt]) {
        self.batches.observe(f64::from(u32::try_from(receipts.len()).unwrap_or(u32::MAX)));
        for receipt in receipts {
            self.records.get_or_create(&[("outcome", receipt.outcome.clone().into())]).inc();
        }
    }

    pub fn stream_opened(&self) -> OpenStream {
        self.streams.inc();
        OpenStream(self.streams.clone())
    }

    /// The watch has looked.
    pub fn looked(&self, at: Stamp) {
        // Seconds of this millennium are exact as f64.
        #[allow(clippy::cast_precision_loss)]
        self.last_look.set(at.0 as f64 / 1_000.0);
    }

    pub fn watches(&self, movements: usize) {
        self.watched.set(i64::try_from(movements).unwrap_or(i64::MAX));
    }

    /// A call of the watch, with what was tried.
    pub fn called(&self, attempts: &[Attempt]) {
        let reached = if attempts.iter().any(|attempt| attempt.sent) { "somebody" } else { "nobody" };
        self.calls.get_or_create(&[("reached", reached.into())]).inc();
        self.told(attempts);
    }

    /// How a relay of this organisation stands.
    pub fn relays(&self, org: &OrgId, relay: &str, waiting: u64, refused: u64) {
        for (state, count) in [("waiting", waiting), ("refused", refused)] {
            let labels = relay_labels(org, relay, state);
            self.relays.get_or_create(&labels).set(i64::try_from(count).unwrap_or(i64::MAX));
        }
    }

    /// This server does not relay there any more.
    pub fn relay_ended(&self, org: &OrgId, relay: &str) {
        for state in ["waiting", "refused"] {
            self.relays.remove(&relay_labels(org, relay, state));
        }
    }

    /// What became of a notice.
    pub fn told(&self, attempts: &[Attempt]) {
        for attempt in attempts {
            let outcome = if attempt.sent { "sent" } else { "failed" };
            let means = attempt.means.to_string().into();
            self.notices.get_or_create(&[("means", means), ("outcome", outcome.into())]).inc();
        }
    }

    /// In the text format of Prometheus.
    fn text(&self) -> String {
        let mut text = String::new();
        if let Err(error) = encode(&mut text, &self.registry) {
            tracing::error!(%error, "metrics");
        }
        text
    }
}

fn relay_labels(org: &OrgId, relay: &str, state: &'static str) -> Labels<3> {
    [("org", org.0.clone().into()), ("relay", relay.to_owned().into()), ("state", state.into())]
}
