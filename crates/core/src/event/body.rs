use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    CheckinConfirmed, CheckinMade, EmergencyAcknowledged, EmergencyRaised, EmergencyResolved, EventId, Kind,
    MovementClosed, MovementPlanned, MovementRevised, OverdueAcknowledged, OverdueRaised, OverdueResolved,
    OverdueStep, Plan, Position, RecordSeen, Subject, position,
};

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
    EmergencyAcknowledged(EmergencyAcknowledged),
    EmergencyResolved(EmergencyResolved),
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
        let body = match kind {
            Kind::MovementPlanned => Self::MovementPlanned(from(data)?),
            Kind::MovementRevised => Self::MovementRevised(from(data)?),
            Kind::MovementClosed => Self::MovementClosed(from(data)?),
            Kind::CheckinMade => Self::CheckinMade(from(data)?),
            Kind::CheckinConfirmed => Self::CheckinConfirmed(from(data)?),
            Kind::RecordSeen => Self::RecordSeen(from(data)?),
            Kind::OverdueRaised => Self::OverdueRaised(from(data)?),
            Kind::OverdueStep => Self::OverdueStep(from(data)?),
            Kind::OverdueAcknowledged => Self::OverdueAcknowledged(from(data)?),
            Kind::OverdueResolved => Self::OverdueResolved(from(data)?),
            Kind::EmergencyRaised => Self::EmergencyRaised(from(data)?),
            Kind::EmergencyAcknowledged => Self::EmergencyAcknowledged(from(data)?),
            Kind::EmergencyResolved => Self::EmergencyResolved(from(data)?),
            Kind::Other(_) => return Err(BodyError::UnknownKind),
        };
        if let Some(Err(error)) = body.position().map(position::check) {
            return Err(BodyError::Malformed(format!("{} is not a coordinate", error.field)));
        }
        Ok(body)
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
            Self::EmergencyAcknowledged(_) => Kind::EmergencyAcknowledged,
            Self::EmergencyResolved(_) => Kind::EmergencyResolved,
        }
    }

    pub fn to_data(&self) -> Value {
        match self {
            Self::MovementPlanned(body) => into(body),
            Self::MovementRevised(body) => into(body),
            Self::MovementClosed(body) => into(body),
            Self::CheckinMade(body) => into(body),
            Self::CheckinConfirmed(body) => into(body),
            Self::RecordSeen(body) => into(body),
            Self::OverdueRaised(body) => into(body),
            Self::OverdueStep(body) => into(body),
            Self::OverdueAcknowledged(body) => into(body),
            Self::OverdueResolved(body) => into(body),
            Self::EmergencyRaised(body) => into(body),
            Self::EmergencyAcknowledged(body) => into(body),
            Self::EmergencyResolved(body) => into(body),
        }
    }

    /// Which record this one is about.
    pub fn about(&self) -> About {
        match self {
            Self::CheckinConfirmed(body) => About::Record(body.record),
            Self::RecordSeen(body) => About::Record(body.record),
            Self::EmergencyAcknowledged(body) => About::Record(body.record),
            Self::EmergencyResolved(body) => About::Record(body.record),
            _ => About::Itself,
        }
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
            Self::EmergencyAcknowledged(body) => body.movement,
            Self::EmergencyResolved(body) => body.movement,
            Self::RecordSeen(_) => None,
        }
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
            Self::OverdueStep(body) => body.note.as_deref(),
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

fn from<T: DeserializeOwned>(data: &Value) -> Result<T, BodyError> {
    T::deserialize(data).map_err(|error| BodyError::Malformed(error.to_string()))
}

/// Bodies are plain structs of text and finite numbers, so this cannot fail; `Null` would be refused by a server.
fn into<T: Serialize>(body: &T) -> Value {
    serde_json::to_value(body).unwrap_or(Value::Null)
}
