//! Where records go: the home, which a phone also reads from if it can be read, and copies beside it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::{Epoch, Refused};
use crate::event::Stamp;
use crate::json::{Fault, Json, WRONG};
use crate::json_struct;

/// The protocol that a backend speaks; one file of [`crate::backend`] each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum BackendKind {
    /// Our own server.
    Reference,
    Webhook,
    CouchDb,
    /// PostgREST, or Supabase.
    Postgrest,
    /// ODK Central, KoboToolbox, Ona.
    OpenRosa,
    /// Nextcloud, ownCloud.
    WebDav,
    S3,
}

/// What a backend can do, whatever its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // a question each
pub struct Capabilities {
    /// Records of others can be read from it: confirmations and the board work.
    pub feed: bool,
    /// It says by id and digest what it holds. Else the most that is known is that it took the request.
    pub verified: bool,
    /// It keeps from each person what is not for them. Else whoever can read it can read everything.
    pub keeps_apart: bool,
    /// Photos can be sent to it.
    pub photos: bool,
}

impl BackendKind {
    pub const ALL: [Self; 7] = [
        Self::Reference,
        Self::CouchDb,
        Self::Postgrest,
        Self::OpenRosa,
        Self::WebDav,
        Self::S3,
        Self::Webhook,
    ];

    /// The word in settings and codes.
    pub fn code(self) -> &'static str {
        match self {
            Self::Reference => "reference",
            Self::Webhook => "webhook",
            Self::CouchDb => "couchdb",
            Self::Postgrest => "postgrest",
            Self::OpenRosa => "openrosa",
            Self::WebDav => "webdav",
            Self::S3 => "s3",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    pub fn capabilities(self) -> Capabilities {
        let none = Capabilities { feed: false, verified: false, keeps_apart: false, photos: false };
        match self {
            Self::Reference => Capabilities { feed: true, verified: true, keeps_apart: true, photos: true },
            Self::CouchDb => Capabilities { feed: true, verified: true, ..none },
            Self::Postgrest => Capabilities { feed: true, verified: true, keeps_apart: true, ..none },
            Self::WebDav | Self::S3 => Capabilities { verified: true, ..none },
            Self::Webhook | Self::OpenRosa => none,
        }
    }
}

/// One of the backends of this phone: the home is 0, its mirrors come after it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct To(pub u8);

impl To {
    pub const HOME: Self = Self(0);

    /// In which part of the outbox a record stands: urgent ones before the others, each backend by itself.
    pub fn lane(self, urgent: bool) -> u8 {
        self.0 * 2 + u8::from(!urgent)
    }

    /// Whose part of the outbox this is, and whether that of the urgent.
    pub fn of_lane(lane: u8) -> (Self, bool) {
        (Self(lane / 2), lane.is_multiple_of(2))
    }
}

impl Json for To {
    fn from_value(value: &Value) -> Result<Self, Fault> {
        u8::from_value(value).map(Self)
    }

    fn to_value(&self) -> Value {
        self.0.into()
    }
}

/// A backend that gets each record as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirror {
    pub to: To,
    pub destination: Destination,
    pub epoch: Option<Epoch>,
}

json_struct!(Mirror: required [to, destination] optional [epoch]);

/// More would only cost the phone its data.
pub const MOST_MIRRORS: usize = 8;

/// How one own record stands with one backend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    Waiting,
    Refused(Refused),
    /// When the backend got it, by its clock.
    Stored(Stamp),
}

/// How many own records one backend has not taken yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub to: To,
    pub queued: u32,
    pub refused: u32,
    /// It has taken or refused something, or been read from, at some time: its life is known.
    pub known: bool,
}

/// A backend to which records go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Destination {
    pub kind: BackendKind,
    /// As its organisation calls it.
    pub name: String,
    /// `https://…` without a slash at its end; nothing for the server that the app came from.
    pub address: String,
    pub sign_in: SignIn,
    /// What only one kind of backend needs, by name: see the file of that kind.
    pub options: BTreeMap<String, String>,
    /// A record counts among those to be sent until this backend holds it as well.
    pub must: bool,
}

json_struct!(Destination:
    required [kind, name, address]
    listed [sign_in, options, must]);

impl Destination {
    /// The server that the app came from.
    pub fn own_server() -> Self {
        Self {
            kind: BackendKind::Reference,
            name: String::new(),
            address: String::new(),
            sign_in: SignIn::default(),
            options: BTreeMap::new(),
            must: true,
        }
    }

    /// Whether it is a server of ours: it takes photos, keeps watch, and gives out codes and packs.
    pub fn is_ours(&self) -> bool {
        self.kind == BackendKind::Reference
    }

    /// Whether everybody signs in there alike. Where each has a token of their own it is not handed on.
    pub fn is_for_all(&self) -> bool {
        self.kind != BackendKind::Postgrest
    }

    /// Whether both are the same place, whatever it is called and whoever signs in there.
    pub fn is_same_place(&self, other: &Self) -> bool {
        (self.kind, &self.address, &self.options) == (other.kind, &other.address, &other.options)
    }

    /// What was set for this kind of backend; nothing if nothing was.
    pub fn option(&self, name: &str) -> &str {
        self.options.get(name).map_or("", String::as_str)
    }
}

/// How a phone shows who it is. What is empty is not used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SignIn {
    /// With `secret`: HTTP Basic, or the id of an S3 access key.
    pub user: String,
    /// The password; without `user` a bearer token, or the secret that signs webhooks.
    pub secret: String,
    /// Sent beside it where a backend asks for one (`apikey` of Supabase).
    pub key: String,
}

json_struct!(SignIn: draft [user, secret, key]);

impl Json for BackendKind {
    fn from_value(value: &Value) -> Result<Self, Fault> {
        value.as_str().and_then(Self::from_code).ok_or(WRONG)
    }

    fn to_value(&self) -> Value {
        self.code().into()
    }
}
