//! WebDAV: Nextcloud, ownCloud, Apache and others.
//!
//! The address is that of the folder, `https://cloud.example.org/remote.php/dav/files/waymark/records`; it is made if its
//! parent is there. The sign-in is a user and a password: of Nextcloud, an app password. No options.
//!
//! Each record is a file (see `backend/files.rs`), put with `If-None-Match: *`: 201, or 412 where there is one, and in
//! both cases it counts as stored once it was read back. Sources: RFC 4918 (WebDAV), RFC 9110 (conditional requests).

use super::access::Access;
use super::connection::{Connection, Judge, Probe};
use super::files::{self, Shelf};
use super::{Payload, Request, Talk};
use crate::event::Stamp;
use crate::sync::{Answer, Destination, Queued, Session};

/// Sends `batch`; the answer is receipts for what was read back.
pub fn deliver(destination: &Destination, session: &Session, batch: &[Queued]) -> Talk<Answer> {
    files::deliver(Folder { access: access(destination) }, session, batch)
}

/// Asks what the folder is.
pub fn probe(destination: &Destination, online: bool) -> Probe {
    let judge: Judge = |response| match response.status {
        207 => Ok(()),
        404 | 409 => Err(Connection::NotFound),
        // A web server that is no WebDAV.
        405 | 501 => Err(Connection::Schema),
        _ => Err(Connection::CaptivePortal),
    };
    let mut request = access(destination).ask("PROPFIND", "/");
    request.headers.push(("depth", "0".to_owned()));
    Probe::new(destination, online, vec![(request, judge)])
}

fn access(destination: &Destination) -> Access {
    Access::new(destination).with("accept", "*/*")
}

struct Folder {
    access: Access,
}

impl Shelf for Folder {
    fn put(&self, name: &str, content: &str, _now: Stamp) -> Request {
        let access = self.access.clone().with("if-none-match", "*");
        access.send("PUT", &format!("/{name}"), "application/json", Payload::Text(content.to_owned()))
    }

    fn get(&self, name: &str, _now: Stamp) -> Request {
        self.access.get(&format!("/{name}"))
    }

    fn make_folder(&self) -> Option<Request> {
        Some(self.access.ask("MKCOL", "/"))
    }
}
