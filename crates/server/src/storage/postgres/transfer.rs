//! Everything of an SQLite database into an empty PostgreSQL one: all of it in one transaction, or nothing.

use std::mem;
use std::path::Path;

use futures_util::TryStreamExt as _;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Connection as _, Row as _};

use super::{Address, PostgresStorage, Tx};
use crate::storage::snapshot::SnapshotError;
use crate::storage::{Storage as _, StorageError, sqlite};

/// In the order in which rows find their partners.
const TABLES: [&str; 19] = [
    "settings",
    "orgs",
    "users",
    "devices",
    "codes",
    "records",
    "conflicts",
    "movements",
    "crews",
    "levels",
    "push",
    "mentions",
    "photos",
    "blobs",
    "pack_keys",
    "packs",
    "pack_files",
    "pack_contents",
    "pack_devices",
];
/// What another database has no use for: who leads is held otherwise there.
const LEFT: [&str; 2] = ["leases", "_sqlx_migrations"];
/// Bytes of rows that are sent together, and how many rows.
const TOGETHER: (usize, usize) = (4 << 20, 2_000);

/// Why nothing was taken over.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    #[error("the SQLite database cannot be read: {0}")]
    From(#[source] SnapshotError),
    #[error("the PostgreSQL database failed: {0}")]
    To(#[from] StorageError),
    #[error("the PostgreSQL database is not empty: there is an organisation in it")]
    NotEmpty,
    #[error("this version does not know how to take {0} over")]
    Unknown(String),
    #[error("of the table {table} {written} of {read} rows were written")]
    Incomplete { table: &'static str, read: u64, written: u64 },
}

/// What was taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transferred {
    pub organisations: u64,
    pub devices: u64,
    pub records: u64,
}

impl PostgresStorage {
    /// Takes over what is in the SQLite file: its epoch, so that phones notice nothing, and every row. Nobody may serve
    /// the file meanwhile, or after.
    ///
    /// # Errors
    /// Nothing was written; the tables may have been created.
    pub async fn take_over(address: &Address, file: &Path) -> Result<Transferred, TransferError> {
        let mut from = sqlite::reader(file).await.map_err(TransferError::From)?;
        let storage = Self::open_without_life(address).await?;
        let done = storage.copy(&mut from).await;
        storage.close().await;
        let closed = from.close().await;
        let done = done?;
        closed.map_err(|error| TransferError::From(StorageError::from(error).into()))?;
        Ok(done)
    }

    async fn copy(&self, from: &mut SqliteConnection) -> Result<Transferred, TransferError> {
        nothing_is_left_behind(from).await?;
        let mut tx = self.write().await?;
        sqlx::query("LOCK TABLE orgs IN EXCLUSIVE MODE")
            .execute(&mut *tx)
            .await
            .map_err(StorageError::from)?;
        let any: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM orgs)")
            .fetch_one(&mut *tx)
            .await
            .map_err(StorageError::from)?;
        if any {
            return Err(TransferError::NotEmpty);
        }
        sqlx::query("DELETE FROM settings").execute(&mut *tx).await.map_err(StorageError::from)?;
        let mut counts = Transferred { organisations: 0, devices: 0, records: 0 };
        for table in TABLES {
            let rows = Table::find(&mut tx, from, table).await?.copy(&mut tx, from).await?;
            match table {
                "orgs" => counts.organisations = rows,
                "devices" => counts.devices = rows,
                "records" => counts.records = rows,
                _ => {}
            }
        }
        tx.commit().await.map_err(StorageError::from)?;
        self.statistics.renew().await.map_err(StorageError::from)?;
        Ok(counts)
    }
}

/// A table that was added since, or one of ours that is missing here, would be lost without a word.
async fn nothing_is_left_behind(from: &mut SqliteConnection) -> Result<(), TransferError> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'";
    let names: Vec<String> = sqlx::query_scalar(sql).fetch_all(from).await.map_err(read_error)?;
    let known = |name: &&String| TABLES.iter().chain(&LEFT).any(|known| known == name);
    match names.iter().find(|name| !known(name)) {
        Some(name) => Err(TransferError::Unknown(format!("the table {name}"))),
        None => Ok(()),
    }
}

fn read_error(error: sqlx::Error) -> TransferError {
    TransferError::From(StorageError::from(error).into())
}

struct Table {
    name: &'static str,
    /// Names, and their types as PostgreSQL calls them.
    columns: Vec<(String, String)>,
}

/// The values of one column of several rows.
enum Values {
    Texts(Vec<Option<String>>),
    Numbers(Vec<Option<i64>>),
    Flags(Vec<Option<bool>>),
    Bytes(Vec<Option<Vec<u8>>>),
}

impl Table {
    /// The table as it is where it goes; every column of where it comes from must be among these.
    async fn find(
        tx: &mut Tx,
        from: &mut SqliteConnection,
        name: &'static str,
    ) -> Result<Self, TransferError> {
        let sql = "SELECT column_name::text, data_type::text FROM information_schema.columns
            WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position";
        let columns: Vec<(String, String)> =
            sqlx::query_as(sql).bind(name).fetch_all(&mut **tx).await.map_err(StorageError::from)?;
        let own: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info(?1)")
            .bind(name)
            .fetch_all(from)
            .await
            .map_err(read_error)?;
        match own.iter().find(|own| !columns.iter().any(|(column, _)| column == *own)) {
            Some(column) => Err(TransferError::Unknown(format!("the column {name}.{column}"))),
            None => Ok(Self { name, columns }),
        }
    }

    /// Gives how many rows there are.
    async fn copy(&self, tx: &mut Tx, from: &mut SqliteConnection) -> Result<u64, TransferError> {
        let (select, insert) = (AssertSqlSafe(self.select()), self.insert());
        let (mut read, mut written) = (0, 0);
        let mut rows = sqlx::query(select).fetch(from);
        let (mut bytes, mut count, mut together) = (0, 0, self.nothing()?);
        while let Some(row) = rows.try_next().await.map_err(read_error)? {
            for (at, values) in together.iter_mut().enumerate() {
                bytes += values.push(&row, at).map_err(read_error)?;
            }
            (read, count) = (read + 1, count + 1);
            if bytes >= TOGETHER.0 || count >= TOGETHER.1 {
                written += write(tx, &insert, mem::replace(&mut together, self.nothing()?)).await?;
                (bytes, count) = (0, 0);
            }
        }
        if count > 0 {
            written += write(tx, &insert, together).await?;
        }
        if read == written {
            Ok(read)
        } else {
            Err(TransferError::Incomplete { table: self.name, read, written })
        }
    }

    /// A place for the values of each column.
    fn nothing(&self) -> Result<Vec<Values>, TransferError> {
        let of = |(column, of): &(String, String)| match of.as_str() {
            "text" => Ok(Values::Texts(vec![])),
            "bigint" => Ok(Values::Numbers(vec![])),
            "boolean" => Ok(Values::Flags(vec![])),
            "bytea" => Ok(Values::Bytes(vec![])),
            _ => Err(TransferError::Unknown(format!("the column {}.{column}", self.name))),
        };
        self.columns.iter().map(of).collect()
    }

    fn select(&self) -> String {
        let value = |(column, _): &(String, String)| match (self.name, column.as_str()) {
            ("orgs", "arrived") => "(SELECT count(*) FROM records r WHERE r.org = slug)".to_owned(),
            ("records", "arrival") => "row_number() OVER (PARTITION BY org ORDER BY rowid)".to_owned(),
            ("records", "kind") => "event ->> '$.type'".to_owned(),
            _ => format!("\"{column}\""),
        };
        let values: Vec<_> = self.columns.iter().map(value).collect();
        format!("SELECT {} FROM {}", values.join(", "), self.name)
    }

    fn insert(&self) -> String {
        let names: Vec<_> = self.columns.iter().map(|(column, _)| format!("\"{column}\"")).collect();
        let list = |(at, (_, of)): (usize, &(String, String))| format!("${}::{}[]", at + 1, of);
        let lists: Vec<_> = self.columns.iter().enumerate().map(list).collect();
        format!("INSERT INTO {} ({}) SELECT * FROM unnest({})", self.name, names.join(", "), lists.join(", "))
    }
}

async fn write(tx: &mut Tx, insert: &str, columns: Vec<Values>) -> Result<u64, TransferError> {
    let mut query = sqlx::query(AssertSqlSafe(insert.to_owned()));
    for values in columns {
        query = match values {
            Values::Texts(texts) => query.bind(texts),
            Values::Numbers(numbers) => query.bind(numbers),
            Values::Flags(flags) => query.bind(flags),
            Values::Bytes(bytes) => query.bind(bytes),
        };
    }
    Ok(query.execute(&mut **tx).await.map_err(StorageError::from)?.rows_affected())
}

impl Values {
    /// Adds the row's value; gives about how many bytes it has.
    fn push(&mut self, row: &SqliteRow, at: usize) -> Result<usize, sqlx::Error> {
        let bytes = match self {
            Self::Texts(texts) => {
                // PostgreSQL keeps no NUL; where one is allowed, it says nothing.
                let text: Option<String> = row.try_get(at)?;
                let text =
                    text.map(|text| if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text });
                texts.push(text);
                texts.last().and_then(Option::as_ref).map_or(0, String::len)
            }
            Self::Numbers(numbers) => {
                numbers.push(row.try_get(at)?);
                size_of::<i64>()
            }
            Self::Flags(flags) => {
                flags.push(row.try_get(at)?);
                size_of::<bool>()
            }
            Self::Bytes(all) => {
                all.push(row.try_get(at)?);
                all.last().and_then(Option::as_ref).map_or(0, Vec::len)
            }
        };
        Ok(bytes)
    }
}
