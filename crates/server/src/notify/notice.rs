//! What is said to people who are not looking, and what became of saying it.

use std::fmt;

use serde::Serialize;
use waymark_core::event::OrgId;

/// Something needs an answer. It carries nothing about people or places: who wants to know more opens the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Stable: the same notice sent again has the same id, so that receivers can tell. Visible ASCII, as it is sent in
    /// a header, and nothing about people or places in it.
    pub id: String,
    pub kind: NoticeKind,
    /// How often it has been passed on for want of an answer, from 0.
    pub stage: u8,
    /// Whether it is only practised; said in every text.
    pub exercise: bool,
    pub org: OrgId,
    /// The board's address, such as `https://waymark.example.org/watch`.
    pub link: String,
}

/// Told to webhooks, never to people: what they read is the same for all kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    Overdue,
    Emergency,
    /// A threat with a deadline, or an incident in which somebody needs help.
    Report,
}

/// One try to reach one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    pub means: Means,
    /// A device's id, a webhook's name, or an address with its local part shortened.
    pub target: String,
    pub sent: bool,
    /// Why it was not sent, without secrets and contents.
    pub detail: Option<String>,
}

impl Attempt {
    pub(super) fn new(means: Means, target: impl Into<String>, outcome: Result<(), String>) -> Self {
        let attempt = Self { means, target: target.into(), sent: outcome.is_ok(), detail: outcome.err() };
        if let Some(detail) = &attempt.detail {
            tracing::warn!(%means, detail, "a notice was not sent");
        }
        attempt
    }
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { means, target, sent, detail } = self;
        match detail {
            _ if *sent => write!(f, "{means} to {target}: sent"),
            Some(detail) => write!(f, "{means} to {target}: not sent: {detail}"),
            None => write!(f, "{means} to {target}: not sent"),
        }
    }
}

/// A way to reach somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    Push,
    Webhook,
    Email,
}

impl fmt::Display for Means {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Push => "push",
            Self::Webhook => "webhook",
            Self::Email => "e-mail",
        })
    }
}
