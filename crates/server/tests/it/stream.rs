//! Being told that the feed grows.

use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::Response;
use serde_json::Value;
use waymark_core::rules::Role;
use waymark_server::clock;
use waymark_server::state::Limits;

use crate::support::{Phone, Server, roomy};

struct Stream {
    chunks: futures_util::stream::BoxStream<'static, reqwest::Result<Vec<u8>>>,
    text: String,
}

impl Stream {
    async fn open(phone: &Phone) -> Self {
        let response: Response = phone.get("/stream").send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        let chunks = response.bytes_stream().map(|chunk| chunk.map(|bytes| bytes.to_vec())).boxed();
        Self { chunks, text: String::new() }
    }

    /// The next block; `None` at the end.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let block = block.to_owned();
                self.text = rest.to_string();
                return Some(block);
            }
            let next = tokio::time::timeout(Duration::from_secs(10), self.chunks.next());
            let chunk = next.await.expect("a sign of life in time")?.ok()?;
            self.text += std::str::from_utf8(&chunk).unwrap();
        }
    }

    async fn seq(&mut self) -> u64 {
        loop {
            let block = self.block().await.expect("an event");
            if let Some(data) = block.strip_prefix("event: seq\ndata: ") {
                let data: Value = serde_json::from_str(data).unwrap();
                assert!(data["epoch"].is_string());
                return data["seq"].as_u64().unwrap();
            }
        }
    }
}

#[tokio::test]
async fn the_newest_place_is_told_at_once_and_when_it_rises() {
    let server = Server::start().await;
    let driver = server.phone(Role::Traveller, "Idriss").await;
    driver.send(&[driver.checkin(1), driver.checkin(2)]).await;
    let mut stream = Stream::open(&driver).await;
    assert_eq!(stream.seq().await, 2);
    driver.send(&[driver.checkin(3)]).await;
    assert_eq!(stream.seq().await, 3);
    for n in 4..=30 {
        driver.send(&[driver.checkin(n)]).await;
    }
    let (mut last, mut events) = (3, 0);
    while last < 30 {
        let seq = stream.seq().await;
        assert!(seq > last);
        (last, events) = (seq, events + 1);
    }
    assert!(events < 27, "what comes close together is told at once");
}

#[tokio::test]
async fn other_organisations_are_not_heard() {
    let server = Server::start().await;
    let here = server.phone(Role::Central, "Here").await;
    let stranger = server.phone_in("other", Role::Central, &[], "Stranger").await;
    let mut stream = Stream::open(&here).await;
    assert_eq!(stream.seq().await, 0);
    stranger.send(&[stranger.checkin(1)]).await;
    here.send(&[here.checkin(1), here.checkin(2)]).await;
    assert_eq!(stream.seq().await, 2);
}

#[tokio::test]
async fn it_shows_life_and_ends_when_the_device_is_shut_out() {
    let limits = Limits { heartbeat: Duration::from_millis(100), ..roomy() };
    let server = Server::builder().limits(limits).start().await;
    let driver = server.phone(Role::Traveller, "Idriss").await;
    let mut stream = Stream::open(&driver).await;
    assert_eq!(stream.seq().await, 0);
    assert!(stream.block().await.unwrap().starts_with(':'));
    server.storage.revoke(&driver.enrolled.device, clock::now()).await.unwrap();
    while let Some(block) = stream.block().await {
        assert!(block.starts_with(':'), "{block}");
    }
}

#[tokio::test]
async fn it_ends_when_the_server_stops() {
    let server = Server::start().await;
    let driver = server.phone(Role::Traveller, "Idriss").await;
    let mut stream = Stream::open(&driver).await;
    assert_eq!(stream.seq().await, 0);
    server.tell_to_stop();
    assert_eq!(stream.block().await, None);
    tokio::time::timeout(Duration::from_secs(5), server.stop()).await.expect("a prompt stop");
}
