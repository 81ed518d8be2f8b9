use super::{Movement, Report};
use crate::event::Stamp;
use crate::rules::overdue::{Due, dues, is_same_due};

/// When the base expects to hear from a movement next. It counts by what has reached it, and a phone by that and by what
/// waits there to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AtBase {
    /// At the same moments as this phone says, or neither expects anybody.
    #[default]
    Alike,
    /// No plan has reached it: it knows of no movement.
    NoPlan,
    /// It has a plan, and goes by it that nobody needs to be heard any more.
    Nobody,
    /// By then, whatever this phone says: the first of its moments that is not this phone's.
    By(Stamp),
}

impl AtBase {
    /// `here` is the movement by all of `reports`.
    pub(super) fn of(here: &Movement, reports: &[Report]) -> Self {
        let told: Vec<&Report> = reports.iter().filter(|report| report.told).collect();
        if told.len() == reports.len() {
            return Self::Alike;
        }
        let Some(there) = Movement::fold_all(here.id, told) else {
            return if here.closed.is_some() { Self::Alike } else { Self::NoPlan };
        };
        let (here, there) = (dues(here), dues(&there));
        let is_here = |due: &&Due| here.iter().any(|own| is_same_due(own.at, due.at) && own.shares(due));
        match there.iter().find(|due| !is_here(due)) {
            Some(due) => Self::By(due.at),
            None if there.is_empty() && !here.is_empty() => Self::Nobody,
            None => Self::Alike,
        }
    }
}
