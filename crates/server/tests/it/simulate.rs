//! `simulate`: phones that lose signal and answers, against a server in this process.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::time::Duration;

use waymark_core::event::Body;
use waymark_core::rules::Role;
use waymark_server::clock;

use crate::process::{program, run_badly};
use crate::support::Server;

/// Runs it off this thread, on which the server runs.
async fn simulate(args: Vec<String>) -> std::process::Output {
    let run = move || program().arg("simulate").args(args).output().unwrap();
    tokio::task::spawn_blocking(run).await.unwrap()
}

fn args(server: &Server, more: &[&str]) -> Vec<String> {
    let url = server.url("");
    let words = ["--url", &url, "--speed", "3600"];
    words.iter().chain(more).map(|word| (*word).to_owned()).collect()
}

/// The numbers of the summary: made, sent, acknowledged, refused, lost.
fn summary(output: &str) -> Vec<usize> {
    let line = output.lines().find(|line| line.starts_with("made ")).unwrap_or_else(|| panic!("{output}"));
    line.split(", ").map(|part| part.split(' ').nth(1).unwrap().parse().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_and_each_device_keeps_its_order() {
    let server = Server::start().await;
    let mut codes = Vec::new();
    for _ in 0..5 {
        codes.push(server.code(Role::Traveller).await);
    }
    let codes = codes.join(",");
    let more = ["--code", &codes, "--convoys", "2", "--hours", "6", "--loss", "0.5"];
    let output = simulate(args(&server, &more)).await;
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let [made, sent, acknowledged, refused, lost] = summary(&said)[..] else { panic!("{said}") };
    assert!(made > 20 && sent > made, "answers were lost: {said}");
    assert_eq!((acknowledged, refused, lost), (made, 0, 0));
    for words in ["has no signal", "did not get the answer", "movement.planned", "checkin delayed"] {
        assert!(said.contains(words), "{words} is not in {said}");
    }

    let feed = server.phone(Role::Central, "Reader").await.feed().await;
    assert_eq!(feed.len(), made, "each once");
    let (mut counters, mut kinds) = (BTreeMap::new(), BTreeMap::new());
    for record in &feed {
        let counter = counters.entry(record.event.source.clone()).or_insert(0);
        *counter += 1;
        assert_eq!(record.event.devseq, *counter, "in the device's order");
        assert!(record.event.exercise);
        let arrival = record.arrival.as_ref().unwrap();
        assert!(arrival.happened <= arrival.received.plus_ms(1_000), "not in the server's future");
        let body = record.event.body().unwrap();
        let word = match &body {
            Body::CheckinMade(made) => made.checkin.code().to_owned(),
            other => other.kind().code().to_owned(),
        };
        *kinds.entry(word).or_insert(0) += 1;
    }
    assert_eq!(counters.len(), 5);
    assert_eq!((kinds["movement.planned"], kinds["movement.closed"], kinds["departed"]), (2, 2, 2));
    assert_eq!(kinds["arrived"], 5, "each vehicle: {kinds:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_makes_its_own_codes_where_the_data_is() {
    let server = Server::start().await;
    let data = server.data.path().to_str().unwrap();
    let more = ["--data", data, "--convoys", "1", "--hours", "1", "--loss", "0", "--late", "0"];
    let output = simulate(args(&server, &more)).await;
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let [made, sent, ..] = summary(&said)[..] else { panic!("{said}") };
    assert_eq!(made, sent, "without losses nothing goes twice");
    assert_eq!(server.phone(Role::Central, "Reader").await.feed().await.len(), made);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_that_does_not_work_is_said() {
    let server = Server::start().await;
    let good = server.code(Role::Traveller).await;
    let codes = format!("{good},0000-0000-0000");
    let output = simulate(args(&server, &["--code", &codes, "--convoys", "1"])).await;
    let words = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(words.trim_end().lines().count(), 1, "{words}");
    assert!(words.contains("code 2 of 2 does not work"), "{words}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_that_never_arrive_are_counted_and_the_end_is_bad() {
    let server = Server::start().await;
    let code = server.code(Role::Traveller).await;
    let more = ["--code", &code, "--convoys", "1", "--hours", "1", "--loss", "0", "--late", "0"];
    let running = tokio::spawn(simulate(args(&server, &more)));
    let device = loop {
        if let Some(device) = server.storage.devices().await.unwrap().pop() {
            break device.id;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    };
    assert!(server.storage.revoke(&device, clock::now()).await.unwrap());
    let output = running.await.unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(summary(&said)[4] > 0, "{said}");
    assert!(words.contains(" records were lost and 0 refused"), "{words}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_with_a_phone_of_their_own_rides_along() {
    let server = Server::start().await;
    let amina = server.phone(Role::Traveller, "Amina").await;
    let codes = [server.code(Role::Traveller).await, server.code(Role::Traveller).await].join(",");
    let more = ["--code", &codes, "--convoys", "2", "--hours", "1", "--late", "0", "--passenger", "Amina"];
    let output = simulate(args(&server, &more)).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let plans = amina.feed().await.into_iter().filter_map(|record| match record.event.body() {
        Ok(Body::MovementPlanned(body)) => Some(body.plan),
        _ => None,
    });
    let plans: Vec<_> = plans.collect();
    let [plan] = plans.as_slice() else { panic!("the first convoy alone: {plans:?}") };
    assert_eq!((plan.vehicles[0].people[1].name.as_str(), plan.headcount), ("Amina", 2));

    let code = server.code(Role::Traveller).await;
    let output = simulate(args(&server, &["--code", &code, "--convoys", "1", "--passenger", "Nobody"])).await;
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("nobody in this organisation is known as Nobody"), "{words}");
}

#[test]
fn what_cannot_begin_says_why_in_one_sentence() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{free}");
    let few = run_badly(&["simulate", "--url", &url, "--code", "0000-0000-0000"]);
    assert!(few.contains("3 convoys need at least as many codes: there are 1"), "{few}");
    let args = ["simulate", "--url", &url, "--code", "0000-0000-0000", "--convoys", "1"];
    let words = run_badly(&args);
    assert!(words.contains("cannot be reached: it cannot be connected to"), "{words}");
}
