//! What the store does for photos, beside core's `LocalStore`. Every method is one transaction.

use waymark_core::event::{Digest, EventId, Photo, Stamp};
use waymark_core::sync::{Blob, BlobNote, Standing, StoreError};

use super::{IdbStore, blobs};

impl IdbStore {
    /// Keeps a photo that goes into a form: with the draft from now on, whatever happens to the app.
    ///
    /// # Errors
    /// As every writing.
    pub async fn add_photo(&self, photo: &Photo, bytes: &[u8], now: Stamp) -> Result<(), StoreError> {
        self.handle.run(async |db| blobs::add(db, photo, bytes, now, true).await).await
    }

    /// Keeps somebody else's photo that was fetched to be looked at.
    ///
    /// # Errors
    /// As every writing.
    pub async fn keep_fetched(&self, photo: &Photo, bytes: &[u8], now: Stamp) -> Result<(), StoreError> {
        self.handle.run(async |db| blobs::add(db, photo, bytes, now, false).await).await
    }

    /// The record that names these photos is saved.
    ///
    /// # Errors
    /// As every writing.
    pub async fn claim_photos(&self, record: EventId, photos: &[Digest]) -> Result<(), StoreError> {
        self.handle.run(async |db| blobs::claim(db, record, photos).await).await
    }

    /// The photo to send next: the oldest that waits, of a record that the backend holds.
    ///
    /// # Errors
    /// As every reading.
    pub async fn next_photo(&self, passing_over: &[Digest]) -> Result<Option<Blob>, StoreError> {
        self.handle.run(async |db| blobs::next(db, passing_over).await).await
    }

    /// # Errors
    /// As every reading.
    pub async fn photo(&self, photo: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        self.handle.run(async |db| blobs::bytes(db, photo).await).await
    }

    /// # Errors
    /// As every reading.
    pub async fn standing(&self, photo: &Digest) -> Result<Option<Standing>, StoreError> {
        self.handle.run(async |db| blobs::standing(db, photo).await).await
    }

    /// How many photos wait to be sent.
    ///
    /// # Errors
    /// As every reading.
    pub async fn unsent_photos(&self) -> Result<u32, StoreError> {
        self.handle.run(async |db| blobs::count(db).await).await
    }

    /// # Errors
    /// As every writing.
    pub async fn note_photo(&self, photo: &Digest, note: &BlobNote) -> Result<(), StoreError> {
        self.handle.run(async |db| blobs::note(db, photo, note).await).await
    }

    /// A photo that was refused is tried again.
    ///
    /// # Errors
    /// As every writing.
    pub async fn retry_photo(&self, photo: &Digest) -> Result<(), StoreError> {
        self.handle.run(async |db| blobs::retry(db, photo).await).await
    }

    /// Removes photos from before that moment that no form and no record names.
    ///
    /// # Errors
    /// As every writing.
    pub async fn sweep_photos(&self, before: Stamp) -> Result<(), StoreError> {
        self.handle.run(async |db| blobs::sweep(db, before).await).await
    }
}
