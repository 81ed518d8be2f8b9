use std::path::PathBuf;

use clap::Args;
use waymark_core::event::{OrgId, Stamp};
use waymark_core::rules::Role;

use super::{CommandError, RoleArg, say};
use crate::clock;
use crate::secret::EnrolmentCode;
use crate::storage::sqlite::{DataDir, SqliteStorage};
use crate::storage::{NewCode, Storage};

const DAY_MS: i64 = 86_400_000;

#[derive(Debug, Args)]
pub struct Code {
    /// The data directory.
    #[arg(long)]
    data: PathBuf,
    /// What the person may do and see.
    #[arg(long)]
    role: RoleArg,
    /// The areas the person works in, by comma; none means all.
    #[arg(long, value_delimiter = ',')]
    areas: Vec<String>,
    /// For how many days the code works.
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..=365))]
    days: u16,
    /// The organisation, where there are several.
    #[arg(long)]
    org: Option<String>,
    /// The server's address as phones reach it, for the link; by default the one it last served under.
    #[arg(long)]
    url: Option<String>,
}

impl Code {
    pub async fn run(self) -> Result<(), CommandError> {
        let storage = DataDir::new(&self.data).open().await?;
        let text = self.make(&storage).await;
        storage.close().await;
        Ok(say(&text?)?)
    }

    async fn make(&self, storage: &SqliteStorage) -> Result<String, CommandError> {
        let org = organisation(storage, self.org.as_deref()).await?;
        let mut areas: Vec<_> = self.areas.iter().map(|area| area.trim().to_owned()).collect();
        areas.retain(|area| !area.is_empty());
        let now = clock::now();
        let expires = now.plus_ms(i64::from(self.days) * DAY_MS);
        let code = fresh(storage, &org, self.role.0, areas, now, expires).await?;
        let address = match &self.url {
            Some(url) => Some(url.clone()),
            None => storage.address().await?,
        };
        let link = address.map(|address| format!("{}\n", link(&address, &code))).unwrap_or_default();
        Ok(format!("{}\n{link}", line(self.role.0, &code)))
    }
}

async fn organisation(storage: &SqliteStorage, slug: Option<&str>) -> Result<OrgId, CommandError> {
    let orgs = storage.orgs().await?;
    match (slug, &orgs[..]) {
        (_, []) => Err(CommandError::NoOrganisation),
        (None, [org]) => Ok(org.slug.clone()),
        (None, several) => {
            let slugs: Vec<_> = several.iter().map(|org| org.slug.0.as_str()).collect();
            Err(CommandError::WhichOrganisation(slugs.join(", ")))
        }
        (Some(slug), orgs) => match orgs.iter().find(|org| org.slug.0 == slug) {
            Some(org) => Ok(org.slug.clone()),
            None => Err(CommandError::UnknownOrganisation(slug.to_owned())),
        },
    }
}

/// Makes a code and keeps its hash.
pub async fn fresh(
    storage: &dyn Storage,
    org: &OrgId,
    role: Role,
    areas: Vec<String>,
    now: Stamp,
    expires: Stamp,
) -> Result<EnrolmentCode, CommandError> {
    let code = EnrolmentCode::random()?;
    let kept = NewCode { hash: code.hash(), org: org.clone(), role, areas, expires };
    storage.add_codes(&[kept], now).await?;
    Ok(code)
}

pub fn line(role: Role, code: &EnrolmentCode) -> String {
    format!("enrolment code, {}: {code}", role.code())
}

/// The code is in the fragment, which browsers do not send anywhere.
pub fn link(address: &str, code: &EnrolmentCode) -> String {
    format!("{}/enrol#code={code}", address.trim_end_matches('/'))
}
