//! The conformance suite of stores on IndexedDB, and what only IndexedDB can do wrong.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic)] // a test

use std::collections::BTreeSet;
use std::rc::Rc;

use indexed_db_futures::database::Database;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use waymark::store::IdbStore;
use waymark_core::event::PeopleState;
use waymark_core::sync::{BatchLimit, Counts, LocalStore, StoreError};
use waymark_core::testing::{build, store_suite};

wasm_bindgen_test_configure!(run_in_browser);

const WIDE: BatchLimit = BatchLimit { records: 1_000, bytes: 1 << 20 };

fn name(case: &str) -> String {
    format!("test-{case}-{}", js_sys::Math::random())
}

fn body(n: u64) -> waymark_core::event::Body {
    build::checkin_body(PeopleState::Safe, &format!("check-in {n}"))
}

#[wasm_bindgen_test]
async fn it_keeps_the_promises_of_a_store() {
    for (case, run) in store_suite::cases::<IdbStore>() {
        web_sys::console::log_1(&case.into());
        run(IdbStore::new(&name(case))).await;
    }
}

#[wasm_bindgen_test]
async fn what_was_saved_is_there_after_a_restart() {
    let name = name("restart");
    let event = IdbStore::new(&name).save(build::unsaved("d1", 1, body(1)), None).await.unwrap();
    let restarted = IdbStore::new(&name);
    let head = restarted.head(WIDE, &BTreeSet::new()).await.unwrap();
    assert_eq!(head[0].entry.id, event.id);
    assert_eq!(restarted.save(build::unsaved("d1", 2, body(2)), None).await.unwrap().devseq, 2);
}

#[wasm_bindgen_test]
async fn a_dead_handle_is_dropped_and_opened_again() {
    let store = IdbStore::new(&name("dead"));
    store.save(build::unsaved("d1", 1, body(1)), None).await.unwrap();
    store.break_handle();
    store.save(build::unsaved("d1", 2, body(2)), None).await.unwrap();
    store.break_handle();
    assert_eq!(store.counts().await.unwrap().queued, 2);
}

#[wasm_bindgen_test]
async fn two_tabs_share_one_counter() {
    let name = name("tabs");
    let tabs = [Rc::new(IdbStore::new(&name)), Rc::new(IdbStore::new(&name))];
    let mut saves = vec![];
    for n in 0..40 {
        let tab = Rc::clone(&tabs[n % 2]);
        saves.push(async move {
            tab.save(build::unsaved("d1", n as u64, body(n as u64)), None).await.unwrap().devseq
        });
    }
    let mut numbers: Vec<u64> = futures::future::join_all(saves).await;
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=40).collect::<Vec<u64>>());
}

#[wasm_bindgen_test]
async fn a_newer_version_in_another_tab_is_given_way_to() {
    let name = name("version");
    let store = IdbStore::new(&name);
    store.save(build::unsaved("d1", 1, body(1)), None).await.unwrap();
    let newer = Database::open(&name).with_version(9_u8).with_on_upgrade_needed(|_, _| Ok(())).await;
    assert!(newer.is_ok(), "the newer tab was not blocked");
    let error = store.save(build::unsaved("d1", 2, body(2)), None).await.unwrap_err();
    assert!(matches!(&error, StoreError::Failed(why) if why.starts_with("VersionError")), "{error}");
}

#[wasm_bindgen_test]
async fn a_tab_that_blocks_the_database_is_named_after_a_while() {
    let name = name("blocked");
    // A connection that does not give way keeps a deletion waiting, and every open behind it.
    let stubborn =
        Database::open(&name).with_version(1_u8).with_on_upgrade_needed(|_, _| Ok(())).await.unwrap();
    let deletion = Database::delete_by_name(&name).unwrap();
    let store = IdbStore::new(&name);
    assert_eq!(store.counts().await.unwrap_err(), StoreError::Blocked);
    stubborn.close();
    deletion.await.unwrap();
    assert_eq!(store.counts().await.unwrap(), Counts::default(), "and it opens as soon as it can");
}

#[wasm_bindgen_test]
async fn the_canary_tells_what_was_lost_until_it_has_been_read() {
    let name = name("canary");
    let store = IdbStore::new(&name);
    let event = store.save(build::unsaved("d1", 1, body(1)), None).await.unwrap();
    let counts = store.counts().await.unwrap();
    assert_eq!(store.compare(&counts, None).await.unwrap(), None);
    store.delete().await.unwrap();

    let emptied = IdbStore::new(&name);
    let counts = emptied.counts().await.unwrap();
    let loss = emptied.compare(&counts, None).await.unwrap().unwrap();
    assert_eq!((loss.unsent, loss.since), (1, Some(event.recorded)));
    assert_eq!(emptied.compare(&counts, None).await.unwrap(), Some(loss), "told until it is dismissed");
    emptied.forget_loss();
    assert_eq!(emptied.compare(&counts, None).await.unwrap(), None);
}

#[wasm_bindgen_test]
async fn a_store_emptied_under_the_app_is_told_and_keeps_device_and_counter() {
    let name = name("emptied");
    let store = IdbStore::new(&name);
    let session = store_suite::session();
    store.sign_in(&session).await.unwrap();
    for n in 1..=2 {
        store.save(build::unsaved("d1", n, body(n)), None).await.unwrap();
    }
    let before = store.counts().await.unwrap();
    store.compare(&before, Some(&session)).await.unwrap();
    store.delete().await.unwrap();
    // The next save comes before anybody has noticed.
    let event = store.save(build::unsaved("d1", 3, body(3)), None).await.unwrap();
    store.note_saved(&Counts { queued: 3, records: 3, ..before }, event.devseq);
    let counts = store.counts().await.unwrap();
    let loss = store.compare(&counts, Some(&session)).await.unwrap().unwrap();
    assert_eq!(loss.unsent, 2, "not the third, which is in the new database");
    assert_eq!(store.meta().await.unwrap().session, Some(session));
    let next = store.save(build::unsaved("d1", 4, body(4)), None).await.unwrap();
    assert!(next.devseq > 2, "{}", next.devseq);
}
