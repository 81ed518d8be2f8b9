//! `GET /directory`: whom a plan can name, how closely they will be watched, and whose packs are trusted.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::caller::SignedIn;
use crate::problem::Problem;
use crate::state::AppState;
use crate::storage::Person;

pub async fn directory(
    State(state): State<AppState>,
    SignedIn { caller, .. }: SignedIn,
) -> Result<Json<Value>, Problem> {
    let people = state.storage.directory(&caller.viewer()).await?;
    // What the operator has not set is for the organisation's pack to say, which phones have themselves.
    let levels = state.storage.levels(&caller.org).await?;
    // A phone that is looked at is not to say who does what: only those who watch are told.
    let told = caller.role.watches();
    let person = |person: Person| {
        let mut shown = json!({"user": person.user, "name": person.name});
        if told {
            shown["role"] = json!(person.role);
            if let Some(seen) = person.seen {
                shown["seen"] = json!(seen);
            }
        }
        shown
    };
    let people: Vec<_> = people.into_iter().map(person).collect();
    let mut answer = json!({"people": people, "levels": levels});
    // Phones that were enrolled before there was a key learn it here.
    if let Some(key) = state.storage.pack_key(&caller.org).await? {
        answer["pack_key"] = key.to_string().into();
    }
    Ok(Json(answer))
}
