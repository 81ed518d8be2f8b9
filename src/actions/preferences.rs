use leptos::prelude::Set as _;

use crate::browser::preferences;
use crate::state::{AppState, Theme};

/// Changes the theme at once and for later starts.
pub fn set_theme(app: AppState, theme: Theme) {
    preferences::put(preferences::THEME, theme.code());
    preferences::show_theme(theme.code());
    app.device.theme.set(theme);
}

/// The language chosen before, as a code such as `fr`; else what the browser asks for first.
pub fn stored_language() -> Option<String> {
    preferences::get(preferences::LANGUAGE).or_else(preferences::browser_language)
}

/// Keeps the language for later starts and tells the document its language and direction.
pub fn store_language(code: &str, direction: &str) {
    preferences::put(preferences::LANGUAGE, code);
    preferences::show_language(code, direction);
}

/// The number to which a text message about an emergency goes; empty when none was given.
pub fn base_number() -> String {
    preferences::get(preferences::BASE_NUMBER).unwrap_or_default()
}

/// Keeps the number of the base: digits, and a plus in front.
pub fn set_base_number(number: &str) {
    let kept: String = waymark_core::event::western(number.trim())
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '+')
        .collect();
    preferences::put(preferences::BASE_NUMBER, &kept);
}
