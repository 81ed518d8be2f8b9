//! What a store must do with what this phone writes, until the backend has it.

use std::collections::BTreeSet;

use super::{entries, head, ids, page, placement, queue, save, saved, stored, theirs};
use crate::event::{Event, PeopleState, Stamp};
use crate::sync::{BatchLimit, Cursor, Epoch, LocalStore, Placement, Refusal, To};
use crate::testing::build;

pub(super) async fn a_save_writes_event_and_entry_together_in_the_devices_order(store: impl LocalStore) {
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

pub(super) async fn saving_the_same_id_again_changes_nothing(store: impl LocalStore) {
    let first = save(&store, 1, PeopleState::Safe).await;
    let again = save(&store, 1, PeopleState::Safe).await;
    assert_eq!(first, again);
    assert_eq!(queue(&store).await.len(), 1);
    assert_eq!(save(&store, 2, PeopleState::Safe).await.devseq, 2);
}

pub(super) async fn urgent_entries_come_first(store: impl LocalStore) {
    saved(&store, 2).await;
    let urgent = save(&store, 3, PeopleState::NotSafe).await;
    let head = head(&store).await;
    assert_eq!(head[0].entry.id, urgent.id);
    assert_eq!(head.iter().map(|queued| queued.entry.urgent).collect::<Vec<_>>(), [true, false, false]);
}

pub(super) async fn the_head_keeps_to_its_limit_but_gives_at_least_one(store: impl LocalStore) {
    saved(&store, 5).await;
    let none = BTreeSet::new();
    assert_eq!(
        store.head(To::HOME, BatchLimit { records: 2, bytes: 1 << 20 }, &none).await.unwrap().queued.len(),
        2
    );
    assert_eq!(
        store.head(To::HOME, BatchLimit { records: 5, bytes: 1 }, &none).await.unwrap().queued.len(),
        1
    );
    let one = head(&store).await[0].entry.bytes;
    assert_eq!(
        store
            .head(To::HOME, BatchLimit { records: 5, bytes: one * 3 + 10 }, &none)
            .await
            .unwrap()
            .queued
            .len(),
        3
    );
}

pub(super) async fn the_head_passes_over_what_it_is_told_to(store: impl LocalStore) {
    let events = saved(&store, 4).await;
    let over = BTreeSet::from([events[0].id, events[2].id]);
    let head = store.head(To::HOME, BatchLimit { records: 2, bytes: 1 << 20 }, &over).await.unwrap().queued;
    let ids: Vec<_> = head.iter().map(|queued| queued.entry.id).collect();
    assert_eq!(ids, [events[1].id, events[3].id]);
}

pub(super) async fn only_the_named_entries_leave(store: impl LocalStore) {
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

pub(super) async fn another_digest_leaves_nothing(store: impl LocalStore) {
    saved(&store, 2).await;
    let mut wrong = entries(&store).await;
    wrong[0].digest = build::checkin(77).digest;
    wrong[1].devseq = 99;
    store.settle(To::HOME, None, &stored(&wrong, "e1")).await.unwrap();
    assert_eq!(queue(&store).await.len(), 2);
}

pub(super) async fn a_gap_in_the_batch_does_not_take_its_neighbours(store: impl LocalStore) {
    let events = saved(&store, 5).await;
    let all = entries(&store).await;
    let without_third: Vec<_> = [0, 1, 3, 4].into_iter().map(|at: usize| all[at].clone()).collect();
    store.settle(To::HOME, None, &stored(&without_third, "e1")).await.unwrap();
    assert_eq!(queue(&store).await, [events[2].id]);
}

pub(super) async fn the_refused_are_kept_and_can_be_retried(store: impl LocalStore) {
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

pub(super) async fn another_epoch_puts_back_what_it_has_not_acknowledged(store: impl LocalStore) {
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

pub(super) async fn the_first_epoch_puts_nothing_back(store: impl LocalStore) {
    saved(&store, 2).await;
    let all = entries(&store).await;
    store.settle(To::HOME, None, &stored(&all, "e1")).await.unwrap();
    assert!(queue(&store).await.is_empty());
    assert_eq!(store.meta().await.unwrap().epoch, Some(Epoch("e1".into())));
}
