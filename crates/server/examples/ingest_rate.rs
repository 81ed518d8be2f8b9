//! How many records a second the server takes in over HTTP, each batch synced to disk before it is acknowledged.
//!
//! `cargo run --profile release-native -p waymark-server --example ingest_rate -- DIR [batches] [records] [devices]`
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::cast_precision_loss)]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use waymark_core::backend::reference::{BATCH_TYPE, Enrolled};
use waymark_core::event::{PeopleState, Source};
use waymark_core::rules::Role;
use waymark_core::testing::build;
use waymark_server::clock;
use waymark_server::limits::Rate;
use waymark_server::notify::Notifier;
use waymark_server::notify::config::Config;
use waymark_server::secret::EnrolmentCode;
use waymark_server::state::{AppState, Limits};
use waymark_server::storage::sqlite::DataDir;
use waymark_server::storage::{NewCode, Org, Storage};

#[tokio::main]
async fn main() {
    let mut args = std::env::args().skip(1);
    let dir = PathBuf::from(args.next().expect("a directory for the database"));
    let mut number = |default: u64| args.next().map_or(default, |text| text.parse().expect("a number"));
    let (batches, size, devices) = (number(50), number(1_000), number(1));

    let dir = DataDir::new(dir);
    let storage = Arc::new(dir.create_or_open().await.unwrap());
    storage.create_org(&Org { slug: "acme".into(), name: "Acme".into() }, clock::now()).await.unwrap();
    let (_stop, stopping) = watch::channel(false);
    let rate = Rate { burst: 1_000_000, every: Duration::from_millis(1) };
    let limits = Limits { device: rate, ..Limits::default() };
    let notifier = Notifier::new(storage.clone(), Config::default());
    let state = AppState::new(storage.clone(), dir.blobs(), limits, false, notifier, stopping.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/api/v1", listener.local_addr().unwrap());
    tokio::spawn(waymark_server::serve::serve(
        listener,
        waymark_server::router::router(state, None),
        stopping,
    ));

    let mut senders = Vec::new();
    for device in 0..devices {
        let enrolled = enrol(&*storage, &base).await;
        let bodies: Vec<_> = (0..batches).map(|batch| body(&enrolled, device, batch * size, size)).collect();
        senders.push((enrolled.token, bodies));
    }
    let bytes: usize = senders.iter().flat_map(|(_, bodies)| bodies).map(String::len).sum();
    let begun = Instant::now();
    let sending: Vec<_> =
        senders.into_iter().map(|(token, bodies)| tokio::spawn(send(base.clone(), token, bodies))).collect();
    let mut times = Vec::new();
    for sending in sending {
        times.extend(sending.await.unwrap());
    }
    let seconds = begun.elapsed().as_secs_f64();
    times.sort_unstable();
    let total = batches * size * devices;
    println!(
        "{total} records ({} bytes each) in {devices} x {batches} batches of {size}: {:.0} records/s; \
         per batch: median {:?}, 95 % {:?}",
        bytes as u64 / total,
        total as f64 / seconds,
        times[times.len() / 2],
        times[times.len() * 95 / 100],
    );
    assert_eq!(storage.newest(&"acme".into()).await.unwrap() % total, 0);
}

async fn enrol(storage: &dyn Storage, base: &str) -> Enrolled {
    let code = EnrolmentCode::random().unwrap();
    let expires = clock::now().plus_ms(60_000);
    let kept = NewCode {
        hash: code.hash(),
        org: "acme".into(),
        role: Role::Traveller,
        areas: vec![],
        expires,
        device: None,
    };
    storage.add_codes(&[kept], clock::now()).await.unwrap();
    let wish = json!({"code": code.to_string(), "name": "Idriss"});
    reqwest::Client::new()
        .post(format!("{base}/enrol"))
        .json(&wish)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap()
}

fn body(enrolled: &Enrolled, device: u64, first: u64, size: u64) -> String {
    let events: Vec<Value> = (first..first + size)
        .map(|n| {
            let note = format!("check-in {n} at the bridge");
            let mut unsaved =
                build::unsaved("bench", n + (device << 32), build::checkin_body(PeopleState::Safe, &note));
            unsaved.source = Source { org: enrolled.org.clone(), device: enrolled.device.clone() };
            unsaved.author = enrolled.user.clone();
            unsaved.into_event(n).to_json()
        })
        .collect();
    Value::from(events).to_string()
}

async fn send(base: String, token: String, bodies: Vec<String>) -> Vec<Duration> {
    let client = reqwest::Client::new();
    let mut times = Vec::new();
    for body in bodies {
        let begun = Instant::now();
        let request =
            client.post(format!("{base}/records")).bearer_auth(&token).header("content-type", BATCH_TYPE);
        let answer: Value = request.body(body).send().await.unwrap().json().await.unwrap();
        times.push(begun.elapsed());
        let receipts = answer["receipts"].as_array().unwrap();
        assert!(receipts.iter().all(|receipt| receipt["outcome"] == "accepted"), "{}", receipts[0]);
    }
    times
}
