use clap::Args;
use serde_json::json;
use waymark_core::event::OrgId;

use super::{CommandError, DataArgs, say};
use crate::storage::snapshot::Snapshot;
use crate::storage::sqlite::DataDir;
use crate::verify::{Findings, verify};

#[derive(Debug, Args)]
pub struct Verify {
    #[command(flatten)]
    data: DataArgs,
    /// Only what belongs to one organisation.
    #[arg(long)]
    org: Option<String>,
    /// For programs: one JSON object, with every fault.
    #[arg(long)]
    json: bool,
}

impl Verify {
    pub async fn run(self) -> Result<(), CommandError> {
        let folder = self.data.folder()?;
        let mut snapshot = self.data.snapshot().await?;
        let findings = self.look(&folder, &mut *snapshot).await;
        snapshot.close().await?;
        let findings = findings?;
        let text = if self.json {
            let Findings { organisations, faults, .. } = &findings;
            let good = findings.is_good();
            format!("{}\n", json!({ "good": good, "organisations": organisations, "faults": faults }))
        } else {
            findings.text()
        };
        say(&text)?;
        if findings.is_good() { Ok(()) } else { Err(CommandError::Faults(findings.faults.len())) }
    }

    async fn look(&self, data: &DataDir, snapshot: &mut dyn Snapshot) -> Result<Findings, CommandError> {
        let org = self.org.as_deref().map(OrgId::from);
        if let Some(org) = &org
            && !snapshot.orgs().await?.iter().any(|(slug, _)| slug == org)
        {
            return Err(CommandError::UnknownOrganisation(org.0.clone()));
        }
        Ok(verify(snapshot, &data.blobs(), org.as_ref()).await?)
    }
}
