use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::json::{json_name, json_text};

/// The id of an event: a UUIDv7 (RFC 9562), so that ids sort by the time the phone believed it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventId(Uuid);

impl EventId {
    /// Builds an id from the milliseconds since 1970 and ten random bytes.
    pub fn new(unix_ms: u64, random: [u8; 10]) -> Self {
        Self(uuid::Builder::from_unix_timestamp_millis(unix_ms, &random).into_uuid())
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for EventId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Self)
    }
}

json_text!(EventId);

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        json_name!($name);

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    };
}

text_id! {
    /// An organisation: the unit of visibility, of the feed's order and of sharding.
    OrgId
}
text_id! {
    /// A device that was enrolled; it owns one counter (`devseq`).
    DeviceId
}
text_id! {
    /// A person, who may have several devices.
    UserId
}

/// Where an event was written down: `/orgs/{org}/devices/{device}`, the CloudEvents `source`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    pub org: OrgId,
    pub device: DeviceId,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/orgs/{}/devices/{}", self.org, self.device)
    }
}

impl FromStr for Source {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let rest = text.strip_prefix("/orgs/").ok_or(())?;
        let (org, device) = rest.split_once("/devices/").ok_or(())?;
        let plain = |part: &str| !part.is_empty() && !part.contains('/');
        if plain(org) && plain(device) {
            Ok(Self { org: org.into(), device: device.into() })
        } else {
            Err(())
        }
    }
}

/// What an event is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// `records/{id}`: another record, as in a confirmation.
    Record(EventId),
    /// `movements/{id}`.
    Movement(EventId),
    /// Something this version does not know; kept.
    Other(String),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Record(id) => write!(f, "records/{id}"),
            Self::Movement(id) => write!(f, "movements/{id}"),
            Self::Other(text) => f.write_str(text),
        }
    }
}

impl From<&str> for Subject {
    fn from(text: &str) -> Self {
        let (family, id) = text.split_once('/').unwrap_or(("", ""));
        match (family, EventId::from_str(id)) {
            ("records", Ok(id)) => Self::Record(id),
            ("movements", Ok(id)) => Self::Movement(id),
            _ => Self::Other(text.to_owned()),
        }
    }
}

impl OrgId {
    /// The id of an organisation of this name, the same on every phone that types it so: its Latin letters and figures,
    /// or, where it has none, the beginning of a digest.
    pub fn named(name: &str) -> Self {
        let lower = name.to_lowercase();
        let words = lower.split(|sign: char| !sign.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let slug: String = words.collect::<Vec<_>>().join("-").chars().take(40).collect();
        if slug.len() >= 2 {
            return Self(slug);
        }
        let digest = super::Digest::of_bytes(lower.trim().as_bytes()).to_string();
        Self(format!("org-{}", digest.chars().take(12).collect::<String>()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_version_seven_and_sort_by_time() {
        let early = EventId::new(1_000, [0xff; 10]);
        let late = EventId::new(2_000, [0; 10]);
        assert!(early < late);
        assert_eq!(early.to_string().as_bytes()[14], b'7');
    }

    #[test]
    fn a_source_of_another_shape_is_refused() {
        assert!("/orgs/acme/devices/d1".parse::<Source>().is_ok());
        for wrong in ["", "/orgs/acme", "/orgs//devices/d1", "/orgs/a/b/devices/d", "orgs/a/devices/b"] {
            assert!(wrong.parse::<Source>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn subjects_survive_the_round_trip() {
        let id = EventId::new(5, [7; 10]);
        for subject in [Subject::Record(id), Subject::Movement(id), Subject::Other("bridge".into())] {
            assert_eq!(Subject::from(subject.to_string().as_str()), subject);
        }
    }

    #[test]
    fn an_organisation_is_known_by_its_name_in_any_script() {
        assert_eq!(OrgId::named("  Acme Relief, Chad "), OrgId("acme-relief-chad".into()));
        let arabic = OrgId::named("منظمة الإغاثة");
        assert!(arabic.0.starts_with("org-") && arabic.0.len() == 16, "{arabic}");
        assert_eq!(arabic, OrgId::named(" منظمة الإغاثة"));
        assert_ne!(arabic, OrgId::named("منظمة أخرى"));
        assert!(OrgId::named(&"a".repeat(900)).0.len() <= 40);
    }
}
