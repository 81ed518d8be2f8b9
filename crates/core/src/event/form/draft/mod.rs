mod parse;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Ask, Field, Filled, Photo};
use crate::event::{EventId, Person, Stamp};
use crate::json::Json;
use crate::{json_serialize, json_struct};

/// A form while it is filled in: by field, what was typed or chosen. Codes stand as they are, several of them with
/// [`SEPARATOR`] between, moments as RFC 3339, yes as `yes`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FormDraft {
    pub values: BTreeMap<String, String>,
    /// It could harm whoever said it: no names, and a coarse place.
    pub sensitive: bool,
    pub exercise: bool,
    /// Those that were added here; an item's own are not among them.
    pub photos: Vec<Photo>,
    /// What stood in the fields of an item when it was opened to be changed: only what differs from this was meant.
    pub base: BTreeMap<String, String>,
}

json_struct!(FormDraft: draft [values, sensitive, exercise, photos, base]);
json_serialize!(FormDraft);

pub const SEPARATOR: char = '\n';

const YES: &str = "yes";
/// A place that was taken from a list or from the phone: `12.5,19.6`, beside the field of its name.
const AT: &str = "_at";
/// Beside it, if it is where the phone was.
const FIX: &str = "_fix";

/// A place name and where that is, or a person's name and who that is.
pub trait Names {
    fn place(&self, name: &str) -> Option<(f64, f64)>;
    fn person(&self, name: &str) -> Person;
}

/// What a form is filled in about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Circumstances {
    pub now: Stamp,
    /// The item that it says something about.
    pub record: Option<EventId>,
    /// The item that it came out of.
    pub of: Option<EventId>,
    /// The items that it joins.
    pub ends: Option<(EventId, EventId)>,
    pub movement: Option<EventId>,
}

impl FormDraft {
    pub fn get(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// What is empty is not kept. Another name is another place, unless that is where the phone is, or where the item
    /// was when it was opened: most changes of a name are to its spelling.
    pub fn put(&mut self, name: &str, value: &str) {
        if self.get(name) != value && !self.is_fix(name) && !self.is_at_its_place(name) {
            self.values.remove(&format!("{name}{AT}"));
        }
        if value.is_empty() {
            self.values.remove(name);
        } else {
            self.values.insert(name.to_owned(), value.to_owned());
        }
    }

    /// Where the place of this field is on the globe, if that was chosen.
    pub fn put_at(&mut self, name: &str, at: Option<(f64, f64)>) {
        let text = at.map(|at| at.to_value().to_string()).unwrap_or_default();
        self.put(&format!("{name}{AT}"), &text);
        self.put(&format!("{name}{FIX}"), "");
    }

    /// The same, and that it is where the phone is.
    pub fn put_fix(&mut self, name: &str, at: Option<(f64, f64)>) {
        self.put_at(name, at);
        if at.is_some() {
            self.put(&format!("{name}{FIX}"), YES);
        }
    }

    /// Whether it is where it was when the item was opened.
    pub fn is_at_its_place(&self, name: &str) -> bool {
        let at = format!("{name}{AT}");
        self.base.get(&at).is_some_and(|was| was == self.get(&at))
    }

    /// Where the place of this field is, if it has a position or its name is known to be at `known`. A new name whose
    /// place is known is believed rather than the position that the old one had.
    pub fn place_at(&self, name: &str, known: Option<(f64, f64)>) -> Option<(f64, f64)> {
        let renamed =
            self.is_at_its_place(name) && self.base.get(name).is_none_or(|was| was != self.get(name));
        if renamed { known.or(self.at(name)) } else { self.at(name).or(known) }
    }

    /// Whether its place was taken from the phone.
    pub fn is_fix(&self, name: &str) -> bool {
        self.get(&format!("{name}{FIX}")) == YES
    }

    pub fn at(&self, name: &str) -> Option<(f64, f64)> {
        let value = serde_json::from_str(self.get(&format!("{name}{AT}"))).ok()?;
        Json::from_value(&value).ok()
    }

    /// Whether this field is asked, by what stands in the others.
    pub fn asks(&self, field: &Field) -> bool {
        field.only_if.is_none_or(|(other, codes)| codes.contains(&self.get(other)))
            && !(self.sensitive && field.names_source)
    }

    /// The draft that asks what a record says, to change it.
    pub fn of(filled: &Filled) -> Self {
        let mut draft = Self { sensitive: filled.is_sensitive(), ..Self::default() };
        for (field, value) in filled.answers() {
            draft.put(field.name, &typed(field.ask, value));
            if let (Ask::Place, Some(spot)) = (field.ask, filled.spot()) {
                draft.put_at(field.name, spot.at);
            }
        }
        draft.base = draft.values.clone();
        draft
    }

    /// Whether a field stands as it did when the item was opened.
    fn is_as_opened(&self, name: &str) -> bool {
        let at = format!("{name}{AT}");
        let was = |name: &str| self.base.get(name).map_or("", String::as_str);
        self.get(name) == was(name) && self.get(&at) == was(&at)
    }
}

/// A value as it would be typed.
fn typed(ask: Ask, value: &Value) -> String {
    match (ask, value) {
        (Ask::Yes, Value::Bool(true)) => YES.to_owned(),
        (Ask::Place | Ask::Person, Value::Object(members)) => {
            members.get("name").and_then(Value::as_str).unwrap_or_default().to_owned()
        }
        (_, Value::String(text)) => text.clone(),
        (_, Value::Number(number)) => number.to_string(),
        (_, Value::Array(items)) => {
            let mut text = String::new();
            for item in items.iter().filter_map(Value::as_str) {
                if !text.is_empty() {
                    text.push(SEPARATOR);
                }
                text.push_str(item);
            }
            text
        }
        _ => String::new(),
    }
}
