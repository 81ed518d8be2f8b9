//! Telling people who are not looking.

use std::fmt;

use async_trait::async_trait;
use waymark_core::event::{OrgId, UserId};
use waymark_core::rules::Role;

/// Something needs an answer. It carries nothing about people or places: who wants to know more opens the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Stable: the same notice sent again has the same id, so that receivers can tell.
    pub id: String,
    pub kind: NoticeKind,
    /// How often it has been passed on for want of an answer, from 0.
    pub stage: u8,
    /// Whether it is only practised.
    pub exercise: bool,
    pub org: OrgId,
    /// The board's address.
    pub link: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    Overdue,
    Emergency,
}

/// One try to reach one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    pub means: Means,
    /// A device's id, a webhook's name, or a shortened address.
    pub target: String,
    pub sent: bool,
    /// Why it was not sent, without secrets and contents.
    pub detail: Option<String>,
}

/// A way to reach somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// Whatever reaches people.
#[async_trait]
pub trait Tell: Send + Sync + 'static {
    /// Tells the people of these roles, but for some; one attempt for each target, none when there is nobody to tell.
    async fn tell(&self, to: &[Role], not: &[UserId], notice: &Notice) -> Vec<Attempt>;
}

/// Reaches nobody: the boards of those who look are all there is.
#[derive(Debug, Clone, Copy)]
pub struct TellNobody;

#[async_trait]
impl Tell for TellNobody {
    async fn tell(&self, _: &[Role], _: &[UserId], _: &Notice) -> Vec<Attempt> {
        Vec::new()
    }
}
