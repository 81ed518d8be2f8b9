//! Items of the chain as files that other software reads, for those who may know what is in them.

use leptos::prelude::*;
use waymark_core::event::{EventId, Record};
use waymark_core::exchange::situation::{Room, Situation, situation};
use waymark_core::exchange::{
    Audience, Export, Exported, Publisher, Reader, Row, cap, cloudevents, geojson, hxl, redact,
};
use waymark_core::sync::{LocalStore, StoreError};
use waymark_core::view::sectors::Cut;

use crate::browser::{clock, download, network};
use crate::state::AppState;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    GeoJson,
    Cap,
    CloudEvents,
}

/// Alerts are files of their own, and browsers do not hand over any number of them.
pub const MOST_ALERTS: usize = 20;
/// Between two of them: browsers drop what comes faster.
const BETWEEN_MS: u32 = 250;

impl Format {
    pub const ALL: [Self; 4] = [Self::Csv, Self::GeoJson, Self::Cap, Self::CloudEvents];

    /// The name of its words in the locales, and of its choice.
    pub fn code(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::GeoJson => "geojson",
            Self::Cap => "cap",
            Self::CloudEvents => "cloudevents",
        }
    }

    fn file(self) -> (&'static str, &'static str) {
        match self {
            Self::Csv => ("csv", hxl::MEDIA_TYPE),
            Self::GeoJson => ("geojson", geojson::MEDIA_TYPE),
            Self::Cap => ("xml", cap::MEDIA_TYPE),
            Self::CloudEvents => ("json", cloudevents::MEDIA_TYPE),
        }
    }

    /// Whether it tells of the records that an item was made of.
    fn needs_records(self) -> bool {
        matches!(self, Self::Cap | Self::CloudEvents)
    }
}

/// What is exported, for whom.
#[derive(Debug, Clone, Copy)]
pub struct ExportOf {
    /// What the list is called in the file's name.
    pub name: &'static str,
    pub format: Format,
    pub audience: Audience,
    /// The language of the app.
    pub language: &'static str,
}

/// How many items went out, and how many may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sent {
    pub out: usize,
    pub left_out: usize,
}

/// For whom whoever is signed in may make files; tracks.
pub fn audiences(app: AppState) -> Vec<Audience> {
    app.person().map(|person| Reader::choices(person.role)).unwrap_or_default()
}

fn reader(app: AppState, audience: Audience) -> Option<Reader> {
    app.person_untracked().map(|person| Reader::new(audience, person.role, &person.user))
}

/// How many of these items would go out, and how many would not; tracks.
pub fn would_send(app: AppState, ids: &[EventId], audience: Audience) -> Sent {
    let Some(reader) = reader(app, audience) else { return Sent::default() };
    app.chain.with(|chain| {
        let unknown = reader.hidden(chain);
        let mut rows = vec![];
        rows.extend(ids.iter().filter_map(|id| chain.get(*id)).map(|item| reader.row(item, &[])));
        counted(&redact(&rows, audience, &unknown))
    })
}

fn counted(export: &Export<'_>) -> Sent {
    Sent { out: export.items.len(), left_out: export.left_out }
}

/// Hands these items to the browser's downloads: one file, or one for each alert.
///
/// # Errors
/// If the store or the browser fails.
pub async fn export_items(app: AppState, ids: &[EventId], of: ExportOf) -> Result<Sent, StoreError> {
    let (Some(reader), Some(person)) = (reader(app, of.audience), app.person_untracked()) else {
        return Ok(Sent::default());
    };
    let mut events: Vec<Vec<Record>> = vec![];
    for id in ids {
        events.push(if of.format.needs_records() { records(app, *id).await? } else { vec![] });
    }
    let (rows, unknown) = untrack(|| {
        app.chain.with(|chain| {
            let mut rows: Vec<Row<'_>> = vec![];
            for (id, events) in ids.iter().zip(&events) {
                rows.extend(chain.get(*id).map(|item| reader.row(item, events)));
            }
            (rows, reader.hidden(chain))
        })
    });
    let export = redact(&rows, of.audience, &unknown);
    let sender = network::host();
    let publisher = Publisher { sender: &sender, name: &person.org_name, language: of.language };
    hand_over(of, &export.items, &publisher).await.map_err(StoreError::Failed)?;
    Ok(counted(&export))
}

/// The records of an item, what was said about it and the links, each once.
async fn records(app: AppState, id: EventId) -> Result<Vec<Record>, StoreError> {
    let store = app.services().store;
    let mut all: Vec<Record> = vec![];
    all.extend(store.held(id).await?.map(|held| held.record));
    all.extend(store.about(&[id]).await?.into_iter().flatten());
    let links: Vec<EventId> =
        untrack(|| app.chain.with(|chain| chain.links(id).iter().map(|link| link.id).collect()));
    for link in links {
        if !all.iter().any(|record| record.event.id == link) {
            all.extend(store.held(link).await?.map(|held| held.record));
        }
    }
    Ok(all)
}

async fn hand_over(of: ExportOf, items: &[Exported<'_>], publisher: &Publisher<'_>) -> Result<(), String> {
    let now = clock::now();
    let (ending, media_type) = of.format.file();
    let day = now.to_string();
    let audience = match of.audience {
        Audience::Organisation(role) => role.code(),
        Audience::Outside => "outside",
    };
    let name = format!("waymark-{}-{audience}-{}", of.name, day.get(..10).unwrap_or_default());
    let text = match of.format {
        Format::Csv => hxl::csv(items, publisher),
        Format::GeoJson => geojson::collection(items, publisher),
        Format::CloudEvents => cloudevents::batch(items),
        Format::Cap => {
            for (at, item) in items.iter().take(MOST_ALERTS).enumerate() {
                if at > 0 {
                    clock::sleep(BETWEEN_MS).await;
                }
                let alert = cap::alert(item, publisher, cap::Scope::default(), now);
                download::save(&format!("{name}-{}.{ending}", item.id()), media_type, &alert)?;
            }
            return Ok(());
        }
    };
    if items.is_empty() { Ok(()) } else { download::save(&format!("{name}.{ending}"), media_type, &text) }
}

/// The situation for an audience; tracks the chain.
pub fn situation_for(app: AppState, audience: Audience, cut: &Cut, drill: bool, room: Room) -> Situation {
    let Some(reader) = reader(app, audience) else { return Situation::default() };
    let now = untrack(|| app.server_now());
    app.chain.with(|chain| situation(chain, &reader, cut, now, drill, room))
}
