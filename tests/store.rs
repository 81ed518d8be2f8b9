//! The conformance suite of stores on IndexedDB, and what only IndexedDB can do wrong.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic)] // a test

use std::collections::BTreeSet;
use std::rc::Rc;

use indexed_db_futures::database::Database;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use waymark::store::IdbStore;
use waymark_core::event::{Digest, PeopleState};
use waymark_core::sync::{BackendKind, BatchLimit, Counts, Destination, LocalStore, StoreError, To};
use waymark_core::testing::{build, carry_suite, store_suite};

wasm_bindgen_test_configure!(run_in_browser);

const WIDE: BatchLimit = BatchLimit { records: 1_000, bytes: 1 << 20 };

fn name(case: &str) -> String {
    format!("test-{case}-{}", js_sys::Math::random())
}

fn couch() -> Destination {
    let address = "https://couch.example/waymark".to_owned();
    Destination { kind: BackendKind::CouchDb, address, ..Destination::own_server() }
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
async fn it_keeps_the_promises_of_a_store_that_carries() {
    for (case, run) in carry_suite::cases::<IdbStore>() {
        web_sys::console::log_1(&case.into());
        run(IdbStore::new(&name(case))).await;
    }
}

#[wasm_bindgen_test]
async fn what_was_saved_is_there_after_a_restart() {
    let name = name("restart");
    let event = IdbStore::new(&name).save(build::unsaved("d1", 1, body(1)), None).await.unwrap();
    let restarted = IdbStore::new(&name);
    let head = restarted.head(To::HOME, WIDE, &BTreeSet::new()).await.unwrap();
    assert_eq!(head.queued[0].entry.id, event.id);
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
    assert_eq!(store.compare(&counts, None, (None, &[])).await.unwrap(), None);
    store.delete().await.unwrap();

    let emptied = IdbStore::new(&name);
    let counts = emptied.counts().await.unwrap();
    let loss = emptied.compare(&counts, None, (None, &[])).await.unwrap().unwrap();
    assert_eq!((loss.unsent, loss.since), (1, Some(event.recorded)));
    assert_eq!(
        emptied.compare(&counts, None, (None, &[])).await.unwrap(),
        Some(loss),
        "told until it is dismissed"
    );
    emptied.forget_loss();
    assert_eq!(emptied.compare(&counts, None, (None, &[])).await.unwrap(), None);
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
    let home = couch();
    store.direct(Some(&home), &[]).await.unwrap();
    store.compare(&before, Some(&session), (Some(&home), &[])).await.unwrap();
    store.delete().await.unwrap();
    // The next save comes before anybody has noticed.
    let event = store.save(build::unsaved("d1", 3, body(3)), None).await.unwrap();
    store.note_saved(&Counts { queued: 3, records: 3, ..before }, event.devseq);
    let counts = store.counts().await.unwrap();
    let loss = store.compare(&counts, Some(&session), (Some(&home), &[])).await.unwrap().unwrap();
    assert_eq!(loss.unsent, 2, "not the third, which is in the new database");
    let meta = store.meta().await.unwrap();
    assert_eq!((meta.session, meta.home), (Some(session), Some(home)), "and where its records go");
    let next = store.save(build::unsaved("d1", 4, body(4)), None).await.unwrap();
    assert!(next.devseq > 2, "{}", next.devseq);
}

mod photos {
    use waymark_core::event::form::{Circumstances, FormDraft, Names, form_named};
    use waymark_core::event::{Body, Digest, Event, Person, Photo, Stamp};
    use waymark_core::json::Json as _;
    use waymark_core::sync::{BlobNote, Epoch, Refusal, Settlement, Standing};

    use super::*;

    const LATE: Stamp = Stamp(1_000_000);

    struct Nobody;

    impl Names for Nobody {
        fn place(&self, _: &str) -> Option<(f64, f64)> {
            None
        }

        fn person(&self, name: &str) -> Person {
            Person { name: name.to_owned(), user: None }
        }
    }

    fn photo(bytes: &[u8]) -> Photo {
        let sha256 = Digest::of_bytes(bytes);
        Photo { sha256, media_type: "image/jpeg".to_owned(), bytes: bytes.len() as u64, width: 2, height: 1 }
    }

    fn draft(photos: &[&Photo]) -> FormDraft {
        let photos = photos.iter().map(|photo| (*photo).clone()).collect();
        let mut draft = FormDraft { photos, ..FormDraft::default() };
        draft.put("words", "leave");
        draft
    }

    fn report(photos: &[&Photo]) -> Body {
        let about = Circumstances { now: build::MORNING, ..Circumstances::default() };
        let filled = draft(photos).parse(form_named("threat").unwrap(), &about, &Nobody).unwrap();
        Body::Filled(Box::new(filled))
    }

    async fn with_photo(store: &IdbStore, bytes: &[u8]) -> Photo {
        let photo = photo(bytes);
        store.add_photo(&photo, bytes, Stamp(1)).await.unwrap();
        photo
    }

    async fn acknowledge(store: &IdbStore, event: &Event, epoch: &str) {
        let head = store.head(To::HOME, WIDE, &BTreeSet::new()).await.unwrap();
        let entry = head.queued.into_iter().find(|queued| queued.entry.id == event.id).unwrap().entry;
        let settlement = Settlement {
            epoch: Some(Epoch(epoch.to_owned())),
            at: LATE,
            stored: vec![(entry, LATE)],
            refused: vec![],
        };
        store.settle(To::HOME, None, &settlement).await.unwrap();
    }

    #[wasm_bindgen_test]
    async fn a_photo_waits_for_its_record_and_leaves_on_its_receipt() {
        let store = IdbStore::new(&name("photo"));
        let photo = with_photo(&store, b"bytes of a photo").await;
        let next = async || store.next_photo(&[]).await.unwrap();
        let standing = async || store.standing(&photo.sha256).await.unwrap();
        assert_eq!((next().await, standing().await), (None, Some(Standing::Draft)));
        let event = store.save(build::unsaved("d1", 1, report(&[&photo])), None).await.unwrap();
        store.claim_photos(event.id, &[photo.sha256]).await.unwrap();
        assert_eq!(next().await, None, "the text goes first");
        assert_eq!(store.unsent_photos().await.unwrap(), 1);
        acknowledge(&store, &event, "e1").await;
        assert_eq!(next().await.map(|blob| (blob.sha256, blob.held)), Some((photo.sha256, 0)));
        assert_eq!(store.next_photo(&[photo.sha256]).await.unwrap(), None);
        store.note_photo(&photo.sha256, &BlobNote::Held(9)).await.unwrap();
        assert_eq!(next().await.map(|blob| blob.held), Some(9));
        store.note_photo(&photo.sha256, &BlobNote::Sent(Epoch("e1".to_owned()))).await.unwrap();
        assert_eq!((next().await, standing().await), (None, Some(Standing::Sent)));
        assert_eq!(store.photo(&photo.sha256).await.unwrap().as_deref(), Some(&b"bytes of a photo"[..]));
        store.note_photo(&photo.sha256, &BlobNote::Held(3)).await.unwrap();
        assert_eq!(standing().await, Some(Standing::Sent), "a late answer changes nothing");

        store.adopt_epoch(To::HOME, None, &Epoch("e2".to_owned())).await.unwrap();
        assert_eq!(next().await, None, "its record is back in the outbox");
        acknowledge(&store, &event, "e2").await;
        assert_eq!(
            next().await.map(|blob| blob.held),
            Some(0),
            "another life of the backend does not have it"
        );
        let words = Refusal::new("not_an_image", "no".to_owned());
        store.note_photo(&photo.sha256, &BlobNote::Refused(words.clone())).await.unwrap();
        assert_eq!((next().await, standing().await), (None, Some(Standing::Refused(words))));
        store.retry_photo(&photo.sha256).await.unwrap();
        assert!(next().await.is_some());
    }

    #[wasm_bindgen_test]
    async fn photos_that_nothing_names_are_removed_and_no_others() {
        let store = IdbStore::new(&name("sweep"));
        let in_draft = with_photo(&store, b"in a draft").await;
        let in_record = with_photo(&store, b"in a record").await;
        let left_over = with_photo(&store, b"left over").await;
        let (new, theirs) = (photo(b"just added"), photo(b"theirs"));
        store.add_photo(&new, b"just added", LATE).await.unwrap();
        store.keep_fetched(&theirs, b"theirs", Stamp(1)).await.unwrap();
        store.put_draft("form threat", &draft(&[&in_draft]).to_value().to_string()).await.unwrap();
        // The app died before the record's photos were claimed.
        store.save(build::unsaved("d1", 1, report(&[&in_record])), None).await.unwrap();
        store.sweep_photos(Stamp(10)).await.unwrap();
        let standing = async |photo: &Photo| store.standing(&photo.sha256).await.unwrap();
        assert_eq!(standing(&in_draft).await, Some(Standing::Draft));
        assert_eq!(standing(&in_record).await, Some(Standing::Waiting { held: 0, bytes: 11 }));
        assert_eq!(standing(&new).await, Some(Standing::Draft));
        assert_eq!(standing(&theirs).await, Some(Standing::Fetched));
        assert_eq!(standing(&left_over).await, None);
        assert_eq!(store.photo(&left_over.sha256).await.unwrap(), None);
        assert!(store.photo(&in_draft.sha256).await.unwrap().is_some());
    }
}

#[wasm_bindgen_test]
async fn files_of_a_pack_that_nothing_names_go() {
    let store = IdbStore::new(&name("pack"));
    let file = |text: &str| (Digest::of_bytes(text.as_bytes()), text.to_owned());
    let all = [file("one"), file("two"), file("three")];
    let here = async || {
        let mut here = vec![];
        for (sha256, text) in &all {
            let bytes = store.pack_file(sha256).await.unwrap();
            assert!(bytes.as_ref().is_none_or(|bytes| bytes == text.as_bytes()));
            here.push(bytes.is_some());
        }
        here
    };
    store.put_pack_key("key").await.unwrap();
    store.put_pack_files(&all[..2]).await.unwrap();
    store.put_pack("signed", &[all[0].0], &["checkpoint".to_owned()]).await.unwrap();
    assert_eq!(here().await, [true, false, false], "a release brings only what it names");
    store.put_pack_files(&all[1..]).await.unwrap();
    store.keep_pack_files(&[all[0].0, all[2].0]).await.unwrap();
    assert_eq!(here().await, [true, false, true]);
    assert_eq!(store.pack().await.unwrap().as_deref(), Some("signed"));
    assert_eq!(store.pack_key().await.unwrap().as_deref(), Some("key"));
    assert_eq!(store.changed_cards().await.unwrap(), ["checkpoint"]);
}
