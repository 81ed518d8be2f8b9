//! Bringing the organisation's standards pack up to date. What is in force stays whole until all of the next is here.

use leptos::prelude::*;
use waymark_core::backend::packs::{PackAnswer, PackFile, pack, pack_file, read_pack, read_pack_file};
use waymark_core::event::Digest;
use waymark_core::guidance::{Key, Manifest, Refusal, accept};
use waymark_core::sync::StoreError;

use super::guidance;
use super::saving::now;
use crate::browser::http;
use crate::services::Services;
use crate::state::{AppState, PackTrouble};

/// Asks for the organisation's pack and takes what has changed of it; `told` is the key that came with the directory.
pub async fn update_pack(app: AppState, told: Option<Key>) {
    let services = app.services();
    if let Some(key) = told
        && guidance::learn_key(&services, &key).await.is_err()
    {
        return;
    }
    // One at a time: the start of the app and a screen may both ask.
    if app.guidance.updating.try_update_value(|busy| std::mem::replace(busy, true)).unwrap_or(true) {
        return;
    }
    let brought = bring(app, &services).await;
    app.guidance.updating.try_set_value(false);
    let trouble = match brought {
        Ok(false) => None,
        Ok(true) => {
            if app.guidance.is_begun() {
                guidance::show(app).await;
            }
            None
        }
        Err(trouble) => Some(trouble),
    };
    app.guidance.standing.update(|standing| standing.trouble = trouble);
}

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

/// Whether there is a new one now.
async fn bring(app: AppState, services: &Services) -> Result<bool, PackTrouble> {
    let Some(session) = services.session() else { return Ok(false) };
    let Some(key) = guidance::key(services).await else { return Ok(false) };
    // Whatever is wrong with what is kept here, the next may put it right.
    let held = guidance::held(services).await.ok().flatten().map(|(manifest, _)| manifest);
    let seen = services.store.pack().await.ok().flatten().filter(|_| held.is_some());
    let version = held.as_ref().map_or(0, |manifest| manifest.version);
    let reply = http::fetch(&pack(&session, version, seen.as_deref()), None).await;
    let signed = match read_pack(reply, now()) {
        PackAnswer::Offered(signed) => signed,
        PackAnswer::Unchanged | PackAnswer::None | PackAnswer::Failed(..) => return Ok(false),
    };
    let next = accept(&signed, &key, held.as_ref()).map_err(PackTrouble::Refused)?;
    if held.as_ref() == Some(&next) {
        return Ok(false);
    }
    fetch_files(app, services, &next).await?;
    guidance::whole(services, &next).await.map_err(PackTrouble::Refused)?;
    let files: Vec<Digest> = next.files.iter().map(|file| file.sha256).collect();
    let changed = changed(app, services, held.as_ref(), &next).await;
    services.store.put_pack(&signed, &files, &changed).await.map_err(|error| failed(&error))?;
    app.guidance.standing.update(|standing| standing.changed = changed);
    // The server tells whoever publishes which phone has what.
    let _ = http::fetch(&pack(&session, next.version, Some(&signed)), None).await;
    Ok(true)
}

async fn fetch_files(app: AppState, services: &Services, next: &Manifest) -> Result<(), PackTrouble> {
    let Some(session) = services.session() else { return Err(PackTrouble::Incomplete(0)) };
    let mut here: Vec<Digest> = vec![];
    for file in &next.files {
        if let Ok(Some(bytes)) = services.store.pack_file(&file.sha256).await
            && Manifest::check(file, &bytes).is_ok()
        {
            here.push(file.sha256);
        }
    }
    let missing = next.missing(|sha256| here.contains(sha256));
    let count = missing.len();
    for (at, file) in missing.into_iter().enumerate() {
        let reply = http::fetch(&pack_file(&session, &file.sha256, file.bytes), None).await;
        let bytes = match read_pack_file(reply, &file.sha256, now()) {
            PackFile::Bytes(bytes) => bytes,
            PackFile::Missing => return Err(PackTrouble::Refused(Refusal::Missing(file.path.clone()))),
            PackFile::Failed(..) => return Err(PackTrouble::Incomplete(count - at)),
        };
        Manifest::check(file, &bytes).map_err(PackTrouble::Refused)?;
        let broken = || PackTrouble::Refused(Refusal::Broken(file.path.clone()));
        let text = String::from_utf8(bytes).map_err(|_| broken())?;
        services.store.put_pack_file(&file.sha256, &text).await.map_err(|error| failed(&error))?;
        app.guidance
            .standing
            .update(|standing| standing.trouble = Some(PackTrouble::Incomplete(count - at - 1)));
    }
    Ok(())
}

fn failed(error: &StoreError) -> PackTrouble {
    if *error == StoreError::Full { PackTrouble::Full } else { PackTrouble::Incomplete(0) }
}

/// Cards that are new or other than before, and those that nobody has opened since they last were.
async fn changed(
    app: AppState,
    services: &Services,
    held: Option<&Manifest>,
    next: &Manifest,
) -> Vec<String> {
    let mut changed = services.store.changed_cards().await.unwrap_or_default();
    let before = |path: &str| held.and_then(|held| held.files.iter().find(|file| file.path == path));
    let of_card = |path: &str| {
        path.strip_prefix("cards/").and_then(|name| name.strip_suffix(".json")).map(str::to_owned)
    };
    for file in &next.files {
        let other = before(&file.path).is_none_or(|before| before.sha256 != file.sha256);
        changed.extend(of_card(&file.path).filter(|_| other));
    }
    let there = |id: &String| next.files.iter().any(|file| of_card(&file.path).as_ref() == Some(id));
    let built_in = |id: &String| untrack(|| app.guidance.card(id)).is_some();
    changed.retain(|id| there(id) || built_in(id));
    waymark_core::order::sort(&mut changed);
    changed.dedup();
    changed
}
