//! Who sees and changes a movement, through HTTP.

use waymark_core::event::{
    Body, CheckinConfirmed, CloseDraft, EmergencyAcknowledged, EmergencyDraft, Event, EventId, Kind,
    MovementClosed, Stamp,
};
use waymark_core::rules::Role;
use waymark_core::testing::build::MORNING;

use crate::support::convoy::{acknowledged, heard, plan, planned, raised, revised};
use crate::support::{Phone, Server};

const DUE: Stamp = Stamp(MORNING.0 + 3_600_000);

async fn kinds(phone: &Phone) -> Vec<Kind> {
    phone.feed().await.into_iter().map(|record| record.event.kind).collect()
}

async fn accepted(phone: &Phone, event: &Event) {
    let reply = phone.send(std::slice::from_ref(event)).await;
    assert_eq!(reply.outcomes(), ["accepted"], "{}", reply.text);
}

#[track_caller]
fn closed(movement: EventId) -> Body {
    let draft = CloseDraft { accounted: "1".into(), ..CloseDraft::default() };
    Body::MovementClosed(MovementClosed { accounted: Some(1), ..draft.parse(movement, 1).unwrap() })
}

/// A movement planned by a manager in the east, in which `crew` travel.
async fn movement(planner: &Phone, crew: &[&Phone]) -> Event {
    let users: Vec<_> = crew.iter().map(|phone| phone.enrolled.user.0.as_str()).collect();
    let event = planner.event(100, planned(plan(MORNING, &users)));
    accepted(planner, &event).await;
    event
}

/// What belongs to it: a check-in of `driver`, and what `manager` makes of it.
async fn life(id: EventId, driver: &Phone, manager: &Phone) {
    let checkin = driver.event(101, Body::CheckinMade(heard(id)));
    accepted(driver, &checkin).await;
    let confirmed = CheckinConfirmed { record: checkin.id, digest: checkin.digest, movement: Some(id) };
    accepted(manager, &manager.event(102, Body::CheckinConfirmed(confirmed))).await;
    accepted(manager, &manager.event(103, raised(id, DUE))).await;
    let mut hidden = driver.event(104, Body::CheckinMade(heard(id)));
    hidden.extensions.insert("protected".into(), true.into());
    accepted(driver, &hidden).await;
}

#[tokio::test]
async fn the_crew_sees_its_movement_and_strangers_nothing() {
    let server = Server::start().await;
    let amina = server.phone_in("acme", Role::Manager, &["east"], "Amina").await;
    let west = server.phone_in("acme", Role::Manager, &["west"], "West").await;
    let idriss = server.phone_in("acme", Role::Traveller, &["west"], "Idriss").await;
    let moussa = server.phone(Role::Traveller, "Moussa").await;
    let boss = server.phone_in("acme", Role::Manager, &["north"], "Travelling manager").await;
    let stranger = server.phone(Role::Traveller, "Stranger").await;
    let id = movement(&amina, &[&idriss, &moussa, &boss]).await.id;
    life(id, &idriss, &amina).await;

    let all = [Kind::MovementPlanned, Kind::CheckinMade, Kind::CheckinConfirmed, Kind::OverdueRaised];
    assert_eq!(kinds(&moussa).await, all);
    assert_eq!(kinds(&boss).await, all, "not of the area, but of the crew");
    assert_eq!(kinds(&idriss).await, [Kind::MovementPlanned, Kind::CheckinConfirmed, Kind::OverdueRaised]);
    assert_eq!(kinds(&stranger).await, []);
    assert_eq!(kinds(&amina).await, [Kind::CheckinMade], "in the area of the planner");
    let with_answer = [Kind::CheckinMade, Kind::CheckinConfirmed];
    assert_eq!(kinds(&west).await, with_answer, "in the area of its author, and what was said about it");
    let north = server.phone_in("acme", Role::Manager, &["north"], "North").await;
    assert_eq!(kinds(&north).await, []);
    let security = server.phone_in("acme", Role::Security, &["east"], "Security").await;
    assert_eq!(kinds(&security).await.len(), 5, "with the protected one");
}

#[tokio::test]
async fn who_is_added_later_sees_everything_even_past_their_place() {
    let server = Server::start().await;
    let amina = server.phone(Role::Manager, "Amina").await;
    let idriss = server.phone(Role::Traveller, "Idriss").await;
    let moussa = server.phone(Role::Traveller, "Moussa").await;
    let first = movement(&amina, &[&idriss]).await;
    life(first.id, &idriss, &amina).await;
    let read_to = moussa.feed_reply("after=0").await.json()["next"].as_u64().unwrap();
    assert_eq!(read_to, 5);

    let crew = [&idriss, &moussa].map(|phone| phone.enrolled.user.0.as_str());
    let new_plan = amina.event(105, revised(first.id, first.id, plan(MORNING, &crew)));
    let reply = amina.send(std::slice::from_ref(&new_plan)).await;
    assert_eq!(reply.seqs(), [6]);
    let page = moussa.feed_reply(&format!("after={read_to}")).await.json();
    let seqs: Vec<_> =
        page["records"].as_array().unwrap().iter().map(|record| record["seq"].as_u64().unwrap()).collect();
    assert_eq!(seqs, [6, 7, 8, 9, 10], "all but the protected one");
    assert_eq!(page["next"], 11);

    let same = amina.event(106, revised(first.id, new_plan.id, plan(MORNING, &crew)));
    accepted(&amina, &same).await;
    assert_eq!(moussa.feed_reply("after=11").await.json()["records"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn records_that_came_before_their_plan_come_by_again() {
    let server = Server::start().await;
    let amina = server.phone_in("acme", Role::Manager, &["east"], "Amina").await;
    let other = server.phone_in("acme", Role::Manager, &["east"], "Other").await;
    let idriss = server.phone_in("acme", Role::Traveller, &["west"], "Idriss").await;
    let moussa = server.phone(Role::Traveller, "Moussa").await;
    let crew = [&idriss, &moussa].map(|phone| phone.enrolled.user.0.as_str());
    let first = amina.event(100, planned(plan(MORNING, &crew)));
    accepted(&idriss, &idriss.event(101, Body::CheckinMade(heard(first.id)))).await;
    for phone in [&moussa, &other] {
        assert_eq!(phone.feed_reply("after=0").await.json()["next"], 1);
        assert_eq!(kinds(phone).await, []);
    }
    accepted(&amina, &first).await;
    for phone in [&moussa, &other] {
        let page = phone.feed_reply("after=1").await.json();
        assert_eq!(page["records"].as_array().unwrap().len(), 2, "{page}");
    }
}

#[tokio::test]
async fn who_may_change_a_movement() {
    let server = Server::start().await;
    let amina = server.phone(Role::Manager, "Amina").await;
    let boss = server.phone(Role::Manager, "Travelling manager").await;
    let idriss = server.phone(Role::Traveller, "Idriss").await;
    let stranger = server.phone(Role::Traveller, "Stranger").await;
    let first = movement(&stranger, &[]).await;
    let second = movement(&idriss, &[&boss]).await;

    for (phone, event, expected) in [
        (&boss, acknowledged(second.id, DUE), "rejected"),
        (&amina, acknowledged(second.id, DUE), "accepted"),
        (&stranger, revised(second.id, second.id, plan(MORNING, &["x"])), "rejected"),
        (&stranger, closed(second.id), "rejected"),
        (&idriss, revised(second.id, second.id, plan(MORNING, &["x"])), "accepted"),
        (&boss, acknowledged(second.id, DUE.plus_ms(1)), "accepted"),
        (&idriss, closed(second.id), "accepted"),
        (&amina, closed(first.id), "accepted"),
    ]
    .into_iter()
    .enumerate()
    .map(|(n, (phone, body, expected))| (phone, phone.event(200 + n as u64, body), expected))
    {
        let reply = phone.send(std::slice::from_ref(&event)).await;
        assert_eq!(reply.outcomes(), [expected], "{:?}", event.kind);
    }
    let unknown = stranger.event(300, revised(EventId::new(1, [1; 10]), first.id, plan(MORNING, &[])));
    accepted(&stranger, &unknown).await;
}

#[tokio::test]
async fn nobody_takes_on_the_emergency_of_a_convoy_from_within_it() {
    let server = Server::start().await;
    let amina = server.phone(Role::Manager, "Amina").await;
    let boss = server.phone(Role::Manager, "Travelling manager").await;
    let idriss = server.phone(Role::Traveller, "Idriss").await;
    let id = movement(&idriss, &[&boss]).await.id;
    let draft = EmergencyDraft { movement: Some(id), ..EmergencyDraft::default() };
    let alarm = idriss.event(300, Body::EmergencyRaised(draft.parse(None, MORNING).unwrap()));
    accepted(&idriss, &alarm).await;
    let on_it = EmergencyAcknowledged { record: alarm.id, digest: alarm.digest, movement: Some(id) };
    for (phone, expected) in [(&boss, "rejected"), (&amina, "accepted")] {
        let event = phone.event(301, Body::EmergencyAcknowledged(on_it.clone()));
        assert_eq!(phone.send(std::slice::from_ref(&event)).await.outcomes(), [expected]);
    }
}

#[tokio::test]
async fn a_plan_counts_for_what_follows_in_the_same_batch() {
    let server = Server::start().await;
    let boss = server.phone(Role::Manager, "Travelling manager").await;
    let first = boss.event(100, planned(plan(MORNING, &[&boss.enrolled.user.0])));
    let batch =
        [first.clone(), boss.event(101, acknowledged(first.id, DUE)), boss.event(102, closed(first.id))];
    assert_eq!(boss.send(&batch).await.outcomes(), ["accepted", "rejected", "accepted"]);
}
