//! `conformance`: our own server keeps every rule, and the page about it is true.
#![cfg(unix)]

use std::time::Duration;

use waymark_core::rules::Role;
use waymark_server::clock;
use waymark_server::conformance::{Credential, Entrant, Examination, Place, Report, Verdict, checks};
use waymark_server::limits::Rate;
use waymark_server::state::Limits;
use waymark_server::storage::Org;

use crate::process::program;
use crate::support::{PackDesk, Server, roomy};

/// Codes for everybody, as options of the command.
pub async fn codes(server: &Server) -> Vec<(Place, String)> {
    let other = Org { slug: "other".into(), name: "Other".into() };
    server.storage.create_org(&other, clock::now()).await.unwrap();
    let expires = clock::now().plus_ms(3_600_000);
    vec![
        (Place::Traveller, server.code_for("acme", Role::Traveller, &["east"], expires).await),
        (Place::Manager, server.code_for("acme", Role::Manager, &["east", "west"], expires).await),
        (Place::Security, server.code_for("acme", Role::Security, &["east"], expires).await),
        (Place::Central, server.code_for("acme", Role::Central, &[], expires).await),
        (Place::Other, server.code_for("other", Role::Central, &[], expires).await),
    ]
}

/// Examines a server with everybody there.
pub async fn examine(server: &Server, only: &[&str], limits: bool) -> Report {
    let by_code = |(place, code)| Entrant { place, credential: Credential::Code(code) };
    let examination = Examination {
        backend: server.url("").parse().unwrap(),
        entrants: codes(server).await.into_iter().map(by_code).collect(),
        only: only.iter().map(|name| (*name).to_owned()).collect(),
        patience: Duration::from_secs(1),
        limits,
    };
    examination.run().await.unwrap()
}

pub async fn publish_a_pack(server: &Server) {
    let desk = PackDesk::new();
    desk.add_card("second");
    let signed = desk.sign(1);
    desk.publish(server, &signed).await.unwrap();
}

#[tokio::test]
async fn our_own_server_keeps_every_rule() {
    let enrol_address = Rate { burst: 10, every: Duration::from_mins(1) };
    let server = Server::builder().limits(Limits { enrol_address, ..roomy() }).start().await;
    publish_a_pack(&server).await;
    let reader = server.phone(Role::Central, "Reader").await;
    let report = examine(&server, &[], true).await;
    for line in &report.checks {
        assert_eq!(line.verdict, Verdict::Passed, "{}", line.name);
    }
    assert_eq!(report.checks.len(), checks().len());
    for record in reader.feed().await {
        assert!(record.event.exercise, "whoever reads along is not alarmed");
    }
}

#[tokio::test]
async fn with_the_usual_limits_it_waits_as_it_is_told() {
    let server = Server::builder().limits(Limits::default()).start().await;
    let report = examine(&server, &[], false).await;
    assert_eq!(report.failed(), [""; 0]);
    let none = report.not_applicable();
    assert_eq!(none, ["pack-unchanged", "pack-file", "pack-files", "wrong-codes-limited"]);
}

/// Runs the command off this thread, on which the server runs.
async fn run(args: Vec<String>) -> (bool, String, String) {
    let run = move || program().arg("conformance").args(args).output().unwrap();
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

fn args(server: &Server, codes: &[(Place, String)], more: &[&str]) -> Vec<String> {
    let mut args = vec!["--backend".to_owned(), server.url("")];
    for (place, code) in codes {
        args.extend([place.option().to_owned(), code.clone()]);
    }
    args.extend(more.iter().map(|word| (*word).to_owned()));
    args
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_prints_a_table_or_json() {
    let server = Server::start().await;
    let all = codes(&server).await;
    let (well, said, _) = run(args(&server, &all[..2], &[])).await;
    assert!(well, "{said}");
    let line =
        |name: &str| said.lines().find(|line| line.split(' ').next() == Some(name)).unwrap().to_owned();
    assert!(line("health").ends_with("  passed"));
    assert!(
        line("protected-for-security").ends_with("not applicable  there is no --security to check it with")
    );
    assert!(said.ends_with("passed, 0 failed, 8 not applicable\n"), "{said}");

    let all = codes(&server).await;
    let only = ["--only", "health,duplicate", "--json"];
    let (well, said, _) = run(args(&server, &all, &only)).await;
    assert!(well, "{said}");
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(json["checks"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&json["checks"][1]["name"], &json["checks"][1]["result"]),
        (&"duplicate".into(), &"passed".into())
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn devices_that_are_enrolled_already_take_part_by_a_file() {
    let server = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for (place, role) in [(Place::Traveller, Role::Traveller), (Place::Manager, Role::Manager)] {
        let phone = server.phone(role, "Before").await;
        phone.send(&[phone.checkin(1)]).await;
        let path = folder.path().join(role.code());
        std::fs::write(&path, serde_json::to_string(&phone.enrolled).unwrap()).unwrap();
        files.push((place, format!("@{}", path.display())));
    }
    for _ in 0..2 {
        let (well, said, _) =
            run(args(&server, &files, &["--only", "to-the-letter,enrolment,feed-order"])).await;
        assert!(well && said.contains("every device was enrolled before"), "{said}");
        assert!(said.ends_with("2 passed, 0 failed, 1 not applicable\n"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_as_it_is_said_is_told_in_a_line() {
    let server = Server::start().await;
    for (from, to, words) in [
        (Place::Manager, Place::Traveller, "the code of --traveller is for a manager"),
        (Place::Central, Place::Other, "--other belongs to the same organisation as --traveller"),
    ] {
        let mut all = codes(&server).await;
        let code = all.iter().find(|(place, _)| *place == from).unwrap().1.clone();
        all.iter_mut().find(|(place, _)| *place == to).unwrap().1 = code;
        all.retain(|(place, _)| *place != from || from == Place::Manager);
        if from == Place::Manager {
            all.iter_mut().find(|(place, _)| *place == from).unwrap().1 = server.code(Role::Manager).await;
        }
        let (well, _, said) = run(args(&server, &all, &[])).await;
        assert!(!well && said.contains(words), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    let expires = clock::now().plus_ms(60_000);
    let mut all = codes(&server).await;
    all[1].1 = server.code_for("acme", Role::Manager, &["north"], expires).await;
    let (_, _, said) = run(args(&server, &all, &[])).await;
    assert!(said.contains("--manager shares no area with --traveller"), "{said}");
    let all = codes(&server).await;
    let (_, _, said) = run(args(&server, &all, &["--only", "nonsense"])).await;
    assert!(said.contains("there is no check nonsense"), "{said}");
    let nobody = ["--backend", "http://127.0.0.1:1", "--traveller", "a", "--manager", "b"];
    let (well, _, said) = run(nobody.map(str::to_owned).to_vec()).await;
    assert!(!well && said.contains("cannot be reached"), "{said}");
}

/// The words of a page, whatever its lines.
fn words(page: &str) -> String {
    page.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_check_has_its_sentence_in_the_protocol_and_its_line_on_the_page() {
    let protocol = words(include_str!("../../../../docs/SYNC-PROTOCOL.md"));
    let page = include_str!("../../../../docs/CONFORMANCE.md");
    let (_, table) = page.split_once("## The checks").unwrap();
    let listed: Vec<_> = table.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`')).collect();
    let names: Vec<_> = listed.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, checks().iter().map(|check| check.name).collect::<Vec<_>>());
    for (check, (_, rest)) in checks().iter().zip(&listed) {
        assert!(protocol.contains(&words(check.sentence)), "{}: {}", check.name, check.sentence);
        assert!(rest.ends_with(&format!("| {} |", check.sentence)), "{}: | {} |", check.name, check.sentence);
    }
}
