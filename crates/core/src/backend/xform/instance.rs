//! A record as an instance of its form.

use std::fmt::Write as _;

use serde_json::Value;

use super::{Answer, ENVELOPE, EVENT, Question, VERSION, template};
use crate::event::Kind;

/// The instance of the event whose JSON this is, as XML; `None` if it is none. The same event is always the same XML: a
/// server takes another one under the same instance ID for a conflict.
pub fn instance(event: &str) -> Option<String> {
    let json: Value = serde_json::from_str(event).ok()?;
    let form = template(&Kind::from_event_type(json.get("type")?.as_str()?));
    let mut xml =
        format!(r#"<?xml version="1.0" encoding="UTF-8"?><data id="{}" version="{VERSION}">"#, form.id());
    for name in ENVELOPE {
        element(&mut xml, &envelope_element(name), &json.get(name).map(plain).unwrap_or_default());
    }
    let data = json.get("data").unwrap_or(&Value::Null);
    for question in &form.questions {
        element(&mut xml, &question.name, &answer(question, data));
    }
    element(&mut xml, EVENT, event);
    _ = write!(xml, "<meta><instanceID>uuid:{}</instanceID></meta></data>", json.get("id")?.as_str()?);
    Some(xml)
}

/// Attributes of the envelope stand apart from questions of the same name.
pub(super) fn envelope_element(attribute: &str) -> String {
    format!("event_{attribute}")
}

fn element(xml: &mut String, name: &str, text: &str) {
    if text.is_empty() {
        _ = write!(xml, "<{name}/>");
        return;
    }
    _ = write!(xml, "<{name}>");
    escape(xml, text);
    _ = write!(xml, "</{name}>");
}

/// Text as XML 1.0 can hold it: what it cannot is left out. In JSON nothing is left out, for control characters are
/// escaped there.
pub(super) fn escape(xml: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\r' => xml.push_str("&#13;"),
            '\t' | '\n' => xml.push(letter),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => xml.push(letter),
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join("\n"),
        other => other.to_string(),
    }
}

/// The answer as ODK XForms write its type; nothing where there is none, or what there is is not of that type.
fn answer(question: &Question, data: &Value) -> String {
    let Some(value) = question.path.iter().try_fold(data, |within, name| within.get(name)) else {
        return String::new();
    };
    match question.answer {
        Answer::Whole if value.as_i64().is_none() => String::new(),
        Answer::Decimal if !value.is_number() => String::new(),
        Answer::Many(_) => {
            let codes = value.as_array().map(Vec::as_slice).unwrap_or_default();
            codes.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
        }
        Answer::Point => point(value).unwrap_or_default(),
        _ => plain(value),
    }
}

/// `latitude longitude altitude accuracy`, degrees and metres: of a position, or of two degrees.
fn point(value: &Value) -> Option<String> {
    let accuracy = value.get("accuracy").and_then(Value::as_f64).unwrap_or_default();
    let (lat, lon) = match value.as_array().map(Vec::as_slice) {
        Some([lat, lon]) => (lat.as_f64()?, lon.as_f64()?),
        _ => (value.get("lat")?.as_f64()?, value.get("lon")?.as_f64()?),
    };
    Some(format!("{lat} {lon} 0 {accuracy}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::build;

    fn of(event: &Value) -> String {
        instance(&event.to_string()).unwrap()
    }

    #[test]
    fn a_check_in_answers_its_questions_and_carries_itself_whole() {
        let mut event = build::checkin(1).to_json();
        event["data"]["note"] = json!("\u{1}a <b> & \"c\"");
        event["data"]["position"] = json!({"source": "gps", "lat": 13.5, "lon": 20.25, "accuracy": 12, "fixed": "2026-07-14T03:35:20.000Z"});
        event["data"]["detail"] = json!({"who": "police"});
        let xml = of(&event);
        for part in [
            r#"<data id="waymark_checkin" version="1">"#,
            "<people>safe</people>",
            "<position>13.5 20.25 0 12</position>",
            "<position_source>gps</position_source>",
            "<note>a &lt;b&gt; &amp; &quot;c&quot;</note>",
            "<who>police</who>",
            "<headcount/>",
            "<event_author>d1</event_author>",
            r"&quot;note&quot;:&quot;\u0001a &lt;b&gt; &amp; \&quot;c\&quot;&quot;",
        ] {
            assert!(xml.contains(part), "{part}: {xml}");
        }
        let id = build::checkin(1).id;
        assert!(xml.ends_with(&format!("<meta><instanceID>uuid:{id}</instanceID></meta></data>")));
        assert_eq!(of(&event), xml, "the same each time");
    }

    #[test]
    fn reports_and_kinds_without_a_form_go_too() {
        let mut event = build::checkin(1).to_json();
        event["type"] = json!("org.waymark.threat.reported.v1");
        event["data"] = json!({
            "words": "leave", "voice": ["calm", "street"], "told": ["a", "b"],
            "place": {"name": "Adré", "at": [13.4, 22.2]}, "deadline": 7,
        });
        let xml = of(&event);
        for part in [
            r#"id="waymark_threat""#,
            "<voice>calm street</voice>",
            "<told>a\nb</told>",
            "<place>Adré</place><place_at>13.4 22.2 0 0</place_at>",
        ] {
            assert!(xml.contains(part), "{part}: {xml}");
        }
        event["type"] = json!("org.waymark.drone.seen.v9");
        assert!(of(&event).contains(r#"id="waymark_record""#));
        assert_eq!(instance("[]"), None);
    }
}
