//! Choices that the page needs before anything else is loaded; `boot.js` reads the same keys.

use gloo_storage::{LocalStorage, Storage};

pub const THEME: &str = "waymark.theme";
pub const LANGUAGE: &str = "waymark.language";
pub const BASE_NUMBER: &str = "waymark.base";
pub const PHOTO_SIZE: &str = "waymark.photos";

/// Raw text, not JSON: `boot.js` compares it as it is.
pub fn get(key: &str) -> Option<String> {
    LocalStorage::raw().get_item(key).ok().flatten()
}

pub fn put(key: &str, value: &str) {
    // Without localStorage the choice lasts as long as the page.
    let _ = LocalStorage::raw().set_item(key, value);
}

/// The first language the browser asks for, such as `fr-TD`.
pub fn browser_language() -> Option<String> {
    super::window()?.navigator().language()
}

pub fn show_theme(code: &str) {
    if let Some(root) = root() {
        let _ = root.set_attribute("data-theme", code);
    }
}

pub fn show_language(code: &str, direction: &str) {
    if let Some(root) = root() {
        let _ = root.set_attribute("lang", code);
        let _ = root.set_attribute("dir", direction);
    }
}

fn root() -> Option<web_sys::Element> {
    super::window()?.document()?.document_element()
}
