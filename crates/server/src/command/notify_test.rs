use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::code::organisation;
use super::{CommandError, DataArgs, RoleArg, say};
use crate::notify::config::Config;
use crate::notify::{Attempt, Notice, NoticeKind, Notifier};
use crate::secret;
use crate::storage::Storage;

#[derive(Debug, Args)]
pub struct NotifyTest {
    #[command(flatten)]
    data: DataArgs,
    /// The file that `serve --notify` is given.
    #[arg(long)]
    notify: Option<PathBuf>,
    /// Whose people are told.
    #[arg(long)]
    role: RoleArg,
    /// The organisation, where there are several.
    #[arg(long)]
    org: Option<String>,
}

impl NotifyTest {
    pub async fn run(self) -> Result<(), CommandError> {
        let config = self.notify.as_deref().map(Config::read).transpose()?.unwrap_or_default();
        let storage = self.data.open().await?;
        let attempts = self.attempts(&storage, config).await;
        storage.close().await;
        let attempts = attempts?;
        for attempt in &attempts {
            say(&format!("{attempt}\n"))?;
        }
        let all = attempts.len();
        match attempts.iter().filter(|attempt| !attempt.sent).count() {
            _ if all == 0 => Err(CommandError::NobodyToTell(self.role.0.code())),
            0 => Ok(()),
            not_sent => Err(CommandError::NotSent { not_sent, all }),
        }
    }

    async fn attempts(
        &self,
        storage: &Arc<dyn Storage>,
        config: Config,
    ) -> Result<Vec<Attempt>, CommandError> {
        let notice = Notice {
            id: format!("test-{}", secret::epoch()?),
            kind: NoticeKind::Overdue,
            stage: 0,
            exercise: true,
            org: organisation(&**storage, self.org.as_deref()).await?,
            link: storage.address().await?.unwrap_or_default(),
        };
        let notifier = Notifier::new(storage.clone(), config);
        Ok(notifier.notify(&[self.role.0], &[], &notice).await)
    }
}
