//! The real program: its command line, its signals, and being killed.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use tempfile::NamedTempFile;
use waymark_core::event::{Event, OrgId};
use waymark_core::rules::Role;
use waymark_core::sync::{BackendKind, Destination, Setup};

use crate::support::{Database, Phone};

pub fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_waymark-server"));
    program.env_remove("RUST_LOG").env_remove("DATABASE_URL");
    program
}

fn run(args: &[&str]) -> Output {
    program().args(args).output().unwrap()
}

/// A command that must work; gives what it printed.
#[track_caller]
pub fn run_well(args: &[&str]) -> String {
    let output = run(args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A command that must not work; gives the one line it says.
#[track_caller]
pub fn run_badly(args: &[&str]) -> String {
    let output = run(args);
    assert!(!output.status.success(), "{args:?}");
    let words = String::from_utf8(output.stderr).unwrap();
    assert_eq!(words.trim_end().lines().count(), 1, "{words}");
    words
}

pub struct Running {
    pub child: Child,
    pub address: SocketAddr,
    /// The lines up to the traveller's link.
    lines: Vec<String>,
    log: NamedTempFile,
}

impl Running {
    pub fn start(data: &Path, more: &[&str]) -> Self {
        Self::start_by(program(), data, more)
    }

    /// With its records in PostgreSQL.
    pub fn start_on(database: &Database, data: &Path, more: &[&str]) -> Self {
        let mut program = program();
        program.env("DATABASE_URL", database.url());
        Self::start_by(program, data, more)
    }

    /// By a program that becomes the server, such as a shell.
    pub fn start_by(mut command: Command, data: &Path, more: &[&str]) -> Self {
        let log = NamedTempFile::new().unwrap();
        command.args(["serve", "--addr", "127.0.0.1:0", "--data", data.to_str().unwrap()]).args(more);
        let mut child = command.stdout(Stdio::piped()).stderr(log.reopen().unwrap()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let lines: Vec<_> = output.by_ref().take(if more.contains(&"--demo") { 7 } else { 1 }).collect();
        std::thread::spawn(move || output.for_each(drop));
        let address = lines[0].strip_prefix("Waymark is at http://").expect("the address").parse().unwrap();
        Self { child, address, lines, log }
    }

    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(status.unwrap().success());
    }

    /// What it has said on standard error.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log.path()).unwrap()
    }

    pub fn code(&self, role: &str) -> &str {
        let start = format!("enrolment code, {role}: ");
        self.lines.iter().find_map(|line| line.strip_prefix(&start)).expect("a code")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn the_demo_prints_an_address_and_a_fresh_code_per_role() {
    let data = tempfile::tempdir().unwrap();
    let first = Running::start(&data.path().join("new"), &["--demo"]);
    let roles = ["traveller", "reporter", "manager", "security", "central"];
    for (line, role) in first.lines[1..].iter().zip(roles) {
        let code = line.strip_prefix(&format!("enrolment code, {role}: ")).expect(role);
        let parts: Vec<_> = code.split('-').map(str::len).collect();
        assert_eq!(parts, [4, 4, 4]);
        let phone = Phone::enrol(first.address, code, "Somebody").await;
        assert_eq!(phone.enrolled.role.code(), role);
    }
    let link = format!("http://{}/enrol#code={}", first.address, first.code("traveller"));
    assert_eq!(first.lines[6], link);
    let old = first.code("central").to_owned();
    drop(first);
    let second = Running::start(&data.path().join("new"), &["--demo"]);
    assert_ne!(second.code("central"), old);
}

#[tokio::test]
async fn an_organisation_is_set_up_and_run_from_the_command_line() {
    let data = tempfile::tempdir().unwrap();
    let (dir, backup) = (data.path().join("data"), data.path().join("backup.db"));
    let (dir, backup) = (dir.to_str().unwrap(), backup.to_str().unwrap());
    assert!(run_badly(&["serve", "--data", dir]).contains("run `waymark-server init` first"));
    assert!(run_badly(&["code", "--data", dir, "--role", "central"]).contains("init"));
    run_well(&["init", "--data", dir, "--org", "acme", "--name", "Acme Relief"]);
    assert!(run_badly(&["init", "--data", dir, "--org", "acme", "--name", "Acme"]).contains("already"));

    let server = Running::start(Path::new(dir), &[]);
    let printed = run_well(&["code", "--data", dir, "--role", "manager", "--areas", "east, north"]);
    let code = printed.lines().next().unwrap().strip_prefix("enrolment code, manager: ").unwrap();
    assert_eq!(printed.lines().nth(1).unwrap(), format!("http://{}/enrol#code={code}", server.address));
    let phone = Phone::enrol(server.address, code, "Amina").await;
    assert_eq!(phone.enrolled.areas, ["east", "north"]);
    assert_eq!(phone.enrolled.org_name, "Acme Relief");
    phone.send(&[phone.checkin(1)]).await;

    run_well(&["backup", "--data", dir, "--to", backup]);
    assert!(run_badly(&["backup", "--data", dir, "--to", backup]).contains("already"));
    assert!(run_badly(&["restore", "--data", dir, "--from", backup]).contains("stop it first"));
    assert!(run_badly(&["serve", "--addr", "127.0.0.1:0", "--data", dir]).contains("another waymark-server"));
    run_well(&["revoke", "--data", dir, "--device", &phone.enrolled.device.0]);
    phone.feed_reply("").await.problem(401, "not_signed_in");
    assert!(run_badly(&["revoke", "--data", dir, "--device", "d0"]).contains("no device"));
    let listed = run_well(&["devices", "--data", dir]);
    let row = listed.lines().nth(1).unwrap();
    for part in [phone.enrolled.device.0.as_str(), phone.enrolled.user.0.as_str(), "Amina", "manager", "acme"]
    {
        assert!(row.contains(part), "{part} is not in {row}");
    }
    assert_eq!(listed.lines().count(), 2, "{listed}");
    assert!(!row.contains(" - "), "seen and revoked have their times: {row}");
    drop(server);

    run_well(&["restore", "--data", dir, "--from", backup]);
    let server = Running::start(Path::new(dir), &[]);
    let phone = Phone { address: server.address, ..phone };
    let query = format!("epoch={}", phone.enrolled.epoch);
    phone.feed_reply(&query).await.problem(409, "epoch_changed");
}

#[tokio::test]
async fn a_phone_newer_than_the_restored_backup_is_let_in_as_itself() {
    let data = tempfile::tempdir().unwrap();
    let (dir, backup) = (data.path().join("data"), data.path().join("backup.db"));
    let (dir, backup) = (dir.to_str().unwrap(), backup.to_str().unwrap());
    let server = Running::start(Path::new(dir), &["--demo"]);
    let first = Phone::enrol(server.address, server.code("manager"), "Amina").await;
    run_well(&["backup", "--data", dir, "--to", backup]);
    let newer = first.enrol_again(server.address, server.code("central")).await;
    let queued = newer.checkin(1);
    drop(server);
    run_well(&["restore", "--data", dir, "--from", backup]);

    let server = Running::start(Path::new(dir), &["--demo"]);
    let newer = Phone { address: server.address, ..newer };
    newer.send(std::slice::from_ref(&queued)).await.problem(401, "not_signed_in");
    assert!(run_badly(&["code", "--data", dir, "--device", "d0"]).contains("no device"));
    let printed = run_well(&["code", "--data", dir, "--device", &newer.enrolled.device.0]);
    let code = printed.lines().next().unwrap().strip_prefix("enrolment code, manager: ").unwrap();
    let back = newer.enrol_again(server.address, code).await;
    assert_eq!((&back.enrolled.device, &back.enrolled.user), (&first.enrolled.device, &first.enrolled.user));
    assert_eq!(back.send(&[queued]).await.outcomes(), ["accepted"]);
    newer.feed_reply("").await.problem(401, "not_signed_in");
}

#[tokio::test]
async fn the_log_tells_what_was_done_and_nothing_of_what_was_said() {
    for format in ["compact", "json"] {
        let data = tempfile::tempdir().unwrap();
        let server = Running::start(data.path(), &["--demo", "--log-format", format]);
        let code = server.code("traveller").to_owned();
        let phone = Phone::enrol(server.address, &code, "Idriss Mahamat").await;
        phone.send(&[phone.checkin(1)]).await;
        phone.feed_reply("after=0&epoch=wrong").await;
        let log = std::fs::read_to_string(server.log.path()).unwrap();
        for part in ["/api/v1/records", "POST", "200", "409"] {
            assert!(log.contains(part), "{part} is not in {log}");
        }
        let enrolled = &phone.enrolled;
        let checkin = phone.checkin(1);
        let said = [
            &code,
            "Idriss",
            "check-in 1",
            &enrolled.token,
            &enrolled.device.0,
            &enrolled.user.0,
            &checkin.id.to_string(),
            &checkin.digest.to_string(),
        ];
        for secret in said {
            assert!(!log.contains(secret), "{secret} is in {log}");
        }
    }
}

#[test]
fn what_is_in_the_way_is_said_in_one_line() {
    let data = tempfile::tempdir().unwrap();
    let dir = data.path().to_str().unwrap();
    run_well(&["init", "--data", dir, "--org", "acme", "--name", "Acme"]);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    assert!(run_badly(&["serve", "--data", dir, "--addr", &address]).contains("in use"));
    assert!(run_badly(&["serve", "--data", dir, "--app", dir]).contains("no built app"));

    let file = data.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let below_a_file = file.join("data");
    let init = ["init", "--data", below_a_file.to_str().unwrap(), "--org", "a", "--name", "A"];
    assert!(run_badly(&init).contains("cannot write"));
    assert!(run_badly(&["restore", "--data", dir, "--from", file.to_str().unwrap()]).contains("no backup"));
    std::fs::write(data.path().join("waymark.db"), "this is no database".repeat(500)).unwrap();
    assert!(
        run_badly(&["serve", "--data", dir, "--addr", "127.0.0.1:0"]).contains("cannot open the database")
    );
}

#[tokio::test]
async fn a_signal_ends_it_without_cutting_off_what_is_in_work() {
    for signal in ["TERM", "INT"] {
        let data = tempfile::tempdir().unwrap();
        let mut server = Running::start(data.path(), &["--demo"]);
        let phone = Phone::enrol(server.address, server.code("traveller"), "Idriss").await;
        let mut stream = phone.get("/stream").send().await.unwrap();
        // A body that is still being sent when the signal comes.
        let text = serde_json::json!([phone.checkin(1).to_json()]).to_string();
        let (start, rest) = text.split_at(text.len() / 2);
        let (start, rest) = (start.to_owned(), rest.to_owned());
        let (go, wait) = tokio::sync::oneshot::channel();
        let chunks = futures_util::stream::once(async { Ok::<_, std::io::Error>(start) });
        let later = futures_util::stream::once(async {
            wait.await.unwrap();
            Ok(rest)
        });
        let body = reqwest::Body::wrap_stream(futures_util::StreamExt::chain(chunks, later));
        let request = phone.post("/records").header("content-type", "application/json").body(body);
        let sending = tokio::spawn(request.send());
        tokio::time::sleep(Duration::from_millis(300)).await;
        server.signal(signal);
        tokio::time::sleep(Duration::from_millis(300)).await;
        go.send(()).unwrap();
        let answer = sending.await.unwrap().unwrap();
        assert_eq!(answer.status(), 200, "{signal}");
        while stream.chunk().await.is_ok_and(|chunk| chunk.is_some()) {}
        let status = tokio::task::spawn_blocking(move || server.child.wait().unwrap()).await.unwrap();
        assert!(status.success(), "{signal}");
        assert!(!data.path().join("waymark.db-wal").exists(), "the log is folded in");
    }
}

/// Sends batches until the server is gone; gives what it acknowledged.
async fn send_until_gone(phone: Phone, mut n: u64) -> (Vec<Event>, u64) {
    let mut acknowledged = Vec::new();
    loop {
        let events: Vec<_> = (n..n + 20).map(|n| phone.checkin(n)).collect();
        n += 20;
        let body = serde_json::Value::from(events.iter().map(Event::to_json).collect::<Vec<_>>()).to_string();
        let request = phone.post("/records").header("content-type", "application/json").body(body);
        let Ok(answer) = request.send().await else {
            return (acknowledged, n);
        };
        let Ok(receipts) = answer.json::<waymark_core::sync::Receipts>().await else {
            return (acknowledged, n);
        };
        assert!(receipts.receipts.iter().all(|receipt| receipt.outcome == "accepted"));
        acknowledged.extend(events);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_again_and_again_it_still_has_all_that_it_acknowledged() {
    let data = tempfile::tempdir().unwrap();
    let mut phones: Vec<(Phone, u64)> = Vec::new();
    let mut acknowledged: Vec<Event> = Vec::new();
    for round in 0..5 {
        let server = Running::start(data.path(), &["--demo"]);
        if round < 2 {
            let role = ["traveller", "reporter"][round];
            phones.push((Phone::enrol(server.address, server.code(role), role).await, 1));
        }
        let senders: Vec<_> = phones
            .iter()
            .map(|(phone, n)| {
                let phone = Phone { address: server.address, ..phone.clone() };
                tokio::spawn(send_until_gone(phone, *n))
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(150 + 70 * round as u64)).await;
        server.signal("KILL");
        for (sender, (_, n)) in senders.into_iter().zip(&mut phones) {
            let (events, next) = sender.await.unwrap();
            acknowledged.extend(events);
            *n = next;
        }
    }
    let server = Running::start(data.path(), &["--demo"]);
    let reader = Phone::enrol(server.address, server.code("central"), "Reader").await;
    let held = reader.feed().await;
    assert!(acknowledged.len() > 100, "{}", acknowledged.len());
    let mut ids: Vec<_> = held.iter().map(|record| record.event.id).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "each once");
    for event in &acknowledged {
        assert!(ids.binary_search(&event.id).is_ok(), "{} was acknowledged and is gone", event.id);
    }
    let seqs: Vec<_> = held.iter().map(|record| record.arrival.as_ref().unwrap().seq).collect();
    assert_eq!(seqs, (1..=u64::try_from(held.len()).unwrap()).collect::<Vec<_>>());
}

#[test]
fn a_code_can_say_where_else_records_go() {
    let data = tempfile::tempdir().unwrap();
    let (dir, like) = (data.path().join("data"), data.path().join("like.txt"));
    let (dir, like_path) = (dir.to_str().unwrap(), like.to_str().unwrap());
    run_well(&["init", "--data", dir, "--org", "acme", "--name", "Acme Relief"]);
    let command =
        ["code", "--data", dir, "--role", "traveller", "--areas", "east", "--url", "https://way.example"];
    let ask = [&command[..], &["--like", like_path]].concat();
    assert!(run_badly(&ask).contains("cannot be read"));
    let archive = Destination {
        kind: BackendKind::WebDav,
        name: "Archive".into(),
        address: "https://cloud.example/dav".into(),
        ..Destination::own_server()
    };
    let set_up = |mirrors: Vec<Destination>| Setup {
        org: OrgId("other".into()),
        org_name: "Other".into(),
        role: Role::Central,
        areas: vec![],
        code: "0000-0000-0000".into(),
        home: None,
        mirrors,
    };
    std::fs::write(&like, "x".repeat(20_000)).unwrap();
    assert!(run_badly(&ask).contains("the right file"));
    std::fs::write(&like, "ABCD-EFGH-JKLM").unwrap();
    assert!(run_badly(&ask).contains("no set-up text"));
    std::fs::write(&like, set_up(vec![]).to_text()).unwrap();
    assert!(run_badly(&ask).contains("sends nowhere else"));

    // Of a phone without a server of ours its home is one more place; a token of its own is nobody else's.
    let base = Destination { kind: BackendKind::CouchDb, name: "Base".into(), ..archive.clone() };
    let own = Destination { kind: BackendKind::Postgrest, name: "Own".into(), ..archive.clone() };
    let serverless = Setup { home: Some(base.clone()), ..set_up(vec![own.clone(), archive.clone()]) };
    std::fs::write(&like, serverless.to_text()).unwrap();
    let printed = run_well(&ask);
    let made = Setup::from_text(printed.lines().next().unwrap()).unwrap();
    assert_eq!(made.mirrors, [Destination { must: false, ..base }, archive.clone()]);
    std::fs::write(&like, set_up(vec![own]).to_text()).unwrap();
    assert!(run_badly(&ask).contains("sends nowhere else"));

    std::fs::write(&like, format!("{}\n", set_up(vec![archive.clone()]).to_text())).unwrap();
    let printed = run_well(&ask);
    let mut lines = printed.lines();
    let made = Setup::from_text(lines.next().unwrap().strip_prefix("enrolment code, traveller: ").unwrap());
    let made = made.unwrap();
    let acme = (made.org.0.as_str(), made.org_name.as_str(), made.role, made.areas.as_slice());
    assert_eq!(acme, ("acme", "Acme Relief", Role::Traveller, &["east".to_owned()][..]));
    assert_eq!((made.home.as_ref(), made.mirrors.as_slice()), (None, &[archive][..]));
    assert_eq!(made.code.len(), "0000-0000-0000".len());
    assert_ne!(made.code, "0000-0000-0000", "the code of that phone was for that phone");
    let link = lines.next().unwrap();
    assert!(link.starts_with("https://way.example/enrol#code=waymark1."), "{link}");
    assert_eq!(Setup::from_text(link), Ok(made));
}
