//! What a phone remembers besides records: who it is, and what it knows of its backends.

use serde::Serialize;

use super::{Cursor, Destination, Epoch, FeedPage, MOST_MIRRORS, Mirror, To};
use crate::event::{DeviceId, OrgId, Source, UserId};
use crate::rules::Role;
use crate::{json_serialize, json_struct};

/// Who this phone is, as enrolled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Session {
    pub org: OrgId,
    pub org_name: String,
    pub user: UserId,
    pub name: String,
    pub role: Role,
    pub areas: Vec<String>,
    pub device: DeviceId,
    /// The credential of this device.
    pub token: String,
}

json_struct!(Session: required [org, org_name, user, name, role, areas, device, token]);

impl Session {
    pub fn source(&self) -> Source {
        Source { org: self.org.clone(), device: self.device.clone() }
    }

    /// On what it depends which records the feed holds for this session.
    pub(super) fn sees(&self) -> (OrgId, UserId, Role, Vec<String>) {
        (self.org.clone(), self.user.clone(), self.role, self.areas.clone())
    }
}

/// What the phone remembers besides records.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Meta {
    /// A secret of this phone, made before it was first enrolled: by it a server knows the device again.
    pub device_key: Option<String>,
    pub session: Option<Session>,
    pub epoch: Option<Epoch>,
    /// The feed has been read up to here.
    pub cursor: Cursor,
    /// Milliseconds to add to this phone's clock to get the server's.
    pub clockoffset: Option<i64>,
    /// Where records go and come from; nothing for the server that the app came from.
    pub home: Option<Destination>,
    /// Where they go as well.
    pub mirrors: Vec<Mirror>,
    /// The number that was given last to a mirror.
    pub numbered: u8,
    /// Up to which kinds of records this phone has taken apart what it stored: see [`Self::understands`].
    pub understood: u64,
}

json_struct!(Meta: draft [device_key, session, epoch, cursor, clockoffset, home, mirrors, numbered, understood]);
json_serialize!(Meta);

/// 1: movements. 2: tries about emergencies, and lanes of the waiting list. 3: forms.
const UNDERSTOOD: u64 = 3;

impl Meta {
    /// This version takes apart kinds that an older one stored as they were: the feed is read again, once.
    pub fn understand(&mut self) {
        if self.understood < UNDERSTOOD {
            self.understood = UNDERSTOOD;
            self.cursor = Cursor::default();
        }
    }

    /// Somebody signed in. Who may see something else than before reads the feed from its start.
    pub fn sign_in(&mut self, session: &Session) {
        if self.session.as_ref().map(Session::sees) != Some(session.sees()) {
            self.cursor = Cursor::default();
        }
        self.session = Some(session.clone());
    }

    /// The feed has been read to the end of this page. A page that was asked for in a former life of the backend says
    /// nothing about the present one, neither how far it was read nor what is known of records that are held already.
    /// `false` for such a page.
    pub fn read_to(&mut self, page: &FeedPage) -> bool {
        let present = *self.epoch.get_or_insert_with(|| page.epoch.clone()) == page.epoch;
        if present {
            self.cursor = page.next.clone();
        }
        present
    }
}

/// How many numbers there are for mirrors; lanes are bytes.
const NUMBERS: u8 = 120;

/// What a change of destinations means for the queue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redirected {
    /// These get all own records.
    pub added: Vec<To>,
    /// These are owed nothing any more.
    pub removed: Vec<To>,
}

impl Meta {
    /// Records go to these from now on; a place that was there before keeps its queue and its epoch.
    pub fn direct(&mut self, home: Option<&Destination>, mirrors: &[Destination]) -> Redirected {
        let mut redirected = Redirected::default();
        let stays = match (&self.home, home) {
            (Some(before), Some(now)) => before.is_same_place(now),
            (before, now) => before.is_none() && now.is_none(),
        };
        self.home = home.cloned();
        if !stays {
            self.epoch = None;
            self.cursor = Cursor::default();
            redirected.added.push(To::HOME);
        }
        let before = std::mem::take(&mut self.mirrors);
        for destination in mirrors.iter().take(MOST_MIRRORS) {
            let known = before.iter().find(|mirror| mirror.destination.is_same_place(destination));
            let (to, epoch) = if let Some(mirror) = known {
                (mirror.to, mirror.epoch.clone())
            } else {
                let taken = |to: To| before.iter().chain(&self.mirrors).any(|mirror| mirror.to == to);
                // As late as possible again: an answer for whoever had the number may still be on its way.
                let after = (1..=NUMBERS).map(|more| To((self.numbered + more - 1) % NUMBERS + 1));
                let Some(to) = after.into_iter().find(|to| !taken(*to)) else { continue };
                self.numbered = to.0;
                redirected.added.push(to);
                (to, None)
            };
            if self.mirrors.iter().all(|mirror| mirror.to != to) {
                self.mirrors.push(Mirror { to, destination: destination.clone(), epoch });
            }
        }
        let gone = |mirror: &&Mirror| self.mirrors.iter().all(|other| other.to != mirror.to);
        redirected.removed = before.iter().filter(gone).map(|mirror| mirror.to).collect();
        redirected
    }

    /// Where records go first and come from.
    pub fn home(&self) -> Destination {
        self.home.clone().unwrap_or_else(Destination::own_server)
    }

    /// What stands under this number.
    pub fn place(&self, to: To) -> Option<Destination> {
        if to == To::HOME {
            return Some(self.home());
        }
        self.mirrors.iter().find(|mirror| mirror.to == to).map(|mirror| mirror.destination.clone())
    }

    /// The home, then the mirrors.
    pub fn places(&self) -> impl Iterator<Item = (To, Destination)> + '_ {
        let mirrors = self.mirrors.iter().map(|mirror| (mirror.to, mirror.destination.clone()));
        std::iter::once((To::HOME, self.home())).chain(mirrors)
    }

    /// All backends that get a new record.
    pub fn all_to(&self) -> Vec<To> {
        let mut all = vec![To::HOME];
        all.extend(self.mirrors.iter().map(|mirror| mirror.to));
        all
    }

    /// Those without which a record does not count as sent.
    pub fn must(&self) -> Vec<To> {
        let mut all = vec![To::HOME];
        let must = self.mirrors.iter().filter(|mirror| mirror.destination.must);
        all.extend(must.map(|mirror| mirror.to));
        all
    }

    /// Which life of this backend is known.
    pub fn epoch_of(&self, to: To) -> Option<&Epoch> {
        if to == To::HOME {
            return self.epoch.as_ref();
        }
        self.mirrors.iter().find(|mirror| mirror.to == to)?.epoch.as_ref()
    }

    /// The backend has this life: whether it had another one before, or `None` if this one is known or there is no such
    /// backend.
    pub fn change_epoch(&mut self, to: To, epoch: &Epoch) -> Option<bool> {
        if self.epoch_of(to) == Some(epoch) {
            return None;
        }
        if to == To::HOME {
            self.cursor = Cursor::default();
            return Some(self.epoch.replace(epoch.clone()).is_some());
        }
        let mirror = self.mirrors.iter_mut().find(|mirror| mirror.to == to)?;
        Some(mirror.epoch.replace(epoch.clone()).is_some())
    }
}
