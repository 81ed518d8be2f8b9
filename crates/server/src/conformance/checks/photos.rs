//! Photos, whole and in parts.

use serde_json::json;
use waymark_core::backend::Payload;
use waymark_core::event::Digest;

use super::group;
use crate::conformance::bench::Bench;
use crate::conformance::check::{Check, Miss, Outcome};
use crate::conformance::device::{carrying, with, with_data};
use crate::conformance::exchange::Exchange;
use crate::conformance::place::Place;
use crate::secret;

/// The bytes of a photo that is made up.
const BYTES: usize = 2_000;
const HALF: usize = BYTES / 2;
/// The most that a photo may have.
const MOST: u64 = 8 << 20;

pub fn checks() -> Vec<Check> {
    group! {
        "photo-taken" taken "lets the photo go: it is on the server's disk, checked"
        "photo-returned" returned "`GET` gives the photo to whoever sent it"
        "photo-again" again "lets the photo go: it is on the server's disk, checked"
        "photo-part" part "goes on from `held`; this is no receipt"
        "photo-held" held "else 404 with `waymark-held: n`, the bytes held of what **this device** has begun to send"
        "photo-resumed" resumed "Every byte that arrived is held"
        "photo-wrong-offset" wrong_offset "the server must hold exactly A so far"
        "photo-wrong-digest" wrong_digest "what was held is dropped: begins again, once"
        "photo-not-an-image" not_an_image "JPEG, PNG or WebP, which the first bytes must show, and at most 8 MiB."
        "photo-too-large" too_large "JPEG, PNG or WebP, which the first bytes must show, and at most 8 MiB."
        "photo-range" range "`Range` works."
        "photo-for-readers" for_readers "to whoever may see a record of the organisation that names it in `photos` and whose author sent it"
        "photo-not-for-others" not_for_others "to all others 404 `no_blob`, as for one that is not there."
        "photo-not-told" not_told "somebody else has sent it is not told, and the digest alone opens nothing."
    }
}

/// Bytes that begin like a JPEG, sent by the traveller.
struct Photo<'a> {
    bench: &'a Bench,
    bytes: Vec<u8>,
    sha256: String,
}

impl<'a> Photo<'a> {
    fn new(bench: &'a Bench) -> Result<Self, Miss> {
        let noise: [u8; 32] = secret::random().map_err(|none| Miss::not_applicable(none.to_string()))?;
        let bytes: Vec<u8> = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01"
            .iter()
            .chain(noise.iter().cycle())
            .copied()
            .take(BYTES)
            .collect();
        Ok(Self { bench, sha256: Digest::of_bytes(&bytes).to_string(), bytes })
    }

    async fn put(&self, range: Option<String>, body: &[u8]) -> Result<Exchange, Miss> {
        self.put_as(Place::Traveller, range, body).await
    }

    async fn put_as(&self, place: Place, range: Option<String>, body: &[u8]) -> Result<Exchange, Miss> {
        let request = self.bench.device(place)?.request("PUT", &format!("/blobs/{}", self.sha256));
        let mut request = with(request, "content-type", "image/jpeg");
        if let Some(range) = range {
            request = with(request, "content-range", range);
        }
        Ok(self.bench.ask(&carrying(request, Payload::Bytes(body.to_vec()))).await)
    }

    async fn first_half(&self) -> Result<Exchange, Miss> {
        self.put(Some(format!("bytes 0-{}/{BYTES}", HALF - 1)), &self.bytes[..HALF]).await
    }

    async fn second_half(&self) -> Result<Exchange, Miss> {
        self.put(Some(format!("bytes {HALF}-{}/{BYTES}", BYTES - 1)), &self.bytes[HALF..]).await
    }

    async fn ask(&self, method: &'static str, place: Place) -> Result<Exchange, Miss> {
        let request = self.bench.device(place)?.request(method, &format!("/blobs/{}", self.sha256));
        Ok(self.bench.ask(&request).await)
    }

    fn receipt(&self, exchange: &Exchange, statuses: &[u16], outcome: &str) -> Outcome {
        let receipt = exchange.json(statuses)?;
        let named =
            receipt["sha256"] == self.sha256 && receipt["bytes"] == BYTES && receipt["epoch"].is_string();
        exchange.expect(
            named && receipt["outcome"] == outcome,
            format!("`epoch`, `sha256`, `bytes` {BYTES} and the outcome {outcome}"),
        )
    }
}

async fn taken(bench: &Bench) -> Outcome {
    let photo = Photo::new(bench)?;
    let exchange = photo.put(None, &photo.bytes).await?;
    photo.receipt(&exchange, &[201, 200], "accepted")
}

async fn returned(bench: &Bench) -> Outcome {
    let photo = Photo::new(bench)?;
    photo.put(None, &photo.bytes).await?.answer(&[201, 200])?;
    let exchange = photo.ask("GET", Place::Traveller).await?;
    let same = exchange.answer(&[200])?.body == photo.bytes;
    exchange.expect(same, format!("the {BYTES} bytes that were sent"))?;
    exchange.expect(exchange.header("content-type") == "image/jpeg", "`content-type` image/jpeg")
}

async fn again(bench: &Bench) -> Outcome {
    let photo = Photo::new(bench)?;
    photo.put(None, &photo.bytes).await?.answer(&[201, 200])?;
    let whole = photo.put(None, &photo.bytes).await?;
    photo.receipt(&whole, &[200, 201], "duplicate")?;
    let asked = photo.put(Some(format!("bytes */{BYTES}")), &[]).await?;
    photo.receipt(&asked, &[200, 201], "duplicate")
}

async fn part(bench: &Bench) -> Outcome {
    let exchange = Photo::new(bench)?.first_half().await?;
    let body = exchange.json(&[202])?;
    exchange.expect(
        body["held"] == HALF && body["outcome"] == "partial",
        format!("`held` {HALF} and the outcome partial"),
    )
}

async fn held(bench: &Bench) -> Outcome {
    let photo = Photo::new(bench)?;
    photo.first_half().await?.answer(&[202])?;
    for (place, bytes) in [(Place::Traveller, HALF), (Place::Manager, 0)] {
        let exchange = photo.ask("HEAD", place).await?;
        exchange.answer(&[404])?;
        let said = exchange.header("waymark-held") == bytes.to_string();
        exchange.expect(said, format!("`waymark-held` {bytes} for {}", place.option()))?;
    }
    Ok(())
}

async fn resumed(bench: &Bench) -> Outcome {
    let photo = Photo::new(bench)?;
    photo.first_half().await?.answer(&[202])?;
    let exchange = photo.second_half().await?;
    photo.receipt(&exchange, &[201, 200], "accepted")?;
    let read = photo.ask("GET", Place::Traveller).await?;
    let same = read.answer(&[200])?.body == photo.bytes;
    read.expect(same, "both halves, one after the other")
}

async fn wrong_offset(bench: &Bench) -> Outcome {
    let photo = Photo::new(bench)?;
    let early = photo.second_half().await?;
    early.expect(early.problem(&[409])?["held"] == 0, "`held` 0")?;
    photo.first_half().await?.answer(&[202])?;
    let twice = photo.first_half().await?;
    twice.expect(twice.problem(&[409])?["held"] == HALF, format!("`held` {HALF}"))
}

async fn wrong_digest(bench: &Bench) -> Outcome {
    let photo = Photo::new(bench)?;
    let other = Photo::new(bench)?;
    photo.put(None, &other.bytes).await?.problem(&[422])?;
    let exchange = photo.ask("HEAD", Place::Traveller).await?;
    exchange.answer(&[404])?;
    exchange.expect(exchange.header("waymark-held") == "0", "`waymark-held` 0")
}

async fn not_an_image(bench: &Bench) -> Outcome {
    let bytes = b"<html>A check of the protocol</html>".to_vec();
    let photo = Photo { bench, sha256: Digest::of_bytes(&bytes).to_string(), bytes };
    photo.put(None, &photo.bytes).await?.problem(&[422]).map(drop)
}

async fn too_large(bench: &Bench) -> Outcome {
    let photo = Photo::new(bench)?;
    let exchange =
        photo.put(Some(format!("bytes 0-{}/{}", HALF - 1, MOST + 1)), &photo.bytes[..HALF]).await?;
    let problem = exchange.problem(&[413])?;
    exchange.expect(problem["limit"] == MOST, format!("`limit` {MOST}"))
}

async fn range(bench: &Bench) -> Outcome {
    let photo = Photo::new(bench)?;
    photo.put(None, &photo.bytes).await?.answer(&[201, 200])?;
    let request = bench.traveller()?.request("GET", &format!("/blobs/{}", photo.sha256));
    let exchange = bench.ask(&with(request, "range", format!("bytes={HALF}-"))).await;
    let same = exchange.answer(&[206])?.body == photo.bytes[HALF..];
    exchange.expect(same, format!("the bytes from {HALF} on"))
}

async fn for_readers(bench: &Bench) -> Outcome {
    let (traveller, photo) = (bench.traveller()?, Photo::new(bench)?);
    photo.put(None, &photo.bytes).await?.answer(&[201, 200])?;
    let named =
        json!({"sha256": photo.sha256, "media_type": "image/jpeg", "bytes": BYTES, "width": 4, "height": 3});
    let data = json!({"area": "A check of the protocol", "note": "Nobody said this.", "photos": [named]});
    let mut record = with_data(traveller.checkin(), data);
    record["type"] = "org.waymark.acceptance.observed.v1".into();
    bench.store(traveller, &[record]).await?;
    let exchange = photo.ask("GET", Place::Manager).await?;
    let same = exchange.answer(&[200])?.body == photo.bytes;
    exchange.expect(same, format!("the {BYTES} bytes that were sent"))
}

async fn not_for_others(bench: &Bench) -> Outcome {
    let photo = Photo::new(bench)?;
    photo.put(None, &photo.bytes).await?.answer(&[201, 200])?;
    let hidden = photo.ask("GET", Place::Manager).await?;
    let answer = hidden.problem(&[404])?;
    let missing = Photo::new(bench)?.ask("GET", Place::Manager).await?.problem(&[404])?;
    hidden.expect(answer == missing, format!("what is said of a photo that is not there: {missing}"))
}

async fn not_told(bench: &Bench) -> Outcome {
    let photo = Photo::new(bench)?;
    photo.put(None, &photo.bytes).await?.answer(&[201, 200])?;
    // Whoever shows no bytes is not told that somebody else has sent them.
    let asked = photo.put_as(Place::Manager, Some(format!("bytes */{BYTES}")), &[]).await?;
    asked.expect(asked.problem(&[409])?["held"] == 0, "`held` 0")
}
