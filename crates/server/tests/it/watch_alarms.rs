//! The watch over emergencies and check-ins under threat.

use waymark_core::event::{
    Body, CheckinMade, EmergencyAcknowledged, EmergencyRaised, EmergencyStep, EventId, Kind, Party, Tried,
    TryResult,
};
use waymark_core::rules::Role;
use waymark_core::testing::build;
use waymark_server::storage::{Caller, Storage as _};
use waymark_server::watch::tell::NoticeKind;

use crate::support::convoy::{heard, plan, planned, revised};
use crate::watch_bench::{Bench, at};

fn emergency_in(movement: EventId) -> Body {
    let Body::EmergencyRaised(body) = build::emergency_body() else { panic!("an emergency") };
    Body::EmergencyRaised(EmergencyRaised { movement: Some(movement), ..body })
}

#[tokio::test]
async fn an_emergency_is_told_at_once_and_at_each_step_until_somebody_takes_it_on() {
    let mut bench = Bench::new().await;
    let amina = bench.person(Role::Manager, &[]).await;
    let idriss = bench.person(Role::Traveller, &[]).await;
    let raised = bench.write(&idriss, 0, build::emergency_body()).await;
    let mut watcher = bench.watcher();
    assert_eq!(bench.look(&mut watcher, 1).await, Some(at(5)));
    let told = bench.last_told();
    assert_eq!((told.notice.kind, told.not), (NoticeKind::Emergency, vec![idriss.user]));
    bench.look(&mut watcher, 6).await;
    drop(watcher);
    bench.reopen().await;
    let mut watcher = bench.watcher();
    bench.look(&mut watcher, 7).await;
    assert_eq!(bench.stages(), [0, 1], "known after a restart");
    let tried = |body: Body| match body {
        Body::EmergencyStep(step) => Some((step.record, step.movement, step.tried.stage, step.tried.result)),
        _ => None,
    };
    let tried: Vec<_> = bench.own().await.into_iter().filter_map(tried).collect();
    let sent = |stage| (raised.id, None, stage, TryResult::Sent);
    assert_eq!(tried, [sent(2), sent(3)], "each attempt is recorded");
    let body = EmergencyAcknowledged { record: raised.id, digest: raised.digest, movement: None };
    bench.write(&amina, 8, Body::EmergencyAcknowledged(body)).await;
    assert_eq!(bench.look(&mut watcher, 60).await, None);
    assert_eq!(bench.stages(), [0, 1]);
}

#[tokio::test]
async fn an_emergency_of_a_movement_is_answered_even_by_a_phone_that_does_not_name_the_movement() {
    for answer_first in [false, true] {
        let mut bench = Bench::new().await;
        let (id, amina, idriss) = bench.movement().await;
        let raised = bench.draft(&idriss, -10, emergency_in(id));
        let body = EmergencyAcknowledged { record: raised.id, digest: raised.digest, movement: None };
        let mut watcher = bench.watcher();
        if answer_first {
            bench.write(&amina, -9, Body::EmergencyAcknowledged(body)).await;
            bench.look(&mut watcher, -8).await;
            bench.send(&idriss, -7, raised).await;
            bench.look(&mut watcher, -7).await;
            assert_eq!(bench.stages(), [0; 0]);
        } else {
            bench.send(&idriss, -10, raised).await;
            bench.look(&mut watcher, -10).await;
            assert_eq!(bench.stages(), [0]);
            bench.write(&amina, -9, Body::EmergencyAcknowledged(body)).await;
        }
        let told = bench.stages().len();
        bench.look(&mut watcher, -1).await;
        assert_eq!(bench.stages().len(), told);
    }
}

#[tokio::test]
async fn a_check_in_under_threat_is_told_to_nobody_who_travels() {
    let mut bench = Bench::new().await;
    let (id, _, idriss) = bench.movement().await;
    let boss = bench.person(Role::Manager, &[]).await;
    let both = plan(at(0), &[&idriss.user.0, &boss.user.0]);
    bench.write(&boss, -50, revised(id, id, both)).await;
    let made = CheckinMade { duress: true, ..heard(id) };
    bench.write(&idriss, 1, Body::CheckinMade(made)).await;
    let mut watcher = bench.watcher();
    bench.look(&mut watcher, 2).await;
    let told = bench.last_told();
    assert_eq!(told.notice.kind, NoticeKind::Emergency);
    assert_eq!(told.not, [boss.user, idriss.user]);
}

#[tokio::test]
async fn an_emergency_is_told_where_its_author_works_and_where_the_planner_does() {
    let mut bench = Bench::new().await;
    let east = bench.person(Role::Manager, &["east"]).await;
    let driver = bench.person(Role::Traveller, &["west"]).await;
    bench.person(Role::Manager, &["west"]).await;
    let north = bench.person(Role::Manager, &["north"]).await;
    let id = bench.write(&east, -60, planned(plan(at(0), &[&driver.user.0]))).await.id;
    bench.write(&driver, -10, emergency_in(id)).await;
    let mut watcher = bench.watcher();
    bench.look(&mut watcher, -9).await;
    assert_eq!(bench.last_told().not, [north.user, driver.user]);
}

#[tokio::test]
async fn what_was_tried_is_on_no_phone_of_the_convoy_and_on_all_that_watch_it() {
    for duress in [true, false] {
        let mut bench = Bench::new().await;
        let planner = bench.person(Role::Manager, &["east"]).await;
        let idriss = bench.person(Role::Traveller, &["north"]).await;
        let aboard = bench.person(Role::Manager, &["east"]).await;
        let (radio_room, west) =
            (bench.person(Role::Manager, &["east"]).await, bench.person(Role::Manager, &["west"]).await);
        let movement = plan(at(0), &[&idriss.user.0, &aboard.user.0]);
        let id = bench.write(&planner, -60, planned(movement)).await.id;
        let made = CheckinMade { duress: true, ..heard(id) };
        let body = if duress { Body::CheckinMade(made) } else { emergency_in(id) };
        let raised = bench.write(&idriss, 1, body).await;
        let mut watcher = bench.watcher();
        bench.look(&mut watcher, 2).await;
        let tried = Tried {
            stage: 2,
            to: Party::Security,
            means: "HF".into(),
            result: TryResult::NoAnswer,
            note: None,
            automatic: false,
        };
        let step = EmergencyStep { record: raised.id, movement: Some(id), tried };
        bench.write(&west, 3, Body::EmergencyStep(step)).await;
        let steps = async |caller: &Caller| {
            let page = bench.storage.feed(&caller.viewer(), &"another".into(), 0, 1_000).await.unwrap();
            page.records.iter().filter(|record| record.event.kind == Kind::EmergencyStep).count()
        };
        assert_eq!((steps(&idriss).await, steps(&aboard).await), (0, 0), "duress: {duress}");
        assert_eq!((steps(&planner).await, steps(&radio_room).await), (2, 2), "of the server and of west");
    }
}
