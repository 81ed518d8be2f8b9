//! The operator's file: who is told by which means.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::Deserialize;
use toml::Spanned;
use waymark_core::event::OrgId;
use waymark_core::rules::Role;

use super::email::{Address, Smtp};
use super::webhook::Webhook;
use super::words::{Language, Words};

/// A title or a text is at most this many characters: push messages have little room.
const MAX_WORDS: usize = 200;

/// What the file says; by default nobody has written one, and those who watch are told by push alone.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    #[serde(default)]
    language: Language,
    #[serde(default)]
    text: Text,
    #[serde(default)]
    pub web_push: WebPush,
    pub smtp: Option<Smtp>,
    #[serde(default)]
    webhooks: BTreeMap<String, Webhook>,
    /// For every organisation of the server.
    #[serde(default)]
    roles: Roles,
    #[serde(default)]
    orgs: BTreeMap<OrgId, OrgWays>,
}

type Roles = BTreeMap<Role, Ways>;

/// What takes the place of the roles for all, in one organisation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct OrgWays {
    roles: Roles,
}

/// Words in place of those of the language.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    title: Option<Line>,
    body: Option<Line>,
    exercise: Option<Line>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
struct Line(String);

impl TryFrom<String> for Line {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if (1..=MAX_WORDS).contains(&text.chars().count()) && !text.chars().any(char::is_control) {
            return Ok(Self(text));
        }
        Err(format!("a text has 1 to {MAX_WORDS} characters on one line"))
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebPush {
    contact: Option<Contact>,
    /// Whether phones may name push addresses on this machine, without TLS: for tests.
    #[serde(default)]
    pub allow_local: bool,
}

impl WebPush {
    /// Where a push service's people can reach us.
    pub fn contact(&self) -> Option<&str> {
        self.contact.as_ref().map(|contact| contact.0.as_str())
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
struct Contact(String);

impl TryFrom<String> for Contact {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let known = text.starts_with("mailto:") || text.starts_with("https://");
        if known { Ok(Self(text)) } else { Err("web_push.contact begins with mailto: or https://") }
    }
}

/// The ways to the people of one role.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ways {
    push: Option<bool>,
    #[serde(default)]
    email: Vec<Spanned<Address>>,
    #[serde(default)]
    webhooks: Vec<Spanned<String>>,
}

/// Why the file cannot be used, in one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("cannot read {}: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{}, line {}: {}", path.display(), mistake.line, mistake.what)]
    Wrong { path: PathBuf, mistake: Mistake },
}

/// A mistake in the file, and the line it is on, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    pub line: usize,
    pub what: String,
}

impl Config {
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = fs::read_to_string(path)
            .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
        Self::parse(&text).map_err(|mistake| ConfigError::Wrong { path: path.to_owned(), mistake })
    }

    /// # Errors
    /// The first mistake.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        let mistake = |at: usize, what: &str| {
            let line = 1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count();
            Mistake { line, what: what.trim().replace('\n', "; ") }
        };
        let config: Self = toml::from_str(text)
            .map_err(|error| mistake(error.span().map_or(0, |span| span.start), error.message()))?;
        let of_orgs = config.orgs.values().flat_map(|org| org.roles.values());
        for ways in config.roles.values().chain(of_orgs) {
            if let (None, Some(address)) = (&config.smtp, ways.email.first()) {
                return Err(mistake(address.span().start, "e-mail needs a section [smtp] with url and from"));
            }
            let unknown = ways.webhooks.iter().find(|name| !config.webhooks.contains_key(name.as_ref()));
            if let Some(name) = unknown {
                let what = format!("there is no section [webhooks.{}]", name.as_ref());
                return Err(mistake(name.span().start, &what));
            }
        }
        Ok(config)
    }

    pub fn words(&self) -> Words {
        let Words { title, body, exercise } = Words::of(self.language);
        let own = |line: &Option<Line>, other| line.as_ref().map_or(other, |line| line.0.clone());
        let Text { title: own_title, body: own_body, exercise: own_exercise } = &self.text;
        Words {
            title: own(own_title, title),
            body: own(own_body, body),
            exercise: own(own_exercise, exercise),
        }
    }

    /// Whether the phones of this role are told. A role that the file does not mention is not one to forget.
    pub fn pushes_to(&self, org: &OrgId, role: Role) -> bool {
        self.ways(org, role).and_then(|ways| ways.push).unwrap_or_else(|| role.watches())
    }

    pub fn emails(&self, org: &OrgId, role: Role) -> impl Iterator<Item = &Address> {
        self.ways(org, role).into_iter().flat_map(|ways| ways.email.iter().map(Spanned::get_ref))
    }

    /// Names and webhooks.
    pub fn webhooks(&self, org: &OrgId, role: Role) -> impl Iterator<Item = (&str, &Webhook)> {
        let names = self.ways(org, role).into_iter().flat_map(|ways| ways.webhooks.iter());
        let found = names.filter_map(|name| self.webhooks.get_key_value(name.get_ref()));
        found.map(|(name, webhook)| (name.as_str(), webhook))
    }

    fn ways(&self, org: &OrgId, role: Role) -> Option<&Ways> {
        let own = self.orgs.get(org).and_then(|org| org.roles.get(&role));
        own.or_else(|| self.roles.get(&role))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"
language = "fr"

[text]
title = "Standby"

[web_push]
contact = "mailto:it@example.org"

[smtp]
url = "smtps://waymark:secret@mail.example.org"
from = "Waymark <waymark@example.org>"

[webhooks.sms]
url = "http://192.168.1.5/send"
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

[roles.manager]
email = ["duty@example.org", "Amina <amina@example.org>"]
webhooks = ["sms"]

[roles.security]
push = false
"#;

    fn acme() -> OrgId {
        "acme".into()
    }

    #[test]
    fn an_organisation_may_have_its_own_people() {
        let more = "[orgs.acme.roles.manager]\npush = false\nemail = [\"a@acme.org\"]\n";
        let config = Config::parse(&format!("{WHOLE}{more}")).unwrap();
        let told = |org: &str| {
            let (org, role) = (OrgId::from(org), Role::Manager);
            let emails = config.emails(&org, role).map(Address::shortened).collect::<Vec<_>>().join(" ");
            (config.pushes_to(&org, role), emails, config.webhooks(&org, role).count())
        };
        assert_eq!(told("acme"), (false, "a…@acme.org".to_owned(), 0));
        assert_eq!(told("other"), (true, "d…@example.org a…@example.org".to_owned(), 1));
        assert!(!config.pushes_to(&acme(), Role::Security), "what is not its own is as for all");
        let mistake = Config::parse(more).unwrap_err();
        assert_eq!(mistake.line, 3);
    }

    #[test]
    fn the_whole_of_it_is_read() {
        let config = Config::parse(WHOLE).unwrap();
        assert_eq!(config.words().title(false), "Standby");
        assert_eq!(config.words().body(true), "Exercice – Waymark : le tableau de veille vous attend.");
        assert_eq!(config.web_push.contact(), Some("mailto:it@example.org"));
        assert_eq!(config.emails(&acme(), Role::Manager).count(), 2);
        assert_eq!(
            config.webhooks(&acme(), Role::Manager).map(|(name, _)| name).collect::<Vec<_>>(),
            ["sms"]
        );
        assert_eq!(Role::ALL.map(|role| config.pushes_to(&acme(), role)), [false, false, true, false, true]);
        assert!(!format!("{config:?}").contains("secret@"));
    }

    #[test]
    fn the_example_for_operators_is_a_good_one() {
        let page = include_str!("../../../../docs/DEPLOY.md");
        let example = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
        let config = Config::parse(example).unwrap();
        assert_eq!(config.words().body(false), "The radio room needs you.");
        assert_eq!(config.webhooks(&"other".into(), Role::Manager).count(), 1);
    }

    #[test]
    fn without_a_file_those_who_watch_get_push() {
        for config in [Config::default(), Config::parse("").unwrap()] {
            assert_eq!(
                Role::ALL.map(|role| config.pushes_to(&acme(), role)),
                [false, false, true, true, true]
            );
            assert_eq!(Role::ALL.map(|role| config.emails(&acme(), role).count()), [0; 5]);
        }
    }

    #[test]
    fn mistakes_are_named_by_line() {
        let whole_with = |from: &str, to: &str| Config::parse(&WHOLE.replacen(from, to, 1)).unwrap_err();
        for (from, to, line, what) in [
            ("\"fr\"", "\"de\"", 2, "unknown variant `de`"),
            ("\"fr\"", "\"fr", 2, ""),
            ("title", "titel", 5, "unknown field `titel`"),
            ("\"Standby\"", "\"\"", 5, "1 to 200 characters"),
            ("mailto:", "", 8, "mailto: or https://"),
            ("smtps:", "https:", 11, "smtp.url is"),
            ("<waymark@", "<waymark", 12, "is no e-mail address"),
            ("http://192", "ftp://192", 15, "begins with https://"),
            ("whsec_", "", 16, "whsec_ and 24 to 64 bytes"),
            ("amina@example.org", "amina", 19, "is no e-mail address"),
            ("[\"sms\"]", "[\"sms\", \"call\"]", 20, "no section [webhooks.call]"),
            ("roles.security", "roles.chief", 22, "unknown variant `chief`"),
            ("false", "\"no\"", 23, "expected a boolean"),
        ] {
            let mistake = whole_with(from, to);
            assert_eq!(mistake.line, line, "{from}: {mistake:?}");
            assert!(mistake.what.contains(what), "{mistake:?}");
            assert!(!mistake.what.contains('\n') && !mistake.what.contains("MfKQ"), "{mistake:?}");
        }
        let mistake = Config::parse("\n[roles.manager]\nemail = [\"a@example.org\"]").unwrap_err();
        assert_eq!(
            (mistake.line, mistake.what.as_str()),
            (3, "e-mail needs a section [smtp] with url and from")
        );
    }
}
