use leptos::prelude::*;

use crate::actions;
use crate::i18n::{Locale, LocaleTrait, use_i18n};
use crate::ui::{Choice, Choices, Shape};
use crate::words;

/// Each language in its own name, for whoever cannot read the present one.
#[component]
pub fn LanguageChoices() -> impl IntoView {
    let i18n = use_i18n();
    let options = Locale::get_all()
        .iter()
        .map(|locale| Choice {
            value: locale.as_str().to_owned(),
            label: leptos_i18n::td_string!(*locale, meta.name).to_string(),
            lang: Some(locale.as_str()),
            ..Choice::default()
        })
        .collect::<Vec<_>>();
    let choose = Callback::new(move |code: String| {
        if let Ok(locale) = code.parse::<Locale>() {
            i18n.set_locale(locale);
            actions::store_language(locale.as_str(), locale.direction().as_str());
        }
    });
    view! {
        <Choices
            name="language"
            label=words!(i18n, settings.language)
            options=Signal::stored(options)
            value=Signal::derive(move || i18n.get_locale().as_str().to_owned())
            on_choose=choose
            shape=Shape::Wide
        />
    }
    .into_any()
}
