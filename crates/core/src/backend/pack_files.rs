//! Files of a standards pack, many in one answer: `POST /pack/files` (docs/SYNC-PROTOCOL.md). Each is taken only if it is
//! what the manifest says; what does not come this way is asked for by itself.

use super::reference::{BASE, BATCH_MS_PER_KB, QUICK_MS, SMALL, bearer, wait};
use super::{NoResponse, Payload, Request, Response};
use crate::event::Stamp;
use crate::guidance::{Entry, Manifest};
use crate::sync::Session;

/// The most files of one answer.
pub const MOST_FILES: usize = 256;
/// The most bytes of one answer.
pub const MOST_BYTES: usize = 1 << 20;

/// A link that breaks costs what is on its way: what a phone asks for at once, in bytes, is less than it may.
const AT_ONCE: u64 = 256 << 10;

/// What came back for a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackFiles {
    /// These are what the manifest says; perhaps not all, perhaps none.
    Some(Vec<(Entry, Vec<u8>)>),
    /// The server asks for time: so many milliseconds, where it says how many.
    Busy(Option<i64>),
}

/// Files in groups, each as large as one answer is to be.
pub fn groups<'a>(files: &[&'a Entry]) -> Vec<Vec<&'a Entry>> {
    let mut groups: Vec<Vec<&Entry>> = vec![];
    let mut bytes = 0;
    for file in files {
        match groups.last_mut() {
            Some(last) if last.len() < MOST_FILES && bytes + file.bytes <= AT_ONCE => last.push(*file),
            _ => {
                groups.push(vec![*file]);
                bytes = 0;
            }
        }
        bytes += file.bytes;
    }
    groups
}

/// `POST /pack/files`, for a group.
pub fn pack_files(session: &Session, group: &[&Entry]) -> Request {
    let names: Vec<String> = group.iter().map(|file| format!("\"{}\"", file.sha256)).collect();
    let bytes = group.iter().map(|file| file.bytes).sum::<u64>().min(MOST_BYTES as u64);
    let bytes = usize::try_from(bytes).unwrap_or(MOST_BYTES);
    let kilobytes = u32::try_from(bytes / 1024).unwrap_or_default();
    Request {
        method: "POST",
        path: format!("{BASE}/pack/files"),
        headers: vec![("authorization", bearer(session)), ("content-type", "application/json".to_owned())],
        body: Some(Payload::Text(format!("[{}]", names.join(",")))),
        timeout_ms: QUICK_MS + kilobytes * BATCH_MS_PER_KB,
        max_bytes: bytes.max(SMALL),
        no_cors: false,
    }
}

/// What came back for [`pack_files`].
pub fn read_pack_files(reply: Result<Response, NoResponse>, group: &[&Entry], now: Stamp) -> PackFiles {
    match reply {
        Ok(response) if matches!(response.status, 429 | 503) => PackFiles::Busy(wait(&response, now)),
        Ok(response) if response.status == 200 => PackFiles::Some(cut(&response.body, group)),
        _ => PackFiles::Some(vec![]),
    }
}

fn cut(body: &[u8], group: &[&Entry]) -> Vec<(Entry, Vec<u8>)> {
    let mut rest = body;
    let mut files = vec![];
    for file in group {
        let length = usize::try_from(file.bytes).unwrap_or(usize::MAX);
        let Some((bytes, after)) = rest.split_at_checked(length) else { break };
        rest = after;
        if Manifest::check(file, bytes).is_ok() {
            files.push(((*file).clone(), bytes.to_vec()));
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Digest;
    use crate::testing::store_suite::session;

    fn file(text: &str) -> Entry {
        let (sha256, bytes) = (Digest::of_bytes(text.as_bytes()), text.len() as u64);
        Entry { path: format!("cards/{text}.json"), sha256, bytes }
    }

    fn got(reply: Result<Response, NoResponse>, group: &[&Entry]) -> Vec<String> {
        match read_pack_files(reply, group, Stamp(0)) {
            PackFiles::Some(files) => {
                files.iter().map(|(_, bytes)| String::from_utf8(bytes.clone()).unwrap()).collect()
            }
            PackFiles::Busy(_) => panic!("busy"),
        }
    }

    fn reply(status: u16, body: &str) -> Response {
        Response { status, body: body.into(), ..Response::default() }
    }

    #[test]
    fn each_file_of_an_answer_is_held_against_its_name() {
        let (one, two, three) = (file("one"), file("twotwo"), file("3"));
        let group = [&one, &two, &three];
        let of = |body: &str| got(Ok(reply(200, body)), &group);
        assert_eq!(of("onetwotwo3"), ["one", "twotwo", "3"]);
        assert_eq!(of("onetwotxo3"), ["one", "3"]);
        assert_eq!(of("onetwo"), ["one"], "what broke off after a whole file");
        assert_eq!(of("onetwotwo3 and more"), ["one", "twotwo", "3"]);
        assert!(of("").is_empty() && of("<html>Welcome to Hotel WiFi</html>").is_empty());
        for status in [204, 302, 401, 404, 405, 413, 500] {
            assert!(got(Ok(reply(status, "onetwotwo3")), &group).is_empty(), "{status}");
        }
        for none in [NoResponse::Network, NoResponse::TimedOut, NoResponse::Aborted, NoResponse::TooLarge] {
            assert!(got(Err(none), &group).is_empty());
        }
        let busy = Response { retry_after: Some("7".to_owned()), ..reply(429, "") };
        assert_eq!(read_pack_files(Ok(busy), &group, Stamp(0)), PackFiles::Busy(Some(7_000)));
    }

    #[test]
    fn a_group_is_no_more_than_one_answer() {
        let small: Vec<Entry> = (0..600).map(|n| Entry { bytes: 10, ..file(&n.to_string()) }).collect();
        let lengths = |files: &[Entry]| {
            groups(&files.iter().collect::<Vec<_>>()).iter().map(Vec::len).collect::<Vec<_>>()
        };
        assert_eq!(lengths(&small), [256, 256, 88]);
        let sized = |bytes: u64| Entry { bytes, ..file("x") };
        assert_eq!(lengths(&[sized(200_000), sized(60_000), sized(10_000), sized(500_000)]), [2, 1, 1]);
        assert!(lengths(&[]).is_empty());
    }

    #[test]
    fn a_request_says_what_and_allows_no_more() {
        let (one, two) = (file("one"), Entry { bytes: 200_000, ..file("two") });
        let request = pack_files(&session(), &[&one, &two]);
        assert_eq!(request.text(), format!("[\"{}\",\"{}\"]", one.sha256, two.sha256));
        assert_eq!((request.max_bytes, request.timeout_ms), (200_003, QUICK_MS + 195 * BATCH_MS_PER_KB));
        let endless = Entry { bytes: u64::MAX / 2, ..file("x") };
        assert_eq!(pack_files(&session(), &[&endless, &one]).max_bytes, MOST_BYTES);
    }
}
