//! Names by content: `/assets/<name>-<16 hex of its SHA-256>.<ext>` for scripts, styles and wasm.
//! A file is named after all that it refers to, so that a change below changes every name above.

use super::files::{Files, has_ending, hex};
use anyhow::{Result, bail};
use sha2::{Digest, Sha256};

pub fn by_content(files: Files) -> Result<Files> {
    let (mut waiting, mut done): (Files, Files) = files.into_iter().partition(|(name, _)| is_hashed(name));
    let mut renames = Vec::new();
    while !waiting.is_empty() {
        let ready: Vec<String> =
            waiting.keys().filter(|name| !refers_to_any(&waiting, name)).cloned().collect();
        if ready.is_empty() {
            let names: Vec<_> = waiting.keys().map(String::as_str).collect();
            bail!("these files refer to each other in a circle: {}", names.join(", "));
        }
        for name in ready {
            let Some(bytes) = waiting.remove(&name) else {
                continue;
            };
            let bytes = with_new_names(&name, bytes, &renames);
            let new = hashed_name(&name, &bytes);
            done.insert(new.clone(), bytes);
            renames.push((name, new));
        }
    }
    Ok(done.into_iter().map(|(name, bytes)| (name.clone(), with_new_names(&name, bytes, &renames))).collect())
}

fn is_hashed(name: &str) -> bool {
    // The service worker's address is its identity: it keeps its name.
    name != "sw.js" && (name == "pack.json" || has_ending(name, &["js", "css", "wasm"]))
}

fn is_text(name: &str) -> bool {
    has_ending(name, &["js", "css", "html"])
}

fn hashed_name(name: &str, bytes: &[u8]) -> String {
    let file = name.rsplit('/').next().unwrap_or(name);
    let (stem, end) = file.rsplit_once('.').unwrap_or((file, "bin"));
    let digest = hex(&Sha256::digest(bytes));
    format!("assets/{stem}-{}.{end}", &digest[..16])
}

fn refers_to_any(waiting: &Files, name: &str) -> bool {
    let Some(bytes) = waiting.get(name).filter(|_| is_text(name)) else {
        return false;
    };
    let text = String::from_utf8_lossy(bytes);
    waiting
        .keys()
        .filter(|other| other.as_str() != name)
        .any(|other| references(other).iter().any(|reference| text.contains(reference)))
}

fn with_new_names(name: &str, bytes: Vec<u8>, renames: &[(String, String)]) -> Vec<u8> {
    // A file that is not UTF-8 is not one of ours, and names nothing.
    if !is_text(name) {
        return bytes;
    }
    match String::from_utf8(bytes) {
        Ok(text) => renames
            .iter()
            .fold(text, |text, (old, new)| {
                references(old).iter().fold(text, |text, reference| {
                    let quote = &reference[..1];
                    text.replace(reference, &format!("{quote}/{new}{quote}"))
                })
            })
            .into_bytes(),
        Err(error) => error.into_bytes(),
    }
}

/// How a built file is written in page, script or style: always the whole of a quoted string.
fn references(name: &str) -> Vec<String> {
    ["'", "\""]
        .iter()
        .flat_map(|quote| ["", "/", "./"].iter().map(move |start| format!("{quote}{start}{name}{quote}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> Files {
        list.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
    }

    fn text<'a>(files: &'a Files, start: &str) -> &'a str {
        let name = files.keys().find(|name| name.starts_with(start)).unwrap();
        std::str::from_utf8(&files[name]).unwrap()
    }

    #[test]
    fn the_name_says_the_content() {
        let one = by_content(files(&[("a.js", "1")])).unwrap();
        let same = by_content(files(&[("a.js", "1")])).unwrap();
        let other = by_content(files(&[("a.js", "2")])).unwrap();
        assert_eq!(one, same);
        assert_ne!(one.keys().next(), other.keys().next());
        // SHA-256 of "1" begins with 6b86b273ff34fce1.
        assert_eq!(one.keys().next().unwrap(), "assets/a-6b86b273ff34fce1.js");
    }

    #[test]
    fn references_follow_in_every_form() {
        let out = by_content(files(&[
            ("a.wasm", "x"),
            ("b.js", "new URL('a.wasm', u); import './s/c.js'; \"/a.wasm\""),
            ("s/c.js", "1"),
        ]))
        .unwrap();
        let text = text(&out, "assets/b");
        assert_eq!(text.matches("/assets/a-").count(), 2, "{text}");
        assert!(text.contains("import '/assets/c-"), "{text}");
    }

    #[test]
    fn a_name_inside_another_is_left_alone() {
        let out = by_content(files(&[("a.js", "1"), ("b.js", "import '/not/a.js'; 'a.json'")])).unwrap();
        assert_eq!(text(&out, "assets/b"), "import '/not/a.js'; 'a.json'");
    }

    #[test]
    fn the_page_and_the_worker_keep_their_names() {
        let out =
            by_content(files(&[("index.html", "<script src=\"/a.js\">"), ("sw.js", ""), ("a.js", "1")]))
                .unwrap();
        assert!(out.contains_key("index.html") && out.contains_key("sw.js"));
        assert!(text(&out, "index").contains("src=\"/assets/a-"));
    }

    #[test]
    fn a_circle_is_refused() {
        let error = by_content(files(&[("a.js", "'/b.js'"), ("b.js", "'/a.js'")])).unwrap_err();
        assert!(error.to_string().contains("circle"));
    }
}
