//! Folds: what screens show, computed from events alone, the same on every phone and on the server.

mod record;

pub use record::{RecordState, RecordView, Step, StepKind};
