//! The shape of the database, version by version. A migration never deletes a store that is in use.

use indexed_db_futures::database::Database;
use indexed_db_futures::error::Error;
use indexed_db_futures::prelude::*;
use indexed_db_futures::{Build, KeyPath};

pub(super) const EVENTS: &str = "events";
pub(super) const OUTBOX: &str = "outbox";
pub(super) const REFUSED: &str = "refused";
pub(super) const RECEIPTS: &str = "receipts";
pub(super) const META: &str = "meta";
pub(super) const DRAFTS: &str = "drafts";

/// One row a movement.
pub(super) const MOVEMENTS: &str = "movements";
/// Which records belong to a movement.
pub(super) const MEMBERS: &str = "movement_records";
/// Which records are forms.
pub(super) const CHAIN: &str = "chain";
/// Photos, by the digest of their bytes: how they stand.
pub(super) const BLOBS: &str = "blobs";
/// The bytes themselves, under the same names: what changes while they are sent is small.
pub(super) const BLOB_BYTES: &str = "blob_bytes";

/// The organisation's standards pack.
pub(super) const PACKS: &str = "packs";

/// Records of others that wait to be handed on, to the letter.
pub(super) const CARRIED: &str = "carried";
/// The signed manifests that they belong to.
pub(super) const PARCELS: &str = "parcels";
/// Receipts of a server on their way back to whoever wrote the records.
pub(super) const RETURNED: &str = "returned";

/// The key of the birth mark in `META`.
pub(super) const BIRTH: &str = "birth";

/// Own events in the order they were written.
pub(super) const BY_DEVSEQ: &str = "by_devseq";
/// What was said about a record.
pub(super) const BY_SUBJECT: &str = "by_subject";
/// Records that are not about others, newest first.
pub(super) const BY_NEWEST: &str = "by_newest";
/// Records of others that wait for an answer.
pub(super) const BY_WAITING: &str = "by_waiting";
/// Photos that wait to be sent, the oldest first.
pub(super) const BY_UNSENT: &str = "by_unsent";
/// Movements, the latest departure first.
pub(super) const BY_DEPARTURE: &str = "by_departure";
/// The same of those that nobody has closed.
pub(super) const BY_OPEN: &str = "by_open";
/// Receipts by the id of a record they name.
pub(super) const BY_ID: &str = "by_id";

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Version {
    Empty = 0,
    First = 1,
    Movements = 2,
    Chain = 3,
    Packs = 4,
    Carry = 5,
}

pub(super) const LATEST: u8 = Version::Carry as u8;

/// Brings a database from where it is to the latest version, one step after the other.
pub(super) fn migrate(db: &Database, from: u8) -> Result<(), Error> {
    let mut version = match from {
        0 => Version::Empty,
        1 => Version::First,
        2 => Version::Movements,
        3 => Version::Chain,
        4 => Version::Packs,
        _ => Version::Carry,
    };
    while version < Version::Carry {
        version = match version {
            Version::Empty => {
                first(db)?;
                Version::First
            }
            Version::First => {
                movements(db)?;
                Version::Movements
            }
            Version::Movements => {
                chain(db)?;
                Version::Chain
            }
            Version::Chain => {
                db.create_object_store(PACKS).build()?;
                Version::Packs
            }
            Version::Packs | Version::Carry => {
                for name in [CARRIED, PARCELS, RETURNED] {
                    db.create_object_store(name).with_key_path(KeyPath::One("id")).build()?;
                }
                Version::Carry
            }
        };
    }
    Ok(())
}

/// See [`movements`].
fn chain(db: &Database) -> Result<(), Error> {
    db.create_object_store(CHAIN).with_key_path(KeyPath::from(vec!["newest", "id"])).build()?;
    let blobs = db.create_object_store(BLOBS).with_key_path(KeyPath::One("id")).build()?;
    blobs.create_index(BY_UNSENT, KeyPath::One("unsent")).build()?;
    db.create_object_store(BLOB_BYTES).build()?;
    Ok(())
}

/// Earlier versions stored what they did not know as it was: `Meta::understand` has it read again.
fn movements(db: &Database) -> Result<(), Error> {
    let movements = db.create_object_store(MOVEMENTS).with_key_path(KeyPath::One("id")).build()?;
    movements.create_index(BY_DEPARTURE, KeyPath::One("departure")).build()?;
    movements.create_index(BY_OPEN, KeyPath::One("open")).build()?;
    let key = KeyPath::from(vec!["movement", "record"]);
    db.create_object_store(MEMBERS).with_key_path(key).build()?;
    Ok(())
}

fn first(db: &Database) -> Result<(), Error> {
    let events = db.create_object_store(EVENTS).with_key_path(KeyPath::One("id")).build()?;
    events.create_index(BY_DEVSEQ, KeyPath::One("devseq")).build()?;
    events.create_index(BY_SUBJECT, KeyPath::One("subject")).build()?;
    events.create_index(BY_NEWEST, KeyPath::from(vec!["newest", "id"])).build()?;
    events.create_index(BY_WAITING, KeyPath::One("waiting")).build()?;
    db.create_object_store(OUTBOX).with_key_path(KeyPath::from(vec!["lane", "devseq"])).build()?;
    db.create_object_store(REFUSED).with_key_path(KeyPath::One("id")).build()?;
    let receipts = db.create_object_store(RECEIPTS).with_auto_increment(true).build()?;
    receipts.create_index(BY_ID, KeyPath::One("ids")).with_multi_entry(true).build()?;
    // Tells this database from one that the browser makes anew under the same name.
    let meta = db.create_object_store(META).build()?;
    meta.put(js_sys::Math::random()).with_key(BIRTH).primitive()?;
    db.create_object_store(DRAFTS).build()?;
    Ok(())
}
