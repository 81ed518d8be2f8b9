use clap::Args;
use waymark_core::event::DeviceId;

use super::{CommandError, DataArgs, say};
use crate::clock;

#[derive(Debug, Args)]
pub struct Revoke {
    #[command(flatten)]
    data: DataArgs,
    /// The device's id, as `devices` lists it and its settings show it.
    #[arg(long)]
    device: String,
}

impl Revoke {
    pub async fn run(self) -> Result<(), CommandError> {
        let storage = self.data.open().await?;
        let revoked = storage.revoke(&DeviceId(self.device.clone()), clock::now()).await;
        storage.close().await;
        if !revoked? {
            return Err(CommandError::UnknownDevice(self.device));
        }
        let words = format!("{} is shut out; `code --device` lets it in again\n", self.device);
        Ok(say(&words)?)
    }
}
