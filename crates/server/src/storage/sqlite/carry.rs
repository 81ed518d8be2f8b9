use async_trait::async_trait;
use sqlx::FromRow;
use waymark_core::event::{DeviceId, OrgId, UserId};
use waymark_core::guidance::Key;

use super::{SqliteStorage, areas_from, role_from};
use crate::storage::{Caller, CarryStorage, OWN_ID, Signer, StorageError};

#[derive(FromRow)]
struct Row {
    user: String,
    name: String,
    role: String,
    areas: String,
    signing_key: Option<String>,
    revoked: Option<i64>,
}

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
        let row: Option<Row> = sqlx::query_as(
            "SELECT d.user, u.name, u.role, u.areas, d.signing_key, d.revoked
             FROM devices d JOIN users u ON u.org = d.org AND u.id = d.user
             WHERE d.org = ?1 AND d.id = ?2 AND d.id <> ?3",
        )
        .bind(&org.0)
        .bind(&device.0)
        .bind(OWN_ID)
        .fetch_optional(&self.readers)
        .await?;
        row.map(|row| {
            let key = row.signing_key.map(|text| text.parse().map_err(|()| StorageError::Unreadable("key")));
            let caller = Caller {
                org: org.clone(),
                device: device.clone(),
                user: UserId(row.user),
                role: role_from(&row.role)?,
                areas: areas_from(&row.areas)?,
            };
            Ok(Signer { caller, name: row.name, key: key.transpose()?, revoked: row.revoked.is_some() })
        })
        .transpose()
    }
}
