//! Several servers on one PostgreSQL database.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use waymark_core::event::OrgId;
use waymark_core::rules::Role;
use waymark_core::testing::build::MORNING;
use waymark_server::clock;
use waymark_server::storage::postgres::{PostgresSnapshot, PostgresStorage};
use waymark_server::storage::snapshot::Snapshot as _;
use waymark_server::storage::sqlite::DataDir;
use waymark_server::storage::{Storage as _, WatchStorage as _};
use waymark_server::verify::verify;

use crate::support::convoy::{plan, planned, revised};
use crate::support::{Cluster, Database, Phone, Photo, Server};

async fn two() -> (Database, Server, Server) {
    let database = Database::new();
    let one = Server::builder().postgres(&database).start().await;
    let other = Server::builder().postgres(&database).start().await;
    (database, one, other)
}

/// The same phone at another server.
fn at(phone: &Phone, server: &Server) -> Phone {
    Phone { address: server.address, ..phone.clone() }
}

/// Reads a stream until it names this place, for at most five seconds: much less than a heartbeat.
async fn told_of(phone: &Phone, seq: u64) {
    let response = phone.get("/stream").send().await.unwrap();
    let mut chunks = response.bytes_stream();
    let mut text = String::new();
    let wanted = format!("\"seq\":{seq}}}");
    let reading = async {
        while !text.contains(&wanted) {
            text += std::str::from_utf8(&chunks.next().await.expect("more").unwrap()).unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(5), reading).await.expect("news of the other server");
}

#[tokio::test]
async fn a_stream_tells_what_another_server_took_in() {
    let (_database, one, other) = two().await;
    let driver = one.phone(Role::Traveller, "Idriss").await;
    let watcher = at(&one.phone(Role::Central, "Zara").await, &other);
    for round in 1..=3 {
        let hearing = tokio::spawn({
            let watcher = watcher.clone();
            async move { told_of(&watcher, round).await }
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        driver.send(&[driver.checkin(round)]).await;
        hearing.await.unwrap();
        assert_eq!(watcher.feed().await.len() as u64, round);
    }
}

#[tokio::test]
async fn a_server_whose_database_came_back_hears_again() {
    let cluster = Arc::new(Cluster::start());
    let database = Database::of(cluster.clone());
    let one = Server::builder().postgres(&database).start().await;
    let other = Server::builder().postgres(&database).start().await;
    let driver = one.phone(Role::Traveller, "Idriss").await;
    let watcher = at(&one.phone(Role::Central, "Zara").await, &other);
    driver.send(&[driver.checkin(1)]).await;
    told_of(&watcher, 1).await;
    cluster.kill();
    cluster.start_again();
    // Whoever begins to listen again looks how far the feeds are.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let hearing = tokio::spawn(async move { told_of(&watcher, 2).await });
    assert_eq!(driver.send(&[driver.checkin(2)]).await.outcomes(), ["accepted"]);
    hearing.await.unwrap();
}

#[tokio::test]
async fn a_code_and_a_revocation_count_everywhere() {
    let (_database, one, other) = two().await;
    let code = one.code(Role::Traveller).await;
    let phone = Phone::enrol(other.address, &code, "Idriss").await;
    let again = serde_json::json!({"code": code, "name": "Another"});
    Phone::try_enrol(one.address, again, None).await.problem(403, "enrolment_refused");
    assert_eq!(at(&phone, &one).send(&[phone.checkin(1)]).await.outcomes(), ["accepted"]);
    assert_eq!(phone.send(&[phone.checkin(1)]).await.outcomes(), ["duplicate"]);
    one.storage.revoke(&phone.enrolled.device, clock::now()).await.unwrap();
    phone.send(&[phone.checkin(2)]).await.problem(401, "not_signed_in");
}

#[tokio::test]
async fn a_photo_that_one_server_began_to_take_is_finished_by_another() {
    let database = Database::new();
    let one = Server::builder().postgres(&database).start().await;
    let other = Server::builder().postgres(&database).data(one.data.clone()).start().await;
    let phone = one.phone(Role::Traveller, "Idriss").await;
    let photo = Photo::new(1, 1_000);
    assert_eq!(phone.send_part(&photo, "bytes 0-599/1000", photo.bytes[..600].to_vec()).await.status, 202);
    let phone = at(&phone, &other);
    assert_eq!(phone.held(&photo).await, 600);
    let rest = phone.send_part(&photo, "bytes 600-999/1000", photo.bytes[600..].to_vec()).await;
    assert_eq!(rest.status, 201, "{}", rest.text);
    assert_eq!(at(&phone, &one).get_blob(&photo.sha256).await.bytes, photo.bytes);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_two_servers_take_in_at_once_has_places_without_a_gap() {
    let (_database, one, other) = two().await;
    let reader = one.phone(Role::Central, "Reader").await;
    let mut sending = vec![];
    for n in 0..6 {
        let phone = one.phone(Role::Traveller, &format!("Driver {n}")).await;
        let phone = if n % 2 == 0 { phone } else { at(&phone, &other) };
        sending.push(tokio::spawn(async move {
            for n in 1..=20 {
                assert_eq!(phone.send(&[phone.checkin(n)]).await.outcomes(), ["accepted"]);
            }
        }));
    }
    // Whoever reads along never passes a place that is filled later.
    let following = tokio::spawn({
        let reader = at(&reader, &other);
        async move {
            let (mut after, mut seqs) = (0, vec![]);
            while seqs.len() < 120 {
                let page = reader.feed_reply(&format!("after={after}&limit=7")).await.json();
                let records = page["records"].as_array().unwrap();
                seqs.extend(records.iter().map(|record| record["seq"].as_u64().unwrap()));
                after = page["next"].as_u64().unwrap();
            }
            seqs
        }
    });
    for sending in sending {
        sending.await.unwrap();
    }
    let following = tokio::time::timeout(Duration::from_secs(20), following);
    let seqs = following.await.expect("no record was passed over").unwrap();
    assert_eq!(seqs, (1..=120).collect::<Vec<_>>());
}

#[tokio::test]
async fn one_leads_the_watch_and_another_takes_over_when_it_is_gone() {
    let database = Database::new();
    let (one, other) = (database.open().await, database.open().await);
    let now = clock::now();
    let leads = async |storage: &PostgresStorage, holder: &str, after: i64| {
        storage.lead(holder, now.plus_ms(after), 30_000).await.unwrap()
    };
    assert!(leads(&one, "a", 0).await && leads(&one, "a", 1).await);
    assert!(!leads(&other, "b", 2).await && !leads(&one, "c", 3).await);
    assert!(
        leads(&one, "c", 30_001).await,
        "of one server, who has said nothing for so long is followed at once"
    );
    assert!(!leads(&one, "a", 30_002).await);
    one.retire("a").await.unwrap();
    assert!(!leads(&other, "b", 30_003).await, "nobody retires another");
    one.retire("c").await.unwrap();
    assert!(leads(&other, "b", 30_004).await);
    assert!(!leads(&one, "a", 90_000).await, "however long it is silent, as long as its connection lives");
    // As by a server that died: its connections end.
    let killed = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted";
    assert_eq!(database.run(killed).await, 1);
    let mut tries = 0;
    while !leads(&one, "a", 90_001).await {
        tries += 1;
        assert!(tries < 100, "nobody took over");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(other.lead("b", now, 30_000).await.is_err(), "it finds out");
    assert!(!leads(&other, "b", 90_002).await);
    one.close().await;
    assert!(leads(&other, "b", 90_003).await);
}

#[tokio::test]
async fn verify_sees_one_moment_while_servers_take_records_in() {
    let (database, one, other) = two().await;
    let amina = one.phone(Role::Manager, "Amina").await;
    let idriss = at(&one.phone(Role::Traveller, "Idriss").await, &other);
    let blobs = DataDir::new(one.data.path()).blobs();
    let sending = async {
        for n in 0..20 {
            let own = idriss.checkin(n * 10 + 1);
            let trip = amina.event(n * 10 + 2, planned(plan(MORNING, &[])));
            let crew = plan(MORNING, &[idriss.enrolled.user.0.as_str()]);
            let aboard = amina.event(n * 10 + 3, revised(trip.id, trip.id, crew));
            for (phone, event) in [
                (&amina, amina.confirmation(n * 10 + 4, &own)),
                (&idriss, own),
                (&amina, trip),
                (&amina, aboard),
            ] {
                assert_eq!(phone.send(&[event]).await.outcomes(), ["accepted"]);
            }
        }
    };
    let looking = async {
        let mut records = vec![];
        while records.last() != Some(&80) {
            let mut snapshot = PostgresSnapshot::open(&database.address()).await.unwrap();
            let findings = verify(&mut snapshot, &blobs, None).await.unwrap();
            Box::new(snapshot).close().await.unwrap();
            assert!(findings.is_good(), "{}", findings.text());
            records.push(findings.organisations[0].records);
        }
        records
    };
    let ((), records) = tokio::join!(sending, looking);
    assert!(records.len() > 3 && records.is_sorted(), "{records:?}");
}

/// Rows of records that were read since the database was made, once all who read are gone.
async fn rows_read(database: &Database) -> i64 {
    let sql =
        "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE relname = 'records'";
    sqlx::query_scalar(sql).fetch_one(&mut database.connect().await).await.unwrap()
}

#[tokio::test]
async fn a_page_is_read_by_indexes() {
    let database = Database::new();
    let server = Server::builder().postgres(&database).start().await;
    let traveller = server.phone(Role::Traveller, "Idriss").await;
    let amina = server.phone(Role::Manager, "Amina").await;
    amina.send(&[amina.checkin(1)]).await;
    let (traveller, watcher) =
        (traveller.caller(&server).await.viewer(), amina.caller(&server).await.viewer());
    server.stop().await;
    // Somebody else's records, many times over.
    database
        .run(
            "INSERT INTO records (org, id, seq, arrival, digest, device, author, protected, areas, received, happened, kind, event)
             SELECT org, id || n, seq + n, arrival + n, digest, device, author, protected, areas, received, happened, kind, event
             FROM records, generate_series(1, 20000) AS n;
             UPDATE orgs SET seq = 20001, arrived = 20001; ANALYZE",
        )
        .await;
    let before = rows_read(&database).await;
    let storage = database.open().await;
    // Often enough for a plan that is kept for whatever may be asked.
    for after in 0..10 {
        let page = storage.feed(&traveller, &"none".into(), after * 100, 100).await.unwrap();
        assert_eq!((page.records.len(), page.next), (0, 20_001));
        let page = storage.feed(&watcher, &"none".into(), 15_000 + after * 100, 100).await.unwrap();
        assert_eq!(page.records.len(), 100);
    }
    storage.close().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let read = rows_read(&database).await - before;
    assert!((1_000..10_000).contains(&read), "20 pages of 100 records at most took {read} rows");
}

#[tokio::test]
async fn organisations_are_read_by_their_own_alone() {
    let (_database, one, other) = two().await;
    let here = one.phone_in("acme", Role::Central, &[], "Amina").await;
    let there = one.phone_in("elsewhere", Role::Central, &[], "Hawa").await;
    assert_eq!(here.send(&[here.checkin(1)]).await.outcomes(), ["accepted"]);
    assert_eq!(there.send(&[there.checkin(1), there.checkin(2)]).await.outcomes(), ["accepted"; 2]);
    let reader = |org| other.phone_in(org, Role::Security, &[], "Reader");
    assert_eq!(reader("acme").await.feed().await.len(), 1);
    assert_eq!(reader("elsewhere").await.feed().await.len(), 2);
    let newest = async |org: &str| other.storage.newest(&OrgId::from(org)).await.unwrap();
    assert_eq!((newest("acme").await, newest("elsewhere").await), (1, 2));
}
