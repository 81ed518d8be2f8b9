//! Looking over what is stored: a healthy database has no faults, and each fault is found and named.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tempfile::TempDir;
use waymark_core::event::{
    Body, CheckinConfirmed, CloseDraft, Digest, EmergencyDraft, Event, Kind, MovementClosed, Stamp,
};
use waymark_core::rules::Role;
use waymark_core::testing::build::MORNING;
use waymark_server::storage::snapshot::Snapshot as _;
use waymark_server::storage::sqlite::DataDir;
use waymark_server::verify::{Findings, verify};

use crate::support::convoy::{heard, plan, planned, revised};
use crate::support::{PackDesk, Phone, Photo, Server};

/// What the healthy database holds, for faults to be put into it.
pub struct Story {
    pub data: TempDir,
    pub plan: Event,
    pub checkin: Event,
    confirmation: Event,
    early: Event,
    pub threat: Event,
    pub evaluation: Event,
    action: Event,
    photo: Photo,
    pub driver: Phone,
}

async fn accepted(phone: &Phone, events: &[&Event]) {
    for event in events {
        let reply = phone.send(std::slice::from_ref(*event)).await;
        assert_eq!(reply.outcomes(), ["accepted"], "{:?} {}", event.kind, reply.text);
    }
}

/// A movement whose crew changes, answers that come before what they answer, protected reports, an action, a photo,
/// second versions and two versions of a pack; and another organisation.
pub async fn story() -> Story {
    let server = Server::start().await;
    let amina = server.phone_in("acme", Role::Manager, &["east"], "Amina").await;
    let safiya = server.phone(Role::Security, "Safiya").await;
    let driver = server.phone_in("acme", Role::Traveller, &["west"], "Idriss").await;
    let moussa = server.phone(Role::Traveller, "Moussa").await;
    let users =
        |phones: &[&Phone]| phones.iter().map(|phone| phone.enrolled.user.0.clone()).collect::<Vec<_>>();
    let by = |phones: &[&Phone]| plan(MORNING, &users(phones).iter().map(String::as_str).collect::<Vec<_>>());

    let trip = amina.event(1, planned(by(&[&driver])));
    let checkin = driver.event(2, Body::CheckinMade(heard(trip.id)));
    let confirmed = CheckinConfirmed { record: checkin.id, digest: checkin.digest, movement: Some(trip.id) };
    let confirmation = amina.event(3, Body::CheckinConfirmed(confirmed));
    let new_crew = amina.event(4, revised(trip.id, trip.id, by(&[&moussa])));
    let end = CloseDraft { accounted: "1".into(), ..CloseDraft::default() };
    let end = MovementClosed { accounted: Some(1), ..end.parse(trip.id, 1).unwrap() };
    let closed = amina.event(5, Body::MovementClosed(end));
    // Whatever came before moves to the end of the feed when the plan comes, and when Moussa comes aboard.
    accepted(&driver, &[&checkin]).await;
    accepted(&amina, &[&confirmation, &trip, &new_crew, &closed]).await;

    let own = driver.checkin(6);
    let early = amina.confirmation(7, &own);
    accepted(&amina, &[&early]).await;
    accepted(&driver, &[&own]).await;
    let other_self =
        driver.event(6, Body::EmergencyRaised(EmergencyDraft::default().parse(None, MORNING).unwrap()));
    assert_eq!(driver.send(&[other_self]).await.outcomes(), ["conflict"]);

    let (photo, awaited) = (Photo::new(1, 1_000), Photo::new(2, 1_000));
    let data = json!({"what": "the depot", "sensitive": true, "photos": [photo.named(), awaited.named()]});
    let threat = driver.filled(8, &Kind::ThreatReported, &data);
    let data = json!({"record": threat.id, "credible": "yes", "intends": "yes", "capable": "yes"});
    let evaluation = safiya.filled(9, &Kind::ThreatEvaluated, &data);
    let owner = json!({"name": driver.enrolled.name, "user": driver.enrolled.user});
    let data = json!({"action": "welfare_contact", "what": "call them", "owner": owner, "due": "2026-07-20T08:00:00.000Z"});
    let action = amina.filled(10, &Kind::ActionOpened, &data);
    let data = json!({"record": action.id, "evidence": "called at noon"});
    let done = driver.filled(11, &Kind::ActionDone, &data);
    accepted(&driver, &[&threat]).await;
    accepted(&safiya, &[&evaluation]).await;
    accepted(&driver, &[&done]).await;
    accepted(&amina, &[&action]).await;
    assert_eq!(driver.send_whole(&photo).await.status, 201);
    let mut future = driver.checkin(12).to_json();
    future["type"] = "org.waymark.checkin.made.v9".into();
    accepted(&driver, &[&Event::from_json(future).unwrap()]).await;

    let desk = PackDesk::new();
    desk.publish(&server, &desk.sign(1)).await.unwrap();
    desk.add_card("halt");
    desk.publish(&server, &desk.sign(2)).await.unwrap();
    let other = server.phone_in("other", Role::Reporter, &[], "Hawa").await;
    accepted(&other, &[&other.checkin(1)]).await;

    let (data, copy) = (server.stop().await, tempfile::tempdir().unwrap());
    copy_all(data.path(), copy.path());
    Story { data: copy, plan: trip, checkin, confirmation, early, threat, evaluation, action, photo, driver }
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let place = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_all(&entry.path(), &place);
        } else {
            fs::copy(entry.path(), place).unwrap();
        }
    }
}

async fn look(data: &Path) -> Findings {
    let data = DataDir::new(data);
    let snapshot = data.snapshot().await.unwrap();
    let mut snapshot = Box::new(snapshot);
    let findings = verify(&mut *snapshot, &data.blobs(), None).await.unwrap();
    snapshot.close().await.unwrap();
    findings
}

/// Every file with the digest of its content, but for what SQLite puts beside a database that somebody reads.
fn contents(dir: &Path) -> BTreeMap<String, Digest> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            all.extend(contents(&entry.path()));
        } else if entry.path().extension().is_none_or(|kind| kind != "db-shm") {
            let bytes = fs::read(entry.path()).unwrap();
            if !bytes.is_empty() {
                all.insert(entry.path().to_string_lossy().into_owned(), Digest::of_bytes(&bytes));
            }
        }
    }
    all
}

impl Story {
    /// What is found once this was done to a copy: codes, and what they are about.
    async fn after(&self, sql: &str) -> Vec<(String, String)> {
        let copy = tempfile::tempdir().unwrap();
        copy_all(self.data.path(), copy.path());
        let file = DataDir::new(copy.path()).database();
        let options = SqliteConnectOptions::new().filename(file).foreign_keys(false);
        let mut database = SqliteConnection::connect_with(&options).await.unwrap();
        let done = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut database).await;
        assert!(done.unwrap_or_else(|error| panic!("{error}: {sql}")).rows_affected() > 0, "{sql}");
        database.close().await.unwrap();
        found(&look(copy.path()).await)
    }
}

pub fn found(findings: &Findings) -> Vec<(String, String)> {
    findings.faults.iter().map(|fault| (fault.code.to_owned(), fault.at.clone())).collect()
}

#[tokio::test]
async fn a_healthy_database_has_no_faults_and_is_left_as_it_is() {
    let story = story().await;
    let before = contents(story.data.path());
    let findings = look(story.data.path()).await;
    assert!(findings.is_good(), "{}", findings.text());
    assert_eq!(contents(story.data.path()), before);
    let [acme, other] = &findings.organisations[..] else { panic!("{findings:?}") };
    assert_eq!((acme.records, acme.movements, acme.chain), (12, 1, 4));
    assert!(acme.newest > 12, "records have moved: {}", acme.newest);
    assert_eq!((acme.photos, acme.photos_awaited, acme.packs, acme.conflicts), (1, 1, 2, 1));
    assert_eq!((other.records, other.newest), (1, 1));
}

#[tokio::test]
async fn each_fault_is_found_and_named() {
    let story = story().await;
    let record = |event: &Event| format!("record {}", event.id);
    let movement = format!("movement {}", story.plan.id);
    let user = &story.driver.enrolled.user.0;
    let of = |event: &Event, set: &str| format!("UPDATE records SET {set} WHERE id = '{}'", event.id);
    let [checkin, confirmation, early, threat, evaluation, action] =
        [&story.checkin, &story.confirmation, &story.early, &story.threat, &story.evaluation, &story.action];
    let cases = [
        (of(checkin, "event = replace(event, 'safe', 'sefe')"), "digest", record(checkin)),
        (of(checkin, "event = 'x' || event"), "record", record(checkin)),
        (of(checkin, "event = json_set(event, '$.time', 'noon')"), "record", record(checkin)),
        (of(checkin, &malformed()), "data", record(checkin)),
        (of(checkin, "digest = replace(digest, substr(digest, 1, 1), 'g')"), "columns", record(checkin)),
        (of(checkin, "areas = 'east'"), "columns", record(checkin)),
        (of(checkin, "for_all_staff = 1"), "columns", record(checkin)),
        (of(checkin, "alarm = id"), "columns", record(checkin)),
        (of(checkin, "author = 'u0', event = json_set(event, '$.author', 'u0')"), "author", record(checkin)),
        (format!("DELETE FROM users WHERE id = '{user}'"), "author", record(checkin)),
        (format!("DELETE FROM devices WHERE user = '{user}'"), "device", record(checkin)),
        (format!("UPDATE users SET role = 'chief' WHERE id = '{user}'"), "user", format!("user {user}")),
        (of(early, "subject_author = NULL"), "subject", record(early)),
        (of(evaluation, "protected = 0"), "protection", record(evaluation)),
        (of(confirmation, "protected = 1"), "protection", record(confirmation)),
        (of(action, "addressee = NULL"), "addressee", record(action)),
        (format!("DELETE FROM mentions WHERE target = '{}'", threat.id), "mentions", record(evaluation)),
        (format!("UPDATE mentions SET target = '{}'", action.id), "mentions", record(evaluation)),
        (format!("DELETE FROM photos WHERE record = '{}'", threat.id), "photos", record(threat)),
        (format!("UPDATE photos SET record = '{}'", action.id), "photos", record(action)),
        ("UPDATE movements SET planner = 'u0'".to_owned(), "movements", movement.clone()),
        ("UPDATE movements SET closed = NULL".to_owned(), "movements", movement.clone()),
        ("DELETE FROM crews; DELETE FROM movements".to_owned(), "movements", movement.clone()),
        (
            "INSERT INTO movements (org, id) VALUES ('acme', 'm0')".to_owned(),
            "movements",
            "movement m0".into(),
        ),
        ("UPDATE crews SET aboard = NOT aboard".to_owned(), "crews", movement.clone()),
        (format!("DELETE FROM crews WHERE user = '{user}'"), "crews", movement.clone()),
        ("UPDATE crews SET user = 'u0' WHERE aboard".to_owned(), "crews", movement.clone()),
        ("UPDATE orgs SET seq = seq + 1 WHERE slug = 'acme'".to_owned(), "counter", String::new()),
        ("UPDATE orgs SET seq = seq - 1 WHERE slug = 'acme'".to_owned(), "counter", String::new()),
        (format!("DELETE FROM records WHERE id = '{}'", threat.id), "removed", "table records".into()),
        (of(checkin, "seq = 0"), "double", "place 0".into()),
        (doubled(), "double", "place 1".into()),
        ("DELETE FROM settings WHERE name = 'epoch'".to_owned(), "epoch", String::new()),
        ("UPDATE conflicts SET event = replace(event, 'devseq', 'seq')".to_owned(), "record", String::new()),
        ("UPDATE conflicts SET digest = 'x'".to_owned(), "columns", String::new()),
        (
            format!("UPDATE blobs SET bytes = 7 WHERE user = '{user}'"),
            "columns",
            format!("photo {}", story.photo.sha256),
        ),
        ("UPDATE blobs SET sha256 = replace(sha256, 'a', 'b')".to_owned(), "photo_missing", String::new()),
        ("UPDATE blobs SET user = 'u0'".to_owned(), "partner", "table blobs".into()),
        (
            "UPDATE pack_keys SET key = replace(key, substr(key, 1, 1), '0')".to_owned(),
            "pack_key",
            String::new(),
        ),
        (
            "UPDATE packs SET signed = replace(signed, 'Acme', 'Acne')".to_owned(),
            "pack",
            "pack version 1".into(),
        ),
        ("UPDATE packs SET version = 3 WHERE version = 2".to_owned(), "pack", "pack version 3".into()),
        ("UPDATE pack_files SET bytes = x'00'".to_owned(), "pack_file", "pack version 1".into()),
        ("DELETE FROM pack_files".to_owned(), "pack_file", "pack version 1".into()),
        ("DELETE FROM pack_contents WHERE version = 2".to_owned(), "pack_file", "pack version 2".into()),
    ];
    for (sql, code, at) in cases {
        let found = story.after(&sql).await;
        let named = |(own, about): &(String, String)| own == code && about.starts_with(&at);
        assert!(found.iter().any(named), "{sql}: {code} {at}: {found:?}");
    }
}

/// Data that its kind does not have, under its own digest.
fn malformed() -> String {
    let digest = Digest::of_json(&json!({"checkin": "halted"}));
    format!(
        "digest = '{digest}', event = json_set(event, '$.data', json('{{\"checkin\": \"halted\"}}'), '$.digest', '{digest}')"
    )
}

/// Two records at one place, as a table without its key would let them be.
fn doubled() -> String {
    "CREATE TABLE other AS SELECT rowid AS row, * FROM records;
     UPDATE other SET seq = 1 WHERE org = 'acme' AND seq < 8;
     DROP TABLE records;
     CREATE TABLE records AS SELECT * FROM other ORDER BY row"
        .to_owned()
}

#[tokio::test]
async fn a_place_that_nobody_has_left_is_a_gap() {
    let server = Server::start().await;
    let phone = server.phone(Role::Reporter, "Hawa").await;
    let all: Vec<_> = (1..=5).map(|n| phone.checkin(n)).collect();
    assert_eq!(phone.send(&all).await.outcomes(), ["accepted"; 5]);
    let mut database = server.database().await;
    sqlx::query("DELETE FROM records WHERE seq IN (2, 3)").execute(&mut database).await.unwrap();
    let expected = [("removed", "table records"), ("gap", "places 2 to 3")];
    let findings = look(server.data.path()).await;
    let found: Vec<_> = findings.faults.iter().map(|fault| (fault.code, fault.at.as_str())).collect();
    assert_eq!(found, expected, "{}", findings.text());
}

#[tokio::test]
async fn photos_are_read_to_their_last_byte() {
    let story = story().await;
    let (first, rest) = story.photo.sha256.split_at(2);
    let file = story.data.path().join("blobs/acme").join(first).join(rest);
    let mut bytes = story.photo.bytes.clone();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&file, bytes).unwrap();
    let at = format!("photo {}", story.photo.sha256);
    assert_eq!(found(&look(story.data.path()).await), [("photo_damaged".to_owned(), at.clone())]);
    fs::remove_file(&file).unwrap();
    assert_eq!(found(&look(story.data.path()).await), [("photo_missing".to_owned(), at)]);
}

#[tokio::test]
async fn one_fault_is_one_line_where_nothing_else_follows_from_it() {
    let story = story().await;
    let set =
        format!("UPDATE records SET event = replace(event, 'Lima', 'Kilo') WHERE id = '{}'", story.plan.id);
    let expected = [("digest".to_owned(), format!("record {}", story.plan.id))];
    assert_eq!(
        story.after(&set).await,
        expected,
        "crew and movement are not asked of a plan that cannot be read"
    );
}

#[cfg(unix)]
mod program {
    use super::*;
    use crate::process::{Running, program, run_badly, run_well};

    #[tokio::test]
    async fn it_looks_while_the_server_runs_and_after_it_was_killed() {
        let data = tempfile::tempdir().unwrap();
        let dir = data.path().to_str().unwrap();
        assert!(run_badly(&["verify", "--data", dir]).contains("init"));
        let server = Running::start(data.path(), &["--demo"]);
        let phone = Phone::enrol(server.address, server.code("reporter"), "Hawa").await;
        phone.send(&[phone.checkin(1)]).await;
        let running = run_well(&["verify", "--data", dir]);
        assert!(running.ends_with("no faults\n"), "{running}");
        server.signal("KILL");
        drop(server);
        let before = contents(data.path());
        let text = run_well(&["verify", "--data", dir, "--json"]);
        let json: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&json["good"], &json["faults"]), (&json!(true), &json!([])), "{json}");
        assert!(json["organisations"][0]["movements"].as_u64() >= Some(4), "{json}");
        assert_eq!(contents(data.path()), before);
        assert!(run_badly(&["verify", "--data", dir, "--org", "nobody"]).contains("no organisation nobody"));
    }

    #[tokio::test]
    async fn faults_end_with_an_error_and_name_the_record() {
        let story = story().await;
        let dir = story.data.path().to_str().unwrap();
        let options = SqliteConnectOptions::new().filename(DataDir::new(dir).database());
        let mut database = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::query("UPDATE records SET protected = 0").execute(&mut database).await.unwrap();
        database.close().await.unwrap();
        let output = program().args(["verify", "--data", dir]).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let text = String::from_utf8(output.stdout).unwrap();
        let line = format!("FAULT acme  protection  record {}: it is not protected", story.threat.id);
        assert!(text.contains(&line), "{text}");
        for name in ["Idriss", "depot"] {
            assert!(!text.contains(name), "{text}");
        }
        let output = program().args(["verify", "--data", dir, "--json", "--org", "acme"]).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&json["good"], json["faults"].as_array().unwrap().len()), (&json!(false), 2));
        assert_eq!(json["faults"][0]["code"], "protection");
        run_well(&["verify", "--data", dir, "--org", "other"]);
    }
}

#[tokio::test]
async fn a_backup_has_no_faults_either() {
    let story = story().await;
    let (place, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = place.path().join("backup.db");
    DataDir::new(story.data.path()).backup(&file).await.unwrap();
    DataDir::new(elsewhere.path()).restore(&file, "1").await.unwrap();
    let findings = look(elsewhere.path()).await;
    assert!(findings.is_good(), "{}", findings.text());
}

#[tokio::test]
async fn a_database_of_another_version_is_not_looked_at() {
    let story = story().await;
    let options = SqliteConnectOptions::new().filename(DataDir::new(story.data.path()).database());
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("DELETE FROM _sqlx_migrations WHERE version = 9").execute(&mut database).await.unwrap();
    database.close().await.unwrap();
    let error = DataDir::new(story.data.path()).snapshot().await.unwrap_err().to_string();
    assert!(error.contains("another version"), "{error}");
}

#[tokio::test]
async fn nobody_need_have_written_anything() {
    let server = Server::start().await;
    let findings = look(server.data.path()).await;
    assert!(findings.is_good(), "{}", findings.text());
    assert_eq!(findings.organisations[0].newest, Stamp(0).0);
}

#[tokio::test]
async fn it_sees_one_moment_while_phones_send() {
    let server = Server::start().await;
    let amina = server.phone(Role::Manager, "Amina").await;
    let idriss = server.phone(Role::Traveller, "Idriss").await;
    let sending = async {
        for n in 0..20 {
            let own = idriss.checkin(n * 10 + 1);
            let photo = Photo::new(u8::try_from(n).unwrap(), 500);
            let trip = amina.event(n * 10 + 2, planned(plan(MORNING, &[])));
            let crew = plan(MORNING, &[idriss.enrolled.user.0.as_str()]);
            let aboard = amina.event(n * 10 + 3, revised(trip.id, trip.id, crew));
            let data = json!({"what": "the depot", "photos": [photo.named()]});
            accepted(&amina, &[&amina.confirmation(n * 10 + 4, &own), &trip]).await;
            accepted(&idriss, &[&own, &idriss.filled(n * 10 + 5, &Kind::ThreatReported, &data)]).await;
            accepted(&amina, &[&aboard]).await;
            idriss.send_whole(&photo).await;
        }
    };
    let looking = async {
        let mut records = vec![];
        loop {
            let findings = look(server.data.path()).await;
            assert!(findings.is_good(), "{}", findings.text());
            records.push(findings.organisations[0].records);
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            if records.last() == Some(&100) {
                return records;
            }
        }
    };
    let ((), records) = tokio::join!(sending, looking);
    assert!(records.len() > 3 && records.is_sorted(), "{records:?}");
}
