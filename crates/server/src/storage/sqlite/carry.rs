use async_trait::async_trait;
use waymark_core::event::{DeviceId, OrgId};
use waymark_core::guidance::Key;

use super::SqliteStorage;
use crate::storage::carry::SignerRow;
use crate::storage::{Caller, CarryStorage, OWN_ID, Signer, StorageError};

#[async_trait]
impl CarryStorage for SqliteStorage {
    async fn set_signing_key(&self, caller: &Caller, key: &Key) -> Result<(), StorageError> {
        sqlx::query("UPDATE devices SET signing_key = ?3 WHERE org = ?1 AND id = ?2")
            .bind(&caller.org.0)
            .bind(&caller.device.0)
            .bind(key.to_string())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn signer(&self, org: &OrgId, device: &DeviceId) -> Result<Option<Signer>, StorageError> {
        let row: Option<SignerRow> = sqlx::query_as(
            "SELECT d.user, u.name, u.role, u.areas, d.signing_key, d.revoked
             FROM devices d JOIN users u ON u.org = d.org AND u.id = d.user
             WHERE d.org = ?1 AND d.id = ?2 AND d.id <> ?3",
        )
        .bind(&org.0)
        .bind(&device.0)
        .bind(OWN_ID)
        .fetch_optional(&self.readers)
        .await?;
        row.map(|row| row.signer(org, device)).transpose()
    }
}
