//! What every [`LocalStore`] must do: run on the memory store natively and on IndexedDB in a browser.

#![allow(clippy::unwrap_used, clippy::panic, clippy::missing_panics_doc)] // a test

mod mirrors;

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;

use mirrors::{
    a_mirror_that_goes_takes_its_queue_with_it, a_mirror_that_lost_its_records_gets_them_again,
    a_new_mirror_gets_what_is_there_already, a_record_is_sent_when_all_that_must_have_it_do,
    another_home_gets_all_and_is_read_from_its_start, each_mirror_has_a_queue_of_its_own,
    what_a_former_place_said_settles_nothing_at_the_present_one, what_a_mirror_refuses_can_be_retried_there,
    what_the_home_refused_is_owed_to_a_new_mirror,
};

use super::build;
use crate::event::{Body, CheckinKind, Event, EventId, PeopleState, Record, Stamp};
use crate::rules::Role;
use crate::sync::{
    BatchLimit, Counts, Cursor, Entry, Epoch, FeedPage, Held, LocalStore, Page, Placement, Queued, Refusal,
    Session, Settlement, To,
};

/// A case: given an empty store, it ends or panics.
pub type Case<S> = fn(S) -> Pin<Box<dyn Future<Output = ()>>>;

macro_rules! cases {
    ($($name:ident),+ $(,)?) => {
        /// All cases, each for an empty store of its own.
        pub fn cases<S: LocalStore + 'static>() -> Vec<(&'static str, Case<S>)> {
            vec![$((stringify!($name), |store| Box::pin($name(store)))),+]
        }
    };
}

cases!(
    an_empty_store_is_empty,
    a_save_writes_event_and_entry_together_in_the_devices_order,
    saving_the_same_id_again_changes_nothing,
    urgent_entries_come_first,
    the_head_keeps_to_its_limit_but_gives_at_least_one,
    the_head_passes_over_what_it_is_told_to,
    only_the_named_entries_leave,
    another_digest_leaves_nothing,
    a_gap_in_the_batch_does_not_take_its_neighbours,
    the_refused_are_kept_and_can_be_retried,
    another_epoch_puts_back_what_it_has_not_acknowledged,
    the_first_epoch_puts_nothing_back,
    a_feed_is_taken_in_once,
    a_page_of_a_former_life_does_not_move_the_cursor,
    a_page_of_a_former_life_does_not_change_what_is_held,
    records_of_others_wait_until_somebody_answers,
    of_many_that_wait_the_urgent_come_first,
    an_answer_before_its_record_is_not_forgotten,
    own_answers_take_records_off_the_waiting_list,
    nobody_takes_their_own_record_off_the_waiting_list,
    a_refused_answer_answers_nothing,
    own_records_in_a_feed_stay_own,
    pages_go_from_the_newest_to_the_oldest,
    forms_come_in_pages_of_their_own,
    what_was_said_comes_with_the_record,
    a_movement_has_all_its_records,
    a_movement_is_open_until_somebody_closes_it,
    a_refused_closing_closes_nothing,
    a_plan_changed_after_the_closing_opens_it_again,
    what_was_received_before_keeps_its_moment,
    an_emergency_keeps_a_closed_movement_open,
    the_log_of_a_late_check_in_is_not_listed,
    what_a_former_place_said_settles_nothing_at_the_present_one,
    each_mirror_has_a_queue_of_its_own,
    a_record_is_sent_when_all_that_must_have_it_do,
    a_new_mirror_gets_what_is_there_already,
    a_mirror_that_goes_takes_its_queue_with_it,
    a_mirror_that_lost_its_records_gets_them_again,
    what_a_mirror_refuses_can_be_retried_there,
    what_the_home_refused_is_owed_to_a_new_mirror,
    another_home_gets_all_and_is_read_from_its_start,
    drafts_last_until_they_are_saved,
    the_phone_remembers_who_it_is,
    another_role_reads_the_feed_from_its_start,
    what_another_reader_asked_for_is_not_taken_up,
);

const WIDE: BatchLimit = BatchLimit { records: 1_000, bytes: 1 << 20 };

/// Who is signed in on device `d1`.
pub fn session() -> Session {
    Session {
        org: "acme".into(),
        org_name: "Acme".into(),
        user: "d1".into(),
        name: "Idriss".into(),
        role: Role::Traveller,
        areas: vec![],
        device: "d1".into(),
        token: "t".into(),
    }
}

async fn save(store: &impl LocalStore, n: u64, people: PeopleState) -> Event {
    let body = build::checkin_body(people, &format!("check-in {n}"));
    store.save(build::unsaved("d1", n, body), None).await.unwrap()
}

async fn saved(store: &impl LocalStore, count: u64) -> Vec<Event> {
    let mut events = vec![];
    for n in 1..=count {
        events.push(save(store, n, PeopleState::Safe).await);
    }
    events
}

async fn head(store: &impl LocalStore) -> Vec<Queued> {
    store.head(To::HOME, WIDE, &BTreeSet::new()).await.unwrap()
}

async fn queue(store: &impl LocalStore) -> Vec<EventId> {
    head(store).await.into_iter().map(|queued| queued.entry.id).collect()
}

/// The ids on the waiting list, in its order.
async fn waiting(store: &impl LocalStore) -> Vec<EventId> {
    let waiting = store.waiting(100).await.unwrap();
    assert_eq!(waiting.first.len(), waiting.count as usize);
    waiting.first.iter().map(|held| held.record.event.id).collect()
}

async fn about(store: &impl LocalStore, id: EventId) -> Vec<Record> {
    store.about(&[id]).await.unwrap().remove(0)
}

fn stored(entries: &[Entry], epoch: &str) -> Settlement {
    Settlement {
        epoch: Some(Epoch(epoch.into())),
        at: Stamp(5_000),
        stored: entries.iter().map(|entry| (entry.clone(), Stamp(5_000))).collect(),
        refused: vec![],
    }
}

async fn entries(store: &impl LocalStore) -> Vec<Entry> {
    head(store).await.into_iter().map(|queued| queued.entry).collect()
}

async fn placement(store: &impl LocalStore, id: EventId) -> Placement {
    store.held(id).await.unwrap().unwrap().placement
}

fn ids(events: &[Event]) -> Vec<EventId> {
    events.iter().map(|event| event.id).collect()
}

/// A check-in of another phone.
fn theirs(n: u64) -> Event {
    build::unsaved("d2", n, build::checkin_body(PeopleState::Safe, "theirs")).into_event(n)
}

pub(in crate::testing) fn page(records: Vec<crate::event::Record>, next: u64) -> FeedPage {
    FeedPage { epoch: Epoch("e1".into()), records, next: next.into(), more: false }
}

async fn an_empty_store_is_empty(store: impl LocalStore) {
    assert_eq!(store.counts().await.unwrap(), Counts::default());
    assert!(head(&store).await.is_empty());
    assert_eq!(store.meta().await.unwrap(), crate::sync::Meta::default());
    assert_eq!(store.held(build::checkin(1).id).await.unwrap(), None);
    assert!(!store.retry(build::checkin(1).id).await.unwrap());
}

async fn a_save_writes_event_and_entry_together_in_the_devices_order(store: impl LocalStore) {
    let events = saved(&store, 3).await;
    assert_eq!(events.iter().map(|event| event.devseq).collect::<Vec<_>>(), [1, 2, 3]);
    let queued = head(&store).await;
    for (queued, event) in queued.iter().zip(&events) {
        assert_eq!((queued.entry.id, queued.entry.digest), (event.id, event.digest));
        let json: serde_json::Value = serde_json::from_str(&queued.json).unwrap();
        assert_eq!(&Event::from_json(json).unwrap(), event);
    }
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.queued, counts.records, counts.refused), (3, 3, 0));
    assert_eq!(counts.oldest_queued, Some(events[0].recorded));
    assert_eq!(placement(&store, events[0].id).await, Placement::Outbox);
}

async fn saving_the_same_id_again_changes_nothing(store: impl LocalStore) {
    let first = save(&store, 1, PeopleState::Safe).await;
    let again = save(&store, 1, PeopleState::Safe).await;
    assert_eq!(first, again);
    assert_eq!(queue(&store).await.len(), 1);
    assert_eq!(save(&store, 2, PeopleState::Safe).await.devseq, 2);
}

async fn urgent_entries_come_first(store: impl LocalStore) {
    saved(&store, 2).await;
    let urgent = save(&store, 3, PeopleState::NotSafe).await;
    let head = head(&store).await;
    assert_eq!(head[0].entry.id, urgent.id);
    assert_eq!(head.iter().map(|queued| queued.entry.urgent).collect::<Vec<_>>(), [true, false, false]);
}

async fn the_head_keeps_to_its_limit_but_gives_at_least_one(store: impl LocalStore) {
    saved(&store, 5).await;
    let none = BTreeSet::new();
    assert_eq!(
        store.head(To::HOME, BatchLimit { records: 2, bytes: 1 << 20 }, &none).await.unwrap().len(),
        2
    );
    assert_eq!(store.head(To::HOME, BatchLimit { records: 5, bytes: 1 }, &none).await.unwrap().len(), 1);
    let one = head(&store).await[0].entry.bytes;
    assert_eq!(
        store.head(To::HOME, BatchLimit { records: 5, bytes: one * 3 + 10 }, &none).await.unwrap().len(),
        3
    );
}

async fn the_head_passes_over_what_it_is_told_to(store: impl LocalStore) {
    let events = saved(&store, 4).await;
    let over = BTreeSet::from([events[0].id, events[2].id]);
    let head = store.head(To::HOME, BatchLimit { records: 2, bytes: 1 << 20 }, &over).await.unwrap();
    let ids: Vec<_> = head.iter().map(|queued| queued.entry.id).collect();
    assert_eq!(ids, [events[1].id, events[3].id]);
}

async fn only_the_named_entries_leave(store: impl LocalStore) {
    let events = saved(&store, 4).await;
    let all = entries(&store).await;
    store.settle(To::HOME, None, &stored(&all[..2], "e1")).await.unwrap();
    assert_eq!(queue(&store).await, ids(&events[2..]));
    assert_eq!(
        placement(&store, events[0].id).await,
        Placement::Backend { acknowledged: Some(Stamp(5_000)) }
    );
    assert_eq!(placement(&store, events[3].id).await, Placement::Outbox);
    assert_eq!(store.counts().await.unwrap().records, 4, "sent records stay readable");
    store.settle(To::HOME, None, &stored(&all[..2], "e1")).await.unwrap();
    assert_eq!(queue(&store).await.len(), 2, "again is harmless");
}

async fn another_digest_leaves_nothing(store: impl LocalStore) {
    saved(&store, 2).await;
    let mut wrong = entries(&store).await;
    wrong[0].digest = build::checkin(77).digest;
    wrong[1].devseq = 99;
    store.settle(To::HOME, None, &stored(&wrong, "e1")).await.unwrap();
    assert_eq!(queue(&store).await.len(), 2);
}

async fn a_gap_in_the_batch_does_not_take_its_neighbours(store: impl LocalStore) {
    let events = saved(&store, 5).await;
    let all = entries(&store).await;
    let without_third: Vec<_> = [0, 1, 3, 4].into_iter().map(|at: usize| all[at].clone()).collect();
    store.settle(To::HOME, None, &stored(&without_third, "e1")).await.unwrap();
    assert_eq!(queue(&store).await, [events[2].id]);
}

async fn the_refused_are_kept_and_can_be_retried(store: impl LocalStore) {
    let events = saved(&store, 3).await;
    let all = entries(&store).await;
    let refusal = Refusal::new("not_allowed", "the server's words".into());
    let mut settlement = stored(&all[..1], "e1");
    settlement.refused.push((all[1].clone(), refusal.clone()));
    store.settle(To::HOME, None, &settlement).await.unwrap();
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.queued, counts.refused), (1, 1));
    let Placement::Refused(refused) = placement(&store, events[1].id).await else { panic!("not refused") };
    assert_eq!((refused.refusal, refused.at), (refusal, Stamp(5_000)));
    assert_eq!(store.unsent().await.unwrap(), ids(&events[1..]));
    assert!(store.retry(events[1].id).await.unwrap());
    assert_eq!(queue(&store).await, ids(&events[1..]), "in its old place");
    assert!(!store.retry(events[1].id).await.unwrap());
}

async fn another_epoch_puts_back_what_it_has_not_acknowledged(store: impl LocalStore) {
    let events = saved(&store, 4).await;
    let all = entries(&store).await;
    store.settle(To::HOME, None, &stored(&all[..2], "e1")).await.unwrap();
    store.apply(None, &page(vec![build::arrived(theirs(9), 9, "Moussa")], 9)).await.unwrap();
    // The backend was restored; this batch already went to its new life.
    store.settle(To::HOME, None, &stored(&all[2..3], "e2")).await.unwrap();
    assert_eq!(queue(&store).await, [events[0].id, events[1].id, events[3].id]);
    let meta = store.meta().await.unwrap();
    assert_eq!((meta.epoch, meta.cursor), (Some(Epoch("e2".into())), Cursor::default()));
    assert_eq!(
        store.adopt_epoch(To::HOME, None, &Epoch("e3".into())).await.unwrap(),
        Some(1),
        "the third, too"
    );
    assert_eq!(store.adopt_epoch(To::HOME, None, &Epoch("e3".into())).await.unwrap(), Some(0));
}

async fn the_first_epoch_puts_nothing_back(store: impl LocalStore) {
    saved(&store, 2).await;
    let all = entries(&store).await;
    store.settle(To::HOME, None, &stored(&all, "e1")).await.unwrap();
    assert!(queue(&store).await.is_empty());
    assert_eq!(store.meta().await.unwrap().epoch, Some(Epoch("e1".into())));
}

async fn a_feed_is_taken_in_once(store: impl LocalStore) {
    let records = vec![build::arrived(theirs(1), 1, "Moussa"), build::arrived(theirs(2), 2, "Moussa")];
    assert_eq!(store.apply(None, &page(records.clone(), 2)).await.unwrap(), Some(2));
    assert_eq!(store.apply(None, &page(records.clone(), 2)).await.unwrap(), Some(0));
    assert_eq!(store.counts().await.unwrap().records, 2);
    assert_eq!(store.meta().await.unwrap().cursor, 2.into());
    let held = store.held(records[0].event.id).await.unwrap().unwrap();
    assert_eq!((held.record, held.mine), (records[0].clone(), false));
    assert!(queue(&store).await.is_empty(), "what came is not sent back");
}

async fn a_page_of_a_former_life_does_not_move_the_cursor(store: impl LocalStore) {
    store.apply(None, &page(vec![build::arrived(theirs(1), 1, "Moussa")], 1)).await.unwrap();
    store.adopt_epoch(To::HOME, None, &Epoch("e2".into())).await.unwrap();
    store.apply(None, &page(vec![build::arrived(theirs(2), 2, "Moussa")], 2)).await.unwrap();
    assert_eq!(store.meta().await.unwrap().cursor, Cursor::default());
    assert_eq!(store.counts().await.unwrap().records, 2, "its records are taken in all the same");
}

/// Two tabs read: one has the answer of before the restore still to store when the other has read anew.
async fn a_page_of_a_former_life_does_not_change_what_is_held(store: impl LocalStore) {
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

async fn records_of_others_wait_until_somebody_answers(store: impl LocalStore) {
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

async fn of_many_that_wait_the_urgent_come_first(store: impl LocalStore) {
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

async fn an_answer_before_its_record_is_not_forgotten(store: impl LocalStore) {
    let made = theirs(1);
    let confirmed = build::unsaved("d3", 3, build::confirmation_of(&made)).into_event(1);
    store.apply(None, &page(vec![build::arrived(confirmed, 1, "Amina")], 1)).await.unwrap();
    store.apply(None, &page(vec![build::arrived(made, 2, "Moussa")], 2)).await.unwrap();
    assert!(waiting(&store).await.is_empty());
}

async fn own_answers_take_records_off_the_waiting_list(store: impl LocalStore) {
    let made = theirs(1);
    store.apply(None, &page(vec![build::arrived(made.clone(), 1, "Moussa")], 1)).await.unwrap();
    store.save(build::unsaved("d1", 5, build::confirmation_of(&made)), None).await.unwrap();
    assert!(waiting(&store).await.is_empty());
    store.apply(None, &page(vec![build::arrived(made, 1, "Moussa")], 1)).await.unwrap();
    assert!(waiting(&store).await.is_empty(), "also when it comes again");
}

async fn nobody_takes_their_own_record_off_the_waiting_list(store: impl LocalStore) {
    let made = theirs(1);
    let own = build::unsaved("d2", 2, build::confirmation_of(&made)).into_event(2);
    let records = vec![build::arrived(own.clone(), 1, "Moussa"), build::arrived(made, 2, "Moussa")];
    store.apply(None, &page(records, 2)).await.unwrap();
    store.apply(None, &page(vec![build::arrived(own, 3, "Moussa")], 3)).await.unwrap();
    assert_eq!(waiting(&store).await.len(), 1);
}

async fn a_refused_answer_answers_nothing(store: impl LocalStore) {
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

async fn own_records_in_a_feed_stay_own(store: impl LocalStore) {
    store.sign_in(&session()).await.unwrap();
    let own = save(&store, 1, PeopleState::Safe).await;
    store.apply(None, &page(vec![build::arrived(own.clone(), 1, "Idriss")], 1)).await.unwrap();
    let held = store.held(own.id).await.unwrap().unwrap();
    assert!(held.mine);
    assert_eq!(held.placement, Placement::Outbox, "a feed is no receipt");
    assert!(waiting(&store).await.is_empty());
}

async fn pages_go_from_the_newest_to_the_oldest(store: impl LocalStore) {
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

async fn forms_come_in_pages_of_their_own(store: impl LocalStore) {
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

async fn what_was_said_comes_with_the_record(store: impl LocalStore) {
    let own = save(&store, 1, PeopleState::Safe).await;
    let seen = build::unsaved("d3", 2, build::seen_of(&own)).into_event(1);
    let confirmed = build::unsaved("d3", 3, build::confirmation_of(&own)).into_event(2);
    let records =
        vec![build::arrived(confirmed.clone(), 2, "Amina"), build::arrived(seen.clone(), 1, "Amina")];
    store.apply(None, &page(records, 2)).await.unwrap();
    let said: Vec<_> = about(&store, own.id).await.iter().map(|record| record.event.id).collect();
    assert_eq!(said, [seen.id, confirmed.id]);
}

async fn write(store: &impl LocalStore, n: u64, body: Body) -> Event {
    store.save(build::unsaved("d1", n, body), None).await.unwrap()
}

async fn a_movement_has_all_its_records(store: impl LocalStore) {
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

async fn a_movement_is_open_until_somebody_closes_it(store: impl LocalStore) {
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

async fn a_refused_closing_closes_nothing(store: impl LocalStore) {
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

async fn a_plan_changed_after_the_closing_opens_it_again(store: impl LocalStore) {
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
async fn what_was_received_before_keeps_its_moment(store: impl LocalStore) {
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

async fn an_emergency_keeps_a_closed_movement_open(store: impl LocalStore) {
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

async fn the_log_of_a_late_check_in_is_not_listed(store: impl LocalStore) {
    store.sign_in(&session()).await.unwrap();
    let id = write(&store, 1, build::planned(build::plan())).await.id;
    let raised = crate::event::OverdueRaised { movement: id, due: build::MORNING, vehicles: vec![] };
    write(&store, 2, Body::OverdueRaised(raised)).await;
    let page = store.page(Page { before: None, limit: 10 }).await.unwrap();
    assert_eq!(page.iter().map(|held| held.record.event.id).collect::<Vec<_>>(), [id]);
    assert_eq!(store.of_movements(&[id]).await.unwrap()[0].len(), 2);
}

async fn drafts_last_until_they_are_saved(store: impl LocalStore) {
    assert_eq!(store.draft("check-in").await.unwrap(), None);
    store.put_draft("check-in", "halted at the wadi").await.unwrap();
    store.put_draft("other", "stays").await.unwrap();
    assert_eq!(store.draft("check-in").await.unwrap().as_deref(), Some("halted at the wadi"));
    let body = build::checkin_body(PeopleState::Safe, "halted at the wadi");
    store.save(build::unsaved("d1", 1, body), Some("check-in")).await.unwrap();
    assert_eq!(store.draft("check-in").await.unwrap(), None);
    store.drop_draft("other").await.unwrap();
    assert_eq!(store.draft("other").await.unwrap(), None);
}

async fn the_phone_remembers_who_it_is(store: impl LocalStore) {
    assert_eq!(store.device_key("first").await.unwrap(), "first");
    assert_eq!(store.device_key("second").await.unwrap(), "first", "made once");
    store.learn_clock(-7_200_000).await.unwrap();
    store.sign_in(&session()).await.unwrap();
    let meta = store.meta().await.unwrap();
    assert_eq!((meta.session, meta.clockoffset), (Some(session()), Some(-7_200_000)));
}

/// The phone has joined elsewhere, in another tab, since it was asked.
async fn what_another_reader_asked_for_is_not_taken_up(store: impl LocalStore) {
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

async fn another_role_reads_the_feed_from_its_start(store: impl LocalStore) {
    store.sign_in(&session()).await.unwrap();
    store.apply(None, &page(vec![build::arrived(theirs(1), 7, "Moussa")], 7)).await.unwrap();
    store.sign_in(&Session { token: "another".into(), ..session() }).await.unwrap();
    assert_eq!(store.meta().await.unwrap().cursor, 7.into(), "the same person sees the same");
    store.sign_in(&Session { role: Role::Manager, ..session() }).await.unwrap();
    assert_eq!(store.meta().await.unwrap().cursor, Cursor::default());
}
