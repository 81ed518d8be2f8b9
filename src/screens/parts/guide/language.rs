use leptos::prelude::*;

use super::language_name;
use crate::i18n::I18n;
use crate::reactive::{derive, memo};
use crate::ui::{Choice, Choices, Shape};
use crate::words;

/// The language that one card is read in: that of the app, until another is chosen for it.
#[derive(Clone, Copy)]
pub struct CardLanguage {
    chosen: RwSignal<Option<String>>,
    pub now: Memo<String>,
}

impl CardLanguage {
    pub fn new(i18n: I18n) -> Self {
        let chosen = RwSignal::new(None::<String>);
        Self {
            chosen,
            now: memo(move || chosen.get().unwrap_or_else(|| i18n.get_locale().as_str().to_owned())),
        }
    }

    /// The choice among the languages that are there; `shown` is the one on the screen.
    pub fn choices(self, i18n: I18n, there: Signal<Vec<String>>, shown: Signal<String>) -> AnyView {
        let options = derive(move || {
            let choice = |language: String| Choice {
                label: language_name(&language),
                value: language,
                ..Choice::default()
            };
            there.get().into_iter().map(choice).collect::<Vec<_>>()
        });
        view! {
            <Choices
                name="language"
                label=words!(i18n, guidance.language)
                options
                value=shown
                on_choose=Callback::new(move |code| self.chosen.set(Some(code)))
                shape=Shape::Low
            />
        }
        .into_any()
    }
}
