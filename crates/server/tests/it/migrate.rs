//! From SQLite to PostgreSQL, and looking over what came there.
#![cfg(unix)]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection as _, Row as _};
use waymark_server::storage::Storage as _;
use waymark_server::storage::postgres::PostgresSnapshot;
use waymark_server::storage::snapshot::Snapshot as _;
use waymark_server::storage::sqlite::DataDir;
use waymark_server::verify::{Findings, verify};

use crate::process::{Running, program, run_badly, run_well};
use crate::support::{Database, Phone};
use crate::verify::{Story, found, story};

fn migrate(story: &Story, database: &Database) -> String {
    run_well(&["migrate", "--from", story.data.path().to_str().unwrap(), "--to", &database.url()])
}

async fn look(story: &Story, database: &Database) -> Findings {
    let mut snapshot = Box::new(PostgresSnapshot::open(&database.address()).await.unwrap());
    let findings = verify(&mut *snapshot, &DataDir::new(story.data.path()).blobs(), None).await.unwrap();
    snapshot.close().await.unwrap();
    findings
}

async fn sqlite(story: &Story) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(DataDir::new(story.data.path()).database());
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// Columns by table, without what each keeps for itself.
type Tables = BTreeMap<String, BTreeSet<String>>;

const OWN: [&str; 5] = ["_sqlx_migrations", "leases", "orgs.arrived", "records.arrival", "records.kind"];

fn tables(rows: Vec<(String, String)>) -> Tables {
    let mut tables = Tables::new();
    for (table, column) in rows {
        if !OWN.contains(&table.as_str()) && !OWN.contains(&format!("{table}.{column}").as_str()) {
            tables.entry(table).or_default().insert(column);
        }
    }
    tables
}

async fn sqlite_tables(connection: &mut SqliteConnection) -> Tables {
    let sql =
        "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table'";
    tables(sqlx::query_as(sql).fetch_all(connection).await.unwrap())
}

async fn postgres_tables(database: &Database) -> Tables {
    let sql = "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'public'";
    tables(sqlx::query_as(sql).fetch_all(&mut database.connect().await).await.unwrap())
}

/// Every row as JSON, in any order.
async fn rows(mut sqlite: SqliteConnection, tables: &Tables) -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::new();
    for (table, columns) in tables {
        let value = |column: &String| match (table.as_str(), column.as_str()) {
            ("devices", "token" | "key") | ("codes", "hash") | ("pack_files", "bytes") => {
                format!("'{column}', lower(hex(\"{column}\"))")
            }
            _ => format!("'{column}', \"{column}\""),
        };
        let columns: Vec<_> = columns.iter().map(value).collect();
        let sql = AssertSqlSafe(format!("SELECT json_object({}) FROM {table}", columns.join(", ")));
        let rows: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut sqlite).await.unwrap();
        all.insert(table.clone(), rows.iter().map(|row| flat(row)).collect());
    }
    all
}

async fn postgres_rows(database: &Database, tables: &Tables) -> BTreeMap<String, BTreeSet<String>> {
    let mut connection = database.connect().await;
    let mut all = BTreeMap::new();
    for (table, columns) in tables {
        let value = |column: &String| match (table.as_str(), column.as_str()) {
            ("devices", "token" | "key") | ("codes", "hash") | ("pack_files", "bytes") => {
                format!("'{column}', coalesce(encode(\"{column}\", 'hex'), '')")
            }
            ("records", "protected" | "for_all_staff") | ("crews", "aboard") => {
                format!("'{column}', {column}::int")
            }
            _ => format!("'{column}', \"{column}\""),
        };
        let columns: Vec<_> = columns.iter().map(value).collect();
        let sql =
            AssertSqlSafe(format!("SELECT json_build_object({})::text FROM {table}", columns.join(", ")));
        let rows = sqlx::query(sql).fetch_all(&mut connection).await.unwrap();
        all.insert(table.clone(), rows.iter().map(|row| flat(&row.get::<String, _>(0))).collect());
    }
    all
}

fn flat(row: &str) -> String {
    serde_json::from_str::<Value>(row).unwrap().to_string()
}

#[tokio::test]
async fn every_row_comes_along_and_phones_notice_nothing() {
    let (story, database) = (story().await, Database::new());
    let dir = story.data.path().to_str().unwrap().to_owned();
    let tables = sqlite_tables(&mut sqlite(&story).await).await;
    let before = rows(sqlite(&story).await, &tables).await;
    assert!(tables.len() >= 18 && before.values().filter(|rows| rows.is_empty()).count() <= 3, "{before:?}");
    let said = migrate(&story, &database);
    assert!(said.starts_with("organisations: 2, devices: 5, records: 13\n"), "{said}");
    assert_eq!(postgres_tables(&database).await, tables, "both have the same tables");
    let after = postgres_rows(&database, &tables).await;
    for (table, rows) in &before {
        assert_eq!(&after[table], rows, "{table}");
    }
    assert!(look(&story, &database).await.is_good());

    assert!(run_badly(&["serve", "--data", &dir]).contains("no database"), "nobody serves it by mistake");
    let server = Running::start_on(&database, story.data.path(), &["--no-watch"]);
    let driver = Phone { address: server.address, ..story.driver.clone() };
    let again = driver.send(std::slice::from_ref(&story.checkin)).await;
    assert_eq!(again.outcomes(), ["duplicate"]);
    assert_eq!(driver.send(&[driver.checkin(100)]).await.outcomes(), ["accepted"]);
    let query = format!("epoch={}", driver.enrolled.epoch);
    assert_eq!(driver.feed_reply(&query).await.status, 200, "the epoch is the same");
    assert!(look(&story, &database).await.is_good());
}

#[tokio::test]
async fn it_is_all_or_nothing() {
    let (story, database) = (story().await, Database::new());
    let (dir, url) = (story.data.path().to_str().unwrap().to_owned(), database.url());
    let migrate_badly = || run_badly(&["migrate", "--from", &dir, "--to", &url]);
    database.open().await.close().await;
    database
        .run(
            "CREATE FUNCTION full_() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no room'; END $$;
             CREATE TRIGGER full_ BEFORE INSERT ON pack_contents EXECUTE FUNCTION full_()",
        )
        .await;
    assert!(migrate_badly().contains("no room"));
    let mut connection = database.connect().await;
    for table in ["orgs", "records", "devices"] {
        let sql = AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        let count: i64 = sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap();
        assert_eq!(count, 0, "{table}");
    }
    run_well(&["verify", "--data", &dir]);
    database.run("DROP TRIGGER full_ ON pack_contents").await;

    let mut sqlite = sqlite(&story).await;
    sqlx::query("CREATE TABLE later (x)").execute(&mut sqlite).await.unwrap();
    assert!(migrate_badly().contains("the table later"), "what is not known is not left behind");
    sqlx::query("DROP TABLE later").execute(&mut sqlite).await.unwrap();
    sqlite.close().await.unwrap();

    let server = Running::start(story.data.path(), &["--no-watch"]);
    assert!(migrate_badly().contains("stop it first"));
    drop(server);
    migrate(&story, &database);
    let other = crate::verify::story().await;
    let other = other.data.path().to_str().unwrap();
    assert!(run_badly(&["migrate", "--from", other, "--to", &url]).contains("not empty"));
    run_well(&["verify", "--data", other]);
    assert!(run_badly(&["migrate", "--from", other, "--to", "mysql://x"]).contains("postgres://"));
}

#[tokio::test]
async fn faults_are_found_in_postgresql_too() {
    let (story, database) = (story().await, Database::new());
    migrate(&story, &database);
    let record = |id: &waymark_core::event::Event| format!("record {}", id.id);
    let of = |event: &waymark_core::event::Event, set: &str| {
        format!("UPDATE records SET {set} WHERE id = '{}'", event.id)
    };
    let user = &story.driver.enrolled.user.0;
    let cases = [
        (of(&story.checkin, "event = replace(event, 'safe', 'sefe')"), "digest", record(&story.checkin)),
        (of(&story.checkin, "kind = 'x'"), "columns", record(&story.checkin)),
        (of(&story.checkin, "seq = 0"), "double", "place 0".into()),
        (of(&story.evaluation, "protected = FALSE"), "protection", record(&story.evaluation)),
        (format!("DELETE FROM records WHERE id = '{}'", story.threat.id), "removed", "table records".into()),
        (format!("DELETE FROM mentions WHERE target = '{}'", story.threat.id), "mentions", String::new()),
        ("UPDATE crews SET aboard = NOT aboard".into(), "crews", format!("movement {}", story.plan.id)),
        ("UPDATE orgs SET seq = seq + 1 WHERE slug = 'acme'".into(), "counter", String::new()),
        ("DELETE FROM settings WHERE name = 'epoch'".into(), "epoch", String::new()),
        (format!("DELETE FROM devices WHERE \"user\" = '{user}'"), "device", record(&story.checkin)),
        ("UPDATE blobs SET \"user\" = 'u0'".into(), "partner", "table blobs".into()),
        ("UPDATE pack_files SET bytes = '\\x00'".into(), "pack_file", "pack version 1".into()),
    ];
    for (sql, code, at) in cases {
        let copy = database.copy();
        // As by hands that leave the keys aside.
        assert!(copy.run(&format!("SET session_replication_role = replica; {sql}")).await > 0, "{sql}");
        let found = found(&look(&story, &copy).await);
        let named = |(own, about): &(String, String)| own == code && about.starts_with(&at);
        assert!(found.iter().any(named), "{sql}: {code} {at}: {found:?}");
    }
    database.run("DELETE FROM _sqlx_migrations").await;
    let error = PostgresSnapshot::open(&database.address()).await.unwrap_err().to_string();
    assert!(error.contains("another version"), "{error}");
}

#[tokio::test]
async fn what_pg_restore_puts_back_begins_a_new_epoch() {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::new());
    let (dir, url) = (folder.path().to_str().unwrap(), database.url());
    let on_it = |args: &[&str]| {
        let output = program().args(args).args(["--data", dir]).env("DATABASE_URL", &url).output().unwrap();
        (
            output.status.success(),
            String::from_utf8(output.stdout).unwrap() + std::str::from_utf8(&output.stderr).unwrap(),
        )
    };
    let server = Running::start_on(&database, folder.path(), &["--demo", "--empty", "--no-watch"]);
    let phone = Phone::enrol(server.address, server.code("manager"), "Amina").await;
    phone.send(&[phone.checkin(1)]).await;
    let (well, said) = on_it(&["backup", "--to", "x.db"]);
    assert!(!well && said.contains("pg_dump"), "{said}");
    let dump = folder.path().join("waymark.dump");
    assert!(database.program("pg_dump").arg("-Fc").arg("-f").arg(&dump).status().unwrap().success());
    phone.send(&[phone.checkin(2)]).await;
    drop(server);

    let (well, said) = on_it(&["restore", "--from", dump.to_str().unwrap()]);
    assert!(!well && said.contains("pg_restore"), "{said}");
    let restored =
        database.program("pg_restore").args(["--clean", "--if-exists"]).arg(&dump).status().unwrap();
    assert!(restored.success());
    let (well, said) = on_it(&["restore"]);
    assert!(well && said.contains("a new epoch has begun"), "{said}");
    let (well, said) = on_it(&["verify"]);
    assert!(well, "{said}");

    let server = Running::start_on(&database, folder.path(), &["--no-watch"]);
    let phone = Phone { address: server.address, ..phone };
    let query = format!("epoch={}", phone.enrolled.epoch);
    phone.feed_reply(&query).await.problem(409, "epoch_changed");
    assert_eq!(phone.send(&[phone.checkin(1), phone.checkin(2)]).await.outcomes(), ["duplicate", "accepted"]);
}
