//! Fetching the files of a standards pack: many at once where the server can, else one by one.

use leptos::prelude::*;
use waymark_core::backend::pack_files::{PackFiles, groups, pack_files, read_pack_files};
use waymark_core::backend::packs::{PackFile, pack_file, read_pack_file};
use waymark_core::event::Digest;
use waymark_core::guidance::{Entry, Manifest, Refusal};
use waymark_core::sync::{Session, Trouble};

use super::packs::failed;
use super::saving::now;
use super::storage::has_room;
use crate::browser::{clock, http};
use crate::services::Services;
use crate::state::{AppState, PackTrouble};

/// How often, and how long in milliseconds, a server that is busy is waited for with one request.
const WAITS: u32 = 5;
const BUSY_MS: u32 = 1_000;
const MOST_MS: u32 = 60_000;

/// Fetches and keeps what of a release is not here.
///
/// # Errors
/// Why not all of it is here now. What has come stays for the next try.
pub(super) async fn fetch(
    app: AppState,
    services: &Services,
    session: &Session,
    next: &Manifest,
) -> Result<(), PackTrouble> {
    let missing = missing(services, next).await;
    let bytes: u64 = missing.iter().map(|file| file.bytes).sum();
    if !missing.is_empty() && !has_room(app, u32::try_from(bytes).unwrap_or(u32::MAX)).await {
        return Err(PackTrouble::Full);
    }
    let mut left = missing.len();
    let mut together = true;
    for group in groups(&missing) {
        let mut wanted = group.clone();
        if together && group.len() > 1 {
            let files = at_once(session, &group).await;
            together = !files.is_empty();
            left -= files.len();
            wanted.retain(|file| files.iter().all(|(own, _)| own.sha256 != file.sha256));
            keep(app, services, files, left).await?;
        }
        for file in wanted {
            let bytes = one(session, file, left).await?;
            left -= 1;
            keep(app, services, vec![(file.clone(), bytes)], left).await?;
        }
    }
    Ok(())
}

async fn missing<'a>(services: &Services, next: &'a Manifest) -> Vec<&'a Entry> {
    let mut here: Vec<Digest> = vec![];
    for file in &next.files {
        if let Ok(Some(bytes)) = services.store.pack_file(&file.sha256).await
            && Manifest::check(file, &bytes).is_ok()
        {
            here.push(file.sha256);
        }
    }
    next.missing(|sha256| here.contains(sha256))
}

/// Keeps files that are what the manifest says; `left` are still to come after them.
async fn keep(
    app: AppState,
    services: &Services,
    files: Vec<(Entry, Vec<u8>)>,
    left: usize,
) -> Result<(), PackTrouble> {
    let mut texts = vec![];
    for (file, bytes) in files {
        let text = String::from_utf8(bytes).map_err(|_| PackTrouble::Refused(Refusal::Broken(file.path)))?;
        texts.push((file.sha256, text));
    }
    services.store.put_pack_files(&texts).await.map_err(|error| failed(&error))?;
    app.guidance.standing.update(|standing| standing.trouble = Some(PackTrouble::Incomplete(left)));
    Ok(())
}

async fn at_once(session: &Session, group: &[&Entry]) -> Vec<(Entry, Vec<u8>)> {
    let mut waited = 0;
    loop {
        let reply = http::fetch(&pack_files(session, group), None).await;
        match read_pack_files(reply, group, now()) {
            PackFiles::Some(files) => return files,
            PackFiles::Busy(wait) if waited < WAITS => {
                waited += 1;
                give_time(wait).await;
            }
            PackFiles::Busy(_) => return vec![],
        }
    }
}

/// One file by itself; `left` are still to come with it.
async fn one(session: &Session, file: &Entry, left: usize) -> Result<Vec<u8>, PackTrouble> {
    let mut waited = 0;
    let bytes = loop {
        let reply = http::fetch(&pack_file(session, &file.sha256, file.bytes), None).await;
        match read_pack_file(reply, &file.sha256, now()) {
            PackFile::Bytes(bytes) => break bytes,
            PackFile::Failed(Trouble::Busy, wait) if waited < WAITS => {
                waited += 1;
                give_time(wait).await;
            }
            PackFile::Missing => return Err(PackTrouble::Refused(Refusal::Missing(file.path.clone()))),
            PackFile::Failed(Trouble::TooLarge, _) => return Err(PackTrouble::Refused(Refusal::TooLarge)),
            PackFile::Failed(..) => return Err(PackTrouble::Incomplete(left)),
        }
    };
    Manifest::check(file, &bytes).map_err(PackTrouble::Refused)?;
    Ok(bytes)
}

/// A large pack may be more requests than a device may make at once.
async fn give_time(wait: Option<i64>) {
    let wait = wait.and_then(|ms| u32::try_from(ms).ok()).unwrap_or(BUSY_MS);
    clock::sleep(wait.clamp(BUSY_MS, MOST_MS)).await;
}
