//! From what was typed to a record, or to what is wrong with it.

use serde_json::Value;

use super::super::filled::{PHOTOS, joined};
use super::super::{Ask, Data, Field, Filled, Form, MAX_AMOUNT, MAX_WORDS, Photo, Spot};
use super::{Circumstances, FormDraft, Names, SEPARATOR, YES};
use crate::event::draft::{Checks, FieldError, MAX_NAME, MAX_NOTE, Problem};
use crate::event::{Kind, Stamp};
use crate::json::{self, Json};

/// A phone's clock may be wrong by this much before a moment counts as one of the future.
const AHEAD_MS: i64 = 86_400_000;
/// 1980-01-01: nothing that is reported happened before; 1970 is a clock that was never set.
const EARLIEST: Stamp = Stamp(315_532_800_000);

impl FormDraft {
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
