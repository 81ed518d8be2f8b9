//! What those who answer for the standards ask of the reference server: what is published, who has it, what has changed, and
//! to publish a release that was signed elsewhere.

use std::collections::BTreeMap;

use super::packs::{trouble, unheard};
use super::reference::{BASE, BATCH_MS_PER_KB, DIRECTORY, QUICK_MS, SMALL, bearer, get, json, refusal};
use super::{NoResponse, Payload, Request, Response};
use crate::event::{DeviceId, Digest, Stamp, UserId};
use crate::guidance::{Change, Key};
use crate::json::{Json, Members, put};
use crate::rules::Role;
use crate::sync::{Session, Trouble};
use crate::{json_serialize, json_struct};

/// The answer to `GET /standards`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standards {
    /// That phones trust; none as long as nothing was published.
    pub key: Option<Key>,
    /// The latest first.
    pub versions: Vec<Version>,
    /// Those of the caller's areas that are not shut out.
    pub devices: Vec<Carrier>,
}

json_struct!(Standards: listed [versions, devices] optional [key]);
json_serialize!(Standards);

/// One version that is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    pub pack: String,
    pub version: u32,
    /// By language.
    pub title: BTreeMap<String, String>,
    pub published: Stamp,
    pub issued: Stamp,
    pub expires: Stamp,
    pub key: Key,
}

json_struct!(Version: required [pack, version, title, published, issued, expires, key]);

/// A device, whose it is, and which version it says it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carrier {
    pub device: DeviceId,
    pub user: UserId,
    pub name: String,
    pub role: Role,
    /// Empty for everywhere.
    pub areas: Vec<String>,
    /// 0 for none; not there if it never said.
    pub version: Option<u32>,
    pub since: Option<Stamp>,
    /// When the server last heard from it, within ten minutes.
    pub seen: Option<Stamp>,
}

json_struct!(Carrier: required [device, user, name, role] optional [areas, version, since, seen]);

/// The body of `POST /standards`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// The signed manifest, to the letter.
    pub signed: String,
    /// By SHA-256.
    pub files: BTreeMap<Digest, String>,
    /// The public key that whoever signs has told; asked for with the first version, whose key phones trust from then on.
    pub key: Option<Key>,
}

/// The largest [`Publication`], in bytes: a pack of the largest size, with what JSON adds to it.
pub const MAX_PUBLICATION: usize = 32_000_000;

impl Publication {
    /// As it travels.
    pub fn to_json(&self) -> String {
        let mut files = Members::new();
        for (sha256, text) in &self.files {
            put(&mut files, &sha256.to_string(), text.clone().into());
        }
        let mut json = Members::new();
        put(&mut json, "signed", self.signed.clone().into());
        put(&mut json, "files", serde_json::Value::Object(files));
        if let Some(key) = self.key {
            put(&mut json, "key", key.to_value());
        }
        serde_json::Value::Object(json).to_string()
    }

    /// `None` if it is none. Whether it is to be published is another question.
    pub fn read(text: &[u8]) -> Option<Self> {
        let json: serde_json::Value = serde_json::from_slice(text).ok()?;
        let mut files = BTreeMap::new();
        for (sha256, text) in json.get("files")?.as_object()? {
            files.insert(sha256.parse().ok()?, text.as_str()?.to_owned());
        }
        let key = match json.get("key") {
            Some(key) => Some(Key::from_value(key).ok()?),
            None => None,
        };
        Some(Self { signed: json.get("signed")?.as_str()?.to_owned(), files, key })
    }
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer<T> {
    Here(T),
    /// With the server's code, and its words in English.
    Refused(String, String),
    Failed(Trouble),
}

/// `GET /standards`.
pub fn standards(session: &Session) -> Request {
    Request { max_bytes: DIRECTORY, ..get(session, format!("{BASE}/standards")) }
}

pub fn read_standards(reply: Result<Response, NoResponse>, now: Stamp) -> Answer<Standards> {
    read(reply, now, |response| Standards::from_value(&json(response)?).ok())
}

/// `GET /standards/changes`: what has changed since the version before, in words.
pub fn changes(session: &Session, version: u32) -> Request {
    Request { max_bytes: DIRECTORY, ..get(session, format!("{BASE}/standards/changes?version={version}")) }
}

/// The answer to [`changes`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    pub version: u32,
    /// 0 where it is the first.
    pub before: u32,
    pub changes: Vec<Change>,
}

json_struct!(Changes: required [version, before, changes]);
json_serialize!(Changes);

pub fn read_changes(reply: Result<Response, NoResponse>, now: Stamp) -> Answer<Changes> {
    read(reply, now, |response| Changes::from_value(&json(response)?).ok())
}

/// `POST /standards`.
pub fn publish(session: &Session, publication: &Publication) -> Request {
    let body = publication.to_json();
    let kilobytes = u32::try_from(body.len() / 1024).unwrap_or(u32::MAX / BATCH_MS_PER_KB / 2);
    Request {
        method: "POST",
        path: format!("{BASE}/standards"),
        headers: vec![("authorization", bearer(session)), ("content-type", "application/json".to_owned())],
        body: Some(Payload::Text(body)),
        timeout_ms: 4 * QUICK_MS + kilobytes * BATCH_MS_PER_KB,
        max_bytes: SMALL,
        no_cors: false,
    }
}

/// What became of a publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    pub pack: String,
    pub version: u32,
    /// `first`, `next` or `already_there`.
    pub outcome: String,
    /// Files that phones with the version before have to fetch, and their bytes.
    pub files: u32,
    pub bytes: u64,
}

json_struct!(Published: required [pack, version, outcome, files, bytes]);
json_serialize!(Published);

pub fn read_published(reply: Result<Response, NoResponse>, now: Stamp) -> Answer<Published> {
    read(reply, now, |response| Published::from_value(&json(response)?).ok())
}

fn read<T>(
    reply: Result<Response, NoResponse>,
    now: Stamp,
    of: impl Fn(&Response) -> Option<T>,
) -> Answer<T> {
    let response = match reply {
        Ok(response) => response,
        Err(none) => return Answer::Failed(unheard(none)),
    };
    match response.status {
        200 => of(&response).map_or(Answer::Failed(Trouble::NotTheBackend), Answer::Here),
        400 | 403 | 404 | 409 | 413 | 422 => match refusal(&response) {
            Some(refusal) => Answer::Refused(refusal.code, refusal.detail),
            None => Answer::Failed(Trouble::NotTheBackend),
        },
        _ => Answer::Failed(trouble(&response, now).0),
    }
}

#[cfg(test)]
mod tests {
    use super::super::reference::PROBLEM_TYPE;
    use super::*;

    const NOW: Stamp = Stamp(0);

    fn reply(status: u16, content_type: &str, body: &str) -> Response {
        Response { status, content_type: content_type.into(), body: body.into(), ..Response::default() }
    }

    #[test]
    fn a_publication_is_read_as_it_was_written() {
        let files = [(Digest::of_bytes(b"{}"), "{}".to_owned())].into();
        let own = Publication { signed: "{\"a\":1}".to_owned(), files, key: Some(Key([7; 32])) };
        assert_eq!(Publication::read(own.to_json().as_bytes()), Some(own.clone()));
        let unkeyed = Publication { key: None, ..own };
        assert_eq!(Publication::read(unkeyed.to_json().as_bytes()), Some(unkeyed));
        for broken in ["", "[]", "{}", r#"{"signed":"x","files":{"no":"y"}}"#, r#"{"signed":1,"files":{}}"#] {
            assert_eq!(Publication::read(broken.as_bytes()), None, "{broken}");
        }
    }

    #[test]
    fn refusals_and_strangers_are_told_apart() {
        let refused = r#"{"code":"not_higher","detail":"version 1 is not above version 2","status":409}"#;
        let answer = |status, kind, body| read_published(Ok(reply(status, kind, body)), NOW);
        assert!(
            matches!(answer(409, PROBLEM_TYPE, refused), Answer::Refused(code, _) if code == "not_higher")
        );
        assert_eq!(answer(409, "text/html", "<p>"), Answer::Failed(Trouble::NotTheBackend));
        assert_eq!(
            answer(200, "text/html", "<p>Sign in to the hotel"),
            Answer::Failed(Trouble::NotTheBackend)
        );
        assert_eq!(read_standards(Err(NoResponse::Network), NOW), Answer::Failed(Trouble::Unreachable));
        let empty = read_standards(Ok(reply(200, "application/json", "{}")), NOW);
        assert_eq!(empty, Answer::Here(Standards::default()));
    }
}
