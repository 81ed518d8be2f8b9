use leptos::prelude::*;
use waymark_core::sync::{StoreError, UnsentLoss};

pub use crate::browser::geolocation::FixState;
pub use crate::browser::storage::StorageReport;

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
    /// How many choices of photos are being made small: they outlive the page that they are for.
    pub adding: RwSignal<u32>,
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

impl Default for DeviceState {
    fn default() -> Self {
        Self {
            theme: RwSignal::default(),
            storage: RwSignal::default(),
            store_problem: RwSignal::default(),
            loss: RwSignal::default(),
            update_ready: RwSignal::new(false),
            open_forms: RwSignal::new(0),
            adding: RwSignal::new(0),
            fix: RwSignal::default(),
        }
    }
}
