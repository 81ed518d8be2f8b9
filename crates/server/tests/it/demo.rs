//! The day of `serve --demo`, as a manager and a newcomer find it.
#![cfg(unix)]

use std::collections::BTreeMap;

use waymark_core::event::{Body, CheckinKind, EventId, Position, Record};
use waymark_core::rules::escalation::Stage;
use waymark_core::rules::overdue::verdict;
use waymark_core::view::Movement;
use waymark_core::view::movement::{Entry, Report};
use waymark_server::clock;

use crate::process::Running;
use crate::support::Phone;

fn movements(records: &[Record]) -> Vec<Movement> {
    let mut reports: BTreeMap<EventId, Vec<Report>> = BTreeMap::new();
    for report in records.iter().filter_map(Report::of) {
        if let Some(movement) = report.body.movement(report.id) {
            reports.entry(movement).or_default().push(report);
        }
    }
    reports.iter().map(|(id, reports)| Movement::fold(*id, reports).unwrap()).collect()
}

#[tokio::test]
async fn a_manager_finds_a_convoy_in_each_state() {
    let data = tempfile::tempdir().unwrap();
    let server = Running::start(data.path(), &["--demo", "--no-watch"]);
    let manager = Phone::enrol(server.address, server.code("manager"), "Somebody").await;
    let feed = manager.feed().await;
    let movements = movements(&feed);
    let now = clock::now();
    let stages: BTreeMap<_, _> = movements
        .iter()
        .map(|movement| (movement.plan.plan.name.as_str(), verdict(movement, now).stage))
        .collect();
    let expected = [
        ("Kilo 4 to Bitkine", Stage::RadioRoom),
        ("Mike 2 to Adré", Stage::Quiet),
        ("Papa 3 to Massaguet", Stage::Quiet),
        ("Tango 1 to Abéché", Stage::Grace),
    ];
    assert_eq!(stages.into_iter().collect::<Vec<_>>(), expected);
    let closed: Vec<_> = movements.iter().filter(|movement| movement.closed.is_some()).collect();
    assert_eq!(closed.len(), 1);
    for movement in &movements {
        assert!(movement.others.is_empty() && movement.open_alarms().next().is_none());
        let times: Vec<_> = movement.contacts.iter().map(|contact| contact.by.at).collect();
        for pair in times.windows(2).filter(|_| movement.closed.is_none()) {
            assert!(pair[1].ms_since(pair[0]) <= 60 * 60_000, "nobody was late before");
        }
        let line = movement.line(now);
        assert!(line.here.is_some_and(|here| here.along.is_some() && here.off_line_km.is_none()));
    }
    let overdue = movements.iter().find(|movement| movement.plan.plan.name.starts_with("Kilo")).unwrap();
    let last = overdue.last_contact().unwrap();
    assert_eq!(last.made.checkin, CheckinKind::Halted);
    assert_eq!(last.made.position, Position::CodeName { name: "Lima".into() });
    let due = verdict(overdue, now).first().unwrap().due.at;
    let tries: Vec<_> = overdue.log.iter().filter(|entry| matches!(entry.entry, Entry::Step(_))).collect();
    assert_eq!(tries.len(), 1);
    assert_eq!((tries[0].due, tries[0].by.name.as_str()), (due, "Amina Ousmane"));
    assert!(movements.iter().any(|movement| {
        movement.plan.plan.legs.iter().any(|leg| leg.overnight_until.is_some_and(|until| until > now))
    }));
}

#[tokio::test]
async fn two_check_ins_wait_and_nothing_is_older_or_newer_than_it_should_be() {
    let data = tempfile::tempdir().unwrap();
    let server = Running::start(data.path(), &["--demo", "--no-watch"]);
    let feed = Phone::enrol(server.address, server.code("central"), "Somebody").await.feed().await;
    let bodies: Vec<_> = feed.iter().map(|record| (record.event.id, record.event.body().unwrap())).collect();
    let answered = |id: EventId| bodies.iter().any(|(_, body)| body.answers() == Some(id));
    let waiting = bodies.iter().filter(|(id, body)| body.waits_for_answer() && !answered(*id)).count();
    assert_eq!(waiting, 2);
    let confirmed = bodies.iter().filter(|(_, body)| matches!(body, Body::CheckinConfirmed(_))).count();
    assert!(confirmed > 10, "{confirmed}");
    let now = clock::now();
    let mut counters = BTreeMap::new();
    for record in &feed {
        let arrival = record.arrival.as_ref().unwrap();
        assert!(record.event.time <= arrival.received && arrival.received <= now);
        let counter = counters.entry(record.event.source.clone()).or_insert(0);
        *counter += 1;
        assert_eq!(record.event.devseq, *counter, "in the device's order");
    }
}

#[tokio::test]
async fn a_second_start_adds_nothing_and_the_newcomer_travels_with_a_convoy() {
    let data = tempfile::tempdir().unwrap();
    let server = Running::start(data.path(), &["--demo", "--no-watch"]);
    let manager = Phone::enrol(server.address, server.code("manager"), "Somebody").await;
    let before = manager.feed().await;
    drop(server);
    let server = Running::start(data.path(), &["--demo", "--no-watch"]);
    let manager = Phone { address: server.address, ..manager };
    assert_eq!(manager.feed().await, before);

    let newcomer = Phone::enrol(server.address, server.code("traveller"), "Claire").await;
    let crew = |user| movements(&before).into_iter().filter(move |movement| movement.travels(user)).count();
    assert_eq!(crew(&newcomer.enrolled.user), 1);
    drop(server);
    let server = Running::start(data.path(), &["--demo", "--no-watch"]);
    let next = Phone::enrol(server.address, server.code("traveller"), "Denis").await;
    assert_eq!(crew(&next.enrolled.user), 0, "the seat is taken");
    let newcomer = Phone { address: server.address, ..newcomer };
    assert_eq!(newcomer.feed_reply("").await.status, 200);
}

#[tokio::test]
async fn an_empty_demo_has_no_records() {
    let data = tempfile::tempdir().unwrap();
    let server = Running::start(data.path(), &["--demo", "--empty"]);
    let manager = Phone::enrol(server.address, server.code("manager"), "Somebody").await;
    assert!(manager.feed().await.is_empty());
}
