//! Turns `src/locales/*.json` into the typed `i18n` module: one table of texts per language, one name per key.
//!
//! A key, a placeholder or a plural's `other` that a language lacks, or has alone, stops the build.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::Value;

/// The first one says which keys there are.
const LOCALES: [&str; 4] = ["en", "fr", "es", "ar"];
/// In CLDR's order; the first two letters mark a form in the table.
const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];
/// The marks of the tables, see `src/i18n.rs`.
const ARGUMENT: char = '\u{1}';
const FORM: char = '\u{2}';
const END: char = '\u{3}';
/// Sections whose texts are looked up by name: those of what core describes.
const NAMED: [&str; 5] = ["changes", "codes", "fields", "forms", "refusals"];
/// The placeholder that chooses a plural's form.
const COUNT: &str = "count";

type Fault = Box<dyn Error>;
/// Section → key → form (`other` if it is no plural) → text.
type Texts = BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>>;

fn main() -> Result<(), Fault> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/locales");
    let mut all = Vec::new();
    for locale in LOCALES {
        all.push(read(&Path::new("src/locales").join(locale).with_extension("json"))?);
    }
    let code = generate(&all)?;
    let out = PathBuf::from(env::var("OUT_DIR")?).join("i18n.rs");
    fs::write(out, code)?;
    Ok(())
}

fn read(path: &Path) -> Result<Texts, Fault> {
    let fault = |what: &dyn std::fmt::Display| -> Fault { format!("{}: {what}", path.display()).into() };
    let file: BTreeMap<String, BTreeMap<String, Value>> =
        serde_json::from_slice(&fs::read(path).map_err(|error| fault(&error))?)
            .map_err(|error| fault(&error))?;
    let mut texts = Texts::new();
    for (section, keys) in file {
        let mut entries: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for (name, text) in &keys {
            let text = text.as_str().ok_or_else(|| fault(&format!("`{section}.{name}` is not a text")))?;
            // `kind_other` alone is no plural: it needs a second form.
            let plural = name.rsplit_once('_').filter(|(base, form)| {
                FORMS.contains(form)
                    && FORMS.iter().filter(|form| keys.contains_key(&format!("{base}_{form}"))).count() > 1
            });
            let (base, form) = plural.unwrap_or((name, "other"));
            entries.entry(base.to_owned()).or_default().insert(form.to_owned(), text.to_owned());
        }
        if let Some((name, _)) = entries.iter().find(|(_, forms)| !forms.contains_key("other")) {
            return Err(fault(&format!("`{section}.{name}` has no form `other`")));
        }
        texts.insert(section, entries);
    }
    Ok(texts)
}

fn generate(all: &[Texts]) -> Result<String, Fault> {
    let mut code = String::new();
    let mut tables = vec![String::new(); LOCALES.len()];
    let mut number = 0;
    let mut looked_up = String::new();
    for (section, keys) in merged(all) {
        writeln!(code, "pub mod {section} {{")?;
        for key in keys {
            let mut entries = Vec::new();
            for (texts, locale) in all.iter().zip(LOCALES) {
                let entry = texts.get(section).and_then(|keys| keys.get(key));
                entries.push(entry.ok_or_else(|| format!("{locale}: `{section}.{key}` is missing"))?);
            }
            let names = placeholders(&entries[0]["other"])?;
            for ((forms, locale), table) in entries.into_iter().zip(LOCALES).zip(&mut tables) {
                table.push_str(
                    &entry(forms, &names).map_err(|fault| format!("{locale}: `{section}.{key}`: {fault}"))?,
                );
                table.push(END);
            }
            if NAMED.contains(&section) {
                // Sorted, since the sections and their keys are.
                writeln!(looked_up, "({:?}, {number}),", format!("{section}.{key}"))?;
            } else if names.is_empty() {
                writeln!(code, "pub const {key}: super::super::Plain = super::super::Plain({number});")?;
            } else {
                let join =
                    |make: fn(&String) -> String| names.iter().map(make).collect::<Vec<_>>().join(", ");
                let fields = join(|name| format!("pub {name}: super::super::Value<'a>"));
                let values = join(|name| format!("self.{name}"));
                writeln!(
                    code,
                    "pub struct {key}<'a> {{ {fields} }}\n\
                     impl {key}<'_> {{ pub fn say(self, i18n: super::super::I18n) -> String {{ \
                     super::super::fill(i18n, {number}, &[{values}]) }} }}"
                )?;
            }
            number += 1;
        }
        writeln!(code, "}}")?;
    }
    let mut out = format!("pub mod keys {{\n{code}}}\npub static NAMED: &[(&str, u16)] = &[{looked_up}];\n");
    let variants: Vec<String> = LOCALES.iter().map(|locale| variant(locale)).collect();
    writeln!(
        out,
        "#[derive(Clone, Copy, PartialEq, Eq, Debug)]\npub enum Locale {{ {} }}",
        variants.join(", ")
    )?;
    writeln!(out, "pub const ALL: [(Locale, &str, &str); {}] = [", LOCALES.len())?;
    for ((variant, locale), table) in variants.iter().zip(LOCALES).zip(&tables) {
        writeln!(out, "(Locale::{variant}, {locale:?}, {table:?}),")?;
    }
    writeln!(out, "];")?;
    Ok(out)
}

/// Every key that any language has.
fn merged(all: &[Texts]) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut merged: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (section, keys) in all.iter().flatten() {
        merged.entry(section).or_default().extend(keys.keys().map(String::as_str));
    }
    merged
}

fn entry(forms: &BTreeMap<String, String>, names: &BTreeSet<String>) -> Result<String, Fault> {
    if let [text] = forms.values().collect::<Vec<_>>()[..] {
        return marked(text, names);
    }
    let mut out = String::new();
    for (form, text) in forms {
        out.push(FORM);
        out.push_str(&form[..2]);
        out.push_str(&marked(text, names)?);
    }
    Ok(out)
}

/// The text with its placeholders as numbers, in the order of their names.
fn marked(text: &str, names: &BTreeSet<String>) -> Result<String, Fault> {
    let found = placeholders(text)?;
    let known = |name: &String| names.contains(name);
    // A form may do without the number: "one waits".
    if !found.iter().all(known) || !names.iter().all(|name| found.contains(name) || name == COUNT) {
        return Err(format!("has the placeholders {found:?} in place of {names:?}").into());
    }
    let mut out = String::new();
    for (at, piece) in text.split("{{").enumerate() {
        match piece.split_once("}}").filter(|_| at > 0) {
            Some((name, rest)) => {
                let number = names.iter().position(|known| known == name.trim()).unwrap_or_default();
                write!(out, "{ARGUMENT}{number}{rest}")?;
            }
            None => out.push_str(piece),
        }
    }
    Ok(out)
}

fn placeholders(text: &str) -> Result<BTreeSet<String>, Fault> {
    let mut found = BTreeSet::new();
    for piece in text.split("{{").skip(1) {
        let (name, _) = piece.split_once("}}").ok_or("a placeholder has no end")?;
        found.insert(name.trim().to_owned());
    }
    Ok(found)
}

fn variant(locale: &str) -> String {
    let (first, rest) = locale.split_at(1);
    first.to_uppercase() + rest
}
