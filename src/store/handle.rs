//! One open connection, reopened when it dies.

use std::cell::RefCell;
use std::rc::Rc;

use futures::future::{FutureExt, LocalBoxFuture, Shared};
use indexed_db_futures::database::Database;
use waymark_core::sync::StoreError;

use super::error;
use super::migrations::{LATEST, migrate};
use crate::browser::clock;

/// Tries at one piece of work before giving up.
const TRIES: u32 = 3;
/// How long another tab may keep an older version open.
const BLOCKED_MS: u32 = 5_000;

type Opening = Shared<LocalBoxFuture<'static, Result<Database, StoreError>>>;

type Work<'a> = &'a dyn Fn(Database) -> LocalBoxFuture<'a, Result<(), StoreError>>;

pub(super) struct Handle {
    name: String,
    open: Rc<RefCell<Option<Database>>>,
    /// Kept after a time-out: dropping it would leave the browser to make the database without its stores.
    opening: RefCell<Option<Opening>>,
}

impl Handle {
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), open: Rc::default(), opening: RefCell::default() }
    }

    /// Does `work` on an open database. If the connection turns out to be dead, it is dropped and the work begun again
    /// on a new one; each piece of work is one transaction, so nothing is done by halves.
    pub async fn run<T>(
        &self,
        work: impl AsyncFn(&Database) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let done = RefCell::new(None);
        let (work, out) = (&work, &done);
        self.try_often(&|db| {
            async move {
                out.replace(Some(work(&db).await?));
                Ok(())
            }
            .boxed_local()
        })
        .await?;
        done.into_inner().ok_or(StoreError::Closed)
    }

    /// Of one type whatever the work gives: it is there once, and not once for each kind of work.
    async fn try_often<'a>(&'a self, work: Work<'a>) -> Result<(), StoreError> {
        let mut last = StoreError::Closed;
        for _ in 0..TRIES {
            let db = match self.database().await {
                Ok(db) => db,
                Err(error @ StoreError::Closed) => {
                    last = error;
                    continue;
                }
                Err(error) => return Err(error),
            };
            match work(db.clone()).await {
                Err(error @ StoreError::Closed) => {
                    self.open.borrow_mut().take();
                    db.close();
                    last = error;
                }
                other => return other,
            }
        }
        Err(last)
    }

    pub fn break_it(&self) {
        // The handle stays in place, closed: just what is found after the browser has closed it.
        if let Some(db) = self.open.borrow().clone() {
            db.close();
        }
    }

    pub async fn delete(&self) -> Result<(), StoreError> {
        if let Some(db) = self.open.borrow_mut().take() {
            db.close();
        }
        let request = Database::delete_by_name(&self.name).map_err(error::of_open)?;
        request.await.map_err(error::of)
    }

    async fn database(&self) -> Result<Database, StoreError> {
        if let Some(db) = self.open.borrow().clone() {
            return Ok(db);
        }
        let opening = self
            .opening
            .borrow_mut()
            .get_or_insert_with(|| open(self.name.clone()).boxed_local().shared())
            .clone();
        let opened = clock::within(BLOCKED_MS, opening).await.ok_or(StoreError::Blocked)?;
        if self.opening.borrow_mut().take().is_none() {
            // Another call has waited for the same opening and taken it up.
            return opened;
        }
        let db = opened?;
        self.give_way_to_newer_versions(&db);
        self.open.replace(Some(db.clone()));
        Ok(db)
    }

    /// Closes the connection when another tab wants to migrate, so that it is not blocked.
    fn give_way_to_newer_versions(&self, db: &Database) {
        let Ok(mut changes) = db.version_changes() else { return };
        let (open, db) = (Rc::clone(&self.open), db.clone());
        wasm_bindgen_futures::spawn_local(async move {
            let _ = changes.recv().await;
            open.borrow_mut().take();
            db.close();
        });
    }
}

async fn open(name: String) -> Result<Database, StoreError> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // versions are small whole numbers
    let request = Database::open(name)
        .with_version(LATEST)
        .with_on_upgrade_needed(|event, db| migrate(&db, event.old_version() as u8));
    request.await.map_err(error::of_open)
}
