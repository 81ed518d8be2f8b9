//! Folds: what screens show, computed from events alone, the same on every phone and on the server.

pub mod board;
pub mod movement;
mod record;
mod sms;

pub use movement::Movement;
pub use record::{RecordState, RecordView, Step, StepKind};
pub use sms::sms;
