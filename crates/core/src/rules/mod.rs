//! Rules that phone and server decide alike.

pub mod agenda;
pub mod answers;
pub mod authority;
pub mod escalation;
pub mod go_no_go;
pub mod ingest;
pub mod levels;
pub mod overdue;
pub mod visibility;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::json::{Fault, Json, WRONG};

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

impl Json for Role {
    fn from_value(value: &Value) -> Result<Self, Fault> {
        value.as_str().and_then(Self::from_code).ok_or(WRONG)
    }

    fn to_value(&self) -> Value {
        self.code().into()
    }
}
