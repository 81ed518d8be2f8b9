//! What a store must do when records go to more than one backend.

use super::{WIDE, ids, page, placement, queue, saved, session, stored, theirs};
use crate::event::{Event, EventId, Stamp};
use crate::sync::{
    BackendKind, Cursor, Delivery, Destination, Entry, Epoch, LocalStore, Placement, Refusal, SignIn, Tally,
    To,
};
use crate::testing::build;
use std::collections::{BTreeMap, BTreeSet};

const CLOUD: To = To(1);
const BUCKET: To = To(2);

/// A backend at this address; `must` is whether a record is not sent without it.
fn backend(address: &str, must: bool) -> Destination {
    Destination {
        kind: BackendKind::WebDav,
        name: address.to_owned(),
        address: format!("https://{address}.example"),
        sign_in: SignIn::default(),
        options: BTreeMap::new(),
        must,
    }
}

async fn entries(store: &impl LocalStore, to: To) -> Vec<Entry> {
    let head = store.head(to, WIDE, &BTreeSet::new()).await.unwrap();
    head.queued.into_iter().map(|queued| queued.entry).collect()
}

async fn queue_of(store: &impl LocalStore, to: To) -> Vec<EventId> {
    entries(store, to).await.into_iter().map(|entry| entry.id).collect()
}

pub(super) async fn the_head_comes_with_where_it_is_for(store: impl LocalStore) {
    let events = mirrored(&store, false).await;
    let head = store.head(To(1), WIDE, &BTreeSet::new()).await.unwrap();
    assert_eq!(
        head.queued.iter().map(|queued| queued.entry.id).collect::<Vec<_>>(),
        [events[0].id, events[1].id]
    );
    assert_eq!(head.meta, store.meta().await.unwrap());
    store.direct(Some(&backend("there", true)), &[]).await.unwrap();
    let head = store.head(To(1), WIDE, &BTreeSet::new()).await.unwrap();
    assert!(head.queued.is_empty() && !head.meta.has(To(1), &backend("cloud", false)));
    assert!(head.meta.has(To::HOME, &backend("there", true)));
}

async fn tallies(store: &impl LocalStore) -> Vec<(u8, u32, u32)> {
    let tallies = store.tallies().await.unwrap();
    tallies.into_iter().map(|Tally { to, queued, refused, .. }| (to.0, queued, refused)).collect()
}

/// Two records on a phone with one mirror.
async fn mirrored(store: &impl LocalStore, must: bool) -> Vec<Event> {
    store.sign_in(&session()).await.unwrap();
    store.direct(None, &[backend("cloud", must)]).await.unwrap();
    saved(store, 2).await
}

pub(super) async fn what_a_former_place_said_settles_nothing_at_the_present_one(store: impl LocalStore) {
    let events = mirrored(&store, true).await;
    let all = entries(&store, To::HOME).await;
    let (server, cloud) = (Destination::own_server(), backend("cloud", true));
    assert!(store.settle(CLOUD, Some(&cloud), &stored(&all[..1], "c1")).await.unwrap());
    assert_eq!(queue_of(&store, CLOUD).await, ids(&events[1..]));
    // Another tab has moved the home and the mirror; this one has their answers in hand.
    let elsewhere = backend("elsewhere", true);
    store.direct(Some(&elsewhere), &[backend("attic", true)]).await.unwrap();
    let attic = To(2);
    assert!(!store.settle(To::HOME, Some(&server), &stored(&all, "e1")).await.unwrap());
    assert!(!store.settle(attic, Some(&cloud), &stored(&all, "c1")).await.unwrap());
    assert_eq!(queue(&store).await, ids(&events), "the new home has nothing yet");
    assert_eq!(queue_of(&store, attic).await, ids(&events));
    assert_eq!(store.meta().await.unwrap().epoch, None, "nor is the former one's life the new one's");
    assert!(store.settle(To::HOME, Some(&elsewhere), &stored(&all, "h1")).await.unwrap());
    assert!(queue(&store).await.is_empty());
}

pub(super) async fn each_mirror_has_a_queue_of_its_own(store: impl LocalStore) {
    let events = mirrored(&store, false).await;
    assert_eq!(queue_of(&store, CLOUD).await, ids(&events));
    let all = entries(&store, To::HOME).await;
    store.settle(To::HOME, None, &stored(&all, "e1")).await.unwrap();
    assert!(queue(&store).await.is_empty());
    assert_eq!(queue_of(&store, CLOUD).await, ids(&events), "the mirror has nothing yet");
    assert_eq!(tallies(&store).await, [(0, 0, 0), (1, 2, 0)]);
    let known =
        || async { store.tallies().await.unwrap().iter().map(|tally| tally.known).collect::<Vec<_>>() };
    assert_eq!(known().await, [true, false], "nothing has come of the mirror");
    store.settle(CLOUD, None, &stored(&all[..1], "c1")).await.unwrap();
    assert_eq!(known().await, [true, true]);
    assert_eq!(
        store.deliveries(events[0].id).await.unwrap(),
        [(To::HOME, Delivery::Stored(Stamp(5_000))), (CLOUD, Delivery::Stored(Stamp(5_000)))]
    );
    assert_eq!(
        store.deliveries(events[1].id).await.unwrap(),
        [(To::HOME, Delivery::Stored(Stamp(5_000))), (CLOUD, Delivery::Waiting)]
    );
    let meta = store.meta().await.unwrap();
    assert_eq!(meta.epoch, Some(Epoch("e1".into())));
    assert_eq!(meta.epoch_of(CLOUD), Some(&Epoch("c1".into())), "each has a life of its own");
}

pub(super) async fn a_record_is_sent_when_all_that_must_have_it_do(store: impl LocalStore) {
    let events = mirrored(&store, true).await;
    let all = entries(&store, To::HOME).await;
    store.settle(To::HOME, None, &stored(&all, "e1")).await.unwrap();
    // Whether the base knows of it does not wait for the mirror; whether there is still something to send does.
    let sent = Placement::Backend { acknowledged: Some(Stamp(5_000)) };
    assert_eq!(placement(&store, events[0].id).await, sent);
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.queued, counts.oldest_queued), (2, Some(events[0].recorded)));
    assert_eq!(store.unsent().await.unwrap(), ids(&events));
    store.settle(CLOUD, None, &stored(&all[..1], "c1")).await.unwrap();
    assert_eq!(store.counts().await.unwrap().queued, 1);
    // One that need not have it keeps nothing back.
    store.direct(None, &[backend("cloud", false)]).await.unwrap();
    assert_eq!(store.counts().await.unwrap().queued, 0);
    assert_eq!(queue_of(&store, CLOUD).await, [events[1].id], "and is still owed it");
}

pub(super) async fn a_new_mirror_gets_what_is_there_already(store: impl LocalStore) {
    let events = mirrored(&store, false).await;
    store.apply(None, &page(vec![build::arrived(theirs(9), 9, "Moussa")], 9)).await.unwrap();
    let all = entries(&store, To::HOME).await;
    store.settle(To::HOME, None, &stored(&all, "e1")).await.unwrap();
    store.settle(CLOUD, None, &stored(&all, "c1")).await.unwrap();
    store.direct(None, &[backend("cloud", false), backend("bucket", false)]).await.unwrap();
    assert_eq!(queue_of(&store, BUCKET).await, ids(&events), "own records, not those of others");
    assert!(queue_of(&store, CLOUD).await.is_empty(), "the other one has them");
    assert!(queue(&store).await.is_empty());
}

pub(super) async fn a_mirror_that_goes_takes_its_queue_with_it(store: impl LocalStore) {
    let events = mirrored(&store, true).await;
    store.direct(None, &[]).await.unwrap();
    assert_eq!(queue(&store).await, ids(&events), "the home's stays");
    assert_eq!(tallies(&store).await, [(0, 2, 0)]);
    let all = entries(&store, To::HOME).await;
    store.settle(To::HOME, None, &stored(&all, "e1")).await.unwrap();
    assert_eq!(store.counts().await.unwrap().queued, 0);
    // It comes back as one that has nothing.
    store.direct(None, &[backend("cloud", true)]).await.unwrap();
    assert_eq!(tallies(&store).await, [(0, 0, 0), (2, 2, 0)], "under another number");
    assert_eq!(queue_of(&store, BUCKET).await, ids(&events));
    assert_eq!(store.counts().await.unwrap().queued, 2, "and there is something to send");
}

pub(super) async fn a_mirror_that_lost_its_records_gets_them_again(store: impl LocalStore) {
    let events = mirrored(&store, false).await;
    let all = entries(&store, To::HOME).await;
    store.settle(To::HOME, None, &stored(&all, "e1")).await.unwrap();
    store.settle(CLOUD, None, &stored(&all[..1], "c1")).await.unwrap();
    store.settle(CLOUD, None, &stored(&all[1..], "c2")).await.unwrap();
    assert_eq!(queue_of(&store, CLOUD).await, [events[0].id]);
    assert!(queue(&store).await.is_empty(), "the home has lost nothing");
    assert_eq!(
        store.adopt_epoch(CLOUD, None, &Epoch("c3".into())).await.unwrap(),
        Some(1),
        "the second, too"
    );
    assert_eq!(store.adopt_epoch(To(7), None, &Epoch("c3".into())).await.unwrap(), Some(0), "nobody's epoch");
}

pub(super) async fn what_a_mirror_refuses_can_be_retried_there(store: impl LocalStore) {
    let events = mirrored(&store, true).await;
    let all = entries(&store, To::HOME).await;
    store.settle(To::HOME, None, &stored(&all, "e1")).await.unwrap();
    let refusal = Refusal::new("schema", "no such column".into());
    let mut settlement = stored(&[], "c1");
    settlement.refused.push((all[0].clone(), refusal.clone()));
    store.settle(CLOUD, None, &settlement).await.unwrap();
    let deliveries = store.deliveries(events[0].id).await.unwrap();
    let Some((CLOUD, Delivery::Refused(refused))) = deliveries.last() else { panic!("{deliveries:?}") };
    assert_eq!(refused.refusal, refusal);
    let known = Placement::Backend { acknowledged: Some(Stamp(5_000)) };
    assert_eq!(placement(&store, events[0].id).await, known, "the base has it all the same");
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.queued, counts.refused), (1, 1));
    assert_eq!(store.unsent().await.unwrap(), ids(&events));
    assert!(store.retry(events[0].id).await.unwrap());
    assert_eq!(queue_of(&store, CLOUD).await, ids(&events), "in its old place");
    assert!(queue(&store).await.is_empty(), "the home took it long ago");
    assert!(!store.retry(events[0].id).await.unwrap());
}

pub(super) async fn what_the_home_refused_is_owed_to_a_new_mirror(store: impl LocalStore) {
    let events = saved(&store, 2).await;
    let all = entries(&store, To::HOME).await;
    let mut settlement = stored(&all[1..], "e1");
    settlement.refused.push((all[0].clone(), Refusal::new("no", String::new())));
    store.settle(To::HOME, None, &settlement).await.unwrap();
    store.direct(None, &[backend("cloud", true)]).await.unwrap();
    assert_eq!(queue_of(&store, CLOUD).await, ids(&events));
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.queued, counts.refused), (2, 0), "each in one place");
    let all = entries(&store, CLOUD).await;
    store.settle(CLOUD, None, &stored(&all, "c1")).await.unwrap();
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.queued, counts.refused), (0, 1));
}

pub(super) async fn another_home_gets_all_and_is_read_from_its_start(store: impl LocalStore) {
    let events = mirrored(&store, false).await;
    let all = entries(&store, To::HOME).await;
    store.settle(To::HOME, None, &stored(&all, "e1")).await.unwrap();
    store.settle(CLOUD, None, &stored(&all, "c1")).await.unwrap();
    store.apply(None, &page(vec![build::arrived(theirs(9), 9, "Moussa")], 9)).await.unwrap();
    let home = backend("couch", true);
    store.direct(Some(&home), &[backend("cloud", false)]).await.unwrap();
    assert_eq!(queue(&store).await, ids(&events));
    assert!(queue_of(&store, CLOUD).await.is_empty(), "the mirror has them");
    let meta = store.meta().await.unwrap();
    assert_eq!((meta.epoch, meta.cursor), (None, Cursor::default()));
    assert_eq!(placement(&store, events[0].id).await, Placement::Outbox);
    // The same place under another name is no other home.
    store.settle(To::HOME, None, &stored(&all, "e2")).await.unwrap();
    store.direct(Some(&Destination { name: "Ours".into(), ..home }), &[]).await.unwrap();
    assert!(queue(&store).await.is_empty());
}
