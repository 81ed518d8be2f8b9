//! What travels by hand: parcels of others to the letter, and receipts on their way back.

mod rows;

use indexed_db_futures::database::Database;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::Transaction;
use waymark_core::carry::{
    CarriedParcel, CarryKeys, CarryStore, KEEP_RETURNS_MS, KnownKey, Parcel, Returned, SignedReceipts,
    SignedText, Taken, Taking, Voucher, may_show, record_of, settled, travels,
};
use waymark_core::event::{About, Digest, Event, Stamp, UserId};
use waymark_core::guidance::Key;
use waymark_core::json::Json;
use waymark_core::sync::{StoreError, To};

use super::js::{Bytes, counter, of_counter};
use super::migrations::{BY_DEVSEQ, CARRIED, CHAIN, EVENTS, META, OUTBOX, PARCELS, REFUSED, RETURNED};
use super::outbox::all;
use super::rows::{EventRow, OutboxRow, RefusedRow, part_of, text, waits};
use super::save::store;
use super::small::{DEVSEQ, read_meta};
use super::transaction::{commit, reading, writing};
use super::{IdbStore, chain, error, movements, vault, waiting};
use rows::{LineRow, ParcelRow, ReturnedRow};

/// In `META`.
const KEYS: &str = "carry";
/// How many of the own records that have left are looked through for answers.
const LOOKED_THROUGH: u64 = 400;

impl CarryStore for IdbStore {
    async fn carry_keys(&self) -> Result<CarryKeys, StoreError> {
        self.handle
            .run(async |db| {
                let transaction = reading(db, &[META])?;
                read_keys(&store(&transaction, META)?).await
            })
            .await
    }

    async fn signing_secret(&self, fresh: &str) -> Result<String, StoreError> {
        let keep = |keys: &mut CarryKeys| {
            keys.secret.get_or_insert_with(|| fresh.to_owned());
        };
        let keys = self.handle.run(async |db| change_keys(db, keep).await).await?;
        keys.secret.ok_or(StoreError::Closed)
    }

    async fn certify(&self, server: &Key, certificate: &SignedText) -> Result<(), StoreError> {
        let keep = |keys: &mut CarryKeys| {
            keys.server = Some(*server);
            keys.certificate = Some(certificate.clone());
        };
        self.handle.run(async |db| change_keys(db, keep).await.map(|_| ())).await
    }

    async fn own_to_carry(&self, since: Stamp) -> Result<Vec<Event>, StoreError> {
        self.handle.run(async |db| own_to_carry(db, since).await).await
    }

    async fn take_in(&self, taking: &Taking) -> Result<Taken, StoreError> {
        self.handle.run(async |db| take_in(db, taking).await).await
    }

    async fn carried(&self) -> Result<Vec<CarriedParcel>, StoreError> {
        self.handle.run(async |db| carried(db).await).await
    }

    async fn returned(&self) -> Result<Vec<Returned>, StoreError> {
        self.handle.run(async |db| returned(db).await).await
    }

    async fn settle_carried(
        &self,
        receipts: &[SignedReceipts],
        troubles: &[(Digest, String)],
        at: Stamp,
    ) -> Result<(), StoreError> {
        self.handle.run(async |db| settle(db, receipts, troubles, at).await).await
    }
}

async fn read_keys(meta: &ObjectStore<'_>) -> Result<CarryKeys, StoreError> {
    let row: Option<Bytes> =
        meta.get(KEYS.to_owned()).primitive().map_err(error::of)?.await.map_err(error::of)?;
    let Some(row) = row else { return Ok(CarryKeys::default()) };
    let json = serde_json::from_str(&vault::open(row.0)?).ok();
    json.and_then(|json| CarryKeys::from_value(&json).ok())
        .ok_or_else(|| StoreError::Failed("the keys of this phone cannot be read".to_owned()))
}

fn put_keys(meta: &ObjectStore<'_>, keys: &CarryKeys) -> Result<(), StoreError> {
    let row = Bytes(vault::seal(&keys.to_value().to_string()));
    meta.put(row).with_key(KEYS.to_owned()).primitive().map_err(error::of)?;
    Ok(())
}

async fn change_keys(db: &Database, change: impl Fn(&mut CarryKeys)) -> Result<CarryKeys, StoreError> {
    let transaction = writing(db, &[META])?;
    let meta = store(&transaction, META)?;
    let mut keys = read_keys(&meta).await?;
    change(&mut keys);
    put_keys(&meta, &keys)?;
    drop(meta);
    commit(transaction).await?;
    Ok(keys)
}

async fn own_to_carry(db: &Database, since: Stamp) -> Result<Vec<Event>, StoreError> {
    let transaction = reading(db, &[EVENTS, OUTBOX, REFUSED, META])?;
    let outbox = store(&transaction, OUTBOX)?;
    let waiting =
        outbox.get_all::<OutboxRow>().with_query(part_of(To::HOME)).primitive().map_err(error::of)?;
    let waiting = waiting.await.map_err(error::of)?;
    let waiting: Vec<OutboxRow> = waiting.collect::<Result<_, _>>().map_err(error::of)?;
    let refused = all::<RefusedRow>(&store(&transaction, REFUSED)?).await?;
    let meta = store(&transaction, META)?;
    let last = meta.get::<f64, _, _>(DEVSEQ).primitive().map_err(error::of)?.await.map_err(error::of)?;
    let last = last.map_or(0, counter);
    let first_waiting = waiting.iter().map(|row| row.devseq).min().unwrap_or(u64::MAX);
    let first = first_waiting.min(last.saturating_sub(LOOKED_THROUGH));
    let events = store(&transaction, EVENTS)?;
    let index = events.index(BY_DEVSEQ).map_err(error::of)?;
    let range = of_counter(first)..=of_counter(last);
    let rows = index.get_all::<EventRow>().with_query(range).primitive().map_err(error::of)?;
    let mut own = vec![];
    for row in rows.await.map_err(error::of)? {
        let row = row.map_err(error::of)?;
        if refused.iter().any(|refused| refused.key == row.id) {
            continue;
        }
        let waits = waiting.iter().any(|waiting| waiting.id == row.id);
        let event = row.record()?.event;
        if travels(&event, waits, since) {
            own.push(event);
        }
    }
    Ok(own)
}

async fn take_in(db: &Database, taking: &Taking) -> Result<Taken, StoreError> {
    let [movements, members] = movements::STORES;
    let stores = [EVENTS, META, REFUSED, CHAIN, movements, members, CARRIED, PARCELS, RETURNED];
    let transaction = writing(db, &stores)?;
    let meta = store(&transaction, META)?;
    let me = read_meta(&meta).await?.session.map(|session| session.user);
    let mut keys = read_keys(&meta).await?;
    let mut taken = Taken::default();
    for (parcel, voucher) in &taking.parcels {
        let name = Taking::name(parcel, voucher).to_owned();
        let manifest = &parcel.manifest;
        keys.learn(KnownKey { device: manifest.device.clone(), name: name.clone(), key: manifest.key });
        let mut some = false;
        for (event, line) in &parcel.records {
            let arriving = Arriving { taking, parcel, voucher, name: &name, event, line };
            some |= arriving.take_in(&transaction, me.as_ref(), &mut taken).await?;
        }
        if some {
            let row = ParcelRow(CarriedParcel::of(parcel, &name, taking.at));
            let parcels = store(&transaction, PARCELS)?;
            let held: Option<ParcelRow> = parcels
                .get(row.0.digest.to_string())
                .primitive()
                .map_err(error::of)?
                .await
                .map_err(error::of)?;
            if held.is_none() {
                parcels.put(row).primitive().map_err(error::of)?;
            }
        }
    }
    put_keys(&meta, &keys)?;
    drop(meta);
    note_returned(&transaction, &taking.receipts, taking.at).await?;
    commit(transaction).await?;
    Ok(taken)
}

/// One record of a parcel.
struct Arriving<'a> {
    taking: &'a Taking,
    parcel: &'a Parcel,
    voucher: &'a Voucher,
    name: &'a str,
    event: &'a Event,
    line: &'a str,
}

impl Arriving<'_> {
    /// Whether it is carried from now on.
    async fn take_in(
        &self,
        transaction: &Transaction<'_>,
        me: Option<&UserId>,
        taken: &mut Taken,
    ) -> Result<bool, StoreError> {
        let (id, events, carried) =
            (text(self.event.id), store(transaction, EVENTS)?, store(transaction, CARRIED)?);
        let held = events.get::<EventRow, _, _>(id.clone()).primitive().map_err(error::of)?;
        let waits_here = carried.get::<LineRow, _, _>(id.clone()).primitive().map_err(error::of)?;
        if held.await.map_err(error::of)?.is_some() || waits_here.await.map_err(error::of)?.is_some() {
            taken.known += 1;
            return Ok(false);
        }
        let row = LineRow {
            id,
            parcel: self.parcel.digest().to_string(),
            digest: self.event.digest.to_string(),
            line: Bytes(vault::seal(self.line)),
        };
        carried.put(row).primitive().map_err(error::of)?;
        let about_own = self.is_about_own(&events).await?;
        let in_movement = self.is_in_known_movement(&events).await?;
        drop((events, carried));
        if may_show(&self.taking.viewer, self.event, self.voucher, about_own, in_movement) {
            taken.new += 1;
            self.show(transaction, me).await?;
        } else {
            taken.unseen += 1;
        }
        Ok(true)
    }

    async fn is_about_own(&self, events: &ObjectStore<'_>) -> Result<bool, StoreError> {
        let Ok(About::Record(subject)) = self.event.body().map(|body| body.about()) else { return Ok(false) };
        let row: Option<EventRow> =
            events.get(text(subject)).primitive().map_err(error::of)?.await.map_err(error::of)?;
        Ok(row.is_some_and(|row| row.is_own()))
    }

    async fn is_in_known_movement(&self, events: &ObjectStore<'_>) -> Result<bool, StoreError> {
        let movement = self.event.body().ok().and_then(|body| body.movement(self.event.id));
        let Some(movement) = movement else { return Ok(false) };
        let row: Option<EventRow> =
            events.get(text(movement)).primitive().map_err(error::of)?.await.map_err(error::of)?;
        Ok(row.is_some())
    }

    /// As if it had come through the feed.
    async fn show(&self, transaction: &Transaction<'_>, me: Option<&UserId>) -> Result<(), StoreError> {
        let record = record_of(self.event.clone(), self.name, self.taking.at);
        let id = record.event.id;
        let events = store(transaction, EVENTS)?;
        events.put(EventRow::from_feed(&record)).primitive().map_err(error::of)?;
        if let Ok(body) = record.event.body() {
            movements::note(transaction, id, &body).await?;
            if chain::takes(&body) {
                chain::note(transaction, &record)?;
            }
        }
        if waits(&record) {
            waiting::judge(transaction, id, me).await?;
        }
        if let Some(subject) = super::rows::subject(&record) {
            waiting::judge(transaction, subject, me).await?;
        }
        Ok(())
    }
}

/// Keeps receipts to hand back, and lets go of what they settle and of what is too old.
async fn note_returned(
    transaction: &Transaction<'_>,
    receipts: &[SignedReceipts],
    at: Stamp,
) -> Result<(), StoreError> {
    let returned = store(transaction, RETURNED)?;
    for row in all::<ReturnedRow>(&returned).await? {
        if at.ms_since(row.taken()) >= KEEP_RETURNS_MS {
            returned.delete(row.id).primitive().map_err(error::of)?;
        }
    }
    let carried = store(transaction, CARRIED)?;
    for receipts in receipts {
        let row = ReturnedRow::of(&receipts.signed, at);
        let held: Option<ReturnedRow> =
            returned.get(row.id.clone()).primitive().map_err(error::of)?.await.map_err(error::of)?;
        if held.is_none() {
            returned.put(row).primitive().map_err(error::of)?;
        }
        for (id, digest) in settled(receipts) {
            let row: Option<LineRow> =
                carried.get(text(id)).primitive().map_err(error::of)?.await.map_err(error::of)?;
            if row.is_some_and(|row| row.digest == digest.to_string()) {
                carried.delete(text(id)).primitive().map_err(error::of)?;
            }
        }
    }
    if receipts.is_empty() {
        return Ok(());
    }
    let left: Vec<String> = all::<LineRow>(&carried).await?.into_iter().map(|row| row.parcel).collect();
    let parcels = store(transaction, PARCELS)?;
    for row in all::<ParcelRow>(&parcels).await? {
        let digest = row.0.digest.to_string();
        if !left.contains(&digest) {
            parcels.delete(digest).primitive().map_err(error::of)?;
        }
    }
    Ok(())
}

async fn settle(
    db: &Database,
    receipts: &[SignedReceipts],
    troubles: &[(Digest, String)],
    at: Stamp,
) -> Result<(), StoreError> {
    let transaction = writing(db, &[CARRIED, PARCELS, RETURNED])?;
    let parcels = store(&transaction, PARCELS)?;
    for (digest, code) in troubles {
        let row: Option<ParcelRow> =
            parcels.get(digest.to_string()).primitive().map_err(error::of)?.await.map_err(error::of)?;
        if let Some(ParcelRow(parcel)) = row {
            let told = CarriedParcel { trouble: Some(code.clone()), ..parcel };
            parcels.put(ParcelRow(told)).primitive().map_err(error::of)?;
        }
    }
    drop(parcels);
    note_returned(&transaction, receipts, at).await?;
    commit(transaction).await
}

async fn carried(db: &Database) -> Result<Vec<CarriedParcel>, StoreError> {
    let transaction = reading(db, &[CARRIED, PARCELS])?;
    let rows = all::<ParcelRow>(&store(&transaction, PARCELS)?).await?;
    let mut parcels: Vec<CarriedParcel> = rows.into_iter().map(|row| row.0).collect();
    for row in all::<LineRow>(&store(&transaction, CARRIED)?).await? {
        let of = |parcel: &&mut CarriedParcel| parcel.digest.to_string() == row.parcel;
        if let Some(parcel) = parcels.iter_mut().find(of) {
            parcel.lines.push(vault::open(row.line.0)?);
        }
    }
    waymark_core::order::sort_by_key(&mut parcels, |parcel| (parcel.taken, parcel.digest));
    Ok(parcels)
}

async fn returned(db: &Database) -> Result<Vec<Returned>, StoreError> {
    let transaction = reading(db, &[RETURNED])?;
    let rows = all::<ReturnedRow>(&store(&transaction, RETURNED)?).await?;
    let mut all = vec![];
    for row in rows {
        all.push(row.returned()?);
    }
    waymark_core::order::sort_by_key(&mut all, |returned: &Returned| returned.taken);
    Ok(all)
}
