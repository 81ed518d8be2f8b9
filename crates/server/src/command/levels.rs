use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use waymark_core::event::{AreaLevel, OrgId, WatchRules};
use waymark_core::rules::levels::{Levels as Set, check, rules_of};

use super::code::organisation;
use super::{CommandError, DataArgs, say};
use crate::pack::published_rules;
use crate::storage::Storage;

#[derive(Debug, Args)]
pub struct Levels {
    #[command(flatten)]
    data: DataArgs,
    /// The organisation, where there are several.
    #[arg(long)]
    org: Option<String>,
    /// The level to set; without it, all are printed.
    #[arg(long, value_parser = level_parser(), requires = "minutes")]
    level: Option<AreaLevel>,
    #[command(flatten)]
    minutes: Minutes,
}

/// All in minutes; what is not given stays as it is.
#[derive(Debug, Args)]
#[group(id = "minutes", multiple = true, requires = "level")]
struct Minutes {
    /// Minutes between two check-ins.
    #[arg(long)]
    interval: Option<u32>,
    /// Minutes from due until overdue.
    #[arg(long)]
    grace: Option<u32>,
    /// Minutes from due until the traveller is prompted.
    #[arg(long)]
    prompt: Option<u32>,
    /// Minutes between two steps of the ladder.
    #[arg(long)]
    step: Option<u32>,
    /// Minutes for which an acknowledgement holds the ladder.
    #[arg(long)]
    hold: Option<u32>,
}

fn level_parser() -> impl clap::builder::TypedValueParser<Value = AreaLevel> {
    PossibleValuesParser::new(AreaLevel::ALL.iter().map(AreaLevel::code))
        .map(|code| AreaLevel::from_code(&code))
}

impl Levels {
    pub async fn run(self) -> Result<(), CommandError> {
        let storage = self.data.open().await?;
        let text = self.set_and_list(&*storage).await;
        storage.close().await;
        Ok(say(&text?)?)
    }

    async fn set_and_list(&self, storage: &dyn Storage) -> Result<String, CommandError> {
        let org = organisation(storage, self.org.as_deref()).await?;
        if let Some(level) = &self.level {
            self.set(storage, &org, level).await?;
        }
        let own = storage.levels(&org).await?;
        let pack = published_rules(storage, &org).await?.levels;
        let line = |level: &AreaLevel| {
            let WatchRules { interval, grace, prompt, step, hold } = rules_of(level, &own, &pack);
            let (name, by) = (level.code(), set_by(level, &own, &pack));
            format!("{name:<12}{interval:>8}{grace:>7}{prompt:>8}{step:>6}{hold:>6}  {by}\n")
        };
        let heads = "level       interval  grace  prompt  step  hold  set by   (minutes)\n".to_owned();
        Ok(heads + &AreaLevel::ALL.iter().map(line).collect::<String>())
    }

    async fn set(&self, storage: &dyn Storage, org: &OrgId, level: &AreaLevel) -> Result<(), CommandError> {
        let pack = published_rules(storage, org).await?.levels;
        let before = rules_of(level, &storage.levels(org).await?, &pack);
        let rules = WatchRules {
            interval: self.minutes.interval.unwrap_or(before.interval),
            grace: self.minutes.grace.unwrap_or(before.grace),
            prompt: self.minutes.prompt.unwrap_or(before.prompt),
            step: self.minutes.step.unwrap_or(before.step),
            hold: self.minutes.hold.unwrap_or(before.hold),
        };
        check(&rules)?;
        Ok(storage.set_level(org, level, &rules).await?)
    }
}

/// In the order of [`rules_of`].
fn set_by(level: &AreaLevel, operator: &Set, pack: &Set) -> &'static str {
    if operator.contains_key(level) {
        "the server"
    } else if pack.contains_key(level) {
        "the pack"
    } else {
        "default"
    }
}
