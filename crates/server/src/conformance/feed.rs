//! Reading a feed as it is, to the letter.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::bench::Bench;
use super::check::Miss;
use super::device::{Device, text};
use super::exchange::Exchange;

/// Pages after which a feed that says there is more is taken to have no end.
const MOST_PAGES: usize = 10_000;
/// Between two looks for a record that has not come yet.
const AGAIN: Duration = Duration::from_millis(100);

/// One page of a feed.
pub struct Page {
    pub epoch: String,
    pub records: Vec<Value>,
    pub next: u64,
    pub more: bool,
    pub exchange: Exchange,
}

impl Page {
    /// Whether a record is on it.
    pub fn has(&self, record: &Value) -> bool {
        self.found(record).is_some()
    }

    /// A record on it, by source and id.
    pub fn found(&self, record: &Value) -> Option<&Value> {
        self.records.iter().find(|own| is(own, record))
    }
}

/// Whether both are the same record, whatever they say.
pub fn is(one: &Value, other: &Value) -> bool {
    text(one, "id") == text(other, "id") && text(one, "source") == text(other, "source")
}

impl Bench {
    /// One page.
    pub async fn page(&self, device: &Device, after: u64, limit: usize) -> Result<Page, Miss> {
        let exchange = self.ask(&device.request("GET", &format!("/feed?after={after}&limit={limit}"))).await;
        let body = exchange.json(&[200])?;
        let page = (|| {
            let epoch = body["epoch"].as_str()?.to_owned();
            let (next, more) = (body["next"].as_u64()?, body["more"].as_bool()?);
            Some((epoch, body["records"].as_array()?.clone(), next, more))
        })();
        let expected = "`epoch`, `records`, `next` and `more`";
        let (epoch, records, next, more) = page.ok_or_else(|| exchange.miss(expected))?;
        exchange.expect(next >= after && !(more && next == after), "a `next` that goes on")?;
        Ok(Page { epoch, records, next, more, exchange })
    }

    /// All that comes after a place, as one page: the last one, with all records.
    pub async fn rest(&self, device: &Device, after: u64, limit: usize) -> Result<Page, Miss> {
        let mut page = self.page(device, after, limit).await?;
        let mut records = std::mem::take(&mut page.records);
        for _ in 0..MOST_PAGES {
            if !page.more {
                page.records = records;
                return Ok(page);
            }
            page = self.page(device, page.next, limit).await?;
            records.append(&mut page.records);
        }
        Err(page.exchange.miss("an end of the feed"))
    }

    /// Where a device's feed ends now.
    pub async fn end(&self, device: &Device) -> Result<u64, Miss> {
        let read = device.read.load(Ordering::Relaxed);
        let end = self.rest(device, read, 1_000).await?.next;
        device.read.store(end, Ordering::Relaxed);
        Ok(end)
    }

    /// All after a place, once these records are there.
    pub async fn until(&self, device: &Device, after: u64, records: &[Value]) -> Result<Page, Miss> {
        let give_up = Instant::now() + self.patience;
        loop {
            let page = self.rest(device, after, 1_000).await?;
            let Some(missing) = records.iter().find(|record| !page.has(record)) else { return Ok(page) };
            if Instant::now() >= give_up {
                let (id, place) = (text(missing, "id"), device.session.role.code());
                return Err(page.exchange.miss(format!("the record {id} in the feed of the {place}")));
            }
            sleep(AGAIN).await;
        }
    }
}
