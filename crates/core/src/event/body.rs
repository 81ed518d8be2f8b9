use serde_json::Value;

use super::form::form_of;
use super::{
    CheckinConfirmed, CheckinMade, EmergencyAcknowledged, EmergencyRaised, EmergencyResolved, EmergencyStep,
    EventId, Filled, Kind, MovementClosed, MovementDecided, MovementPlanned, MovementRevised,
    OverdueAcknowledged, OverdueRaised, OverdueResolved, OverdueStep, Plan, Position, RecordSeen, Subject,
    position,
};
use crate::json::{Fault, Json};

/// The typed content of an event whose kind this version knows.
///
/// A new kind is added here, in [`Kind`] and in [`crate::rules::authority`]; the compiler names the other places.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant)] // the largest is the one that most records are
pub enum Body {
    MovementPlanned(Box<MovementPlanned>),
    MovementRevised(Box<MovementRevised>),
    MovementClosed(MovementClosed),
    CheckinMade(CheckinMade),
    CheckinConfirmed(CheckinConfirmed),
    RecordSeen(RecordSeen),
    OverdueRaised(OverdueRaised),
    OverdueStep(OverdueStep),
    OverdueAcknowledged(OverdueAcknowledged),
    OverdueResolved(OverdueResolved),
    EmergencyRaised(EmergencyRaised),
    EmergencyStep(EmergencyStep),
    EmergencyAcknowledged(EmergencyAcknowledged),
    EmergencyResolved(EmergencyResolved),
    MovementDecided(Box<MovementDecided>),
    /// A record that is a form: reports, what is said about them, and what is done.
    Filled(Box<Filled>),
}

/// Why `data` is not what its kind says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// Not an error of the record: a newer phone may have written it.
    #[error("this version does not know this kind")]
    UnknownKind,
    #[error("the data does not fit the kind: {0}")]
    Malformed(String),
}

/// How a body relates to another record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    Itself,
    Record(EventId),
}

impl Body {
    /// Reads `data` as `kind`.
    ///
    /// # Errors
    /// An unknown kind, or data of another shape.
    pub fn read(kind: &Kind, data: &Value) -> Result<Self, BodyError> {
        let body = Self::typed(kind, data)?;
        if let Some(Err(error)) = body.position().map(position::check) {
            return Err(BodyError::Malformed(format!("{} is not a coordinate", error.field)));
        }
        Ok(body)
    }

    fn typed(kind: &Kind, data: &Value) -> Result<Self, BodyError> {
        Ok(match kind {
            Kind::MovementPlanned => Self::MovementPlanned(Json::from_value(data)?),
            Kind::MovementRevised => Self::MovementRevised(Json::from_value(data)?),
            Kind::MovementClosed => Self::MovementClosed(Json::from_value(data)?),
            Kind::CheckinMade => Self::CheckinMade(Json::from_value(data)?),
            Kind::CheckinConfirmed => Self::CheckinConfirmed(Json::from_value(data)?),
            Kind::RecordSeen => Self::RecordSeen(Json::from_value(data)?),
            Kind::OverdueRaised => Self::OverdueRaised(Json::from_value(data)?),
            Kind::OverdueStep => Self::OverdueStep(Json::from_value(data)?),
            Kind::OverdueAcknowledged => Self::OverdueAcknowledged(Json::from_value(data)?),
            Kind::OverdueResolved => Self::OverdueResolved(Json::from_value(data)?),
            Kind::EmergencyRaised => Self::EmergencyRaised(Json::from_value(data)?),
            Kind::EmergencyStep => Self::EmergencyStep(Json::from_value(data)?),
            Kind::EmergencyAcknowledged => Self::EmergencyAcknowledged(Json::from_value(data)?),
            Kind::EmergencyResolved => Self::EmergencyResolved(Json::from_value(data)?),
            Kind::MovementDecided => Self::MovementDecided(Json::from_value(data)?),
            Kind::Other(_) => return Err(BodyError::UnknownKind),
            form => match form_of(form) {
                Some(form) => Self::Filled(Box::new(Filled::read(form, data)?)),
                None => return Err(BodyError::UnknownKind),
            },
        })
    }

    pub fn kind(&self) -> Kind {
        match self {
            Self::MovementPlanned(_) => Kind::MovementPlanned,
            Self::MovementRevised(_) => Kind::MovementRevised,
            Self::MovementClosed(_) => Kind::MovementClosed,
            Self::CheckinMade(_) => Kind::CheckinMade,
            Self::CheckinConfirmed(_) => Kind::CheckinConfirmed,
            Self::RecordSeen(_) => Kind::RecordSeen,
            Self::OverdueRaised(_) => Kind::OverdueRaised,
            Self::OverdueStep(_) => Kind::OverdueStep,
            Self::OverdueAcknowledged(_) => Kind::OverdueAcknowledged,
            Self::OverdueResolved(_) => Kind::OverdueResolved,
            Self::EmergencyRaised(_) => Kind::EmergencyRaised,
            Self::EmergencyStep(_) => Kind::EmergencyStep,
            Self::EmergencyAcknowledged(_) => Kind::EmergencyAcknowledged,
            Self::EmergencyResolved(_) => Kind::EmergencyResolved,
            Self::MovementDecided(_) => Kind::MovementDecided,
            Self::Filled(filled) => filled.kind.clone(),
        }
    }

    pub fn to_data(&self) -> Value {
        match self {
            Self::MovementPlanned(body) => body.to_value(),
            Self::MovementRevised(body) => body.to_value(),
            Self::MovementClosed(body) => body.to_value(),
            Self::CheckinMade(body) => body.to_value(),
            Self::CheckinConfirmed(body) => body.to_value(),
            Self::RecordSeen(body) => body.to_value(),
            Self::OverdueRaised(body) => body.to_value(),
            Self::OverdueStep(body) => body.to_value(),
            Self::OverdueAcknowledged(body) => body.to_value(),
            Self::OverdueResolved(body) => body.to_value(),
            Self::EmergencyRaised(body) => body.to_value(),
            Self::EmergencyStep(body) => body.to_value(),
            Self::EmergencyAcknowledged(body) => body.to_value(),
            Self::EmergencyResolved(body) => body.to_value(),
            Self::MovementDecided(body) => body.to_value(),
            Self::Filled(filled) => Value::Object(filled.data.clone()),
        }
    }

    /// Which record this one is about.
    pub fn about(&self) -> About {
        match self {
            Self::CheckinConfirmed(body) => About::Record(body.record),
            Self::RecordSeen(body) => About::Record(body.record),
            Self::EmergencyStep(body) => About::Record(body.record),
            Self::EmergencyAcknowledged(body) => About::Record(body.record),
            Self::EmergencyResolved(body) => About::Record(body.record),
            Self::Filled(filled) => {
                let end = filled.ends().map(|(from, _)| from);
                filled.record().or(end).map_or(About::Itself, About::Record)
            }
            _ => About::Itself,
        }
    }

    /// Whether it stands in lists of records: not what is said about another, nor the log of a check-in that did not
    /// come, which stands with its movement.
    pub fn is_listed(&self) -> bool {
        let log = matches!(
            self,
            Self::OverdueRaised(_)
                | Self::OverdueStep(_)
                | Self::OverdueAcknowledged(_)
                | Self::OverdueResolved(_)
        );
        // What was brought in from elsewhere is history, and nobody's record.
        let external = matches!(self, Self::Filled(filled) if filled.external().is_some());
        !log && !external && self.about() == About::Itself
    }

    /// The movement this record, whose id is `id`, belongs to.
    pub fn movement(&self, id: EventId) -> Option<EventId> {
        match self {
            Self::MovementPlanned(_) => Some(id),
            Self::MovementRevised(body) => Some(body.movement),
            Self::MovementClosed(body) => Some(body.movement),
            Self::OverdueRaised(body) => Some(body.movement),
            Self::OverdueStep(body) => Some(body.movement),
            Self::OverdueAcknowledged(body) => Some(body.movement),
            Self::OverdueResolved(body) => Some(body.movement),
            Self::CheckinMade(body) => body.movement,
            Self::CheckinConfirmed(body) => body.movement,
            Self::EmergencyRaised(body) => body.movement,
            Self::EmergencyStep(body) => body.movement,
            Self::EmergencyAcknowledged(body) => body.movement,
            Self::EmergencyResolved(body) => body.movement,
            Self::MovementDecided(body) => Some(body.movement),
            Self::Filled(filled) => filled.movement(),
            Self::RecordSeen(_) => None,
        }
    }

    /// The form, if it is one.
    pub fn filled(&self) -> Option<&Filled> {
        match self {
            Self::Filled(filled) => Some(filled),
            _ => None,
        }
    }

    /// Whether it may name a source: its envelope says so, for servers that do not know the kind.
    pub fn is_protected(&self) -> bool {
        self.filled().is_some_and(Filled::is_sensitive)
    }

    /// The subject to put on the envelope of a record whose id is `id`: what it is about, else its movement.
    pub fn subject(&self, id: EventId) -> Option<Subject> {
        match self.about() {
            About::Itself => self.movement(id).map(Subject::Movement),
            About::Record(record) => Some(Subject::Record(record)),
        }
    }

    /// The plan it puts into force.
    pub fn plan(&self) -> Option<&Plan> {
        match self {
            Self::MovementPlanned(body) => Some(&body.plan),
            Self::MovementRevised(body) => Some(&body.plan),
            _ => None,
        }
    }

    /// Emergencies, and check-ins of people who are not safe, go out before all others.
    pub fn is_urgent(&self) -> bool {
        match self {
            Self::CheckinMade(body) => body.people.is_urgent() || body.duress,
            Self::EmergencyRaised(_)
            | Self::EmergencyAcknowledged(_)
            | Self::EmergencyResolved(_)
            | Self::OverdueRaised(_)
            | Self::OverdueAcknowledged(_)
            | Self::OverdueResolved(_) => true,
            // An ultimatum, whoever passes it on and whenever it is added, and an incident in which somebody needs help.
            Self::Filled(filled) => filled.moment("deadline").is_some() || filled.yes("critical"),
            _ => false,
        }
    }

    /// Whether it calls for people at once, whatever else waits: an emergency, or a sign of duress.
    pub fn is_alarm(&self) -> bool {
        match self {
            Self::EmergencyRaised(_) => true,
            Self::CheckinMade(body) => body.duress,
            _ => false,
        }
    }

    /// Whether somebody is expected to answer this record: it waits on the watch board until one does.
    pub fn waits_for_answer(&self) -> bool {
        match self {
            // Whoever wrote it down has heard it.
            Self::CheckinMade(body) => body.relayed.is_none(),
            Self::EmergencyRaised(_) => true,
            _ => false,
        }
    }

    /// Whether this record is the answer that takes its subject off the watch board.
    pub fn answers(&self) -> Option<EventId> {
        match self {
            Self::CheckinConfirmed(body) => Some(body.record),
            Self::EmergencyAcknowledged(body) => Some(body.record),
            Self::EmergencyResolved(body) => Some(body.record),
            _ => None,
        }
    }

    /// What its author wrote.
    pub fn note(&self) -> Option<&str> {
        match self {
            Self::CheckinMade(body) => body.note.as_deref(),
            Self::EmergencyRaised(body) => body.note.as_deref(),
            Self::EmergencyResolved(body) => body.note.as_deref(),
            Self::MovementClosed(body) => body.note.as_deref(),
            Self::OverdueStep(body) => body.tried.note.as_deref(),
            Self::EmergencyStep(body) => body.tried.note.as_deref(),
            Self::OverdueResolved(body) => body.note.as_deref(),
            _ => None,
        }
    }

    pub fn position(&self) -> Option<&Position> {
        match self {
            Self::CheckinMade(body) => Some(&body.position),
            Self::EmergencyRaised(body) => Some(&body.position),
            _ => None,
        }
    }
}

impl From<Fault> for BodyError {
    fn from(fault: Fault) -> Self {
        Self::Malformed(fault.to_string())
    }
}
