use waymark_core::carry::BundleError;
use waymark_core::event::{DeviceId, Stamp};
use waymark_core::sync::StoreError;

/// What travels by hand, as the screen shows it; read when the screen is opened.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CarrySeen {
    /// Own records that would go along.
    pub own: usize,
    /// How many more would if those that may name a source went, too.
    pub protected: usize,
    /// Records of others that are handed on.
    pub carried: Vec<CarriedFor>,
    /// What a server has said to them.
    pub answered: Vec<Answered>,
    /// This phone's own key, as two people compare it; empty as long as there is none.
    pub key: String,
    /// The server has said to whom it belongs.
    pub certified: bool,
    pub busy: bool,
    pub outcome: Option<CarryOutcome>,
}

/// Records of one other person that wait here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedFor {
    pub device: DeviceId,
    pub name: String,
    pub records: usize,
    /// When the first of them came here.
    pub since: Stamp,
    /// Why the server would not have them, as a stable word.
    pub trouble: Option<String>,
}

/// What a server has said to records that came by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    pub name: String,
    pub stored: usize,
    pub refused: usize,
    /// The server's clock.
    pub at: Stamp,
}

/// What came of the last bundle.
#[derive(Debug, Clone, PartialEq)]
pub enum CarryOutcome {
    Taken(TookIn),
    /// Somebody has to say that these are right before anything of this text is taken in.
    Strangers {
        text: String,
        strangers: Vec<Stranger>,
    },
    Failed(CarryTrouble),
}

/// In numbers of records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TookIn {
    pub new: u32,
    pub unseen: u32,
    pub known: u32,
    /// Own ones that the server has, as it has signed.
    pub settled: u32,
    /// Own ones that the server would not take.
    pub refused: u32,
}

/// Somebody whose key is not known here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranger {
    pub name: String,
    /// As two people compare it by voice.
    pub key: String,
}

/// Why nothing was taken in, or nothing given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CarryTrouble {
    Bundle(BundleError),
    /// The file could not be read.
    NoFile,
    SignedOut,
    Store(StoreError),
}

impl From<StoreError> for CarryTrouble {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<BundleError> for CarryTrouble {
    fn from(error: BundleError) -> Self {
        Self::Bundle(error)
    }
}
