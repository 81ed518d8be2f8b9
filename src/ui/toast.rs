use std::time::Duration;

use leptos::prelude::*;

use super::{Icon, live, lu};

const SHOWN: Duration = Duration::from_secs(4);

/// Short news about what was just done, said aloud by screen readers.
#[derive(Clone, Copy)]
pub struct Toasts {
    latest: RwSignal<Option<String>>,
    count: StoredValue<u32>,
}

impl Toasts {
    /// To be called once, above all screens.
    pub fn provide() -> Self {
        let toasts = Self { latest: RwSignal::new(None), count: StoredValue::new(0) };
        provide_context(toasts);
        toasts
    }

    pub fn find() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Replaces what was said before: two at once would not be read.
    pub fn say(self, text: impl FnOnce() -> String) {
        let Some(own) = self.count.try_update_value(|count| {
            *count += 1;
            *count
        }) else {
            return;
        };
        self.latest.set(Some(untrack(text)));
        let hide = move || {
            if self.count.try_get_value() == Some(own) {
                self.latest.try_set(None);
            }
        };
        set_timeout(hide, SHOWN);
    }
}

#[component]
pub fn ToastRegion() -> impl IntoView {
    let toasts = Toasts::find();
    let toast = move || {
        toasts.latest.get().map(|text| {
            view! {
                <p class="toast">
                    <Icon icon=lu::LuCheck />
                    <span>{text}</span>
                </p>
            }
        })
    };
    view! { <div class="toasts" role="status" aria-live="polite">{live(toast)}</div> }.into_any()
}
