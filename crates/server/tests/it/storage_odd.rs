//! Records that a database might choke on: a case of the storage suite.

use serde_json::json;
use waymark_core::event::{Body, Event, Kind, Payload, UserId};
use waymark_core::sync::Outcome;
use waymark_core::testing::build;
use waymark_server::storage::Storage as _;

use crate::storage_suite::{Bench, batch, event, everything, member, prepared};
use crate::support::convoy;

/// PostgreSQL keeps no NUL in a text: a record with one must not hold up its batch for ever.
pub async fn a_nul_in_a_record_does_not_stop_the_others<B: Bench>() {
    let (_bench, storage) = prepared::<B>().await;
    let caller = member(&storage, "acme", 1).await;
    let with = |n: u64, body: Body| {
        let mut unsaved = build::unsaved("d1", n, body);
        unsaved.source = caller.source();
        unsaved.author = caller.user.clone();
        unsaved.into_event(n)
    };
    let odd = UserId("u\0".into());
    let data = json!({"action": "welfare_contact", "what": "call\u{0}them", "owner": {"name": "\u{0}", "user": odd}, "due": "2026-07-20T08:00:00.000Z"});
    let action = with(1, Body::read(&Kind::ActionOpened, &data).unwrap());
    let crew = with(2, convoy::planned(convoy::plan(build::MORNING, &[&odd.0, &caller.user.0])));
    let mut other = event(&caller, 3);
    other.kind = Kind::Other("com.example.\0.v1".into());
    let Payload::Open(data) = &mut other.payload else { panic!("sealed") };
    data["\0"] = "\0".into();
    other.digest = waymark_core::event::Digest::of_json(data);
    let events: Vec<Event> = vec![action, crew, other, event(&caller, 4)];
    let taken = storage.ingest(batch(&caller, events.clone())).await.unwrap();
    assert!(taken.iter().all(|taken| taken.outcome == Outcome::Accepted), "{taken:?}");
    let page = storage.feed(&everything("acme"), &"none".into(), 0, 10).await.unwrap();
    assert_eq!(page.records.into_iter().map(|record| record.event).collect::<Vec<_>>(), events);
}
