//! The records themselves: a batch in the JSON format of `CloudEvents` 1.0.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Exported;

pub const MEDIA_TYPE: &str = "application/cloudevents-batch+json";

/// Every record of the items, each once.
///
/// Within the organisation they are as they were saved, with what the server adds. What [`super::redaction`] has taken
/// something out of is another record under the same id: it says `redacted`, its digest is that of what is left, its
/// author and its device are `redacted`, its time is corrected and its place in the feed is not told.
pub fn batch(items: &[Exported<'_>]) -> String {
    let mut seen = BTreeSet::new();
    let mut all = vec![];
    for record in items.iter().flat_map(|item| &item.events) {
        // A link stands with both of its ends.
        if seen.insert(record.event.id) {
            all.push(record.to_json());
        }
    }
    Value::Array(all).to_string()
}
