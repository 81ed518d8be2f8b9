use waymark_core::event::Stamp;
use waymark_core::sync::{Counts, Destination, To, Trouble};

/// The word on the shell (`data-sync`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SyncPhase {
    /// No network, or nothing that answers as the backend.
    Offline,
    #[default]
    Idle,
    Sending,
    /// Signed out by the backend.
    Paused,
}

impl SyncPhase {
    pub fn code(self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::Idle => "idle",
            Self::Sending => "sending",
            Self::Paused => "paused",
        }
    }
}

/// How the queue stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SyncStatus {
    pub phase: SyncPhase,
    pub trouble: Option<Trouble>,
    pub counts: Counts,
    /// The home comes first.
    pub backends: Vec<BackendState>,
    /// Records on their way right now.
    pub in_flight: u32,
    /// When the next try comes by itself.
    pub next_try: Option<Stamp>,
    /// When the backend last answered, by this phone's clock.
    pub last_contact: Option<Stamp>,
    /// Milliseconds to add to this phone's clock to get the server's.
    pub clockoffset: Option<i64>,
}

/// How one backend stands.
#[derive(Debug, Clone, PartialEq)]
pub struct BackendState {
    pub to: To,
    pub destination: Destination,
    pub sending: bool,
    /// When the next try comes by itself.
    pub next_try: Option<Stamp>,
    pub trouble: Option<Trouble>,
    /// When it last took something, since the app was opened.
    pub heard: Option<Stamp>,
}

/// How fresh the watch board is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Live {
    /// The stream is open.
    pub connected: bool,
    /// When anything last came over it, by this phone's clock.
    pub heard: Option<Stamp>,
}
