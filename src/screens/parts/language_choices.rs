use leptos::prelude::*;

use crate::actions;
use crate::i18n::{Locale, use_i18n};
use crate::reactive::derive;
use crate::ui::{Choice, Choices, Shape};
use crate::words;

/// Each language in its own name, for whoever cannot read the present one.
#[component]
pub fn LanguageChoices() -> impl IntoView {
    let i18n = use_i18n();
    let options = Locale::get_all()
        .map(|locale| Choice {
            value: locale.as_str().to_owned(),
            label: locale.name().to_owned(),
            lang: Some(locale.as_str()),
            ..Choice::default()
        })
        .collect::<Vec<_>>();
    let choose = Callback::new(move |code: String| {
        if let Some(locale) = Locale::of(&code) {
            i18n.set_locale(locale);
            actions::store_language(locale.as_str(), locale.direction());
        }
    });
    view! {
        <Choices
            name="language"
            label=words!(i18n, settings.language)
            options=Signal::stored(options)
            value=derive(move || i18n.get_locale().as_str().to_owned())
            on_choose=choose
            shape=Shape::Wide
        />
    }
    .into_any()
}
