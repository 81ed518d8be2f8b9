use std::collections::BTreeMap;

use super::card::by_language;
use super::{Moment, Translation};
use crate::json_struct;

/// What a checklist is about.
pub const SUBJECTS: [&str; 4] = ["movement", "vehicle", "person", "premises"];

/// What is looked at before a vehicle leaves, a person travels or premises are used (in the style of the United Nations'
/// minimum operating security standards).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checklist {
    pub id: String,
    /// One of [`SUBJECTS`].
    pub of: String,
    /// For so many days it holds.
    pub days: u32,
    pub revision: u32,
    /// As [`super::Card::needs`].
    pub needs: Option<String>,
    pub reviewed_by: Option<String>,
    pub sources: String,
    /// In the order in which one walks around.
    pub items: Vec<CheckItem>,
    pub texts: BTreeMap<String, ChecklistText>,
}

json_struct!(Checklist:
    required [id, of, days, revision, items, texts]
    optional [needs, reviewed_by, sources]);

impl Checklist {
    /// As [`super::Card::text`].
    pub fn text(&self, language: &str) -> Option<(&str, &ChecklistText)> {
        by_language(&self.texts, language)
    }

    /// Whether it has to be met before anybody leaves or moves in.
    pub fn is_must(&self, code: &str) -> bool {
        self.items.iter().any(|item| item.code == code && item.must)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CheckItem {
    pub code: String,
    pub must: bool,
}

json_struct!(CheckItem: required [code] optional [must]);

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChecklistText {
    pub title: String,
    pub words: Vec<String>,
    /// By code.
    pub items: BTreeMap<String, String>,
    pub translation: Translation,
    pub revision: u32,
}

json_struct!(ChecklistText: required [title, items, revision] optional [words, translation]);

/// Who does what when something has gone wrong, and who calls whom.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contingency {
    pub id: String,
    pub when: Vec<Moment>,
    /// Days between two drills.
    pub drill: u32,
    pub revision: u32,
    /// As [`super::Card::needs`].
    pub needs: Option<String>,
    pub reviewed_by: Option<String>,
    pub sources: String,
    /// Codes of the roles, in order.
    pub roles: Vec<String>,
    /// The role that takes each step, in order.
    pub steps: Vec<String>,
    /// Whom each role calls.
    pub calls: BTreeMap<String, Vec<String>>,
    pub texts: BTreeMap<String, ContingencyText>,
}

json_struct!(Contingency:
    required [id, drill, revision, roles, steps, calls, texts]
    optional [when, needs, reviewed_by, sources]);

impl Contingency {
    /// As [`super::Card::text`].
    pub fn text(&self, language: &str) -> Option<(&str, &ContingencyText)> {
        by_language(&self.texts, language)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContingencyText {
    pub title: String,
    pub words: Vec<String>,
    /// What sets it off.
    pub trigger: Vec<String>,
    /// What a role is called and does, by code.
    pub roles: BTreeMap<String, RoleText>,
    /// As the steps.
    pub steps: Vec<String>,
    pub translation: Translation,
    pub revision: u32,
}

json_struct!(ContingencyText:
    required [title, trigger, roles, steps, revision]
    optional [words, translation]);

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RoleText {
    pub name: String,
    pub does: String,
}

json_struct!(RoleText: required [name, does]);
