//! What every [`Storage`] must do, whatever database is behind it. A new one adds a line `suite!`.

use std::future::Future;

use serde_json::{Value, json};
use tempfile::TempDir;
use waymark_core::event::{Body, DeviceId, Digest, Event, Kind, Payload, PeopleState, Stamp, UserId};
use waymark_core::guidance::Key;
use waymark_core::rules::Role;
use waymark_core::rules::visibility::Viewer;
use waymark_core::sync::Outcome;
use waymark_core::testing::build;
use waymark_server::secret::SecretHash;
use waymark_server::storage::postgres::PostgresStorage;
use waymark_server::storage::sqlite::{DataDir, SqliteStorage};
use waymark_server::storage::{
    Basis, Batch, Caller, Carried, Created, Enrolling, Enrolment, Former, NewCode, NewPack, Org,
    PackStorage as _, Publishing, PushAddress, Storage, StorageError, WatchStorage as _,
};

use crate::storage_isolation::organisations_share_nothing;
use crate::storage_odd::a_nul_in_a_record_does_not_stop_the_others;
use crate::support::Database;

const NOW: Stamp = build::MORNING;

/// A database that can be closed and opened again.
pub trait Bench {
    type Storage: Storage;
    fn new() -> Self;
    fn open(&self) -> impl Future<Output = Self::Storage>;
}

struct Sqlite(TempDir);

impl Bench for Sqlite {
    type Storage = SqliteStorage;

    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    async fn open(&self) -> SqliteStorage {
        DataDir::new(self.0.path()).create_or_open().await.unwrap()
    }
}

struct Postgres(Database);

impl Bench for Postgres {
    type Storage = PostgresStorage;

    fn new() -> Self {
        Self(Database::new())
    }

    async fn open(&self) -> PostgresStorage {
        self.0.open().await
    }
}

macro_rules! cases {
    ($bench:ty: $($case:ident),+ $(,)?) => {
        $(#[tokio::test]
        async fn $case() {
            super::$case::<$bench>().await;
        })+
    };
}

macro_rules! suite {
    ($database:ident: $bench:ty) => {
        mod $database {
            cases! { $bench:
                organisations_are_created_once,
                what_was_taken_is_there_after_opening_again,
                it_says_how_large_it_is,
                a_batch_is_answered_in_order,
                a_batch_of_an_unknown_organisation_is_an_error_and_leaves_nothing,
                a_code_is_consumed_once_even_by_many_at_once,
                a_code_expires,
                organisations_do_not_share_ids_or_places,
                pages_say_where_to_go_on,
                what_was_brought_in_is_told_by_its_source,
                the_address_is_kept,
                settings_are_kept_and_the_first_stays,
                subscriptions_are_those_of_the_roles_and_not_of_the_revoked,
                devices_are_listed_with_when_they_were_last_seen,
                a_blob_is_for_its_sender_and_those_who_see_it_named,
                packs_are_published_as_they_were_looked_over,
                what_a_device_has_is_kept_with_since_when,
                organisations_share_nothing,
                a_nul_in_a_record_does_not_stop_the_others,
            }
        }
    };
}

suite!(sqlite: super::Sqlite);
suite!(postgres: super::Postgres);

pub async fn prepared<B: Bench>() -> (B, B::Storage) {
    let bench = B::new();
    let storage = bench.open().await;
    for slug in ["acme", "other"] {
        storage.create_org(&Org { slug: slug.into(), name: slug.into() }, NOW).await.unwrap();
    }
    (bench, storage)
}

pub fn enrolment(code: u8, n: u8) -> Enrolment {
    Enrolment {
        code: SecretHash([code; 32]),
        name: format!("Person {n}"),
        former: None,
        key: None,
        new_device: DeviceId(format!("d{n}")),
        new_user: UserId(format!("u{n}")),
        new_token: SecretHash([n; 32]),
    }
}

pub async fn add_code(storage: &impl Storage, org: &str, code: u8) {
    let hash = SecretHash([code; 32]);
    let expires = NOW.plus_ms(1_000);
    let code = NewCode { hash, org: org.into(), role: Role::Central, areas: vec![], expires, device: None };
    storage.add_codes(&[code], NOW).await.unwrap();
}

pub async fn member(storage: &impl Storage, org: &str, n: u8) -> Caller {
    add_code(storage, org, n).await;
    match storage.enrol(&enrolment(n, n), NOW).await.unwrap() {
        Enrolling::Enrolled { caller, .. } => caller,
        Enrolling::Refused => panic!("refused"),
    }
}

pub fn event(caller: &Caller, n: u64) -> Event {
    let mut unsaved = build::unsaved("d1", n, build::checkin_body(PeopleState::Safe, &format!("{n}")));
    unsaved.source = caller.source();
    unsaved.author = caller.user.clone();
    unsaved.into_event(n)
}

/// A report that names a photo.
fn report(caller: &Caller, n: u64, photo: &Digest) -> Event {
    let photo =
        json!({"sha256": photo.to_string(), "media_type": "image/png", "bytes": 9, "width": 1, "height": 1});
    let body = Body::read(&Kind::IncidentReported, &json!({"what": "the depot", "photos": [photo]})).unwrap();
    let mut unsaved = build::unsaved("d1", n, body);
    unsaved.source = caller.source();
    unsaved.author = caller.user.clone();
    unsaved.into_event(n)
}

pub fn batch(caller: &Caller, events: Vec<Event>) -> Batch {
    Batch { caller: caller.clone(), clockoffset: None, received: NOW, events }
}

pub fn everything(org: &str) -> Viewer {
    Viewer { org: org.into(), user: "watcher".into(), role: Role::Central, areas: vec![] }
}

async fn organisations_are_created_once<B: Bench>() {
    let (_bench, storage) = prepared::<B>().await;
    let again = Org { slug: "acme".into(), name: "Another".into() };
    assert_eq!(storage.create_org(&again, NOW).await.unwrap(), Created::AlreadyThere);
    let names: Vec<_> = storage.orgs().await.unwrap().into_iter().map(|org| org.name).collect();
    assert_eq!(names, ["acme", "other"]);
}

async fn it_says_how_large_it_is<B: Bench>() {
    let (_bench, storage) = prepared::<B>().await;
    let caller = member(&storage, "acme", 1).await;
    let before = storage.bytes().await.unwrap();
    let events: Vec<_> = (1..=500).map(|n| event(&caller, n)).collect();
    storage.ingest(batch(&caller, events)).await.unwrap();
    assert!(before > 0 && storage.bytes().await.unwrap() > before + 100_000);
}

async fn what_was_taken_is_there_after_opening_again<B: Bench>() {
    let (bench, storage) = prepared::<B>().await;
    let caller = member(&storage, "acme", 1).await;
    let events: Vec<_> = (1..=5).map(|n| event(&caller, n)).collect();
    storage.ingest(batch(&caller, events.clone())).await.unwrap();
    let epoch = storage.epoch().await.unwrap();
    storage.close().await;

    let storage = bench.open().await;
    assert_eq!(storage.epoch().await.unwrap(), epoch);
    assert_eq!(storage.caller(&SecretHash([1; 32]), NOW).await.unwrap(), Some(caller));
    let page = storage.feed(&everything("acme"), &"none".into(), 0, 10).await.unwrap();
    assert_eq!(page.records.into_iter().map(|record| record.event).collect::<Vec<_>>(), events);
}

async fn a_batch_is_answered_in_order<B: Bench>() {
    let (_bench, storage) = prepared::<B>().await;
    let (caller, other) = (member(&storage, "acme", 1).await, member(&storage, "acme", 2).await);
    storage.ingest(batch(&caller, vec![event(&caller, 1)])).await.unwrap();
    let events = vec![event(&caller, 2), event(&caller, 1), event(&other, 3), event(&caller, 4)];
    let taken = storage.ingest(batch(&caller, events)).await.unwrap();
    let seqs: Vec<_> = taken.iter().map(|taken| taken.seq).collect();
    assert_eq!(seqs, [Some(2), Some(1), None, Some(3)]);
    assert_eq!(taken[1].outcome, Outcome::Duplicate);
    assert!(matches!(taken[2].outcome, Outcome::Rejected(_)));
    assert_eq!(storage.newest(&"acme".into()).await.unwrap(), 3);
}

async fn a_batch_of_an_unknown_organisation_is_an_error_and_leaves_nothing<B: Bench>() {
    let (_bench, storage) = prepared::<B>().await;
    let mut caller = member(&storage, "acme", 1).await;
    caller.org = "nowhere".into();
    let failed = storage.ingest(batch(&caller, vec![event(&caller, 1)])).await;
    assert!(matches!(failed, Err(StorageError::Database(_))));
    assert_eq!(storage.newest(&"nowhere".into()).await.unwrap(), 0);
}

async fn a_code_is_consumed_once_even_by_many_at_once<B: Bench>() {
    let (_bench, storage) = prepared::<B>().await;
    add_code(&storage, "acme", 100).await;
    let wishes: Vec<_> = (1..=20).map(|n| enrolment(100, n)).collect();
    let done = futures_util::future::join_all(wishes.iter().map(|wish| storage.enrol(wish, NOW))).await;
    let enrolled = done.into_iter().filter(|done| matches!(done, Ok(Enrolling::Enrolled { .. }))).count();
    assert_eq!(enrolled, 1);
}

async fn a_code_expires<B: Bench>() {
    let (_bench, storage) = prepared::<B>().await;
    add_code(&storage, "acme", 1).await;
    let late = storage.enrol(&enrolment(1, 1), NOW.plus_ms(1_000)).await.unwrap();
    assert_eq!(late, Enrolling::Refused);
    assert_eq!(storage.caller(&SecretHash([1; 32]), NOW).await.unwrap(), None);
}

async fn organisations_do_not_share_ids_or_places<B: Bench>() {
    let (_bench, storage) = prepared::<B>().await;
    let (here, there) = (member(&storage, "acme", 1).await, member(&storage, "other", 2).await);
    let mut wish = enrolment(50, 3);
    add_code(&storage, "other", 50).await;
    wish.former = Some(Former { device: here.device.clone(), user: None, token: Some(SecretHash([1; 32])) });
    let Enrolling::Enrolled { caller: same_id_there, .. } = storage.enrol(&wish, NOW).await.unwrap() else {
        panic!("refused")
    };
    assert_eq!(same_id_there.org, there.org);
    for caller in [&here, &there] {
        let taken = storage.ingest(batch(caller, vec![event(caller, 1)])).await.unwrap();
        assert_eq!((taken[0].outcome.clone(), taken[0].seq), (Outcome::Accepted, Some(1)));
    }
    assert_eq!(storage.caller(&SecretHash([1; 32]), NOW).await.unwrap(), Some(here));
}

async fn pages_say_where_to_go_on<B: Bench>() {
    let (_bench, storage) = prepared::<B>().await;
    let caller = member(&storage, "acme", 1).await;
    storage.ingest(batch(&caller, (1..=5).map(|n| event(&caller, n)).collect())).await.unwrap();
    let viewer = everything("acme");
    let device = DeviceId::from("none");
    let read = async |after, limit| {
        let page = storage.feed(&viewer, &device, after, limit).await.unwrap();
        (page.records.len(), page.next, page.more)
    };
    assert_eq!(read(0, 2).await, (2, 2, true));
    assert_eq!(read(2, 3).await, (3, 5, false));
    assert_eq!(read(5, 3).await, (0, 5, false));
    let own = storage.feed(&viewer, &caller.device, 0, 2).await.unwrap();
    assert_eq!((own.records.len(), own.next, own.more), (0, 5, false));
}

async fn what_was_brought_in_is_told_by_its_source<B: Bench>() {
    let (_bench, storage) = prepared::<B>().await;
    let (own, member) = (storage.own(&"acme".into(), NOW).await.unwrap(), member(&storage, "acme", 1).await);
    let write = async |caller: &Caller, n: u64, kind: Kind, data: Value| {
        let mut one = event(caller, n);
        (one.kind, one.digest, one.payload) = (kind, Digest::of_json(&data), Payload::Open(data));
        storage.ingest(batch(caller, vec![one.clone()])).await.unwrap();
        one
    };
    let from = |source: &str| json!({"what": "x", "external": {"source": source, "id": "1"}});
    let about = |event: &Event| json!({"record": event.id, "form": "incident", "what": "y"});
    write(&member, 1, Kind::IncidentReported, from("AWSD")).await;
    let other = write(&own, 2, Kind::IncidentReported, from("elsewhere")).await;
    let one = write(&own, 3, Kind::IncidentReported, from("AWSD")).await;
    write(&own, 4, Kind::ReportUpdated, about(&other)).await;
    write(&member, 5, Kind::ReportUpdated, about(&one)).await;
    let update = write(&own, 6, Kind::ReportUpdated, about(&one)).await;
    assert_eq!(storage.brought_in(&"acme".into(), "AWSD").await.unwrap(), [one, update]);
    assert_eq!(storage.brought_in(&"other".into(), "AWSD").await.unwrap(), []);
}

async fn the_address_is_kept<B: Bench>() {
    let (_bench, storage) = prepared::<B>().await;
    assert_eq!(storage.address().await.unwrap(), None);
    for address in ["http://one", "http://two"] {
        storage.set_address(address).await.unwrap();
        assert_eq!(storage.address().await.unwrap().as_deref(), Some(address));
    }
}

async fn settings_are_kept_and_the_first_stays<B: Bench>() {
    let (_bench, storage) = prepared::<B>().await;
    assert_eq!(storage.setting("key").await.unwrap(), None);
    for value in ["one", "two"] {
        assert_eq!(storage.first_setting("key", value).await.unwrap(), "one");
    }
    storage.put_setting("key", "three").await.unwrap();
    assert_eq!(storage.setting("key").await.unwrap().as_deref(), Some("three"));
}

async fn subscriptions_are_those_of_the_roles_and_not_of_the_revoked<B: Bench>() {
    let (_bench, storage) = prepared::<B>().await;
    let (one, two) = (member(&storage, "acme", 1).await, member(&storage, "acme", 2).await);
    let elsewhere = member(&storage, "other", 3).await;
    let address =
        |name: &str| PushAddress { endpoint: name.into(), p256dh: "key".into(), auth: "auth".into() };
    let found = async |roles: &[Role]| {
        let found = storage.subscriptions(&"acme".into(), roles).await.unwrap();
        found.into_iter().map(|it| (it.device.0, it.user.0, it.address.endpoint)).collect::<Vec<_>>()
    };
    let row = |device: &str, user: &str, name: &str| (device.to_owned(), user.to_owned(), name.to_owned());
    for (caller, name) in [(&two, "b"), (&one, "x"), (&one, "a"), (&elsewhere, "c")] {
        storage.subscribe(caller, &address(name), NOW).await.unwrap();
    }
    assert_eq!(found(&[Role::Central]).await, [row("d1", "u1", "a"), row("d2", "u2", "b")]);
    assert_eq!(found(&[Role::Manager]).await, []);
    storage.unsubscribe(&one.org, &one.device, Some("x")).await.unwrap();
    storage.revoke(&two.device, NOW).await.unwrap();
    assert_eq!(
        found(&Role::ALL).await,
        [row("d1", "u1", "a")],
        "another address than the one kept is not its"
    );
    storage.unsubscribe(&one.org, &one.device, Some("a")).await.unwrap();
    assert_eq!(found(&Role::ALL).await, []);
}

async fn devices_are_listed_with_when_they_were_last_seen<B: Bench>() {
    let (_bench, storage) = prepared::<B>().await;
    let (two, one) = (member(&storage, "acme", 2).await, member(&storage, "acme", 1).await);
    let elsewhere = member(&storage, "other", 3).await;
    let later = |minutes: i64| NOW.plus_ms(minutes * 60_000);
    let seen =
        async || storage.devices().await.unwrap().into_iter().map(|device| device.seen).collect::<Vec<_>>();
    assert_eq!(seen().await, [None; 3]);
    storage.caller(&SecretHash([1; 32]), later(1)).await.unwrap();
    assert_eq!(seen().await, [Some(later(1)), None, None]);
    storage.caller(&SecretHash([1; 32]), later(10)).await.unwrap();
    assert_eq!(seen().await[0], Some(later(1)), "not written at every request");
    storage.caller(&SecretHash([1; 32]), later(11)).await.unwrap();
    assert_eq!(seen().await[0], Some(later(11)));
    storage.revoke(&two.device, later(12)).await.unwrap();
    let devices = storage.devices().await.unwrap();
    let ids: Vec<_> = devices.iter().map(|device| &device.id).collect();
    assert_eq!(ids, [&one.device, &two.device, &elsewhere.device], "by organisation and name");
    assert_eq!(devices[1].revoked, Some(later(12)));
    assert_eq!(
        (devices[0].name.as_str(), devices[0].role, devices[0].enrolled),
        ("Person 1", Role::Central, NOW)
    );
}

async fn a_blob_is_for_its_sender_and_those_who_see_it_named<B: Bench>() {
    let (bench, storage) = prepared::<B>().await;
    let (sender, other) = (member(&storage, "acme", 1).await, member(&storage, "acme", 2).await);
    let photo = Digest::of_bytes(b"photo");
    let sees = async |storage: &B::Storage| {
        let viewers = [sender.viewer(), other.viewer(), everything("acme"), everything("other")];
        let mut seen = vec![];
        for viewer in viewers {
            seen.push(storage.may_see_blob(&viewer, &photo).await.unwrap());
        }
        seen
    };
    storage.ingest(batch(&other, vec![report(&other, 1, &photo)])).await.unwrap();
    assert_eq!(sees(&storage).await, [false; 4], "named by somebody who has not sent it");
    for _ in 0..2 {
        storage.add_blob(&sender, &photo, 9, NOW).await.unwrap();
    }
    assert_eq!(sees(&storage).await, [true, false, false, false]);
    storage.ingest(batch(&sender, vec![report(&sender, 2, &photo)])).await.unwrap();
    storage.close().await;
    assert_eq!(sees(&bench.open().await).await, [true, true, true, false]);
}

pub fn new_pack(version: u32, key: u8, files: &[&[u8]]) -> NewPack {
    let files = files.iter().map(|bytes| (Digest::of_bytes(bytes), bytes.to_vec())).collect();
    NewPack { version, key: Key([key; 32]), signed: format!("release {version} of {key}"), files }
}

async fn packs_are_published_as_they_were_looked_over<B: Bench>() {
    let (bench, storage) = prepared::<B>().await;
    let (acme, other) = ("acme".into(), "other".into());
    let nothing = Basis { key: None, version: None };
    let first = new_pack(3, 1, &[b"one", b"two"]);
    assert_eq!(storage.pack_key(&acme).await.unwrap(), None);
    assert_eq!(storage.pack(&acme).await.unwrap(), None);
    assert_eq!(storage.publish(&acme, &first, nothing, NOW).await.unwrap(), Publishing::Published);
    let next = new_pack(4, 1, &[b"two", b"three"]);
    assert_eq!(
        storage.publish(&acme, &next, nothing, NOW).await.unwrap(),
        Publishing::Overtaken,
        "it was looked over before there was any"
    );
    let basis = Basis { key: Some(Key([1; 32])), version: Some(3) };
    let later = NOW.plus_ms(5);
    assert_eq!(storage.publish(&acme, &next, basis, later).await.unwrap(), Publishing::Published);
    let unknown = storage.publish(&"nobody".into(), &first, nothing, NOW).await;
    assert!(matches!(unknown, Err(StorageError::Database(_))));
    storage.close().await;

    let storage = bench.open().await;
    let latest = storage.pack(&acme).await.unwrap().unwrap();
    assert_eq!((latest.version, latest.published, latest.signed), (4, later, next.signed.clone()));
    let versions: Vec<_> = storage.packs(&acme).await.unwrap().iter().map(|pack| pack.version).collect();
    assert_eq!(versions, [4, 3]);
    let file = async |org, bytes: &[u8]| storage.pack_file(org, &Digest::of_bytes(bytes)).await.unwrap();
    for bytes in [&b"one"[..], b"two", b"three"] {
        assert_eq!(file(&acme, bytes).await.as_deref(), Some(bytes), "of every version");
        assert_eq!(file(&other, bytes).await, None);
    }
    assert_eq!(storage.pack_key(&other).await.unwrap(), None);
    assert_eq!(storage.publish(&other, &first, nothing, NOW).await.unwrap(), Publishing::Published);
    assert!(file(&other, b"one").await.is_some() && file(&other, b"three").await.is_none());

    let renewed = NewPack { files: next.files.clone(), ..new_pack(4, 2, &[]) };
    let basis = Basis { key: Some(Key([1; 32])), version: Some(4) };
    assert_eq!(storage.publish(&acme, &renewed, basis, later).await.unwrap(), Publishing::Published);
    assert_eq!(storage.pack_key(&acme).await.unwrap(), Some(Key([2; 32])));
    assert_eq!(storage.packs(&acme).await.unwrap().len(), 2);
    assert_eq!(storage.pack(&acme).await.unwrap().unwrap().key, Key([2; 32]));
}

async fn what_a_device_has_is_kept_with_since_when<B: Bench>() {
    let (_bench, storage) = prepared::<B>().await;
    let (caller, elsewhere) = (member(&storage, "acme", 1).await, member(&storage, "other", 2).await);
    let later = NOW.plus_ms(5);
    storage.carry(&elsewhere, 9, NOW).await.unwrap();
    storage.carry(&caller, 3, NOW).await.unwrap();
    storage.carry(&caller, 3, later).await.unwrap();
    let carried = |version, since| [Carried { device: caller.device.clone(), version, since }];
    assert_eq!(storage.carried(&caller.org).await.unwrap(), carried(3, NOW));
    storage.carry(&caller, 0, later).await.unwrap();
    assert_eq!(storage.carried(&caller.org).await.unwrap(), carried(0, later));
    storage.carry(&caller, u32::MAX, later).await.unwrap();
    assert_eq!(storage.carried(&caller.org).await.unwrap(), carried(u32::MAX, later));
}
