use super::{By, Report};
use crate::event::{Body, Digest, EventId};

/// Who took note of which record, in the order in which they did; found without going through all that there is.
pub(super) struct Answers<'a>(Vec<(EventId, Digest, &'a By)>);

impl<'a> Answers<'a> {
    /// The reports in their order.
    pub fn of(reports: &[&'a Report]) -> Self {
        let answer = |report: &&'a Report| match &report.body {
            Body::CheckinConfirmed(body) => Some((body.record, body.digest, &report.by)),
            Body::EmergencyAcknowledged(body) => Some((body.record, body.digest, &report.by)),
            _ => None,
        };
        let mut answers: Vec<_> = reports.iter().filter_map(answer).collect();
        crate::order::sort_by_key(&mut answers, |(record, ..)| *record);
        Self(answers)
    }

    /// The first person who took note of a record; nobody does so for themselves.
    pub fn first(&self, report: &Report) -> Option<By> {
        let from = self.0.partition_point(|(record, ..)| *record < report.id);
        let of_it = self.0.iter().skip(from).take_while(|(record, ..)| *record == report.id);
        let counts =
            |(_, digest, by): &&(EventId, Digest, &By)| *digest == report.digest && by.user != report.by.user;
        of_it.filter(counts).map(|(.., by)| (*by).clone()).next()
    }
}
