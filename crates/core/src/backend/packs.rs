//! Standards packs at the reference server, `/pack` (docs/SYNC-PROTOCOL.md). What is fetched here is trusted by nobody:
//! [`crate::guidance::accept`] and [`crate::guidance::Manifest::check`] say whether it is taken.

use super::reference::{BASE, BATCH_MS_PER_KB, QUICK_MS, SMALL, get, is_page, json, refusal, wait};
use super::{NoResponse, Request, Response};
use crate::event::{Digest, Stamp};
use crate::guidance::{MAX_FILE, MAX_MANIFEST, Signed};
use crate::json::Json as _;
use crate::sync::{Session, Trouble};

/// A signed manifest of some hundred files, on one bar of signal.
const MANIFEST_MS: u32 = 4 * QUICK_MS;

/// What came back for the organisation's pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackAnswer {
    /// A signed release, to the letter.
    Offered(String),
    /// It is still the one that the phone has seen.
    Unchanged,
    /// The organisation has published none. What a phone has, it keeps.
    None,
    /// Nothing was learnt; with how many milliseconds to wait, where the server says so.
    Failed(Trouble, Option<i64>),
}

/// What came back for a file of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackFile {
    /// The bytes that the name says.
    Bytes(Vec<u8>),
    /// It belongs to no pack of the organisation.
    Missing,
    Failed(Trouble, Option<i64>),
}

/// `GET /pack`. `have` is the version whose files are all on this phone, 0 for none: the server tells whoever publishes.
/// `seen` is the signed text that came last, if it was kept to the letter: the same is not sent twice.
pub fn pack(session: &Session, have: u32, seen: Option<&str>) -> Request {
    let mut request = get(session, format!("{BASE}/pack?have={have}"));
    let tag = seen.map(|text| etag(text.as_bytes()));
    request.headers.extend(tag.map(|tag| ("if-none-match", tag)));
    Request { timeout_ms: MANIFEST_MS, max_bytes: MAX_MANIFEST, ..request }
}

/// How `GET /pack` names what it offers: the SHA-256 of the signed text.
pub fn etag(signed: &[u8]) -> String {
    format!("\"{}\"", Digest::of_bytes(signed))
}

/// What came back for [`pack`].
pub fn read_pack(reply: Result<Response, NoResponse>, now: Stamp) -> PackAnswer {
    let response = match reply {
        Ok(response) => response,
        Err(none) => return PackAnswer::Failed(unheard(none), None),
    };
    match response.status {
        200 => {
            offered(&response).map_or(PackAnswer::Failed(Trouble::NotTheBackend, None), PackAnswer::Offered)
        }
        204 => PackAnswer::None,
        304 => PackAnswer::Unchanged,
        _ => {
            let (trouble, wait) = trouble(&response, now);
            PackAnswer::Failed(trouble, wait)
        }
    }
}

/// The body, if it is a signed release at all: one that broke off is asked for again.
fn offered(response: &Response) -> Option<String> {
    Signed::from_value(&json(response)?).ok()?;
    String::from_utf8(response.body.clone()).ok()
}

/// `GET /pack/files/{sha256}`, of so many bytes.
pub fn pack_file(session: &Session, sha256: &Digest, bytes: u64) -> Request {
    let kilobytes = u32::try_from(bytes / 1024).unwrap_or(u32::MAX / BATCH_MS_PER_KB / 2);
    let request = get(session, format!("{BASE}/pack/files/{sha256}"));
    let max_bytes = usize::try_from(bytes.min(MAX_FILE)).unwrap_or(SMALL).max(SMALL);
    Request { timeout_ms: QUICK_MS + kilobytes * BATCH_MS_PER_KB, max_bytes, ..request }
}

/// What came back for [`pack_file`].
pub fn read_pack_file(reply: Result<Response, NoResponse>, sha256: &Digest, now: Stamp) -> PackFile {
    let response = match reply {
        Ok(response) => response,
        Err(none) => return PackFile::Failed(unheard(none), None),
    };
    match response.status {
        200 if Digest::of_bytes(&response.body) == *sha256 => PackFile::Bytes(response.body),
        404 if refusal(&response).is_some() => PackFile::Missing,
        _ => {
            let (trouble, wait) = trouble(&response, now);
            PackFile::Failed(trouble, wait)
        }
    }
}

pub(super) fn unheard(none: NoResponse) -> Trouble {
    match none {
        NoResponse::TimedOut => Trouble::TimedOut,
        NoResponse::Network | NoResponse::Aborted => Trouble::Unreachable,
        NoResponse::TooLarge => Trouble::TooLarge,
    }
}

pub(super) fn trouble(response: &Response, now: Stamp) -> (Trouble, Option<i64>) {
    match response.status {
        401 | 403 if !is_page(response) => (Trouble::SignIn, None),
        408 => (Trouble::TimedOut, None),
        429 | 503 => (Trouble::Busy, wait(response, now)),
        500..=599 => (Trouble::Backend(response.status), None),
        _ => (Trouble::NotTheBackend, None),
    }
}

#[cfg(test)]
mod tests {
    use super::super::reference::PROBLEM_TYPE;
    use super::*;
    use crate::testing::store_suite::session;

    const NOW: Stamp = Stamp(0);
    const JSON: &str = "application/json";
    const STRANGE: PackAnswer = PackAnswer::Failed(Trouble::NotTheBackend, None);

    fn reply(status: u16, content_type: &str, body: &str) -> Response {
        Response { status, content_type: content_type.into(), body: body.into(), ..Response::default() }
    }

    fn answer(status: u16, content_type: &str, body: &str) -> PackAnswer {
        read_pack(Ok(reply(status, content_type, body)), NOW)
    }

    fn signed() -> String {
        format!(r#"{{ "manifest": "{{}}", "key": "{}", "signature": "00" }}"#, "0".repeat(64))
    }

    #[test]
    fn a_release_comes_to_the_letter_or_not_at_all() {
        let whole = signed();
        assert_eq!(answer(200, JSON, &whole), PackAnswer::Offered(whole.clone()));
        assert_eq!(answer(304, "", ""), PackAnswer::Unchanged);
        assert_eq!(answer(204, "", ""), PackAnswer::None);
        for (status, content_type, body) in [
            (200, "text/html", whole.as_str()),
            (200, JSON, &whole[..whole.len() - 1]),
            (200, JSON, "{}"),
            (200, JSON, ""),
            (200, "text/html", "<html>Welcome to Hotel WiFi</html>"),
            (302, "text/html", ""),
            (403, "text/html", "<html>"),
            (404, PROBLEM_TYPE, r#"{"code":"unknown_path"}"#),
        ] {
            assert_eq!(answer(status, content_type, body), STRANGE, "{status} {content_type} {body}");
        }
    }

    #[test]
    fn why_nothing_was_learnt_is_told_apart() {
        let failed = |trouble| PackAnswer::Failed(trouble, None);
        assert_eq!(answer(401, PROBLEM_TYPE, "{}"), failed(Trouble::SignIn));
        assert_eq!(answer(408, PROBLEM_TYPE, "{}"), failed(Trouble::TimedOut));
        assert_eq!(answer(502, "text/html", ""), failed(Trouble::Backend(502)));
        assert_eq!(read_pack(Err(NoResponse::TimedOut), NOW), failed(Trouble::TimedOut));
        assert_eq!(read_pack(Err(NoResponse::Network), NOW), failed(Trouble::Unreachable));
        assert_eq!(read_pack(Err(NoResponse::TooLarge), NOW), failed(Trouble::TooLarge));
        let busy = Response { retry_after: Some("7".to_owned()), ..reply(429, PROBLEM_TYPE, "{}") };
        assert_eq!(read_pack(Ok(busy), NOW), PackAnswer::Failed(Trouble::Busy, Some(7_000)));
    }

    #[test]
    fn a_phone_says_what_it_has_and_what_it_has_seen() {
        let tag = |seen| {
            let request = pack(&session(), 3, seen);
            assert_eq!((request.path.as_str(), request.max_bytes), ("/api/v1/pack?have=3", MAX_MANIFEST));
            request.headers.into_iter().find(|(name, _)| *name == "if-none-match").map(|(_, tag)| tag)
        };
        assert_eq!(tag(None), None);
        assert_eq!(tag(Some("text")), Some(format!("\"{}\"", Digest::of_bytes(b"text"))));
    }

    #[test]
    fn only_the_bytes_that_the_name_says_are_the_file() {
        let own = Digest::of_bytes(b"{}");
        let file = |status, content_type: &str, body: &str| {
            read_pack_file(Ok(reply(status, content_type, body)), &own, NOW)
        };
        assert_eq!(file(200, JSON, "{}"), PackFile::Bytes(b"{}".to_vec()));
        assert_eq!(file(404, PROBLEM_TYPE, r#"{"code":"no_pack_file"}"#), PackFile::Missing);
        for (status, content_type, body) in
            [(200, JSON, "{"), (200, JSON, ""), (404, "text/html", ""), (204, "", ""), (206, JSON, "{}")]
        {
            let strange = PackFile::Failed(Trouble::NotTheBackend, None);
            assert_eq!(file(status, content_type, body), strange, "{status} {body}");
        }
        let request = pack_file(&session(), &own, 400 * 1_024);
        assert_eq!(request.path, format!("/api/v1/pack/files/{own}"));
        assert_eq!(request.timeout_ms, QUICK_MS + 100_000);
        assert!(pack_file(&session(), &own, u64::MAX).timeout_ms > QUICK_MS);
        let most = |bytes| pack_file(&session(), &own, bytes).max_bytes as u64;
        assert_eq!((most(400_000), most(u64::MAX)), (400_000, MAX_FILE));
        // A problem has to fit as well.
        assert_eq!(most(2), SMALL as u64);
        let endless = read_pack_file(Err(NoResponse::TooLarge), &own, NOW);
        assert_eq!(endless, PackFile::Failed(Trouble::TooLarge, None));
    }
}
