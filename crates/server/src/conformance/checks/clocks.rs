//! Phones whose clock is wrong.

use serde_json::Value;

use super::group;
use crate::clock;
use crate::conformance::bench::{Bench, batch};
use crate::conformance::check::{Check, Miss, Outcome};
use crate::conformance::device::{bare, moment, text};
use crate::conformance::feed::Page;

const HOUR: i64 = 3_600_000;
/// What may lie between sending and arriving.
const ON_THE_WAY: i64 = 60_000;

pub fn checks() -> Vec<Check> {
    group! {
        "clock-header" clock_header "`waymark-clock: <sender's ms since 1970>`"
        "clockoffset" clockoffset "milliseconds to add to the device's clock to get the server's, as last measured before writing"
    }
}

/// Sends a record from a device whose clock is an hour behind; how far `happened` is from its `time` then.
async fn corrected(bench: &Bench, mut record: Value, sent_by: i64) -> Result<(i64, Page), Miss> {
    let (traveller, manager) = (bench.traveller()?, bench.manager()?);
    let from = bench.end(manager).await?;
    let wrote = clock::now().plus_ms(-HOUR);
    record["time"] = wrote.to_string().into();
    record["recorded"] = wrote.to_string().into();
    let body = Value::from(vec![record.clone()]).to_string();
    bench.ask(&batch(traveller, body, clock::now().plus_ms(sent_by))).await.outcomes(&["accepted"])?;
    let page = bench.until(manager, from, std::slice::from_ref(&record)).await?;
    let happened = page.found(&record).and_then(|own| moment(own, "happened"));
    let expected = || format!("`happened` of {}", text(&record, "id"));
    let by = happened.ok_or_else(|| page.exchange.miss(expected()))?.ms_since(wrote);
    Ok((by, page))
}

async fn clock_header(bench: &Bench) -> Outcome {
    // The server's own clock may differ from ours too: what this device's was off by is an hour more.
    let (by, page) = corrected(bench, bench.traveller()?.checkin(), -HOUR).await?;
    let health = bench.ask(&bare("GET", "/health")).await.json(&[200])?;
    let ours = moment(&health, "now").map_or(0, |now| now.ms_since(clock::now()));
    let right = (by - HOUR - ours).abs() < ON_THE_WAY;
    page.exchange.expect(right, format!("`happened` some {} ms after `time`, not {by}", HOUR + ours))
}

async fn clockoffset(bench: &Bench) -> Outcome {
    let mut record = bench.traveller()?.checkin();
    record["clockoffset"] = (HOUR / 2).into();
    // What was measured before writing counts, whatever is measured on sending.
    let (by, page) = corrected(bench, record, -HOUR).await?;
    page.exchange.expect(by == HOUR / 2, format!("`happened` {} ms after `time`, not {by}", HOUR / 2))
}
