use indexed_db_futures::error::{Error, SimpleValueError};
use indexed_db_futures::primitive::{TryFromJs, TryToJs};
use wasm_bindgen::JsValue;
use waymark_core::carry::{CarriedParcel, Returned, SignedReceipts, SignedText};
use waymark_core::event::{DeviceId, Digest, Stamp};
use waymark_core::json::Json as _;
use waymark_core::sync::StoreError;

use crate::store::js::{self, Bytes, Row};
use crate::store::vault;

/// A row of `carried`: one record of somebody else, to the letter.
pub(super) struct LineRow {
    /// Of the record.
    pub id: String,
    /// The digest of its parcel.
    pub parcel: String,
    /// That of its data.
    pub digest: String,
    pub line: Bytes,
}

/// A row of `parcels`: a parcel without its records.
pub(super) struct ParcelRow(pub CarriedParcel);

/// A row of `returned`: what a server has signed.
pub(super) struct ReturnedRow {
    /// The digest of the text.
    pub id: String,
    at: f64,
    signed: Bytes,
}

impl ReturnedRow {
    pub fn of(signed: &SignedText, at: Stamp) -> Self {
        Self {
            id: Digest::of_bytes(signed.text.as_bytes()).to_string(),
            at: number(at),
            signed: Bytes(vault::seal(&signed.to_value().to_string())),
        }
    }

    pub fn taken(&self) -> Stamp {
        stamp(self.at)
    }

    pub fn returned(self) -> Result<Returned, StoreError> {
        let (taken, text) = (self.taken(), vault::open(self.signed.0)?);
        let read = || SignedReceipts::from_own_store(&signed(&text)?);
        let receipts =
            read().ok_or_else(|| StoreError::Failed("stored receipts cannot be read".to_owned()))?;
        Ok(Returned { receipts, taken })
    }
}

fn signed(text: &str) -> Option<SignedText> {
    SignedText::from_value(&serde_json::from_str(text).ok()?).ok()
}

#[allow(clippy::cast_precision_loss)] // milliseconds fit into 53 bits
fn number(at: Stamp) -> f64 {
    at.0 as f64
}

#[allow(clippy::cast_possible_truncation)] // as it was written
fn stamp(at: f64) -> Stamp {
    Stamp(at as i64)
}

impl TryFromJs for LineRow {
    fn from_js(row: JsValue) -> Result<Self, SimpleValueError> {
        Ok(Self {
            id: js::text(&row, "id")?,
            parcel: js::text(&row, "parcel")?,
            digest: js::text(&row, "digest")?,
            line: Bytes::from_js(js::member(&row, "line"))?,
        })
    }
}

impl TryToJs for LineRow {
    fn try_to_js(&self) -> Result<JsValue, Error> {
        let row = Row::new().text("id", &self.id).text("parcel", &self.parcel).text("digest", &self.digest);
        Ok(row.with("line", &self.line.try_to_js()?).done())
    }
}

impl TryFromJs for ParcelRow {
    fn from_js(row: JsValue) -> Result<Self, SimpleValueError> {
        let parts = js::member(&row, "signed");
        let wrong = || SimpleValueError::DynCast(parts.clone());
        let mut texts = Vec::<Bytes>::from_js(parts.clone())?.into_iter().map(|part| {
            let text = vault::open(part.0).map_err(|_| wrong())?;
            signed(&text).ok_or_else(wrong)
        });
        Ok(Self(CarriedParcel {
            digest: js::text(&row, "id")?.parse().map_err(|_| wrong())?,
            device: DeviceId(js::text(&row, "device")?),
            name: js::text(&row, "name")?,
            taken: stamp(js::number(&row, "at")?),
            signed: texts.next().ok_or_else(wrong)??,
            certificate: texts.next().transpose()?,
            trouble: js::text(&row, "trouble").ok(),
            lines: vec![],
        }))
    }
}

impl TryToJs for ParcelRow {
    fn try_to_js(&self) -> Result<JsValue, Error> {
        let sealed = |part: &SignedText| Bytes(vault::seal(&part.to_value().to_string()));
        let parts: Vec<Bytes> =
            [Some(&self.0.signed), self.0.certificate.as_ref()].into_iter().flatten().map(sealed).collect();
        let row = Row::new()
            .text("id", &self.0.digest.to_string())
            .text("device", &self.0.device.0)
            .text("name", &self.0.name)
            .number("at", number(self.0.taken))
            .with("signed", &parts.try_to_js()?);
        Ok(match &self.0.trouble {
            Some(trouble) => row.text("trouble", trouble),
            None => row,
        }
        .done())
    }
}

impl TryFromJs for ReturnedRow {
    fn from_js(row: JsValue) -> Result<Self, SimpleValueError> {
        Ok(Self {
            id: js::text(&row, "id")?,
            at: js::number(&row, "at")?,
            signed: Bytes::from_js(js::member(&row, "signed"))?,
        })
    }
}

impl TryToJs for ReturnedRow {
    fn try_to_js(&self) -> Result<JsValue, Error> {
        let row = Row::new().text("id", &self.id).number("at", self.at);
        Ok(row.with("signed", &self.signed.try_to_js()?).done())
    }
}
