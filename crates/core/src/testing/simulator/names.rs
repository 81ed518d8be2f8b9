//! The words of a schedule's text.

use super::places::{Condition, Place};
use super::schedule::{Clock, Kept, Network, Note};
use crate::sync::Wake;
use crate::testing::memory_store::Fault;

/// Two who confirm, and three who travel.
pub const PHONES: [&str; 5] = ["base", "deputy", "one", "two", "three"];
/// The first so many of [`PHONES`] are managers'.
pub const MANAGERS: usize = 2;

pub const NOTES: [(&str, Note); 6] = [
    ("fine", Note::Fine),
    ("urgent", Note::Urgent),
    ("refused", Note::Refused),
    ("choking", Note::Choking),
    ("odd", Note::Odd),
    ("strange", Note::Strange),
];

pub const PLACES: [(&str, Place); 3] = [("own", Place::Own), ("copy", Place::Copy), ("hook", Place::Hook)];

pub const KEPT: [(&str, Kept); 3] = [("off", Kept::Off), ("beside", Kept::Beside), ("must", Kept::Must)];

pub const CONDITIONS: [(&str, Condition); 5] = [
    ("well", Condition::Well),
    ("down", Condition::Down),
    ("portal", Condition::Portal),
    ("signed-out", Condition::SignedOut),
    ("lies", Condition::Lies),
];

/// All but [`Network::Cut`], which has a number.
pub const NETWORKS: [(&str, Network); 16] = [
    ("well", Network::Well),
    ("slow", Network::Slow),
    ("lost", Network::Lost),
    ("delayed", Network::Delayed),
    ("reply-lost", Network::ReplyLost),
    ("twice", Network::Twice),
    ("portal", Network::Portal),
    ("empty", Network::Empty),
    ("too-few-receipts", Network::TooFewReceipts),
    ("other-digests", Network::OtherDigests),
    ("told-to-retry", Network::ToldToRetry),
    ("too-large", Network::TooLarge),
    ("busy", Network::Busy),
    ("error", Network::Error),
    ("error-after", Network::ErrorAfter),
    ("timed-out", Network::TimedOut),
];

pub const WAKES: [(&str, Wake); 4] = [
    ("online", Wake::Online),
    ("visible", Wake::Visible),
    ("tap", Wake::Tap),
    ("background", Wake::Background),
];

pub const DISK_FAULTS: [(&str, Fault); 4] = [
    ("aborted", Fault::Aborted),
    ("full", Fault::Full),
    ("dead", Fault::DeadHandle),
    ("killed", Fault::KilledAfterCommit),
];

pub const CLOCKS: [(&str, Clock); 4] = [
    ("right", Clock::Right),
    ("two-hours-ahead", Clock::TwoHoursAhead),
    ("year-ahead", Clock::YearAhead),
    ("year-behind", Clock::YearBehind),
];

/// The word for what is in the table; empty for what is not.
pub fn of<T: Copy + PartialEq>(table: &[(&'static str, T)], thing: T) -> &'static str {
    table.iter().find(|(_, held)| *held == thing).map_or("", |(name, _)| name)
}

pub fn named<T: Copy>(table: &[(&str, T)], word: &str) -> Option<T> {
    table.iter().find(|(name, _)| *name == word).map(|(_, held)| *held)
}
