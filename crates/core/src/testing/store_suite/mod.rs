//! What every [`LocalStore`] must do: run on the memory store natively and on IndexedDB in a browser.

#![allow(clippy::unwrap_used, clippy::panic, clippy::missing_panics_doc)] // a test

mod feed;
mod mirrors;
mod movements;
mod outbox;

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;

use feed::{
    a_feed_is_taken_in_once, a_page_of_a_former_life_does_not_change_what_is_held,
    a_page_of_a_former_life_does_not_move_the_cursor, a_refused_answer_answers_nothing,
    an_answer_before_its_record_is_not_forgotten, forms_come_in_pages_of_their_own,
    nobody_takes_their_own_record_off_the_waiting_list, of_many_that_wait_the_urgent_come_first,
    own_answers_take_records_off_the_waiting_list, own_records_in_a_feed_stay_own,
    pages_go_from_the_newest_to_the_oldest, records_of_others_wait_until_somebody_answers,
    what_another_reader_asked_for_is_not_taken_up, what_was_said_comes_with_the_record,
};
use mirrors::{
    a_mirror_that_goes_takes_its_queue_with_it, a_mirror_that_lost_its_records_gets_them_again,
    a_new_mirror_gets_what_is_there_already, a_record_is_sent_when_all_that_must_have_it_do,
    another_home_gets_all_and_is_read_from_its_start, each_mirror_has_a_queue_of_its_own,
    the_head_comes_with_where_it_is_for, what_a_former_place_said_settles_nothing_at_the_present_one,
    what_a_mirror_refuses_can_be_retried_there, what_the_home_refused_is_owed_to_a_new_mirror,
};
use movements::{
    a_movement_has_all_its_records, a_movement_is_open_until_somebody_closes_it,
    a_plan_changed_after_the_closing_opens_it_again, a_refused_closing_closes_nothing,
    an_emergency_keeps_a_closed_movement_open, the_log_of_a_late_check_in_is_not_listed,
    what_was_received_before_keeps_its_moment,
};
use outbox::{
    a_gap_in_the_batch_does_not_take_its_neighbours,
    a_save_writes_event_and_entry_together_in_the_devices_order, another_digest_leaves_nothing,
    another_epoch_puts_back_what_it_has_not_acknowledged, only_the_named_entries_leave,
    saving_the_same_id_again_changes_nothing, the_first_epoch_puts_nothing_back,
    the_head_keeps_to_its_limit_but_gives_at_least_one, the_head_passes_over_what_it_is_told_to,
    the_refused_are_kept_and_can_be_retried, urgent_entries_come_first,
};

use super::build;
use crate::event::{Body, Event, EventId, PeopleState, Record, Stamp};
use crate::rules::Role;
use crate::sync::{
    BatchLimit, Counts, Cursor, Entry, Epoch, FeedPage, LocalStore, Placement, Queued, Session, Settlement,
    To,
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
    the_head_comes_with_where_it_is_for,
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

async fn write(store: &impl LocalStore, n: u64, body: Body) -> Event {
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
    store.head(To::HOME, WIDE, &BTreeSet::new()).await.unwrap().queued
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

async fn another_role_reads_the_feed_from_its_start(store: impl LocalStore) {
    store.sign_in(&session()).await.unwrap();
    store.apply(None, &page(vec![build::arrived(theirs(1), 7, "Moussa")], 7)).await.unwrap();
    store.sign_in(&Session { token: "another".into(), ..session() }).await.unwrap();
    assert_eq!(store.meta().await.unwrap().cursor, 7.into(), "the same person sees the same");
    store.sign_in(&Session { role: Role::Manager, ..session() }).await.unwrap();
    assert_eq!(store.meta().await.unwrap().cursor, Cursor::default());
}
