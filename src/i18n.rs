//! The words of the app, from `src/locales`, and what a language is for the page.
//!
//! `build.rs` makes one text of all texts of a language and a number of each key. In that text, [`END`] ends an entry,
//! [`FORM`] and two letters begin a form of a plural, and [`ARGUMENT`] and a digit stand for a value.

#[allow(warnings, clippy::all, clippy::pedantic)]
mod generated {
    use super::{I18n, Plain, Value, fill};
    include!(concat!(env!("OUT_DIR"), "/i18n.rs"));
}

use std::cell::RefCell;

use js_sys::{Array, Intl, Object};
use leptos::prelude::*;
use leptos::reactive::graph::Observer;
use waymark_core::event::form::Codes;
use waymark_core::guidance::{CodeLists, Rules};

use crate::reactive::derive;

pub use generated::{Locale, keys};

/// Words that follow the language, as every part of `ui` takes them.
#[macro_export]
macro_rules! words {
    ($i18n:expr, $section:ident . $key:ident $(,)?) => {
        $crate::i18n::follow($i18n, $crate::i18n::keys::$section::$key)
    };
    ($($tt:tt)*) => {
        $crate::reactive::derive(move || $crate::say!($($tt)*))
    };
}

/// Words in the language of now, as a `String`.
#[macro_export]
macro_rules! say {
    ($i18n:expr, $section:ident . $key:ident $(,)?) => {
        $crate::i18n::text($i18n, $crate::i18n::keys::$section::$key).to_owned()
    };
    ($i18n:expr, $section:ident . $key:ident, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::i18n::keys::$section::$key { $($name: (&$value).into()),+ }.say($i18n)
    };
}

const ARGUMENT: char = '\u{1}';
const FORM: char = '\u{2}';
const END: char = '\u{3}';

/// A key without placeholders.
#[derive(Clone, Copy)]
pub struct Plain(u16);

/// What stands in for a placeholder.
#[derive(Clone, Copy)]
pub enum Value<'a> {
    Text(&'a str),
    Count(u64),
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a &str> for Value<'a> {
    fn from(text: &'a &str) -> Self {
        Self::Text(text)
    }
}

impl From<&usize> for Value<'_> {
    fn from(count: &usize) -> Self {
        Self::Count(*count as u64)
    }
}

impl From<&u32> for Value<'_> {
    fn from(count: &u32) -> Self {
        Self::Count(u64::from(*count))
    }
}

impl From<&u16> for Value<'_> {
    fn from(count: &u16) -> Self {
        Self::Count(u64::from(*count))
    }
}

impl Locale {
    pub fn get_all() -> impl Iterator<Item = Self> {
        generated::ALL.into_iter().map(|(locale, ..)| locale)
    }

    pub fn as_str(self) -> &'static str {
        generated::ALL[self as usize].1
    }

    /// The language of a tag such as `fr-TD`, if the app speaks it.
    pub fn of(tag: &str) -> Option<Self> {
        let language = tag.split(['-', '_']).next()?;
        Self::get_all().find(|locale| locale.as_str().eq_ignore_ascii_case(language))
    }

    /// As the attribute `dir` has it.
    pub fn direction(self) -> &'static str {
        match self {
            Self::Ar => "rtl",
            Self::En | Self::Fr | Self::Es => "ltr",
        }
    }

    /// What the language calls itself.
    pub fn name(self) -> &'static str {
        entry(self, keys::meta::name.0)
    }
}

/// The language of now, and the organisation's own words for codes.
#[derive(Clone, Copy)]
pub struct I18n {
    locale: RwSignal<Locale>,
    pack: RwSignal<Rules>,
}

impl I18n {
    /// To be called once, above all screens; `pack` is what the organisation's pack sets.
    pub fn provide(locale: Locale, pack: RwSignal<Rules>) {
        provide_context(Self { locale: RwSignal::new(locale), pack });
    }

    pub fn get_locale(self) -> Locale {
        // What is drawn once keeps the language it was drawn in until it is drawn again.
        if Observer::get().is_some() { self.locale.get() } else { self.locale.get_untracked() }
    }

    pub fn set_locale(self, locale: Locale) {
        self.locale.set(locale);
    }

    /// As [`Self::get_locale`].
    fn with_own<T>(self, look: impl FnOnce(&CodeLists) -> T) -> T {
        let look = |pack: &Rules| look(&pack.codes);
        if Observer::get().is_some() { self.pack.with(look) } else { self.pack.with_untracked(look) }
    }

    /// The organisation's own words for a code, if it has any.
    pub fn own_words(self, list: &str, code: &str) -> Option<String> {
        let language = self.get_locale().as_str();
        self.with_own(|own| own.words(list, code, language).map(str::to_owned))
    }

    /// The codes that can be chosen, the organisation's among them.
    pub fn choices(self, list: &Codes) -> Vec<String> {
        self.with_own(|own| own.choices(list).into_iter().map(str::to_owned).collect())
    }
}

pub fn use_i18n() -> I18n {
    expect_context()
}

/// The tag for the browser's Intl: Western digits in Arabic too, as on plates, maps and the radio.
pub fn intl(i18n: I18n) -> &'static str {
    text(i18n, keys::meta::intl)
}

pub fn text(i18n: I18n, key: Plain) -> &'static str {
    entry(i18n.get_locale(), key.0)
}

/// The text of a name in a section whose names come from core: `named(i18n, "codes", "channel_call")`.
pub fn named(i18n: I18n, section: &str, name: &str) -> Option<&'static str> {
    number_of(section, name).map(|number| entry(i18n.get_locale(), number))
}

/// Whether there is a text of this name.
pub fn is_named(section: &str, name: &str) -> bool {
    number_of(section, name).is_some()
}

fn number_of(section: &str, name: &str) -> Option<u16> {
    let key = format!("{section}.{name}");
    let at = generated::NAMED.binary_search_by(|(known, _)| (*known).cmp(key.as_str())).ok()?;
    generated::NAMED.get(at).map(|(_, number)| *number)
}

pub fn follow(i18n: I18n, key: Plain) -> Signal<String> {
    derive(move || text(i18n, key).to_owned())
}

struct Spoken {
    locale: Locale,
    entries: Vec<&'static str>,
    plural: Intl::PluralRules,
}

thread_local! {
    /// The languages that were used, each cut into its entries once.
    static SPOKEN: RefCell<Vec<Spoken>> = const { RefCell::new(Vec::new()) };
}

fn spoken<T>(locale: Locale, read: impl FnOnce(&Spoken) -> T) -> T {
    SPOKEN.with_borrow_mut(|all| {
        let at = all.iter().position(|spoken| spoken.locale == locale).unwrap_or_else(|| {
            let (_, tag, table) = generated::ALL[locale as usize];
            let plural = Intl::PluralRules::new(&Array::of1(&tag.into()), &Object::new());
            all.push(Spoken { locale, entries: table.split(END).collect(), plural });
            all.len() - 1
        });
        read(&all[at])
    })
}

fn entry(locale: Locale, number: u16) -> &'static str {
    spoken(locale, |spoken| spoken.entries.get(usize::from(number)).copied().unwrap_or_default())
}

/// For the generated code: the entry in the language of now, with the values in their places.
fn fill(i18n: I18n, number: u16, values: &[Value]) -> String {
    let locale = i18n.get_locale();
    let mut pieces = form(locale, entry(locale, number), values).split(ARGUMENT);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (digit, rest) = piece.split_at(1);
        match digit.parse().ok().and_then(|digit: usize| values.get(digit)) {
            Some(Value::Text(text)) => out.push_str(text),
            Some(Value::Count(count)) => out.push_str(&count.to_string()),
            None => {}
        }
        out.push_str(rest);
    }
    out
}

/// The form of a plural that its count calls for.
fn form(locale: Locale, entry: &'static str, values: &[Value]) -> &'static str {
    let Some(forms) = entry.strip_prefix(FORM) else { return entry };
    let count = values.iter().find_map(|value| match value {
        Value::Count(count) => Some(*count),
        Value::Text(_) => None,
    });
    #[allow(clippy::cast_precision_loss)] // counts are small
    let wanted =
        spoken(locale, |spoken| String::from(spoken.plural.select(count.unwrap_or_default() as f64)));
    let named = |name: &str| {
        let mark = name.get(..2)?;
        forms.split(FORM).find_map(|form| form.strip_prefix(mark))
    };
    named(&wanted).or_else(|| named("other")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;
    use waymark_core::event::form::{Ask, FORMS};

    use super::is_named;

    /// The locales have the same keys: one language speaks for all.
    #[wasm_bindgen_test]
    fn every_form_field_and_code_has_its_words() {
        let mut missing = vec![];
        let mut want = |section: &str, names: &[String]| {
            if !names.iter().any(|name| is_named(section, name)) {
                missing.push(format!("{section}.{}", names[0]));
            }
        };
        for form in FORMS {
            let name = form.name;
            for key in [name.to_owned(), format!("{name}_short"), format!("{name}_text")] {
                want("forms", &[key]);
            }
            for section in form.sections {
                want("forms", &[format!("{name}_{}", section.name)]);
            }
            for field in form.fields() {
                want("fields", &[format!("{name}_{}", field.name), field.name.to_owned()]);
                if let Ask::One(list) | Ask::Many(list) | Ask::Scale(list) = field.ask {
                    for code in list.codes {
                        want("codes", &[format!("{}_{code}", list.name)]);
                    }
                }
            }
        }
        assert!(missing.is_empty(), "{missing:?}");
    }
}
