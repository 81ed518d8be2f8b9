//! Who sees what, role by role, through HTTP.

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
