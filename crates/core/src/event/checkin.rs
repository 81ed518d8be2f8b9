use super::code_list::code_list;
use super::draft::{Checks, FieldError, MAX_NAME, MAX_NOTE, Problem};
use super::{Digest, EventId, Position, PositionDraft, PositionSource, Stamp};
use crate::{json_serialize, json_struct};

code_list! {
    /// What a check-in reports (UN radio practice; domain.md, movement).
    CheckinKind {
        Departed = "departed",
        Waypoint = "waypoint",
        Scheduled = "scheduled",
        Delayed = "delayed",
        Halted = "halted",
        Diverted = "diverted",
        Checkpoint = "checkpoint",
        Breakdown = "breakdown",
        Overnight = "overnight",
        Arrived = "arrived",
        Handover = "handover",
        Closed = "closed",
    }
}

code_list! {
    /// How the people are. Unknown is never shown as safe.
    PeopleState {
        Safe = "safe",
        NeedAssistance = "need_assistance",
        NotSafe = "not_safe",
        Unknown = "unknown",
    }
}

impl PeopleState {
    /// Whether a record with this state goes out before all others.
    pub fn is_urgent(&self) -> bool {
        matches!(self, Self::NeedAssistance | Self::NotSafe)
    }
}

code_list! {
    /// How a checkpoint let them through.
    Passage {
        Free = "free",
        Searched = "searched",
        PaymentAsked = "payment_asked",
        Refused = "refused",
    }
}

impl PeopleState {
    /// How much a state asks for an answer: the worst of several reports stands until somebody answers it. Unknown is
    /// worse than safe.
    pub fn severity(&self) -> u8 {
        match self {
            Self::Safe => 0,
            Self::Unknown | Self::Other(_) => 1,
            Self::NeedAssistance => 2,
            Self::NotSafe => 3,
        }
    }
}

/// More people than any convoy has; a larger number is a slip of the thumb.
pub const MAX_HEADCOUNT: i64 = 999;

/// `checkin.made`: where we are and how we are.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckinMade {
    pub checkin: CheckinKind,
    pub people: PeopleState,
    /// People present, when they were counted.
    pub headcount: Option<u32>,
    pub position: Position,
    pub note: Option<String>,
    /// The movement it belongs to.
    pub movement: Option<EventId>,
    /// For whom it speaks; without a roll, for everyone in the movement.
    pub roll: Roll,
    pub detail: Detail,
    /// Minutes until they mean to be heard again, where that is not the plan's interval.
    pub next_in: Option<u32>,
    /// Taken down by its author from what somebody else said.
    pub relayed: Option<Relayed>,
    /// Made under threat: an emergency for those who watch, an ordinary check-in to whoever looks at the phone.
    pub duress: bool,
}

json_struct! {
    CheckinMade:
        required [checkin, people, position]
        optional [headcount, note, movement, roll, detail, next_in, relayed, duress]
}

/// Who is there and who is not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roll {
    /// Call signs of the vehicles it speaks for; empty: all but the separated ones.
    pub vehicles: Vec<String>,
    /// Call signs of vehicles that are out of sight and hearing.
    pub separated: Vec<String>,
    /// Names of people who should be there and are not.
    pub missing: Vec<String>,
}

json_struct!(Roll: optional [vehicles, separated, missing]);

impl Roll {
    pub fn is_empty(&self) -> bool {
        self.vehicles.is_empty() && self.separated.is_empty() && self.missing.is_empty()
    }

    /// Whether this check-in is a sign of life of the vehicle.
    pub fn covers(&self, call_sign: &str) -> bool {
        let names = |list: &[String]| list.iter().any(|name| name == call_sign);
        !names(&self.separated) && (self.vehicles.is_empty() || names(&self.vehicles))
    }
}

/// The few things that matter for one kind of check-in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Detail {
    /// Why they halt, are delayed or go another way; what is broken.
    pub reason: Option<String>,
    /// The way they take instead; the place where they spend the night.
    pub route: Option<String>,
    /// Call sign of the vehicle that broke down.
    pub vehicle: Option<String>,
    pub passage: Option<Passage>,
    /// Who holds the checkpoint, or who takes the convoy over.
    pub who: Option<String>,
}

json_struct!(Detail: optional [reason, route, vehicle, passage, who]);

impl Detail {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// How a check-in came to whoever wrote it down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relayed {
    /// Radio, telephone, a driver who passed by.
    pub via: String,
    pub said_by: Option<String>,
}

json_struct!(Relayed: required [via] optional [said_by]);

/// `checkin.confirmed`: a named person took note of a check-in and answers for it. Its subject is the record.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckinConfirmed {
    pub record: EventId,
    /// What was confirmed, so that a confirmation cannot be carried over to another content.
    pub digest: Digest,
    /// The movement of the check-in.
    pub movement: Option<EventId>,
}

json_struct!(CheckinConfirmed: required [record, digest] optional [movement]);

/// `record.seen`: a record was on a manager's screen. Its subject is the record.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordSeen {
    pub record: EventId,
    pub digest: Digest,
}

json_struct!(RecordSeen: required [record, digest]);

/// A check-in form while it is filled in; parses into [`CheckinMade`].
#[derive(Debug, Clone, PartialEq)]
pub struct CheckinDraft {
    pub checkin: CheckinKind,
    pub people: PeopleState,
    /// As typed, in any digits; empty when nobody was counted.
    pub headcount: String,
    pub position: PositionDraft,
    pub note: String,
    pub movement: Option<EventId>,
    pub roll: Roll,
    pub reason: String,
    pub route: String,
    pub vehicle: String,
    pub passage: Option<Passage>,
    pub who: String,
    /// Hours and minutes as typed.
    pub next_in: String,
    /// Whether somebody else said it, and over which means.
    pub relayed: bool,
    pub via: String,
    pub said_by: String,
}

json_struct! {
    CheckinDraft: draft [
        checkin, people, headcount, position, note, movement, roll, reason, route, vehicle, passage,
        who, next_in, relayed, via, said_by,
    ]
}
json_serialize!(CheckinMade, Roll, Detail, Relayed, CheckinConfirmed, RecordSeen, CheckinDraft);

/// What a check-in form asks for beside people and place, by its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DetailField {
    Reason,
    Route,
    Vehicle,
    Passage,
    Who,
    NextIn,
}

impl CheckinKind {
    /// The two or three things that matter for this kind, in the order in which they are asked.
    pub fn fields(&self) -> &'static [DetailField] {
        use DetailField::{NextIn, Passage, Reason, Route, Vehicle, Who};
        match self {
            Self::Delayed | Self::Halted => &[Reason, NextIn],
            Self::Diverted => &[Reason, Route, NextIn],
            Self::Checkpoint => &[Who, Passage, NextIn],
            Self::Breakdown => &[Vehicle, Reason, NextIn],
            Self::Overnight => &[Route, NextIn],
            Self::Handover => &[Who],
            _ => &[],
        }
    }
}

impl Default for CheckinDraft {
    fn default() -> Self {
        Self {
            checkin: CheckinKind::Scheduled,
            people: PeopleState::Safe,
            headcount: String::new(),
            position: PositionDraft::default(),
            note: String::new(),
            movement: None,
            roll: Roll::default(),
            reason: String::new(),
            route: String::new(),
            vehicle: String::new(),
            passage: None,
            who: String::new(),
            next_in: String::new(),
            relayed: false,
            via: String::new(),
            said_by: String::new(),
        }
    }
}

/// Who halts for longer says so again.
const MAX_HALT_MIN: u32 = 12 * 60;
/// The longest time a convoy may announce not to be heard: a night and a morning.
const MAX_NEXT_IN_MIN: u32 = 36 * 60;

impl CheckinDraft {
    /// The one-tap check-in of the home screen.
    pub fn one_tap(people: PeopleState, movement: Option<EventId>) -> Self {
        Self { people, movement, ..Self::default() }
    }

    /// Checks every field. `fix` is the newest GPS fix, if any; it is left out when too old.
    ///
    /// # Errors
    /// Everything that is wrong, field by field.
    pub fn parse(&self, fix: Option<Position>, now: Stamp) -> Result<CheckinMade, Vec<FieldError>> {
        let mut checks = Checks::default();
        let headcount = checks.whole("headcount", &self.headcount, 1, MAX_HEADCOUNT);
        let position = self.position.parse(fix, now, &mut checks);
        let note = checks.text("note", &self.note, MAX_NOTE);
        let (detail, next_in) = self.detail(&mut checks);
        let relayed = self.relayed(&mut checks);
        let made = position.map(|position| CheckinMade {
            checkin: self.checkin.clone(),
            people: self.people.clone(),
            headcount: headcount.and_then(|count| u32::try_from(count).ok()),
            position,
            note,
            movement: self.movement,
            roll: if self.movement.is_some() { self.roll.clone() } else { Roll::default() },
            detail,
            next_in,
            relayed,
            duress: false,
        });
        checks.done(made)
    }

    /// Only what this kind asks for: what was typed before another kind was chosen is not said.
    fn detail(&self, checks: &mut Checks) -> (Detail, Option<u32>) {
        let asked = |field| self.checkin.fields().contains(&field);
        let mut text = |field, name, raw: &str, max| {
            if asked(field) { checks.text(name, raw, max) } else { None }
        };
        let detail = Detail {
            reason: text(DetailField::Reason, "reason", &self.reason, MAX_NOTE),
            route: text(DetailField::Route, "route", &self.route, MAX_NOTE),
            vehicle: text(DetailField::Vehicle, "vehicle", &self.vehicle, MAX_NAME),
            passage: self.passage.clone().filter(|_| asked(DetailField::Passage)),
            who: text(DetailField::Who, "who", &self.who, MAX_NAME),
        };
        if self.checkin == CheckinKind::Handover && detail.who.is_none() {
            checks.fail("who", Problem::Required);
        }
        let next_in = if asked(DetailField::NextIn) { self.next_in(checks) } else { None };
        (detail, next_in)
    }

    /// "30" may be minutes or hours, and the wrong one would switch the watch off for a day: it is asked back.
    fn next_in(&self, checks: &mut Checks) -> Option<u32> {
        let longest = if self.checkin == CheckinKind::Overnight { MAX_NEXT_IN_MIN } else { MAX_HALT_MIN };
        let typed = self.next_in.trim();
        if !typed.is_empty() && !typed.contains([':', 'h', 'H']) {
            checks.fail("next_in", Problem::NotADuration);
            return None;
        }
        checks.duration("next_in", typed, longest)
    }

    /// A position of this phone says nothing about where somebody else is.
    fn relayed(&self, checks: &mut Checks) -> Option<Relayed> {
        if !self.relayed {
            return None;
        }
        if self.position.source.as_ref().is_none_or(|source| *source == PositionSource::Gps) {
            checks.fail("position", Problem::Required);
        }
        let said_by = checks.text("said_by", &self.said_by, MAX_NAME);
        let via = checks.text("via", &self.via, MAX_NAME);
        if via.is_none() {
            checks.fail("via", Problem::Required);
        }
        Some(Relayed { via: via?, said_by })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{PositionSource, Problem};
    use super::*;

    #[test]
    fn one_tap_needs_nothing_else() {
        let made = CheckinDraft::one_tap(PeopleState::Safe, None).parse(None, Stamp(0)).unwrap();
        assert_eq!(made.people, PeopleState::Safe);
        assert_eq!(made.position, Position::None);
        assert_eq!(made.headcount, None);
    }

    #[test]
    fn every_problem_is_named_at_once() {
        let draft = CheckinDraft {
            headcount: "-3".into(),
            note: "x".repeat(MAX_NOTE + 1),
            position: PositionDraft { source: Some(PositionSource::Odometer), ..PositionDraft::default() },
            ..CheckinDraft::default()
        };
        let errors = draft.parse(None, Stamp(0)).unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field).collect();
        assert_eq!(fields, ["headcount", "km", "note"]);
        assert_eq!(errors[1].problem, Problem::Required);
    }

    #[test]
    fn a_code_from_a_newer_pack_is_kept_as_itself() {
        let made: CheckinMade = serde_json::from_str(
            r#"{"checkin":"river_crossing","people":"safe","position":{"source":"none"}}"#,
        )
        .unwrap();
        assert_eq!(made.checkin, CheckinKind::Other("river_crossing".into()));
        assert!(serde_json::to_string(&made).unwrap().contains("river_crossing"));
    }
}
