//! Where records go: the home, which a phone also reads from if it can be read, and copies beside it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

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
#[allow(clippy::struct_excessive_bools)] // facts of which none follows from another
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
    /// A record counts as sent only when this backend holds it as well.
    pub must: bool,
}

json_struct!(Destination:
    required [kind, name, address]
    listed [sign_in, options, must]);

impl Destination {
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
