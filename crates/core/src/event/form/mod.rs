//! Records that are forms: their fields described once, for the form that asks them, the check when they arrive, the
//! page that shows them and the files they are exported to.

mod central;
mod community;
mod draft;
mod filled;
mod guidance;
mod incident;
mod link;
mod mitigation;
mod protection;
mod risk;
mod spot;
mod threat;

use serde_json::{Map, Value};

use super::{Kind, Stamp};

pub use draft::{Circumstances, FormDraft, Names, SEPARATOR};
pub use filled::{External, Filled, MAX_PHOTOS, Photo, joined};
pub use incident::{MEANS_AWSD, MEANS_OTHER};
pub use link::Relation;
pub use mitigation::WELFARE_HOURS;
pub use spot::{COARSE_KM, MAX_PCODE, Spot};
pub use threat::Outcome;

/// A list of codes; the words for them are in the locales under its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Codes {
    pub name: &'static str,
    pub codes: &'static [&'static str],
}

/// What a member of a record's data is, and so how it is asked and read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// A line of at most [`super::MAX_NAME`] characters.
    Line,
    /// At most [`super::MAX_NOTE`] characters.
    Text,
    /// At most [`MAX_WORDS`] characters: what somebody said, in full.
    Words,
    /// A list of lines.
    Lines,
    /// One code. A code that is not on the list is kept.
    One(&'static Codes),
    /// Any number of codes.
    Many(&'static Codes),
    /// 1 to 5, with the words of the list for each; 0 is "cannot be judged".
    Scale(&'static Codes),
    /// A whole number from 0 to this.
    Count(u32),
    /// A number that is not negative.
    Amount,
    /// RFC 3339.
    Moment,
    /// A moment by which something is to be; of a day alone, its end.
    Due,
    Yes,
    /// A [`Spot`].
    Place,
    /// `{name, user?}`.
    Person,
}

/// The longest text of all, in characters: ten pages.
pub const MAX_WORDS: usize = 10_000;
/// More than any incident has had; a larger number is a slip of the thumb.
pub const MAX_PEOPLE: u32 = 99_999;
/// The highest version of a pack, and revision of a card.
pub const MAX_VERSION: u32 = 1_000_000;
/// The largest value of anything, in any currency.
pub const MAX_AMOUNT: i64 = 1_000_000_000_000;

/// One question of a form: a member of the record's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub ask: Ask,
    pub required: bool,
    /// Asked only if the field of this name holds one of these codes.
    pub only_if: Option<(&'static str, &'static [&'static str])>,
    /// Left out of a sensitive record: it could name who said it.
    pub names_source: bool,
    /// Stays as it was first written: whoever has to do something is told by the record itself.
    pub fixed: bool,
}

impl Field {
    pub(super) const fn new(name: &'static str, ask: Ask) -> Self {
        Self { name, ask, required: false, only_if: None, names_source: false, fixed: false }
    }

    pub(super) const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    pub(super) const fn only_if(self, field: &'static str, codes: &'static [&'static str]) -> Self {
        Self { only_if: Some((field, codes)), ..self }
    }

    pub(super) const fn names_source(self) -> Self {
        Self { names_source: true, ..self }
    }

    pub(super) const fn fixed(self) -> Self {
        Self { fixed: true, ..self }
    }
}

/// Fields that are asked together, under a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Section {
    pub name: &'static str,
    pub fields: &'static [Field],
    /// Whether it stands on the first page: what is needed in the first minute.
    pub first: bool,
}

/// How a record of a form stands to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// An item of the chain; may name in `of` the one it came out of.
    Alone,
    /// Says something about the item that it names in `record`.
    About,
    /// Joins two items, `from` and `to`.
    Between,
}

/// The four sectors of the model, equal in weight, and the small centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sector {
    Risk,
    Community,
    Protection,
    Mitigation,
    Centre,
}

impl Sector {
    /// The four, in the order of the model.
    pub const FOUR: [Self; 4] = [Self::Risk, Self::Community, Self::Protection, Self::Mitigation];

    pub fn code(self) -> &'static str {
        match self {
            Self::Risk => "risk",
            Self::Community => "community",
            Self::Protection => "protection",
            Self::Mitigation => "mitigation",
            Self::Centre => "centre",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::FOUR.into_iter().chain([Self::Centre]).find(|sector| sector.code() == code)
    }
}

/// The description of one kind of record.
#[derive(Debug, PartialEq, Eq)]
pub struct Form {
    pub kind: Kind,
    /// Its name in the locales and in drafts.
    pub name: &'static str,
    pub sector: Sector,
    pub stands: Stands,
    /// Whether it may be marked as sensitive.
    pub sensitive: bool,
    pub sections: &'static [Section],
    /// Fields of which at least one has to be filled in; the first is where that is said.
    pub one_of: &'static [&'static str],
}

impl Form {
    pub fn fields(&self) -> impl Iterator<Item = &'static Field> {
        self.sections.iter().flat_map(|section| section.fields)
    }

    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields().find(|field| field.name == name)
    }

    /// Whether photos belong to it as evidence.
    pub fn takes_photos(&self) -> bool {
        matches!(
            self.kind,
            Kind::ThreatReported
                | Kind::IncidentReported
                | Kind::LossRecorded
                | Kind::CommunityHeard
                | Kind::CommunityConsulted
                | Kind::ActionDone
        )
    }
}

/// Every form there is.
pub static FORMS: &[&Form] = &[
    &threat::REPORTED,
    &threat::EVALUATED,
    &threat::CLOSED,
    &incident::REPORTED,
    &incident::CLOSED,
    &incident::LOSS,
    &community::CONSULTED,
    &community::HEARD,
    &community::ANSWERED,
    &community::ACCEPTANCE,
    &risk::ASSESSED,
    &risk::RATED,
    &protection::CHECKLIST,
    &protection::TRAINING,
    &protection::DRILL,
    &protection::GAP,
    &guidance::READ,
    &guidance::NOTED,
    &guidance::STAFFED,
    &mitigation::OPENED,
    &mitigation::DONE,
    &mitigation::VERIFIED,
    &mitigation::FINDING,
    &central::OPENED,
    &central::CLOSED,
    &central::PUBLISHED,
    &central::PROPOSAL,
    &link::MADE,
    &link::UPDATED,
];

/// The form of a kind, if its records are forms.
pub fn form_of(kind: &Kind) -> Option<&'static Form> {
    FORMS.iter().copied().find(|form| form.kind == *kind)
}

/// The form of this name.
pub fn form_named(name: &str) -> Option<&'static Form> {
    FORMS.iter().copied().find(|form| form.name == name)
}

/// Reads a moment out of data.
fn moment(value: &Value) -> Option<Stamp> {
    value.as_str()?.parse().ok()
}

type Data = Map<String, Value>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_named_once_and_asks_for_nothing_twice() {
        for (at, form) in FORMS.iter().enumerate() {
            assert!(FORMS[..at].iter().all(|other| other.name != form.name && other.kind != form.kind));
            let names: Vec<_> = form.fields().map(|field| field.name).collect();
            for (at, name) in names.iter().enumerate() {
                assert!(!names[..at].contains(name), "{}: {name} twice", form.name);
            }
            for field in form.fields() {
                if let Some((other, codes)) = field.only_if {
                    let Some(Field { ask: Ask::One(list), .. }) = form.field(other) else {
                        panic!("{}: {} depends on no choice", form.name, field.name);
                    };
                    assert!(codes.iter().all(|code| list.codes.contains(code)), "{}", field.name);
                }
            }
            assert!(form.one_of.iter().all(|name| form.field(name).is_some()), "{}", form.name);
        }
    }

    #[test]
    fn no_field_takes_a_name_that_the_record_itself_uses() {
        for form in FORMS {
            for reserved in ["record", "of", "from", "to", "sensitive", "external", "photos", "movement"] {
                assert!(form.field(reserved).is_none(), "{}: {reserved}", form.name);
            }
        }
    }

    #[test]
    fn the_page_on_records_names_every_form_field_and_code() {
        let page = include_str!("../../../../../docs/EVENTS.md");
        for form in FORMS {
            let row = page.lines().find(|line| line.starts_with(&format!("| `{}` |", form.kind.code())));
            let row = row.unwrap_or_else(|| panic!("{} is not on the page", form.kind.code()));
            for field in form.fields() {
                assert!(row.contains(&format!("`{}`", field.name)), "{}: {}", form.name, field.name);
                if let Ask::One(list) | Ask::Many(list) = field.ask {
                    let line = page.lines().find(|line| line.starts_with(&format!("- **{}**: ", list.name)));
                    let line = line.unwrap_or_else(|| panic!("the list {} is not on the page", list.name));
                    let codes: Vec<&str> =
                        line.split_once(": ").map(|(_, codes)| codes.split(" · ").collect()).unwrap();
                    assert_eq!(codes, list.codes, "{}", list.name);
                }
            }
        }
    }
}
