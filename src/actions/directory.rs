use leptos::prelude::Set as _;
use waymark_core::backend::reference;
use waymark_core::event::{KnownPhone, Person};
use waymark_core::sync::LocalStore;

use super::packs;
use crate::browser::http;
use crate::state::{AppState, Directory};

/// Under this name the last directory is kept for when there is no network.
const KEPT_AS: &str = "directory";

/// Asks who works here and what the rules of the watch are; without a network, what was heard last.
pub async fn update_directory(app: AppState) {
    let services = app.services();
    if let Ok(Some(kept)) = services.store.draft(KEPT_AS).await {
        show(app, kept.as_bytes());
    }
    let Some(session) = services.server_session() else { return };
    let Ok(response) = http::fetch(&reference::directory(&session), None).await else { return };
    if response.status == 200 && show(app, &response.body) {
        let text = String::from_utf8_lossy(&response.body);
        // What cannot be kept is asked for again.
        let _ = services.store.put_draft(KEPT_AS, &text).await;
        // Whoever signed in meanwhile has an organisation of their own.
        if !services.is_still(&session) {
            return;
        }
        let told = reference::read_directory(&response.body).and_then(|directory| directory.pack_key);
        packs::update_pack(app, told).await;
        super::keep_certified(app).await;
    }
}

fn show(app: AppState, body: &[u8]) -> bool {
    let Some(directory) = reference::read_directory(body) else { return false };
    let (mut people, mut phones) = (vec![], vec![]);
    for reference::Colleague { user, name, seen } in directory.people {
        people.push(Person { name: name.clone(), user: Some(user.clone()) });
        phones.extend(seen.map(|seen| KnownPhone { user, name, seen }));
    }
    app.movements.directory.set(Directory { people, phones, levels: directory.levels });
    true
}

/// The area of whoever is signed in, if it is one.
pub fn own_area(app: AppState) -> Option<String> {
    let mut areas = app.person_untracked()?.areas;
    if areas.len() == 1 { areas.pop() } else { None }
}
