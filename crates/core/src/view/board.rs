//! The watch board: who is out, in the order in which they need a human.

use std::cmp::Reverse;

use super::Movement;
use crate::event::{EventId, Stamp};
use crate::rules::escalation::Stage;
use crate::rules::overdue::{Expected, Verdict, is_worked};

/// What a movement asks of those who watch, the most pressing first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// An emergency, or a check-in made under threat, that is not over.
    Emergency,
    /// The ladder has come to its end.
    Exhausted,
    Overdue,
    /// Somebody is not safe, needs assistance, is missing or in a state that nobody knows.
    NotWell,
    /// Due, or in the grace after it.
    Due,
    /// Heard, and nobody has answered for it.
    Unconfirmed,
    OnTime,
    NotLeft,
    Closed,
}

/// What a movement asks for, as it stands with this verdict.
pub fn rank(movement: &Movement, verdict: &Verdict) -> Rank {
    let last = movement.last_contact();
    if movement.open_alarms().next().is_some() {
        return Rank::Emergency;
    }
    match verdict.stage {
        _ if movement.closed.is_some() => Rank::Closed,
        Stage::Exhausted => Rank::Exhausted,
        stage if stage.is_overdue() => Rank::Overdue,
        _ if last.is_some() && !is_well(movement) => Rank::NotWell,
        Stage::Due | Stage::Grace => Rank::Due,
        _ => match last {
            Some(contact) if contact.confirmed.is_none() => Rank::Unconfirmed,
            Some(_) => Rank::OnTime,
            None => Rank::NotLeft,
        },
    }
}

fn is_well(movement: &Movement) -> bool {
    let people = movement.people();
    let few = people.headcount.as_ref().is_some_and(|(count, _)| *count < movement.plan.plan.headcount);
    people.state.severity() == 0 && people.missing.is_empty() && people.separated.is_empty() && !few
}

/// Where a movement stands on the board: smaller comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Order {
    pub rank: Rank,
    /// Somebody is on all of its emergencies.
    answered: bool,
    stage: Reverse<Stage>,
    due: Stamp,
    pub id: EventId,
}

pub fn order(movement: &Movement, verdict: &Verdict) -> Order {
    let stage = if verdict.stage.is_overdue() { verdict.stage } else { Stage::Quiet };
    Order {
        rank: rank(movement, verdict),
        answered: movement.open_alarms().all(|alarm| alarm.acknowledged.is_some()),
        stage: Reverse(stage),
        due: verdict.first().map_or(Stamp(i64::MAX), |first| first.due.at),
        id: movement.id,
    }
}

/// How an open screen calls for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ring {
    /// Whoever has muted the screen is left in peace.
    Once,
    /// Cannot be switched off.
    Always,
}

/// Which check-ins that did not come call for somebody at `now`, by the moment they were due: until a person is on it,
/// and once the ladder has come to its end, whenever nobody has done anything for as long as an acknowledgement holds.
pub fn rings(movement: &Movement, verdict: &Verdict, now: Stamp) -> Vec<(Stamp, Ring)> {
    let ring = |expected: &Expected| {
        let ring = match expected.stage {
            Stage::Exhausted => (!is_worked(movement, &expected.due, now)).then_some(Ring::Always),
            _ => expected.acknowledged.is_none().then_some(Ring::Once),
        };
        ring.map(|ring| (expected.due.at, ring))
    };
    verdict.overdue().filter_map(ring).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{
        Body, CheckinConfirmed, CheckinKind, CheckinMade, Digest, EmergencyAcknowledged, OverdueAcknowledged,
        PeopleState,
    };
    use crate::rules::overdue::verdict;
    use crate::testing::build::{self, MORNING};
    use crate::view::movement::{By, Report};

    const MINUTE: i64 = 60_000;

    fn id(n: u64) -> EventId {
        EventId::new(n, [0; 10])
    }

    fn report(n: u64, user: &str, at: i64, body: Body) -> Report {
        let at = MORNING.plus_ms(at * MINUTE);
        let by = By { user: user.into(), name: user.into(), at };
        Report {
            id: id(n),
            digest: digest(n),
            by,
            body,
            received: Some(at),
            told: true,
            exercise: false,
            protected: false,
            pack: "builtin@1".into(),
        }
    }

    fn digest(n: u64) -> Digest {
        Digest::of_bytes(&n.to_be_bytes())
    }

    fn planned() -> Report {
        report(1, "amina", -60, build::planned(build::plan()))
    }

    fn heard(n: u64, at: i64, people: PeopleState) -> Report {
        report(n, "idriss", at, Body::CheckinMade(build::heard(id(1), CheckinKind::Scheduled, people)))
    }

    fn confirmed(n: u64, of: u64, at: i64) -> Report {
        let body = CheckinConfirmed { record: id(of), digest: digest(of), movement: Some(id(1)) };
        report(n, "amina", at, Body::CheckinConfirmed(body))
    }

    fn on_it(n: u64, user: &str, at: i64) -> Report {
        let body = OverdueAcknowledged { movement: id(1), due: MORNING, vehicles: vec![] };
        report(n, user, at, Body::OverdueAcknowledged(body))
    }

    fn threatened(n: u64, at: i64) -> Report {
        let made = build::heard(id(1), CheckinKind::Scheduled, PeopleState::Safe);
        report(n, "idriss", at, Body::CheckinMade(CheckinMade { duress: true, ..made }))
    }

    fn taken_on(n: u64, of: u64, at: i64) -> Report {
        let body = EmergencyAcknowledged { record: id(of), digest: digest(of), movement: Some(id(1)) };
        report(n, "amina", at, Body::EmergencyAcknowledged(body))
    }

    fn stands(reports: &[Report], now: i64) -> (Order, Option<Ring>) {
        let movement = Movement::fold(id(1), reports).unwrap();
        let now = MORNING.plus_ms(now * MINUTE);
        let verdict = verdict(&movement, now);
        (order(&movement, &verdict), rings(&movement, &verdict, now).pop().map(|(_, ring)| ring))
    }

    #[test]
    fn each_movement_stands_where_it_needs_a_human() {
        let safe = || heard(2, 0, PeopleState::Safe);
        let cases = [
            (vec![planned(), threatened(2, 0)], 1, Rank::Emergency),
            (vec![planned()], 300, Rank::Exhausted),
            (vec![planned()], 12, Rank::Overdue),
            (vec![planned(), heard(2, 0, PeopleState::NeedAssistance)], 1, Rank::NotWell),
            (vec![planned(), heard(2, 0, PeopleState::Unknown)], 1, Rank::NotWell),
            (vec![planned(), safe()], 61, Rank::Due),
            (vec![planned(), safe()], 1, Rank::Unconfirmed),
            (vec![planned(), safe(), confirmed(3, 2, 1)], 2, Rank::OnTime),
            (vec![planned()], -30, Rank::NotLeft),
            (vec![planned(), safe(), report(4, "amina", 9, build::closed(id(1)))], 300, Rank::Closed),
        ];
        let mut before = None;
        for (reports, now, expected) in cases {
            let (order, _) = stands(&reports, now);
            assert_eq!(order.rank, expected);
            assert!(before.is_none_or(|before| before <= order.rank), "in the order of the cases");
            before = Some(order.rank);
        }
    }

    #[test]
    fn an_emergency_that_somebody_is_on_comes_after_one_that_nobody_is_on() {
        let open = stands(&[planned(), threatened(2, 0)], 5).0;
        let answered = stands(&[planned(), threatened(2, 0), taken_on(3, 2, 1)], 5).0;
        assert_eq!((open.rank, answered.rank), (Rank::Emergency, Rank::Emergency));
        assert!(open < answered);
    }

    #[test]
    fn among_the_overdue_the_higher_stage_comes_first() {
        let (early, late) = (stands(&[planned()], 11).0, stands(&[planned()], 22).0);
        assert_eq!((early.rank, late.rank), (Rank::Overdue, Rank::Overdue));
        assert!(late < early);
    }

    #[test]
    fn it_rings_until_somebody_who_stays_behind_is_on_it() {
        let rings = |reports: &[Report], now| stands(reports, now).1;
        assert_eq!(rings(&[planned()], 9), None, "in the grace");
        assert_eq!(rings(&[planned()], 11), Some(Ring::Once));
        assert_eq!(rings(&[planned(), on_it(5, "amina", 11)], 12), None);
        assert_eq!(rings(&[planned(), on_it(5, "idriss", 11)], 12), Some(Ring::Once), "travels in it");
    }

    #[test]
    fn at_the_end_of_the_ladder_it_cannot_be_switched_off() {
        let rings = |reports: &[Report], now| stands(reports, now).1;
        assert_eq!(rings(&[planned()], 40), Some(Ring::Always));
        let taken = [planned(), on_it(5, "amina", 40)];
        assert_eq!(rings(&taken, 60), None, "somebody is at it");
        assert_eq!(rings(&taken, 71), Some(Ring::Always), "and has not been heard of since");
    }
}
