//! One locale's texts, its plural forms gathered under one key.

use super::plural;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub struct Entry {
    /// `{{name}}` and `<tag>`, whatever the order.
    pub placeholders: BTreeSet<String>,
    forms: BTreeSet<String>,
    says_nothing: bool,
}

pub struct Catalogue(BTreeMap<String, Entry>);

/// Nested keys joined with dots.
pub fn flatten(value: &Value) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    add(&mut texts, "", value);
    texts
}

fn add(texts: &mut BTreeMap<String, String>, path: &str, value: &Value) {
    match value {
        Value::Object(inner) => {
            for (key, value) in inner {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                add(texts, &path, value);
            }
        }
        Value::String(text) => drop(texts.insert(path.to_owned(), text.clone())),
        Value::Null => {}
        other => drop(texts.insert(path.to_owned(), other.to_string())),
    }
}

impl Catalogue {
    pub fn new(texts: &BTreeMap<String, String>, plurals: &BTreeSet<String>) -> Self {
        let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
        for (key, text) in texts {
            let plural = plural::split(key).filter(|(base, _)| plurals.contains(*base));
            let entry = entries.entry(plural.map_or(key.as_str(), |(base, _)| base).to_owned()).or_default();
            entry.forms.extend(plural.map(|(_, form)| form.to_owned()));
            entry.placeholders.extend(placeholders(text));
            entry.says_nothing |= text.trim().is_empty();
        }
        Self(entries)
    }

    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.0.get(key)
    }

    /// What is wrong with this locale by itself.
    pub fn mistakes(&self, locale: &str) -> Vec<String> {
        let mut found = Vec::new();
        let needed = plural::needed(locale);
        if needed.is_none() {
            found.push(format!("{locale}: no plural rules are known for `{locale}`: add them to xtask"));
        }
        for (key, entry) in &self.0 {
            // `meta` tells of the locale itself: a note that it is a draft, say, which a reviewed one leaves empty.
            if entry.says_nothing && !key.starts_with("meta.") {
                found.push(format!("{locale}: `{key}` says nothing"));
            }
            let Some(needed) = needed.filter(|_| !entry.forms.is_empty()) else {
                continue;
            };
            let forms: Vec<_> =
                plural::CATEGORIES.into_iter().filter(|form| entry.forms.contains(*form)).collect();
            if forms != needed {
                found.push(format!(
                    "{locale}: `{key}` has the plural forms {}, but needs {}",
                    forms.join(", "),
                    needed.join(", ")
                ));
            }
        }
        found
    }
}

fn placeholders(text: &str) -> BTreeSet<String> {
    between(text, "{{", "}}")
        // What follows a comma is how it is written, not which it is.
        .map(|inner| inner.split(',').next().unwrap_or(inner).trim().to_owned())
        .map(|name| format!("{{{{{name}}}}}"))
        .chain(between(text, "<", ">").filter(|tag| is_tag(tag)).map(|tag| format!("<{}>", tag.trim())))
        .collect()
}

fn is_tag(inner: &str) -> bool {
    inner.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/') && inner.is_ascii()
}

fn between<'a>(text: &'a str, open: &'a str, close: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(open).skip(1).filter_map(move |rest| Some(rest.split_once(close)?.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_placeholders_and_tags() {
        let found = placeholders("Hello <b>{{ name }}</b>, {{time, date(short)}} < now");
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["</b>", "<b>", "{{name}}", "{{time}}"]);
    }
}
