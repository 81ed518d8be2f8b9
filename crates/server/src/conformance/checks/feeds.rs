//! Reading on from a place.

use serde_json::Value;

use super::group;
use crate::conformance::bench::Bench;
use crate::conformance::check::{Check, Miss, Outcome};
use crate::conformance::device::{bare, moment, text};
use crate::conformance::feed::is;

/// Records that are read in several ways.
const SOME: usize = 7;

pub fn checks() -> Vec<Check> {
    group! {
        "feed-members" members "In feeds the server adds `seq`, `received` (its clock), `happened` (`time` corrected by the device's offset) and `authorname`."
        "feed-order" order "Records come in the order of `seq`, which is the order in which they were taken"
        "feed-pages" pages "pages join without gap or overlap."
        "feed-limit" limit "A page ends after `limit` records or 512 KiB."
        "feed-after" after "what the caller may see after `after`"
        "feed-other-epoch" other_epoch "Another `epoch` → 409 with the new one."
        "feed-not-own" not_own "without what the calling device wrote itself."
        "one-epoch" one_epoch "Names one life of the backend's database"
        "directory" directory "whom a plan can name"
    }
}

/// Records of the traveller, and from where on the manager finds them.
async fn written(bench: &Bench) -> Result<(u64, Vec<Value>), Miss> {
    let (traveller, manager) = (bench.traveller()?, bench.manager()?);
    let from = bench.end(manager).await?;
    let records = traveller.checkins(SOME);
    for record in &records {
        bench.store(traveller, std::slice::from_ref(record)).await?;
    }
    bench.until(manager, from, &records).await?;
    Ok((from, records))
}

/// Those of a feed that are among these, by id.
fn those<'a>(feed: &'a [Value], records: &'a [Value]) -> impl Iterator<Item = &'a Value> {
    feed.iter().filter(|own| records.iter().any(|record| is(own, record)))
}

fn seq(record: &Value) -> u64 {
    record["seq"].as_u64().unwrap_or_default()
}

async fn members(bench: &Bench) -> Outcome {
    let (from, records) = written(bench).await?;
    let page = bench.rest(bench.manager()?, from, 1_000).await?;
    for record in those(&page.records, &records) {
        let times = ["received", "happened"].iter().all(|name| moment(record, name).is_some());
        let named = text(record, "authorname") == bench.traveller()?.session.name;
        let whole = times && named && seq(record) > 0;
        page.exchange.expect(whole, "`seq`, `received`, `happened` and `authorname` as it was enrolled")?;
    }
    Ok(())
}

async fn order(bench: &Bench) -> Outcome {
    let (from, records) = written(bench).await?;
    let page = bench.rest(bench.manager()?, from, 1_000).await?;
    let rising = page.records.windows(2).all(|pair| seq(&pair[0]) < seq(&pair[1]));
    page.exchange.expect(rising, "a `seq` that rises from record to record")?;
    let taken = those(&page.records, &records)
        .map(|own| text(own, "id"))
        .eq(records.iter().map(|own| text(own, "id")));
    page.exchange.expect(taken, "records in the order in which they were sent")
}

async fn pages(bench: &Bench) -> Outcome {
    let (from, records) = written(bench).await?;
    for limit in [1, 2, 3] {
        let page = bench.rest(bench.manager()?, from, limit).await?;
        let ids = those(&page.records, &records).map(|own| text(own, "id"));
        let whole = ids.eq(records.iter().map(|own| text(own, "id")));
        page.exchange.expect(whole, format!("{SOME} records in pages of {limit}, each once and in order"))?;
    }
    Ok(())
}

async fn limit(bench: &Bench) -> Outcome {
    let (from, _) = written(bench).await?;
    for limit in [1, 3] {
        let page = bench.page(bench.manager()?, from, limit).await?;
        page.exchange.expect(page.records.len() <= limit, format!("at most {limit} records"))?;
    }
    Ok(())
}

async fn after(bench: &Bench) -> Outcome {
    let (from, records) = written(bench).await?;
    let manager = bench.manager()?;
    let page = bench.rest(manager, from, 1_000).await?;
    let third = page.found(&records[2]).map(seq).unwrap_or_default();
    let page = bench.rest(manager, third, 1_000).await?;
    let later = those(&page.records, &records).map(|own| text(own, "id"));
    let same = later.eq(records[3..].iter().map(|own| text(own, "id")));
    page.exchange.expect(same, format!("only what comes after {third}"))
}

async fn other_epoch(bench: &Bench) -> Outcome {
    let manager = bench.manager()?;
    let health = bench.ask(&bare("GET", "/health")).await.json(&[200])?;
    let exchange = bench.ask(&manager.request("GET", "/feed?after=0&epoch=conformance")).await;
    let problem = exchange.problem(&[409])?;
    exchange.expect(problem["epoch"] == health["epoch"], format!("`epoch` {}", health["epoch"]))?;
    let own = format!("/feed?after=0&limit=1&epoch={}", text(&health, "epoch"));
    bench.ask(&manager.request("GET", &own)).await.json(&[200]).map(drop)
}

async fn not_own(bench: &Bench) -> Outcome {
    let (traveller, manager) = (bench.traveller()?, bench.manager()?);
    let from = bench.end(manager).await?;
    let (own, other) = (manager.checkin(), traveller.checkin());
    bench.store(manager, std::slice::from_ref(&own)).await?;
    bench.store(traveller, std::slice::from_ref(&other)).await?;
    let page = bench.until(manager, from, &[other]).await?;
    page.exchange.expect(!page.has(&own), format!("no record {}, which this device wrote", text(&own, "id")))
}

async fn one_epoch(bench: &Bench) -> Outcome {
    let (traveller, manager) = (bench.traveller()?, bench.manager()?);
    let health = bench.ask(&bare("GET", "/health")).await.json(&[200])?;
    let epoch = text(&health, "epoch");
    let exchange = bench.store(traveller, &[traveller.checkin()]).await?;
    exchange.expect(exchange.receipts()?.epoch.0 == epoch, format!("`epoch` {epoch}, as /health says"))?;
    let page = bench.page(manager, 0, 1).await?;
    page.exchange.expect(page.epoch == epoch, format!("`epoch` {epoch}, as /health says"))
}

async fn directory(bench: &Bench) -> Outcome {
    let (traveller, manager) = (bench.traveller()?, bench.manager()?);
    let exchange = bench.ask(&traveller.request("GET", "/directory")).await;
    let body = exchange.json(&[200])?;
    let people = body["people"].as_array().cloned().unwrap_or_default();
    let (user, name) = (&manager.session.user.0, &manager.session.name);
    let found = people.iter().any(|person| text(person, "user") == user && text(person, "name") == name);
    exchange
        .expect(found && body["levels"].is_object(), format!("{name} ({user}) among `people`, and `levels`"))
}
