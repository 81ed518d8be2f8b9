//! The server passes on to others' backends what phones sent it: OpenRosa, which no page reaches, and CouchDB.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::sync::watch;
use waymark_core::event::{Event, OrgId};
use waymark_core::rules::Role;
use waymark_core::sync::{BackendKind, Destination};
use waymark_core::testing::build;
use waymark_server::clock;
use waymark_server::notify::Notifier;
use waymark_server::notify::config::Config;
use waymark_server::relay::{Ledger, Relay, keep_relaying, write_all};
use waymark_server::secret::{EnrolmentCode, Token};
use waymark_server::state::{AppState, Limits};
use waymark_server::storage::sqlite::DataDir;
use waymark_server::storage::{Batch, Caller, Enrolling, Enrolment, NewCode, Org, Storage};

use crate::peer::Peer;
use crate::support::destination;

/// A server without its HTTP.
struct Bench {
    state: AppState,
    _data: TempDir,
}

impl Bench {
    async fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let dir = DataDir::new(data.path());
        let storage: Arc<dyn Storage> = Arc::new(dir.create_or_open().await.unwrap());
        let acme = Org { slug: "acme".into(), name: "Acme".into() };
        storage.create_org(&acme, clock::now()).await.unwrap();
        let notifier = Notifier::new(storage.clone(), Config::default());
        let (_, stopping) = watch::channel(false);
        let state = AppState::new(storage, dir.blobs(), Limits::default(), false, notifier, stopping);
        Self { state, _data: data }
    }

    /// Somebody with a device of this id, which is their own id as well.
    async fn person(&self, id: &str, name: &str) -> Caller {
        let storage = &self.state.storage;
        let code = EnrolmentCode::random().unwrap();
        let expires = clock::now().plus_ms(60_000);
        let (hash, org) = (code.hash(), OrgId::from("acme"));
        let kept = NewCode { hash, org, role: Role::Reporter, areas: vec![], expires, device: None };
        storage.add_codes(&[kept], clock::now()).await.unwrap();
        let enrolment = Enrolment {
            code: hash,
            name: name.to_owned(),
            former: None,
            key: None,
            new_device: id.into(),
            new_user: id.into(),
            new_token: Token::random().unwrap().hash(),
        };
        match storage.enrol(&enrolment, clock::now()).await.unwrap() {
            Enrolling::Enrolled { caller, .. } => caller,
            Enrolling::Refused => panic!("the code is good"),
        }
    }

    async fn write(&self, caller: &Caller, numbers: std::ops::RangeInclusive<u64>) {
        let checkin = |n| {
            let body = build::checkin_body(waymark_core::event::PeopleState::Safe, &format!("note {n}"));
            let mut unsaved = build::unsaved(&caller.device.0, n, body);
            unsaved.author = caller.user.clone();
            unsaved.into_event(n)
        };
        let events: Vec<Event> = numbers.map(checkin).collect();
        let batch = Batch { caller: caller.clone(), clockoffset: None, received: clock::now(), events };
        self.state.storage.ingest(batch).await.unwrap();
    }

    /// Relays until this holds of what is known of the place.
    async fn relay(&self, place: Destination, done: impl Fn(&Ledger) -> bool) -> Ledger {
        let relay = Relay {
            id: place.kind.code().to_owned(),
            org: "acme".into(),
            destination: place,
            protected: false,
            added: clock::now(),
            retry: 0,
        };
        let storage = &*self.state.storage;
        write_all(storage, std::slice::from_ref(&relay)).await.unwrap();
        let (stop, stopping) = watch::channel(false);
        let relaying = tokio::spawn(keep_relaying(self.state.clone(), "holder".into(), stopping));
        let begun = Instant::now();
        let ledger = loop {
            let ledger = Ledger::read(storage, &relay).await.unwrap();
            if done(&ledger) {
                break ledger;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "it never came to that: {ledger:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        stop.send_replace(true);
        relaying.await.unwrap();
        ledger
    }
}

#[tokio::test]
#[ignore = "cargo xtask test backends"]
async fn openrosa_gets_a_submission_for_each_record() {
    let mut peer = Peer::node("openrosa");
    let there = destination(BackendKind::OpenRosa, &peer.address, "waymark", "secret");
    let bench = Bench::new().await;
    let (hawa, idriss) = (bench.person("d1", "Hawa").await, bench.person("d2", "Idriss").await);
    bench.write(&hawa, 1..=20).await;
    bench.write(&idriss, 101..=105).await;
    let ledger = bench.relay(there.clone(), |ledger| ledger.delivered == 25).await;
    assert_eq!((ledger.refused.len(), ledger.trouble), (0, None));
    let list = peer.order("list");
    let held = list["list"].as_array().unwrap();
    assert_eq!(held.len(), 25);
    assert!(held.iter().all(|submission| submission.as_str().unwrap().contains("<instanceID>uuid:")));

    bench.write(&hawa, 21..=21).await;
    let ledger = bench.relay(there, |ledger| ledger.delivered == 26).await;
    assert_eq!(ledger.through, 26, "it goes on where it was");
}

#[tokio::test]
#[ignore = "cargo xtask test backends"]
async fn couchdb_gets_each_record_under_its_authors_name_and_all_again_once_it_was_wiped() {
    let mut peer = Peer::node("couchdb");
    let there = destination(BackendKind::CouchDb, &peer.address, "waymark", "secret");
    let bench = Bench::new().await;
    let (hawa, idriss) = (bench.person("d1", "Hawa").await, bench.person("d2", "Idriss").await);
    for n in 0..5 {
        bench.write(&hawa, n * 2 + 1..=n * 2 + 1).await;
        bench.write(&idriss, n * 2 + 102..=n * 2 + 102).await;
    }
    let ledger = bench.relay(there.clone(), |ledger| ledger.delivered == 10).await;
    let first = ledger.epoch.unwrap();
    assert_eq!(names(&there).await, [("Hawa".to_owned(), 5), ("Idriss".to_owned(), 5)]);

    peer.order("wipe");
    bench.write(&hawa, 11..=11).await;
    let ledger = bench.relay(there.clone(), |ledger| ledger.delivered == 11).await;
    assert_ne!(ledger.epoch.unwrap(), first);
    assert_eq!(names(&there).await, [("Hawa".to_owned(), 6), ("Idriss".to_owned(), 5)]);
}

/// The authors of what is there, and how many records each has.
async fn names(there: &Destination) -> Vec<(String, usize)> {
    let who = crate::support::session("base", Role::Manager);
    let cursor = waymark_core::sync::Cursor::default();
    let page = crate::support::page(crate::support::read(there, &who, None, &cursor).await);
    let mut names = std::collections::BTreeMap::new();
    for record in &page.records {
        let name = record.arrival.as_ref().unwrap().author_name.clone();
        *names.entry(name).or_insert(0) += 1;
    }
    names.into_iter().collect()
}
