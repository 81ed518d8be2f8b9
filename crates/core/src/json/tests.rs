use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Fault, Json};
use crate::backend::reference::{Directory, Enrolled};
use crate::event::{
    Body, BodyError, CheckinDraft, CloseDraft, EmergencyDraft, Kind, PlanDraft, ResolveDraft,
    ResolveOverdueDraft, TryDraft,
};
use crate::sync::{Counts, Meta, Receipts, Refused, UnsentLoss};

const ID: &str = "019807b6-4f00-7000-8000-000000000001";
const OTHER: &str = "019807b6-4f00-7000-8000-000000000002";
const DIGEST: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const TIME: &str = "2026-07-14T03:35:20.000Z";

fn people(name: &str) -> Value {
    json!({"name": name, "user": "u1"})
}

fn plan() -> Value {
    json!({
        "name": "Abéché", "purpose": "aid", "clearance": "C 1", "notification": "N 1", "area_level": "high",
        "leader": people("Amina"), "on_foot": [people("Zara")], "headcount": 5, "depart": TIME,
        "vehicles": [{"call_sign": "M1", "plate": "12 A", "people": [people("Idriss"), {"name": "Brahim"}]}],
        "from": {"name": "Base", "code_name": "Alpha", "at": [13.5, -20.25]},
        "legs": [{
            "to": {"name": "Bridge"}, "road": "N2", "km": 62.5, "minutes": 90, "medical": "clinic",
            "overnight_until": TIME,
        }],
        "turnaround": TIME, "no_go": ["rain"], "contacts": ["Moussa"],
        "means": [{"pace": "primary", "text": "HF"}],
        "actions_on": [{"situation": "attack", "text": "drive on"}],
        "watch": {"interval": 30, "grace": 5, "prompt": 2, "step": 5, "hold": 20},
    })
}

fn bare_plan() -> Value {
    json!({
        "name": "N", "area_level": "of_a_later_version", "headcount": 1, "depart": TIME, "vehicles": [],
        "from": {"name": "Base"}, "legs": [],
        "watch": {"interval": 30, "grace": 5, "prompt": 2, "step": 5, "hold": 20},
    })
}

/// Every kind with all its members, and with as few as it can have.
fn bodies() -> Vec<(Kind, Value)> {
    let gps = json!({"source": "gps", "lat": 1.5, "lon": 2.25, "accuracy": 8.0, "fixed": TIME});
    vec![
        (Kind::MovementPlanned, json!({"plan": plan()})),
        (Kind::MovementPlanned, json!({"plan": bare_plan()})),
        (Kind::MovementRevised, json!({"movement": ID, "replaces": OTHER, "plan": plan()})),
        (
            Kind::MovementClosed,
            json!({"movement": ID, "ending": "completed", "accounted": 5, "contact": "C", "note": "N"}),
        ),
        (Kind::MovementClosed, json!({"movement": ID, "ending": "cancelled"})),
        (
            Kind::CheckinMade,
            json!({
                "checkin": "halted", "people": "safe", "headcount": 4, "position": gps, "note": "N",
                "movement": ID, "roll": {"vehicles": ["M1"], "separated": ["M2"], "missing": ["Zara"]},
                "detail": {"reason": "R", "route": "N2", "vehicle": "M1", "passage": "free", "who": "W"},
                "next_in": 30, "relayed": {"via": "HF", "said_by": "Amina"}, "duress": true,
            }),
        ),
        (
            Kind::CheckinMade,
            json!({"checkin": "scheduled", "people": "unknown", "position": {"source": "none"}}),
        ),
        (Kind::CheckinConfirmed, json!({"record": ID, "digest": DIGEST, "movement": OTHER})),
        (Kind::RecordSeen, json!({"record": ID, "digest": DIGEST})),
        (Kind::OverdueRaised, json!({"movement": ID, "due": TIME})),
        (Kind::OverdueRaised, json!({"movement": ID, "due": TIME, "vehicles": ["M1", "M2"]})),
        (
            Kind::OverdueStep,
            json!({
                "movement": ID, "due": TIME, "vehicles": ["M1"], "stage": 2, "to": "leader", "means": "HF", "result": "sent",
                "note": "N", "automatic": true,
            }),
        ),
        (
            Kind::OverdueStep,
            json!({"movement": ID, "due": TIME, "stage": 1, "to": "leader", "means": "HF", "result": "sent"}),
        ),
        (Kind::OverdueAcknowledged, json!({"movement": ID, "due": TIME})),
        (Kind::OverdueAcknowledged, json!({"movement": ID, "due": TIME, "vehicles": ["M1"]})),
        (
            Kind::OverdueResolved,
            json!({
                "movement": ID, "due": TIME, "vehicles": ["M1"], "how": "contact", "record": OTHER, "note": "N",
                "automatic": true,
            }),
        ),
        (
            Kind::EmergencyRaised,
            json!({"reason": "attack", "position": {"source": "odometer", "km": 12.5}, "note": "N", "movement": ID}),
        ),
        (
            Kind::EmergencyStep,
            json!({
                "record": ID, "movement": OTHER, "stage": 6, "to": "every_manager", "means": "push", "result": "failed",
                "note": "N", "automatic": true,
            }),
        ),
        (
            Kind::EmergencyStep,
            json!({"record": ID, "stage": 2, "to": "leader", "means": "HF", "result": "no_answer"}),
        ),
        (Kind::EmergencyAcknowledged, json!({"record": ID, "digest": DIGEST})),
        (Kind::EmergencyResolved, json!({"record": ID, "reason": "false_alarm", "note": "N"})),
        (
            Kind::MovementDecided,
            json!({
                "movement": ID, "plan": ID, "decision": "go_with_conditions", "reason": "R", "conditions": "C",
                "known": {
                    "seen_as_of": TIME, "unsent": 2, "left_out": 0,
                    "legs": [{
                        "from": "A", "to": "B", "level": "high",
                        "items": [{"id": OTHER, "form": "threat", "open": true}],
                    }],
                },
            }),
        ),
        (
            Kind::ThreatReported,
            json!({
                "words": "W", "place": {"name": "P", "pcode": "TD01", "at": [13.5, 22.2], "coarse": true},
                "sensitive": true, "photos": [{
                    "sha256": DIGEST, "media_type": "image/jpeg", "bytes": 9, "width": 3, "height": 2,
                }],
            }),
        ),
    ]
}

#[test]
fn every_body_is_written_as_it_was_read() {
    for (kind, data) in bodies() {
        assert_eq!(Body::read(&kind, &data).unwrap().to_data(), data, "{kind:?}");
    }
}

#[test]
fn what_is_missing_or_wrong_is_named() {
    let fault = |change: fn(&mut Value)| {
        let mut data = json!({"plan": plan()});
        change(&mut data["plan"]);
        match Body::read(&Kind::MovementPlanned, &data) {
            Err(BodyError::Malformed(words)) => words,
            other => format!("{other:?}"),
        }
    };
    let named = |name: &'static str| Fault(name).to_string();
    assert_eq!(fault(|plan| _ = plan.as_object_mut().unwrap().remove("name")), named("name"));
    assert_eq!(fault(|plan| plan["headcount"] = json!(-1)), named("headcount"));
    assert_eq!(fault(|plan| plan["headcount"] = json!(1.5)), named("headcount"));
    assert_eq!(fault(|plan| plan["depart"] = json!("noon")), named("depart"));
    assert_eq!(fault(|plan| plan["legs"] = json!([{}])), named("to"));
    assert_eq!(fault(|plan| plan["vehicles"] = Value::Null), named("vehicles"));
    assert_eq!(fault(|plan| plan["from"]["at"] = json!([1.0])), named("at"));
    assert_eq!(fault(|plan| *plan = json!([])), named("plan"));
}

/// Through serde, and back to the same members.
fn stays<T: Json + Serialize + DeserializeOwned>(json: &Value) {
    let read: T = serde_json::from_str(&json.to_string()).unwrap();
    assert_eq!(read.to_value(), *json);
    assert_eq!(serde_json::to_value(&read).unwrap(), *json);
}

#[test]
fn drafts_and_answers_are_written_as_they_were_read() {
    for fresh in [CheckinDraft::default().to_value(), PlanDraft::default().to_value()] {
        assert!(fresh.as_object().is_some_and(|members| members.len() > 10), "{fresh}");
    }
    stays::<CheckinDraft>(&CheckinDraft::default().to_value());
    stays::<PlanDraft>(&PlanDraft::default().to_value());
    stays::<CloseDraft>(&json!({"ending": "completed", "accounted": "4", "contact": "C", "note": "N"}));
    stays::<EmergencyDraft>(&json!({"reason": "other", "note": "", "movement": null}));
    stays::<ResolveDraft>(&json!({"reason": "other", "note": "N"}));
    stays::<TryDraft>(&json!({"to": "leader", "means": "HF", "result": "sent", "note": ""}));
    stays::<ResolveOverdueDraft>(&json!({"how": "contact", "note": ""}));

    let session = json!({
        "org": "acme", "org_name": "Acme", "user": "u", "name": "I", "role": "manager", "areas": ["A"],
        "device": "d", "token": "t",
    });
    stays::<Meta>(&Meta::default().to_value());
    stays::<Meta>(&json!({
        "device_key": "k", "session": session, "epoch": "e", "cursor": 7, "understood": 0, "clockoffset": -3,
        "home": null, "mirrors": [], "numbered": 0,
    }));
    stays::<Counts>(&json!({"queued": 1, "refused": 0, "records": 5, "oldest_queued": TIME}));
    stays::<UnsentLoss>(&json!({"unsent": 1, "since": null}));
    stays::<Refused>(&json!({
        "entry": {"id": ID, "digest": DIGEST, "devseq": 3, "urgent": true, "bytes": 400},
        "refusal": {"code": "not_allowed", "detail": "no"}, "at": TIME,
    }));
    stays::<Receipts>(&json!({
        "epoch": "e", "received": TIME,
        "receipts": [
            {"source": "/orgs/a/devices/d", "id": ID, "digest": DIGEST, "outcome": "accepted", "seq": 9},
            {"source": "/orgs/a/devices/d", "id": ID, "digest": DIGEST, "outcome": "duplicate", "received": TIME},
            {"source": "/orgs/a/devices/d", "id": ID, "digest": DIGEST, "outcome": "rejected", "code": "c", "detail": "d"},
        ],
    }));
    let mut enrolled = session;
    enrolled["epoch"] = json!("e");
    enrolled["now"] = json!(TIME);
    stays::<Enrolled>(&enrolled);
    stays::<Directory>(&json!({
        "people": [{"user": "u", "name": "I"}],
        "levels": {"high": {"interval": 30, "grace": 5, "prompt": 2, "step": 5, "hold": 20}},
    }));
}

#[test]
fn a_draft_of_an_older_version_is_filled_up() {
    let draft: PlanDraft = serde_json::from_str(r#"{"name":"N","later":true}"#).unwrap();
    assert_eq!(draft, PlanDraft { name: "N".into(), ..PlanDraft::default() });
}
