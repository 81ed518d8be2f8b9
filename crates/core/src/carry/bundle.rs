//! A bundle as a file: JSON, one value a line.
//!
//! ```text
//! {"format":"waymark-bundle","version":1}
//! {"parcel":{"text":…,"signature":…},"certificate":{…}?,"lines":2}
//! a record
//! a record
//! {"receipts":{"text":…,"signature":…}}
//! {"end":4}
//! ```

use serde_json::{Value, json};

use super::read::{MAX_BYTES, MAX_PARTS, MAX_RECORDS, Room};
use super::{CarriedParcel, Manifest, Piece, SignedReceipts, SignedText, SigningKey};
use crate::event::{Digest, Event, Stamp};
use crate::json::Json;
use crate::sync::Session;

/// Of the file.
pub const MEDIA_TYPE: &str = "application/vnd.waymark.bundle+json";
pub(super) const FORMAT: &str = "waymark-bundle";
pub(super) const VERSION: u64 = 1;

/// Who makes a bundle.
pub struct Own<'a> {
    pub session: &'a Session,
    pub key: &'a SigningKey,
    pub certificate: Option<&'a SignedText>,
}

/// A bundle to hand over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outgoing {
    pub text: String,
    /// How many records of this phone are in it.
    pub own: usize,
    /// How many of others.
    pub carried: usize,
    /// How many of both did not fit, the last of each.
    pub left_out: usize,
}

/// A bundle of own records, in the order in which they go, and of what is carried for others, with receipts of whatever
/// server that are on their way back, the oldest first.
pub fn write(
    own: &Own<'_>,
    events: &[Event],
    carried: &[CarriedParcel],
    receipts: &[SignedReceipts],
    made: Stamp,
) -> Outgoing {
    let mut lines = Lines::new();
    let receipts: Vec<_> = receipts.iter().rev().take(MAX_RECEIPTS).map(receipts_line).collect();
    // Small, and what lets go of records somewhere.
    let mut room = Room::new();
    let receipts: Vec<_> = receipts.into_iter().take_while(|line| room.takes(line, 0)).collect();
    let mut parts = receipts.len();
    let (mut pieces, mut texts) = (vec![], vec![]);
    for event in events {
        let line = event.to_json().to_string();
        if !room.takes(&line, PIECE) {
            break;
        }
        pieces.push(Piece { id: event.id, sha256: Digest::of_bytes(line.as_bytes()) });
        texts.push(line);
    }
    let mut outgoing =
        Outgoing { own: texts.len(), left_out: events.len() - texts.len(), ..Outgoing::default() };
    if !texts.is_empty() {
        parts += 1;
        let manifest = Manifest {
            org: own.session.org.clone(),
            device: own.session.device.clone(),
            user: own.session.user.clone(),
            name: own.session.name.clone(),
            made,
            key: own.key.public(),
            records: pieces,
        };
        lines.parcel(&manifest.sign(own.key), own.certificate, texts.iter().map(String::as_str));
    }
    for parcel in carried {
        let head = parcel.signed.text.len() + parcel.certificate.as_ref().map_or(0, |own| own.text.len());
        if parts == MAX_PARTS || !room.takes("", 2 * head) {
            outgoing.left_out += parcel.lines.len();
            continue;
        }
        parts += 1;
        let fits = parcel.lines.iter().take_while(|line| room.takes(line, 0)).count();
        outgoing.carried += fits;
        outgoing.left_out += parcel.lines.len() - fits;
        let some = parcel.lines.iter().take(fits).map(String::as_str);
        lines.parcel(&parcel.signed, parcel.certificate.as_ref(), some);
    }
    for line in &receipts {
        lines.push(line);
    }
    outgoing.text = lines.done();
    outgoing
}

/// Parcels of others alone, for a server: as much as goes into so many bytes and records, but one record if there is any.
pub fn write_parcels(carried: &[CarriedParcel], bytes: usize, records: usize) -> String {
    let mut lines = Lines::new();
    let mut count = 0;
    for parcel in carried.iter().take(MAX_PARTS) {
        let head = 2 * parcel.signed.text.len() + HEAD;
        let mut size = lines.0.len() + head;
        let fits = |line: &&String| {
            size += line.len() + 1;
            count += 1;
            count == 1 || size <= bytes && count <= records
        };
        let some: Vec<&str> = parcel.lines.iter().take_while(fits).map(String::as_str).collect();
        if some.is_empty() {
            break;
        }
        lines.parcel(&parcel.signed, parcel.certificate.as_ref(), some.into_iter());
    }
    lines.done()
}

/// The most receipts in a bundle, the latest: of several that say the same, one is enough.
const MAX_RECEIPTS: usize = 200;
/// What a record takes up in a manifest that is text within JSON.
const PIECE: usize = 160;
/// What a parcel takes up beside its manifest and its records.
const HEAD: usize = 2_048;

fn receipts_line(receipts: &SignedReceipts) -> String {
    json!({ "receipts": receipts.signed.to_value() }).to_string()
}

struct Lines(String, usize);

impl Lines {
    fn new() -> Self {
        let mut lines = Self(String::new(), 0);
        lines.push(&json!({ "format": FORMAT, "version": VERSION }).to_string());
        lines.1 = 0;
        lines
    }

    fn push(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
        self.1 += 1;
    }

    fn parcel<'a>(
        &mut self,
        signed: &SignedText,
        certificate: Option<&SignedText>,
        records: impl ExactSizeIterator<Item = &'a str>,
    ) {
        let mut head = json!({ "parcel": signed.to_value(), "lines": records.len() });
        if let Some(certificate) = certificate {
            head["certificate"] = certificate.to_value();
        }
        self.push(&Value::to_string(&head));
        records.for_each(|record| self.push(record));
    }

    fn done(mut self) -> String {
        self.0.push_str(&json!({ "end": self.1 }).to_string());
        self.0.push('\n');
        self.0
    }
}

/// `waymark-amina-2026-07-14.waymark`: whose it is and of which day, in letters that every disk takes.
pub fn file_name(name: &str, made: Stamp) -> String {
    let plain: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).take(40).collect();
    let day = made.to_string();
    format!("waymark-{}-{}.waymark", plain.trim_matches('-'), day.get(..10).unwrap_or_default())
}

const _: () = assert!(MAX_RECORDS * PIECE < MAX_BYTES);
