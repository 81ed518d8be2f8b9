//! Photos at the reference server, `/blobs/{sha256}` (docs/SYNC-PROTOCOL.md).

use super::reference::{BASE, BATCH_MS_PER_KB, QUICK_MS, SMALL, bearer, get, is_page, json, refusal, wait};
use super::{NoResponse, Payload, Request, Response};
use crate::event::{Digest, Stamp};
use crate::json::Json as _;
use crate::json_struct;
use crate::sync::{BlobAnswer, Epoch, Piece, Refusal, Session, Span};

/// The largest photo that a server takes and a phone reads, in bytes.
pub const MAX_BLOB: u64 = 8 << 20;

/// The receipt of a photo.
struct Receipt {
    epoch: Epoch,
    sha256: Digest,
    bytes: u64,
    outcome: String,
}

json_struct!(Receipt: required [epoch, sha256, bytes, outcome]);

/// The answer to a part that is not the last, and to one that began in the wrong place.
#[derive(Default)]
struct Progress {
    /// Absent where the answer is a problem.
    sha256: Option<Digest>,
    held: Option<u64>,
}

json_struct!(Progress: draft [sha256, held]);

/// What came back for a photo that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    Bytes(Vec<u8>),
    /// It has not arrived there, or is not for this person.
    Missing,
    SignIn,
    Unreachable,
    /// The bytes are another photo's, or no answer of the backend.
    NotTheBackend,
}

/// `PUT /blobs/{sha256}`; `bytes` are those of the piece's span.
pub fn put(session: &Session, piece: &Piece, bytes: Vec<u8>) -> Request {
    let mut headers = vec![("authorization", bearer(session)), ("content-type", piece.media_type.clone())];
    let total = piece.total;
    let range = match piece.span {
        Span::Part(from, to) => Some(format!("bytes {from}-{}/{total}", to.saturating_sub(1))),
        Span::Ask => Some(format!("bytes */{total}")),
        Span::Whole => None,
    };
    headers.extend(range.map(|range| ("content-range", range)));
    let kilobytes = u32::try_from(bytes.len() / 1024).unwrap_or(u32::MAX / BATCH_MS_PER_KB / 2);
    Request {
        method: "PUT",
        path: path(&piece.sha256),
        headers,
        body: Some(Payload::Bytes(bytes)),
        timeout_ms: QUICK_MS + kilobytes * BATCH_MS_PER_KB,
        max_bytes: SMALL,
        no_cors: false,
    }
}

/// What came back for a piece. Whatever is no receipt that names the photo and its length is none.
pub fn read_put(reply: Result<Response, NoResponse>, piece: &Piece, now: Stamp) -> BlobAnswer {
    let response = match reply {
        Ok(response) => response,
        Err(NoResponse::Network) => return BlobAnswer::Unreachable,
        Err(NoResponse::TimedOut) => return BlobAnswer::TimedOut,
        Err(NoResponse::Aborted) => return BlobAnswer::Aborted,
        Err(NoResponse::TooLarge) => return BlobAnswer::NotTheBackend,
    };
    let words = refusal(&response);
    match response.status {
        200 | 201 => receipt(&response, piece).map_or(BlobAnswer::NotTheBackend, BlobAnswer::Receipt),
        202 => held(&response, Some(piece.sha256)).map_or(BlobAnswer::NotTheBackend, BlobAnswer::Held),
        409 => held(&response, None).map_or(BlobAnswer::NotTheBackend, BlobAnswer::Held),
        401 | 403 if is_page(&response) => BlobAnswer::NotTheBackend,
        401 | 403 => BlobAnswer::SignIn,
        408 => BlobAnswer::TimedOut,
        422 => words.map_or(BlobAnswer::NotTheBackend, BlobAnswer::Dropped),
        413 => words.filter(is_of_the_photo).map_or(BlobAnswer::TooLarge, BlobAnswer::Refused),
        400 | 411 | 415 => words.map_or(BlobAnswer::NotTheBackend, BlobAnswer::Refused),
        429 | 503 => BlobAnswer::Busy(wait(&response, now)),
        500..=599 => BlobAnswer::Backend(response.status),
        _ => BlobAnswer::NotTheBackend,
    }
}

/// The photo itself is too large, and not the piece.
fn is_of_the_photo(refusal: &Refusal) -> bool {
    refusal.code == "blob_too_large"
}

fn receipt(response: &Response, piece: &Piece) -> Option<Epoch> {
    let receipt = Receipt::from_value(&json(response)?).ok()?;
    let outcome = matches!(receipt.outcome.as_str(), "accepted" | "duplicate");
    (outcome && receipt.sha256 == piece.sha256 && receipt.bytes == piece.total).then_some(receipt.epoch)
}

fn held(response: &Response, named: Option<Digest>) -> Option<u64> {
    let progress = Progress::from_value(&json(response)?).ok()?;
    progress.held.filter(|_| progress.sha256 == named)
}

/// `GET /blobs/{sha256}`, of so many bytes.
pub fn fetch(session: &Session, sha256: &Digest, bytes: u64) -> Request {
    let kilobytes = u32::try_from(bytes / 1024).unwrap_or(u32::MAX / BATCH_MS_PER_KB / 2);
    let request = get(session, path(sha256));
    let max_bytes = usize::try_from(bytes.min(MAX_BLOB)).unwrap_or(SMALL).max(SMALL);
    Request { timeout_ms: QUICK_MS + kilobytes * BATCH_MS_PER_KB, max_bytes, ..request }
}

/// What came back for a photo: its bytes if they are what the name says.
pub fn read_fetch(reply: Result<Response, NoResponse>, sha256: &Digest) -> Fetched {
    let response = match reply {
        Ok(response) => response,
        Err(NoResponse::TooLarge) => return Fetched::NotTheBackend,
        Err(NoResponse::Network | NoResponse::TimedOut | NoResponse::Aborted) => return Fetched::Unreachable,
    };
    match response.status {
        200 if Digest::of_bytes(&response.body) == *sha256 => Fetched::Bytes(response.body),
        401 | 403 if !is_page(&response) => Fetched::SignIn,
        404 if refusal(&response).is_some() => Fetched::Missing,
        500..=599 => Fetched::Unreachable,
        _ => Fetched::NotTheBackend,
    }
}

fn path(sha256: &Digest) -> String {
    format!("{BASE}/blobs/{sha256}")
}

#[cfg(test)]
mod tests {
    use super::super::reference::PROBLEM_TYPE;
    use super::*;
    use crate::testing::store_suite::session;

    const NOW: Stamp = Stamp(0);
    const JSON: &str = "application/json";

    fn piece(span: Span) -> Piece {
        Piece { sha256: Digest::of_bytes(b"photo"), media_type: "image/jpeg".to_owned(), total: 5, span }
    }

    fn reply(status: u16, content_type: &str, body: &str) -> Response {
        Response { status, content_type: content_type.into(), body: body.into(), ..Response::default() }
    }

    fn answer(status: u16, content_type: &str, body: &str) -> BlobAnswer {
        read_put(Ok(reply(status, content_type, body)), &piece(Span::Part(0, 5)), NOW)
    }

    #[test]
    fn only_a_receipt_that_names_the_photo_and_its_length_is_one() {
        let receipt = |sha256: Digest, bytes: u64, outcome: &str| {
            format!(r#"{{"epoch":"e1","sha256":"{sha256}","bytes":{bytes},"outcome":"{outcome}"}}"#)
        };
        let (own, other) = (Digest::of_bytes(b"photo"), Digest::of_bytes(b"other"));
        let accepted = BlobAnswer::Receipt(Epoch("e1".to_owned()));
        assert_eq!(answer(201, JSON, &receipt(own, 5, "accepted")), accepted);
        assert_eq!(answer(200, JSON, &receipt(own, 5, "duplicate")), accepted);
        for (status, content_type, body) in [
            (200, JSON, receipt(other, 5, "accepted")),
            (200, JSON, receipt(own, 4, "accepted")),
            (200, JSON, receipt(own, 5, "partial")),
            (204, JSON, receipt(own, 5, "accepted")),
            (200, "text/html", receipt(own, 5, "accepted")),
            (200, JSON, receipt(own, 5, "accepted")[..70].to_owned()),
            (200, "text/html", "<html>Welcome to Hotel WiFi</html>".to_owned()),
            (302, "text/html", String::new()),
            (404, "text/html", String::new()),
            (202, JSON, format!(r#"{{"epoch":"e1","sha256":"{other}","held":3,"outcome":"partial"}}"#)),
            (409, "text/html", String::new()),
            (422, "text/html", String::new()),
        ] {
            assert_eq!(answer(status, content_type, &body), BlobAnswer::NotTheBackend, "{status} {body}");
        }
    }

    #[test]
    fn what_the_server_holds_and_why_it_refuses_is_understood() {
        let own = Digest::of_bytes(b"photo");
        let partial = format!(r#"{{"epoch":"e1","sha256":"{own}","held":3,"outcome":"partial"}}"#);
        assert_eq!(answer(202, JSON, &partial), BlobAnswer::Held(3));
        let problem = |code: &str| format!(r#"{{"title":"x","detail":"words","code":"{code}","held":3}}"#);
        let words = |code: &str| Refusal::new(code, "words".to_owned());
        let said = |status, code: &str| answer(status, PROBLEM_TYPE, &problem(code));
        assert_eq!(said(409, "wrong_offset"), BlobAnswer::Held(3));
        assert_eq!(said(422, "wrong_digest"), BlobAnswer::Dropped(words("wrong_digest")));
        assert_eq!(said(413, "blob_too_large"), BlobAnswer::Refused(words("blob_too_large")));
        assert_eq!(said(413, "body_too_large"), BlobAnswer::TooLarge);
        assert_eq!(answer(413, "text/html", ""), BlobAnswer::TooLarge);
        assert_eq!(said(415, "wrong_content_type"), BlobAnswer::Refused(words("wrong_content_type")));
        assert_eq!(answer(401, "", ""), BlobAnswer::SignIn);
        assert_eq!(answer(401, "text/html", "<html>"), BlobAnswer::NotTheBackend);
        assert_eq!(answer(502, "text/html", ""), BlobAnswer::Backend(502));
    }

    #[test]
    fn a_piece_says_which_bytes_it_carries() {
        let range = |span| {
            let request = put(&session(), &piece(span), vec![1, 2]);
            let range = request.headers.iter().find(|(name, _)| *name == "content-range");
            range.map(|(_, range)| range.clone())
        };
        assert_eq!(range(Span::Part(0, 2)).as_deref(), Some("bytes 0-1/5"));
        assert_eq!(range(Span::Ask).as_deref(), Some("bytes */5"));
        assert_eq!(range(Span::Whole), None);
    }

    #[test]
    fn bytes_that_are_not_the_photo_are_not_taken_for_it() {
        let own = Digest::of_bytes(b"photo");
        let fetched =
            |status, content_type: &str, body: &str| read_fetch(Ok(reply(status, content_type, body)), &own);
        assert_eq!(fetched(200, "image/jpeg", "photo"), Fetched::Bytes(b"photo".to_vec()));
        assert_eq!(fetched(200, "image/jpeg", "phot"), Fetched::NotTheBackend);
        assert_eq!(fetched(404, PROBLEM_TYPE, r#"{"code":"no_blob"}"#), Fetched::Missing);
        assert_eq!(fetched(404, "text/html", ""), Fetched::NotTheBackend);
        assert_eq!(fetched(403, "text/html", ""), Fetched::NotTheBackend);
        assert_eq!(read_fetch(Err(NoResponse::TooLarge), &own), Fetched::NotTheBackend);
        let most = |bytes| fetch(&session(), &own, bytes).max_bytes as u64;
        assert_eq!(most(400_000), 400_000);
        // A record may say anything of a photo, and a problem has to fit as well.
        assert_eq!((most(u64::MAX), most(0)), (MAX_BLOB, SMALL as u64));
    }
}
