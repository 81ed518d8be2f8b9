//! Who sees what, role by role, through HTTP.

use serde_json::json;
use waymark_core::event::{Event, Kind};
use waymark_core::rules::Role;

use crate::support::{Phone, Server};

/// Notes that tell the records apart: who wrote it, and whether it is protected.
async fn seen_by(phone: &Phone) -> Vec<String> {
    let mut seen: Vec<_> = phone.feed().await.iter().map(|record| record.event.pack.clone()).collect();
    seen.sort();
    seen
}

async fn write(phone: &Phone, n: u64, label: &str, protected: bool) {
    let mut event = phone.checkin(n);
    event.pack = label.to_owned();
    if protected {
        event.extensions.insert("protected".into(), true.into());
    }
    assert_eq!(phone.send(&[event]).await.outcomes(), ["accepted"]);
}

#[tokio::test]
async fn the_table_of_who_sees_what() {
    let server = Server::start().await;
    for (name, areas) in [("east", &["east"][..]), ("west", &["west"]), ("anywhere", &[])] {
        let author = server.phone_in("acme", Role::Reporter, areas, name).await;
        write(&author, 1, name, false).await;
        write(&author, 2, &format!("{name}, protected"), true).await;
    }
    let stranger = server.phone_in("other", Role::Central, &[], "stranger").await;
    write(&stranger, 1, "other organisation", false).await;

    let open_in_east = ["anywhere", "east"];
    let all_in_east = ["anywhere", "anywhere, protected", "east", "east, protected"];
    let open = ["anywhere", "east", "west"];
    let all = ["anywhere", "anywhere, protected", "east", "east, protected", "west", "west, protected"];
    let none: [&str; 0] = [];
    for (role, areas, expected) in [
        (Role::Traveller, &["east"][..], &none[..]),
        (Role::Traveller, &[], &none),
        (Role::Reporter, &["east"], &none),
        (Role::Manager, &["east"], &open_in_east),
        (Role::Manager, &["east", "north"], &open_in_east),
        (Role::Manager, &["north"], &["anywhere"]),
        (Role::Manager, &[], &open),
        (Role::Security, &["east"], &all_in_east),
        (Role::Security, &[], &all),
        (Role::Central, &["east"], &all_in_east),
        (Role::Central, &[], &all),
    ] {
        let viewer = server.phone_in("acme", role, areas, "viewer").await;
        assert_eq!(seen_by(&viewer).await, expected, "{role:?} {areas:?}");
    }
}

#[tokio::test]
async fn everyone_sees_what_is_said_about_their_own() {
    let server = Server::start().await;
    let idriss = server.phone_in("acme", Role::Traveller, &["east"], "Idriss").await;
    let other = server.phone_in("acme", Role::Traveller, &["east"], "Other").await;
    let amina = server.phone_in("acme", Role::Manager, &["west"], "Amina").await;
    let checkin = idriss.checkin(1);
    idriss.send(std::slice::from_ref(&checkin)).await;
    amina.send(&[amina.confirmation(1, &checkin)]).await;
    assert_eq!(idriss.feed().await.len(), 1);
    assert!(other.feed().await.is_empty());
}

#[tokio::test]
async fn a_person_with_two_phones_sees_their_own_on_the_other() {
    let server = Server::start().await;
    let first = server.phone(Role::Traveller, "Idriss").await;
    first.send(&[first.checkin(1)]).await;
    assert!(first.feed().await.is_empty(), "a device is not sent what it wrote");
    // A second device of the same user; there is no endpoint for that yet.
    let second = server.phone(Role::Traveller, "Idriss").await;
    let (device, user) = (&second.enrolled.device.0, &first.enrolled.user.0);
    server.assign(device, user).await;
    assert_eq!(second.feed().await.len(), 1);
}

#[tokio::test]
async fn an_answer_that_came_before_its_record_still_reaches_the_author() {
    let server = Server::start().await;
    let idriss = server.phone(Role::Traveller, "Idriss").await;
    let amina = server.phone(Role::Manager, "Amina").await;
    let checkin = idriss.checkin(1);
    amina.send(&[amina.confirmation(1, &checkin)]).await;
    let page = idriss.feed_reply("after=0").await.json();
    assert_eq!((&page["records"], &page["next"]), (&serde_json::json!([]), &1.into()));

    idriss.send(&[checkin]).await;
    let page = idriss.feed_reply("after=1").await.json();
    assert_eq!(page["records"].as_array().unwrap().len(), 1, "the phone had already read past it");
    assert_eq!((&page["records"][0]["seq"], &page["next"]), (&3.into(), &3.into()));
}

#[tokio::test]
async fn an_answer_is_seen_wherever_what_it_answers_is_seen() {
    for answer_first in [false, true] {
        let server = Server::start().await;
        let idriss = server.phone_in("acme", Role::Traveller, &["east"], "Idriss").await;
        let east = server.phone_in("acme", Role::Manager, &["east"], "East").await;
        let both = server.phone_in("acme", Role::Manager, &["north", "west"], "North and west").await;
        let north = server.phone_in("acme", Role::Manager, &["north"], "North").await;
        let south = server.phone_in("acme", Role::Manager, &["south"], "South").await;
        let raised = idriss.checkin(1);
        let answer = both.confirmation(1, &raised);
        let (first, then) = if answer_first { (&both, &idriss) } else { (&idriss, &both) };
        let (one, two) = if answer_first { (&answer, &raised) } else { (&raised, &answer) };
        first.send(std::slice::from_ref(one)).await;
        then.send(std::slice::from_ref(two)).await;
        let sees = async |phone: &Phone| phone.feed().await.iter().any(|record| record.event.id == answer.id);
        assert!(sees(&east).await, "who saw the record sees that somebody is on it");
        assert!(sees(&north).await, "as do those who work where the answer was written");
        assert!(!sees(&south).await);
    }
}

const TABLE: [&str; 7] = [
    "open threat",
    "its evaluation",
    "update of the evaluation",
    "link, open to protected",
    "link, protected to open",
    "action of the protected threat",
    "answer to the protected threat",
];

/// An open threat of `hawa` and a protected one of `moussa`, and what `amina` says about them.
async fn chain(hawa: &Phone, moussa: &Phone, amina: &Phone) {
    let threat = hawa.filled(1, &Kind::ThreatReported, &json!({"words": "leave"}));
    let hidden = moussa.filled(1, &Kind::ThreatReported, &json!({"words": "leave", "sensitive": true}));
    let evaluation = amina.filled(1, &Kind::ThreatEvaluated, &json!({"record": threat.id, "likelihood": 3}));
    let update = json!({"record": evaluation.id, "form": "threat", "demand": "more"});
    let link = |from: &Event, to: &Event| json!({"from": from.id, "to": to.id, "relation": "same_as"});
    let action = json!({"of": hidden.id, "action": "relocation", "what": "move them",
        "owner": {"name": "Amina"}, "due": "2026-07-20T08:00:00.000Z"});
    let said = [
        amina.filled(2, &Kind::ReportUpdated, &update),
        amina.filled(3, &Kind::LinkMade, &link(&threat, &hidden)),
        amina.filled(4, &Kind::LinkMade, &link(&hidden, &threat)),
        amina.filled(5, &Kind::ActionOpened, &action),
        amina.filled(6, &Kind::ThreatEvaluated, &json!({"record": hidden.id, "likelihood": 5})),
    ];
    // The protected threat comes last: everything that refers to it is there already.
    let own = [(hawa, vec![threat.clone()]), (amina, [vec![evaluation], said.to_vec()].concat())];
    let mut labels = TABLE.iter();
    for (phone, mut events) in own {
        for event in &mut events {
            (*labels.next().unwrap()).clone_into(&mut event.pack);
        }
        assert_eq!(phone.send(&events).await.outcomes(), vec!["accepted"; events.len()]);
    }
    assert_eq!(moussa.send(&[hidden]).await.outcomes(), ["accepted"]);
}

#[tokio::test]
async fn whoever_may_not_see_a_record_does_not_see_what_refers_to_it() {
    let server = Server::start().await;
    let east = async |role, name: &str| server.phone_in("acme", role, &["east"], name).await;
    let hawa = east(Role::Reporter, "Hawa").await;
    let moussa = east(Role::Reporter, "Moussa").await;
    let amina = east(Role::Security, "Amina").await;
    chain(&hawa, &moussa, &amina).await;
    let mut expected: [(&str, Phone, [u8; 7]); 7] = [
        ("traveller", east(Role::Traveller, "T").await, [0, 0, 0, 0, 0, 0, 0]),
        ("reporter", east(Role::Reporter, "R").await, [0, 0, 0, 0, 0, 0, 0]),
        ("manager", east(Role::Manager, "M").await, [1, 1, 1, 0, 0, 0, 0]),
        ("security", east(Role::Security, "S").await, [1, 1, 1, 1, 1, 1, 1]),
        ("central", east(Role::Central, "C").await, [1, 1, 1, 1, 1, 1, 1]),
        // What is said about one's own, unless it tells of a source of somebody else.
        ("wrote the open one", hawa, [0, 1, 0, 0, 0, 0, 0]),
        ("wrote the protected one", moussa, [0, 0, 0, 0, 1, 0, 1]),
    ];
    for (who, phone, expected) in &mut expected {
        let seen = seen_by(phone).await;
        let seen = TABLE.map(|label| u8::from(seen.iter().any(|it| it == label)));
        assert_eq!(seen, *expected, "{who}");
    }
}

#[tokio::test]
async fn protection_goes_along_in_whatever_order_records_come() {
    let server = Server::start().await;
    let amina = server.phone(Role::Security, "Amina").await;
    let manager = server.phone(Role::Manager, "Manager").await;
    let security = server.phone(Role::Security, "Security").await;
    let mut n = 0;
    let mut chain = || {
        n += 10;
        let hidden = json!({"words": "leave", "sensitive": true});
        let threat = amina.filled(n, &Kind::ThreatReported, &hidden);
        let about = |n, it: &Event| {
            amina.filled(n, &Kind::ThreatEvaluated, &json!({"record": it.id, "likelihood": 3}))
        };
        let one = about(n + 1, &threat);
        let two = about(n + 2, &one);
        let three = about(n + 3, &two);
        vec![threat, one, two, three]
    };
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2], [3, 1, 2, 0], [2, 3, 1, 0]] {
        let (together, apart) = (chain(), chain());
        let batch: Vec<_> = order.iter().map(|at| together[*at].clone()).collect();
        assert_eq!(amina.send(&batch).await.outcomes(), ["accepted"; 4]);
        for at in order {
            assert_eq!(amina.send(&[apart[at].clone()]).await.outcomes(), ["accepted"]);
        }
        assert_eq!(seen_by(&manager).await.len(), 0, "{order:?}");
    }
    assert_eq!(seen_by(&security).await.len(), 48);
}

#[tokio::test]
async fn names_to_call_and_office_notes_are_for_everybody_in_their_areas() {
    let server = Server::start().await;
    let amina = server.phone_in("acme", Role::Manager, &["east"], "Amina").await;
    let names = json!({"title": "Evacuation", "plan": "evacuation", "base": "Abéché", "state": "holds", "posts": ["lead | Amina | 1"]});
    let staffed = amina.filled(1, &Kind::PlanStaffed, &names);
    let note = json!({"title": "Checkpoint", "card": "checkpoint", "base": "Abéché", "state": "holds", "text": "Ask for Moussa."});
    let noted = amina.filled(2, &Kind::GuidanceNoted, &note);
    let corrected = json!({"record": noted.id.to_string(), "form": "office_note", "text": "Ask for Hassan."});
    let corrected = amina.filled(3, &Kind::ReportUpdated, &corrected);
    let report = amina.filled(4, &Kind::GapRaised, &json!({"what": "No first aid kit"}));
    let all = [staffed, noted, corrected, report];
    assert_eq!(amina.send(&all).await.outcomes(), ["accepted"; 4]);
    for (role, areas, count) in [
        (Role::Traveller, &["east"][..], 3),
        (Role::Traveller, &["west"], 0),
        (Role::Reporter, &[], 3),
        (Role::Manager, &["west"], 0),
        (Role::Manager, &["east"], 4),
        (Role::Central, &[], 4),
    ] {
        let viewer = server.phone_in("acme", role, areas, "viewer").await;
        assert_eq!(viewer.feed().await.len(), count, "{role:?} {areas:?}");
    }
    let hawa = server.phone_in("acme", Role::Traveller, &["east"], "Hawa").await;
    assert_eq!(hawa.send(&[hawa.filled(1, &Kind::PlanStaffed, &names)]).await.outcomes(), ["rejected"]);
    let read = json!({"title": "Duress", "card": "duress", "revision": 1});
    assert_eq!(hawa.send(&[hawa.filled(2, &Kind::GuidanceRead, &read)]).await.outcomes(), ["accepted"]);
    for (kind, data) in [
        (Kind::PackPublished, json!({"title": "Ours", "standards": "org.acme", "version": 2})),
        (
            Kind::ProposalDecided,
            json!({"record": hawa.checkin(9).id.to_string(), "decided": "declined", "note": "No"}),
        ),
    ] {
        assert_eq!(amina.send(&[amina.filled(9, &kind, &data)]).await.outcomes(), ["rejected"], "{kind:?}");
    }
}

#[tokio::test]
async fn central_names_people_for_one_area_alone() {
    let server = Server::start().await;
    let grace = server.phone_in("acme", Role::Central, &[], "Grace").await;
    let amina = server.phone_in("acme", Role::Manager, &["east"], "Amina").await;
    let names = |area: &str| json!({"title": "Fire", "plan": "fire", "base": "Abéché", "area": area, "state": "holds", "posts": ["lead | Amina | 1"]});
    let staffed = grace.filled(1, &Kind::PlanStaffed, &names("east"));
    let more = json!({"record": staffed.id.to_string(), "form": "staffing", "posts": ["lead | Hawa | 2"]});
    let more = grace.filled(2, &Kind::ReportUpdated, &more);
    // What is added may come before what it is added to, and is for the same people.
    let late = grace.filled(7, &Kind::PlanStaffed, &names("east"));
    let early = json!({"record": late.id.to_string(), "form": "staffing", "posts": ["lead | Zara | 2"]});
    let early = grace.filled(3, &Kind::ReportUpdated, &early);
    assert_eq!(grace.send(&[staffed, more, early]).await.outcomes(), ["accepted"; 3]);
    let west = server.phone_in("acme", Role::Traveller, &["west"], "Idriss").await;
    assert!(west.feed().await.is_empty());
    assert_eq!(grace.send(&[late]).await.outcomes(), ["accepted"]);
    // Of another's area she speaks to her own people all the same.
    let foreign = amina.filled(1, &Kind::PlanStaffed, &names("west"));
    assert_eq!(amina.send(&[foreign]).await.outcomes(), ["accepted"]);
    for (area, count) in [("east", 5), ("west", 0)] {
        let hawa = server.phone_in("acme", Role::Traveller, &[area], "Hawa").await;
        assert_eq!(hawa.feed().await.len(), count, "{area}");
    }
}
