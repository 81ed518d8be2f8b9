//! Telling people who are not looking.

use async_trait::async_trait;
use waymark_core::event::UserId;
use waymark_core::rules::Role;

use crate::notify::Notifier;
pub use crate::notify::{Attempt, Means, Notice, NoticeKind};

/// Whatever reaches people.
#[async_trait]
pub trait Tell: Send + Sync + 'static {
    /// Tells the people of these roles, but for some; one attempt for each target, none when there is nobody to tell.
    async fn tell(&self, to: &[Role], not: &[UserId], notice: &Notice) -> Vec<Attempt>;
}

#[async_trait]
impl Tell for Notifier {
    async fn tell(&self, to: &[Role], not: &[UserId], notice: &Notice) -> Vec<Attempt> {
        self.notify(to, not, notice).await
    }
}
