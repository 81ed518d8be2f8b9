use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use waymark_core::event::Stamp;
use waymark_core::sync::StoreError;

/// What this phone is like.
#[derive(Clone, Copy)]
pub struct DeviceState {
    pub theme: RwSignal<Theme>,
    pub storage: RwSignal<Option<StorageReport>>,
    /// The store does not work, and why; nothing can be saved then.
    pub store_problem: RwSignal<Option<StoreError>>,
    /// The browser has emptied the store.
    pub loss: RwSignal<Option<UnsentLoss>>,
    /// A newer release waits to take over.
    pub update_ready: RwSignal<bool>,
    /// Open forms: an update waits until there are none.
    pub open_forms: RwSignal<u32>,
    pub fix: RwSignal<FixState>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
    Sun,
}

impl Theme {
    pub const ALL: [Self; 4] = [Self::System, Self::Light, Self::Dark, Self::Sun];

    pub fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Sun => "sun",
        }
    }

    pub fn from_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.code() == code).unwrap_or_default()
    }
}

/// What the browser says about the room for this app.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StorageReport {
    /// Bytes.
    pub used: f64,
    /// Bytes.
    pub quota: f64,
    /// Whether the browser has promised not to empty it by itself.
    pub persisted: bool,
}

/// Records that were on this phone, had not been sent, and are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnsentLoss {
    /// How many; may be 0 if all had been sent.
    pub unsent: u32,
    /// When the oldest of them was written down.
    pub since: Option<Stamp>,
}

/// Whether a position can be attached to what is saved now.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum FixState {
    /// Nobody has been asked.
    #[default]
    Off,
    /// The person or the browser said no.
    Denied,
    /// No receiver, or it does not answer.
    Unavailable,
    Searching,
    Fixed {
        lat: f64,
        lon: f64,
        /// Metres.
        accuracy: f64,
        at: Stamp,
    },
}

impl Default for DeviceState {
    fn default() -> Self {
        Self {
            theme: RwSignal::default(),
            storage: RwSignal::default(),
            store_problem: RwSignal::default(),
            loss: RwSignal::default(),
            update_ready: RwSignal::new(false),
            open_forms: RwSignal::new(0),
            fix: RwSignal::default(),
        }
    }
}
