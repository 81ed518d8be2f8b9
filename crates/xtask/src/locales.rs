//! Every language says the same things: the same keys, the same placeholders, the plural forms it needs.

mod catalogue;
mod plural;

use anyhow::{Context, Result, bail};
use catalogue::Catalogue;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

pub fn check(folder: &Path) -> Result<()> {
    let locales = read(folder)?;
    if locales.len() < 2 {
        bail!("{} has {} locale files: there is nothing to compare", folder.display(), locales.len());
    }
    let mistakes = mistakes(&locales);
    for mistake in &mistakes {
        println!("{mistake}");
    }
    if !mistakes.is_empty() {
        bail!("{} mistakes in the locales", mistakes.len());
    }
    let names: Vec<_> = locales.keys().map(String::as_str).collect();
    println!("{} agree", names.join(", "));
    Ok(())
}

fn read(folder: &Path) -> Result<BTreeMap<String, Value>> {
    let mut locales = BTreeMap::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        let Some(name) = path.file_stem().and_then(|stem| stem.to_str()) else {
            continue;
        };
        if path.extension().is_some_and(|end| end == "json") {
            let text = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let value =
                serde_json::from_slice(&text).with_context(|| format!("{} is not JSON", path.display()))?;
            locales.insert(name.to_owned(), value);
        }
    }
    Ok(locales)
}

fn mistakes(locales: &BTreeMap<String, Value>) -> Vec<String> {
    let flat: BTreeMap<_, _> =
        locales.iter().map(|(name, value)| (name.as_str(), catalogue::flatten(value))).collect();
    let plurals: BTreeSet<String> = flat.values().flat_map(|texts| plural::bases(texts.keys())).collect();
    let catalogues: BTreeMap<_, _> =
        flat.iter().map(|(name, texts)| (*name, Catalogue::new(texts, &plurals))).collect();
    let all: BTreeSet<&str> = catalogues.values().flat_map(Catalogue::keys).collect();
    let mut found = Vec::new();
    for (name, catalogue) in &catalogues {
        found.extend(catalogue.mistakes(name));
        for key in &all {
            match catalogue.get(key) {
                None => found.push(format!("{name}: `{key}` is missing")),
                Some(entry) => {
                    let reference = catalogues.values().find_map(|other| other.get(key));
                    if let Some(reference) =
                        reference.filter(|other| other.placeholders != entry.placeholders)
                    {
                        found.push(format!(
                            "{name}: `{key}` has the placeholders {:?}, elsewhere {:?}",
                            entry.placeholders, reference.placeholders
                        ));
                    }
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn good() -> BTreeMap<String, Value> {
        BTreeMap::from([
            (
                "en".into(),
                json!({
                    "home": { "title": "Home", "hello": "Hello <b>{{ name }}</b>" },
                    "queued_one": "{{ count }} record", "queued_other": "{{ count }} records",
                    "kind_other": "Something else"
                }),
            ),
            (
                "fr".into(),
                json!({
                    "home": { "title": "Accueil", "hello": "<b>{{name}}</b>, bonjour" },
                    "queued_one": "{{ count }} fiche", "queued_many": "{{ count }} de fiches", "queued_other": "{{ count }} fiches",
                    "kind_other": "Autre chose"
                }),
            ),
            (
                "ar".into(),
                json!({
                    "home": { "title": "الرئيسية", "hello": "مرحبا <b>{{ name }}</b>" },
                    "queued_zero": "لا سجلات", "queued_one": "سجل واحد", "queued_two": "سجلان",
                    "queued_few": "{{ count }} سجلات", "queued_many": "{{ count }} سجلا", "queued_other": "{{ count }} سجل",
                    "kind_other": "شيء آخر"
                }),
            ),
        ])
    }

    fn with(change: impl FnOnce(&mut Value)) -> Vec<String> {
        let mut locales = good();
        change(locales.get_mut("fr").unwrap());
        mistakes(&locales)
    }

    #[test]
    fn locales_that_agree_have_no_mistakes() {
        assert_eq!(mistakes(&good()), Vec::<String>::new());
    }

    #[test]
    fn a_missing_key_is_seen() {
        let found = with(|fr| drop(fr["home"].as_object_mut().unwrap().remove("title")));
        assert_eq!(found, ["fr: `home.title` is missing"]);
    }

    #[test]
    fn a_key_that_only_one_has_is_seen() {
        let found = with(|fr| fr["extra"] = "x".into());
        assert_eq!(found, ["ar: `extra` is missing", "en: `extra` is missing"]);
    }

    #[test]
    fn another_placeholder_is_seen() {
        let found = with(|fr| fr["home"]["hello"] = "Bonjour <b>{{ nom }}</b>".into());
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("fr: `home.hello` has the placeholders"), "{found:?}");
    }

    #[test]
    fn a_lost_tag_is_seen() {
        assert_eq!(with(|fr| fr["home"]["hello"] = "Bonjour {{ name }}".into()).len(), 1);
    }

    #[test]
    fn a_missing_plural_form_is_seen() {
        let found = with(|fr| drop(fr.as_object_mut().unwrap().remove("queued_many")));
        assert_eq!(found, ["fr: `queued` has the plural forms one, other, but needs one, many, other"]);
    }

    #[test]
    fn a_plural_form_too_many_is_seen() {
        assert_eq!(with(|fr| fr["queued_few"] = "{{ count }}".into()).len(), 1);
    }

    #[test]
    fn an_empty_text_is_seen() {
        assert_eq!(with(|fr| fr["home"]["title"] = " ".into()), ["fr: `home.title` says nothing"]);
    }

    #[test]
    fn a_language_whose_plurals_nobody_looked_up_is_seen() {
        let mut locales = good();
        locales.insert("xx".into(), locales["en"].clone());
        assert!(
            mistakes(&locales).iter().any(|mistake| mistake.contains("no plural rules are known for `xx`"))
        );
    }

    #[test]
    fn one_locale_alone_does_not_pass() {
        let folder = std::env::temp_dir().join(format!("waymark-locales-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("en.json"), "{}").unwrap();
        assert!(check(&folder).unwrap_err().to_string().contains("nothing to compare"));
        fs::remove_dir_all(&folder).unwrap();
    }
}
