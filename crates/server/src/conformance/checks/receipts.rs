//! What a receipt says.

use std::time::Duration;

use serde_json::Value;
use tokio::time::sleep;
use waymark_core::sync::Receipt;

use super::group;
use crate::conformance::bench::Bench;
use crate::conformance::check::{Check, Outcome};
use crate::conformance::device::{bare, moment, text, with_data};
use crate::conformance::feed::is;

/// Records of a batch that is looked at receipt by receipt.
const SOME: usize = 5;

pub fn checks() -> Vec<Check> {
    group! {
        "receipts-in-order" in_order "one receipt per record, in order."
        "receipt-digests" digests "**name and digest**, that it holds it."
        "receipts-say-when" say_when "`received` is the server's clock"
        "accepted-is-held" accepted_is_held "what the caller may see after `after`"
        "duplicate" duplicate "lets the entry go"
        "duplicate-received" duplicate_received "a duplicate's own `received` says when it was first stored"
        "sent-twice-held-once" held_once "what was sent twice was received once."
        "twins-in-a-batch" twins "one receipt per record, in order."
        "conflict" conflict "the id is held with another digest, or from another device"
        "conflict-between-devices" between_devices "the id is held with another digest, or from another device"
        "conflict-keeps-the-first" keeps_the_first "the id is held with another digest, or from another device"
    }
}

fn names(receipt: &Receipt, record: &Value) -> bool {
    receipt.source == text(record, "source") && receipt.id == text(record, "id")
}

async fn in_order(bench: &Bench) -> Outcome {
    let traveller = bench.traveller()?;
    let records = traveller.checkins(SOME);
    let exchange = bench.store(traveller, &records).await?;
    let receipts = exchange.receipts()?.receipts;
    let named = receipts.iter().zip(&records).all(|(receipt, record)| names(receipt, record));
    exchange.expect(named && receipts.len() == SOME, "the receipt of each record in its place")
}

async fn digests(bench: &Bench) -> Outcome {
    let traveller = bench.traveller()?;
    let records = traveller.checkins(SOME);
    let exchange = bench.store(traveller, &records).await?;
    for record in &records {
        let receipts = exchange.receipts()?.receipts;
        let receipt = receipts.into_iter().find(|receipt| names(receipt, record));
        let digest = text(record, "digest");
        exchange.expect(
            receipt.is_some_and(|receipt| receipt.digest == digest),
            format!("the digest {digest}"),
        )?;
    }
    Ok(())
}

async fn say_when(bench: &Bench) -> Outcome {
    let traveller = bench.traveller()?;
    let before = bench.ask(&bare("GET", "/health")).await.json(&[200])?;
    let exchange = bench.store(traveller, &[traveller.checkin()]).await?;
    let after = bench.ask(&bare("GET", "/health")).await.json(&[200])?;
    let (receipts, before, after) = (exchange.receipts()?, moment(&before, "now"), moment(&after, "now"));
    // Several machines behind one address agree to the second.
    let between = before.is_some_and(|before| before <= receipts.received.plus_ms(1_000))
        && after.is_some_and(|after| receipts.received <= after.plus_ms(1_000));
    exchange.expect(between, format!("a `received` between {before:?} and {after:?}, which /health said"))
}

async fn accepted_is_held(bench: &Bench) -> Outcome {
    let (traveller, manager) = (bench.traveller()?, bench.manager()?);
    let from = bench.end(manager).await?;
    let records = traveller.checkins(SOME);
    bench.store(traveller, &records).await?;
    bench.until(manager, from, &records).await.map(drop)
}

async fn duplicate(bench: &Bench) -> Outcome {
    let traveller = bench.traveller()?;
    let records = traveller.checkins(3);
    bench.store(traveller, &records).await?;
    bench.send(traveller, &records).await.outcomes(&["duplicate"; 3]).map(drop)
}

async fn duplicate_received(bench: &Bench) -> Outcome {
    let traveller = bench.traveller()?;
    let record = [traveller.checkin()];
    let first = bench.store(traveller, &record).await?.receipts()?.received;
    // Long enough for another millisecond.
    sleep(Duration::from_millis(5)).await;
    let exchange = bench.send(traveller, &record).await;
    let again = exchange.outcomes(&["duplicate"])?;
    let said = again.receipts.first().and_then(|receipt| receipt.received);
    exchange.expect(said == Some(first), format!("`received` {first} on the receipt of the duplicate"))
}

async fn held_once(bench: &Bench) -> Outcome {
    let (traveller, manager) = (bench.traveller()?, bench.manager()?);
    let from = bench.end(manager).await?;
    let (record, after) = (traveller.checkin(), traveller.checkin());
    bench.store(traveller, std::slice::from_ref(&record)).await?;
    bench.send(traveller, std::slice::from_ref(&record)).await.receipts()?;
    bench.store(traveller, std::slice::from_ref(&after)).await?;
    let page = bench.until(manager, from, &[after]).await?;
    let times = page.records.iter().filter(|own| is(own, &record)).count();
    page.exchange.expect(times == 1, format!("the record {} once, not {times} times", text(&record, "id")))
}

async fn twins(bench: &Bench) -> Outcome {
    let traveller = bench.traveller()?;
    let record = traveller.checkin();
    let batch = [record.clone(), record, traveller.checkin()];
    bench.send(traveller, &batch).await.outcomes(&["accepted", "duplicate", "accepted"]).map(drop)
}

/// The same record with another note.
fn changed(record: &Value) -> Value {
    let mut data = record["data"].clone();
    data["note"] = "A check of the protocol: another version.".into();
    with_data(record.clone(), data)
}

async fn conflict(bench: &Bench) -> Outcome {
    let traveller = bench.traveller()?;
    let record = traveller.checkin();
    bench.store(traveller, std::slice::from_ref(&record)).await?;
    bench.send(traveller, &[changed(&record)]).await.outcomes(&["conflict"]).map(drop)
}

async fn between_devices(bench: &Bench) -> Outcome {
    let (traveller, manager) = (bench.traveller()?, bench.manager()?);
    let record = traveller.checkin();
    bench.store(traveller, std::slice::from_ref(&record)).await?;
    let mut same = manager.checkin();
    same["id"] = record["id"].clone();
    bench.send(manager, &[same]).await.outcomes(&["conflict"]).map(drop)
}

async fn keeps_the_first(bench: &Bench) -> Outcome {
    let (traveller, manager) = (bench.traveller()?, bench.manager()?);
    let from = bench.end(manager).await?;
    let record = traveller.checkin();
    bench.store(traveller, std::slice::from_ref(&record)).await?;
    bench.send(traveller, &[changed(&record)]).await.receipts()?;
    let page = bench.until(manager, from, std::slice::from_ref(&record)).await?;
    let kept = page.found(&record).is_some_and(|own| own["digest"] == record["digest"]);
    page.exchange.expect(kept, format!("the version that came first, {}", text(&record, "digest")))
}
