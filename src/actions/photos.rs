//! Photos as evidence: taken or picked, made small, kept with the draft, shown.

use leptos::prelude::{GetUntracked as _, Set as _};
use waymark_core::backend::blobs::{self, Fetched};
use waymark_core::event::form::MAX_PHOTOS;
use waymark_core::event::{Digest, EventId, Photo};
use waymark_core::sync::{Standing, StoreError};
use web_sys::{Event, File};

use super::storage::has_room;
use crate::browser::image;
pub use crate::browser::image::PictureFault;
use crate::browser::{clock, files, http, preferences};
use crate::state::{AppState, PhotoSize};

/// Why a file did not become a photo of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhotoFault {
    Picture(PictureFault),
    /// The form has as many as it may have.
    TooMany,
    Store(StoreError),
}

/// Why a photo of a record cannot be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotHere {
    /// The server does not have it yet, or it is not for this person.
    Missing,
    SignIn,
    Unreachable,
    NotTheBackend,
}

/// What a photo may weigh, in bytes: 80 seconds over a link of 40 kbit/s.
const BUDGET: usize = 400_000;
/// A photo younger than this may be on its way into a draft.
const YOUNG_MS: i64 = 120_000;

/// The files that were chosen in a file field.
pub fn chosen_files(event: &Event) -> Vec<File> {
    files::all_chosen(event)
}

/// Makes a photo of a file and keeps it, so that it is there with the draft whatever happens. `there` are already in the
/// form.
///
/// # Errors
/// Why there is no photo.
pub async fn add_photo(app: AppState, file: &File, there: usize) -> Result<Photo, PhotoFault> {
    if there >= MAX_PHOTOS {
        return Err(PhotoFault::TooMany);
    }
    if !has_room(app, 0).await {
        return Err(PhotoFault::Store(StoreError::Full));
    }
    let longest = app.photos.size.get_untracked().pixels();
    let scaled = image::scale(file, longest, BUDGET).await.map_err(PhotoFault::Picture)?;
    let photo = Photo {
        sha256: Digest::of_bytes(&scaled.bytes),
        media_type: image::MEDIA_TYPE.to_owned(),
        bytes: scaled.bytes.len() as u64,
        width: scaled.width,
        height: scaled.height,
    };
    let kept = app.services().store.add_photo(&photo, &scaled.bytes, clock::now()).await;
    kept.map_err(PhotoFault::Store).map(|()| photo)
}

/// The record that these belong to is saved: they are sent after it. If this cannot be noted now, the next start does it.
pub(super) async fn claim(app: AppState, record: EventId, photos: &[Photo]) {
    let photos: Vec<Digest> = photos.iter().map(|photo| photo.sha256).collect();
    let services = app.services();
    if !photos.is_empty() && services.store.claim_photos(record, &photos).await.is_ok() {
        services.courier.wake_photos(false);
    }
}

/// Removes photos that nothing names any more, and takes up those whose record was saved just before the app died.
pub(super) async fn sweep(app: AppState) {
    let before = clock::now().plus_ms(-YOUNG_MS);
    // If that does not work now, the next start does it.
    if app.services().store.sweep_photos(before).await.is_ok() {
        app.services().courier.wake_photos(false);
    }
}

/// An address under which the page can show a photo that is on this phone; to be [closed](close_photo).
pub async fn open_photo(app: AppState, photo: &Photo) -> Option<String> {
    let bytes = app.services().store.photo(&photo.sha256).await.ok()??;
    image::object_url(&bytes, &photo.media_type)
}

/// The page does not show it any more.
pub fn close_photo(url: &str) {
    image::revoke(url);
}

/// How it stands; `None` if it is not on this phone.
pub async fn photo_standing(app: AppState, photo: &Digest) -> Option<Standing> {
    app.services().store.standing(photo).await.ok().flatten()
}

/// Fetches a photo from the server and keeps it here.
///
/// # Errors
/// Why it is not here.
pub async fn fetch_photo(app: AppState, photo: &Photo) -> Result<(), NotHere> {
    let services = app.services();
    let session = services.server_session().ok_or(NotHere::SignIn)?;
    let request = blobs::fetch(&session, &photo.sha256, photo.bytes);
    match blobs::read_fetch(http::fetch(&request, None).await, &photo.sha256) {
        Fetched::Bytes(bytes) => {
            let kept = services.store.keep_fetched(photo, &bytes, clock::now()).await;
            kept.map_err(|error| {
                app.device.store_problem.set(Some(error));
                NotHere::Missing
            })
        }
        Fetched::Missing => Err(NotHere::Missing),
        Fetched::SignIn => Err(NotHere::SignIn),
        Fetched::Unreachable => Err(NotHere::Unreachable),
        Fetched::NotTheBackend => Err(NotHere::NotTheBackend),
    }
}

/// Tries a photo again that the server would not take.
pub async fn retry_photo(app: AppState, photo: &Digest) {
    if app.services().store.retry_photo(photo).await.is_ok() {
        app.services().courier.wake_photos(true);
        super::refresh(app).await;
    }
}

/// For whoever waits for something that is being made.
pub async fn short_while() {
    clock::sleep(50).await;
}

/// Changes how large photos are made, at once and for later starts.
pub fn set_photo_size(app: AppState, size: PhotoSize) {
    preferences::put(preferences::PHOTO_SIZE, size.code());
    app.photos.size.set(size);
}

pub(super) fn stored_photo_size() -> PhotoSize {
    preferences::get(preferences::PHOTO_SIZE).map_or(PhotoSize::default(), |code| PhotoSize::from_code(&code))
}
