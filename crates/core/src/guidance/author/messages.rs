use std::collections::BTreeMap;

use super::Remarks;
use super::file::File;
use crate::guidance::{Agreed, ORIGINAL};

const LONGEST: usize = 220;

pub(super) fn read(set: &BTreeMap<String, File>, remarks: &mut Remarks) -> BTreeMap<String, Vec<Agreed>> {
    let mut all = BTreeMap::new();
    for (language, file) in set {
        let original = language == ORIGINAL;
        let head: &[&str] = if original {
            &["title", "revision"]
        } else {
            &["title", "revision", "translation", "reviewed_by"]
        };
        file.only(head, &["messages"], remarks);
        file.revision(remarks);
        file.translation(original, remarks);
        let mut list: Vec<Agreed> = vec![];
        let items = file.section("messages").map(|section| section.items.as_slice()).unwrap_or_default();
        for item in items {
            let Some((code, words)) = item.text.split_once(':') else {
                remarks.fault(&file.path, item.line, "a message is `- code: words`");
                continue;
            };
            if words.chars().count() > LONGEST {
                remarks.fault(&file.path, item.line, format!("has more than {LONGEST} characters"));
            }
            list.push(Agreed { code: code.trim().to_owned(), words: words.trim().to_owned() });
        }
        all.insert(language.clone(), list);
    }
    let codes = |list: &[Agreed]| list.iter().map(|own| own.code.clone()).collect::<Vec<_>>();
    if let Some(original) = all.get(ORIGINAL).map(|list| codes(list)) {
        for (language, list) in &all {
            if codes(list) != original {
                let path = set.get(language).map(|file| file.path.clone()).unwrap_or_default();
                remarks.fault(&path, 1, "its messages have other codes than those of the original");
            }
        }
    }
    all
}
