//! The phone's store: core's [`LocalStore`] on IndexedDB.
//!
//! Every method is one transaction of strict durability. No transaction spans an await of anything but IndexedDB. What
//! a row holds beside its index fields is opaque and passes through [`vault`].

mod blob_rows;
mod blobs;
mod canary;
mod carry;
mod chain;
mod deliveries;
mod error;
mod feed;
mod handle;
mod js;
mod lives;
mod migrations;
mod movements;
mod outbox;
mod packs;
mod photos;
mod read;
mod rows;
mod save;
mod small;
mod transaction;
mod vault;
mod waiting;

use std::collections::BTreeSet;

use waymark_core::event::{Event, EventId, Record, Unsaved};
use waymark_core::sync::{
    BatchLimit, Counts, Delivery, Destination, Epoch, FeedPage, Head, Held, LocalStore, Meta, Page, Reader,
    Session, Settlement, StoreError, Tally, To, UnsentLoss, Waiting,
};

use handle::Handle;

/// The database of this generation: purging drops a whole database, so the name is counted up.
pub const DATABASE: &str = "waymark-1";

/// The store on IndexedDB.
pub struct IdbStore {
    handle: Handle,
    canary: canary::Canary,
}

impl IdbStore {
    /// A store that opens its database when it is first used.
    pub fn new(name: &str) -> Self {
        Self { handle: Handle::new(name), canary: canary::Canary::new(name) }
    }

    /// Tells the canary, which lives outside of IndexedDB, that one more record is queued.
    pub fn note_saved(&self, counts: &Counts, devseq: u64) {
        self.canary.note_saved(counts, devseq);
    }

    /// Compares the store with what the canary remembers. If the browser has emptied it while `session` was signed in,
    /// the session goes back into it, and `places`: the home, if it is none of our servers, and its mirrors.
    ///
    /// # Errors
    /// As every reading.
    pub async fn compare(
        &self,
        counts: &Counts,
        session: Option<&Session>,
        (home, mirrors): (Option<&Destination>, &[Destination]),
    ) -> Result<Option<UnsentLoss>, StoreError> {
        let used = self.canary.devseq();
        let (birth, devseq) = self.handle.run(async |db| small::marks(db).await).await?;
        if let Some(session) = session.filter(|_| devseq < used) {
            self.handle.run(async |db| small::put_back(db, session, used).await).await?;
            if home.is_some() || !mirrors.is_empty() {
                self.handle.run(async |db| lives::direct(db, None, home, mirrors).await).await?;
            }
        }
        Ok(self.canary.compare(birth, counts, devseq.max(session.map_or(0, |_| used))))
    }

    /// See [`Meta::understand`].
    ///
    /// # Errors
    /// As every writing.
    pub async fn understand(&self) -> Result<(), StoreError> {
        self.handle.run(async |db| small::change_meta(db, Meta::understand).await).await
    }

    /// The loss has been told.
    pub fn forget_loss(&self) {
        self.canary.forget();
    }

    /// Drops the handle as a browser does when it closes a database by itself.
    pub fn break_handle(&self) {
        self.handle.break_it();
    }

    /// Closes and deletes the database.
    ///
    /// # Errors
    /// If the browser does not.
    pub async fn delete(&self) -> Result<(), StoreError> {
        self.handle.delete().await
    }
}

impl LocalStore for IdbStore {
    async fn save(&self, unsaved: Unsaved, draft: Option<&str>) -> Result<Event, StoreError> {
        self.handle.run(async |db| save::save(db, &unsaved, draft).await).await
    }

    async fn head(
        &self,
        to: To,
        limit: BatchLimit,
        passing_over: &BTreeSet<EventId>,
    ) -> Result<Head, StoreError> {
        self.handle.run(async |db| outbox::head(db, to, limit, passing_over).await).await
    }

    async fn settle(
        &self,
        to: To,
        place: Option<&Destination>,
        settlement: &Settlement,
    ) -> Result<bool, StoreError> {
        self.handle.run(async |db| outbox::settle(db, to, place, settlement).await).await
    }

    async fn retry(&self, id: EventId) -> Result<bool, StoreError> {
        self.handle.run(async |db| outbox::retry(db, id).await).await
    }

    async fn adopt_epoch(
        &self,
        to: To,
        reader: Option<&Reader>,
        epoch: &Epoch,
    ) -> Result<Option<u32>, StoreError> {
        self.handle.run(async |db| lives::adopt_epoch(db, to, reader, epoch).await).await
    }

    async fn direct(&self, home: Option<&Destination>, mirrors: &[Destination]) -> Result<(), StoreError> {
        self.handle.run(async |db| lives::direct(db, None, home, mirrors).await).await
    }

    async fn join(
        &self,
        session: &Session,
        home: Option<&Destination>,
        mirrors: &[Destination],
    ) -> Result<(), StoreError> {
        self.handle.run(async |db| lives::direct(db, Some(session), home, mirrors).await).await
    }

    async fn deliveries(&self, id: EventId) -> Result<Vec<(To, Delivery)>, StoreError> {
        self.handle.run(async |db| deliveries::deliveries(db, id).await).await
    }

    async fn tallies(&self) -> Result<Vec<Tally>, StoreError> {
        self.handle.run(async |db| deliveries::tallies(db).await).await
    }

    async fn apply(&self, reader: Option<&Reader>, page: &FeedPage) -> Result<Option<u32>, StoreError> {
        self.handle.run(async |db| feed::apply(db, reader, page).await).await
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        self.handle.run(async |db| deliveries::counts(db).await).await
    }

    async fn unsent(&self) -> Result<Vec<EventId>, StoreError> {
        self.handle.run(async |db| deliveries::unsent(db).await).await
    }

    async fn held(&self, id: EventId) -> Result<Option<Held>, StoreError> {
        self.handle.run(async |db| read::held(db, id).await).await
    }

    async fn page(&self, page: Page) -> Result<Vec<Held>, StoreError> {
        self.handle.run(async |db| read::page(db, page).await).await
    }

    async fn chain(&self, page: Page) -> Result<Vec<Held>, StoreError> {
        self.handle.run(async |db| chain::page(db, page).await).await
    }

    async fn about(&self, ids: &[EventId]) -> Result<Vec<Vec<Record>>, StoreError> {
        self.handle.run(async |db| read::about(db, ids).await).await
    }

    async fn waiting(&self, limit: usize) -> Result<Waiting, StoreError> {
        self.handle.run(async |db| read::waiting(db, limit).await).await
    }

    async fn movements(&self, open: bool, limit: usize) -> Result<Vec<EventId>, StoreError> {
        self.handle.run(async |db| movements::movements(db, open, limit).await).await
    }

    async fn of_movements(&self, ids: &[EventId]) -> Result<Vec<Vec<Held>>, StoreError> {
        self.handle.run(async |db| movements::of_movements(db, ids).await).await
    }

    async fn meta(&self) -> Result<Meta, StoreError> {
        self.handle.run(async |db| small::meta(db).await).await
    }

    async fn device_key(&self, fresh: &str) -> Result<String, StoreError> {
        let keep = |meta: &mut Meta| {
            meta.device_key.get_or_insert_with(|| fresh.to_owned());
        };
        self.handle.run(async |db| small::change_meta(db, keep).await).await?;
        Ok(self.meta().await?.device_key.unwrap_or_else(|| fresh.to_owned()))
    }

    async fn sign_in(&self, session: &Session) -> Result<(), StoreError> {
        self.handle.run(async |db| small::change_meta(db, |meta| meta.sign_in(session)).await).await
    }

    async fn learn_clock(&self, clockoffset: i64) -> Result<(), StoreError> {
        self.handle
            .run(async |db| small::change_meta(db, |meta| meta.clockoffset = Some(clockoffset)).await)
            .await
    }

    async fn draft(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.handle.run(async |db| small::draft(db, name).await).await
    }

    async fn put_draft(&self, name: &str, text: &str) -> Result<(), StoreError> {
        self.handle.run(async |db| small::put_draft(db, name, text).await).await
    }

    async fn drop_draft(&self, name: &str) -> Result<(), StoreError> {
        self.handle.run(async |db| small::drop_draft(db, name).await).await
    }
}
