//! What a server says to records that came by hand, signed, so that it counts whoever brings it.

use serde_json::Value;

use super::signing::RECEIPTS;
use super::{SignedText, SigningKey};
use crate::event::{DeviceId, OrgId, Stamp};
use crate::guidance::Key;
use crate::json::Json;
use crate::json_struct;
use crate::sync::{Entry, Epoch, Receipt, Settlement, Verdict, verdicts};

/// The receipts for the records of one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParcelReceipts {
    pub org: OrgId,
    pub device: DeviceId,
    /// Whose device it is.
    pub name: String,
    pub epoch: Epoch,
    /// The server's clock when it answered.
    pub received: Stamp,
    pub receipts: Vec<Receipt>,
}

json_struct!(ParcelReceipts: required [org, device, name, epoch, received, receipts]);

/// The same with the text that was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedReceipts {
    pub receipts: ParcelReceipts,
    pub signed: SignedText,
}

impl ParcelReceipts {
    pub fn sign(self, server: &SigningKey) -> SignedReceipts {
        let signed = server.sign(RECEIPTS, self.to_value().to_string());
        SignedReceipts { receipts: self, signed }
    }
}

impl SignedReceipts {
    /// What receipts say, if this server has signed them.
    pub fn read(signed: &SignedText, server: &Key) -> Option<Self> {
        if !signed.is_by(server, RECEIPTS) {
            return None;
        }
        Self::from_own_store(signed)
    }

    /// The same of what was read before: the signature was looked at when it came in.
    pub fn from_own_store(signed: &SignedText) -> Option<Self> {
        let json: Value = serde_json::from_str(&signed.text).ok()?;
        Some(Self { receipts: ParcelReceipts::from_value(&json).ok()?, signed: signed.clone() })
    }

    /// Whether the server holds what these name.
    pub fn stored(&self) -> usize {
        let held = |receipt: &&Receipt| matches!(receipt.outcome.as_str(), "accepted" | "duplicate");
        self.receipts.receipts.iter().filter(held).count()
    }

    /// How many it would not take.
    pub fn refused(&self) -> usize {
        let refused = |receipt: &&Receipt| matches!(receipt.outcome.as_str(), "rejected" | "conflict");
        self.receipts.receipts.iter().filter(refused).count()
    }
}

/// What receipts that came by hand mean for the outbox of the device that they are for; `None` if nothing.
///
/// Receipts of another life of the server than the one that this phone knows say nothing: which of the two is the later
/// one cannot be told here, and what is sent once more is a duplicate at worst.
pub fn settlement(
    receipts: &ParcelReceipts,
    device: &DeviceId,
    queued: &[Entry],
    known: Option<&Epoch>,
) -> Option<Settlement> {
    if receipts.device != *device || known.is_some_and(|known| *known != receipts.epoch) {
        return None;
    }
    let (mut stored, mut refused) = (vec![], vec![]);
    for (entry, (_, verdict)) in queued.iter().zip(verdicts(queued, &receipts.receipts)) {
        match verdict {
            Verdict::Stored { received } => {
                stored.push((entry.clone(), received.unwrap_or(receipts.received)));
            }
            Verdict::Refused(refusal) => refused.push((entry.clone(), refusal)),
            Verdict::Undecided => {}
        }
    }
    let settled = !stored.is_empty() || !refused.is_empty();
    settled.then(|| Settlement {
        epoch: Some(receipts.epoch.clone()),
        at: receipts.received,
        stored,
        refused,
    })
}
