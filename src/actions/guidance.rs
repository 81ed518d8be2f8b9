//! Reading the protection guidance, once a screen asks for it: the pack of the app, and over it the organisation's.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde_json::Value;
use waymark_core::event::Digest;
use waymark_core::guidance::{
    Bundle, Entry, Key, Library, Manifest, Pack, Refusal, Rules, accept, assemble, built_in_name, rules,
};
use waymark_core::json::Json as _;
use waymark_core::sync::StoreError;

use crate::browser::{clock, pack};
use crate::services::Services;
use crate::state::{AppState, GuidanceStanding, StandardsSeen};

/// Between two tries of getting what the app brings, in milliseconds; the first visit may lose its network.
const AGAIN_MS: u32 = 5_000;

/// For so long at a time the index is made; then what is typed and drawn has its turn.
const SLICE_MS: i64 = 8;

/// Reads what is at hand, unless that was done or is being done.
pub async fn open_guidance(app: AppState) {
    if !app.guidance.begin() {
        return;
    }
    let changed = app.services().store.changed_cards().await.unwrap_or_default();
    app.guidance.standing.update(|standing| standing.changed = changed);
    while show(app).await.is_none() {
        app.guidance.standing.update(|standing| standing.failed = true);
        clock::sleep(AGAIN_MS).await;
    }
    super::packs::mend(app).await;
}

/// Makes the index of the search while nothing else is done, unless that was done or is being done.
pub async fn index_guidance(app: AppState) {
    if !app.guidance.begin_index() {
        return;
    }
    loop {
        let until = clock::now().0 + SLICE_MS;
        while clock::now().0 < until {
            if !app.guidance.index() {
                return;
            }
        }
        clock::sleep(0).await;
    }
}

/// So long after the start whoever has only opened the app is asked for nothing, in milliseconds.
const LATER_MS: u32 = 4_000;

/// As [`open_guidance`], for what may wait: reading it takes the phone a moment that somebody in danger does not have.
pub async fn open_guidance_later(app: AppState) {
    clock::sleep(LATER_MS).await;
    open_guidance(app).await;
}

/// Puts what is at hand in the place of what was; `None` if the app's own pack cannot be read.
pub(super) async fn show(app: AppState) -> Option<()> {
    let turn = app.guidance.next_turn();
    let Bundle { manifest, pack } = built_in().await?;
    let own = held(&app.services()).await;
    // Somebody has begun later, with what is newer.
    if !app.guidance.is_turn(turn) {
        return Some(());
    }
    app.guidance.standing.update(|standing| {
        standing.built_in = Some(manifest);
        standing.failed = false;
        // What is kept here and is not what was signed is not shown.
        standing.refused = own.as_ref().err().cloned();
        standing.own = own.as_ref().ok().and_then(|own| own.as_ref().map(|(manifest, _)| manifest.clone()));
    });
    app.guidance.put(Library::new(pack, own.ok().flatten().map(|(_, pack)| pack)));
    Some(())
}

/// Reads which pack is in force, which every record says, and what it sets; not the rest of it.
pub(super) async fn note_in_force(app: AppState) {
    let services = app.services();
    let (Ok(Some(signed)), Some(key)) = (services.store.pack().await, key(&services).await) else { return };
    if let Ok(manifest) = accept(&signed, &key, None) {
        // Of one that cannot be read, nothing is in force.
        app.guidance.put_rules(rules_of(&services, &manifest).await.unwrap_or_default());
        app.guidance.standing.update(|standing| {
            standing.own = Some(manifest);
            standing.key = Some(key.short());
        });
    }
}

/// The pack that is in force, as records name it: `org.example@3`.
pub(super) fn in_force(app: AppState) -> String {
    let own = |standing: &GuidanceStanding| {
        standing.own.as_ref().map(|own| format!("{}@{}", own.pack, own.version))
    };
    app.guidance.standing.with_untracked(own).unwrap_or_else(built_in_name)
}

async fn built_in() -> Option<Bundle> {
    let text = pack::built_in().await?;
    let json: Value = serde_json::from_str(&text).ok()?;
    Bundle::from_value(&json).ok()
}

/// The organisation's pack that this phone has, looked at as if it had come this minute.
///
/// # Errors
/// What it is refused for.
pub(super) async fn held(services: &Services) -> Result<Option<(Manifest, Pack)>, Refusal> {
    let store = &services.store;
    let (Ok(Some(signed)), Some(key)) = (store.pack().await, key(services).await) else { return Ok(None) };
    let manifest = accept(&signed, &key, None)?;
    let pack = whole(services, &manifest).await?;
    Ok(Some((manifest, pack)))
}

/// What was put in force last, whether or not all of it can be read still: nothing older is taken.
pub(super) async fn last_in_force(services: &Services) -> Option<Manifest> {
    let signed = services.store.pack().await.ok().flatten()?;
    accept(&signed, &key(services).await?, None).ok()
}

/// Drops files that neither the release in force nor `next` names: what tries have left that came to no end.
pub(super) async fn tidy(services: &Services, next: Option<&Manifest>) {
    // What cannot be read this minute may be whole all the same.
    let (Ok(signed), Some(key)) = (services.store.pack().await, key(services).await) else { return };
    let held = signed.and_then(|signed| accept(&signed, &key, None).ok());
    let files = held.iter().chain(next).flat_map(|manifest| &manifest.files);
    let files: Vec<Digest> = files.map(|file| file.sha256).collect();
    // The next try does it.
    let _ = services.store.keep_pack_files(&files).await;
}

/// Somebody signed in, perhaps to another organisation: what was read before is nobody's.
pub(super) async fn reopen(app: AppState) {
    let begun = app.guidance.is_begun();
    app.standards.set(StandardsSeen::default());
    let changed = app.services().store.changed_cards().await.unwrap_or_default();
    app.guidance.standing.set(GuidanceStanding { changed, ..GuidanceStanding::default() });
    app.guidance.put_rules(Rules::default());
    note_in_force(app).await;
    if begun {
        show(app).await;
    }
}

/// # Errors
/// A file is missing or broken.
pub(super) async fn whole(services: &Services, manifest: &Manifest) -> Result<Pack, Refusal> {
    let files = here(services, manifest.files.iter()).await;
    assemble(manifest, |sha256| files.get(sha256).cloned())
}

/// What a pack sets besides texts.
///
/// # Errors
/// As [`whole`].
async fn rules_of(services: &Services, manifest: &Manifest) -> Result<Rules, Refusal> {
    let files = here(services, manifest.rule_files()).await;
    rules(manifest, |sha256| files.get(sha256).cloned())
}

/// Those of the files that are on this phone.
async fn here<'a>(services: &Services, files: impl Iterator<Item = &'a Entry>) -> BTreeMap<Digest, Vec<u8>> {
    let mut here = BTreeMap::new();
    for file in files {
        if let Ok(Some(bytes)) = services.store.pack_file(&file.sha256).await {
            here.insert(file.sha256, bytes);
        }
    }
    here
}

pub(super) async fn key(services: &Services) -> Option<Key> {
    services.store.pack_key().await.ok().flatten()?.parse().ok()
}

/// Keeps the key that the organisation signs with, if none is known yet: the first stays until the phone is enrolled anew.
pub(super) async fn learn_key(services: &Services, offered: &Key) -> Result<(), StoreError> {
    if key(services).await.is_none() {
        services.store.put_pack_key(&offered.to_string()).await?;
    }
    Ok(())
}

/// Somebody enrolled: the key that comes with it is the one to trust from now on; what another organisation signed goes.
pub(super) async fn enrolled(services: &Services, key: Option<Key>, other: bool) -> Result<(), StoreError> {
    if other {
        services.store.drop_packs().await?;
    }
    match key {
        Some(key) => services.store.put_pack_key(&key.to_string()).await,
        None => Ok(()),
    }
}

/// A card that had changed is open: whoever opens it knows now.
pub async fn card_opened(app: AppState, id: String) {
    let known = app.guidance.standing.with_untracked(|standing| !standing.changed.contains(&id));
    if known {
        return;
    }
    app.guidance.standing.update(|standing| standing.changed.retain(|own| *own != id));
    let changed = app.guidance.standing.with_untracked(|standing| standing.changed.clone());
    // If it cannot be kept, it shows as changed once more.
    let _ = app.services().store.put_changed_cards(&changed).await;
}
