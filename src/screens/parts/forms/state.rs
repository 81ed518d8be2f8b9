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
            let write = move || {
                form.timer.try_set_value(None);
                spawn_local(form.write_down(app));
            };
            form.timer.set_value(set_timeout_with_handle(write, PAUSE).ok());
        });
        // Whoever leaves the page within the pause loses no word.
        on_cleanup(move || {
            if form.forget_timer() {
                spawn_local(form.write_down(app));
            }
        });
        form
    }

    fn is_untouched(self) -> bool {
        let draft = self.draft.try_get_untracked();
        draft.is_some() && draft == self.blank.try_get_value()
    }

    /// Whether there was one.
    fn forget_timer(self) -> bool {
        let timer = self.timer.try_update_value(Option::take).flatten();
        timer.map(|timer| timer.clear()).is_some()
    }

    /// Reads the form at once, and not when the disk is ready: the page may be gone by then.
    fn write_down(self, app: AppState) -> impl Future<Output = ()> {
        let now = self.draft.try_get_untracked().zip(self.blank.try_get_value());
        async move {
            if let Some((draft, blank)) = now {
                actions::keep_form_draft(app, self.of, &draft, &blank).await;
            }
        }
    }

    /// What it started from.
    pub fn blank(self) -> FormDraft {
        self.blank.get_value()
    }

    /// How many photos have been added, also after the page was left.
    pub async fn photos(self, app: AppState) -> usize {
        match self.draft.try_with_untracked(|draft| draft.photos.len()) {
            Some(count) => count,
            None => actions::form_draft(app, self.of).await.map_or(0, |draft| draft.photos.len()),
        }
    }

    /// Puts a photo into the form, and the form on the disk: what was taken cannot be taken again. If the page was left
    /// while it was made small, into what was left there.
    pub async fn add_photo(self, app: AppState, photo: Photo, blank: &FormDraft) {
        let add = |draft: &mut FormDraft| {
            draft.photos = joined(std::mem::take(&mut draft.photos), std::slice::from_ref(&photo));
        };
        if self.draft.try_update(add).is_some() {
            return self.write_down(app).await;
        }
        let mut kept = actions::form_draft(app, self.of).await.unwrap_or_else(|| blank.clone());
        add(&mut kept);
        actions::keep_form_draft(app, self.of, &kept, blank).await;
    }

    pub fn clear(self) {
        if let Some(blank) = self.blank.try_get_value() {
            self.draft.try_set(blank);
            self.continued.try_set(false);
        }
    }

    /// What it holds, to be saved: nothing more of it is written down on the way.
    pub fn take(self) -> FormDraft {
        self.forget_timer();
        self.draft.get_untracked()
    }

    /// Saves it; what could not be saved is written down at once.
    pub async fn save(self, app: AppState) -> Result<EventId, SaveError> {
        let pressed = self.draft.try_get_untracked();
        // A photo that was taken belongs to it.
        while app.device.adding.get_untracked() > 0 {
            actions::short_while().await;
        }
        self.forget_timer();
        let draft = match self.draft.try_get_untracked() {
            Some(draft) => draft,
            // The page was left: what was to be saved is.
            None => actions::form_draft(app, self.of).await.or(pressed).unwrap_or_default(),
        };
        let saved = actions::save_form(app, self.of, draft).await;
        match saved {
            Ok(_) => self.clear(),
            Err(_) => self.write_down(app).await,
        }
        saved
    }

    /// What stands in a field, and where what is typed goes.
    pub fn value(self, name: impl Into<String>) -> Value {
        let name = name.into();
        let own = name.clone();
        let read = derive(move || self.draft.with(|draft| draft.get(&own).to_owned()));
        let write = Callback::new(move |typed: String| self.draft.update(|draft| draft.put(&name, &typed)));
        Value { read, write }
    }
}
