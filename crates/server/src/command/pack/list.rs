use clap::Args;
use waymark_core::event::OrgId;

use crate::command::code::organisation;
use crate::command::columns::{minutes, table};
use crate::command::{CommandError, DataArgs, say};
use crate::pack::both;
use crate::storage::{Carried, Device, Published, Storage};

const VERSIONS: [&str; 3] = ["version", "published (UTC)", "key"];
const DEVICES: [&str; 6] = ["device", "name", "role", "areas", "version", "since (UTC)"];

#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    data: DataArgs,
    /// The organisation, where there are several.
    #[arg(long)]
    org: Option<String>,
}

impl List {
    pub async fn run(self) -> Result<(), CommandError> {
        let storage = self.data.open().await?;
        let text = self.list(&*storage).await;
        storage.close().await;
        Ok(say(&text?)?)
    }

    async fn list(&self, storage: &dyn Storage) -> Result<String, CommandError> {
        let org = organisation(storage, self.org.as_deref()).await?;
        let Some(key) = storage.pack_key(&org).await? else {
            return Ok(format!("{org} has published no pack\n"));
        };
        let versions = storage.packs(&org).await?;
        let versions = table(VERSIONS, versions.iter().map(version));
        Ok(format!("trusted key: {}\n\n{versions}\n{}", both(&key), devices(storage, &org).await?))
    }
}

fn version(published: &Published) -> [String; 3] {
    [published.version.to_string(), minutes(published.published), published.key.short()]
}

/// Those that are not shut out, also if they have never said what they have.
async fn devices(storage: &dyn Storage, org: &OrgId) -> Result<String, CommandError> {
    let carried = storage.carried(org).await?;
    let all = storage.devices().await?;
    let own = all.iter().filter(|device| device.org == *org && device.revoked.is_none());
    let row = |device: &Device| cells(device, carried.iter().find(|carried| carried.device == device.id));
    Ok(table(DEVICES, own.map(row)))
}

fn cells(device: &Device, carried: Option<&Carried>) -> [String; 6] {
    let version = carried.map(|carried| match carried.version {
        0 => "none".to_owned(),
        version => version.to_string(),
    });
    [
        device.id.0.clone(),
        device.name.clone(),
        device.role.code().to_owned(),
        if device.areas.is_empty() { "all".to_owned() } else { device.areas.join(",") },
        version.unwrap_or_else(|| "-".to_owned()),
        carried.map_or_else(|| "-".to_owned(), |carried| minutes(carried.since)),
    ]
}
