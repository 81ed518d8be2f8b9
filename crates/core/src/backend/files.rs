//! Backends that keep files: one for each record, written only where there is none, and read back.
//!
//! A record is the file `{id}.json`, the CloudEvent to the letter. [`LIFE`] is written once, by whoever finds none: its
//! digest names the life of the folder, so that an emptied one is noticed. A server that was killed while it wrote leaves the
//! beginning of a file: that is written anew.

use serde_json::{Value, json};

use super::encode::{base64, hex, sha256};
use super::one_by_one::{Before, OneByOne, Post, Step};
use super::reference::is_page;
use super::reply::usual;
use super::{NoResponse, Request, Response, Talk};
use crate::event::Stamp;
use crate::sync::{Answer, Epoch, Outcome, Queued, Session};

/// The file whose content names the life of the folder.
pub(super) const LIFE: &str = "waymark-life.json";
/// How much larger than what was sent a file may be that is read back, in bytes.
const SLACK: usize = 64 << 10;
/// Requests before the first record: the life, a folder, the life again, and another phone in between.
const MOST_BEFORE: u8 = 8;

/// How files are written and read.
pub(super) trait Shelf {
    /// Writes a file where there is none.
    fn put(&self, name: &str, content: &str, now: Stamp) -> Request;

    /// Writes a file whatever is there.
    fn replace(&self, name: &str, content: &str, now: Stamp) -> Request {
        let mut request = self.put(name, content, now);
        request.headers.retain(|(name, _)| *name != "if-none-match");
        request
    }

    fn get(&self, name: &str, now: Stamp) -> Request;

    /// Asks for the SHA-256 that the backend keeps of a file, if it keeps one.
    fn checksum(&self, _name: &str, _now: Stamp) -> Option<Request> {
        None
    }

    /// Makes the folder, if there are folders.
    fn make_folder(&self) -> Option<Request> {
        None
    }
}

/// Sends `batch` to a shelf.
pub(super) fn deliver(
    shelf: impl Shelf + Send + 'static,
    session: &Session,
    batch: &[Queued],
) -> Talk<Answer> {
    let begun_with = batch.first().map(|queued| queued.entry.id.to_string());
    let life = json!({
        "type": "waymark.life", "begun_by": session.source().to_string(), "begun_with": begun_with,
    });
    let files = Files {
        shelf,
        life: life.to_string(),
        before: Stage::Read,
        begun: None,
        requests: 0,
        doing: Doing::Putting,
        mended: false,
    };
    Box::new(OneByOne::new(files, Epoch(String::new()), batch))
}

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Read,
    Write,
    Mend,
    Folder,
}

#[derive(Clone, Copy, PartialEq)]
enum Doing {
    Putting,
    Checking,
    Reading,
}

struct Files<S> {
    shelf: S,
    /// What the life says if this phone begins it.
    life: String,
    before: Stage,
    /// What was read of a life that is only begun: another phone may be writing it.
    begun: Option<Vec<u8>>,
    requests: u8,
    doing: Doing,
    /// There was the beginning of this record, and it was written anew.
    mended: bool,
}

impl<S: Shelf> Files<S> {
    fn ask_before(&mut self, stage: Stage, now: Stamp) -> Before {
        self.requests += 1;
        if self.requests > MOST_BEFORE {
            return Before::Stop(Answer::NotTheBackend);
        }
        self.before = stage;
        Before::Ask(match stage {
            Stage::Read => self.shelf.get(LIFE, now),
            Stage::Write => self.shelf.put(LIFE, &self.life, now),
            Stage::Mend => self.shelf.replace(LIFE, &self.life, now),
            Stage::Folder => match self.shelf.make_folder() {
                Some(request) => request,
                None => return Before::Stop(Answer::Backend(404)),
            },
        })
    }

    fn read_file(&mut self, queued: &Queued, now: Stamp) -> Step {
        self.doing = Doing::Reading;
        let request = self.shelf.get(&name(queued), now);
        Step::Ask(Request { max_bytes: queued.json.len() + SLACK, ..request })
    }

    fn put_answered(&mut self, queued: &Queued, response: &Response, now: Stamp) -> Step {
        match response.status {
            // Written, or there already: what it holds is what counts, and not what is said, which some say as a page.
            200 | 201 | 204 | 412 => match self.shelf.checksum(&name(queued), now) {
                Some(request) => {
                    self.doing = Doing::Checking;
                    Step::Ask(request)
                }
                None => self.read_file(queued, now),
            },
            // S3: somebody writes it in this moment. WebDAV: locked.
            409 | 423 if self.shelf.make_folder().is_none() || response.status == 423 => {
                Step::Decided(Outcome::Retry)
            }
            status @ 400..=499 if !is_page(response) => Step::Stop(Answer::Backend(status)),
            _ => Step::Stop(Answer::NotTheBackend),
        }
    }
}

impl<S: Shelf> Post for Files<S> {
    fn before(&mut self, now: Stamp) -> Option<Before> {
        Some(self.ask_before(Stage::Read, now))
    }

    fn read_before(&mut self, reply: Result<Response, NoResponse>, now: Stamp) -> Before {
        let response = match usual(reply, now) {
            Ok(response) => response,
            Err(fault) => return Before::Stop(fault.into()),
        };
        match (self.before, response.status) {
            (Stage::Read, 200) => match life(&response) {
                Some(epoch) => Before::Ready(epoch),
                None if is_begun_life(&response) => {
                    let rests = self.begun.as_ref() == Some(&response.body);
                    self.begun = Some(response.body);
                    self.ask_before(if rests { Stage::Mend } else { Stage::Read }, now)
                }
                None => Before::Stop(Answer::NotTheBackend),
            },
            // 405: there is a folder now.
            (Stage::Read, 404) | (Stage::Folder, 200 | 201 | 405) => self.ask_before(Stage::Write, now),
            // Written, or by another phone in the same moment: read what is there now.
            (Stage::Write | Stage::Mend, 200 | 201 | 204 | 412) => self.ask_before(Stage::Read, now),
            (Stage::Write, 404 | 409) => self.ask_before(Stage::Folder, now),
            (_, status @ 400..=499) if !is_page(&response) => Before::Stop(Answer::Backend(status)),
            _ => Before::Stop(Answer::NotTheBackend),
        }
    }

    fn begin(&mut self, queued: &Queued, now: Stamp) -> Step {
        (self.doing, self.mended) = (Doing::Putting, false);
        Step::Ask(self.shelf.put(&name(queued), &queued.json, now))
    }

    fn read(&mut self, queued: &Queued, reply: Result<Response, NoResponse>, now: Stamp) -> Step {
        let response = match usual(reply, now) {
            Ok(response) => response,
            Err(fault) => return fault.into(),
        };
        let missing = response.status == 404;
        match self.doing {
            Doing::Putting => self.put_answered(queued, &response, now),
            Doing::Checking | Doing::Reading if missing => Step::Decided(Outcome::Retry),
            Doing::Checking if response.status == 200 => {
                let own = base64(&sha256(queued.json.as_bytes()));
                match response.header(CHECKSUM) {
                    Some(checksum) if checksum == own => Step::Decided(Outcome::Accepted),
                    // Another content, or a backend that keeps no checksums, or a page that is not shown them.
                    _ => self.read_file(queued, now),
                }
            }
            Doing::Reading if response.status == 200 && is_begun(&response, queued.json.as_bytes()) => {
                if self.mended {
                    return Step::Decided(Outcome::Retry);
                }
                (self.doing, self.mended) = (Doing::Putting, true);
                Step::Ask(self.shelf.replace(&name(queued), &queued.json, now))
            }
            Doing::Reading if response.status == 200 => held(queued, &response),
            _ => Step::Stop(Answer::NotTheBackend),
        }
    }
}

/// Base64 of the SHA-256 of an object.
pub(super) const CHECKSUM: &str = "x-amz-checksum-sha256";

fn name(queued: &Queued) -> String {
    format!("{}.json", queued.entry.id)
}

fn content(response: &Response) -> Option<Value> {
    serde_json::from_str(str::from_utf8(&response.body).ok()?).ok()
}

fn life(response: &Response) -> Option<Epoch> {
    let life = content(response)?;
    (life.get("type")?.as_str()? == "waymark.life").then(|| Epoch(hex(&sha256(&response.body)[..16])))
}

/// The beginning of `content`, and not all of it.
fn is_begun(response: &Response, content: &[u8]) -> bool {
    response.body.len() < content.len() && content.starts_with(&response.body)
}

/// What all lives begin with, in the order of their members.
const LIFE_BEGINS: &[u8] = br#"{"begun_by":"#;

/// The beginning of a life, whoever wrote it.
fn is_begun_life(response: &Response) -> bool {
    is_begun(response, LIFE_BEGINS) || response.body.starts_with(LIFE_BEGINS) && content(response).is_none()
}

/// What a file that was read back says of the record that it is to hold.
fn held(queued: &Queued, response: &Response) -> Step {
    if response.body == queued.json.as_bytes() {
        return Step::Decided(Outcome::Accepted);
    }
    let Some(file) = content(response) else { return Step::Stop(Answer::NotTheBackend) };
    let digest = file.get("digest").and_then(Value::as_str);
    let whole = crate::event::Event::from_json(file.clone()).is_ok_and(|event| event.id == queued.entry.id);
    Step::Decided(match digest {
        Some(digest) if whole && digest == queued.entry.digest.to_string() => Outcome::Accepted,
        _ => Outcome::Conflict,
    })
}

#[cfg(test)]
mod tests;
