//! What a phone says to the reference server about what travels by hand: with which key it signs, and what it carries for
//! others.

use super::reference::{BASE, BATCH_MS_PER_KB, QUICK_MS, SMALL, get, json, refusal};
use super::{NoResponse, Payload, Request, Response};
use crate::carry::{self, MEDIA_TYPE, SignedText};
use crate::event::{DeviceId, Digest};
use crate::guidance::Key;
use crate::json::Json as _;
use crate::sync::Session;
use crate::{json_serialize, json_struct};

/// The answer to `PUT /device-key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certified {
    pub server_key: Key,
    /// A [`carry::Certificate`].
    pub certificate: SignedText,
}

json_struct!(Certified: required [server_key, certificate]);
json_serialize!(Certified);

/// The answer to `POST /bundles`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed {
    pub server_key: Key,
    /// One for each parcel, in order.
    pub parcels: Vec<HandedParcel>,
}

json_struct!(Handed: required [server_key, parcels]);
json_serialize!(Handed);

/// What became of one parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedParcel {
    pub device: DeviceId,
    /// See [`carry::Parcel::digest`].
    pub digest: Digest,
    /// [`carry::ParcelReceipts`]; there unless the parcel was refused as a whole.
    pub receipts: Option<SignedText>,
    /// `unknown_device`, `no_key`, `wrong_key`, `wrong_author`, `device_shut_out` or `foreign_organisation`
    pub code: Option<String>,
    pub detail: Option<String>,
}

json_struct!(HandedParcel: required [device, digest] optional [receipts, code, detail]);

/// How a handing over ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandAnswer {
    Handed(Handed),
    /// Nothing of it is in: try again when there is a network.
    Later,
    /// The server would not have the bundle as it is, with its word for why.
    Refused(String),
}

/// The largest bundle in one request, in bytes, and the most records in it.
pub const MOST: (usize, usize) = (1 << 20, 1_000);
/// Of an answer, for each record.
const RECEIPT: usize = 4 << 10;

/// `PUT /device-key`.
pub fn device_key(session: &Session, key: &Key) -> Request {
    let request = get(session, format!("{BASE}/device-key"));
    let mut headers = request.headers.clone();
    headers.push(("content-type", "application/json".to_owned()));
    let body = serde_json::json!({ "key": key.to_string() }).to_string();
    Request { method: "PUT", headers, body: Some(Payload::Text(body)), ..request }
}

/// What came back for [`device_key`]; `None` if it did not work.
pub fn read_device_key(reply: Result<Response, NoResponse>) -> Option<Certified> {
    let response = reply.ok().filter(|response| response.status == 200)?;
    Certified::from_value(&json(&response)?).ok()
}

/// `POST /bundles`.
pub fn hand_over(session: &Session, bundle: String) -> Request {
    let request = get(session, format!("{BASE}/bundles"));
    let mut headers = request.headers.clone();
    headers.push(("content-type", MEDIA_TYPE.to_owned()));
    let kilobytes = u32::try_from(bundle.len() / 1024).unwrap_or_default();
    Request {
        method: "POST",
        headers,
        body: Some(Payload::Text(bundle)),
        timeout_ms: QUICK_MS + kilobytes * BATCH_MS_PER_KB,
        max_bytes: SMALL + MOST.1 * RECEIPT,
        ..request
    }
}

/// What came back for [`hand_over`].
pub fn read_hand_over(reply: Result<Response, NoResponse>) -> HandAnswer {
    let Ok(response) = reply else { return HandAnswer::Later };
    match response.status {
        200 => json(&response)
            .and_then(|body| Handed::from_value(&body).ok())
            .map_or(HandAnswer::Later, HandAnswer::Handed),
        422 => refusal(&response).map_or(HandAnswer::Later, |refusal| HandAnswer::Refused(refusal.code)),
        _ => HandAnswer::Later,
    }
}

/// Of what is carried, as much as goes into one request.
pub fn first(carried: &[carry::CarriedParcel]) -> String {
    carry::write_parcels(carried, MOST.0, MOST.1)
}
