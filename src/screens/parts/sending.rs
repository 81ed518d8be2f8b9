use leptos::prelude::*;
use leptos::task::spawn_local;

use super::SaveFault;
use super::words::field_error;
use crate::actions::SaveError;
use crate::i18n::use_i18n;
use crate::reactive::derive;
use crate::ui::{Button, Text, Toasts, Tone, focus, focus_first_invalid};
use crate::words;

/// A form within a page that is being saved, or could not be.
#[derive(Clone, Copy)]
pub struct Sending {
    pub saving: RwSignal<bool>,
    pub failed: RwSignal<Option<SaveError>>,
    /// Closes the form.
    on_close: Callback<()>,
}

impl Sending {
    pub fn new(on_close: Callback<()>) -> Self {
        Self { saving: RwSignal::new(false), failed: RwSignal::new(None), on_close }
    }

    /// Runs an action; closes the form and says so when it is saved.
    pub fn run<T>(
        self,
        work: impl Future<Output = Result<T, SaveError>> + 'static,
        done: impl FnOnce() -> String + 'static,
    ) {
        let toasts = Toasts::find();
        self.saving.set(true);
        spawn_local(async move {
            let saved = work.await.map(|_| ());
            self.saving.try_set(false);
            match &saved {
                Ok(()) => {
                    toasts.say(done);
                    self.on_close.try_run(());
                }
                Err(SaveError::Fields(_)) => focus_first_invalid(|id, _| focus(id)),
                Err(_) => {}
            }
            self.failed.try_set(saved.err());
        });
    }

    pub fn fault(self, field: &'static str) -> Signal<Option<String>> {
        let i18n = use_i18n();
        derive(move || match self.failed.get() {
            Some(SaveError::Fields(errors)) => field_error(i18n, &errors, field),
            _ => None,
        })
    }
}

/// The foot of such a form: what went wrong, the save, the way back.
#[component]
pub fn SendRow(
    sending: Sending,
    label: Text,
    on_send: Callback<()>,
    /// What the way back is called, if not "Cancel".
    #[prop(optional_no_strip, into)]
    back: Option<Text>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <SaveFault failed=sending.failed />
        <div class="btn-row">
            <Button label on_press=on_send busy=sending.saving tone=Tone::Accent />
            <Button label=back.unwrap_or(words!(i18n, home.cancel)) on_press=sending.on_close />
        </div>
    }
    .into_any()
}
