//! Plural forms: the suffixes of keys, and the CLDR categories (version 46, cardinals) a language needs.

use std::collections::{BTreeMap, BTreeSet};

/// In CLDR's order.
pub const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// `None` for a language that nobody has looked up: then it is to be added here.
pub fn needed(locale: &str) -> Option<&'static [&'static str]> {
    Some(match locale.split(['-', '_']).next()? {
        "en" | "sw" | "fa" | "prs" | "ps" | "so" | "ha" | "am" => &["one", "other"],
        "fr" | "es" | "pt" | "it" => &["one", "many", "other"],
        "uk" | "ru" => &["one", "few", "many", "other"],
        "ar" => &CATEGORIES,
        _ => return None,
    })
}

/// `queued_one` → (`queued`, `one`)
pub fn split(key: &str) -> Option<(&str, &str)> {
    let (base, suffix) = key.rsplit_once('_')?;
    CATEGORIES.contains(&suffix).then_some((base, suffix))
}

/// The bases that are plurals: with an `other`, and one form more. `kind_other` alone is a plain key.
pub fn bases<'a>(keys: impl Iterator<Item = &'a String>) -> BTreeSet<String> {
    let mut forms: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (base, form) in keys.filter_map(|key| split(key)) {
        forms.entry(base).or_default().insert(form);
    }
    forms
        .into_iter()
        .filter(|(_, forms)| forms.contains("other") && forms.len() > 1)
        .map(|(base, _)| base.to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_a_plural_key() {
        assert_eq!(split("home.queued_many"), Some(("home.queued", "many")));
        assert_eq!(split("home.queued"), None);
    }

    #[test]
    fn regions_share_their_language() {
        assert_eq!(needed("fr-TD"), needed("fr"));
        assert_eq!(needed("xx"), None);
    }
}
