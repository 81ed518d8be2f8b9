//! Who takes part.

use waymark_core::rules::Role;
use waymark_core::sync::Session;

/// What somebody is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Traveller,
    Manager,
    Security,
    Central,
    /// Of another organisation, in any role.
    Other,
}

/// Somebody who takes part.
#[derive(Debug, Clone)]
pub struct Entrant {
    pub place: Place,
    pub credential: Credential,
}

/// How a test device signs in.
#[derive(Debug, Clone)]
pub enum Credential {
    Code(String),
    /// It was enrolled before.
    Session(Box<Session>),
}

impl Place {
    /// As on the command line.
    pub fn option(self) -> &'static str {
        match self {
            Self::Traveller => "--traveller",
            Self::Manager => "--manager",
            Self::Security => "--security",
            Self::Central => "--central",
            Self::Other => "--other",
        }
    }

    /// The role it is to have; `None` for any.
    pub fn role(self) -> Option<Role> {
        match self {
            Self::Traveller => Some(Role::Traveller),
            Self::Manager => Some(Role::Manager),
            Self::Security => Some(Role::Security),
            Self::Central => Some(Role::Central),
            Self::Other => None,
        }
    }

    /// The name under which it enrols.
    pub fn name(self) -> &'static str {
        match self {
            Self::Traveller => "Conformance traveller",
            Self::Manager => "Conformance manager",
            Self::Security => "Conformance security",
            Self::Central => "Conformance central",
            Self::Other => "Conformance other",
        }
    }
}
