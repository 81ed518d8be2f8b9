//! What stands in the object store of photos, beside their bytes.

use indexed_db_futures::error::{Error, SimpleValueError};
use indexed_db_futures::primitive::{TryFromJs, TryToJs};
use wasm_bindgen::JsValue;
use waymark_core::sync::{Blob, Refusal, Standing, StoreError};

use super::js::{self, Row, counter, of_counter};

#[derive(Clone, PartialEq)]
pub(super) struct BlobRow {
    pub id: String,
    pub media_type: String,
    pub bytes: u64,
    /// When it was put here, in milliseconds since 1970.
    pub created: f64,
    /// Own records that name it.
    pub records: Vec<String>,
    pub state: BlobState,
}

#[derive(Clone, PartialEq)]
pub(super) enum BlobState {
    Draft,
    /// With the bytes that the backend is believed to hold.
    Waiting(u64),
    /// On the receipt of this life of the backend.
    Sent(String),
    Refused(Refusal),
    Fetched,
}

impl BlobRow {
    pub fn standing(self) -> Standing {
        match self.state {
            BlobState::Draft => Standing::Draft,
            BlobState::Waiting(held) => Standing::Waiting { held, bytes: self.bytes },
            BlobState::Sent(_) => Standing::Sent,
            BlobState::Refused(refusal) => Standing::Refused(refusal),
            BlobState::Fetched => Standing::Fetched,
        }
    }

    pub fn to_send(&self, held: u64) -> Result<Blob, StoreError> {
        let sha256 = self.id.parse();
        let sha256 = sha256.map_err(|_| StoreError::Failed("a photo has no name".to_owned()))?;
        Ok(Blob { sha256, media_type: self.media_type.clone(), bytes: self.bytes, held })
    }
}

impl TryFromJs for BlobRow {
    fn from_js(row: JsValue) -> Result<Self, SimpleValueError> {
        let state = match js::text(&row, "state")?.as_str() {
            "waiting" => BlobState::Waiting(counter(js::number(&row, "held")?)),
            "sent" => BlobState::Sent(js::text(&row, "epoch")?),
            "refused" => BlobState::Refused(js::read_json(js::member(&row, "refusal"))?),
            "fetched" => BlobState::Fetched,
            _ => BlobState::Draft,
        };
        Ok(Self {
            id: js::text(&row, "id")?,
            media_type: js::text(&row, "media_type")?,
            bytes: counter(js::number(&row, "bytes")?),
            created: js::number(&row, "created")?,
            records: Vec::from_js(js::member(&row, "records"))?,
            state,
        })
    }
}

impl TryToJs for BlobRow {
    fn try_to_js(&self) -> Result<JsValue, Error> {
        let row = Row::new().text("id", &self.id).text("media_type", &self.media_type);
        let row = row.number("bytes", of_counter(self.bytes)).number("created", self.created);
        let row = row.with("records", &self.records.try_to_js()?);
        Ok(match &self.state {
            BlobState::Draft => row.text("state", "draft"),
            // The index of what waits knows no others.
            BlobState::Waiting(held) => {
                let row = row.text("state", "waiting").number("held", of_counter(*held));
                row.number("unsent", self.created)
            }
            BlobState::Sent(epoch) => row.text("state", "sent").text("epoch", epoch),
            BlobState::Refused(refusal) => row.text("state", "refused").with("refusal", &js::json(refusal)),
            BlobState::Fetched => row.text("state", "fetched"),
        }
        .done())
    }
}
