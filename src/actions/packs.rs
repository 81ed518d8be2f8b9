//! Bringing the organisation's standards pack up to date. What is in force stays whole until all of the next is here.

use leptos::prelude::*;
use waymark_core::backend::packs::{PackAnswer, pack, read_pack};
use waymark_core::event::Digest;
use waymark_core::guidance::{Entry, Key, Manifest, Refusal, accept};
use waymark_core::sync::{StoreError, Trouble};

use super::saving::now;
use super::{guidance, pack_files};
use crate::browser::{clock, http, locks};
use crate::services::Services;
use crate::state::{AppState, PackTrouble};

/// What became of a try.
#[derive(PartialEq, Eq)]
enum Brought {
    /// Nobody could be asked: what was known before still is.
    Nothing,
    /// It is the one that is here.
    Same,
    New,
}

/// No two tabs at once.
const LOCK: &str = "waymark-pack";

/// Asks for the organisation's pack and takes what has changed of it; `told` is the key that came with the directory.
pub async fn update_pack(app: AppState, told: Option<Key>) {
    let services = app.services();
    // The start of the app and a screen may both ask.
    if app.guidance.updating.try_update_value(|busy| std::mem::replace(busy, true)).unwrap_or(true) {
        return;
    }
    let lock = locks::acquire(LOCK).await;
    let brought = match told {
        Some(key) if guidance::learn_key(&services, &key).await.is_err() => Ok(Brought::Nothing),
        _ => bring_whole(app, &services).await,
    };
    if brought == Err(PackTrouble::Full) {
        guidance::tidy(&services, None).await;
    }
    drop(lock);
    app.guidance.updating.try_set_value(false);
    // Another tab may have brought it.
    let other = guidance::last_in_force(&services).await
        != app.guidance.standing.with_untracked(|own| own.own.clone());
    if matches!(brought, Ok(Brought::New)) || matches!(brought, Ok(Brought::Same)) && other {
        guidance::note_in_force(app).await;
        if app.guidance.is_begun() {
            guidance::show(app).await;
        }
    }
    let trouble = match brought {
        Ok(Brought::Nothing) => return,
        Ok(_) => None,
        Err(trouble) => Some(trouble),
    };
    app.guidance.standing.update(|standing| standing.trouble = trouble);
}

/// How often it is looked whether another look is over, in milliseconds.
const LOOK_MS: u32 = 200;
/// Between two looks for it, in milliseconds, however often somebody opens the guidance.
const AT_MOST_EVERY_MS: i64 = 60_000;

/// Looks whether there is a newer one, unless that was done a moment ago.
pub async fn refresh_pack(app: AppState) {
    let at = now();
    let due = app.guidance.looked.try_update_value(|looked| {
        let due = looked.is_none_or(|last| at.ms_since(last) > AT_MOST_EVERY_MS);
        if due {
            *looked = Some(at);
        }
        due
    });
    if due.unwrap_or_default() {
        update_pack(app, None).await;
    }
}

/// Fetches again what turned out damaged when it was read, also if somebody has just looked and did not know.
pub(super) async fn mend(app: AppState) {
    let broken = || app.guidance.standing.with_untracked(|standing| standing.refused.is_some());
    while broken() && app.guidance.updating.try_get_value().unwrap_or_default() {
        clock::sleep(LOOK_MS).await;
    }
    if broken() {
        update_pack(app, None).await;
    }
}

async fn bring_whole(app: AppState, services: &Services) -> Result<Brought, PackTrouble> {
    let brought = bring(app, services).await;
    // What is kept here was read meanwhile, and is broken.
    let broken = app.guidance.standing.with_untracked(|standing| standing.refused.is_some());
    if brought == Ok(Brought::Same) && broken { bring(app, services).await } else { brought }
}

async fn bring(app: AppState, services: &Services) -> Result<Brought, PackTrouble> {
    let (Some(session), Some(key)) = (services.server_session(), guidance::key(services).await) else {
        return Ok(Brought::Nothing);
    };
    let last = guidance::last_in_force(services).await;
    // Of one that turned out broken when it was read, what is missing is fetched again.
    let whole = last.is_some() && app.guidance.standing.with_untracked(|standing| standing.refused.is_none());
    let seen = services.store.pack().await.ok().flatten().filter(|_| whole);
    let version = last.as_ref().filter(|_| whole).map_or(0, |manifest| manifest.version);
    let reply = http::fetch(&pack(&session, version, seen.as_deref()), None).await;
    let signed = match read_pack(reply, now()) {
        PackAnswer::Offered(signed) => signed,
        PackAnswer::Unchanged | PackAnswer::None => return Ok(Brought::Same),
        PackAnswer::Failed(Trouble::TooLarge, _) => return Err(PackTrouble::Refused(Refusal::TooLarge)),
        PackAnswer::Failed(..) => return Ok(Brought::Nothing),
    };
    let next = accept(&signed, &key, last.as_ref()).map_err(PackTrouble::Refused)?;
    if whole && last.as_ref() == Some(&next) {
        return Ok(Brought::Same);
    }
    guidance::tidy(services, Some(&next)).await;
    pack_files::fetch(app, services, &session, &next).await?;
    guidance::whole(services, &next).await.map_err(PackTrouble::Refused)?;
    // Somebody else may have signed in meanwhile: what this organisation says is not for them.
    if !services.is_still(&session) {
        return Ok(Brought::Nothing);
    }
    let files: Vec<Digest> = next.files.iter().map(|file| file.sha256).collect();
    let changed = changed(services, last.as_ref(), &next).await;
    services.store.put_pack(&signed, &files, &changed).await.map_err(|error| failed(&error))?;
    app.guidance.standing.update(|standing| standing.changed = changed);
    // The server tells whoever publishes which phone has what.
    let _ = http::fetch(&pack(&session, next.version, Some(&signed)), None).await;
    Ok(Brought::New)
}

pub(super) fn failed(error: &StoreError) -> PackTrouble {
    if *error == StoreError::Full { PackTrouble::Full } else { PackTrouble::Incomplete(0) }
}

/// Cards that are new, other than before or gone, and those that nobody has opened since they last were. A first pack is
/// new as a whole, and nothing of it has changed.
async fn changed(services: &Services, last: Option<&Manifest>, next: &Manifest) -> Vec<String> {
    let Some(last) = last else { return vec![] };
    let mut changed = services.store.changed_cards().await.unwrap_or_default();
    let same = |all: &Manifest, file: &Entry| {
        all.files.iter().any(|own| own.path == file.path && own.sha256 == file.sha256)
    };
    let other = next
        .files
        .iter()
        .filter(|file| !same(last, file))
        .chain(last.files.iter().filter(|file| !same(next, file)));
    for file in other {
        let id = file.path.strip_prefix("cards/").and_then(|name| name.strip_suffix(".json"));
        changed.extend(id.map(str::to_owned));
    }
    waymark_core::order::sort(&mut changed);
    changed.dedup();
    changed
}
