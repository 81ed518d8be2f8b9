//! The organisation's standards pack: the release that is in force, its files, and the key that it has to be signed with.

use indexed_db_futures::database::Database;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use waymark_core::event::Digest;
use waymark_core::sync::StoreError;

use super::js::Bytes;
use super::migrations::PACKS;
use super::save::store;
use super::transaction::{commit, reading, writing};
use super::{IdbStore, error, vault};

/// The signed release, to the letter.
const SIGNED: &str = "signed";
/// The public key that was learnt first.
const KEY: &str = "key";
/// Ids of cards that have changed and that nobody has opened since, one a line.
const CHANGED: &str = "changed";

fn file(sha256: &Digest) -> String {
    format!("file {sha256}")
}

impl IdbStore {
    /// The release that is in force, if there is one.
    ///
    /// # Errors
    /// As every reading.
    pub async fn pack(&self) -> Result<Option<String>, StoreError> {
        self.read_pack(SIGNED).await
    }

    /// # Errors
    /// As every reading.
    pub async fn pack_key(&self) -> Result<Option<String>, StoreError> {
        self.read_pack(KEY).await
    }

    /// Cards that have changed and that nobody has opened since.
    ///
    /// # Errors
    /// As every reading.
    pub async fn changed_cards(&self) -> Result<Vec<String>, StoreError> {
        let text = self.read_pack(CHANGED).await?.unwrap_or_default();
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// # Errors
    /// As every reading.
    pub async fn pack_file(&self, sha256: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.read_pack(&file(sha256)).await?.map(String::into_bytes))
    }

    async fn read_pack(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.handle.run(async |db| read(db, key).await).await
    }

    /// # Errors
    /// As every writing.
    pub async fn put_pack_key(&self, key: &str) -> Result<(), StoreError> {
        self.handle.run(async |db| put(db, &[(KEY.to_owned(), key)]).await).await
    }

    /// # Errors
    /// As every writing.
    pub async fn put_changed_cards(&self, ids: &[String]) -> Result<(), StoreError> {
        let text = ids.join("\n");
        self.handle.run(async |db| put(db, &[(CHANGED.to_owned(), &text)]).await).await
    }

    /// Keeps files of a release that is not in force yet: all or none.
    ///
    /// # Errors
    /// As every writing.
    pub async fn put_pack_files(&self, files: &[(Digest, String)]) -> Result<(), StoreError> {
        let rows: Vec<(String, &str)> =
            files.iter().map(|(sha256, text)| (file(sha256), text.as_str())).collect();
        self.handle.run(async |db| put(db, &rows).await).await
    }

    /// Drops all files but these.
    ///
    /// # Errors
    /// As every writing.
    pub async fn keep_pack_files(&self, files: &[Digest]) -> Result<(), StoreError> {
        let keep: Vec<String> = files.iter().map(file).collect();
        self.handle.run(async |db| sweep(db, &keep).await).await
    }

    /// Forgets pack and key.
    ///
    /// # Errors
    /// As every writing.
    pub async fn drop_packs(&self) -> Result<(), StoreError> {
        self.handle.run(async |db| clear(db).await).await
    }

    /// Puts a release in force, all of whose files are here: all or nothing. Files that it does not name go.
    ///
    /// # Errors
    /// As every writing.
    pub async fn put_pack(
        &self,
        signed: &str,
        files: &[Digest],
        changed: &[String],
    ) -> Result<(), StoreError> {
        let keep: Vec<String> = files.iter().map(file).collect();
        let changed = changed.join("\n");
        self.handle.run(async |db| switch(db, signed, &keep, &changed).await).await
    }
}

async fn clear(db: &Database) -> Result<(), StoreError> {
    let transaction = writing(db, &[PACKS])?;
    store(&transaction, PACKS)?.clear().map_err(error::of)?;
    commit(transaction).await
}

async fn read(db: &Database, key: &str) -> Result<Option<String>, StoreError> {
    let transaction = reading(db, &[PACKS])?;
    let all = store(&transaction, PACKS)?;
    let row: Option<Bytes> =
        all.get(key.to_owned()).primitive().map_err(error::of)?.await.map_err(error::of)?;
    row.map(|row| vault::open(row.0)).transpose()
}

async fn put(db: &Database, rows: &[(String, &str)]) -> Result<(), StoreError> {
    let transaction = writing(db, &[PACKS])?;
    let all = store(&transaction, PACKS)?;
    for (key, text) in rows {
        all.put(Bytes(vault::seal(text))).with_key(key.clone()).primitive().map_err(error::of)?;
    }
    drop(all);
    commit(transaction).await
}

async fn switch(db: &Database, signed: &str, keep: &[String], changed: &str) -> Result<(), StoreError> {
    let transaction = writing(db, &[PACKS])?;
    let all = store(&transaction, PACKS)?;
    delete_others(&all, keep).await?;
    for (key, text) in [(SIGNED, signed), (CHANGED, changed)] {
        all.put(Bytes(vault::seal(text))).with_key(key.to_owned()).primitive().map_err(error::of)?;
    }
    drop(all);
    commit(transaction).await
}

async fn sweep(db: &Database, keep: &[String]) -> Result<(), StoreError> {
    let transaction = writing(db, &[PACKS])?;
    let all = store(&transaction, PACKS)?;
    delete_others(&all, keep).await?;
    drop(all);
    commit(transaction).await
}

async fn delete_others(all: &ObjectStore<'_>, keep: &[String]) -> Result<(), StoreError> {
    let keys: Vec<String> = {
        let found = all.get_all_keys::<String>().primitive().map_err(error::of)?.await.map_err(error::of)?;
        found.collect::<Result<_, _>>().map_err(error::of)?
    };
    for key in keys.into_iter().filter(|key| key.starts_with("file ") && !keep.contains(key)) {
        all.delete(key).primitive().map_err(error::of)?;
    }
    Ok(())
}
