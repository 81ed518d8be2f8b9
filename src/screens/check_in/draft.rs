use std::time::Duration;

use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::{CheckinDraft, CheckinKind, PeopleState, PositionDraft, PositionSource};

use crate::actions;
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
}

impl FormState {
    /// A form that starts from the kept draft and keeps every change.
    pub fn keep(app: AppState) -> Self {
        let form = Self::of(&CheckinDraft::default());
        let ready = RwSignal::new(false);
        spawn_local(async move {
            let kept = actions::checkin_draft(app).await;
            // What was typed before the draft came is newer than the draft.
            if let Some(kept) = kept
                && form.try_draft().as_ref() == Some(&CheckinDraft::default())
            {
                form.put(&kept);
            }
            ready.try_set(true);
        });
        let timer = StoredValue::new(None::<TimeoutHandle>);
        let last = StoredValue::new(CheckinDraft::default());
        Effect::new(move || {
            let draft = form.draft();
            if !ready.get() || last.with_value(|last| *last == draft) {
                return;
            }
            last.set_value(draft.clone());
            if let Some(timer) = timer.get_value() {
                timer.clear();
            }
            let write = move || spawn_local(async move { store(app, draft).await });
            timer.set_value(set_timeout_with_handle(write, PAUSE).ok());
        });
        form
    }

    fn of(draft: &CheckinDraft) -> Self {
        let form = Self {
            kind: RwSignal::default(),
            people: RwSignal::default(),
            headcount: RwSignal::default(),
            source: RwSignal::default(),
            km: RwSignal::default(),
            place: RwSignal::default(),
            note: RwSignal::default(),
        };
        form.put(draft);
        form
    }

    pub fn clear(self) {
        self.put(&CheckinDraft::default());
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
            ..CheckinDraft::default()
        }
    }

    /// `None` once the form has gone.
    fn try_draft(self) -> Option<CheckinDraft> {
        (!self.note.is_disposed()).then(|| untrack(|| self.draft()))
    }
}

async fn store(app: AppState, draft: CheckinDraft) {
    if draft == CheckinDraft::default() {
        actions::drop_checkin_draft(app).await;
    } else {
        actions::keep_checkin_draft(app, &draft).await;
    }
}
