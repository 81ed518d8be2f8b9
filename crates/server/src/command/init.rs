use clap::Args;
use waymark_core::event::OrgId;

use super::{CommandError, DataArgs, say};
use crate::clock;
use crate::storage::{Created, Org};

#[derive(Debug, Args)]
pub struct Init {
    #[command(flatten)]
    data: DataArgs,
    /// Short name in addresses: lower-case letters, digits and dashes. It cannot be changed.
    #[arg(long, value_parser = slug)]
    org: String,
    /// The organisation's name as people know it.
    #[arg(long, value_parser = clap::builder::NonEmptyStringValueParser::new())]
    name: String,
}

impl Init {
    pub async fn run(self) -> Result<(), CommandError> {
        let storage = self.data.create_or_open().await?;
        let org = Org { slug: OrgId(self.org), name: self.name };
        let created = storage.create_org(&org, clock::now()).await;
        storage.close().await;
        match created? {
            Created::Created => Ok(say(&format!("{} is ready\n", org.slug))?),
            Created::AlreadyThere => Err(CommandError::OrganisationExists(org.slug.0)),
        }
    }
}

fn slug(text: &str) -> Result<String, String> {
    let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if (1..=40).contains(&text.len()) && text.bytes().all(known) {
        return Ok(text.to_owned());
    }
    Err("1 to 40 lower-case letters, digits and dashes".to_owned())
}
