//! Rules that phone and server decide alike.

pub mod agenda;
pub mod answers;
pub mod authority;
pub mod escalation;
pub mod ingest;
pub mod overdue;
pub mod visibility;

use serde::{Deserialize, Serialize};

/// What a person may do and see. Unlike code lists, roles are closed: an unknown role may do nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Traveller,
    Reporter,
    Manager,
    Security,
    Central,
}

impl Role {
    pub const ALL: [Self; 5] =
        [Self::Traveller, Self::Reporter, Self::Manager, Self::Security, Self::Central];

    pub fn code(self) -> &'static str {
        match self {
            Self::Traveller => "traveller",
            Self::Reporter => "reporter",
            Self::Manager => "manager",
            Self::Security => "security",
            Self::Central => "central",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Whether this role answers for others: confirms check-ins and takes on emergencies.
    pub fn watches(self) -> bool {
        matches!(self, Self::Manager | Self::Security | Self::Central)
    }
}
