//! Saving what was filled in.

use leptos::prelude::*;
use waymark_core::event::form::{Circumstances, FormDraft, Names};
use waymark_core::event::{
    Body, Digest, EventId, FieldError, Filled, Form, Kind, Person, Problem, RecordSeen,
};
use waymark_core::spelling::folded;
use waymark_core::sync::LocalStore;
use waymark_core::view::Chain;
use waymark_core::view::chain::Item;
use waymark_core::view::places::{self, KnownPlace, place_named};

use super::movements::known_people;
use super::saving::{self, Earnest, SaveError, save, write};
use super::{drafts, photos};
use crate::state::AppState;

/// Which form is filled in, and about what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormOf {
    pub form: &'static Form,
    /// The item that it says something about, or comes out of.
    pub about: Option<EventId>,
    /// It adds to the item, which is of this form.
    pub update: bool,
    /// Which of several of this form it is, where there are several at once: a checklist of one car.
    pub which: u64,
}

impl FormOf {
    pub fn new(form: &'static Form) -> Self {
        Self { form, about: None, update: false, which: 0 }
    }

    /// Under which name its draft is kept.
    fn name(self) -> String {
        let about = self.about.map(|id| format!(" {id}")).unwrap_or_default();
        let update = if self.update { " update" } else { "" };
        let which = if self.which == 0 { String::new() } else { format!(" {:x}", self.which) };
        format!("form {}{about}{update}{which}", self.form.name)
    }
}

/// What was filled in and not yet saved, if anything.
pub async fn form_draft(app: AppState, of: FormOf) -> Option<FormDraft> {
    drafts::read(app, &of.name()).await
}

/// Keeps what has been filled in so far; forgets it where there is nothing to keep.
pub async fn keep_form_draft(app: AppState, of: FormOf, draft: &FormDraft, blank: &FormDraft) {
    if draft == blank {
        drafts::forget(app, &of.name()).await;
    } else {
        drafts::keep(app, &of.name(), draft).await;
    }
}

/// Saves a form and drops the draft it came from.
///
/// # Errors
/// What is wrong with the fields, or with the store.
pub async fn save_form(app: AppState, of: FormOf, draft: FormDraft) -> Result<EventId, SaveError> {
    let item = untrack(|| of.about.and_then(|id| app.chain.item(id)));
    let filled = parse(app, of, &draft, item.as_ref())?;
    if filled.kind == Kind::IncidentClosed {
        actions_are_verified(app, of)?;
    }
    let exercise = item.map_or(draft.exercise, |item| item.exercise);
    let photos = filled.photos();
    let saved = save(app, Body::Filled(Box::new(filled)), Earnest::of(exercise), Some(&of.name())).await;
    if let Ok(id) = saved {
        // Whoever tapped waits for the word Saved, not for this.
        leptos::task::spawn_local(async move { photos::claim(app, id, &photos).await });
    }
    saved
}

/// Which draft is of this checklist of this car, person or place; of this plan of this base.
pub fn draft_of(id: &str, name: &str) -> u64 {
    let digest = Digest::of_bytes(format!("{id}\n{}", folded(name)).as_bytes()).to_string();
    digest.get(..16).and_then(|text| u64::from_str_radix(text, 16).ok()).unwrap_or(1)
}

/// Saves a checklist that was gone through, of a movement where there is one, and drops the draft it came from. What people
/// were asked about themselves belongs to no movement, whose crew would read it.
///
/// # Errors
/// As every save.
pub async fn save_checklist(
    app: AppState,
    draft: FormDraft,
    of: FormOf,
    movement: Option<EventId>,
) -> Result<EventId, SaveError> {
    let of_movement = movement.filter(|_| draft.get("subject") != "person");
    let about = Circumstances { now: saving::now(), movement: of_movement, ..Circumstances::default() };
    let filled = draft.parse(of.form, &about, &Known(app))?;
    let drill = movement.and_then(|id| untrack(|| app.movements.get(id))).is_some_and(|own| own.exercise);
    save(app, Body::Filled(Box::new(filled)), Earnest::of(drill), Some(&of.name())).await
}

fn parse(app: AppState, of: FormOf, draft: &FormDraft, item: Option<&Item>) -> Result<Filled, SaveError> {
    use waymark_core::event::form::Stands;
    let mut draft = draft.clone();
    // What is said about a sensitive item is as sensitive.
    draft.sensitive |= item.is_some_and(Item::is_sensitive);
    let mut about = Circumstances { now: saving::now(), ..Circumstances::default() };
    match of.form.stands {
        Stands::Alone if !of.update => about.of = of.about,
        _ => about.record = of.about,
    }
    let names = Known(app);
    match item.filter(|_| of.update) {
        Some(item) => Ok(draft.parse_update(of.form, &item.now, &about, &names)?),
        None => Ok(draft.parse(of.form, &about, &names)?),
    }
}

/// An incident does not close before its actions are verified.
fn actions_are_verified(app: AppState, of: FormOf) -> Result<(), SaveError> {
    let open = |chain: &Chain| of.about.is_some_and(|id| !chain.open_actions(id).is_empty());
    if untrack(|| app.chain.with(open)) {
        return Err(SaveError::Fields(vec![FieldError::new("actions", Problem::Required)]));
    }
    Ok(())
}

/// Says how two items belong together.
///
/// # Errors
/// As every save.
pub async fn join(app: AppState, from: EventId, to: EventId, relation: &str) -> Result<EventId, SaveError> {
    let Some(form) = waymark_core::event::form::form_named("link") else {
        return Err(SaveError::Fields(vec![]));
    };
    let ends = untrack(|| [app.chain.item(from), app.chain.item(to)]);
    let mut draft = FormDraft::default();
    draft.put("relation", relation);
    draft.sensitive = ends.iter().flatten().any(Item::is_sensitive);
    let exercise = ends.iter().flatten().any(|item| item.exercise);
    let about = Circumstances { now: saving::now(), ends: Some((from, to)), ..Circumstances::default() };
    let filled = draft.parse(form, &about, &Known(app))?;
    save(app, Body::Filled(Box::new(filled)), Earnest::of(exercise), None).await
}

/// Notes that an item was on the screen of whoever is signed in, once for each person: who knew is asked afterwards.
pub async fn note_seen(app: AppState, id: EventId) {
    let Some(person) = app.person_untracked().filter(|person| person.role.watches()) else { return };
    let services = app.services();
    let (Ok(Some(held)), Ok(about)) = (services.store.held(id).await, services.store.about(&[id]).await)
    else {
        return;
    };
    let event = &held.record.event;
    let seen = about.iter().flatten().any(|record| {
        record.event.author == person.user && matches!(record.event.body(), Ok(Body::RecordSeen(_)))
    });
    if held.mine || event.author == person.user || seen {
        return;
    }
    let body = RecordSeen { record: event.id, digest: event.digest };
    // If it cannot be saved now, the next opening tries again.
    if write(app, Body::RecordSeen(body), Earnest::of(event.exercise), None).await.is_ok() {
        super::refresh(app).await;
    }
}

/// Places and people by their names, as this phone knows them.
pub(super) struct Known(pub(super) AppState);

impl Names for Known {
    fn place(&self, name: &str) -> Option<(f64, f64)> {
        place_named(&untrack(|| known_places(self.0)), name)
    }

    fn person(&self, name: &str) -> Person {
        Person::known(name.to_owned(), &untrack(|| known_people(self.0)))
    }
}

/// Places whose coordinates are known here, by name; tracks.
pub fn known_places(app: AppState) -> Vec<KnownPlace> {
    app.movements.open.with(|open| {
        let real = open.values().filter(|movement| !movement.exercise);
        let mut plans = real.map(|movement| &movement.plan.plan);
        app.chain.with(|chain| places::known_places(&mut plans, chain))
    })
}
