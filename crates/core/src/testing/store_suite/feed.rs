//! What a store must do with what comes from the backend.

use super::{about, entries, page, queue, save, saved, session, theirs, waiting, write};
use crate::event::{PeopleState, Stamp};
use crate::sync::{Cursor, Epoch, FeedPage, LocalStore, Page, Placement, Refusal, Session, Settlement, To};
use crate::testing::build;

pub(super) async fn a_feed_is_taken_in_once(store: impl LocalStore) {
    let records = vec![build::arrived(theirs(1), 1, "Moussa"), build::arrived(theirs(2), 2, "Moussa")];
    assert_eq!(store.apply(None, &page(records.clone(), 2)).await.unwrap(), Some(2));
    assert_eq!(store.apply(None, &page(records.clone(), 2)).await.unwrap(), Some(0));
    assert_eq!(store.counts().await.unwrap().records, 2);
    assert_eq!(store.meta().await.unwrap().cursor, 2.into());
    let held = store.held(records[0].event.id).await.unwrap().unwrap();
    assert_eq!((held.record, held.mine), (records[0].clone(), false));
    assert!(queue(&store).await.is_empty(), "what came is not sent back");
}

pub(super) async fn a_page_of_a_former_life_does_not_move_the_cursor(store: impl LocalStore) {
    store.apply(None, &page(vec![build::arrived(theirs(1), 1, "Moussa")], 1)).await.unwrap();
    store.adopt_epoch(To::HOME, None, &Epoch("e2".into())).await.unwrap();
    store.apply(None, &page(vec![build::arrived(theirs(2), 2, "Moussa")], 2)).await.unwrap();
    assert_eq!(store.meta().await.unwrap().cursor, Cursor::default());
    assert_eq!(store.counts().await.unwrap().records, 2, "its records are taken in all the same");
}

/// Two tabs read: one has the answer of before the restore still to store when the other has read anew.
pub(super) async fn a_page_of_a_former_life_does_not_change_what_is_held(store: impl LocalStore) {
    let late = page(vec![build::arrived(theirs(1), 7, "Moussa")], 7);
    store.apply(None, &page(vec![build::arrived(theirs(2), 1, "Moussa")], 1)).await.unwrap();
    store.adopt_epoch(To::HOME, None, &Epoch("e2".into())).await.unwrap();
    let anew = build::arrived(theirs(1), 3, "Moussa");
    let present = FeedPage { epoch: Epoch("e2".into()), ..page(vec![anew.clone()], 3) };
    store.apply(None, &present).await.unwrap();
    store.apply(None, &late).await.unwrap();
    let held = store.held(theirs(1).id).await.unwrap().unwrap();
    assert_eq!(held.record, anew);
}

pub(super) async fn records_of_others_wait_until_somebody_answers(store: impl LocalStore) {
    store.sign_in(&session()).await.unwrap();
    let (first, second) = (theirs(1), theirs(2));
    let records =
        vec![build::arrived(second.clone(), 1, "Moussa"), build::arrived(first.clone(), 2, "Moussa")];
    store.apply(None, &page(records, 2)).await.unwrap();
    assert_eq!(waiting(&store).await, [first.id, second.id], "oldest first");
    let confirmed = build::unsaved("d3", 3, build::confirmation_of(&first)).into_event(1);
    store.apply(None, &page(vec![build::arrived(confirmed, 3, "Amina")], 3)).await.unwrap();
    assert_eq!(waiting(&store).await, [second.id]);
}

pub(super) async fn of_many_that_wait_the_urgent_come_first(store: impl LocalStore) {
    store.sign_in(&session()).await.unwrap();
    let helpless = build::checkin_body(PeopleState::NeedAssistance, "");
    let urgent = build::unsaved("d2", 4, helpless).into_event(4);
    let alarm = build::unsaved("d2", 6, build::emergency_body()).into_event(6);
    let second = build::unsaved("d2", 7, build::emergency_body()).into_event(7);
    let mut drill = build::unsaved("d2", 8, build::checkin_body(PeopleState::NotSafe, ""));
    drill.exercise = true;
    let drill = drill.into_event(8);
    let all = [theirs(1), drill, alarm.clone(), urgent.clone(), theirs(5), second.clone()];
    let records =
        all.iter().enumerate().map(|(at, event)| build::arrived(event.clone(), at as u64 + 1, "Moussa"));
    store.apply(None, &page(records.collect(), 6)).await.unwrap();
    let waiting = store.waiting(2).await.unwrap();
    let ids: Vec<_> = waiting.first.iter().map(|held| held.record.event.id).collect();
    assert_eq!(ids, [alarm.id, second.id, urgent.id, all[0].id], "no emergency is left out");
    assert_eq!((waiting.count, waiting.drills), (6, 1));
}

pub(super) async fn an_answer_before_its_record_is_not_forgotten(store: impl LocalStore) {
    let made = theirs(1);
    let confirmed = build::unsaved("d3", 3, build::confirmation_of(&made)).into_event(1);
    store.apply(None, &page(vec![build::arrived(confirmed, 1, "Amina")], 1)).await.unwrap();
    store.apply(None, &page(vec![build::arrived(made, 2, "Moussa")], 2)).await.unwrap();
    assert!(waiting(&store).await.is_empty());
}

pub(super) async fn own_answers_take_records_off_the_waiting_list(store: impl LocalStore) {
    let made = theirs(1);
    store.apply(None, &page(vec![build::arrived(made.clone(), 1, "Moussa")], 1)).await.unwrap();
    store.save(build::unsaved("d1", 5, build::confirmation_of(&made)), None).await.unwrap();
    assert!(waiting(&store).await.is_empty());
    store.apply(None, &page(vec![build::arrived(made, 1, "Moussa")], 1)).await.unwrap();
    assert!(waiting(&store).await.is_empty(), "also when it comes again");
}

pub(super) async fn nobody_takes_their_own_record_off_the_waiting_list(store: impl LocalStore) {
    let made = theirs(1);
    let own = build::unsaved("d2", 2, build::confirmation_of(&made)).into_event(2);
    let records = vec![build::arrived(own.clone(), 1, "Moussa"), build::arrived(made, 2, "Moussa")];
    store.apply(None, &page(records, 2)).await.unwrap();
    store.apply(None, &page(vec![build::arrived(own, 3, "Moussa")], 3)).await.unwrap();
    assert_eq!(waiting(&store).await.len(), 1);
}

pub(super) async fn a_refused_answer_answers_nothing(store: impl LocalStore) {
    store.sign_in(&session()).await.unwrap();
    let made = theirs(1);
    store.apply(None, &page(vec![build::arrived(made.clone(), 1, "Moussa")], 1)).await.unwrap();
    let own = store.save(build::unsaved("d1", 5, build::confirmation_of(&made)), None).await.unwrap();
    assert!(waiting(&store).await.is_empty());
    let entry = entries(&store).await.remove(0);
    let refused = vec![(entry, Refusal::new("not_allowed", "no".into()))];
    let settlement = Settlement { epoch: Some(Epoch("e1".into())), at: Stamp(9), stored: vec![], refused };
    store.settle(To::HOME, None, &settlement).await.unwrap();
    assert_eq!(waiting(&store).await.len(), 1, "it waits again");
    assert!(about(&store, made.id).await.is_empty(), "and nobody has confirmed it");
    assert!(store.retry(own.id).await.unwrap());
    assert!(waiting(&store).await.is_empty());
    assert_eq!(about(&store, made.id).await.len(), 1);
}

pub(super) async fn own_records_in_a_feed_stay_own(store: impl LocalStore) {
    store.sign_in(&session()).await.unwrap();
    let own = save(&store, 1, PeopleState::Safe).await;
    store.apply(None, &page(vec![build::arrived(own.clone(), 1, "Idriss")], 1)).await.unwrap();
    let held = store.held(own.id).await.unwrap().unwrap();
    assert!(held.mine);
    assert_eq!(held.placement, Placement::Outbox, "a feed is no receipt");
    assert!(waiting(&store).await.is_empty());
}

pub(super) async fn pages_go_from_the_newest_to_the_oldest(store: impl LocalStore) {
    let own = saved(&store, 3).await;
    let other = theirs(2);
    store.apply(None, &page(vec![build::arrived(other.clone(), 1, "Moussa")], 1)).await.unwrap();
    store.save(build::unsaved("d1", 9, build::confirmation_of(&other)), None).await.unwrap();
    let all = store.page(Page { before: None, limit: 10 }).await.unwrap();
    assert_eq!(all.len(), 4, "what is about another record is not on the list");
    assert_eq!(all[0].record.event.id, own[2].id);
    let newest_two = store.page(Page { before: None, limit: 2 }).await.unwrap();
    assert_eq!(newest_two, all[..2]);
    let last = &newest_two[1].record;
    let rest = store.page(Page { before: Some((last.happened(), last.event.id)), limit: 10 }).await.unwrap();
    assert_eq!(rest, all[2..]);
}

pub(super) async fn forms_come_in_pages_of_their_own(store: impl LocalStore) {
    saved(&store, 2).await;
    let threat = |n: u64| build::filled("threat", &serde_json::json!({"words": n.to_string()}));
    let own = write(&store, 11, threat(1)).await;
    let other = build::unsaved("d3", 12, threat(2)).into_event(1);
    let judged = serde_json::json!({"record": own.id.to_string(), "source": "B"});
    let judged = build::unsaved("d3", 13, build::filled("evaluation", &judged)).into_event(2);
    let arrived = vec![build::arrived(other.clone(), 1, "Amina"), build::arrived(judged.clone(), 2, "Amina")];
    store.apply(None, &page(arrived, 2)).await.unwrap();
    let all = store.chain(Page { before: None, limit: 9 }).await.unwrap();
    let ids: Vec<_> = all.iter().map(|held| held.record.event.id).collect();
    assert_eq!(ids, [judged.id, other.id, own.id], "no check-ins, and what is about others too");
    assert_eq!((all[2].mine, &all[2].placement), (true, &Placement::Outbox));
    let last = &all[1].record;
    let rest = store.chain(Page { before: Some((last.happened(), last.event.id)), limit: 9 }).await.unwrap();
    assert_eq!(rest, all[2..]);
}

pub(super) async fn what_was_said_comes_with_the_record(store: impl LocalStore) {
    let own = save(&store, 1, PeopleState::Safe).await;
    let seen = build::unsaved("d3", 2, build::seen_of(&own)).into_event(1);
    let confirmed = build::unsaved("d3", 3, build::confirmation_of(&own)).into_event(2);
    let records =
        vec![build::arrived(confirmed.clone(), 2, "Amina"), build::arrived(seen.clone(), 1, "Amina")];
    store.apply(None, &page(records, 2)).await.unwrap();
    let said: Vec<_> = about(&store, own.id).await.iter().map(|record| record.event.id).collect();
    assert_eq!(said, [seen.id, confirmed.id]);
}

/// The phone has joined elsewhere, in another tab, since it was asked.
pub(super) async fn what_another_reader_asked_for_is_not_taken_up(store: impl LocalStore) {
    let asked = store.meta().await.unwrap().reader();
    let elsewhere = Session { org: "elsewhere".into(), ..session() };
    store.join(&elsewhere, None, &[]).await.unwrap();
    let before = store.meta().await.unwrap();
    let (full, empty) = (page(vec![build::arrived(theirs(1), 1, "Moussa")], 1), page(vec![], 2));
    for page in [&full, &empty] {
        assert_eq!(store.apply(Some(&asked), page).await.unwrap(), None);
    }
    assert_eq!(store.adopt_epoch(To::HOME, Some(&asked), &Epoch("e2".into())).await.unwrap(), None);
    assert_eq!(store.meta().await.unwrap(), before);
    assert_eq!(store.counts().await.unwrap().records, 0);
    let now = before.reader();
    assert_eq!(store.apply(Some(&now), &full).await.unwrap(), Some(1));
}
