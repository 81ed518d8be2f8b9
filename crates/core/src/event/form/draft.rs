use std::collections::BTreeMap;

use serde_json::Value;

use super::filled::{PHOTOS, joined};
use super::{Ask, Data, Field, Filled, Form, MAX_AMOUNT, MAX_WORDS, Photo, Spot};
use crate::event::draft::{Checks, FieldError, MAX_NAME, MAX_NOTE, Problem};
use crate::event::{EventId, Kind, Person, Stamp};
use crate::json::{self, Json};
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

/// A phone's clock may be wrong by this much before a moment counts as one of the future.
const AHEAD_MS: i64 = 86_400_000;
/// 1980-01-01: nothing that is reported happened before; 1970 is a clock that was never set.
const EARLIEST: Stamp = Stamp(315_532_800_000);

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

    /// Checks every field that is asked.
    ///
    /// # Errors
    /// Everything that is wrong, field by field.
    pub fn parse(
        &self,
        form: &'static Form,
        about: &Circumstances,
        names: &dyn Names,
    ) -> Result<Filled, Vec<FieldError>> {
        let mut checks = Checks::default();
        let mut data = self.answers(form, about, names, &mut checks);
        for field in form.fields() {
            if field.required && self.asks(field) && !data.contains_key(field.name) {
                checks.fail(field.name, Problem::Required);
            }
        }
        if !form.one_of.is_empty() && !form.one_of.iter().any(|name| data.contains_key(*name)) {
            // Named already if it is required.
            let first = form.one_of[0];
            if form.field(first).is_some_and(|field| !field.required) {
                checks.fail(first, Problem::Required);
            }
        }
        self.put_photos(&mut data, &[]);
        self.put_references(&mut data, about);
        check_size(form, &data, &mut checks);
        checks.done(Some(Filled { kind: form.kind.clone(), data }))
    }

    /// What was changed in the form since it was opened, where that differs from `before`, which is how the item of this
    /// form stands now: what others added in the meantime stays.
    ///
    /// # Errors
    /// What is wrong field by field; [`Problem::Unchanged`] at the first field if nothing differs.
    pub fn parse_update(
        &self,
        form: &'static Form,
        before: &Filled,
        about: &Circumstances,
        names: &dyn Names,
    ) -> Result<Filled, Vec<FieldError>> {
        let mut checks = Checks::default();
        let now = self.answers(form, about, names, &mut checks);
        let mut data = Data::new();
        let meant = |field: &&Field| !field.fixed && !self.is_as_opened(field.name);
        for field in form.fields().filter(meant) {
            match (now.get(field.name), before.data.get(field.name)) {
                (Some(now), then) if then != Some(now) => {
                    data.insert(field.name.to_owned(), now.clone());
                }
                // What was cleared; what is left out of a sensitive record stays as it was.
                (None, Some(then)) if !then.is_null() && self.asks(field) => {
                    data.insert(field.name.to_owned(), Value::Null);
                }
                _ => {}
            }
        }
        self.check_whole(form, before, &data, &mut checks);
        self.put_photos(&mut data, &before.photos());
        if data.is_empty() {
            checks.fail(form.fields().next().map_or("", |field| field.name), Problem::Unchanged);
        }
        data.insert("form".to_owned(), form.name.into());
        self.put_references(&mut data, about);
        check_size(form, &data, &mut checks);
        checks.done(Some(Filled { kind: Kind::ReportUpdated, data }))
    }

    /// What the item has to hold it has to hold still, where an update touches that.
    fn check_whole(&self, form: &'static Form, before: &Filled, data: &Data, checks: &mut Checks) {
        let has = |name: &str| match data.get(name) {
            Some(now) => !now.is_null(),
            None => before.data.get(name).is_some_and(|then| !then.is_null()),
        };
        let touched = |name: &str| data.contains_key(name);
        for field in form.fields().filter(|field| field.required && self.asks(field) && !has(field.name)) {
            if touched(field.name) || field.only_if.is_some_and(|(other, _)| touched(other)) {
                checks.fail(field.name, Problem::Required);
            }
        }
        let needed =
            form.one_of.iter().any(|name| touched(name)) && !form.one_of.iter().any(|name| has(name));
        if let Some(first) = form.one_of.first()
            && needed
            && form.field(first).is_some_and(|field| !field.required)
        {
            checks.fail(first, Problem::Required);
        }
    }

    /// Those that the item does not have already: what an update adds.
    fn put_photos(&self, data: &mut Data, there: &[Photo]) {
        let added = joined(there.to_vec(), &self.photos).split_off(there.len());
        if !added.is_empty() {
            data.insert(PHOTOS.to_owned(), added.to_value());
        }
    }

    fn put_references(&self, data: &mut Data, about: &Circumstances) {
        let (from, to) = about.ends.unzip();
        let references = [
            ("record", about.record),
            ("of", about.of),
            ("from", from),
            ("to", to),
            ("movement", about.movement),
        ];
        for (name, id) in references {
            if let Some(id) = id {
                data.insert(name.to_owned(), id.to_value());
            }
        }
        if self.sensitive {
            data.insert("sensitive".to_owned(), true.into());
        }
    }

    fn answers(
        &self,
        form: &'static Form,
        about: &Circumstances,
        names: &dyn Names,
        checks: &mut Checks,
    ) -> Data {
        let mut data = Data::new();
        for field in form.fields().filter(|field| self.asks(field)) {
            if let Some(value) = self.answer(field, about, names, checks) {
                data.insert(field.name.to_owned(), value);
            }
        }
        data
    }

    fn answer(
        &self,
        field: &'static Field,
        about: &Circumstances,
        names: &dyn Names,
        checks: &mut Checks,
    ) -> Option<Value> {
        let name = field.name;
        let raw = clean(self.get(name));
        let mut text = |max| checks.text(name, &raw, max);
        match field.ask {
            Ask::Line => text(MAX_NAME).map(Value::from),
            Ask::Text => text(MAX_NOTE).map(Value::from),
            Ask::Words => text(MAX_WORDS).map(Value::from),
            Ask::Lines => text(MAX_NOTE).map(|text| listed(&text)),
            Ask::One(_) => (!raw.is_empty()).then(|| raw.into()),
            Ask::Many(_) => (!raw.is_empty()).then(|| listed(&raw)),
            Ask::Scale(_) => whole(checks, name, &raw, 5),
            Ask::Count(max) => whole(checks, name, &raw, i64::from(max)),
            Ask::Amount => checks.number(name, &raw, 0, MAX_AMOUNT).map(Value::from),
            Ask::Moment | Ask::Due => self.moment(field, about, checks),
            Ask::Yes => (raw == YES).then_some(Value::Bool(true)),
            Ask::Place => {
                let place = text(MAX_NAME).or_else(|| self.at(name).map(|_| String::new()));
                place.map(|place| self.place(name, place, names).to_value())
            }
            Ask::Person => text(MAX_NAME).map(|person| names.person(&person).to_value()),
        }
    }

    fn place(&self, field: &str, name: String, names: &dyn Names) -> Spot {
        let at = self.place_at(field, names.place(&name));
        let spot = Spot { name, at, ..Spot::default() };
        if self.sensitive { spot.coarsened() } else { spot }
    }

    /// What happened lies behind; a deadline or a date may lie anywhere but in another century.
    fn moment(&self, field: &'static Field, about: &Circumstances, checks: &mut Checks) -> Option<Value> {
        let raw = self.get(field.name);
        if raw.is_empty() {
            return None;
        }
        let Ok(at) = raw.parse::<Stamp>() else {
            checks.fail(field.name, Problem::NotAMoment);
            return None;
        };
        if field.name == "happened" && at.ms_since(about.now) > AHEAD_MS {
            checks.fail(field.name, Problem::InFuture);
        }
        if at < EARLIEST || at.ms_since(about.now) > 100 * 366 * AHEAD_MS {
            checks.fail(field.name, Problem::NotAMoment);
        }
        Some(at.to_value())
    }
}

/// Fields of the longest text add up to more than a server takes.
fn check_size(form: &'static Form, data: &Data, checks: &mut Checks) {
    let bytes = |value: &Value| json::weight(value, u32::MAX).unwrap_or(0);
    let over = data.values().map(bytes).sum::<usize>().saturating_sub(MAX_DATA);
    let longest = form.fields().max_by_key(|field| data.get(field.name).map_or(0, bytes));
    if let (true, Some(field)) = (over > 0, longest) {
        let text = data.get(field.name).and_then(Value::as_str).unwrap_or_default();
        let room = text.len().saturating_sub(over);
        checks.fail(
            field.name,
            Problem::TooLong { max: text.char_indices().filter(|(at, _)| *at < room).count() },
        );
    }
}

/// In bytes: a record has 64 KiB, and what is around its data some of them.
const MAX_DATA: usize = 60 * 1024;

fn whole(checks: &mut Checks, name: &'static str, raw: &str, max: i64) -> Option<Value> {
    checks.whole(name, raw, 0, max).and_then(|count| u64::try_from(count).ok()).map(Value::from)
}

fn listed(text: &str) -> Value {
    let mut lines = vec![];
    for line in text.split(SEPARATOR).map(str::trim).filter(|line| !line.is_empty()) {
        lines.push(Value::from(line));
    }
    Value::Array(lines)
}

/// Without what is no text: control characters, but for line ends and tabs.
fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
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

#[cfg(test)]
mod tests {
    use super::super::form_named;
    use super::*;
    use crate::event::Digest;
    use crate::testing::build::MORNING;

    struct Nobody;

    impl Names for Nobody {
        fn place(&self, name: &str) -> Option<(f64, f64)> {
            (name == "Adré").then_some((13.466_48, 22.198_75))
        }

        fn person(&self, name: &str) -> Person {
            Person { name: name.to_owned(), user: None }
        }
    }

    fn draft(values: &[(&str, &str)]) -> FormDraft {
        let mut draft = FormDraft::default();
        for (name, value) in values {
            draft.put(name, value);
        }
        draft
    }

    fn parse(form: &str, draft: &FormDraft) -> Result<Filled, Vec<(&'static str, Problem)>> {
        let about = Circumstances { now: MORNING, ..Circumstances::default() };
        let filled = draft.parse(form_named(form).unwrap(), &about, &Nobody);
        filled.map_err(|errors| errors.iter().map(|error| (error.field, error.problem)).collect())
    }

    #[test]
    fn a_threat_needs_no_more_than_words_or_a_summary() {
        assert_eq!(parse("threat", &FormDraft::default()), Err(vec![("words", Problem::Required)]));
        let filled = parse("threat", &draft(&[("words", "  do not come on Thursday \u{0}\u{7}")])).unwrap();
        assert_eq!(filled.text("words"), Some("do not come on Thursday"));
        assert!(parse("threat", &draft(&[("summary", "said by an elder")])).is_ok());
    }

    #[test]
    fn any_script_and_ten_thousand_characters_are_kept() {
        for words in ["لا تأتوا يوم الخميس (Thursday) 🚫", "Не приезжайте", &"é".repeat(MAX_WORDS)]
        {
            let filled = parse("threat", &draft(&[("words", words)])).unwrap();
            assert_eq!(filled.text("words"), Some(words));
        }
        let long = parse("threat", &draft(&[("words", &"é".repeat(MAX_WORDS + 1))]));
        assert_eq!(long, Err(vec![("words", Problem::TooLong { max: MAX_WORDS })]));
    }

    #[test]
    fn a_code_of_the_organisation_is_kept() {
        let typed = draft(&[("what", "x"), ("means", "drone"), ("help", "medical\nhelicopter")]);
        let filled = parse("incident", &typed).unwrap();
        assert_eq!(
            (filled.text("means"), filled.list("help")),
            (Some("drone"), vec!["medical", "helicopter"])
        );
        assert_eq!(
            Filled::read(form_named("incident").unwrap(), &Value::Object(filled.data.clone())),
            Ok(filled)
        );
    }

    #[test]
    fn dates_of_the_future_and_of_1970_are_pointed_out() {
        let at = |happened: &str| parse("threat", &draft(&[("words", "x"), ("happened", happened)]));
        assert!(at("2026-07-13T10:00:00Z").is_ok());
        assert_eq!(at("2027-07-13T10:00:00Z"), Err(vec![("happened", Problem::InFuture)]));
        assert_eq!(at("1970-01-01T00:00:00Z"), Err(vec![("happened", Problem::NotAMoment)]));
        assert_eq!(at("Thursday"), Err(vec![("happened", Problem::NotAMoment)]));
        assert!(parse("threat", &draft(&[("words", "x"), ("deadline", "2026-07-16T00:00:00Z")])).is_ok());
    }

    #[test]
    fn a_sensitive_report_has_no_names_and_a_coarse_place() {
        let mut draft = draft(&[("words", "x"), ("speaker", "the elder"), ("place", "Adré")]);
        let open = parse("threat", &draft).unwrap();
        assert_eq!(open.text("speaker"), Some("the elder"));
        assert_eq!(open.spot().unwrap().at, Some((13.466_48, 22.198_75)));
        draft.sensitive = true;
        let filled = parse("threat", &draft).unwrap();
        assert!(filled.is_sensitive() && filled.text("speaker").is_none());
        let spot = filled.spot().unwrap();
        assert_eq!((spot.at, spot.coarse), (Some((13.5, 22.2)), true));
    }

    #[test]
    fn what_depends_on_another_answer_is_asked_only_then() {
        let end = |outcome: &str, measure: &str| {
            parse("threat_end", &draft(&[("outcome", outcome), ("measure", measure)]))
        };
        assert_eq!(end("averted_by", ""), Err(vec![("measure", Problem::Required)]));
        assert_eq!(end("unknown", "typed before").unwrap().text("measure"), None);
        assert!(end("averted_by", "went on Friday").is_ok());
    }

    #[test]
    fn every_form_is_read_as_it_was_written() {
        for form in super::super::FORMS {
            let mut draft = FormDraft::default();
            for field in form.fields() {
                let value = match field.ask {
                    Ask::One(list) => list.codes[0],
                    Ask::Many(list) => &list.codes[..2].join("\n"),
                    Ask::Scale(_) => "0",
                    Ask::Count(_) | Ask::Amount => "٣",
                    Ask::Moment | Ask::Due => "2026-07-13T10:00:00.000Z",
                    Ask::Yes => YES,
                    _ => "words",
                };
                draft.put(field.name, value);
            }
            let id = |n| Some(EventId::new(n, [1; 10]));
            let about = Circumstances {
                now: MORNING,
                record: id(1),
                ends: id(1).zip(id(2)),
                ..Circumstances::default()
            };
            if form.name == "update" {
                continue;
            }
            let filled = draft.parse(form, &about, &Nobody).unwrap_or_else(|error| panic!("{error:?}"));
            let read = Filled::read(form, &Value::Object(filled.data.clone())).unwrap();
            assert_eq!(read, filled, "{}", form.name);
            let again = FormDraft::of(&filled).parse(form, &about, &Nobody);
            assert_eq!(again, Ok(filled), "{}", form.name);
        }
    }

    #[test]
    fn an_update_says_only_what_is_different() {
        let form = form_named("threat").unwrap();
        let before = parse("threat", &draft(&[("words", "x"), ("demand", "leave")])).unwrap();
        let about = Circumstances {
            now: MORNING,
            record: Some(EventId::new(1, [1; 10])),
            ..Circumstances::default()
        };
        let mut changed = FormDraft::of(&before);
        let same = changed.parse_update(form, &before, &about, &Nobody).unwrap_err();
        assert_eq!(same[0].problem, Problem::Unchanged);
        changed.put("demand", "");
        changed.put("language", "Arabic");
        let update = changed.parse_update(form, &before, &about, &Nobody).unwrap();
        let added: Vec<_> =
            update.additions().map(|(name, value)| (name.as_str(), value.is_null())).collect();
        assert_eq!(added, [("demand", true), ("language", false)]);
    }

    #[test]
    fn an_update_leaves_alone_what_others_added_since_it_was_opened() {
        let form = form_named("threat").unwrap();
        let mut before = parse("threat", &draft(&[("words", "x"), ("demand", "leave")])).unwrap();
        let mut changed = FormDraft::of(&before);
        before.data.insert("demand".to_owned(), "leave by noon".into());
        before.data.insert("channel".to_owned(), "call".into());
        changed.put("language", "Arabic");
        let kept = FormDraft::from_value(&changed.to_value()).unwrap();
        let about = Circumstances { now: MORNING, ..Circumstances::default() };
        let update = kept.parse_update(form, &before, &about, &Nobody).unwrap();
        let added: Vec<_> = update.additions().map(|(name, _)| name.as_str()).collect();
        assert_eq!(added, ["language"]);
    }

    #[test]
    fn an_update_takes_away_nothing_that_is_needed_and_hands_nothing_to_another_person() {
        let about = Circumstances { now: MORNING, ..Circumstances::default() };
        let typed = draft(&[("feedback", "warning"), ("words", "x")]);
        let before = parse("heard", &typed).unwrap();
        let mut changed = FormDraft::of(&before);
        changed.put("words", "");
        let fault = changed.parse_update(form_named("heard").unwrap(), &before, &about, &Nobody).unwrap_err();
        assert_eq!((fault[0].field, fault[0].problem), ("words", Problem::Required));
        let fault_of = |form: &str, before: &[(&str, &str)], change: &[(&str, &str)]| {
            let before = parse(form, &draft(before)).unwrap();
            let mut changed = FormDraft::of(&before);
            for (name, value) in change {
                changed.put(name, value);
            }
            let update = changed.parse_update(form_named(form).unwrap(), &before, &about, &Nobody);
            update.err().map(|errors| (errors[0].field, errors[0].problem))
        };
        let needed = |name| Some((name, Problem::Required));
        assert_eq!(fault_of("threat", &[("words", "x")], &[("words", "")]), needed("words"));
        assert_eq!(fault_of("threat", &[("words", "x")], &[("words", ""), ("summary", "y")]), None);
        let averted = [("loss", "none_averted")];
        assert_eq!(fault_of("loss", &[("loss", "vehicles")], &averted), needed("measure"));
        let due = "2026-08-01T00:00:00.000Z";
        let action = [("action", "relocation"), ("what", "w"), ("owner", "Idriss"), ("due", due)];
        let before = parse("action", &draft(&action)).unwrap();
        let mut changed = FormDraft::of(&before);
        changed.put("owner", "Amina");
        let fault =
            changed.parse_update(form_named("action").unwrap(), &before, &about, &Nobody).unwrap_err();
        assert_eq!(fault[0].problem, Problem::Unchanged);
    }

    #[test]
    fn another_name_is_another_place_unless_the_phone_is_there() {
        let mut draft = draft(&[("words", "x"), ("place", "Adré")]);
        draft.put_at("place", Some((1.0, 2.0)));
        draft.put("place", "Adré");
        assert_eq!(draft.at("place"), Some((1.0, 2.0)));
        draft.put("place", "Farchana");
        assert_eq!(draft.at("place"), None);
        draft.put_fix("place", Some((1.0, 2.0)));
        draft.put("place", "the bridge");
        assert_eq!((draft.at("place"), draft.is_fix("place")), (Some((1.0, 2.0)), true));
        draft.put_fix("place", None);
        assert_eq!((draft.at("place"), draft.is_fix("place")), (None, false));
        draft.put_at("place", Some((3.0, 4.0)));
        let mut opened = FormDraft { base: draft.values.clone(), ..draft };
        opened.put("place", "the bridges");
        assert_eq!(opened.place_at("place", None), Some((3.0, 4.0)), "another spelling");
        assert_eq!(opened.place_at("place", Some((5.0, 6.0))), Some((5.0, 6.0)), "another place");
        opened.put_fix("place", None);
        assert_eq!(opened.place_at("place", None), None, "dropped");
    }

    #[test]
    fn long_texts_together_are_no_more_than_a_record_takes() {
        let full = "🚙".repeat(MAX_WORDS);
        let one = [("words", full.as_str())];
        assert!(parse("threat", &draft(&one)).is_ok());
        let errors = parse("threat", &draft(&[one[0], ("translation", &full)])).unwrap_err();
        let [(field, Problem::TooLong { max })] = errors[..] else { panic!("{errors:?}") };
        let fits = "🚙".repeat(max);
        let other = if field == "words" { "translation" } else { "words" };
        assert!(max > 4_000 && parse("threat", &draft(&[(field, &fits), (other, &full)])).is_ok());
    }

    #[test]
    fn photos_go_into_the_record_and_an_update_says_only_the_new_ones() {
        let form = form_named("threat").unwrap();
        let photo = |bytes: &[u8]| Photo {
            sha256: Digest::of_bytes(bytes),
            media_type: "image/jpeg".to_owned(),
            bytes: bytes.len() as u64,
            width: 4,
            height: 3,
        };
        let (one, two) = (photo(b"one"), photo(b"two"));
        let with = |photos: &[&Photo]| {
            let photos = photos.iter().copied().cloned().collect();
            FormDraft { photos, ..draft(&[("words", "x")]) }
        };
        let kept = FormDraft::from_value(&with(&[&one]).to_value()).unwrap();
        let before = parse("threat", &kept).unwrap();
        assert_eq!(before.photos(), std::slice::from_ref(&one));
        assert!(parse("threat", &with(&[])).unwrap().data.get("photos").is_none());
        let about = Circumstances { now: MORNING, ..Circumstances::default() };
        let update = |draft: &FormDraft| draft.parse_update(form, &before, &about, &Nobody);
        assert_eq!(update(&with(&[&one, &two, &two])).unwrap().photos(), [two]);
        assert_eq!(update(&with(&[&one])).unwrap_err()[0].problem, Problem::Unchanged);
    }
}
