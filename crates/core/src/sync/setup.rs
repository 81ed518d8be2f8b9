//! What a phone has to know to join: whose it is, and where its records go. As a text it stands in a code to scan.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use super::Destination;
use crate::event::{Digest, OrgId};
use crate::json::Json as _;
use crate::json_struct;
use crate::rules::Role;

/// Joining without a server of ours, or with one and mirrors beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Setup {
    pub org: OrgId,
    pub org_name: String,
    pub role: Role,
    pub areas: Vec<String>,
    /// A one-time code of our server, where that is the home.
    pub code: String,
    /// Nothing for the server that the app came from.
    pub home: Option<Destination>,
    pub mirrors: Vec<Destination>,
}

json_struct!(Setup: required [org, org_name, role] listed [areas, code, mirrors] optional [home]);

/// Why a text is no set-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// Nothing that was made as one: perhaps a one-time code.
    #[error("this is no set-up text")]
    Other,
    /// It was one, and is cut off or mistyped.
    #[error("the set-up text is damaged")]
    Damaged,
    /// It names a backend that this version does not know, or lacks something.
    #[error("the set-up text is of a version that is not known")]
    Unknown,
    /// An address is not `https://…`, without which anybody on the way could read it.
    #[error("an address in the set-up text is not safe")]
    Unsafe,
}

/// Begins every set-up text of this version.
const PREFIX: &str = "waymark1.";
/// Hex digits of the digest at its end.
const CHECK: usize = 8;
/// The longest that is read, in bytes; a code to scan holds less.
const LONGEST: usize = 16 << 10;

impl Setup {
    /// The text: `waymark1.`, the JSON in base64url, a dot, and the first digits of the digest of what stands before.
    pub fn to_text(&self) -> String {
        let body = URL_SAFE_NO_PAD.encode(self.to_value().to_string());
        let check = check_of(&body);
        format!("{PREFIX}{body}.{check}")
    }

    /// Reads it back, wherever it stands in a line or a link.
    ///
    /// # Errors
    /// Why it is none.
    pub fn from_text(text: &str) -> Result<Self, SetupError> {
        let start = text.find(PREFIX).ok_or(SetupError::Other)?;
        if text.len() > LONGEST {
            return Err(SetupError::Damaged);
        }
        let text: String =
            text[start + PREFIX.len()..].chars().filter(|sign| !sign.is_whitespace()).collect();
        let (body, check) = text.split_once('.').ok_or(SetupError::Damaged)?;
        if check != check_of(body) {
            return Err(SetupError::Damaged);
        }
        let json = URL_SAFE_NO_PAD.decode(body).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let json = json.ok_or(SetupError::Damaged)?;
        let value = serde_json::from_str(&json).map_err(|_| SetupError::Damaged)?;
        let setup = Self::from_value(&value).map_err(|_| SetupError::Unknown)?;
        // The phone's credential is for the server that the app came from alone.
        if setup.home.iter().chain(&setup.mirrors).any(Destination::is_ours) {
            return Err(SetupError::Unknown);
        }
        let all = setup.home.iter().chain(&setup.mirrors);
        if all.map(|destination| destination.address.as_str()).all(is_safe) {
            Ok(setup)
        } else {
            Err(SetupError::Unsafe)
        }
    }
}

/// Whether an address may be sent to: encrypted, or on this very machine.
pub fn is_safe(address: &str) -> bool {
    let local = ["http://localhost", "http://127.0.0.1"];
    let is_local = |start: &&str| {
        address.strip_prefix(*start).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
    };
    let host = address.strip_prefix("https://").unwrap_or_default();
    !host.is_empty() && !host.starts_with('/') && !address.contains(char::is_whitespace)
        || local.iter().any(is_local)
}

fn check_of(body: &str) -> String {
    Digest::of_bytes(body.as_bytes())
        .to_string()
        .chars()
        .filter(char::is_ascii_hexdigit)
        .take(CHECK)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::sync::{BackendKind, SignIn};

    fn setup() -> Setup {
        let home = Destination {
            kind: BackendKind::CouchDb,
            name: "Base".into(),
            address: "https://couch.example/waymark".into(),
            sign_in: SignIn { user: "convoy".into(), secret: "three words here".into(), key: String::new() },
            options: BTreeMap::from([("a".into(), "b".into())]),
            must: true,
        };
        Setup {
            org: "acme".into(),
            org_name: "Acmé – الإغاثة".into(),
            role: Role::Traveller,
            areas: vec!["east".into()],
            code: String::new(),
            home: Some(home),
            mirrors: vec![],
        }
    }

    #[test]
    fn a_set_up_is_read_back_wherever_it_stands() {
        let text = setup().to_text();
        assert_eq!(Setup::from_text(&text), Ok(setup()));
        assert_eq!(Setup::from_text(&format!("https://app.example/enrol#code={text}\n")), Ok(setup()));
        // A long text is broken into lines on its way through a message.
        let (start, end) = text.split_at(40);
        assert_eq!(Setup::from_text(&format!("{start}\n  {end}")), Ok(setup()));
    }

    #[test]
    fn what_is_damaged_is_told_from_what_is_none() {
        let text = setup().to_text();
        assert_eq!(Setup::from_text("ABCD-EFGH"), Err(SetupError::Other));
        for cut in [text.len() - 1, text.len() / 2, PREFIX.len()] {
            assert_eq!(Setup::from_text(&text[..cut]), Err(SetupError::Damaged), "{cut}");
        }
        let mistyped = text.replacen("ey", "ez", 1);
        assert_ne!(mistyped, text);
        assert_eq!(Setup::from_text(&mistyped), Err(SetupError::Damaged));
        assert_eq!(Setup::from_text(&format!("{text}{}", "A".repeat(LONGEST))), Err(SetupError::Damaged));
    }

    #[test]
    fn a_backend_of_later_versions_is_named_as_that() {
        let mut value = setup().to_value();
        value["home"]["kind"] = "pigeon".into();
        let body = URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{PREFIX}{body}.{}", check_of(&body));
        assert_eq!(Setup::from_text(&text), Err(SetupError::Unknown));
    }

    #[test]
    fn the_credential_goes_to_no_other_server() {
        let elsewhere = Destination { address: "https://evil.example".into(), ..Destination::own_server() };
        let as_home = Setup { home: Some(elsewhere.clone()), ..setup() };
        let as_mirror = Setup { mirrors: vec![elsewhere], ..setup() };
        for setup in [as_home, as_mirror] {
            assert_eq!(Setup::from_text(&setup.to_text()), Err(SetupError::Unknown));
        }
    }

    #[test]
    fn nothing_is_sent_in_the_open() {
        for (address, safe) in [
            ("https://couch.example/waymark", true),
            ("http://localhost:5984/waymark", true),
            ("http://127.0.0.1:5984", true),
            ("http://couch.example/waymark", false),
            ("http://localhost.evil.example/", false),
            ("https://", false),
            ("https:///x", false),
            ("https://a b", false),
            ("javascript:alert(1)", false),
            ("", false),
        ] {
            assert_eq!(is_safe(address), safe, "{address}");
            let mut setup = setup();
            setup.home.as_mut().unwrap().address = address.into();
            assert_eq!(Setup::from_text(&setup.to_text()).is_ok(), safe, "{address}");
        }
    }
}
