use std::collections::BTreeMap;

use super::file::File;
use super::{ABOUT, Remark, Remarks};
use crate::event::Stamp;
use crate::guidance::{LANGUAGES, Manifest, ORIGINAL};

/// What `pack.md` says of the pack as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    pub id: String,
    pub version: u32,
    /// By language.
    pub title: BTreeMap<String, String>,
    pub issued: Stamp,
    pub expires: Stamp,
    /// That every file is there in.
    pub languages: Vec<String>,
    pub offices: Vec<String>,
}

const HEAD: &[&str] = &["id", "version", "title", "issued", "expires", "languages", "offices"];
/// What a field office may do to a pack.
const OFFICES: [&str; 1] = ["notes"];
const TITLE: usize = 60;

impl About {
    /// Reads `pack.md`; `None`, with the reasons, where that cannot be told what a pack is.
    pub fn read(text: &str) -> (Option<Self>, Vec<Remark>) {
        let mut remarks = Remarks::default();
        let about = File::read(ABOUT, text, &mut remarks).map(|file| about(&file, &mut remarks));
        let failed = remarks.0.iter().any(|remark| remark.fault);
        (about.filter(|_| !failed), remarks.0)
    }

    /// A manifest that lists no files yet.
    pub fn manifest(&self) -> Manifest {
        Manifest {
            pack: self.id.clone(),
            version: self.version,
            title: self.title.clone(),
            issued: self.issued,
            expires: self.expires,
            offices: self.offices.clone(),
            files: vec![],
        }
    }
}

fn about(file: &File, remarks: &mut Remarks) -> About {
    let titles: Vec<String> = LANGUAGES.iter().map(|language| format!("title_{language}")).collect();
    let head: Vec<&str> = HEAD.iter().copied().chain(titles.iter().map(String::as_str)).collect();
    file.only(&head, &[], remarks);
    let mut title: BTreeMap<String, String> = [(ORIGINAL.to_owned(), file.title(TITLE, remarks))].into();
    for language in LANGUAGES {
        if let Some(own) = file.get(&format!("title_{language}")) {
            title.insert(language.to_owned(), own.to_owned());
        }
    }
    let id = file.get("id").unwrap_or_default().to_owned();
    let named = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    if id.is_empty() || id.len() > 60 || !id.chars().all(named) {
        remarks.fault(
            ABOUT,
            file.line_of("id"),
            "has no `id` such as `org.example`: small letters, figures, `.`, `-`",
        );
    }
    let version = file.get("version").and_then(|text| text.parse().ok()).unwrap_or(0);
    if version == 0 {
        remarks.fault(ABOUT, file.line_of("version"), "has no `version`: a whole number from 1 up");
    }
    let (issued, expires) = (day(file, "issued", remarks), day(file, "expires", remarks));
    if expires <= issued {
        remarks.fault(ABOUT, file.line_of("expires"), "expires before it is issued");
    }
    let offices = file.list("offices");
    for own in offices.iter().filter(|own| !OFFICES.contains(&own.as_str())) {
        let words =
            format!("`{own}` is nothing that an office may change; there are: {}", OFFICES.join(", "));
        remarks.fault(ABOUT, file.line_of("offices"), words);
    }
    let languages = file.list("languages");
    if !languages.iter().any(|language| language == ORIGINAL) {
        remarks.fault(ABOUT, file.line_of("languages"), format!("`languages` has no `{ORIGINAL}`"));
    }
    About { id, version, title, issued, expires, languages, offices }
}

/// `2026-11-26`, its beginning in UTC.
fn day(file: &File, name: &str, remarks: &mut Remarks) -> Stamp {
    let text = file.get(name).unwrap_or_default();
    let at = format!("{text}T00:00:00Z").parse::<Stamp>();
    if at.is_err() {
        remarks.fault(ABOUT, file.line_of(name), format!("`{name}` is a day such as 2026-11-26"));
    }
    at.unwrap_or(Stamp(0))
}
