//! What a phone's store does with what travels by hand.

use super::{Certificate, Parcel, SignedReceipts, SignedText, Voucher};
use crate::event::{About, Arrival, DeviceId, Digest, Event, EventId, Record, Stamp};
use crate::guidance::Key;
use crate::json_struct;
use crate::rules::authority::may_write;
use crate::rules::ingest;
use crate::rules::visibility::{Facts, Viewer, may_see};
use crate::sync::{LocalStore, StoreError};

/// The key of a device, as it is known here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownKey {
    pub device: DeviceId,
    pub name: String,
    pub key: Key,
}

json_struct!(KnownKey: required [device, name, key]);

/// Who signs, and whose signatures are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CarryKeys {
    /// From which this phone's own key follows. The server never sees it.
    pub secret: Option<String>,
    /// The key of the server that this phone is enrolled with.
    pub server: Option<Key>,
    /// What that server has said of this phone.
    pub certificate: Option<SignedText>,
    pub known: Vec<KnownKey>,
}

json_struct!(CarryKeys: draft [secret, server, certificate, known]);

impl CarryKeys {
    /// A key counts from now on, in place of what was known of the device.
    pub fn learn(&mut self, key: KnownKey) {
        self.known.retain(|known| known.device != key.device);
        self.known.push(key);
    }
}

/// A parcel of somebody else that waits to be handed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedParcel {
    /// See [`Parcel::digest`].
    pub digest: Digest,
    pub device: DeviceId,
    pub name: String,
    /// When it came here.
    pub taken: Stamp,
    pub signed: SignedText,
    pub certificate: Option<SignedText>,
    /// Why the server would not have it as a whole, as a stable word.
    pub trouble: Option<String>,
    /// Records to the letter, those that wait still.
    pub lines: Vec<String>,
}

/// Receipts on their way back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returned {
    pub receipts: SignedReceipts,
    /// When they came here.
    pub taken: Stamp,
}

/// For how long receipts are handed on, in milliseconds: 60 days.
pub const KEEP_RETURNS_MS: i64 = 60 * 86_400_000;

/// A bundle to take in.
#[derive(Debug, Clone)]
pub struct Taking {
    /// Who is signed in: what is not for them is carried and not shown.
    pub viewer: Viewer,
    pub device: DeviceId,
    /// Now, by the server's clock as well as is known.
    pub at: Stamp,
    /// Those of other devices. Whoever looks at the keys of those that nobody vouches for has said that they are right.
    pub parcels: Vec<(Parcel, Voucher)>,
    /// For other devices.
    pub receipts: Vec<SignedReceipts>,
}

/// What came of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// Records that are to be seen here now and were not before.
    pub new: u32,
    /// Records that are carried and not for whoever is signed in.
    pub unseen: u32,
    /// Records that were here already.
    pub known: u32,
}

/// What a store does beside what every store does. Each method is one transaction, as there.
#[allow(async_fn_in_trait)] // see `LocalStore`
pub trait CarryStore: LocalStore {
    async fn carry_keys(&self) -> Result<CarryKeys, StoreError>;

    /// From which the phone's key follows; `fresh` becomes it if there is none yet.
    async fn signing_secret(&self, fresh: &str) -> Result<String, StoreError>;

    /// The server has told its key and what it says of this phone; nothing of the former server counts any more.
    async fn certify(&self, server: &Key, certificate: &SignedText) -> Result<(), StoreError>;

    /// Own records that [`travels`] says to take along, in the device's order: all that wait, and of the others those of
    /// the last few hundred.
    async fn own_to_carry(&self, since: Stamp) -> Result<Vec<Event>, StoreError>;

    /// Takes a bundle in, as a whole or not at all. What is held is kept as it is.
    async fn take_in(&self, taking: &Taking) -> Result<Taken, StoreError>;

    /// What waits to be handed on, the oldest first.
    async fn carried(&self) -> Result<Vec<CarriedParcel>, StoreError>;

    /// Receipts to hand back, the oldest first.
    async fn returned(&self) -> Result<Vec<Returned>, StoreError>;

    /// A server has answered: what it holds or refuses is carried no further, its receipts go back. `troubles` are
    /// parcels that it would not have, with why.
    async fn settle_carried(
        &self,
        receipts: &[SignedReceipts],
        troubles: &[(Digest, String)],
        at: Stamp,
    ) -> Result<(), StoreError>;
}

/// Whether an own record goes into a bundle: all that waits, and answers to others since then, for these may be where no
/// server is.
pub fn travels(event: &Event, waits: bool, since: Stamp) -> bool {
    let is_answer = || event.body().is_ok_and(|body| body.about() != About::Itself);
    waits || event.recorded >= since && is_answer()
}

/// Whether a carried record is for the person on whose phone it is, as the server would decide it. `about_own`: it is
/// about a record of theirs; `in_known_movement`: its movement is on this phone.
///
/// What the author may not write is not shown to anybody: the server will refuse it.
pub fn may_show(
    viewer: &Viewer,
    event: &Event,
    voucher: &Voucher,
    about_own: bool,
    in_known_movement: bool,
) -> bool {
    let certificate = match voucher {
        Voucher::Server(certificate) => Some(certificate),
        Voucher::Known | Voucher::Nobody => None,
    };
    if certificate.is_some_and(|own| may_write(own.role, &event.kind).is_err()) {
        return false;
    }
    let areas = certificate.map_or(&[][..], |own| &own.areas);
    let facts = Facts {
        org: &viewer.org,
        author: &event.author,
        protected: event.is_protected(),
        subject_author: about_own.then_some(&viewer.user),
        tells_of_others: false,
        addressed: ingest::addressee(event).as_ref() == Some(&viewer.user),
        for_all_staff: ingest::is_for_all_staff(event),
        crew: in_known_movement,
        kept_from_crew: ingest::is_kept_from_crew(event),
        areas,
    };
    may_see(viewer, &facts)
}

/// A carried record as the phone keeps it: as from a feed, in no place of it.
pub fn record_of(event: Event, name: &str, at: Stamp) -> Record {
    let happened = event.time.corrected(event.clockoffset);
    let arrival = Arrival { seq: 0, received: at, happened, author_name: name.to_owned() };
    Record { event, arrival: Some(arrival) }
}

impl Taking {
    /// The name under which a parcel's author is known: the server's word before their own.
    pub fn name<'a>(parcel: &'a Parcel, voucher: &'a Voucher) -> &'a str {
        match voucher {
            Voucher::Server(Certificate { name, .. }) => name,
            Voucher::Known | Voucher::Nobody => &parcel.manifest.name,
        }
    }
}

impl CarriedParcel {
    /// Without any lines.
    pub fn of(parcel: &Parcel, name: &str, taken: Stamp) -> Self {
        Self {
            digest: parcel.digest(),
            device: parcel.manifest.device.clone(),
            name: name.to_owned(),
            taken,
            signed: parcel.signed.clone(),
            certificate: parcel.certificate.clone(),
            trouble: None,
            lines: vec![],
        }
    }
}

/// What receipts say is settled, by name and digest.
pub fn settled(receipts: &SignedReceipts) -> impl Iterator<Item = (EventId, Digest)> {
    let decided = |word: &str| matches!(word, "accepted" | "duplicate" | "rejected" | "conflict");
    let all = receipts.receipts.receipts.iter().filter(move |receipt| decided(&receipt.outcome));
    all.filter_map(|receipt| Some((receipt.id.parse().ok()?, receipt.digest.parse().ok()?)))
}
