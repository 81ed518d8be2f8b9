//! Sending photos: broken off, gone on with, refused.

use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;
use waymark_core::rules::Role;
use waymark_server::blobs::MAX_BLOB;
use waymark_server::limits::Rate;
use waymark_server::state::Limits;

use crate::support::{Phone, Photo, Reply, Server, roomy};

async fn start() -> (Server, Phone) {
    let server = Server::start().await;
    let phone = server.phone(Role::Reporter, "Hawa").await;
    (server, phone)
}

/// A body that begins with these bytes and never ends.
fn stalled(bytes: &[u8]) -> reqwest::Body {
    let begin = stream::iter([Ok::<_, std::io::Error>(bytes.to_vec())]);
    reqwest::Body::wrap_stream(begin.chain(stream::pending()))
}

#[tokio::test]
async fn broken_off_at_every_tenth_it_goes_on_where_it_was() {
    let (_server, phone) = start().await;
    let photo = Photo::new(1, 300_000);
    let total = photo.bytes.len();
    let mut held = 0;
    for cut in (1..10).map(|tenth| total * tenth / 10) {
        let range = format!("bytes {held}-{}/{total}", total - 1);
        let request = phone.put_blob(&photo).header("content-range", range);
        let sending = tokio::spawn(request.body(stalled(&photo.bytes[held..cut])).send());
        while phone.held(&photo).await < cut {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        sending.abort();
        assert_eq!(phone.get_blob(&photo.sha256).await.problem(404, "no_blob"), MISSING, "{cut}");
        held = phone.held(&photo).await;
        assert_eq!(held, cut, "what has arrived is kept");
    }
    let range = format!("bytes {held}-{}/{total}", total - 1);
    let reply = phone.send_part(&photo, &range, photo.bytes[held..].to_vec()).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    let receipt = reply.json();
    assert_eq!((&receipt["sha256"], &receipt["bytes"]), (&photo.sha256.clone().into(), &total.into()));
    assert_eq!(
        (&receipt["outcome"], &receipt["epoch"]),
        (&"accepted".into(), &phone.enrolled.epoch.0.clone().into())
    );

    let read = phone.get_blob(&photo.sha256).await;
    assert_eq!((read.status, read.bytes == photo.bytes), (200, true));
    for (name, value) in [
        ("content-type", "image/jpeg"),
        ("content-disposition", "inline"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("content-security-policy", "sandbox"),
    ] {
        assert_eq!(read.header(name), value);
    }
    assert_eq!((read.header("last-modified"), read.header("etag")), ("", ""), "when it came is not said");
    let asked = phone.head_blob(&photo.sha256).await;
    assert_eq!((asked.status, asked.header("content-length")), (200, "300000"));
    for again in [phone.send_whole(&photo).await, phone.send_part(&photo, "bytes */300000", "").await] {
        assert_eq!((again.status, again.json()["outcome"].as_str()), (200, Some("duplicate")));
    }
}

const MISSING: &str = "there is no such photo, or it is not for you";

#[tokio::test]
async fn parts_of_any_size_come_together() {
    let (_server, phone) = start().await;
    let photo = Photo::new(2, 2_000);
    let mut from = 0;
    for length in [1, 2, 8, 1, 1, 700, 1_287] {
        let end = from + length;
        let reply = phone
            .send_part(&photo, &format!("bytes {from}-{}/2000", end - 1), photo.bytes[from..end].to_vec())
            .await;
        assert_eq!(reply.status, if end == 2_000 { 201 } else { 202 }, "{}", reply.text);
        if end < 2_000 {
            let json = reply.json();
            assert_eq!((&json["outcome"], &json["held"]), (&"partial".into(), &end.into()), "no receipt");
        }
        from = end;
    }
    assert_eq!(phone.get_blob(&photo.sha256).await.bytes, photo.bytes);
    let part = phone.get(&format!("/blobs/{}", photo.sha256)).header("range", "bytes=1990-");
    let part = Reply::read("get", part.send().await.unwrap()).await;
    assert_eq!((part.status, &part.bytes[..]), (206, &photo.bytes[1_990..]));
    let beyond = phone.get(&format!("/blobs/{}", photo.sha256)).header("range", "bytes=2000-");
    Reply::read("get", beyond.send().await.unwrap()).await.problem(416, "wrong_range");
}

#[tokio::test]
async fn a_part_follows_what_is_held_or_is_refused_with_how_much_that_is() {
    let (_server, phone) = start().await;
    let photo = Photo::new(3, 1_000);
    let part = async |range: &str, from: usize, end: usize| {
        phone.send_part(&photo, range, photo.bytes[from..end].to_vec()).await
    };
    assert_eq!(part("bytes 0-399/1000", 0, 400).await.status, 202);
    for (range, from, end) in [
        ("bytes 0-399/1000", 0, 400),
        ("bytes 399-499/1000", 399, 500),
        ("bytes 401-499/1000", 401, 500),
        ("bytes 500-999/1000", 500, 1_000),
        ("bytes */1000", 0, 0),
    ] {
        let reply = part(range, from, end).await;
        reply.problem(409, "wrong_offset");
        assert_eq!(reply.json()["held"], 400, "{range}");
    }
    for range in [
        "bytes",
        "0-1/2",
        "bytes 4-3/1000",
        "bytes 0-1000/1000",
        "bytes a-b/c",
        "bytes 0-1/*",
        "bytes -1-2/3",
    ] {
        part(range, 0, 0).await.problem(400, "wrong_range");
    }
    part("bytes 400-499/1000", 400, 501).await.problem(400, "wrong_range");
    let unsaid =
        phone.put_blob(&photo).body(reqwest::Body::wrap_stream(stream::iter([Ok::<_, std::io::Error>("x")])));
    Reply::read("put", unsaid.send().await.unwrap()).await.problem(411, "length_required");
    for name in ["", "x", &photo.sha256.to_uppercase(), &photo.sha256[1..], "..%2f..%2fwaymark.db", "%ff"] {
        let odd = Photo { sha256: name.to_owned(), ..photo.clone() };
        if !name.is_empty() {
            phone.send_whole(&odd).await.problem(400, "not_a_digest");
            phone.get_blob(name).await.problem(404, "no_blob");
        }
    }
    assert_eq!(phone.held(&photo).await, 400, "none of these changed it");
    assert_eq!(phone.send_whole(&photo).await.status, 201, "a whole begins anew");
}

#[tokio::test]
async fn another_content_than_the_name_says_is_dropped() {
    let (_server, phone) = start().await;
    let photo = Photo::new(4, 1_000);
    let other = Photo { bytes: Photo::new(5, 1_000).bytes, ..photo.clone() };
    phone.send_whole(&other).await.problem(422, "wrong_digest");
    assert_eq!(phone.held(&photo).await, 0);
    assert_eq!(phone.send_part(&other, "bytes 0-499/1000", other.bytes[..500].to_vec()).await.status, 202);
    let rest = phone.send_part(&photo, "bytes 500-999/1000", photo.bytes[500..].to_vec()).await;
    rest.problem(422, "wrong_digest");
    assert_eq!(phone.held(&photo).await, 0);
    assert_eq!(phone.send_whole(&photo).await.status, 201);
}

#[tokio::test]
async fn what_is_no_image_is_refused() {
    let (_server, phone) = start().await;
    let page = Photo::of(b"<html><script>alert(1)</script></html>".to_vec());
    phone.send_whole(&page).await.problem(422, "not_an_image");
    phone.send_whole(&Photo::of(b"\xff\xd8\xff".to_vec())).await.problem(422, "not_an_image");
    let empty = phone.put_blob(&Photo::of(vec![])).header("content-length", 0).send().await.unwrap();
    Reply::read("put", empty).await.problem(422, "not_an_image");
    let first = phone.send_part(&page, "bytes 0-19/38", page.bytes[..20].to_vec()).await;
    first.problem(422, "not_an_image");
    assert_eq!(phone.held(&page).await, 0, "with its first part");
    for (content_type, status, code) in [
        ("image/png", 422, "not_an_image"),
        ("image/webp", 422, "not_an_image"),
        ("image/svg+xml", 415, "wrong_content_type"),
        ("text/html", 415, "wrong_content_type"),
        ("image/jpeg; x=y", 415, "wrong_content_type"),
    ] {
        let photo = Photo::new(6, 100);
        let url = format!("http://{}/api/v1/blobs/{}", phone.address, photo.sha256);
        let request = phone.client.put(url).header("content-type", content_type).body(photo.bytes);
        let request = request.bearer_auth(&phone.enrolled.token);
        Reply::read("put", request.send().await.unwrap()).await.problem(status, code);
    }
}

#[tokio::test]
async fn eight_mebibytes_are_taken_and_no_more() {
    let (_server, phone) = start().await;
    let most = usize::try_from(MAX_BLOB).unwrap();
    let too_large = Photo::new(7, most + 1);
    let reply = phone.send_whole(&too_large).await;
    reply.problem(413, "blob_too_large");
    assert_eq!(reply.json()["limit"], MAX_BLOB);
    let range = format!("bytes 0-99/{}", most + 1);
    phone.send_part(&too_large, &range, too_large.bytes[..100].to_vec()).await.problem(413, "blob_too_large");
    assert_eq!(phone.send_whole(&Photo::new(8, most)).await.status, 201);
}

#[tokio::test]
async fn a_body_that_falls_silent_is_cut_off_and_what_came_is_kept() {
    let limits = Limits { body_idle: Duration::from_millis(200), ..roomy() };
    let server = Server::builder().limits(limits).start().await;
    let phone = server.phone(Role::Reporter, "Hawa").await;
    let photo = Photo::new(9, 1_000);
    let range = "bytes 0-999/1000";
    phone.send_part(&photo, range, stalled(&photo.bytes[..300])).await.problem(408, "request_timeout");
    assert_eq!(phone.held(&photo).await, 300);
}

#[tokio::test]
async fn photos_count_against_what_a_device_may_ask() {
    let device = Rate { burst: 2, every: Duration::from_mins(1) };
    let server = Server::builder().limits(Limits { device, ..roomy() }).start().await;
    let phone = server.phone(Role::Reporter, "Hawa").await;
    let photo = Photo::new(10, 100);
    assert_eq!(phone.send_whole(&photo).await.status, 201);
    assert_eq!(phone.get_blob(&photo.sha256).await.status, 200);
    phone.send_whole(&photo).await.problem(429, "too_many_requests");
    let stranger = reqwest::Client::new().put(server.url("/api/v1/blobs/x")).body("x").send().await.unwrap();
    Reply::read("put", stranger).await.problem(401, "not_signed_in");
}
