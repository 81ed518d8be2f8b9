use sqlx::{Sqlite, Transaction};
use waymark_core::event::{DeviceId, OrgId, Stamp, UserId};

use super::{SqliteStorage, areas_text};
use crate::secret::SecretHash;
use crate::storage::enrolling::{FORGET_CODES_MS, Grant, GrantRow, Known, caller};
use crate::storage::{Caller, Enrolling, Enrolment, NewCode, StorageError};

type Tx = Transaction<'static, Sqlite>;

pub async fn add_codes(storage: &SqliteStorage, codes: &[NewCode], now: Stamp) -> Result<(), StorageError> {
    let mut tx = storage.write().await?;
    sqlx::query("DELETE FROM codes WHERE expires < ?1")
        .bind(now.plus_ms(-FORGET_CODES_MS).0)
        .execute(&mut *tx)
        .await?;
    for code in codes {
        sqlx::query(
            "INSERT INTO codes (hash, org, role, areas, expires, device) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )
        .bind(&code.hash.0[..])
        .bind(&code.org.0)
        .bind(code.role.code())
        .bind(areas_text(&code.areas))
        .bind(code.expires.0)
        .bind(code.device.as_ref().map(|device| &device.0))
        .execute(&mut *tx)
        .await?;
    }
    Ok(tx.commit().await?)
}

pub async fn enrol(
    storage: &SqliteStorage,
    enrolment: &Enrolment,
    now: Stamp,
) -> Result<Enrolling, StorageError> {
    let mut tx = storage.write().await?;
    let Some(grant) = consume(&mut tx, &enrolment.code, now).await? else {
        return Ok(Enrolling::Refused);
    };
    let known = look_up(&mut tx, &grant, enrolment).await?;
    let caller = caller(&grant, enrolment, known);
    save(&mut tx, &caller, enrolment, now).await?;
    tx.commit().await?;
    Ok(Enrolling::Enrolled { caller, org_name: grant.org_name })
}

async fn consume(tx: &mut Tx, code: &SecretHash, now: Stamp) -> Result<Option<Grant>, StorageError> {
    let row: Option<GrantRow> = sqlx::query_as(
        "UPDATE codes SET used = ?2 WHERE hash = ?1 AND used IS NULL AND expires > ?2
         RETURNING org, (SELECT name FROM orgs WHERE slug = org), role, areas, device",
    )
    .bind(&code.0[..])
    .bind(now.0)
    .fetch_optional(&mut **tx)
    .await?;
    row.map(Grant::from_row).transpose()
}

/// What the database knows of those that the enrolment names.
async fn look_up(tx: &mut Tx, grant: &Grant, enrolment: &Enrolment) -> Result<Known, StorageError> {
    let mut found = Known::default();
    if let Some(device) = &grant.device {
        found.granted = known(tx, &grant.org, device).await?.map(|(user, _)| user);
    }
    found.by_key = by_key(tx, &grant.org, enrolment).await?;
    if let Some(former) = &enrolment.former {
        found.former = known(tx, &grant.org, &former.device).await?;
        found.former_user = match &former.user {
            Some(user) => is_user(tx, &grant.org, user).await?,
            None => false,
        };
    }
    Ok(found)
}

/// The device that has shown this key before.
async fn by_key(
    tx: &mut Tx,
    org: &OrgId,
    enrolment: &Enrolment,
) -> Result<Option<(DeviceId, UserId)>, StorageError> {
    let Some(key) = &enrolment.key else {
        return Ok(None);
    };
    let row: Option<(String, String)> =
        sqlx::query_as("SELECT id, user FROM devices WHERE org = ?1 AND key = ?2")
            .bind(&org.0)
            .bind(&key.0[..])
            .fetch_optional(&mut **tx)
            .await?;
    Ok(row.map(|(device, user)| (DeviceId(device), UserId(user))))
}

/// Who carries a device, and the hash of its credential.
async fn known(
    tx: &mut Tx,
    org: &OrgId,
    device: &DeviceId,
) -> Result<Option<(UserId, Vec<u8>)>, StorageError> {
    let row: Option<(String, Vec<u8>)> =
        sqlx::query_as("SELECT user, token FROM devices WHERE org = ?1 AND id = ?2")
            .bind(&org.0)
            .bind(&device.0)
            .fetch_optional(&mut **tx)
            .await?;
    Ok(row.map(|(user, token)| (UserId(user), token)))
}

async fn is_user(tx: &mut Tx, org: &OrgId, user: &UserId) -> Result<bool, StorageError> {
    let query = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM users WHERE org = ?1 AND id = ?2)");
    Ok(query.bind(&org.0).bind(&user.0).fetch_one(&mut **tx).await?)
}

async fn save(tx: &mut Tx, caller: &Caller, enrolment: &Enrolment, now: Stamp) -> Result<(), StorageError> {
    sqlx::query(
        "INSERT INTO users (org, id, name, role, areas) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET name = excluded.name, role = excluded.role, areas = excluded.areas",
    )
    .bind(&caller.org.0)
    .bind(&caller.user.0)
    .bind(&enrolment.name)
    .bind(caller.role.code())
    .bind(areas_text(&caller.areas))
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "INSERT INTO devices (org, id, user, token, enrolled, key) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (org, id) DO UPDATE SET token = excluded.token, enrolled = excluded.enrolled, revoked = NULL,
             key = COALESCE(excluded.key, key)",
    )
    .bind(&caller.org.0)
    .bind(&caller.device.0)
    .bind(&caller.user.0)
    .bind(&enrolment.new_token.0[..])
    .bind(now.0)
    .bind(enrolment.key.as_ref().map(|key| &key.0[..]))
    .execute(&mut **tx)
    .await?;
    Ok(())
}
