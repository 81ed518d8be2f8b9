//! What a store must say of movements.

use super::{entries, page, queue, saved, session, stored, write};
use crate::event::{Body, CheckinKind, PeopleState, Stamp};
use crate::sync::{Held, LocalStore, Page, Placement, Refusal, Settlement, To};
use crate::testing::build;

pub(super) async fn a_movement_has_all_its_records(store: impl LocalStore) {
    store.sign_in(&session()).await.unwrap();
    let plan = write(&store, 1, build::planned(build::plan())).await;
    write(&store, 2, build::checkin_body(PeopleState::Safe, "elsewhere")).await;
    let made = build::heard(plan.id, CheckinKind::Departed, PeopleState::Safe);
    let own = write(&store, 3, Body::CheckinMade(made.clone())).await;
    let other = build::unsaved("d2", 4, Body::CheckinMade(made)).into_event(1);
    let arrived = page(vec![build::arrived(other.clone(), 1, "Hawa")], 1);
    store.apply(None, &arrived).await.unwrap();
    let second = write(&store, 5, build::planned(build::plan())).await;
    let all = store.of_movements(&[plan.id, own.id, second.id]).await.unwrap();
    let ids = |held: &[Held]| {
        let mut ids: Vec<_> = held.iter().map(|held| held.record.event.id).collect();
        ids.sort_unstable();
        ids
    };
    let mut expected = vec![plan.id, own.id, other.id];
    expected.sort_unstable();
    assert_eq!([ids(&all[0]), ids(&all[1]), ids(&all[2])], [expected, vec![], vec![second.id]]);
    assert_eq!(all[0].iter().filter(|held| held.mine).count(), 2);
}

pub(super) async fn a_movement_is_open_until_somebody_closes_it(store: impl LocalStore) {
    store.sign_in(&session()).await.unwrap();
    let later = crate::event::Plan { depart: build::MORNING.plus_ms(3_600_000), ..build::plan() };
    let one = write(&store, 1, build::planned(build::plan())).await.id;
    let two = write(&store, 2, build::planned(later)).await.id;
    assert_eq!(store.movements(true, 10).await.unwrap(), [two, one]);
    assert_eq!(store.movements(true, 1).await.unwrap(), [two]);
    write(&store, 3, build::closed(two)).await;
    assert_eq!(store.movements(true, 10).await.unwrap(), [one]);
    assert_eq!(store.movements(false, 10).await.unwrap(), [two, one]);
    // A closing that comes before its plan.
    let third = build::unsaved("d2", 4, build::planned(build::plan())).into_event(1);
    let closing = build::unsaved("d2", 5, build::closed(third.id)).into_event(2);
    store.apply(None, &page(vec![build::arrived(closing, 1, "Hawa")], 1)).await.unwrap();
    store.apply(None, &page(vec![build::arrived(third.clone(), 2, "Hawa")], 2)).await.unwrap();
    assert_eq!(store.movements(true, 10).await.unwrap(), [one]);
    assert!(store.movements(false, 10).await.unwrap().contains(&third.id));
}

pub(super) async fn a_refused_closing_closes_nothing(store: impl LocalStore) {
    store.sign_in(&session()).await.unwrap();
    let id = write(&store, 1, build::planned(build::plan())).await.id;
    let closing = write(&store, 2, build::closed(id)).await;
    assert!(store.movements(true, 10).await.unwrap().is_empty());
    let entry = entries(&store).await.into_iter().find(|entry| entry.id == closing.id).unwrap();
    let refused = vec![(entry, Refusal::new("not_allowed", "no".into()))];
    let settlement = Settlement { stored: vec![], refused, at: build::MORNING, epoch: None };
    store.settle(To::HOME, None, &settlement).await.unwrap();
    assert_eq!(store.movements(true, 10).await.unwrap(), [id]);
    assert!(store.retry(closing.id).await.unwrap());
    assert!(store.movements(true, 10).await.unwrap().is_empty());
}

pub(super) async fn a_plan_changed_after_the_closing_opens_it_again(store: impl LocalStore) {
    store.sign_in(&session()).await.unwrap();
    let id = write(&store, 1, build::planned(build::plan())).await.id;
    write(&store, 2, build::closed(id)).await;
    let body = crate::event::MovementRevised { movement: id, replaces: id, plan: build::plan() };
    write(&store, 3, Body::MovementRevised(Box::new(body))).await;
    assert_eq!(store.movements(true, 10).await.unwrap(), [id]);
    write(&store, 4, build::closed(id)).await;
    assert!(store.movements(true, 10).await.unwrap().is_empty());
}

/// A receipt was lost, and the record sent again: two plans have one order for everybody.
pub(super) async fn what_was_received_before_keeps_its_moment(store: impl LocalStore) {
    let all = saved(&store, 3).await;
    let mut settlement = stored(&entries(&store).await, "e1");
    settlement.stored[1].1 = Stamp(1_000);
    store.settle(To::HOME, None, &settlement).await.unwrap();
    for (event, at) in all.iter().zip([5_000, 1_000, 5_000]) {
        let held = store.held(event.id).await.unwrap().unwrap();
        assert_eq!(held.placement, Placement::Backend { acknowledged: Some(Stamp(at)) });
    }
    assert!(queue(&store).await.is_empty());
}

pub(super) async fn an_emergency_keeps_a_closed_movement_open(store: impl LocalStore) {
    store.sign_in(&session()).await.unwrap();
    let id = write(&store, 1, build::planned(build::plan())).await.id;
    let raised = crate::event::EmergencyDraft { movement: Some(id), ..Default::default() };
    let raised = raised.parse(None, build::MORNING).unwrap();
    let alarm = write(&store, 2, Body::EmergencyRaised(raised)).await.id;
    write(&store, 3, build::closed(id)).await;
    assert_eq!(store.movements(true, 10).await.unwrap(), [id]);
    let over = crate::event::ResolveDraft { note: "all is well".into(), ..Default::default() };
    let over = Body::EmergencyResolved(over.parse(alarm, Some(id)).unwrap());
    write(&store, 4, over.clone()).await;
    assert_eq!(store.movements(true, 10).await.unwrap(), [id], "called off on the phone that raised it");
    let over = build::unsaved("d2", 5, over).into_event(1);
    store.apply(None, &page(vec![build::arrived(over, 1, "Amina")], 1)).await.unwrap();
    assert!(store.movements(true, 10).await.unwrap().is_empty());
}

pub(super) async fn the_log_of_a_late_check_in_is_not_listed(store: impl LocalStore) {
    store.sign_in(&session()).await.unwrap();
    let id = write(&store, 1, build::planned(build::plan())).await.id;
    let raised = crate::event::OverdueRaised { movement: id, due: build::MORNING, vehicles: vec![] };
    write(&store, 2, Body::OverdueRaised(raised)).await;
    let page = store.page(Page { before: None, limit: 10 }).await.unwrap();
    assert_eq!(page.iter().map(|held| held.record.event.id).collect::<Vec<_>>(), [id]);
    assert_eq!(store.of_movements(&[id]).await.unwrap()[0].len(), 2);
}
