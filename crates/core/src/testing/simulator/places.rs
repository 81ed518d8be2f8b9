//! Where records go in these runs: a server that is home and is read, another one for copies, and a webhook that takes
//! what it is sent and never says what it holds. Each fails by itself.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::schedule::Note;
use crate::backend::reference::CLOCK_HEADER;
use crate::backend::{NoResponse, Request, Response};
use crate::event::{DeviceId, Digest, EventId, Stamp};
use crate::sync::{BackendKind, Destination, Epoch, Outcome, Receipt, Receipts};
use crate::testing::model_server::{Account, Database, ModelServer, ODD_NOTE, ORG};

/// What a server gives of the feed at once: little, so that reading it takes several requests.
const FEED_PAGE: usize = 5;
/// What a webhook's life is called: it never says that it began anew.
const HOOK_LIFE: &str = "-";

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The server that the app came from.
    Own,
    /// Another server that can be read: a copy, or for a while the home.
    Copy,
    /// Only takes.
    Hook,
}

/// How a place is, until it is something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    Well,
    Down,
    /// Whatever is asked of it is answered by a network's sign-in page.
    Portal,
    /// It does not know anybody's credential.
    SignedOut,
    /// It says that it holds what it drops.
    Lies,
}

impl Place {
    pub const MIRRORS: [Self; 2] = [Self::Copy, Self::Hook];

    fn address(self) -> &'static str {
        match self {
            Self::Own => "",
            Self::Copy => "https://copy.example",
            Self::Hook => "https://hook.example/in",
        }
    }

    pub fn destination(self, must: bool) -> Destination {
        let kind = if self == Self::Hook { BackendKind::Webhook } else { BackendKind::Reference };
        Destination { kind, address: self.address().to_owned(), must, ..Destination::own_server() }
    }

    /// As the home is stored.
    pub fn as_home(self) -> Option<Destination> {
        (self != Self::Own).then(|| self.destination(true))
    }

    pub fn of(destination: &Destination) -> Self {
        let same = |place: &Self| place.address() == destination.address;
        Self::MIRRORS.into_iter().find(same).unwrap_or(Self::Own)
    }

    /// Where a request goes.
    pub fn asked(request: &Request) -> Self {
        let same = |place: &Self| request.path.starts_with(place.address());
        Self::MIRRORS.into_iter().find(same).unwrap_or(Self::Own)
    }

    /// Whether it takes such a record.
    pub fn wants(self, note: Note) -> bool {
        match note {
            Note::Fine | Note::Urgent => true,
            Note::Refused | Note::Choking => self == Self::Hook,
            Note::Odd => self == Self::Own,
            Note::Strange => false,
        }
    }
}

/// A webhook: what it took, in the order in which it came first.
#[derive(Debug, Clone, Default)]
pub struct Hook {
    pub taken: Vec<(EventId, Digest)>,
    known: BTreeSet<(EventId, Digest)>,
}

impl Hook {
    fn post(&mut self, batch: &[Value]) -> Response {
        if batch.iter().any(|json| json["data"]["note"] == ODD_NOTE) {
            return plain(422, "not one of ours");
        }
        for named in batch.iter().filter_map(name_of) {
            if self.known.insert(named) {
                self.taken.push(named);
            }
        }
        plain(202, "thank you")
    }
}

/// All places, and what is known of them that no phone knows.
pub struct Places {
    pub own: ModelServer,
    pub copy: ModelServer,
    pub hook: Hook,
    pub conditions: BTreeMap<Place, Condition>,
    /// What the servers held at the end of each of their former lives, by their epochs.
    pub former: BTreeMap<String, Database>,
    /// What a place said to hold and dropped.
    pub lied: BTreeSet<(Place, EventId)>,
    /// A record of another organisation that came to a place.
    pub strange: Option<(Place, String)>,
}

impl Places {
    pub fn new(accounts: &BTreeMap<DeviceId, Account>) -> Self {
        let mut copy = ModelServer::new("copy", accounts.clone());
        copy.picky = true;
        Self {
            own: ModelServer::new("life", accounts.clone()),
            copy,
            hook: Hook::default(),
            conditions: BTreeMap::new(),
            former: BTreeMap::new(),
            lied: BTreeSet::new(),
            strange: None,
        }
    }

    pub fn condition(&self, place: Place) -> Condition {
        self.conditions.get(&place).copied().unwrap_or(Condition::Well)
    }

    pub fn server(&self, place: Place) -> Option<&ModelServer> {
        match place {
            Place::Own => Some(&self.own),
            Place::Copy => Some(&self.copy),
            Place::Hook => None,
        }
    }

    /// Comes back from a backup, with another epoch.
    pub fn restore(&mut self, place: Place, backup: Database) {
        let server = if place == Place::Copy { &mut self.copy } else { &mut self.own };
        self.former.insert(server.epoch().0, std::mem::take(&mut server.database));
        server.restore(backup);
    }

    /// Whether this is a life of this place.
    pub fn lived(&self, place: Place, epoch: &Epoch) -> bool {
        self.server(place).map_or(epoch.0 == HOOK_LIFE, |server| server.lived(epoch))
    }

    /// Whether the place held this record in this life, as far as it can be held to that: a webhook says nothing of what
    /// it holds, so it must have taken it; and what was a lie is a lie.
    pub fn held(&self, place: Place, epoch: &Epoch, id: EventId, digest: Digest) -> bool {
        if self.lied.contains(&(place, id)) {
            return true;
        }
        let Some(server) = self.server(place) else { return self.hook.known.contains(&(id, digest)) };
        let present = *epoch == server.epoch();
        let database = if present { Some(&server.database) } else { self.former.get(&epoch.0) };
        database.is_some_and(|database| database.holds(id, digest))
    }

    /// Whether it is there now.
    pub fn holds(&self, place: Place, id: EventId, digest: Digest) -> bool {
        let now = self.server(place).map_or_else(|| Epoch(HOOK_LIFE.into()), ModelServer::epoch);
        self.held(place, &now, id, digest)
    }

    /// A request arrives at the place it is for, and is answered.
    pub fn serve(&mut self, phone: &DeviceId, request: &Request, now: Stamp) -> Result<Response, NoResponse> {
        let place = Place::asked(request);
        let batch: Vec<Value> = serde_json::from_str(request.text()).unwrap_or_default();
        let ours = format!("/orgs/{ORG}/");
        let strange = batch
            .iter()
            .find(|json| !json["source"].as_str().is_some_and(|source| source.starts_with(&ours)));
        if let Some(json) = strange {
            self.strange = Some((place, json["id"].to_string()));
        }
        match self.condition(place) {
            Condition::Down => return Err(NoResponse::Network),
            Condition::Portal => return Ok(page(200, "<html>Sign in to the hotel's network</html>")),
            Condition::SignedOut => return Ok(plain(401, "")),
            Condition::Lies if request.method == "POST" => return Ok(self.lie(place, &batch, now)),
            Condition::Well | Condition::Lies => {}
        }
        Ok(match place {
            Place::Hook => self.hook.post(&batch),
            Place::Own => ask(&mut self.own, phone, request, now),
            Place::Copy => ask(&mut self.copy, phone, request, now),
        })
    }

    fn lie(&mut self, place: Place, batch: &[Value], now: Stamp) -> Response {
        self.lied.extend(batch.iter().filter_map(name_of).map(|(id, _)| (place, id)));
        let Some(server) = self.server(place) else { return plain(200, "") };
        let receipts = receipts(batch, &Outcome::Accepted);
        receipted(&Receipts { epoch: server.epoch(), received: now, receipts })
    }
}

fn ask(server: &mut ModelServer, phone: &DeviceId, request: &Request, now: Stamp) -> Response {
    if request.method == "POST" {
        let clock = request.headers.iter().find(|(name, _)| *name == CLOCK_HEADER);
        let clock = clock.and_then(|(_, ms)| ms.parse().ok()).map_or(now, Stamp);
        return server.records(phone, request.text(), clock, now);
    }
    let after = parameter(&request.path, "after=").and_then(|text| text.parse().ok()).unwrap_or(0);
    let epoch = parameter(&request.path, "epoch=").map(|text| Epoch(text.to_owned()));
    server.feed(phone, after, epoch.as_ref(), FEED_PAGE)
}

fn parameter<'a>(path: &'a str, name: &str) -> Option<&'a str> {
    let rest = &path[path.find(name)? + name.len()..];
    rest.split('&').next()
}

fn name_of(json: &Value) -> Option<(EventId, Digest)> {
    Some((json["id"].as_str()?.parse().ok()?, json["digest"].as_str()?.parse().ok()?))
}

/// A receipt with this outcome for each record of a batch.
pub fn receipts(batch: &[Value], outcome: &Outcome) -> Vec<Receipt> {
    let receipt = |json: &Value| {
        let text = |name: &str| json[name].as_str().unwrap_or_default();
        Receipt::new(text("source"), text("id"), text("digest"), outcome, None)
    };
    batch.iter().map(receipt).collect()
}

pub fn receipted(answer: &Receipts) -> Response {
    let body = serde_json::to_vec(answer).unwrap_or_default();
    Response { status: 200, content_type: "application/json".into(), body, ..Response::default() }
}

/// What a proxy says.
pub fn page(status: u16, body: &str) -> Response {
    Response { content_type: "text/html".into(), ..plain(status, body) }
}

fn plain(status: u16, body: &str) -> Response {
    Response { status, content_type: "text/plain".into(), body: body.into(), ..Response::default() }
}
