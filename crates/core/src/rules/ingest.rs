//! What a server says to a record that arrives: the same in the reference server and in the simulator.

use serde_json::Value;

use super::Role;
use super::authority::{Part, may_answer, may_resolve, may_verify, may_write, may_write_about};
use crate::event::form::Form;
use crate::event::{About, Body, BodyError, DeviceId, Digest, Event, EventId, Kind, Source, Stamp, UserId};
use crate::json;
use crate::sync::{Outcome, Refusal};

/// Who is sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    pub source: Source,
    pub user: UserId,
    pub role: Role,
    /// Milliseconds to add to the sender's clock to get the server's, measured on this request.
    pub clockoffset: Option<i64>,
}

/// What the server already holds that matters to one record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// What is held under this id.
    pub held: Option<HeldAs>,
    /// Who wrote the record that this one is about.
    pub subject_author: Option<UserId>,
    /// How its author stands to the movement it names; `None` when that is not known here.
    pub part: Option<Part>,
    /// Who has to do the action that this one is about, and who has said that it is done.
    pub doers: Vec<UserId>,
}

/// Who wrote the record that is held under an id, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldAs {
    pub device: DeviceId,
    pub digest: Digest,
}

/// Reads one record of a batch.
///
/// # Errors
/// The refusal to put on its receipt.
pub fn read(record: Value) -> Result<Event, Refusal> {
    if json::weight(&record, MAX_DEPTH).is_none_or(|weight| weight > MAX_WEIGHT) {
        let words = format!("a record has at most {MAX_WEIGHT} bytes and {MAX_DEPTH} levels");
        return Err(Refusal::new("record_too_large", words));
    }
    let event =
        Event::from_json(record).map_err(|error| Refusal::new("invalid_record", error.to_string()))?;
    match event.body() {
        Ok(_) | Err(BodyError::UnknownKind) => Ok(event),
        Err(error @ BodyError::Malformed(_)) => Err(Refusal::new("invalid_data", error.to_string())),
    }
}

/// A page of the feed wraps records in a level more than a batch does, and every phone must be able to read it.
const MAX_DEPTH: u32 = 32;
/// About a hundred times an ordinary record.
const MAX_WEIGHT: usize = 64 * 1024;

/// The movement an event belongs to, whose crew may see it.
pub fn movement(event: &Event) -> Option<EventId> {
    event.body().ok()?.movement(event.id)
}

/// What is tried about an emergency is for those who stay behind: whoever threatens a convoy may look at its phones.
pub fn is_kept_from_crew(event: &Event) -> bool {
    event.kind == Kind::EmergencyStep
}

/// What everybody has to know who works there, whatever their role: who is called, and what an office adds to a card.
pub fn is_for_all_staff(event: &Event) -> bool {
    let kind = adds_to(event).map_or(&event.kind, |form| &form.kind);
    matches!(kind, Kind::GuidanceNoted | Kind::PlanStaffed)
}

/// For whose people that is, where it says so and its author works there: an author of everywhere may name any area, and
/// one of some none but those.
pub fn area_of(event: &Event, author: &[String]) -> Option<String> {
    let area = match event.body() {
        Ok(Body::Filled(filled)) if is_for_all_staff(event) => filled.text("area")?.to_owned(),
        _ => return None,
    };
    (author.is_empty() || author.contains(&area)).then_some(area)
}

/// Which record an event is about, whose author decides who may answer and who may see.
///
/// Of kinds that are known, what the data says counts, whatever stands on the envelope.
pub fn subject_record(event: &Event) -> Option<EventId> {
    if let Ok(body) = event.body() {
        return match body.about() {
            About::Record(id) => Some(id),
            About::Itself => None,
        };
    }
    match &event.subject {
        Some(crate::event::Subject::Record(id)) => Some(*id),
        _ => None,
    }
}

/// Who has to do what it says, and so may see it and what is said about it.
pub fn addressee(event: &Event) -> Option<UserId> {
    match event.body() {
        Ok(Body::Filled(filled)) if event.kind == Kind::ActionOpened => filled.person("owner")?.user,
        _ => None,
    }
}

/// The form of the item that an update adds to: who may not write the one may not rewrite it either.
fn adds_to(event: &Event) -> Option<&'static Form> {
    match event.body() {
        Ok(Body::Filled(filled)) if event.kind == Kind::ReportUpdated => filled.fields_of(),
        _ => None,
    }
}

/// Everything an event refers to: it is kept from whoever may not see one of these.
pub fn references(event: &Event) -> Vec<EventId> {
    match event.body() {
        Ok(Body::Filled(filled)) => filled.references(),
        _ => subject_record(event).into_iter().collect(),
    }
}

/// Decides what becomes of a record.
pub fn judge(event: &Event, sender: &Sender, known: &Known) -> Outcome {
    if event.source != sender.source {
        let words = "a device sends only what was written on it";
        return Outcome::Rejected(Refusal::new("wrong_source", words.to_owned()));
    }
    if event.author != sender.user {
        let words = "the author is not the person who is signed in";
        return Outcome::Rejected(Refusal::new("wrong_author", words.to_owned()));
    }
    match &known.held {
        Some(held) if held.digest == event.digest && held.device == event.source.device => {
            return Outcome::Duplicate;
        }
        // An event is named by its source and id: two devices that made the same id wrote two events, even if both
        // say no more than "safe".
        Some(_) => return Outcome::Conflict,
        None => {}
    }
    let allowed = may_write(sender.role, &event.kind).and_then(|()| match &known.subject_author {
        Some(subject_author) if event.kind == Kind::EmergencyResolved => {
            may_resolve(sender.role, &event.author, subject_author)
        }
        Some(subject_author) => may_answer(&event.kind, &event.author, subject_author),
        None => Ok(()),
    });
    let allowed = allowed.and_then(|()| match known.part {
        Some(part) => may_write_about(sender.role, &event.kind, part),
        None => Ok(()),
    });
    let allowed = allowed.and_then(|()| match adds_to(event) {
        Some(form) => may_write(sender.role, &form.kind),
        None => Ok(()),
    });
    let allowed = allowed.and_then(|()| may_verify(&event.kind, &event.author, &known.doers));
    match allowed {
        Ok(()) => Outcome::Accepted,
        Err(forbidden) => Outcome::Rejected(Refusal::new("not_allowed", forbidden.to_string())),
    }
}

/// When it happened by the server's clock. The offset measured before writing is the best witness; one measured on
/// sending serves when there was none, and small ones are left alone.
pub fn happened(event: &Event, sender: &Sender) -> Stamp {
    event.time.corrected(event.clockoffset.or(sender.clockoffset))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::build;

    fn sender(role: Role) -> Sender {
        Sender { source: build::source("d1"), user: "d1".into(), role, clockoffset: None }
    }

    fn code(outcome: Outcome) -> String {
        match outcome {
            Outcome::Rejected(refusal) => refusal.code,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn duplicates_and_conflicts_are_told_apart() {
        let event = build::checkin(1);
        let judged = |device: &str, digest| {
            let held = Some(HeldAs { device: device.into(), digest });
            judge(&event, &sender(Role::Traveller), &Known { held, ..Known::default() })
        };
        assert_eq!(judge(&event, &sender(Role::Traveller), &Known::default()), Outcome::Accepted);
        assert_eq!(judged("d1", event.digest), Outcome::Duplicate);
        assert_eq!(judged("d1", Digest::of_bytes(b"x")), Outcome::Conflict);
        assert_eq!(judged("d2", event.digest), Outcome::Conflict, "another device's record");
    }

    #[test]
    fn what_a_role_may_not_write_it_may_not_rewrite() {
        let record = EventId::new(1, [1; 10]).to_string();
        let update = |form: &str, data: serde_json::Value| {
            let mut data = data;
            data["record"] = record.clone().into();
            data["form"] = form.into();
            build::unsaved("d1", 1, build::filled("update", &data)).into_event(1)
        };
        let level = update("level", serde_json::json!({"level": "low"}));
        let threat = update("threat", serde_json::json!({"demand": "leave"}));
        let said = |event: &Event, role| code(judge(event, &sender(role), &Known::default()));
        assert_eq!(said(&level, Role::Manager), "not_allowed");
        assert_eq!(said(&level, Role::Security), "Accepted");
        assert_eq!(said(&threat, Role::Traveller), "Accepted");
    }

    #[test]
    fn others_may_not_be_impersonated() {
        let event = build::checkin(1);
        let mut stranger = sender(Role::Central);
        stranger.source = build::source("d2");
        assert_eq!(code(judge(&event, &stranger, &Known::default())), "wrong_source");
        let mut stranger = sender(Role::Central);
        stranger.user = "someone".into();
        assert_eq!(code(judge(&event, &stranger, &Known::default())), "wrong_author");
    }

    #[test]
    fn a_traveller_confirms_nothing_and_a_manager_not_themselves() {
        let made = build::checkin(1);
        let confirmed = build::unsaved("d1", 2, build::confirmation_of(&made)).into_event(2);
        let by = |author: &str| Known { subject_author: Some(author.into()), ..Known::default() };
        assert_eq!(code(judge(&confirmed, &sender(Role::Traveller), &by("d2"))), "not_allowed");
        assert_eq!(code(judge(&confirmed, &sender(Role::Manager), &by("d1"))), "not_allowed");
        assert_eq!(judge(&confirmed, &sender(Role::Manager), &by("d2")), Outcome::Accepted);
    }

    #[test]
    fn a_clock_wrong_by_a_year_is_put_right() {
        let year = 365 * 86_400_000;
        let mut event = build::checkin(1);
        let mut sender = sender(Role::Traveller);
        sender.clockoffset = Some(year);
        assert_eq!(happened(&event, &sender), event.time.plus_ms(year));
        event.clockoffset = Some(10);
        assert_eq!(happened(&event, &sender), event.time, "the offset known when writing wins");
        for nonsense in [i64::MIN, i64::MAX] {
            event.clockoffset = Some(nonsense);
            let happened = happened(&event, &sender);
            assert_eq!(happened.to_string().parse(), Ok(happened));
        }
    }

    #[test]
    fn what_no_phone_could_read_back_is_refused() {
        let mut deep = build::checkin(1).to_json();
        deep["type"] = "org.example.deep.v1".into();
        deep["data"] = (0..60).fold(Value::Null, |inner, _| Value::Array(vec![inner]));
        assert_eq!(read(deep.clone()).unwrap_err().code, "record_too_large");
        deep["data"] = "x".repeat(MAX_WEIGHT).into();
        assert_eq!(read(deep).unwrap_err().code, "record_too_large");
    }

    #[test]
    fn a_stranger_does_not_end_an_emergency() {
        let raised = build::unsaved("d2", 1, build::emergency_body()).into_event(1);
        let draft = crate::event::ResolveDraft { note: "mistake".into(), ..Default::default() };
        let over = Body::EmergencyResolved(draft.parse(raised.id, None).unwrap());
        let over = build::unsaved("d1", 2, over).into_event(2);
        let known = Known { subject_author: Some("d2".into()), ..Known::default() };
        assert_eq!(code(judge(&over, &sender(Role::Traveller), &known)), "not_allowed");
        assert_eq!(judge(&over, &sender(Role::Manager), &known), Outcome::Accepted);
        let own = Known { subject_author: Some("d1".into()), ..Known::default() };
        assert_eq!(judge(&over, &sender(Role::Traveller), &own), Outcome::Accepted);
    }

    #[test]
    fn whoever_did_it_does_not_verify_it() {
        let action = build::checkin(1).id.to_string();
        let mut json = build::checkin(2).to_json();
        json["type"] = "org.waymark.action.verified.v1".into();
        json["data"] = serde_json::json!({"record": action, "holds": "yes"});
        json["digest"] = Digest::of_json(&json["data"]).to_string().into();
        let verified = read(json).unwrap();
        let done_by = |user: &str| Known { doers: vec![user.into()], ..Known::default() };
        assert_eq!(code(judge(&verified, &sender(Role::Manager), &done_by("d1"))), "not_allowed");
        assert_eq!(judge(&verified, &sender(Role::Manager), &done_by("d2")), Outcome::Accepted);
    }

    #[test]
    fn data_that_does_not_fit_its_kind_is_refused_with_words() {
        let mut json = build::checkin(1).to_json();
        json["data"] = serde_json::json!({"checkin": "halted"});
        json["digest"] = Digest::of_json(&json["data"]).to_string().into();
        let refusal = read(json).unwrap_err();
        assert_eq!(refusal.code, "invalid_data");
        assert!(refusal.detail.contains("people"), "{}", refusal.detail);
    }
}
