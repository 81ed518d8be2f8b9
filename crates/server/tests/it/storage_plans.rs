//! What PostgreSQL reads while it has no statistics, as in the minute after a database was filled or restored.

use std::time::Duration;

use sqlx::{Connection as _, PgConnection};
use waymark_core::event::DeviceId;
use waymark_core::rules::Role;
use waymark_core::rules::visibility::Viewer;
use waymark_server::storage::postgres::PostgresStorage;
use waymark_server::storage::{Org, Storage as _};

use crate::storage_suite::{batch, event, member};
use crate::support::Database;

/// An organisation in a database that will not look at its tables by itself.
async fn prepared() -> (Database, PostgresStorage) {
    let database = Database::new();
    let storage = database.open().await;
    database.run("ALTER TABLE records SET (autovacuum_enabled = false)").await;
    let acme = Org { slug: "acme".into(), name: "Acme".into() };
    storage.create_org(&acme, waymark_core::testing::build::MORNING).await.unwrap();
    (database, storage)
}

/// How many rows of the table of records were read so far, by its indexes and without them.
async fn rows_read(database: &Database, storage: PostgresStorage) -> (i64, i64) {
    storage.close().await;
    let mut connection = database.connect().await;
    // Each tells what it has read when it ends, which is after it was told to.
    let others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
                  AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
    while sqlx::query_scalar::<_, i64>(others).fetch_one(&mut connection).await.unwrap() > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let sql = "SELECT (SELECT sum(idx_tup_read)::bigint FROM pg_stat_user_indexes WHERE relname = 'records'),
                      (SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'records')";
    let read = sqlx::query_as(sql).fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    read
}

/// How many records the statistics tell of; -1 before anybody has looked.
async fn known(connection: &mut PgConnection) -> i64 {
    let sql = "SELECT reltuples::bigint FROM pg_class WHERE relname = 'records'";
    sqlx::query_scalar(sql).fetch_one(connection).await.unwrap()
}

#[tokio::test]
async fn a_plan_made_for_an_empty_table_is_not_kept_while_it_fills() {
    let (database, storage) = prepared().await;
    let caller = member(&storage, "acme", 1).await;
    let mut devseq = 0;
    for records in [[1; 20].as_slice(), &[2_000], &[1; 20]].concat() {
        let events = (devseq + 1..=devseq + records).map(|n| event(&caller, n)).collect();
        devseq += records;
        storage.ingest(batch(&caller, events)).await.unwrap();
    }
    let (by_index, without) = rows_read(&database, storage).await;
    assert!(by_index + without < 2_000, "{by_index} and {without} rows were read to take 2,040 in");
}

#[tokio::test]
async fn a_travellers_page_does_not_read_what_everybody_else_wrote() {
    let (database, storage) = prepared().await;
    for n in 1..=50 {
        let caller = member(&storage, "acme", n).await;
        let own = u64::from(n) * 40;
        storage
            .ingest(batch(&caller, (own..own + 40).map(|seq| event(&caller, seq)).collect()))
            .await
            .unwrap();
    }
    let before = rows_read(&database, storage).await;
    let storage = database.open().await;
    let viewer = Viewer { org: "acme".into(), user: "u7".into(), role: Role::Traveller, areas: vec![] };
    let page = storage.feed(&viewer, &DeviceId::from("another"), 0, 500).await.unwrap();
    assert_eq!(page.records.len(), 40);
    let after = rows_read(&database, storage).await;
    let read = (after.0 - before.0) + (after.1 - before.1);
    assert!((40..400).contains(&read), "{read} rows were read for a page of 40, of 2,000");
}

#[tokio::test]
async fn an_organisation_that_grows_is_looked_at() {
    let (database, storage) = prepared().await;
    let caller = member(&storage, "acme", 1).await;
    let mut connection = database.connect().await;
    storage.ingest(batch(&caller, (1..=2_490).map(|n| event(&caller, n)).collect())).await.unwrap();
    assert_eq!(known(&mut connection).await, -1, "nobody has looked so far");
    storage.ingest(batch(&caller, (2_491..=2_510).map(|n| event(&caller, n)).collect())).await.unwrap();
    let looked = async {
        while known(&mut connection).await != 2_510 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), looked).await.expect("the statistics are of what came in");
    connection.close().await.unwrap();
    storage.close().await;
}

#[tokio::test]
async fn another_life_begins_with_statistics() {
    let (database, storage) = prepared().await;
    let caller = member(&storage, "acme", 1).await;
    storage.ingest(batch(&caller, (1..=40).map(|n| event(&caller, n)).collect())).await.unwrap();
    storage.begin_anew().await.unwrap();
    storage.close().await;
    let mut connection = database.connect().await;
    assert_eq!(known(&mut connection).await, 40);
}
