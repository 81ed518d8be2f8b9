use serde_json::Value;

use super::{Ask, Data, Field, Form, Spot, Stands, form_named, form_of, moment};
use crate::event::{Digest, EventId, Kind, Person, Stamp};
use crate::json::{Fault, Json, WRONG};
use crate::json_struct;

/// The content of a record that is a form: data that fits the form of its kind. Members that the form does not know
/// are kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Filled {
    pub kind: Kind,
    pub data: Data,
}

/// A picture that belongs to a record: what it is, not its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    pub media_type: String,
    pub bytes: u64,
    /// Pixels.
    pub width: u32,
    pub height: u32,
}

json_struct!(Photo: required [sha256, media_type, bytes, width, height]);

/// Where a record was brought in from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct External {
    /// Such as `AWSD`.
    pub source: String,
    /// What it is called there.
    pub id: String,
}

json_struct!(External: required [source, id]);

/// As many as somebody will look at; they take 2 KiB of the record.
pub const MAX_PHOTOS: usize = 12;

/// `photos`, and behind them those of `more` that are not among them: each once.
pub fn joined(mut photos: Vec<Photo>, more: &[Photo]) -> Vec<Photo> {
    for photo in more {
        if photos.iter().all(|known| known.sha256 != photo.sha256) {
            photos.push(photo.clone());
        }
    }
    photos
}

pub(super) const PHOTOS: &str = "photos";
const RECORD: &str = "record";
const OF: &str = "of";
const FROM: &str = "from";
const TO: &str = "to";
const FORM: &str = "form";
const SENSITIVE: &str = "sensitive";
const MOVEMENT: &str = "movement";
const EXTERNAL: &str = "external";

impl Filled {
    /// Reads `data` as a record of this form.
    ///
    /// # Errors
    /// The first member that is missing or of another shape.
    pub fn read(form: &'static Form, data: &Value) -> Result<Self, Fault> {
        let data = data.as_object().ok_or(WRONG)?;
        let filled = Self { kind: form.kind.clone(), data: data.clone() };
        filled.check_references(form)?;
        let fields = filled.form_of_fields(form).ok_or(Fault(FORM))?;
        let whole = fields.kind == form.kind;
        for field in fields.fields() {
            match data.get(field.name) {
                Some(Value::Null) if !whole => {}
                Some(value) if fits(field.ask, value) => {}
                None if !(whole && filled.needs(field)) => {}
                _ => return Err(Fault(field.name)),
            }
        }
        optional_fits::<Vec<Photo>>(data, PHOTOS)?;
        optional_fits::<External>(data, EXTERNAL)?;
        optional_fits::<bool>(data, SENSITIVE)?;
        Ok(filled)
    }

    /// Whether it has to hold this field. What another answer asks for is the form's business; a newer one may not.
    fn needs(&self, field: &Field) -> bool {
        field.required && field.only_if.is_none() && !(field.names_source && self.is_sensitive())
    }

    fn check_references(&self, form: &Form) -> Result<(), Fault> {
        for name in [RECORD, OF, FROM, TO, MOVEMENT] {
            optional_fits::<EventId>(&self.data, name).map_err(|_| Fault(name))?;
        }
        let needed: &[&'static str] = match form.stands {
            Stands::Alone => &[],
            Stands::About => &[RECORD],
            Stands::Between => &[FROM, TO],
        };
        match needed.iter().find(|name| !self.data.contains_key(**name)) {
            Some(name) => Err(Fault(name)),
            None if self.ends().is_some_and(|(from, to)| from == to) => Err(Fault(TO)),
            None => Ok(()),
        }
    }

    /// The form whose fields it has: for an update, that of what it adds to.
    fn form_of_fields(&self, own: &'static Form) -> Option<&'static Form> {
        if own.kind != Kind::ReportUpdated {
            return Some(own);
        }
        form_named(self.text(FORM)?).filter(|form| form.stands == Stands::Alone)
    }

    /// The description of its kind.
    pub fn form(&self) -> Option<&'static Form> {
        form_of(&self.kind)
    }

    /// The description of the fields it has.
    pub fn fields_of(&self) -> Option<&'static Form> {
        self.form_of_fields(self.form()?)
    }

    /// Text, or the code of a choice.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.data.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// Codes or lines.
    pub fn list(&self, name: &str) -> Vec<&str> {
        let items = self.data.get(name).and_then(Value::as_array);
        let mut list = vec![];
        for item in items.into_iter().flatten() {
            list.extend(item.as_str());
        }
        list
    }

    pub fn number(&self, name: &str) -> Option<f64> {
        self.data.get(name)?.as_f64()
    }

    /// A count, 0 where nothing is said.
    pub fn count(&self, name: &str) -> u32 {
        self.data.get(name).and_then(Value::as_u64).and_then(|count| u32::try_from(count).ok()).unwrap_or(0)
    }

    /// 1 to 5; `None` also where it cannot be judged.
    pub fn scale(&self, name: &str) -> Option<u8> {
        let value = self.data.get(name)?.as_u64()?;
        u8::try_from(value).ok().filter(|value| (1..=5).contains(value))
    }

    pub fn moment(&self, name: &str) -> Option<Stamp> {
        moment(self.data.get(name)?)
    }

    pub fn yes(&self, name: &str) -> bool {
        self.data.get(name) == Some(&Value::Bool(true))
    }

    /// Where it is said to be.
    pub fn spot(&self) -> Option<Spot> {
        Spot::from_value(self.data.get("place")?).ok()
    }

    pub fn person(&self, name: &str) -> Option<Person> {
        Person::from_value(self.data.get(name)?).ok()
    }

    /// The item that it says something about.
    pub fn record(&self) -> Option<EventId> {
        self.id(RECORD)
    }

    /// The item that it came out of.
    pub fn of(&self) -> Option<EventId> {
        self.id(OF)
    }

    /// The items that it joins.
    pub fn ends(&self) -> Option<(EventId, EventId)> {
        Some((self.id(FROM)?, self.id(TO)?))
    }

    pub fn movement(&self) -> Option<EventId> {
        self.id(MOVEMENT)
    }

    fn id(&self, name: &str) -> Option<EventId> {
        self.text(name)?.parse().ok()
    }

    /// Everything it refers to: whoever may not see one of these may not see it either.
    pub fn references(&self) -> Vec<EventId> {
        let mut all = vec![];
        for name in [RECORD, OF, FROM, TO] {
            all.extend(self.id(name));
        }
        all
    }

    /// Whether it was marked as one that could harm whoever said it.
    pub fn is_sensitive(&self) -> bool {
        self.yes(SENSITIVE)
    }

    pub fn photos(&self) -> Vec<Photo> {
        self.data.get(PHOTOS).and_then(|photos| Vec::from_value(photos).ok()).unwrap_or_default()
    }

    /// Puts these beside the ones it has.
    pub fn add_photos(&mut self, more: &[Photo]) {
        let all = joined(self.photos(), more);
        if !all.is_empty() {
            self.data.insert(PHOTOS.to_owned(), all.to_value());
        }
    }

    /// Where it was brought in from, if it was not written here.
    pub fn external(&self) -> Option<External> {
        External::from_value(self.data.get(EXTERNAL)?).ok()
    }

    /// What it says in the words of whoever wrote it: for lists and headings.
    pub fn headline(&self) -> &str {
        const WORDS: [&str; 13] = [
            "summary",
            "what",
            "words",
            "said",
            "scope",
            "conclusion",
            "answer",
            "text",
            "evidence",
            "found",
            "note",
            "reason",
            "title",
        ];
        WORDS.iter().find_map(|name| self.text(name)).unwrap_or_default()
    }

    /// What it adds to an item, as the item's own members.
    pub fn additions(&self) -> impl Iterator<Item = (&String, &Value)> {
        let own =
            |name: &str| matches!(name, RECORD | FORM | SENSITIVE | MOVEMENT | OF | FROM | TO | EXTERNAL);
        self.data.iter().filter(move |(name, _)| !own(name))
    }
}

fn optional_fits<T: Json>(data: &Data, name: &'static str) -> Result<(), Fault> {
    match data.get(name) {
        Some(value) => T::from_value(value).map(drop).map_err(|_| Fault(name)),
        None => Ok(()),
    }
}

fn fits(ask: Ask, value: &Value) -> bool {
    match ask {
        Ask::Line | Ask::Text | Ask::Words | Ask::One(_) => value.is_string(),
        Ask::Lines | Ask::Many(_) => value.as_array().is_some_and(|items| items.iter().all(Value::is_string)),
        Ask::Scale(_) => value.as_u64().is_some_and(|value| value <= 5),
        Ask::Count(max) => value.as_u64().is_some_and(|value| value <= u64::from(max)),
        Ask::Amount => value.as_f64().is_some_and(|value| value >= 0.0),
        Ask::Moment | Ask::Due => moment(value).is_some(),
        Ask::Yes => value.is_boolean(),
        Ask::Place => Spot::from_value(value).is_ok(),
        Ask::Person => Person::from_value(value).is_ok(),
    }
}

/// The description of a field and its value, in the order of the form.
pub type Answer<'a> = (&'static Field, &'a Value);

impl Filled {
    /// What was filled in, in the order of the form.
    pub fn answers(&self) -> Vec<Answer<'_>> {
        let mut all = vec![];
        let Some(form) = self.fields_of() else { return all };
        for field in form.fields() {
            all.extend(self.data.get(field.name).map(|value| (field, value)));
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::event::Body;

    fn read(kind: &Kind, data: &Value) -> Result<Body, String> {
        Body::read(kind, data).map_err(|error| error.to_string())
    }

    #[test]
    fn a_report_of_another_shape_names_the_member() {
        let id = EventId::new(1, [1; 10]).to_string();
        for (kind, data, words) in [
            (Kind::ThreatReported, json!({"words": 7}), "words"),
            (Kind::ThreatReported, json!({"words": "x", "deadline": "Thursday"}), "deadline"),
            (Kind::ThreatReported, json!({"words": "x", "place": {"at": [99, 0]}}), "place"),
            (Kind::ThreatEvaluated, json!({"source": "A"}), "record"),
            (Kind::ThreatEvaluated, json!({"record": id, "likelihood": 6}), "likelihood"),
            (Kind::ThreatClosed, json!({"record": id}), "outcome"),
            (Kind::LinkMade, json!({"from": id, "to": id, "relation": "led_to"}), "to"),
            (Kind::ReportUpdated, json!({"record": id, "form": "evaluation"}), "form"),
            (Kind::IncidentReported, json!({"what": "x", "photos": [{}]}), "photos"),
            (Kind::ThreatReported, json!([]), ""),
        ] {
            let error = read(&kind, &data).unwrap_err();
            assert!(error.contains(words), "{data}: {error}");
        }
    }

    #[test]
    fn codes_and_members_of_newer_versions_are_kept() {
        let data = json!({"words": "leave", "channel": "drone", "colour": "red"});
        let Body::Filled(filled) = read(&Kind::ThreatReported, &data).unwrap() else { panic!() };
        assert_eq!(filled.text("channel"), Some("drone"));
        assert_eq!(Body::Filled(filled).to_data(), data);
    }

    #[test]
    fn a_sensitive_talk_names_nobody() {
        let data = json!({"said": "x", "sensitive": true});
        assert!(read(&Kind::CommunityConsulted, &data).is_ok());
        assert!(read(&Kind::CommunityConsulted, &json!({"said": "x"})).unwrap_err().contains("stakeholder"));
    }

    #[test]
    fn an_update_has_the_fields_of_what_it_adds_to() {
        let id = EventId::new(1, [1; 10]).to_string();
        let data = json!({"record": id, "form": "threat", "demand": "leave", "translation": null});
        let Body::Filled(filled) = read(&Kind::ReportUpdated, &data).unwrap() else { panic!() };
        let added: Vec<_> = filled.additions().map(|(name, _)| name.as_str()).collect();
        assert_eq!(added, ["demand", "translation"]);
        let wrong = json!({"record": id, "form": "threat", "demand": 3});
        assert!(read(&Kind::ReportUpdated, &wrong).unwrap_err().contains("demand"));
    }
}
