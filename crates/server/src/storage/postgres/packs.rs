use async_trait::async_trait;
use waymark_core::backend::standards::Carrier;
use waymark_core::event::{Digest, OrgId, Stamp};
use waymark_core::guidance::Key;
use waymark_core::rules::visibility::Viewer;

use super::people::SHARES;
use super::{PostgresStorage, Tx, small};
use crate::storage::packs::{CarriedRow, PackRow, carried, key_from};
use crate::storage::people::CarrierRow;
use crate::storage::{
    Basis, Caller, Carried, NewPack, OWN_ID, PackStorage, Published, Publishing, StorageError,
};

const SELECT: &str = "SELECT version, key, published, signed FROM packs WHERE org = $1 ORDER BY version DESC";
const KEY: &str = "SELECT key FROM pack_keys WHERE org = $1";

#[async_trait]
impl PackStorage for PostgresStorage {
    async fn pack_key(&self, org: &OrgId) -> Result<Option<Key>, StorageError> {
        let text: Option<String> = sqlx::query_scalar(KEY).bind(&org.0).fetch_optional(&self.pool).await?;
        text.as_deref().map(key_from).transpose()
    }

    async fn pack(&self, org: &OrgId) -> Result<Option<Published>, StorageError> {
        let sql = sqlx::AssertSqlSafe(format!("{SELECT} LIMIT 1"));
        let row: Option<PackRow> = sqlx::query_as(sql).bind(&org.0).fetch_optional(&self.pool).await?;
        row.map(PackRow::published).transpose()
    }

    async fn packs(&self, org: &OrgId) -> Result<Vec<Published>, StorageError> {
        let rows: Vec<PackRow> = sqlx::query_as(SELECT).bind(&org.0).fetch_all(&self.pool).await?;
        rows.into_iter().map(PackRow::published).collect()
    }

    async fn publish(
        &self,
        org: &OrgId,
        pack: &NewPack,
        basis: Basis,
        now: Stamp,
    ) -> Result<Publishing, StorageError> {
        let mut tx = self.write_in(org).await?;
        if self::basis(&mut tx, org).await? != basis {
            return Ok(Publishing::Overtaken);
        }
        trust(&mut tx, org, &pack.key, now).await?;
        add(&mut tx, org, pack, now).await?;
        for (sha256, bytes) in &pack.files {
            add_file(&mut tx, org, pack.version, &sha256.to_string(), bytes).await?;
        }
        tx.commit().await?;
        Ok(Publishing::Published)
    }

    async fn pack_file(&self, org: &OrgId, sha256: &Digest) -> Result<Option<Vec<u8>>, StorageError> {
        let sql = "SELECT bytes FROM pack_files WHERE sha256 = $2
            AND EXISTS (SELECT 1 FROM pack_contents WHERE org = $1 AND sha256 = $2)";
        let query = sqlx::query_scalar(sql).bind(&org.0).bind(sha256.to_string());
        Ok(query.fetch_optional(&self.pool).await?)
    }

    async fn carry(&self, caller: &Caller, version: u32, now: Stamp) -> Result<(), StorageError> {
        let sql = "SELECT version FROM pack_devices WHERE org = $1 AND device = $2";
        let query = sqlx::query_scalar(sql).bind(&caller.org.0).bind(&caller.device.0);
        let before: Option<i64> = query.fetch_optional(&self.pool).await?;
        // Phones say it every time.
        if before == Some(i64::from(version)) {
            return Ok(());
        }
        sqlx::query(
            "INSERT INTO pack_devices (org, device, version, since) VALUES ($1, $2, $3, $4)
             ON CONFLICT (org, device) DO UPDATE SET version = excluded.version, since = excluded.since",
        )
        .bind(&caller.org.0)
        .bind(&caller.device.0)
        .bind(i64::from(version))
        .bind(now.0)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    async fn carriers(&self, viewer: &Viewer) -> Result<Vec<Carrier>, StorageError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "SELECT d.id, d.\"user\", u.name, u.role, u.areas, p.version, p.since, d.seen
             FROM devices d JOIN users u ON u.org = d.org AND u.id = d.\"user\"
             LEFT JOIN pack_devices p ON p.org = d.org AND p.device = d.id
             WHERE d.org = $1 AND d.revoked IS NULL AND d.id <> $3 AND {SHARES} ORDER BY u.name, d.id"
        ));
        let rows: Vec<CarrierRow> = sqlx::query_as(sql)
            .bind(&viewer.org.0)
            .bind(&viewer.areas)
            .bind(OWN_ID)
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter().map(CarrierRow::carrier).collect()
    }

    async fn carried(&self, org: &OrgId) -> Result<Vec<Carried>, StorageError> {
        let sql = "SELECT device, version, since FROM pack_devices WHERE org = $1 ORDER BY device";
        let rows: Vec<CarriedRow> = sqlx::query_as(sql).bind(&org.0).fetch_all(&self.pool).await?;
        rows.into_iter().map(carried).collect()
    }
}

async fn basis(tx: &mut Tx, org: &OrgId) -> Result<Basis, StorageError> {
    let key: Option<String> = sqlx::query_scalar(KEY).bind(&org.0).fetch_optional(&mut **tx).await?;
    let version = sqlx::query_scalar("SELECT max(version) FROM packs WHERE org = $1");
    let version: Option<i64> = version.bind(&org.0).fetch_one(&mut **tx).await?;
    let version = version.map(|version| small(version, "version of a pack")).transpose()?;
    Ok(Basis { key: key.as_deref().map(key_from).transpose()?, version })
}

/// A key that is trusted already keeps its time.
async fn trust(tx: &mut Tx, org: &OrgId, key: &Key, now: Stamp) -> Result<(), StorageError> {
    let sql = "INSERT INTO pack_keys (org, key, since) VALUES ($1, $2, $3)
        ON CONFLICT (org) DO UPDATE SET key = excluded.key, since = excluded.since WHERE pack_keys.key <> excluded.key";
    sqlx::query(sql).bind(&org.0).bind(key.to_string()).bind(now.0).execute(&mut **tx).await?;
    Ok(())
}

async fn add(tx: &mut Tx, org: &OrgId, pack: &NewPack, now: Stamp) -> Result<(), StorageError> {
    let sql = "INSERT INTO packs (org, version, key, published, signed) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (org, version) DO UPDATE
        SET key = excluded.key, published = excluded.published, signed = excluded.signed";
    sqlx::query(sql)
        .bind(&org.0)
        .bind(i64::from(pack.version))
        .bind(pack.key.to_string())
        .bind(now.0)
        .bind(&pack.signed)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn add_file(
    tx: &mut Tx,
    org: &OrgId,
    version: u32,
    sha256: &str,
    bytes: &[u8],
) -> Result<(), StorageError> {
    let file = sqlx::query("INSERT INTO pack_files (sha256, bytes) VALUES ($1, $2) ON CONFLICT DO NOTHING");
    file.bind(sha256).bind(bytes).execute(&mut **tx).await?;
    let content =
        "INSERT INTO pack_contents (org, sha256, version) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    sqlx::query(content).bind(&org.0).bind(sha256).bind(i64::from(version)).execute(&mut **tx).await?;
    Ok(())
}
