//! What the handlers share.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use waymark_core::event::{DeviceId, OrgId};

use crate::blobs::Blobs;
use crate::limits::{Limiter, Rate};
use crate::metrics::Metrics;
use crate::notify::Notifier;
use crate::readiness::Readiness;
use crate::storage::Storage;

/// Sizes, rates and times that keep one client from using up the server.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Requests of one device.
    pub device: Rate,
    /// Failed enrolments from one address.
    pub enrol_address: Rate,
    /// Failed enrolments from everywhere.
    pub enrol_all: Rate,
    /// A body may be silent for this long.
    pub body_idle: Duration,
    /// A request must have arrived and been answered within this.
    pub request: Duration,
    /// Between two signs of life on a stream.
    pub heartbeat: Duration,
    /// An answer about being ready is good for this long.
    pub ready: Duration,
    /// With fewer free bytes than this on the disk, the server is not ready.
    pub reserve: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            device: Rate { burst: 100, every: Duration::from_millis(50) },
            enrol_address: Rate { burst: 10, every: Duration::from_secs(10) },
            // Codes have 60 random bits: this only keeps a flood from the database, and must not lock phones out.
            enrol_all: Rate { burst: 1_000, every: Duration::from_millis(50) },
            body_idle: Duration::from_secs(30),
            // A full batch over 40 kbit/s takes five minutes.
            request: Duration::from_mins(6),
            heartbeat: Duration::from_secs(15),
            ready: Duration::from_secs(5),
            reserve: 256 << 20,
        }
    }
}

/// Shared by all requests; cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

/// See [`AppState`], which dereferences to it.
pub struct Shared {
    pub storage: Arc<dyn Storage>,
    pub blobs: Blobs,
    pub limits: Limits,
    pub device_limiter: Limiter<(OrgId, DeviceId)>,
    pub enrol_address_limiter: Limiter<IpAddr>,
    pub enrol_limiter: Limiter<()>,
    /// Whether a proxy of ours sets `x-forwarded-for`.
    pub behind_proxy: bool,
    pub news: News,
    pub notifier: Notifier,
    pub metrics: Arc<Metrics>,
    pub readiness: Readiness,
    /// Turns true when the server is told to stop.
    pub stopping: watch::Receiver<bool>,
}

impl AppState {
    pub fn new(
        storage: Arc<dyn Storage>,
        blobs: Blobs,
        limits: Limits,
        behind_proxy: bool,
        notifier: Notifier,
        stopping: watch::Receiver<bool>,
    ) -> Self {
        Self(Arc::new(Shared {
            storage,
            blobs,
            device_limiter: Limiter::new(limits.device),
            enrol_address_limiter: Limiter::new(limits.enrol_address),
            enrol_limiter: Limiter::new(limits.enrol_all),
            limits,
            behind_proxy,
            news: News::default(),
            notifier,
            metrics: Arc::default(),
            readiness: Readiness::default(),
            stopping,
        }))
    }
}

impl std::ops::Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// Tells open streams, and the watcher, that a feed has grown.
#[derive(Default)]
pub struct News {
    by_org: Mutex<HashMap<OrgId, watch::Sender<u64>>>,
    any: watch::Sender<()>,
}

impl News {
    /// The feed of `org` has grown to `seq`.
    pub fn announce(&self, org: &OrgId, seq: u64) {
        self.any.send_replace(());
        if let Some(sender) = self.lock().get(org) {
            sender.send_if_modified(|newest| {
                let risen = seq > *newest;
                *newest = seq.max(*newest);
                risen
            });
        }
    }

    /// The newest place known to streams of `org`, now and whenever it rises.
    pub fn listen(&self, org: &OrgId) -> watch::Receiver<u64> {
        self.lock().entry(org.clone()).or_insert_with(|| watch::Sender::new(0)).subscribe()
    }

    /// Changes whenever any feed grows.
    pub fn any(&self) -> watch::Receiver<()> {
        self.any.subscribe()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<OrgId, watch::Sender<u64>>> {
        self.by_org.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
