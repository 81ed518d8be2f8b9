//! What is stored, as it is, at one moment: for looking it over. Nothing is written, not even the tables brought up to
//! date.

use async_trait::async_trait;
use futures_util::{Stream, TryStreamExt as _};
use sqlx::FromRow;
use waymark_core::event::OrgId;

use super::StorageError;

/// What a [`StoredRecord`] is read from; `$row` is the column by which rows are numbered.
macro_rules! stored_records {
    ($row:literal, $from:literal, $which:literal) => {
        concat!(
            "SELECT ",
            $row,
            " AS \"row\", r.*, u.name AS author_name,
                EXISTS (SELECT 1 FROM devices d WHERE d.org = r.org AND d.id = r.device) AS device_known
            FROM ",
            $from,
            " LEFT JOIN users u ON u.org = r.org AND u.id = r.author WHERE ",
            $which
        )
    };
}
pub(super) use stored_records;

/// A row of `records`, with what is known of its author and device.
#[derive(Debug, Clone, FromRow)]
pub struct StoredRecord {
    /// Rows are numbered in the order in which they came, wherever the record is in the feed by now.
    pub row: i64,
    pub seq: i64,
    pub id: String,
    pub digest: String,
    pub device: String,
    pub author: String,
    pub subject: Option<String>,
    pub subject_author: Option<String>,
    pub protected: bool,
    pub areas: String,
    pub received: i64,
    pub happened: i64,
    pub event: String,
    pub movement: Option<String>,
    pub alarm: Option<String>,
    pub addressee: Option<String>,
    pub for_all_staff: bool,
    /// The type of the event, where the database keeps it beside it.
    #[sqlx(default)]
    pub kind: Option<String>,
    /// `None` if there is no such user.
    pub author_name: Option<String>,
    pub device_known: bool,
}

/// A row of `movements`.
#[derive(Debug, Clone, FromRow)]
pub struct StoredMovement {
    pub id: String,
    pub planner: Option<String>,
    pub areas: Option<String>,
    pub closed: Option<i64>,
}

/// A row of `crews`.
#[derive(Debug, Clone, FromRow)]
pub struct StoredCrew {
    pub movement: String,
    pub user: String,
    pub aboard: bool,
}

/// A row of `blobs`.
#[derive(Debug, Clone, FromRow)]
pub struct StoredBlob {
    pub sha256: String,
    pub user: String,
    pub bytes: i64,
}

/// A row of `packs`.
#[derive(Debug, Clone, FromRow)]
pub struct StoredPack {
    pub version: i64,
    pub key: String,
    pub signed: String,
}

/// Why a database cannot be looked over.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error("it was written by another version: let this one serve it once, or use the other")]
    OtherVersion,
}

/// Gives every row to `each`, one after the other.
pub async fn stream<T>(
    mut rows: impl Stream<Item = Result<T, sqlx::Error>> + Unpin,
    each: &mut (dyn FnMut(T) + Send),
) -> Result<(), StorageError> {
    while let Some(row) = rows.try_next().await? {
        each(row);
    }
    Ok(())
}

/// The database as of the first question: what is written meanwhile is not seen.
#[async_trait]
pub trait Snapshot: Send {
    /// What the database finds wrong with its own files, as far as it looks.
    async fn damage(&mut self) -> Result<Vec<String>, StorageError>;

    /// Tables with rows whose partners are missing, and the tables in which these should be.
    async fn dangling(&mut self) -> Result<Vec<(String, String)>, StorageError>;

    /// How many rows of `records` were removed: no version of the server does that.
    async fn removed(&mut self) -> Result<i64, StorageError>;

    async fn has_epoch(&mut self) -> Result<bool, StorageError>;

    /// All organisations, and how far their counters are.
    async fn orgs(&mut self) -> Result<Vec<(OrgId, i64)>, StorageError>;

    /// Users with their roles and areas.
    async fn users(&mut self, org: &OrgId) -> Result<Vec<(String, String, String)>, StorageError>;

    /// Every record, one at a time, in the order in which they came.
    async fn records(
        &mut self,
        org: &OrgId,
        each: &mut (dyn FnMut(StoredRecord) + Send),
    ) -> Result<(), StorageError>;

    /// The records in these rows, in any order.
    async fn records_at(
        &mut self,
        org: &OrgId,
        rows: &[i64],
        each: &mut (dyn FnMut(StoredRecord) + Send),
    ) -> Result<(), StorageError>;

    /// Ids, digests and texts of the second versions that are kept aside, one at a time.
    async fn conflicts(
        &mut self,
        org: &OrgId,
        each: &mut (dyn FnMut((String, String, String)) + Send),
    ) -> Result<(), StorageError>;

    /// What is referred to, and by which record, one at a time.
    async fn mentions(
        &mut self,
        org: &OrgId,
        each: &mut (dyn FnMut((String, String)) + Send),
    ) -> Result<(), StorageError>;

    /// Photos, and the records that name them, one at a time.
    async fn photos(
        &mut self,
        org: &OrgId,
        each: &mut (dyn FnMut((String, String)) + Send),
    ) -> Result<(), StorageError>;

    async fn movements(&mut self, org: &OrgId) -> Result<Vec<StoredMovement>, StorageError>;

    async fn crews(&mut self, org: &OrgId) -> Result<Vec<StoredCrew>, StorageError>;

    async fn blobs(&mut self, org: &OrgId) -> Result<Vec<StoredBlob>, StorageError>;

    /// The key that the organisation's phones are told.
    async fn pack_key(&mut self, org: &OrgId) -> Result<Option<String>, StorageError>;

    /// The latest last.
    async fn packs(&mut self, org: &OrgId) -> Result<Vec<StoredPack>, StorageError>;

    /// Which version has which file.
    async fn pack_contents(&mut self, org: &OrgId) -> Result<Vec<(i64, String)>, StorageError>;

    async fn pack_file(&mut self, sha256: &str) -> Result<Option<Vec<u8>>, StorageError>;

    /// Lets go of the database.
    async fn close(self: Box<Self>) -> Result<(), StorageError>;
}
