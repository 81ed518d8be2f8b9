use std::fmt;

use serde::{Deserialize, Serialize};

use super::Entry;
use crate::event::{EventId, Stamp};
use crate::json_struct;

/// Names one life of a backend's database: restored from a backup, it has another.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Epoch(pub String);

crate::json::json_name!(Epoch);

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a record was refused, in the backend's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Stable identifier such as `not_allowed`.
    pub code: String,
    pub detail: String,
}

json_struct!(Refusal: required [code, detail]);

impl Refusal {
    pub fn new(code: &str, detail: String) -> Self {
        Self { code: code.to_owned(), detail }
    }
}

/// What a backend did with one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Accepted,
    Duplicate,
    /// The same id is held with another digest; both are kept there, but this one is not in the feed.
    Conflict,
    Rejected(Refusal),
    /// Nothing was decided: send it again.
    Retry,
}

/// One line of the answer to `POST /records`, as on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Receipt {
    pub source: String,
    pub id: String,
    pub digest: String,
    /// accepted | duplicate | conflict | rejected | retry
    pub outcome: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// When it was stored, where that was before this answer: what was sent twice was received once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received: Option<Stamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

json_struct!(Receipt: required [source, id, digest, outcome] optional [seq, received, code, detail]);

/// The answer to `POST /records`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Receipts {
    pub epoch: Epoch,
    /// The server's clock when it answered.
    pub received: Stamp,
    pub receipts: Vec<Receipt>,
}

json_struct!(Receipts: required [epoch, received, receipts]);

impl Receipt {
    /// The receipt for a record that was read.
    pub fn new(source: &str, id: &str, digest: &str, outcome: &Outcome, seq: Option<u64>) -> Self {
        let (word, refusal) = match outcome {
            Outcome::Accepted => ("accepted", None),
            Outcome::Duplicate => ("duplicate", None),
            Outcome::Conflict => ("conflict", None),
            Outcome::Rejected(refusal) => ("rejected", Some(refusal.clone())),
            Outcome::Retry => ("retry", None),
        };
        let (code, detail) = refusal.map(|refusal| (refusal.code, refusal.detail)).unzip();
        Self {
            source: source.into(),
            id: id.into(),
            digest: digest.into(),
            outcome: word.into(),
            seq,
            received: None,
            code,
            detail,
        }
    }

    /// The outcome, if it is one this version knows.
    pub fn outcome(&self) -> Option<Outcome> {
        Some(match self.outcome.as_str() {
            "accepted" => Outcome::Accepted,
            "duplicate" => Outcome::Duplicate,
            "conflict" => Outcome::Conflict,
            "retry" => Outcome::Retry,
            "rejected" => Outcome::Rejected(Refusal {
                code: self.code.clone().unwrap_or_else(|| "rejected".into()),
                detail: self.detail.clone().unwrap_or_default(),
            }),
            _ => return None,
        })
    }
}

/// What a batch's answer means for one entry that was in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The backend holds it, by id and digest.
    Stored {
        /// When, if that was before this answer.
        received: Option<Stamp>,
    },
    Refused(Refusal),
    /// Not decided, or no valid receipt came for it.
    Undecided,
}

/// Matches receipts to what was sent. A receipt counts only for the entry whose id *and* digest it names; whatever
/// names neither, is missing, or speaks of an unknown outcome leaves its entry undecided.
pub fn verdicts(sent: &[Entry], receipts: &[Receipt]) -> Vec<(EventId, Verdict)> {
    sent.iter()
        .map(|entry| {
            let (id, digest) = (entry.id.to_string(), entry.digest.to_string());
            let receipt = receipts.iter().rfind(|receipt| receipt.id == id && receipt.digest == digest);
            (entry.id, receipt.map_or(Verdict::Undecided, verdict))
        })
        .collect()
}

fn verdict(receipt: &Receipt) -> Verdict {
    match receipt.outcome() {
        Some(Outcome::Accepted | Outcome::Duplicate) => Verdict::Stored { received: receipt.received },
        Some(Outcome::Conflict) => Verdict::Refused(Refusal {
            code: "conflict".into(),
            detail: receipt.detail.clone().unwrap_or_default(),
        }),
        Some(Outcome::Rejected(refusal)) => Verdict::Refused(refusal),
        Some(Outcome::Retry) | None => Verdict::Undecided,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::build;

    fn sent() -> Vec<Entry> {
        (1..=3).map(|n| Entry::of(&build::checkin(n), false, 0)).collect()
    }

    fn receipt(entry: &Entry, outcome: &Outcome) -> Receipt {
        Receipt::new(
            "/orgs/acme/devices/d1",
            &entry.id.to_string(),
            &entry.digest.to_string(),
            outcome,
            Some(9),
        )
    }

    #[test]
    fn only_a_receipt_that_names_id_and_digest_counts() {
        let sent = sent();
        let mut wrong_digest = receipt(&sent[0], &Outcome::Accepted);
        wrong_digest.digest = sent[1].digest.to_string();
        let mut other_id = receipt(&sent[1], &Outcome::Accepted);
        other_id.id = build::checkin(99).id.to_string();
        let mut unknown_word = receipt(&sent[2], &Outcome::Accepted);
        unknown_word.outcome = "fine".into();
        let all = verdicts(&sent, &[wrong_digest, other_id, unknown_word]);
        assert!(all.iter().all(|(_, verdict)| *verdict == Verdict::Undecided), "{all:?}");
        assert!(verdicts(&sent, &[]).iter().all(|(_, verdict)| *verdict == Verdict::Undecided));
    }

    #[test]
    fn receipts_in_any_order_find_their_entries() {
        let sent = sent();
        let refusal = Refusal::new("not_allowed", "no".into());
        let duplicate = Receipt { received: Some(build::MORNING), ..receipt(&sent[1], &Outcome::Duplicate) };
        let receipts = [
            receipt(&sent[2], &Outcome::Rejected(refusal.clone())),
            receipt(&sent[0], &Outcome::Accepted),
            duplicate,
        ];
        let all: Vec<_> = verdicts(&sent, &receipts).into_iter().map(|(_, verdict)| verdict).collect();
        let stored = |received| Verdict::Stored { received };
        assert_eq!(all, [stored(None), stored(Some(build::MORNING)), Verdict::Refused(refusal)]);
    }
}
