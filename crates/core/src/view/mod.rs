//! Folds: what screens show, computed from events alone, the same on every phone and on the server.

pub mod board;
pub mod chain;
pub mod community;
pub mod compliance;
pub mod movement;
pub mod offices;
pub mod places;
pub mod readiness;
pub mod readings;
mod record;
pub mod sectors;
mod sms;
pub mod standards;

pub use chain::Chain;
pub use movement::Movement;
pub use record::{RecordState, RecordView, Step, StepKind};
pub use sms::sms;
