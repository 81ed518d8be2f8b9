use clap::Args;
use waymark_core::event::Stamp;

use super::columns::{minutes, table};
use super::{CommandError, DataArgs, say};
use crate::storage::Device;

const HEADS: [&str; 8] =
    ["device", "user", "name", "role", "enrolled (UTC)", "last seen (UTC)", "revoked (UTC)", "org"];

#[derive(Debug, Args)]
pub struct Devices {
    #[command(flatten)]
    data: DataArgs,
    /// Only those of one organisation.
    #[arg(long)]
    org: Option<String>,
}

impl Devices {
    pub async fn run(self) -> Result<(), CommandError> {
        let storage = self.data.open().await?;
        let devices = storage.devices().await;
        storage.close().await;
        let mut devices = devices?;
        devices.retain(|device| self.org.as_ref().is_none_or(|org| device.org.0 == *org));
        Ok(say(&table(HEADS, devices.iter().map(cells)))?)
    }
}

fn cells(device: &Device) -> [String; 8] {
    let time = |stamp: Option<Stamp>| stamp.map_or_else(|| "-".to_owned(), minutes);
    [
        device.id.0.clone(),
        device.user.0.clone(),
        device.name.clone(),
        device.role.code().to_owned(),
        minutes(device.enrolled),
        time(device.seen),
        time(device.revoked),
        device.org.0.clone(),
    ]
}
