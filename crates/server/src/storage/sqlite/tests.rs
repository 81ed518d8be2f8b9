use sqlx::{Connection as _, SqliteConnection};
use waymark_core::testing::build;

use super::feed::{NAMING, OWN, WATCHED, select};
use super::ingest::WAITING;
use super::watch;

const MIGRATIONS: [&str; 11] = [
    include_str!("../../../migrations/0001_init.sql"),
    include_str!("../../../migrations/0002_devices.sql"),
    include_str!("../../../migrations/0003_device_keys.sql"),
    include_str!("../../../migrations/0004_movements.sql"),
    include_str!("../../../migrations/0005_push.sql"),
    include_str!("../../../migrations/0006_references.sql"),
    include_str!("../../../migrations/0007_blobs.sql"),
    include_str!("../../../migrations/0008_packs.sql"),
    include_str!("../../../migrations/0009_for_all_staff.sql"),
    include_str!("../../../migrations/0010_signing_keys.sql"),
    include_str!("../../../migrations/0011_watch.sql"),
];

async fn database(migrations: usize) -> SqliteConnection {
    let mut database = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    for migration in &MIGRATIONS[..migrations] {
        sqlx::raw_sql(*migration).execute(&mut database).await.unwrap();
    }
    database
}

#[tokio::test]
async fn pages_are_read_by_indexes() {
    let mut database = database(MIGRATIONS.len()).await;
    for (filter, indexes) in [
        (
            OWN,
            &[
                "records_by_author",
                "records_by_subject_author",
                "records_by_addressee",
                "records_for_all_staff",
                "records_by_movement",
                "mentions_by_record",
            ][..],
        ),
        (WATCHED, &["sqlite_autoindex_records_1"]),
        (NAMING, &["sqlite_autoindex_records_2"]),
    ] {
        assert_uses(&mut database, &select(filter), indexes).await;
    }
}

#[tokio::test]
async fn the_watch_reads_nothing_that_is_over() {
    let mut database = database(MIGRATIONS.len()).await;
    let open = format!("{} {}", watch::COLUMNS, watch::OPEN);
    let indexes =
        ["movements_by_end", "records_by_movement", "records_of_movements_by_receipt", "records_by_alarm"];
    assert_uses(&mut database, &open, &indexes).await;
}

#[tokio::test]
async fn what_waits_for_a_record_is_found_without_reading_the_others() {
    let mut database = database(MIGRATIONS.len()).await;
    assert_uses(&mut database, WAITING, &["records_awaiting_subject"]).await;
}

/// The query is answered by these indexes, and goes through no whole table.
async fn assert_uses(database: &mut SqliteConnection, query: &str, indexes: &[&str]) {
    let sql = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {query}"));
    let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(sql).fetch_all(database).await.unwrap();
    let lines: Vec<_> = plan.into_iter().map(|(_, _, _, line)| line).collect();
    let scans = |line: &&String| line.starts_with("SCAN") && !line.contains("VIRTUAL TABLE");
    assert_eq!(lines.iter().find(scans), None, "{lines:#?}");
    for index in indexes {
        assert!(lines.iter().any(|line| line.contains(index)), "{index} is not used: {lines:#?}");
    }
}

/// A record as an older version took it in.
async fn insert(database: &mut SqliteConnection, seq: i64, json: serde_json::Value) {
    sqlx::query(
        "INSERT INTO records (org, seq, id, digest, device, author, protected, areas, received, happened, event)
         VALUES ('acme', ?1, ?2, '', 'd1', ?3, 0, '[\"east\"]', ?1, 0, ?4)",
    )
    .bind(seq)
    .bind(json["id"].as_str())
    .bind(json["author"].as_str())
    .bind(json.to_string())
    .execute(database)
    .await
    .unwrap();
}

#[tokio::test]
async fn what_an_older_version_took_in_is_sorted_into_its_movement() {
    let mut database = database(3).await;
    sqlx::raw_sql("INSERT INTO orgs (slug, name, created) VALUES ('acme', 'Acme', 0)")
        .execute(&mut database)
        .await
        .unwrap();
    let id = build::checkin(1).id.to_string();
    let record = |n: u64, kind: &str, data: serde_json::Value| {
        let mut json = build::checkin(n).to_json();
        json["type"] = format!("org.waymark.{kind}.v1").into();
        json["data"] = data;
        json
    };
    let plan = serde_json::json!({"plan": {"vehicles": [{"people": [{"name": "I", "user": "idriss"}]}],
        "leader": {"name": "I", "user": "idriss"}, "on_foot": [{"name": "Nobody"}]}});
    let about = serde_json::json!({"movement": id});
    let mut sealed = build::checkin(5).to_json();
    sealed.as_object_mut().unwrap().remove("data");
    insert(&mut database, 1, record(1, "movement.planned", plan)).await;
    insert(&mut database, 2, record(2, "checkin.made", about.clone())).await;
    insert(&mut database, 3, record(3, "emergency.raised", serde_json::json!({}))).await;
    insert(&mut database, 4, record(4, "movement.closed", about)).await;
    insert(&mut database, 5, sealed).await;
    sqlx::raw_sql(MIGRATIONS[3]).execute(&mut database).await.unwrap();

    let columns = "SELECT movement = ?1, alarm = id FROM records ORDER BY seq";
    let rows: Vec<(Option<bool>, Option<bool>)> =
        sqlx::query_as(columns).bind(&id).fetch_all(&mut database).await.unwrap();
    let (movement, neither) = ((Some(true), None), (None, None));
    assert_eq!(rows, [movement, movement, (None, Some(true)), movement, neither]);
    let movements: Vec<(String, String, String, i64)> =
        sqlx::query_as("SELECT id, planner, areas, closed FROM movements")
            .fetch_all(&mut database)
            .await
            .unwrap();
    assert_eq!(movements, [(id, "d1".into(), "[\"east\"]".into(), 4)]);
    let crew: Vec<(String, bool)> =
        sqlx::query_as("SELECT user, aboard FROM crews").fetch_all(&mut database).await.unwrap();
    assert_eq!(crew, [("idriss".to_owned(), true)]);
}

#[tokio::test]
async fn what_an_older_version_took_in_is_protected_with_what_it_refers_to() {
    let mut database = database(5).await;
    sqlx::raw_sql("INSERT INTO orgs (slug, name, created) VALUES ('acme', 'Acme', 0)")
        .execute(&mut database)
        .await
        .unwrap();
    let id = |n: u64| build::checkin(n).id.to_string();
    let record = |n: u64, kind: &str, data: serde_json::Value| {
        let mut json = build::checkin(n).to_json();
        json["type"] = format!("org.waymark.{kind}.v1").into();
        json["data"] = data;
        json
    };
    let owner = serde_json::json!({"of": id(9), "owner": {"name": "I", "user": "idriss"}});
    insert(&mut database, 1, record(1, "threat.reported", serde_json::json!({"words": "leave"}))).await;
    insert(&mut database, 2, record(2, "link.made", serde_json::json!({"from": id(9), "to": id(1)}))).await;
    insert(&mut database, 3, record(3, "report.updated", serde_json::json!({"record": id(2)}))).await;
    insert(&mut database, 4, record(4, "action.opened", owner)).await;
    insert(&mut database, 5, record(5, "action.done", serde_json::json!({"record": id(4)}))).await;
    let subjects = format!(
        "UPDATE records SET protected = 1 WHERE seq = 1;
         UPDATE records SET subject = '{}' WHERE seq = 3;
         UPDATE records SET subject = '{}' WHERE seq = 5;",
        id(2),
        id(4)
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(subjects)).execute(&mut database).await.unwrap();
    sqlx::raw_sql(MIGRATIONS[5]).execute(&mut database).await.unwrap();

    let columns = "SELECT protected, addressee FROM records ORDER BY seq";
    let rows: Vec<(bool, Option<String>)> = sqlx::query_as(columns).fetch_all(&mut database).await.unwrap();
    let (hidden, to_do) = ((true, None), (false, Some("idriss".to_owned())));
    assert_eq!(rows, [hidden.clone(), hidden.clone(), hidden, to_do.clone(), to_do]);
}
