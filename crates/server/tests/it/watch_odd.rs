//! The watch where things are unusual: many vehicles, midnight, nonsense, several organisations, a failing database.

use std::time::{Duration, Instant};

use waymark_core::event::{Body, CheckinMade, Kind, Roll, Stamp, Vehicle, WatchRules};
use waymark_core::rules::Role;
use waymark_core::testing::build;
use waymark_server::storage::{Org, Storage as _};

use crate::support::convoy::{acknowledged, heard, plan, planned, raised, revised};
use crate::watch_bench::{Bench, at, pushed};

fn call_sign(n: usize) -> String {
    format!("Lima {n}")
}

#[tokio::test]
async fn of_sixty_vehicles_one_that_is_silent_is_raised() {
    let mut bench = Bench::new().await;
    let sixty = |plan: &mut waymark_core::event::Plan| {
        let vehicle = |n| Vehicle { call_sign: call_sign(n), plate: None, people: vec![] };
        plan.vehicles = (1..=60).map(vehicle).collect();
    };
    let (id, _, idriss) = bench.movement_with(sixty).await;
    let mut watcher = bench.watcher();
    for n in 1..=60 {
        let minute = if n == 60 { 1 } else { 30 };
        let roll = Roll { vehicles: vec![call_sign(n)], ..Roll::default() };
        let made = CheckinMade { roll, ..heard(id) };
        bench.write(&idriss, minute, Body::CheckinMade(made)).await;
    }
    assert_eq!(bench.look(&mut watcher, 60).await, Some(at(61)));
    bench.look(&mut watcher, 71).await;
    let own = bench.own().await;
    let Some(Body::OverdueRaised(raised)) = own.first() else { panic!("{own:?}") };
    assert_eq!((raised.due, own.len()), (at(61), 2));
}

#[tokio::test]
async fn sixty_movements_are_each_raised_and_told_once() {
    let mut bench = Bench::new().await;
    let amina = bench.person(Role::Manager, &[]).await;
    for _ in 0..60 {
        bench.write(&amina, -60, planned(plan(at(0), &[]))).await;
    }
    let mut watcher = bench.watcher();
    bench.look(&mut watcher, 11).await;
    assert_eq!((bench.count(Kind::OverdueRaised).await, bench.stages()), (60, vec![0; 60]));
    assert_eq!(bench.count(Kind::OverdueStep).await, 60);
}

#[tokio::test]
async fn midnight_is_a_minute_like_any_other() {
    let mut bench = Bench::new().await;
    let midnight = (86_400_000 - at(0).0 % 86_400_000) / 60_000;
    let (id, _, idriss) = bench.movement().await;
    bench.write(&idriss, midnight - 30, Body::CheckinMade(heard(id))).await;
    let mut watcher = bench.watcher();
    let due = bench.look(&mut watcher, midnight - 1).await.unwrap();
    assert_eq!(due, at(midnight + 30));
    bench.look(&mut watcher, midnight + 39).await;
    assert_eq!(bench.stages(), [0; 0]);
    bench.look(&mut watcher, midnight + 40).await;
    assert_eq!(bench.stages(), [0]);
}

#[tokio::test]
async fn nonsense_neither_breaks_it_nor_keeps_it_busy() {
    let mut bench = Bench::new().await;
    let amina = bench.person(Role::Manager, &[]).await;
    let idriss = bench.person(Role::Traveller, &[]).await;
    let all = |minutes| WatchRules {
        interval: minutes,
        grace: minutes,
        prompt: minutes,
        step: minutes,
        hold: minutes,
    };
    let mut ids = vec![];
    for rules in [all(0), all(u32::MAX), WatchRules { step: u32::MAX, ..all(0) }] {
        for depart in [at(0), Stamp(-62_135_596_800_000), Stamp(253_402_300_799_999)] {
            let mut odd = plan(depart, &[]);
            odd.watch = rules;
            let id = bench.write(&amina, -60, planned(odd)).await.id;
            ids.push(id);
            let made = CheckinMade { next_in: Some(u32::MAX), ..heard(id) };
            bench.write(&idriss, 1, Body::CheckinMade(made)).await;
            for due in [Stamp(-62_135_596_800_000), at(0), Stamp(253_402_300_799_999)] {
                bench.write(&amina, 2, raised(id, due)).await;
                bench.write(&amina, 3, acknowledged(id, due)).await;
            }
        }
    }
    let mut watcher = bench.watcher();
    let begun = Instant::now();
    for minute in [4, 5, 60, 100_000, 200_000_000] {
        bench.look(&mut watcher, minute).await;
        let written = bench.own().await.len();
        let next = bench.look(&mut watcher, minute).await;
        assert!(next.is_none_or(|next| next > at(minute)), "{next:?} at {minute}");
        assert_eq!(bench.own().await.len(), written, "nothing more at the same moment");
    }
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn what_it_writes_has_the_same_names_whoever_writes_it() {
    let mut names = vec![];
    for _ in 0..2 {
        let mut bench = Bench::new().await;
        let (id, _, idriss) = bench.movement().await;
        let mut watcher = bench.watcher();
        bench.look(&mut watcher, 10).await;
        bench.write(&idriss, 12, Body::CheckinMade(heard(id))).await;
        bench.look(&mut watcher, 13).await;
        let own = bench.records().await.into_iter().filter(|record| record.event.author.0 == "waymark");
        names.push(own.map(|record| (record.event.id, record.event.digest)).collect::<Vec<_>>());
    }
    assert_eq!(names[0].len(), 3);
    assert_eq!(names[0], names[1]);
}

#[tokio::test]
async fn each_organisation_is_watched_even_one_that_is_new() {
    let mut bench = Bench::new().await;
    let mut watcher = bench.watcher();
    bench.look(&mut watcher, -100).await;
    bench.storage.create_org(&Org { slug: "other".into(), name: "Other".into() }, at(0)).await.unwrap();
    let amina = bench.person(Role::Manager, &[]).await;
    let there = bench.person_in("other", Role::Manager, &[]).await;
    for by in [&amina, &there] {
        bench.write(by, -60, planned(plan(at(0), &[]))).await;
    }
    bench.look(&mut watcher, 10).await;
    let mut orgs: Vec<_> =
        bench.ear.heard.lock().unwrap().iter().map(|told| told.notice.org.0.clone()).collect();
    orgs.sort();
    assert_eq!(orgs, ["acme", "other"]);
}

#[tokio::test]
async fn a_drill_is_told_as_a_drill() {
    let mut bench = Bench::new().await;
    let amina = bench.person(Role::Manager, &[]).await;
    let mut drill = bench.draft(&amina, -60, planned(plan(at(0), &[])));
    drill.exercise = true;
    bench.send(&amina, -60, drill).await;
    let mut alarm = bench.draft(&amina, 9, build::emergency_body());
    alarm.exercise = true;
    bench.send(&amina, 9, alarm).await;
    let mut watcher = bench.watcher();
    bench.look(&mut watcher, 10).await;
    assert!(bench.ear.heard.lock().unwrap().iter().all(|told| told.notice.exercise));
    let own = bench.records().await.into_iter().filter(|record| record.event.author.0 == "waymark");
    assert_eq!(own.map(|record| record.event.exercise).collect::<Vec<_>>(), [true; 3]);
}

#[tokio::test]
async fn what_could_not_be_kept_is_told_again() {
    let mut bench = Bench::new().await;
    bench.movement().await;
    let mut watcher = bench.watcher();
    *bench.ear.deadly.lock().unwrap() = true;
    bench.set(10);
    watcher.look().await.unwrap();
    bench.begun().await;
    bench.sql("CREATE TRIGGER full BEFORE INSERT ON records BEGIN SELECT RAISE(FAIL, 'full'); END").await;
    *bench.ear.deadly.lock().unwrap() = false;
    drop(watcher);
    let mut watcher = bench.watcher();
    bench.look(&mut watcher, 11).await;
    let before = bench.stages().len();
    assert_eq!(before, 2, "not again and again");
    bench.sql("DROP TRIGGER full").await;
    bench.look(&mut watcher, 12).await;
    assert_eq!(bench.stages().len(), before + 1);
    assert_eq!(bench.own().await.len(), 2);
    bench.look(&mut watcher, 13).await;
    assert_eq!(bench.stages().len(), before + 1);
}

#[tokio::test]
async fn a_call_that_reached_nobody_is_made_again_until_somebody_is_on_it() {
    let mut bench = Bench::new().await;
    let (id, amina, _) = bench.movement().await;
    *bench.ear.answer.lock().unwrap() = vec![pushed("phone", Some("no network"))];
    let mut watcher = bench.watcher();
    assert_eq!(bench.look(&mut watcher, 10).await, Some(at(11)));
    assert_eq!(bench.look(&mut watcher, 11).await, Some(at(13)), "then after twice as long");
    assert_eq!(bench.stages(), [0, 0]);
    assert_eq!(bench.count(Kind::OverdueStep).await, 2, "each try stands in the log");
    drop(watcher);
    let mut watcher = bench.watcher();
    bench.look(&mut watcher, 12).await;
    assert_eq!(bench.stages(), [0, 0, 0], "a new server does not take it for told");
    bench.ear.heard.lock().unwrap().pop();
    *bench.ear.answer.lock().unwrap() = vec![pushed("phone", None)];
    assert_eq!(bench.look(&mut watcher, 13).await, Some(at(15)), "reached: now the next step");
    assert_eq!(bench.stages(), [0, 0, 0]);
    *bench.ear.answer.lock().unwrap() = vec![pushed("phone", Some("no network"))];
    bench.look(&mut watcher, 15).await;
    bench.write(&amina, 15, acknowledged(id, at(0))).await;
    bench.look(&mut watcher, 17).await;
    assert_eq!(bench.stages(), [0, 0, 0, 1], "somebody knows");
}

#[tokio::test]
async fn a_second_vehicle_that_falls_silent_is_raised_and_told_by_itself() {
    let mut bench = Bench::new().await;
    let (id, amina, idriss) = bench.movement().await;
    bench.write(&idriss, 0, Body::CheckinMade(heard(id))).await;
    let mut apart = heard(id);
    apart.roll.separated = vec!["Lima 2".into()];
    bench.write(&idriss, 20, Body::CheckinMade(apart)).await;
    let mut watcher = bench.watcher();
    bench.look(&mut watcher, 71).await;
    bench.write(&amina, 71, acknowledged(id, at(60))).await;
    bench.look(&mut watcher, 89).await;
    assert_eq!(bench.stages(), [0], "the ladder is held");
    bench.look(&mut watcher, 90).await;
    assert_eq!(bench.stages(), [0, 0], "but not that of the other vehicle");
    let raised = |body: Body| match body {
        Body::OverdueRaised(raised) => Some((raised.due, raised.vehicles)),
        _ => None,
    };
    let raised: Vec<_> = bench.own().await.into_iter().filter_map(raised).collect();
    assert_eq!(raised, [(at(60), vec!["Lima 2".to_owned()]), (at(80), vec!["Lima 1".to_owned()])]);
}

#[tokio::test]
async fn a_movement_that_is_opened_again_after_days_is_watched_even_by_a_new_server() {
    let mut bench = Bench::new().await;
    let (id, amina, idriss) = bench.movement().await;
    bench.write(&amina, 5, build::closed(id)).await;
    let days = 4 * 24 * 60;
    let again = plan(at(days), &[&idriss.user.0]);
    bench.write(&amina, days - 10, revised(id, id, again)).await;
    let mut watcher = bench.watcher();
    bench.look(&mut watcher, days + 10).await;
    assert_eq!(bench.stages(), [0]);
}

#[tokio::test]
async fn whichever_of_closing_and_change_arrives_first_the_later_one_counts_after_days_too() {
    let days = 4 * 24 * 60;
    for (changed, closed, open) in [(-20, -30, true), (-30, -20, false)] {
        for closing_first in [true, false] {
            let mut bench = Bench::new().await;
            let (id, amina, _) = bench.movement().await;
            let change = bench.draft(&amina, changed, revised(id, id, plan(at(0), &[])));
            let closing = bench.draft(&amina, closed, build::closed(id));
            let both = if closing_first { [closing, change] } else { [change, closing] };
            for event in both {
                bench.send(&amina, -10, event).await;
            }
            let mut watcher = bench.watcher();
            bench.look(&mut watcher, days).await;
            assert_eq!(bench.stages().is_empty(), !open, "changed {changed}, closing first: {closing_first}");
        }
    }
}

#[tokio::test]
async fn a_network_that_is_gone_does_not_flood_the_log() {
    let mut bench = Bench::new().await;
    bench.movement().await;
    let phones = (0..30).map(|n| pushed(&format!("phone {n}"), Some("no network")));
    *bench.ear.answer.lock().unwrap() = phones.collect();
    let mut watcher = bench.watcher();
    for minute in 10..15 {
        bench.look(&mut watcher, minute).await;
    }
    assert_eq!(bench.stages(), [0, 0, 0], "at once, after one minute, after two more");
    assert_eq!(bench.count(Kind::OverdueStep).await, 32, "each phone once, then a line for each try");
}
