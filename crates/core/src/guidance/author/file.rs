use super::Remarks;
use crate::guidance::Translation;

/// A file of a pack: what stands between the two lines of dashes, and the sections below.
#[derive(Debug)]
pub(super) struct File {
    pub path: String,
    head: Vec<Entry>,
    pub sections: Vec<Section>,
}

#[derive(Debug)]
struct Entry {
    line: usize,
    name: String,
    value: String,
}

#[derive(Debug)]
pub(super) struct Section {
    pub line: usize,
    pub name: String,
    pub items: Vec<Item>,
}

/// A list item or a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub line: usize,
    pub listed: bool,
    pub text: String,
}

/// A megabyte of text is no card.
const MAX_BYTES: usize = 200_000;

impl File {
    pub fn read(path: &str, text: &str, remarks: &mut Remarks) -> Option<Self> {
        if text.len() > MAX_BYTES {
            remarks.fault(path, 1, format!("is larger than {MAX_BYTES} bytes"));
            return None;
        }
        let mut own = Self { path: path.to_owned(), head: vec![], sections: vec![] };
        let mut lines = text
            .trim_start_matches('\u{feff}')
            .lines()
            .enumerate()
            .map(|(at, line)| (at + 1, line.trim_end()));
        if lines.next().is_none_or(|(_, line)| line != DASHES) {
            remarks.fault(path, 1, "begins with a line of three dashes, `title: …` and another such line");
            return None;
        }
        let mut closed = false;
        for (number, line) in lines.by_ref() {
            if line == DASHES {
                closed = true;
                break;
            }
            own.entry(number, line, remarks);
        }
        if !closed {
            remarks.fault(path, 1, "has no second line of three dashes");
            return None;
        }
        let mut fresh = true;
        for (number, line) in lines {
            fresh = own.line(number, line, fresh, remarks);
        }
        Some(own)
    }

    fn entry(&mut self, line: usize, text: &str, remarks: &mut Remarks) {
        if text.trim().is_empty() {
            return;
        }
        // A long value goes on in a line that is set in.
        if let (true, Some(last)) = (text.starts_with(' '), self.head.last_mut()) {
            last.value.push(' ');
            last.value.push_str(text.trim());
            return;
        }
        let Some((name, value)) = text.split_once(':') else {
            return remarks.fault(&self.path, line, "`name: value` is asked for here");
        };
        let (name, value) = (name.trim().to_owned(), value.trim().to_owned());
        if self.head.iter().any(|entry| entry.name == name) {
            remarks.fault(&self.path, line, format!("`{name}` stands here twice"));
        }
        self.head.push(Entry { line, name, value });
    }

    /// Takes one line; whether the next begins something of its own.
    fn line(&mut self, number: usize, line: &str, fresh: bool, remarks: &mut Remarks) -> bool {
        let text = line.trim();
        if text.is_empty() {
            return true;
        }
        if let Some(name) = text.strip_prefix("## ") {
            self.sections.push(Section { line: number, name: name.trim().to_owned(), items: vec![] });
            return true;
        }
        let Some(section) = self.sections.last_mut() else {
            remarks.fault(&self.path, number, "stands above the first heading");
            return true;
        };
        let item = text.strip_prefix("- ").or_else(|| numbered(text));
        match (item, section.items.last_mut().filter(|_| !fresh)) {
            (Some(text), _) => {
                section.items.push(Item { line: number, listed: true, text: text.trim().to_owned() });
            }
            (None, Some(last)) => {
                last.text.push(' ');
                last.text.push_str(text);
            }
            (None, None) => section.items.push(Item { line: number, listed: false, text: text.to_owned() }),
        }
        false
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.head.iter().find(|entry| entry.name == name).map(|entry| entry.value.as_str())
    }

    /// In which line it stands; the first where it does not.
    pub fn line_of(&self, name: &str) -> usize {
        self.head.iter().find(|entry| entry.name == name).map_or(1, |entry| entry.line)
    }

    /// Parts between commas.
    pub fn list(&self, name: &str) -> Vec<String> {
        let parts = self.get(name).unwrap_or_default().split([',', '،']);
        parts.map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
    }

    pub fn section(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.name == name)
    }

    /// Says which lines of the head, and which headings, there are none of.
    pub fn only(&self, head: &[&str], sections: &[&str], remarks: &mut Remarks) {
        for entry in &self.head {
            if !head.contains(&entry.name.as_str()) {
                let words =
                    format!("`{}` is no line of this head; there are: {}", entry.name, head.join(", "));
                remarks.fault(&self.path, entry.line, words);
            }
        }
        for (at, section) in self.sections.iter().enumerate() {
            if !sections.contains(&section.name.as_str()) {
                let words =
                    format!("`{}` is no heading here; there are: {}", section.name, sections.join(", "));
                remarks.fault(&self.path, section.line, words);
            }
            if self.sections.iter().take(at).any(|other| other.name == section.name) {
                remarks.fault(&self.path, section.line, format!("`{}` stands here twice", section.name));
            }
        }
    }

    /// The title, `at most` so many characters.
    pub fn title(&self, most: usize, remarks: &mut Remarks) -> String {
        let title = self.get("title").unwrap_or_default();
        let length = title.chars().count();
        if title.is_empty() {
            remarks.fault(&self.path, 1, "has no `title`");
        } else if length > most {
            let words = format!("the title has {length} characters; {most} are the most");
            remarks.fault(&self.path, self.line_of("title"), words);
        }
        title.to_owned()
    }

    /// A whole number above 0.
    pub fn revision(&self, remarks: &mut Remarks) -> u32 {
        let revision = self.get("revision").and_then(|text| text.parse().ok()).filter(|number| *number > 0);
        if revision.is_none() {
            remarks.fault(
                &self.path,
                self.line_of("revision"),
                "has no `revision`: a whole number from 1 up",
            );
        }
        revision.unwrap_or(1)
    }

    /// How a translation came about; an original has none.
    pub fn translation(&self, original: bool, remarks: &mut Remarks) -> Translation {
        match self.get("translation").map(Translation::from_code) {
            None if original => Translation::Original,
            Some(Some(Translation::Reviewed)) if self.get("reviewed_by").is_none_or(str::is_empty) => {
                let words = "is reviewed, and nobody is named in `reviewed_by`";
                remarks.fault(&self.path, self.line_of("translation"), words);
                Translation::Machine
            }
            Some(Some(own)) if !original && own != Translation::Original => own,
            _ => {
                let words = if original {
                    "the original is no translation"
                } else {
                    "`translation` is `machine` or `reviewed`"
                };
                remarks.fault(&self.path, self.line_of("translation"), words);
                Translation::Machine
            }
        }
    }
}

const DASHES: &str = "---";

/// "1. …", in any figures.
fn numbered(text: &str) -> Option<&str> {
    let (number, rest) = text.split_once(". ")?;
    (!number.is_empty() && number.len() <= 4 && number.chars().all(char::is_numeric)).then_some(rest)
}
