//! The words of the app, from `src/locales`, and what a language is for the page.

#[allow(warnings, clippy::all, clippy::pedantic, clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n.rs"));
}

pub use generated::i18n::*;
pub use leptos_i18n::{Locale as LocaleTrait, t_string};

pub type I18n = leptos_i18n::I18nContext<Locale>;

/// Words that follow the language, as every part of `ui` takes them.
#[macro_export]
macro_rules! words {
    ($($tt:tt)*) => {
        leptos::prelude::Signal::derive(move || $crate::i18n::t_string!($($tt)*).to_string())
    };
}

/// Words in the language of now, as a `String`.
#[macro_export]
macro_rules! say {
    ($($tt:tt)*) => {
        $crate::i18n::t_string!($($tt)*).to_string()
    };
}

/// The tag for the browser's Intl: Western digits in Arabic too, as on plates, maps and the radio.
pub fn intl(i18n: I18n) -> &'static str {
    t_string!(i18n, meta.intl)
}
