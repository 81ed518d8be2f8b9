//! The body of an answer, piece by piece: how much there is of it shows only as it comes.

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use waymark_core::backend::NoResponse;
use web_sys::ReadableStreamDefaultReader;

/// A body that is being read.
pub(super) struct Pieces(ReadableStreamDefaultReader);

impl Pieces {
    /// `None` where an answer has no body.
    pub(super) fn of(response: &gloo_net::http::Response) -> Option<Self> {
        response.body()?.get_reader().dyn_into().ok().map(Self)
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// The body broke off.
    pub(super) async fn next(&self) -> Result<Option<Vec<u8>>, JsValue> {
        let piece = JsFuture::from(self.0.read()).await?;
        if Reflect::get(&piece, &JsValue::from_str("done"))?.is_truthy() {
            return Ok(None);
        }
        let bytes: Uint8Array = Reflect::get(&piece, &JsValue::from_str("value"))?.dyn_into()?;
        Ok(Some(bytes.to_vec()))
    }
}

/// The whole body, if it has no more than `most` bytes.
///
/// # Errors
/// It has more, or broke off.
pub(super) async fn whole(response: &gloo_net::http::Response, most: usize) -> Result<Vec<u8>, NoResponse> {
    let headers = response.headers();
    // Of a body that is packed this is the length of the parcel.
    let length = headers.get("content-length").filter(|_| headers.get("content-encoding").is_none());
    if length.and_then(|text| text.parse::<usize>().ok()).is_some_and(|length| length > most) {
        return Err(NoResponse::TooLarge);
    }
    let mut all = vec![];
    let Some(pieces) = Pieces::of(response) else { return Ok(all) };
    while let Some(piece) = pieces.next().await.map_err(|_| NoResponse::Network)? {
        if all.len() + piece.len() > most {
            return Err(NoResponse::TooLarge);
        }
        all.extend(piece);
    }
    Ok(all)
}
