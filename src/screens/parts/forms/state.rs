use std::time::Duration;

use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::form::{FormDraft, joined};
use waymark_core::event::{EventId, Photo};

use crate::actions::{self, FormOf, SaveError};
use crate::reactive::{derive, effect};
use crate::state::AppState;
use crate::ui::Value;

/// Between a change and its writing down: a word's length of typing.
const PAUSE: Duration = Duration::from_millis(300);

/// A form while it is filled in.
#[derive(Clone, Copy)]
pub struct Filling {
    pub of: FormOf,
    pub draft: RwSignal<FormDraft>,
    /// It goes on from what was left here before.
    pub continued: RwSignal<bool>,
    /// How many choices of photos are being made small.
    pub adding: RwSignal<u32>,
    blank: StoredValue<FormDraft>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

/// What a form starts from.
pub type Prefill = FormDraft;

impl Filling {
    /// Starts from the kept draft, or else from `blank`, and keeps every change.
    pub fn keep(app: AppState, of: FormOf, blank: Prefill) -> Self {
        let form = Self {
            of,
            draft: RwSignal::new(blank.clone()),
            continued: RwSignal::new(false),
            adding: RwSignal::new(0),
            blank: StoredValue::new(blank),
            timer: StoredValue::new(None),
        };
        let ready = RwSignal::new(false);
        spawn_local(async move {
            let kept = actions::form_draft(app, of).await;
            // What was typed before the draft came is newer than the draft.
            if let Some(kept) = kept
                && form.is_untouched()
            {
                form.draft.try_set(kept);
                form.continued.try_set(true);
            }
            ready.try_set(true);
        });
        let last = StoredValue::new(form.draft.get_untracked());
        effect(move || {
            let draft = form.draft.get();
            if !ready.get() || last.with_value(|last| *last == draft) {
                return;
            }
            last.set_value(draft);
            form.forget_timer();
            let write = move || spawn_local(async move { form.write_down(app).await });
            form.timer.set_value(set_timeout_with_handle(write, PAUSE).ok());
        });
        form
    }

    fn is_untouched(self) -> bool {
        let draft = self.draft.try_get_untracked();
        draft.is_some() && draft == self.blank.try_get_value()
    }

    fn forget_timer(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }

    async fn write_down(self, app: AppState) {
        if let (Some(draft), Some(blank)) = (self.draft.try_get_untracked(), self.blank.try_get_value()) {
            actions::keep_form_draft(app, self.of, &draft, &blank).await;
        }
    }

    /// Puts a photo into the form, and the form on the disk: what was taken cannot be taken again.
    pub async fn add_photo(self, app: AppState, photo: Photo) {
        self.draft.try_update(|draft| draft.photos = joined(std::mem::take(&mut draft.photos), &[photo]));
        self.write_down(app).await;
    }

    pub fn clear(self) {
        if let Some(blank) = self.blank.try_get_value() {
            self.draft.try_set(blank);
            self.continued.try_set(false);
        }
    }

    /// Saves it; what could not be saved is written down at once.
    pub async fn save(self, app: AppState) -> Result<EventId, SaveError> {
        // A photo that was taken belongs to it.
        while self.adding.try_get_untracked().is_some_and(|adding| adding > 0) {
            actions::short_while().await;
        }
        self.forget_timer();
        let draft = self.draft.get_untracked();
        let saved = actions::save_form(app, self.of, draft).await;
        match saved {
            Ok(_) => self.clear(),
            Err(_) => self.write_down(app).await,
        }
        saved
    }

    /// What stands in a field, and where what is typed goes.
    pub fn value(self, name: &'static str) -> Value {
        let read = derive(move || self.draft.with(|draft| draft.get(name).to_owned()));
        let write = Callback::new(move |typed: String| self.draft.update(|draft| draft.put(name, &typed)));
        Value { read, write }
    }
}
