//! What those do who answer for the standards, and that somebody has read a card.

use std::collections::BTreeMap;

use leptos::prelude::*;
use waymark_core::backend::standards::{
    Answer, Publication, changes, publish, read_changes, read_published, read_standards, standards,
};
use waymark_core::event::form::{Circumstances, FormDraft, form_named};
use waymark_core::event::{Body, Digest, EventId};
use waymark_core::guidance::{Change, Key, Signed};
use waymark_core::json::Json as _;
use waymark_core::sync::Session;
use web_sys::File;

use super::reports::Known;
use super::saving::{Earnest, SaveError, now, save};
use crate::browser::{files, http};
use crate::state::{AppState, StandardsSeen, StandardsTrouble};

/// Saves that whoever is signed in has read a card as it is now.
///
/// # Errors
/// As every save.
pub async fn acknowledge_reading(
    app: AppState,
    card: String,
    title: String,
    revision: u32,
) -> Result<EventId, SaveError> {
    let mut draft = FormDraft::default();
    draft.put("card", &card);
    draft.put("title", &title);
    draft.put("revision", &revision.to_string());
    save_draft(app, "reading", &draft).await
}

async fn save_draft(app: AppState, form: &str, draft: &FormDraft) -> Result<EventId, SaveError> {
    let Some(form) = form_named(form) else { return Err(SaveError::Fields(vec![])) };
    let about = Circumstances { now: now(), ..Circumstances::default() };
    let filled = draft.parse(form, &about, &Known(app))?;
    save(app, Body::Filled(Box::new(filled)), Earnest::Real, None).await
}

/// Asks what is published and who has it.
pub async fn open_standards(app: AppState) {
    let Some(session) = app.services().server_session() else { return };
    if app.standards.with_untracked(|seen| seen.asking) {
        return;
    }
    app.standards.update(|seen| seen.asking = true);
    let answer = read_standards(http::fetch(&standards(&session), None).await, now());
    app.standards.update(|seen| seen.asking = false);
    take(app, &session, answer, |seen, told| seen.told = Some(told));
}

/// Asks what has changed with a version, once.
pub async fn open_changes(app: AppState, version: u32) {
    let Some(session) = app.services().server_session() else { return };
    if app.standards.with_untracked(|seen| seen.changes.iter().any(|own| own.version == version)) {
        return;
    }
    let answer = read_changes(http::fetch(&changes(&session, version), None).await, now());
    take(app, &session, answer, |seen, changes| seen.changes.push(changes));
}

fn take<T>(app: AppState, asked: &Session, answer: Answer<T>, put: impl FnOnce(&mut StandardsSeen, T)) {
    if !app.services().is_still(asked) {
        return;
    }
    app.standards.update(|seen| {
        seen.trouble = match answer {
            Answer::Here(told) => {
                put(seen, told);
                None
            }
            other => trouble_of(other),
        };
    });
}

fn trouble_of<T>(answer: Answer<T>) -> Option<StandardsTrouble> {
    match answer {
        Answer::Here(_) => None,
        Answer::Refused(code, words) => Some(StandardsTrouble::Refused(code, words)),
        Answer::Failed(trouble) => Some(StandardsTrouble::Unreached(trouble)),
    }
}

/// A signed release out of the files of its folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    pub publication: Publication,
    /// Whose signature it says it bears.
    pub key: Key,
    pub pack: String,
    pub title: String,
    pub version: u32,
    /// How many files it names that were not chosen.
    pub missing: usize,
}

/// So many bytes of a file are read: no file of a pack is larger.
const MAX_READ: f64 = 1_600_000.0;

/// What was read out of files so far: a phone offers those of one folder at a time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadFiles {
    signed: Option<String>,
    texts: BTreeMap<Digest, String>,
}

/// Reads what `pack sign` wrote: `manifest.json` and the files beside it, in any order and in several goes; a manifest takes
/// the place of the one before.
///
/// # Errors
/// There is no signed release among them.
pub async fn read_release(read: &mut ReadFiles, chosen: Vec<File>) -> Result<Chosen, StandardsTrouble> {
    for file in chosen.iter().filter(|file| file.size() <= MAX_READ) {
        let Some(text) = files::text(file).await else { continue };
        if file.name() == "manifest.json" {
            read.signed = Some(text);
        } else {
            read.texts.insert(Digest::of_bytes(text.as_bytes()), text);
        }
    }
    let ReadFiles { signed, texts } = read.clone();
    signed.and_then(|signed| of(signed, texts)).ok_or(StandardsTrouble::NoRelease)
}

fn of(signed: String, texts: BTreeMap<Digest, String>) -> Option<Chosen> {
    let json: serde_json::Value = serde_json::from_str(&signed).ok()?;
    let own = Signed::from_value(&json).ok()?;
    let manifest: serde_json::Value = serde_json::from_str(&own.manifest).ok()?;
    let manifest = waymark_core::guidance::Manifest::from_value(&manifest).ok()?;
    let files: BTreeMap<Digest, String> = texts
        .into_iter()
        .filter(|(sha256, _)| manifest.files.iter().any(|entry| entry.sha256 == *sha256))
        .collect();
    Some(Chosen {
        missing: manifest.missing(|sha256| files.contains_key(sha256)).len(),
        title: manifest.title.get("en").or_else(|| manifest.title.values().next())?.clone(),
        pack: manifest.pack,
        version: manifest.version,
        key: own.key,
        publication: Publication { signed, files, key: None },
    })
}

/// Publishes a release, signed elsewhere, and writes down that it was and what has changed, in the words of `told`; `key` is
/// what whoever signs has told, where there was none before.
pub async fn publish_release(
    app: AppState,
    chosen: Chosen,
    key: Option<Key>,
    told: impl Fn(&[Change]) -> String,
) {
    let Some(session) = app.services().server_session() else { return };
    let Chosen { publication, pack, title, version, .. } = chosen;
    let publication = Publication { key, ..publication };
    app.standards.update(|seen| seen.asking = true);
    let answer = read_published(http::fetch(&publish(&session, &publication), None).await, now());
    app.standards.update(|seen| seen.asking = false);
    if !app.services().is_still(&session) {
        return;
    }
    let Answer::Here(published) = answer else {
        app.standards.update(|seen| seen.not_published = trouble_of(answer));
        return;
    };
    let fresh = published.outcome != "already_there";
    app.standards.update(|seen| {
        seen.not_published = None;
        seen.published = Some(published);
    });
    open_standards(app).await;
    // The answer to an earlier try may have been lost on the way.
    let lost = || untrack(|| app.chain.is_read()) && !is_noted(app, &pack, version);
    if fresh || lost() {
        open_changes(app, version).await;
        let changes = app.standards.with_untracked(|seen| {
            let own = seen.changes.iter().find(|own| own.version == version);
            own.map(|own| told(&own.changes)).unwrap_or_default()
        });
        note_published(app, &pack, &title, version, &changes).await;
    }
    super::packs::update_pack(app, None).await;
}

fn is_noted(app: AppState, pack: &str, version: u32) -> bool {
    untrack(|| {
        app.chain.with(|chain| {
            let noted = chain.of_form("publication");
            noted
                .iter()
                .any(|item| item.now.text("standards") == Some(pack) && item.now.count("version") == version)
        })
    })
}

/// As much of the changes as a record takes, in characters.
const LONGEST: usize = 9_000;

async fn note_published(app: AppState, pack: &str, title: &str, version: u32, changes: &str) {
    let mut draft = FormDraft::default();
    draft.put("title", title);
    draft.put("standards", pack);
    draft.put("version", &version.to_string());
    draft.put("changes", &changes.chars().take(LONGEST).collect::<String>());
    // It is published whether or not this can be kept; the server tells it to whoever asks.
    let _ = save_draft(app, "publication", &draft).await;
}
