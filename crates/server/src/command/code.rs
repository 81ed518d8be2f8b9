use std::fmt::Display;

use clap::Args;
use waymark_core::event::{DeviceId, OrgId, Stamp};
use waymark_core::rules::Role;
use waymark_core::sync::{Destination, Setup};

use super::{CommandError, DataArgs, RoleArg, say, text_file};
use crate::clock;
use crate::secret::EnrolmentCode;
use crate::storage::{Device, NewCode, Storage};

const DAY_MS: i64 = 86_400_000;

#[derive(Debug, Args)]
pub struct Code {
    #[command(flatten)]
    data: DataArgs,
    /// What the person may do and see.
    #[arg(long, required_unless_present = "device", conflicts_with = "device")]
    role: Option<RoleArg>,
    /// The areas the person works in, by comma; none means all.
    #[arg(long, value_delimiter = ',', conflicts_with = "device")]
    areas: Vec<String>,
    /// For this very device and its person, whatever credential it has: after a restored backup, or to let a revoked
    /// device in again. Whoever redeems it becomes that device.
    #[arg(long)]
    device: Option<String>,
    /// A file with the set-up text of a phone that sends to other places as well: whoever joins by the code sends there,
    /// too. The sign-in of those places is in it. - for standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "device")]
    like: Option<String>,
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
        let storage = self.data.open().await?;
        let text = self.make(&*storage).await;
        storage.close().await;
        Ok(say(&text?)?)
    }

    async fn make(&self, storage: &dyn Storage) -> Result<String, CommandError> {
        let mirrors = self.mirrors()?;
        let grant = self.grant(storage).await?;
        let set_up = match mirrors {
            Some(mirrors) => Some(set_up(storage, &grant, mirrors).await?),
            None => None,
        };
        let now = clock::now();
        let expires = now.plus_ms(i64::from(self.days) * DAY_MS);
        let role = grant.role;
        let code = fresh(storage, grant, now, expires).await?.to_string();
        let code =
            set_up.map_or_else(|| code.clone(), |set_up| Setup { code: code.clone(), ..set_up }.to_text());
        let address = match &self.url {
            Some(url) => Some(url.clone()),
            None => storage.address().await?,
        };
        let link = address.map(|address| format!("{}\n", link(&address, &code))).unwrap_or_default();
        Ok(format!("{}\n{link}", line(role, &code)))
    }

    /// Where those send to who join by it, beside this server.
    fn mirrors(&self) -> Result<Option<Vec<Destination>>, CommandError> {
        let Some(file) = &self.like else { return Ok(None) };
        let Setup { home, mirrors, .. } = Setup::from_text(&text_file::read(file)?)?;
        let home = home.map(|home| Destination { must: false, ..home });
        let mirrors: Vec<_> = home.into_iter().chain(mirrors).filter(Destination::is_for_all).collect();
        if mirrors.is_empty() {
            return Err(CommandError::NoPlaces);
        }
        Ok(Some(mirrors))
    }

    async fn grant(&self, storage: &dyn Storage) -> Result<Grant, CommandError> {
        if let Some(device) = &self.device {
            return of_device(storage, device, self.org.as_deref()).await;
        }
        let role = self.role.map_or(Role::Traveller, |RoleArg(role)| role);
        let org = organisation(storage, self.org.as_deref()).await?;
        let mut areas: Vec<_> = self.areas.iter().map(|area| area.trim().to_owned()).collect();
        areas.retain(|area| !area.is_empty());
        Ok(Grant { org, role, areas, device: None })
    }
}

/// What a code is to give.
pub struct Grant {
    pub org: OrgId,
    pub role: Role,
    pub areas: Vec<String>,
    pub device: Option<DeviceId>,
}

/// What the phone is told, but for the code.
async fn set_up(
    storage: &dyn Storage,
    grant: &Grant,
    mirrors: Vec<Destination>,
) -> Result<Setup, CommandError> {
    let org = storage.orgs().await?.into_iter().find(|org| org.slug == grant.org);
    Ok(Setup {
        org: grant.org.clone(),
        org_name: org.map(|org| org.name).unwrap_or_default(),
        role: grant.role,
        areas: grant.areas.clone(),
        code: String::new(),
        home: None,
        mirrors,
    })
}

/// The device keeps its role and areas.
async fn of_device(storage: &dyn Storage, id: &str, org: Option<&str>) -> Result<Grant, CommandError> {
    let devices = storage.devices().await?.into_iter();
    devices
        .filter(|device| device.id.0 == id && org.is_none_or(|org| device.org.0 == org))
        .map(|Device { org, role, areas, id, .. }| Grant { org, role, areas, device: Some(id) })
        .next()
        .ok_or_else(|| CommandError::UnknownDevice(id.to_owned()))
}

/// The one that is named, or the only one there is.
pub async fn organisation(storage: &dyn Storage, slug: Option<&str>) -> Result<OrgId, CommandError> {
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
    grant: Grant,
    now: Stamp,
    expires: Stamp,
) -> Result<EnrolmentCode, CommandError> {
    let code = EnrolmentCode::random()?;
    let Grant { org, role, areas, device } = grant;
    let kept = NewCode { hash: code.hash(), org, role, areas, expires, device };
    storage.add_codes(&[kept], now).await?;
    Ok(code)
}

pub fn line(role: Role, code: &impl Display) -> String {
    format!("enrolment code, {}: {code}", role.code())
}

/// The code is in the fragment, which browsers do not send anywhere.
pub fn link(address: &str, code: &impl Display) -> String {
    format!("{}/enrol#code={code}", address.trim_end_matches('/'))
}
