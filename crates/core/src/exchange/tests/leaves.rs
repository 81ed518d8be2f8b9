//! Who gets what: planted words that may be found in no file of those who may not see them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::{Audience, redact};
use super::files;
use crate::event::{Body, Digest, Event, EventId, Filled, Kind, Payload, RecordSeen};
use crate::rules::Role;
use crate::testing::items::Item;

fn text(id: EventId) -> String {
    id.to_string()
}

/// Every text of it has the word in it.
fn threat(n: u64, word: &str, more: &Value) -> Item {
    let mut data = json!({
        "summary": format!("{word} summary"), "words": format!("{word} words"),
        "place": {"name": format!("{word} place"), "pcode": format!("{word}1"), "at": [13.466_48, 22.198_75]},
    });
    let all = data.as_object_mut().unwrap();
    all.extend(more.as_object().unwrap().clone());
    Item::new(n, "threat", &data)
}

fn link(n: u64, from: &mut Item, to: EventId, note: &str) {
    let data = json!({"from": text(from.id()), "to": text(to), "relation": "led_to", "note": note});
    let Value::Object(data) = data else { panic!() };
    from.add(n, Body::Filled(Box::new(Filled { kind: Kind::LinkMade, data })));
}

/// Items of each kind, and the id of a protected one that is not among them.
fn items() -> (Vec<Item>, EventId) {
    let secret = json!({"sensitive": true});
    let unseen = threat(90, "Unlisted", &secret).id();
    let hidden = threat(1, "Secret", &secret);
    let mut own = threat(2, "Mine", &json!({}));
    own.own = true;
    let mut own_hidden = threat(3, "Minesecret", &secret);
    own_hidden.own = true;
    let out_of_it = Item::new(
        4,
        "action",
        &json!({
            "what": "Derived", "action": "relocation", "owner": {"name": "x"}, "due": "2026-07-20T00:00:00Z",
            "of": text(hidden.id()),
        }),
    );
    let further = threat(5, "Further", &json!({"of": text(out_of_it.id())}));
    let beside = threat(6, "Beside", &json!({"of": text(unseen)}));
    let mut plain = threat(7, "Plain", &json!({}));
    plain.author_name = "Author".to_owned();
    link(8, &mut plain, hidden.id(), "Linked");
    link(9, &mut plain, unseen, "Unlinked");
    let newer = plain.say(10, Kind::ThreatEvaluated, &json!({"source": "A"}));
    newer.event.kind = Kind::from_event_type("org.waymark.source.named.v1");
    newer.event.extensions.insert("protected".to_owned(), true.into());
    newer.event.payload = Payload::Open(json!({"name": "Newer"}));
    newer.event.digest = Digest::of_json(&json!({"name": "Newer"}));
    let mut updated = threat(11, "Updated", &json!({}));
    updated.say(12, Kind::ReportUpdated, &json!({"form": "threat", "demand": "Amended", "sensitive": true}));
    updated.events[1].event.extensions.insert("protected".to_owned(), true.into());
    (vec![hidden, own, own_hidden, out_of_it, further, beside, plain, updated], unseen)
}

#[test]
fn the_table_of_what_leaves_for_whom() {
    let (items, unseen) = items();
    let rows: Vec<_> = items.iter().map(Item::row).collect();
    let unknown = BTreeSet::from([unseen]);
    let audiences = Role::ALL.map(Audience::Organisation).into_iter().chain([Audience::Outside]);
    //                     T  R  M  S  C  outside
    let table = [
        ("Plain summary", [0, 0, 1, 1, 1, 1]),
        ("Mine summary", [1, 1, 1, 1, 1, 1]),
        ("Minesecret", [1, 1, 1, 1, 1, 0]),
        ("Secret", [0, 0, 0, 1, 1, 0]),
        ("Derived", [0, 0, 0, 1, 1, 0]),
        ("Further", [0, 0, 0, 1, 1, 0]),
        ("Beside", [0, 0, 0, 1, 1, 0]),
        ("Linked", [0, 0, 0, 1, 1, 0]),
        ("Unlinked", [0, 0, 0, 1, 1, 0]),
        ("Newer", [0, 0, 0, 1, 1, 0]),
        ("Updated", [0, 0, 0, 1, 1, 0]),
        ("Amended", [0, 0, 0, 1, 1, 0]),
    ];
    for (at, audience) in audiences.enumerate() {
        let export = redact(&rows, audience, &unknown);
        let all = files(&export.items);
        for (word, expected) in table {
            let found: Vec<_> = all.iter().filter(|(_, file)| file.contains(word)).collect();
            assert_eq!(!found.is_empty(), expected[at] == 1, "{word} for {audience:?} in {found:?}");
        }
        for hidden in [items[0].id(), unseen] {
            let known = all.iter().any(|(_, file)| file.contains(&text(hidden)));
            assert_eq!(known, matches!(at, 3 | 4), "even its id, for {audience:?}");
        }
        assert_eq!(export.left_out, [6, 6, 5, 0, 0, 6][at], "{audience:?}");
    }
}

#[test]
fn no_name_no_exact_words_and_no_exact_place_leave_the_organisation() {
    let mut threat = threat(
        1,
        "Plain",
        &json!({
            "speaker": "Planted speaker", "recipient": "Planted recipient", "witnesses": "Planted witnesses",
            "translation": "Planted translation", "target_name": "Planted target", "told": ["Planted told"],
            "cues": "Planted cues", "colour": "Planted member", "photos": [], "movement": text(EventId::new(7, [7; 10])),
        }),
    );
    threat.author_name = "Planted author".to_owned();
    threat.say(
        2,
        Kind::ThreatEvaluated,
        &json!({"source": "B", "who": "Planted conclusion", "likelihood": 4}),
    );
    threat.say(
        3,
        Kind::ReportUpdated,
        &json!({"form": "threat", "place": {"name": "Abéché", "at": [13.829_16, 20.8324]}}),
    );
    threat.events[0].event.extensions.insert("nickname".to_owned(), "Planted extension".into());
    let seen = Body::RecordSeen(RecordSeen { record: threat.id(), digest: threat.events[0].event.digest });
    threat.add(4, seen);
    let incident = Item::new(
        5,
        "incident",
        &json!({
            "what": "Stopped at a checkpoint", "who": "Planted who", "actor": "Planted actor",
            "course": "Planted course", "place": {"name": "Adré", "at": [13.466_48, 22.198_75]},
        }),
    );
    let person = json!({"name": "Planted person", "user": "planted"});
    let action = Item::new(
        6,
        "action",
        &json!({
            "what": "Move out", "action": "relocation", "owner": person, "due": "2026-07-20T00:00:00Z",
        }),
    );
    let inquiry =
        Item::new(7, "investigation", &json!({"into": "risk", "scope": "The road", "leader": person}));
    let talk = Item::new(8, "consulted", &json!({"stakeholder": "Planted chief", "said": "Planted said"}));

    let items = [threat, incident, action, inquiry, talk];
    let rows: Vec<_> = items.iter().map(Item::row).collect();
    let export = redact(&rows, Audience::Outside, &BTreeSet::new());
    assert_eq!((export.items.len(), export.left_out), (5, 0));
    for (format, file) in files(&export.items) {
        for word in [
            "lanted",
            "Plain words",
            "13.829",
            "20.832",
            "13.466",
            "22.198",
            "\"Point\"",
            "circle>",
            "amina",
            "Amina",
            "movement",
            &items[0].events[0].event.digest.to_string(),
        ] {
            assert!(!file.contains(word), "{word} in {format}: {file}");
        }
    }
    let all = redact(&rows, Audience::Organisation(Role::Security), &BTreeSet::new());
    let everything: String = files(&all.items).into_iter().map(|(_, file)| file).collect();
    for word in [
        "Planted person",
        "Planted author",
        "Planted course",
        "Planted member",
        "Plain words",
        "13.829",
        "circle>",
    ] {
        assert!(everything.contains(word), "{word}");
    }
}

#[test]
fn a_redacted_record_has_a_digest_of_its_own_and_says_that_it_is_one() {
    let (items, unseen) = items();
    let rows: Vec<_> = items.iter().map(Item::row).collect();
    let unknown = BTreeSet::from([unseen]);
    for (audience, redacted) in [(Audience::Organisation(Role::Central), false), (Audience::Outside, true)] {
        let export = redact(&rows, audience, &unknown);
        let batch: Vec<Value> = serde_json::from_str(&super::cloudevents::batch(&export.items)).unwrap();
        assert!(!batch.is_empty());
        for json in batch {
            let event = Event::from_json(json).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(event.extensions.get("redacted").is_some(), redacted);
        }
    }
}
