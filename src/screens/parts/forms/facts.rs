use serde_json::Value;
use waymark_core::event::form::Ask;
use waymark_core::event::{Filled, Kind, Stamp};

use super::words;
use crate::i18n::{I18n, intl};
use crate::say;
use crate::ui::{Fact, time};

/// What was filled in, in words; without what [`saying`] shows.
pub fn facts(i18n: I18n, filled: &Filled, now: i64) -> Vec<Fact> {
    let mut facts = vec![];
    let Some(form) = filled.fields_of() else { return facts };
    for (field, value) in filled.answers() {
        // Codes say nothing to whoever reads; what is missing stands there in words.
        let codes = form.kind == Kind::ChecklistCompleted
            && matches!(field.name, "checklist" | "met" | "gaps" | "skipped");
        if codes || matches!(field.name, "words" | "translation") {
            continue;
        }
        let said = answer(i18n, field.ask, value, now);
        if !said.is_empty() {
            facts.push(Fact::new(words::label(i18n, form, field), said));
        }
    }
    if let Some(spot) = filled.spot()
        && let Some((lat, lon)) = spot.at
    {
        facts.push(Fact::code(say!(i18n, chain.coordinates), format!("{lat:.3}, {lon:.3}")));
    }
    facts
}

/// The exact words, and their translation.
pub fn saying(filled: &Filled) -> (Option<String>, Option<String>) {
    let text = |name: &str| filled.text(name).map(str::to_owned);
    (text("words"), text("translation"))
}

fn answer(i18n: I18n, ask: Ask, value: &Value, now: i64) -> String {
    match (ask, value) {
        (Ask::One(list), Value::String(code)) => words::code(i18n, list.name, code),
        (Ask::Many(list), Value::Array(codes)) => {
            let codes = codes.iter().filter_map(Value::as_str);
            codes.map(|code| words::code(i18n, list.name, code)).collect::<Vec<_>>().join(" · ")
        }
        (Ask::Lines, Value::Array(lines)) => {
            lines.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")
        }
        (Ask::Scale(list), value) => {
            value.as_u64().map(|value| words::step(i18n, list, value)).unwrap_or_default()
        }
        (Ask::Count(_) | Ask::Amount, value) => {
            value.as_f64().map(|number| time::number(intl(i18n), number)).unwrap_or_default()
        }
        (Ask::Moment | Ask::Due, Value::String(text)) => {
            let at = text.parse::<Stamp>();
            at.map_or_else(|_| text.clone(), |at| time::moment(intl(i18n), at.0, now))
        }
        (Ask::Yes, Value::Bool(true)) => say!(i18n, report.yes),
        (Ask::Place, Value::Object(place)) => {
            let name = place.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
            if place.get("coarse") == Some(&Value::Bool(true)) {
                format!("{name} · {}", say!(i18n, map.coarse))
            } else {
                name
            }
        }
        (Ask::Person, Value::Object(person)) => {
            person.get("name").and_then(Value::as_str).unwrap_or_default().to_owned()
        }
        (_, Value::String(text)) => text.clone(),
        _ => String::new(),
    }
}
