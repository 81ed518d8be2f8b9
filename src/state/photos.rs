use leptos::prelude::*;
use waymark_core::event::Digest;

/// Photos: which one is on its way, how many wait, and how large they are made.
#[derive(Clone, Copy)]
pub struct PhotosState {
    pub sending: RwSignal<Option<SendingPhoto>>,
    /// How many wait to be sent; kept up to date by [`crate::actions::refresh`].
    pub waiting: RwSignal<u32>,
    pub size: RwSignal<PhotoSize>,
}

/// The photo that is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendingPhoto {
    pub sha256: Digest,
    /// How much of it has arrived.
    pub percent: u32,
}

/// How large photos are made before they are kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PhotoSize {
    Small,
    #[default]
    Normal,
    Large,
}

impl PhotoSize {
    pub const ALL: [Self; 3] = [Self::Small, Self::Normal, Self::Large];

    pub fn code(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Normal => "normal",
            Self::Large => "large",
        }
    }

    pub fn from_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|size| size.code() == code).unwrap_or_default()
    }

    /// Pixels of the longer side.
    pub fn pixels(self) -> u32 {
        match self {
            Self::Small => 800,
            Self::Normal => 1_280,
            Self::Large => 2_048,
        }
    }
}

impl Default for PhotosState {
    fn default() -> Self {
        Self { sending: RwSignal::new(None), waiting: RwSignal::new(0), size: RwSignal::default() }
    }
}
