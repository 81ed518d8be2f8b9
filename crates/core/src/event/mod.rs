//! Events: something happened, was written down by someone on a device, about something.
//!
//! An event is a CloudEvents 1.0 envelope ([`Event`]) around a payload. Kinds this version knows parse into
//! [`Body`]; kinds it does not know are kept and passed on as they are.

mod body;
mod canonical;
mod checkin;
mod code_list;
mod decision;
mod digest;
mod draft;
mod emergency;
mod envelope;
pub mod form;
mod ids;
mod kind;
mod movement;
mod overdue;
mod plan;
mod plan_draft;
mod position;
mod stamp;
mod tried;

pub use body::{About, Body, BodyError};
pub use checkin::{
    CheckinConfirmed, CheckinDraft, CheckinKind, CheckinMade, Detail, DetailField, MAX_HEADCOUNT, Passage,
    PeopleState, RecordSeen, Relayed, Roll,
};
pub use decision::{
    Decided, DecisionDraft, Known, KnownCheck, KnownItem, KnownLeg, KnownPhone, MovementDecided,
};
pub use digest::Digest;
pub use draft::{FieldError, MAX_NAME, MAX_NOTE, Problem, western};
pub use emergency::{
    EmergencyAcknowledged, EmergencyDraft, EmergencyRaised, EmergencyReason, EmergencyResolved,
    EmergencyStep, ResolveDraft,
};
pub use envelope::{Arrival, EnvelopeError, Event, Payload, Record, Unsaved};
pub use form::{Filled, Form, Outcome, Photo, Relation, Sector, Spot};
pub use ids::{DeviceId, EventId, OrgId, Source, Subject, UserId};
pub use kind::Kind;
pub use movement::{CloseDraft, Ending, MovementClosed, MovementPlanned, MovementRevised};
pub use overdue::{
    OverdueAcknowledged, OverdueRaised, OverdueResolved, OverdueStep, ResolveOverdueDraft, ResolvedHow,
};
pub(crate) use plan::minutes;
pub use plan::{
    ActionOn, AreaLevel, Leg, MANY_VEHICLES, Means, Pace, Person, Place, Plan, Situation, TOO_MANY_VEHICLES,
    Vehicle, WatchRules, number_in,
};
pub use plan_draft::{LegDraft, PlaceDraft, PlanDraft, PlanPart, Stretch, VehicleDraft, with_name};
pub use position::{MAX_FIX_AGE_MS, Position, PositionDraft, PositionSource};
pub use stamp::Stamp;
pub use tried::{NO_MEANS, Party, Tried, TryDraft, TryResult};
