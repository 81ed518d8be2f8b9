use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use waymark_core::event::Stamp;

use super::folder::{ABOUT, README, check_files};
use super::release::empty;
use super::{PackError, day};

/// What a new pack is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    pub id: String,
    pub title: String,
}

const CARD: &str = include_str!("sample/meeting-point.en.md");
const CARD_PATH: &str = "cards/meeting-point.en.md";
const LEVELS: &str = include_str!("sample/levels.md");
const LEVELS_PATH: &str = "levels.md";
const CODES: &str = include_str!("sample/codes.en.md");
const CODES_PATH: &str = "codes.en.md";
const WORDS: &str = include_str!("sample/README.txt");

/// Writes a pack with a card, a level and some codes to a folder that is new or empty.
///
/// # Errors
/// The folder holds something or cannot be written to, or the names are none.
pub fn write_sample(folder: &Path, sample: &Sample, now: Stamp) -> Result<(), PackError> {
    empty(folder)?;
    let about = sample.about(now);
    let files = [(ABOUT, about.as_str()), (CARD_PATH, CARD), (LEVELS_PATH, LEVELS), (CODES_PATH, CODES)];
    let texts: BTreeMap<_, _> =
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    if let Some(remark) = check_files(&texts, now).remarks.first() {
        return Err(PackError::BadSample(remark.to_string()));
    }
    let cards = folder.join("cards");
    fs::create_dir_all(&cards).map_err(PackError::cannot_write(&cards))?;
    for (name, text) in files.into_iter().chain([(README, WORDS)]) {
        let path = folder.join(name);
        fs::write(&path, text).map_err(PackError::cannot_write(&path))?;
    }
    Ok(())
}

impl Sample {
    fn about(&self, now: Stamp) -> String {
        let today = day(now);
        let Self { id, title } = self;
        format!(
            "---\nid: {id}\nversion: 1\ntitle: {title}\nissued: {today}\nexpires: {}\nlanguages: en\noffices: notes\n---\n",
            a_year_on(&today)
        )
    }
}

/// The same day of the next year, or the day before where there is none.
fn a_year_on(day: &str) -> String {
    let (year, rest) = day.split_once('-').unwrap_or((day, "01-01"));
    let year = year.parse::<u32>().map_or(9_999, |year| year + 1);
    format!("{year:04}-{}", if rest == "02-29" { "02-28" } else { rest })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::check;

    const NOW: Stamp = Stamp(1_784_000_000_000);

    fn sample(id: &str, title: &str) -> Sample {
        Sample { id: id.to_owned(), title: title.to_owned() }
    }

    #[test]
    fn what_is_made_has_nothing_to_remark() {
        let folder = tempfile::tempdir().unwrap();
        let new = folder.path().join("a/pack");
        write_sample(&new, &sample("org.example", "Our standards"), NOW).unwrap();
        let checked = check(&new, NOW).unwrap();
        assert_eq!(checked.remarks, []);
        let about = checked.about.unwrap();
        assert_eq!((about.version, about.title["en"].as_str()), (1, "Our standards"));
        assert_eq!(
            (day(about.issued), day(about.expires)),
            ("2026-07-14".to_owned(), "2027-07-14".to_owned())
        );
        assert_eq!(checked.pack.cards.len(), 1);
        assert_eq!(checked.pack.rules.levels.len(), 1);
        assert!(checked.pack.rules.codes.has("means", "drone"));
        assert!(new.join(README).is_file());
        let again = write_sample(&new, &sample("org.example", "Our standards"), NOW);
        assert!(matches!(again, Err(PackError::NotEmpty(_))));
    }

    #[test]
    fn names_that_are_none_leave_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        for (id, title, words) in [
            ("Org Example", "Ours", "has no `id`"),
            ("", "Ours", "has no `id`"),
            ("org.example", "", "has no `title`"),
            ("org.example", "a\nb", "`name: value` is asked for here"),
            ("org.example", &"a".repeat(61), "60 are the most"),
        ] {
            let error = write_sample(folder.path(), &sample(id, title), NOW).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_year_on_is_a_day_there_is() {
        for (day, next) in
            [("2026-11-26", "2027-11-26"), ("2028-02-29", "2029-02-28"), ("2027-02-28", "2028-02-28")]
        {
            assert_eq!(a_year_on(day), next);
        }
    }
}
