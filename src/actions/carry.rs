//! Records by hand: bundles for others, and bundles of others.

use std::collections::BTreeSet;

use leptos::prelude::*;
use waymark_core::backend::bundles;
use waymark_core::carry::frames::Sequence;
use waymark_core::carry::{
    self, BundleError, CarryStore as _, Certificate, MAX_BYTES, Outgoing, Own, SignedReceipts, SignedText,
    SigningKey, Taking, Trust, Voucher,
};
use waymark_core::event::{Digest, Event};
use waymark_core::guidance::Key;
use waymark_core::rules::visibility::Viewer;
use waymark_core::sync::{BatchLimit, Destination, Head, LocalStore as _, Session, StoreError, To};
use web_sys::File;

use super::refresh;
use super::saving::now;
pub use crate::browser::camera::{Camera, CameraFault};
use crate::browser::channel::Word;
use crate::browser::{clock, download, files, http, share};
use crate::services::Services;
use crate::state::{Answered, AppState, CarriedFor, CarryOutcome, CarrySeen, CarryTrouble, Stranger, TookIn};

/// Answers that left the phone go along for so long, in milliseconds: 30 days.
const ANSWERS_MS: i64 = 30 * 86_400_000;
/// A certificate is asked for anew after that long: 7 days.
const CERTIFIED_MS: i64 = 7 * 86_400_000;

/// Reads what waits and what became of what was carried.
pub async fn open_carry(app: AppState) {
    let readings = app.services().carry_readings;
    let reading = readings.begins();
    let Ok(seen) = read(app).await else { return };
    if !readings.may_show(reading) {
        return;
    }
    app.carry().update(|shown| {
        let (busy, outcome) = (shown.busy, shown.outcome.take());
        *shown = CarrySeen { busy, outcome, ..seen };
    });
}

async fn read(app: AppState) -> Result<CarrySeen, StoreError> {
    let services = app.services();
    let own = own_events(&services).await?;
    let protected = own.iter().filter(|event| event.is_protected()).count();
    let mut carried: Vec<CarriedFor> = vec![];
    for parcel in services.store.carried().await? {
        let records = parcel.lines.len();
        match carried.iter_mut().find(|own| own.device == parcel.device) {
            Some(own) => {
                own.records += records;
                own.trouble = own.trouble.take().or(parcel.trouble);
            }
            None => carried.push(CarriedFor {
                device: parcel.device,
                name: parcel.name,
                records,
                since: parcel.taken,
                trouble: parcel.trouble,
            }),
        }
    }
    let mut answered = vec![];
    for returned in services.store.returned().await?.into_iter().rev() {
        let (stored, refused) = (returned.receipts.stored(), returned.receipts.refused());
        let receipts = returned.receipts.receipts;
        answered.push(Answered { name: receipts.name, stored, refused, at: receipts.received });
    }
    let (mut key, mut certified) = (String::new(), false);
    if let Some(session) = services.session() {
        let own = signing_key(&services).await?.public();
        let said = services.store.carry_keys().await?.certificate;
        certified = said.is_some_and(|said| is_of(&said, &session, &own));
        key = own.short();
    }
    let own = own.len() - protected;
    Ok(CarrySeen { own, protected, carried, answered, key, certified, ..CarrySeen::default() })
}

/// Those that this person wrote on this device, as it is enrolled now.
async fn own_events(services: &Services) -> Result<Vec<Event>, StoreError> {
    let Some(session) = services.session() else { return Ok(vec![]) };
    let mut own = services.store.own_to_carry(clock::now().plus_ms(-ANSWERS_MS)).await?;
    own.retain(|event| event.source == session.source() && event.author == session.user);
    Ok(own)
}

async fn signing_key(services: &Services) -> Result<SigningKey, StoreError> {
    let fresh = Digest::of_bytes(&clock::random::<32>()).to_string();
    Ok(SigningKey::from_secret(&services.store.signing_secret(&fresh).await?))
}

/// Whether a certificate is of this phone and its key.
fn is_of(certificate: &SignedText, session: &Session, key: &Key) -> bool {
    Certificate::unproven(certificate)
        .is_some_and(|own| own.org == session.org && own.device == session.device && own.key == *key)
}

/// Whether what the server has said of this phone is true still.
fn vouches(certificate: &SignedText, session: &Session, key: &Key) -> bool {
    Certificate::unproven(certificate).is_some_and(|own| {
        own.org == session.org
            && own.device == session.device
            && own.user == session.user
            && own.name == session.name
            && own.role == session.role
            && own.areas == session.areas
            && own.key == *key
            && clock::now().ms_since(own.issued) < CERTIFIED_MS
    })
}

/// Tells the server with which key this phone signs, and keeps what it says of that; nothing to do if it has.
pub async fn keep_certified(app: AppState) {
    let services = app.services();
    let Some(session) = services.session() else { return };
    let (Ok(key), Ok(keys)) = (signing_key(&services).await, services.store.carry_keys().await) else {
        return;
    };
    let key = key.public();
    if keys.certificate.is_some_and(|own| vouches(&own, &session, &key)) {
        return;
    }
    let reply = http::fetch(&bundles::device_key(&session, &key), None).await;
    if let Some(told) = bundles::read_device_key(reply).filter(|_| services.is_still(&session)) {
        // What cannot be kept is asked for again.
        let _ = services.store.certify(&told.server_key, &told.certificate).await;
        open_carry(app).await;
    }
}

/// All that waits as one bundle; with what may name a source only if `protected`.
async fn bundle(app: AppState, protected: bool) -> Result<Outgoing, CarryTrouble> {
    let services = app.services();
    let session = services.session().ok_or(CarryTrouble::SignedOut)?;
    let mut own = own_events(&services).await?;
    own.retain(|event| protected || !event.is_protected());
    let key = signing_key(&services).await?;
    let certificate = services.store.carry_keys().await?.certificate;
    let certificate = certificate.filter(|own| is_of(own, &session, &key.public()));
    let carried = services.store.carried().await?;
    let returned = services.store.returned().await?;
    let receipts: Vec<SignedReceipts> = returned.into_iter().map(|returned| returned.receipts).collect();
    let by = Own { session: &session, key: &key, certificate: certificate.as_ref() };
    Ok(carry::write(&by, &own, &carried, &receipts, clock::now()))
}

/// The name of a file with what waits, and its text.
async fn file(app: AppState, protected: bool) -> Result<(String, Outgoing), CarryTrouble> {
    let outgoing = bundle(app, protected).await?;
    let name = app.person_untracked().map(|person| person.name).unwrap_or_default();
    Ok((carry::file_name(&name, clock::now()), outgoing))
}

/// Hands a file with all that waits to the browser's downloads.
///
/// # Errors
/// Why there is none.
pub async fn save_bundle(app: AppState, protected: bool) -> Result<Outgoing, CarryTrouble> {
    let (name, outgoing) = file(app, protected).await?;
    download::save(&name, carry::MEDIA_TYPE, &outgoing.text).map_err(StoreError::Failed)?;
    Ok(outgoing)
}

/// All that waits as a sequence of codes; `None` if it is too much for that.
///
/// # Errors
/// Why there is none.
pub async fn bundle_in_codes(app: AppState, protected: bool) -> Result<Option<Sequence>, CarryTrouble> {
    Ok(Sequence::new(&bundle(app, protected).await?.text).ok())
}

/// Shows what the camera sees, for reading codes.
///
/// # Errors
/// Why there is nothing to see.
pub async fn open_camera(video: &web_sys::HtmlVideoElement) -> Result<Camera, CameraFault> {
    Camera::open(video).await
}

/// Whether this browser hands files to other apps.
pub fn can_share() -> bool {
    share::can_share()
}

/// Hands a file with all that waits to another app; `false` if whoever was asked thought better of it.
///
/// # Errors
/// Why there is none.
pub async fn share_bundle(app: AppState, protected: bool) -> Result<bool, CarryTrouble> {
    let (name, outgoing) = file(app, protected).await?;
    Ok(share::share(&name, &outgoing.text).await)
}

/// The files that were let go of over a place for them.
pub fn dropped_files(event: &web_sys::DragEvent) -> Vec<File> {
    files::all_dropped(event)
}

/// Takes in files that were chosen or dropped, one after the other; stops at the first that is not taken.
pub async fn take_in_files(app: AppState, chosen: Vec<File>) {
    for file in chosen {
        #[allow(clippy::cast_precision_loss)] // some megabytes
        let too_large = file.size() > MAX_BYTES as f64;
        let text = if too_large { None } else { files::text(&file).await };
        if let Some(text) = text {
            take_in_text(app, text, false).await;
        } else {
            let trouble = if too_large { BundleError::TooLarge.into() } else { CarryTrouble::NoFile };
            app.carry().update(|seen| seen.outcome = Some(CarryOutcome::Failed(trouble)));
        }
        if !app.carry().with_untracked(|seen| matches!(seen.outcome, Some(CarryOutcome::Taken(_)))) {
            return;
        }
    }
}

/// Takes in a bundle. `compared`: the keys of those whom nobody vouches for were compared by voice.
pub async fn take_in_text(app: AppState, text: String, compared: bool) {
    app.carry().update(|seen| {
        seen.busy = true;
        seen.outcome = None;
    });
    let outcome = take_in(app, text, compared).await.unwrap_or_else(CarryOutcome::Failed);
    let done = matches!(outcome, CarryOutcome::Taken(_));
    app.carry().update(|seen| {
        seen.busy = false;
        seen.outcome = Some(outcome);
    });
    if done {
        let services = app.services();
        services.stale.all();
        refresh(app).await;
        open_carry(app).await;
        services.courier.tell_others(Word::Changed);
        services.courier.hand_over_carried(false);
    }
}

/// The person thought better of it.
pub fn dismiss_outcome(app: AppState) {
    app.carry().update(|seen| seen.outcome = None);
}

async fn take_in(app: AppState, text: String, compared: bool) -> Result<CarryOutcome, CarryTrouble> {
    let services = app.services();
    let session = services.session().ok_or(CarryTrouble::SignedOut)?;
    let bundle = carry::parse(&text)?;
    let keys = services.store.carry_keys().await?;
    let trust = Trust { org: &session.org, server: keys.server.as_ref(), known: &keys.known };
    let (mut parcels, mut strangers) = (vec![], vec![]);
    let receipts = keys.server.map(|server| bundle.receipts_of(&server)).unwrap_or_default();
    for parcel in bundle.parcels {
        let manifest = &parcel.manifest;
        if manifest.org == session.org && manifest.device == session.device {
            // Own records on their way round: they are here.
            continue;
        }
        let voucher = trust.judge(&parcel)?;
        let stranger = Stranger { name: manifest.name.clone(), key: manifest.key.short() };
        if voucher == Voucher::Nobody && !strangers.contains(&stranger) {
            strangers.push(stranger);
        }
        parcels.push((parcel, voucher));
    }
    if !strangers.is_empty() && !compared {
        return Ok(CarryOutcome::Strangers { text, strangers });
    }
    let mine = |receipts: &SignedReceipts| {
        receipts.receipts.org == session.org && receipts.receipts.device == session.device
    };
    let (own, others): (Vec<_>, Vec<_>) = receipts.into_iter().partition(mine);
    let viewer = Viewer {
        org: session.org.clone(),
        user: session.user.clone(),
        role: session.role,
        areas: session.areas.clone(),
    };
    let at = now().corrected(app.sync.with_untracked(|sync| sync.clockoffset));
    let device = session.device.clone();
    let taken = services.store.take_in(&Taking { viewer, device, at, parcels, receipts: others }).await?;
    let mut took = TookIn { new: taken.new, unseen: taken.unseen, known: taken.known, ..TookIn::default() };
    for receipts in own {
        settle_own(&services, &session, &receipts, &mut took).await?;
    }
    Ok(CarryOutcome::Taken(took))
}

/// Own records leave the outbox on receipts that a server has signed, whoever brings them.
async fn settle_own(
    services: &Services,
    session: &Session,
    receipts: &SignedReceipts,
    took: &mut TookIn,
) -> Result<(), StoreError> {
    // A server says nothing of what another backend holds.
    if !services.courier.has_server() {
        return Ok(());
    }
    let all = BatchLimit { records: receipts.receipts.receipts.len() + 5_000, bytes: usize::MAX };
    let Head { queued, meta } = services.store.head(To::HOME, all, &BTreeSet::new()).await?;
    let queued: Vec<_> = queued.into_iter().map(|queued| queued.entry).collect();
    let settlement = carry::settlement(&receipts.receipts, &session.device, &queued, meta.epoch.as_ref());
    if let Some(settlement) = settlement {
        let settled = services.store.settle(To::HOME, Some(&Destination::own_server()), &settlement).await?;
        if !settled {
            return Ok(());
        }
        took.settled += u32::try_from(settlement.stored.len()).unwrap_or(u32::MAX);
        took.refused += u32::try_from(settlement.refused.len()).unwrap_or(u32::MAX);
    }
    Ok(())
}

/// Gives the server what is carried for others, at once.
pub fn hand_over(app: AppState) {
    app.services().courier.hand_over_carried(true);
}
