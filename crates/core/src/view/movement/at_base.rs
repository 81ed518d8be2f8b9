use super::{Movement, Report};
use crate::event::Stamp;
use crate::rules::overdue::{dues, is_same_due};

/// When the base expects to hear from a movement next. It counts by what has reached it, and a phone by that and by what
/// waits there to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AtBase {
    /// At the same moment as this phone says, or neither expects anybody.
    #[default]
    Alike,
    /// No plan has reached it: it knows of no movement.
    NoPlan,
    /// It has a plan, and goes by it that nobody needs to be heard any more.
    Nobody,
    /// By then, whatever this phone says.
    By(Stamp),
}

impl AtBase {
    /// `here` is the movement by all of `reports`.
    pub(super) fn of(here: &Movement, reports: &[Report]) -> Self {
        let told: Vec<&Report> = reports.iter().filter(|report| report.received.is_some()).collect();
        if told.len() == reports.len() {
            return Self::Alike;
        }
        let Some(there) = Movement::fold_all(here.id, told) else {
            return if here.closed.is_some() { Self::Alike } else { Self::NoPlan };
        };
        let first = |movement: &Movement| dues(movement).first().map(|due| due.at);
        match (first(here), first(&there)) {
            (Some(here), Some(there)) if is_same_due(here, there) => Self::Alike,
            (_, Some(there)) => Self::By(there),
            (Some(_), None) => Self::Nobody,
            (None, None) => Self::Alike,
        }
    }
}
