//! The data directory: which file is the database, where the photos are, who has it open, backups.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::{SqliteSnapshot, SqliteStorage};
use crate::blobs::{Blobs, Copied};
use crate::secret;
use crate::storage::StorageError;
use crate::storage::snapshot::SnapshotError;

/// The name of the database in its directory.
pub const DATABASE: &str = "waymark.db";
/// The name of the folder of photos, in the data directory and beside a backup.
const BLOBS: &str = "blobs";
const LOCK: &str = "waymark.lock";
/// What SQLite puts beside a database.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

/// Why the data directory or a backup cannot be used; fit for the operator's eyes.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    #[error("cannot write to the data directory {}: {source}", path.display())]
    NotWritable { path: PathBuf, source: io::Error },
    #[error("there is no database in {}: run `waymark-server init` first", .0.display())]
    NoDatabase(PathBuf),
    #[error("cannot open the database {}: {source}", path.display())]
    CannotOpen { path: PathBuf, source: StorageError },
    #[error("cannot look at the database {}: {source}", path.display())]
    CannotLook { path: PathBuf, source: SnapshotError },
    #[error("another waymark-server uses {}: stop it first", .0.display())]
    InUse(PathBuf),
    #[error("{} is there already", .0.display())]
    AlreadyThere(PathBuf),
    #[error("{} is no backup of a Waymark database: {reason}", path.display())]
    NotABackup { path: PathBuf, reason: String },
    #[error("cannot write {}: {source}", path.display())]
    CannotWrite { path: PathBuf, source: io::Error },
}

/// A directory that holds one server's database and photos.
#[derive(Debug, Clone)]
pub struct DataDir(PathBuf);

/// Held for as long as a server has the database open.
#[derive(Debug)]
pub struct InUse(#[expect(dead_code, reason = "the lock ends when the file is closed")] File);

impl DataDir {
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn database(&self) -> PathBuf {
        self.0.join(DATABASE)
    }

    pub fn blobs(&self) -> Blobs {
        Blobs::new(self.0.join(BLOBS))
    }

    pub fn has_database(&self) -> bool {
        self.database().is_file()
    }

    /// Marks the database as in use until the answer is dropped.
    pub fn lock(&self) -> Result<InUse, FilesError> {
        self.make_writable()?;
        let not_writable = |source| FilesError::NotWritable { path: self.0.clone(), source };
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.0.join(LOCK))
            .map_err(not_writable)?;
        match file.try_lock() {
            Ok(()) => Ok(InUse(file)),
            Err(TryLockError::WouldBlock) => Err(FilesError::InUse(self.0.clone())),
            Err(TryLockError::Error(source)) => Err(not_writable(source)),
        }
    }

    /// Opens the database, and creates it with its directory if there is none.
    pub async fn create_or_open(&self) -> Result<SqliteStorage, FilesError> {
        self.make_writable()?;
        self.open_file().await
    }

    /// Opens the database that is there.
    pub async fn open(&self) -> Result<SqliteStorage, FilesError> {
        if !self.has_database() {
            return Err(FilesError::NoDatabase(self.0.clone()));
        }
        self.make_writable()?;
        self.open_file().await
    }

    /// Opens the database that is there for looking it over; a server may be running.
    pub async fn snapshot(&self) -> Result<SqliteSnapshot, FilesError> {
        if !self.has_database() {
            return Err(FilesError::NoDatabase(self.0.clone()));
        }
        let path = self.database();
        SqliteSnapshot::open(&path).await.map_err(|source| FilesError::CannotLook { path, source })
    }

    async fn open_file(&self) -> Result<SqliteStorage, FilesError> {
        let path = self.database();
        private(&path).map_err(|source| FilesError::NotWritable { path: self.0.clone(), source })?;
        SqliteStorage::open(&path).await.map_err(|source| FilesError::CannotOpen { path, source })
    }

    fn make_writable(&self) -> Result<(), FilesError> {
        let not_writable = |source| FilesError::NotWritable { path: self.0.clone(), source };
        fs::create_dir_all(&self.0).map_err(not_writable)?;
        let probe = self.0.join(format!(".waymark-probe-{}", std::process::id()));
        File::create(&probe).and_then(|_| fs::remove_file(&probe)).map_err(not_writable)
    }

    /// Writes a copy of the database, as of this moment, to `file`, and then copies the photos that are not there yet to
    /// the folder `blobs` beside it; a server may be running.
    pub async fn backup(&self, file: &Path) -> Result<Copied, FilesError> {
        if file.exists() {
            return Err(FilesError::AlreadyThere(file.to_owned()));
        }
        let storage = self.open().await?;
        let text = file.to_string_lossy().into_owned();
        // SQLite writes into an empty file.
        let writable = private(file);
        let done = sqlx::query("VACUUM INTO ?1").bind(text).execute(&storage.writer).await;
        storage.readers.close().await;
        storage.writer.close().await;
        let cannot_write = |source| FilesError::CannotWrite { path: file.to_owned(), source };
        writable.map_err(cannot_write)?;
        done.map_err(|error| cannot_write(io::Error::other(error)))?;
        File::open(file).and_then(|copy| copy.sync_all()).map_err(cannot_write)?;
        copy_blobs(self.blobs(), beside(file)).await
    }

    /// Puts the backup in place of the database, under a new epoch, so that phones send again what the backup does
    /// not have. What was there before is moved aside; the answer says where to. Photos are added to those that are
    /// there: their names say what they are, so none takes another's place.
    pub async fn restore(&self, backup: &Path, suffix: &str) -> Result<Restored, FilesError> {
        let _in_use = self.lock()?;
        let fresh = self.0.join(format!("{DATABASE}.restoring"));
        let cannot_write = |path: &Path| {
            let path = path.to_owned();
            |source| FilesError::CannotWrite { path, source }
        };
        fs::copy(backup, &fresh).map_err(|source| not_a_backup(backup, &source))?;
        if let Err(error) = renew(&fresh).await {
            let _ = fs::remove_file(&fresh);
            return Err(not_a_backup(backup, &error));
        }
        File::open(&fresh).and_then(|copy| copy.sync_all()).map_err(cannot_write(&fresh))?;
        let photos = copy_blobs(Blobs::new(beside(backup)), self.0.join(BLOBS)).await?;
        let aside = self.has_database().then(|| self.0.join(format!("replaced-{suffix}")));
        if let Some(aside) = &aside {
            self.move_to(aside).map_err(cannot_write(aside))?;
        }
        fs::rename(&fresh, self.database()).map_err(cannot_write(&self.database()))?;
        File::open(&self.0).and_then(|folder| folder.sync_all()).map_err(cannot_write(&self.0))?;
        Ok(Restored { aside, photos })
    }

    /// Moves the database out of the way, so that nobody serves it by mistake; gives where to.
    pub fn set_aside(&self, name: &str) -> Result<PathBuf, FilesError> {
        let aside = self.0.join(name);
        match self.move_to(&aside) {
            Ok(()) => Ok(aside),
            Err(source) => Err(FilesError::CannotWrite { path: aside, source }),
        }
    }

    fn move_to(&self, aside: &Path) -> io::Result<()> {
        fs::create_dir_all(aside)?;
        for companion in COMPANIONS.iter().chain(&[""]) {
            let name = format!("{DATABASE}{companion}");
            match fs::rename(self.0.join(&name), aside.join(&name)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }
}

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Where the database is that was there before.
    pub aside: Option<PathBuf>,
    pub photos: Copied,
}

/// The folder of photos beside a backup. One folder serves all backups in one place.
fn beside(backup: &Path) -> PathBuf {
    backup.with_file_name(BLOBS)
}

async fn copy_blobs(from: Blobs, to: PathBuf) -> Result<Copied, FilesError> {
    let target = Blobs::new(&to);
    let copying = tokio::task::spawn_blocking(move || from.copy_missing(&target));
    let copied = copying.await.map_err(io::Error::other).flatten();
    copied.map_err(|source| FilesError::CannotWrite { path: to, source })
}

/// Makes sure that the file is there and, where it is new, that nobody else on the machine can read it. What SQLite
/// puts beside it gets the same permissions.
fn private(file: &Path) -> io::Result<()> {
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
}

fn not_a_backup(path: &Path, reason: &dyn ToString) -> FilesError {
    FilesError::NotABackup { path: path.to_owned(), reason: reason.to_string() }
}

#[derive(Debug, thiserror::Error)]
enum RenewError {
    #[error("{0}")]
    Database(#[from] sqlx::Error),
    #[error("it is damaged: {0}")]
    Damaged(String),
    #[error("it has no epoch")]
    NoEpoch,
    #[error("{0}")]
    NoRandomness(#[from] secret::NoRandomness),
}

/// Checks a copied database and gives it a new epoch.
async fn renew(file: &Path) -> Result<(), RenewError> {
    let options =
        SqliteConnectOptions::new().filename(file).journal_mode(sqlx::sqlite::SqliteJournalMode::Delete);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let health: String = sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&mut connection).await?;
    if health != "ok" {
        return Err(RenewError::Damaged(health));
    }
    let renewed = sqlx::query("UPDATE settings SET value = ?1 WHERE name = 'epoch'")
        .bind(secret::epoch()?)
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    if renewed.rows_affected() == 1 { Ok(()) } else { Err(RenewError::NoEpoch) }
}
