//! The watch: raised once, told at each step, and never twice.

use waymark_core::event::{
    Body, Ending, Kind, MovementClosed, OverdueResolved, Party, ResolvedHow, Tried, TryResult,
};
use waymark_core::rules::Role;
use waymark_server::storage::{Storage as _, WatchStorage as _};
use waymark_server::watch::tell::NoticeKind;
use waymark_server::watch::{LEASE_MS, NOBODY};

use crate::support::convoy::{acknowledged, heard, plan, planned, revised};
use crate::watch_bench::{Bench, at, pushed};

fn steps(own: &[Body]) -> Vec<Tried> {
    let step = |body: &Body| match body {
        Body::OverdueStep(step) => Some(step.tried.clone()),
        _ => None,
    };
    own.iter().filter_map(step).collect()
}

#[tokio::test]
async fn it_is_raised_when_the_grace_is_over_and_told_at_each_step() {
    let mut bench = Bench::new().await;
    let (id, amina, idriss) = bench.movement().await;
    let mut watcher = bench.watcher();
    assert_eq!(bench.look(&mut watcher, -30).await, Some(at(0)));
    assert_eq!(bench.look(&mut watcher, 9).await, Some(at(10)));
    assert_eq!(bench.own().await, []);
    assert_eq!(bench.look(&mut watcher, 10).await, Some(at(15)));

    let own = bench.own().await;
    let Body::OverdueRaised(raised) = &own[0] else { panic!("{own:?}") };
    assert_eq!((raised.movement, raised.due), (id, at(0)));
    let told = bench.last_told();
    assert_eq!((told.to, told.not), (vec![Role::Manager], vec![idriss.user]));
    assert_eq!((told.notice.kind, told.notice.exercise), (NoticeKind::Overdue, false));
    assert!(told.notice.link.ends_with("/watch"));

    for minute in 11..60 {
        bench.look(&mut watcher, minute).await;
    }
    assert_eq!(bench.stages(), [0, 1, 2, 3, 4]);
    assert_eq!(bench.last_told().to, [Role::Manager, Role::Security, Role::Central]);
    let parties: Vec<_> = steps(&bench.own().await).into_iter().map(|step| (step.stage, step.to)).collect();
    let expected = [
        (2, Party::RadioRoom),
        (3, Party::RadioRoom),
        (4, Party::Security),
        (5, Party::Central),
        (6, Party::EveryManager),
    ];
    assert_eq!(parties, expected);
    assert_eq!(bench.count(Kind::OverdueRaised).await, 1);
    let seen = bench.storage.feed(&amina.viewer(), &amina.device, 0, 100).await.unwrap().records;
    assert_eq!(seen[0].arrival.as_ref().unwrap().author_name, "Waymark");
    assert_eq!(seen.len(), 6, "the board sees all of it");
}

#[tokio::test]
async fn what_became_of_telling_is_in_the_log() {
    let mut bench = Bench::new().await;
    bench.movement().await;
    *bench.ear.answer.lock().unwrap() = vec![pushed("d1", None), pushed("d2", Some("gone"))];
    let mut watcher = bench.watcher();
    bench.look(&mut watcher, 10).await;
    let results: Vec<_> =
        steps(&bench.own().await).into_iter().map(|step| (step.result, step.note)).collect();
    assert_eq!(results, [(TryResult::Sent, None), (TryResult::Failed, Some("gone".into()))]);

    bench.ear.answer.lock().unwrap().clear();
    bench.look(&mut watcher, 15).await;
    let last = steps(&bench.own().await).pop().unwrap();
    assert_eq!((last.result, last.note.as_deref()), (TryResult::Failed, Some(NOBODY)));
    assert!(last.automatic);
}

#[tokio::test]
async fn somebody_who_is_on_it_stops_the_telling_until_nothing_more_is_heard_of_them() {
    let mut bench = Bench::new().await;
    let (id, amina, _) = bench.movement().await;
    let mut watcher = bench.watcher();
    bench.look(&mut watcher, 10).await;
    bench.write(&amina, 12, acknowledged(id, at(0))).await;
    for minute in 13..42 {
        bench.look(&mut watcher, minute).await;
    }
    assert_eq!(bench.stages(), [0]);
    bench.look(&mut watcher, 45).await;
    assert_eq!(bench.stages(), [0, 1], "the hold of 30 minutes ran out at 42, 3 minutes before the step");
}

#[tokio::test]
async fn a_late_check_in_settles_it() {
    let mut bench = Bench::new().await;
    let (id, _, idriss) = bench.movement().await;
    let mut watcher = bench.watcher();
    bench.look(&mut watcher, 10).await;
    let late = bench.write(&idriss, 13, Body::CheckinMade(heard(id))).await;
    assert_eq!(bench.look(&mut watcher, 14).await, Some(at(73)));
    bench.look(&mut watcher, 72).await;
    assert_eq!(bench.stages(), [0]);
    let resolved = OverdueResolved {
        movement: id,
        due: at(0),
        vehicles: vec![],
        how: ResolvedHow::Contact,
        record: Some(late.id),
        note: None,
        automatic: true,
    };
    assert_eq!(bench.own().await.last(), Some(&Body::OverdueResolved(resolved)));
    bench.look(&mut watcher, 83).await;
    assert_eq!((bench.count(Kind::OverdueRaised).await, bench.count(Kind::OverdueResolved).await), (2, 1));
    assert_eq!(bench.stages(), [0, 0], "the next one begins at the first step");
}

#[tokio::test]
async fn down_for_six_hours_it_raises_once_and_tells_once() {
    let mut bench = Bench::new().await;
    bench.movement().await;
    let mut watcher = bench.watcher();
    bench.look(&mut watcher, 5).await;
    drop(watcher);
    bench.reopen().await;
    let mut watcher = bench.watcher();
    bench.look(&mut watcher, 365).await;
    assert_eq!(bench.stages(), [4], "not one for each step that was missed");
    assert_eq!(bench.last_told().to, [Role::Manager, Role::Security, Role::Central]);
    assert_eq!(bench.own().await.len(), 2);
    bench.look(&mut watcher, 400).await;
    drop(watcher);
    bench.reopen().await;
    let mut watcher = bench.watcher();
    bench.look(&mut watcher, 500).await;
    // At the end of the ladder once each half hour that somebody looks, whatever was missed between.
    assert_eq!((bench.stages().len(), bench.own().await.len()), (3, 4));
}

#[tokio::test]
async fn killed_between_raising_and_telling_it_tells_after_the_restart() {
    let mut bench = Bench::new().await;
    bench.movement().await;
    *bench.ear.deadly.lock().unwrap() = true;
    let mut watcher = bench.watcher();
    bench.set(10);
    watcher.look().await.unwrap();
    assert_eq!(bench.count(Kind::OverdueRaised).await, 1);
    drop(watcher);
    *bench.ear.deadly.lock().unwrap() = false;
    bench.ear.heard.lock().unwrap().clear();
    bench.reopen().await;
    let mut watcher = bench.watcher();
    bench.look(&mut watcher, 11).await;
    assert_eq!(bench.stages(), [0]);
    assert_eq!(bench.own().await.len(), 2, "raised once, told once more");
}

#[tokio::test]
async fn of_two_watches_one_works_and_the_other_takes_over() {
    let mut bench = Bench::new().await;
    bench.movement().await;
    let (mut one, mut two) = (bench.watcher(), bench.watcher());
    bench.look(&mut one, 10).await;
    bench.look(&mut two, 10).await;
    assert_eq!((bench.stages(), bench.own().await.len()), (vec![0], 2));
    bench.look(&mut two, 15).await;
    bench.look(&mut one, 15).await;
    assert_eq!((bench.stages(), bench.own().await.len()), (vec![0, 1], 3), "taken over, and not told again");
}

#[tokio::test]
async fn a_lease_is_renewed_taken_over_and_given_up() {
    let bench = Bench::new().await;
    let storage = &bench.storage;
    let lead = async |who: &str, ms: i64| storage.lead(who, at(0).plus_ms(ms), LEASE_MS).await.unwrap();
    assert!(lead("one", 0).await && !lead("two", 1).await);
    assert!(lead("one", LEASE_MS - 1).await);
    assert!(!lead("two", LEASE_MS).await, "it was renewed");
    assert!(lead("two", 2 * LEASE_MS).await && !lead("one", 2 * LEASE_MS + 1).await);
    storage.retire("one").await.unwrap();
    assert!(!lead("one", 2 * LEASE_MS + 2).await, "not one's to give up");
    storage.retire("two").await.unwrap();
    assert!(lead("one", 2 * LEASE_MS + 3).await);
    assert!(lead("two", -1_000_000).await, "a lease of a clock that was wrong");
}

#[tokio::test]
async fn a_closed_movement_and_a_new_plan_are_followed() {
    let mut bench = Bench::new().await;
    let (id, amina, idriss) = bench.movement().await;
    let mut watcher = bench.watcher();
    let earlier = revised(id, id, plan(at(-20), &[&idriss.user.0]));
    let earlier = bench.write(&amina, -15, earlier).await.id;
    bench.look(&mut watcher, -10).await;
    assert_eq!(bench.stages(), [0]);
    let later = revised(id, earlier, plan(at(100), &[&idriss.user.0]));
    bench.write(&amina, -8, later).await;
    assert_eq!(bench.look(&mut watcher, -7).await, Some(at(100)));
    let own = bench.own().await;
    let Some(Body::OverdueResolved(resolved)) = own.last() else { panic!("{own:?}") };
    assert_eq!((resolved.record, resolved.note.as_deref()), (None, Some("the plan was changed")));
    bench.look(&mut watcher, 110).await;
    assert_eq!(bench.stages(), [0, 0]);

    let closed = MovementClosed {
        movement: id,
        ending: Ending::Completed,
        accounted: Some(1),
        contact: None,
        note: None,
    };
    bench.write(&idriss, 111, Body::MovementClosed(closed)).await;
    assert_eq!(bench.look(&mut watcher, 112).await, None);
    bench.look(&mut watcher, 10_000).await;
    assert_eq!((bench.stages(), bench.count(Kind::OverdueResolved).await), (vec![0, 0], 2));
}

#[tokio::test]
async fn those_of_other_areas_are_told_only_when_all_else_failed() {
    let mut bench = Bench::new().await;
    let east = bench.person(Role::Manager, &["east"]).await;
    let west = bench.person(Role::Manager, &["west"]).await;
    bench.write(&east, -60, planned(plan(at(0), &[]))).await;
    let mut watcher = bench.watcher();
    bench.look(&mut watcher, 10).await;
    assert_eq!(bench.last_told().not, std::slice::from_ref(&west.user));
    let seen = |records: waymark_server::storage::Page| records.records.len();
    assert_eq!(seen(bench.storage.feed(&east.viewer(), &east.device, 0, 100).await.unwrap()), 2);
    assert_eq!(seen(bench.storage.feed(&west.viewer(), &west.device, 0, 100).await.unwrap()), 0);
    bench.look(&mut watcher, 100).await;
    assert_eq!(bench.last_told().not, []);
}
