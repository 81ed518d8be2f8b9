use std::time::Duration;

use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::{
    CheckinDraft, CheckinKind, EventId, Passage, PeopleState, PositionDraft, PositionSource, Roll,
};

use crate::actions::{self, CheckinForm};
use crate::reactive::effect;
use crate::state::AppState;

/// Between a change and its writing down: a word's length of typing.
const PAUSE: Duration = Duration::from_millis(300);

/// What is in the form now; codes as the choices give them.
#[derive(Clone, Copy)]
pub struct FormState {
    pub kind: RwSignal<String>,
    pub people: RwSignal<String>,
    pub headcount: RwSignal<String>,
    pub source: RwSignal<String>,
    pub km: RwSignal<String>,
    pub place: RwSignal<String>,
    pub note: RwSignal<String>,
    pub movement: RwSignal<Option<EventId>>,
    pub roll: RwSignal<Roll>,
    pub reason: RwSignal<String>,
    pub route: RwSignal<String>,
    pub vehicle: RwSignal<String>,
    pub passage: RwSignal<String>,
    pub who: RwSignal<String>,
    pub next_in: RwSignal<String>,
    /// Whether somebody else said it and this person writes it down.
    pub relayed: RwSignal<bool>,
    pub via: RwSignal<String>,
    pub said_by: RwSignal<String>,
    /// What an untouched form holds: the movement they travel in, and how many people it has.
    blank: RwSignal<CheckinDraft>,
    /// Under which name its draft is kept.
    pub kept_as: CheckinForm,
    /// Until what was changed last is written down.
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl FormState {
    /// A form that starts from the kept draft and keeps every change.
    pub fn keep(app: AppState, kept_as: CheckinForm) -> Self {
        let form = Self::of(&CheckinDraft::default(), kept_as);
        let ready = RwSignal::new(false);
        spawn_local(async move {
            let kept = actions::checkin_draft(app, kept_as).await;
            // What was typed before the draft came is newer than the draft.
            if let Some(kept) = kept
                && form.try_draft() == form.blank.try_get_untracked()
            {
                form.put(&kept);
            }
            ready.try_set(true);
        });
        let last = StoredValue::new(CheckinDraft::default());
        effect(move || {
            let draft = form.draft();
            if !ready.get() || last.with_value(|last| *last == draft) {
                return;
            }
            last.set_value(draft.clone());
            form.forget_timer();
            let blank = form.blank.get_untracked();
            let write = move || spawn_local(async move { store(app, kept_as, draft, blank).await });
            form.timer.set_value(set_timeout_with_handle(write, PAUSE).ok());
        });
        form
    }

    /// What is being saved is not written down as a draft any more.
    pub fn forget_timer(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }

    /// What could not be saved is, at once.
    pub async fn write_down(self, app: AppState) {
        if let (Some(draft), Some(blank)) = (self.try_draft(), self.blank.try_get_untracked()) {
            store(app, self.kept_as, draft, blank).await;
        }
    }

    fn of(draft: &CheckinDraft, kept_as: CheckinForm) -> Self {
        let form = Self {
            kind: RwSignal::default(),
            people: RwSignal::default(),
            headcount: RwSignal::default(),
            source: RwSignal::default(),
            km: RwSignal::default(),
            place: RwSignal::default(),
            note: RwSignal::default(),
            movement: RwSignal::default(),
            roll: RwSignal::default(),
            reason: RwSignal::default(),
            route: RwSignal::default(),
            vehicle: RwSignal::default(),
            passage: RwSignal::default(),
            who: RwSignal::default(),
            next_in: RwSignal::default(),
            relayed: RwSignal::default(),
            via: RwSignal::default(),
            said_by: RwSignal::default(),
            blank: RwSignal::default(),
            kept_as,
            timer: StoredValue::new(None),
        };
        form.put(draft);
        form
    }

    pub fn clear(self) {
        if let Some(blank) = self.blank.try_get_untracked() {
            self.put(&blank);
        }
    }

    /// Whether this count is the one the form began with.
    pub fn is_blank_count(self, count: &str) -> bool {
        !count.is_empty() && self.blank.with_untracked(|blank| blank.headcount == count)
    }

    /// What an untouched form is to hold from now on.
    pub fn begin_with(self, blank: CheckinDraft) {
        if untrack(|| self.draft()) == self.blank.get_untracked() {
            self.put(&blank);
        }
        self.blank.set(blank);
    }

    fn put(self, draft: &CheckinDraft) {
        let source = draft.position.source.as_ref().unwrap_or(&PositionSource::Gps);
        self.kind.try_set(draft.checkin.code().to_owned());
        self.people.try_set(draft.people.code().to_owned());
        self.headcount.try_set(draft.headcount.clone());
        self.source.try_set(source.code().to_owned());
        self.km.try_set(draft.position.km.clone());
        self.place.try_set(draft.position.place.clone());
        self.note.try_set(draft.note.clone());
        self.movement.try_set(draft.movement);
        self.roll.try_set(draft.roll.clone());
        self.reason.try_set(draft.reason.clone());
        self.route.try_set(draft.route.clone());
        self.vehicle.try_set(draft.vehicle.clone());
        self.passage
            .try_set(draft.passage.as_ref().map(|passage| passage.code().to_owned()).unwrap_or_default());
        self.who.try_set(draft.who.clone());
        self.next_in.try_set(draft.next_in.clone());
        self.relayed.try_set(draft.relayed);
        self.via.try_set(draft.via.clone());
        self.said_by.try_set(draft.said_by.clone());
    }

    /// Tracks every field.
    pub fn draft(self) -> CheckinDraft {
        let source = self.source.with(|code| PositionSource::from_code(code));
        CheckinDraft {
            checkin: self.kind.with(|code| CheckinKind::from_code(code)),
            people: self.people.with(|code| PeopleState::from_code(code)),
            headcount: self.headcount.get(),
            position: PositionDraft {
                source: (source != PositionSource::Gps).then_some(source),
                km: self.km.get(),
                place: self.place.get(),
            },
            note: self.note.get(),
            movement: self.movement.get(),
            roll: self.roll.get(),
            reason: self.reason.get(),
            route: self.route.get(),
            vehicle: self.vehicle.get(),
            passage: self.passage.with(|code| (!code.is_empty()).then(|| Passage::from_code(code))),
            who: self.who.get(),
            next_in: self.next_in.get(),
            relayed: self.relayed.get(),
            via: self.via.get(),
            said_by: self.said_by.get(),
        }
    }

    /// `None` once the form has gone.
    fn try_draft(self) -> Option<CheckinDraft> {
        (!self.note.is_disposed()).then(|| untrack(|| self.draft()))
    }
}

async fn store(app: AppState, form: CheckinForm, draft: CheckinDraft, blank: CheckinDraft) {
    if draft == blank {
        actions::drop_checkin_draft(app, form).await;
    } else {
        actions::keep_checkin_draft(app, form, &draft).await;
    }
}
