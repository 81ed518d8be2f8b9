//! `import awsd` of the real program, while a server has the database open. The rows are made up, in the shape of the
//! Aid Worker Security Database.
#![cfg(unix)]

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use waymark_core::event::{Body, Filled, Kind, Record};
use waymark_core::rules::Role;
use waymark_server::clock;

use crate::process::{run_badly, run_well};
use crate::support::{Phone, Server};

const HEAD: &str = "\"Incident ID\",Year,Month,Day,Country,Region,District,City,UN,INGO,LNGO/NRCS,ICRC,IFRC,Other,\
    \"Nationals killed\",\"Total killed\",\"Total wounded\",\"Total kidnapped\",\"Total affected\",\
    \"Means of attack\",\"Attack context\",Location,Latitude,Longitude,Details\n";
const WELL: &str =
    "7,2011,3,5,Chad,Ouaddaï,\"Ouara \",Abéché,0,2,0,0,0,0,0,0,2,0,2,S,Am,R,13.829,20.8324,\"Two, hurt.\"\n";

struct Desk {
    server: Server,
    file: PathBuf,
}

impl Desk {
    async fn new() -> Self {
        let server = Server::start().await;
        let file = server.data.path().join("export.csv");
        Self { server, file }
    }

    fn args<'a>(&'a self, file: &'a Path) -> [&'a str; 5] {
        ["import", "awsd", file.to_str().unwrap(), "--data", self.server.data.path().to_str().unwrap()]
    }

    /// Imports rows; gives the line of counts and those below it.
    fn import(&self, rows: &str) -> Vec<String> {
        std::fs::write(&self.file, format!("{HEAD}{rows}")).unwrap();
        lines(&self.args(&self.file))
    }

    /// The records there are, and whether the server's own user was made.
    async fn count(&self) -> (i64, i64) {
        let sql = "SELECT (SELECT count(*) FROM records), (SELECT count(*) FROM users WHERE id = 'waymark')";
        sqlx::query_as(sql).fetch_one(&mut self.server.database().await).await.unwrap()
    }
}

fn lines(args: &[&str]) -> Vec<String> {
    run_well(args).lines().skip(1).map(str::to_owned).collect()
}

fn filled(record: &Record) -> Filled {
    match record.event.body().unwrap() {
        Body::Filled(filled) => *filled,
        other => panic!("{other:?}"),
    }
}

async fn reports(phone: &Phone) -> Vec<(Kind, Value)> {
    phone.feed().await.iter().map(|record| (record.event.kind.clone(), filled(record).data.into())).collect()
}

#[tokio::test]
async fn a_file_that_is_no_export_is_refused_and_nothing_is_written() {
    let desk = Desk::new().await;
    let utf16: Vec<_> = format!("\u{feff}{HEAD}{WELL}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cut_off = format!("{HEAD}{WELL}8,2011,3,5,Chad,,,,\"0,0");
    let one_line = [HEAD.as_bytes(), &vec![b'7'; 50 << 20]].concat();
    for (bytes, words) in [
        (&b""[..], "it is empty"),
        (b"<html><body>Please sign in</body></html>", "it is a web page"),
        (HEAD.as_bytes(), "nothing below"),
        (cut_off.as_bytes(), "the row of line 3 are never closed"),
        (&utf16, "UTF-16"),
        (HEAD.replace(",Details", "").as_bytes(), "no column Details"),
        (b"name,age\nA,1\n", "no column Incident ID, Year, Month"),
        (format!("{HEAD}7,\0").as_bytes(), "no text"),
        (&one_line, "more than 32 MiB"),
    ] {
        std::fs::write(&desk.file, bytes).unwrap();
        let said = run_badly(&desk.args(&desk.file));
        assert!(said.contains("nothing was written: ") && said.contains(words), "{said}");
    }
    assert!(
        run_badly(&desk.args(Path::new("/nowhere/export.csv"))).contains("cannot be imported: No such file")
    );
    assert_eq!(desk.count().await, (0, 0));
}

#[tokio::test]
async fn every_row_is_imported_or_listed_with_its_line() {
    let desk = Desk::new().await;
    let row = |id: &str, date: &str, rest: &str| format!("{id},{date},Chad,,,,0,0,0,0,0,0,0,{rest}\n");
    let rows = [
        WELL.replace("7,2011,3,5", " 7 ,2011, 3,5 "),
        row("8", "2011,6,", "0,0,1,1,K,Am,R ,91,20,\"=cmd|' /C calc'!A0\nnext\""),
        row("9", "2011,6,31", "0,0,0,0,U,U,U,,,x"),
        row("", "2011,6,1", "0,0,0,0,U,U,U,,,x"),
        row(" 7", "2011,6,1", "0,0,0,0,U,U,U,,,x"),
        row("10", "2011,6,1", "two,0,0,0,U,U,U,,,x"),
        row("11", "2011,,", "1,0,0,2,U,U,U,,,"),
        "12,2011,6\n".to_owned(),
        row("13", "2011,6,1", "0,0,0,0,U,U,U,,,\"never closed"),
        row("14", "2011,6,1", "0,0,0,0,U,U,U,,,\"swallowed\""),
    ];
    let printed = desk.import(&rows.concat());
    let expected = [
        "3 imported, 0 already there, 0 updated, 6 left out",
        "line 3, incident 8: imported without coordinates: \"91\" and \"20\" are no place on the globe",
        "line 5, incident 9: left out: there is no such day: \"2011-6-31\"",
        "line 6: left out: it has no incident id",
        "line 7, incident 7: left out: an earlier row has the same incident id",
        "line 8, incident 10: left out: Total killed is no count of people: \"two\"",
        "line 9, incident 11: 1 killed, wounded and kidnapped, but 2 affected",
        "line 10, incident 12: left out: it has 3 fields instead of 25",
        "line 11, incident 13: left out: its quotation marks are not doubled, and it may hold the rows below it",
    ];
    assert_eq!(printed, expected);
    let manager = desk.server.phone(Role::Manager, "Amina").await;
    let held = reports(&manager).await;
    let (what, place) = ("=cmd|' /C calc'!A0\nnext", json!({"name": "Chad"}));
    let second = json!({"what": what, "means": "K", "context": "Am", "location": "R", "place": place, "country": "Chad",
        "happened": "2011-06-01T00:00:00.000Z", "precision": "month", "killed": 0, "wounded": 0, "kidnapped": 1,
        "affected": 1, "external": {"source": "AWSD", "id": "8"}});
    assert_eq!(held[1], (Kind::IncidentReported, second));
    assert_eq!(held[2].1["what"], "Incident in Chad. There are no details.");
    assert_eq!(held.len(), 3);
}

#[tokio::test]
async fn what_is_imported_again_is_not_doubled_and_what_changed_is_an_update() {
    let desk = Desk::new().await;
    let manager = desk.server.phone(Role::Manager, "Amina").await;
    let [one, other] = [WELL.to_owned(), WELL.replace("2011,3,5", "2011,3,").replace(",S,", ",BA,")];
    std::fs::write(&desk.file, format!("{HEAD}{one}")).unwrap();
    let dry = lines(&[&desk.args(&desk.file)[..], &["--dry-run"]].concat());
    assert_eq!(dry, ["nothing is written: 1 to import, 0 already there, 0 to update, 0 left out"]);
    assert_eq!(desk.count().await, (0, 0));

    assert_eq!(desk.import(&one)[0], "1 imported, 0 already there, 0 updated, 0 left out");
    let record = manager.feed().await[0].event.id;
    let mut theirs = Filled { kind: Kind::ReportUpdated, data: serde_json::Map::new() };
    theirs.data.extend([("record".into(), json!(record)), ("form".into(), json!("incident"))]);
    theirs.data.insert("context".into(), json!("IA"));
    manager.send(&[manager.event(1, Body::Filled(Box::new(theirs)))]).await;

    let (same, updated) = (
        "0 imported, 1 already there, 0 updated, 0 left out",
        "0 imported, 0 already there, 1 updated, 0 left out",
    );
    assert_eq!(desk.import(&one)[0], same, "what a manager added is theirs");
    for row in [&other, &one, &other] {
        assert_eq!(desk.import(row)[0], updated);
        assert_eq!(desk.import(row)[0], same);
    }
    let held = reports(&manager).await;
    assert_eq!(held.len(), 4);
    let update = |happened: &str, means: &str, precision: Value| json!({"record": record, "form": "incident", "happened": happened, "means": means, "precision": precision});
    let to_other = update("2011-03-01T00:00:00.000Z", "BA", json!("month"));
    assert_eq!(held[1], (Kind::ReportUpdated, to_other.clone()));
    assert_eq!(held[2].1, update("2011-03-05T00:00:00.000Z", "S", Value::Null));
    assert_eq!(held[3].1, to_other);
    assert_eq!(desk.server.conflicts().await, 0);
}

#[tokio::test]
async fn history_is_seen_by_those_who_watch_and_wakes_nobody() {
    let desk = Desk::new().await;
    desk.import(WELL);
    desk.import(&WELL.replace(",S,", ",BA,"));
    let org = "acme".into();
    let storage = &desk.server.storage;
    assert_eq!(storage.open(&org, clock::now()).await.unwrap(), []);
    assert_eq!(storage.since(&org, (0, 9)).await.unwrap(), []);
    let [reported, updated] =
        desk.server.phone(Role::Manager, "Amina").await.feed().await.try_into().unwrap();
    assert_eq!((reported.happened(), &reported.event.author.0[..]), (reported.event.time, "waymark"));
    assert!(updated.event.time > reported.event.time && !reported.event.exercise);
    for body in [&reported, &updated].map(|record| record.event.body().unwrap()) {
        assert!(!body.is_listed() && !body.is_urgent() && !body.is_alarm() && !body.waits_for_answer());
    }
    assert_eq!(desk.server.phone(Role::Traveller, "Idriss").await.feed().await, []);
}

#[tokio::test]
async fn what_a_failing_database_left_out_is_imported_the_next_time() {
    let desk = Desk::new().await;
    let rows: String = (0..1_200).map(|id| WELL.replacen('7', &id.to_string(), 1)).collect();
    let full = "CREATE TRIGGER full BEFORE INSERT ON records WHEN NEW.seq > 700
                BEGIN SELECT RAISE(ABORT, 'no room left'); END";
    sqlx::raw_sql(full).execute(&mut desk.server.database().await).await.unwrap();
    std::fs::write(&desk.file, format!("{HEAD}{rows}")).unwrap();
    let said = run_badly(&desk.args(&desk.file));
    assert!(said.contains("500 of 1200 records were written") && said.contains("no room left"), "{said}");
    sqlx::raw_sql("DROP TRIGGER full").execute(&mut desk.server.database().await).await.unwrap();
    assert_eq!(desk.import(&rows)[0], "700 imported, 500 already there, 0 updated, 0 left out");
    assert_eq!(desk.count().await.0, 1_200);
}

/// The real export, which is not ours to keep: `WAYMARK_AWSD` names it, or it lies beside the repository.
#[tokio::test]
async fn the_real_export_is_imported_whole() {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/awsd-2016-10-03.csv");
    let file = std::env::var_os("WAYMARK_AWSD").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    if !file.is_file() {
        eprintln!("skipped: there is no {}; set WAYMARK_AWSD", file.display());
        return;
    }
    let desk = Desk::new().await;
    let [counts, odd] = lines(&desk.args(&file)).try_into().unwrap();
    assert_eq!(counts, "2088 imported, 0 already there, 0 updated, 0 left out");
    assert!(odd.starts_with("line 1693, incident 1950: imported without coordinates"), "{odd}");
    let feed = desk.server.phone(Role::Manager, "Amina").await.feed().await;
    let held: Vec<_> = feed.iter().map(filled).collect();
    assert_eq!(held.len(), 2_088);
    // Counted in the file by other means.
    let sum = |name: &str| held.iter().map(|one| one.count(name)).sum::<u32>();
    assert_eq!(["killed", "wounded", "kidnapped", "affected"].map(sum), [1_494, 1_388, 1_099, 3_981]);
    let of = |precision: &str| held.iter().filter(|one| one.text("precision") == Some(precision)).count();
    assert_eq!([of("year"), of("month")], [43, 267]);
    let places: Vec<_> = held.iter().filter_map(Filled::spot).collect();
    assert_eq!(places.iter().filter(|spot| spot.at.is_some()).count(), 2_079);
    assert!(places.iter().any(|spot| spot.name == "Terracería highway, Chiquimula, Camotán, Guatemala"));
    assert_eq!(lines(&desk.args(&file))[0], "0 imported, 2088 already there, 0 updated, 0 left out");
}
