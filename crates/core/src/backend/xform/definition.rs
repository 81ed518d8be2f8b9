//! A form as it is published on an OpenRosa server: an XForm (ODK XForms specification 1.0.0).

use std::fmt::Write as _;

use super::instance::{envelope_element, escape};
use super::{Answer, ENVELOPE, EVENT, Question, Template, VERSION};

/// Words for people: by a name such as `fields.people`; `None` where there are none.
pub type Words<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// The form as XML. What has no words is shown by its name.
pub fn definition(form: &Template, words: &Words<'_>) -> String {
    let title =
        [format!("forms.{}", form.name), format!("{}.title", form.name)].iter().find_map(|key| words(key));
    let title = format!("Waymark: {}", title.unwrap_or_else(|| form.name.replace('_', " ")));
    let mut xml = String::from(concat!(
        r#"<?xml version="1.0" encoding="UTF-8"?>"#,
        r#"<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" "#,
        r#"xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms" "#,
        r#"xmlns:orx="http://openrosa.org/xforms" xmlns:xsd="http://www.w3.org/2001/XMLSchema">"#,
        "<h:head><h:title>",
    ));
    escape(&mut xml, &title);
    _ = write!(
        xml,
        r#"</h:title><model odk:xforms-version="1.0.0"><instance><data id="{}" version="{VERSION}">"#,
        form.id()
    );
    let envelope: Vec<String> = ENVELOPE.into_iter().map(envelope_element).collect();
    let own = form.questions.iter().map(|question| &question.name);
    for name in envelope.iter().chain(own) {
        _ = write!(xml, "<{name}/>");
    }
    _ = write!(xml, "<{EVENT}/><meta><instanceID/></meta></data></instance>");
    for name in &envelope {
        let kind = if name.ends_with("time") || name.ends_with("recorded") { "dateTime" } else { "string" };
        _ = write!(xml, r#"<bind nodeset="/data/{name}" type="{kind}"/>"#);
    }
    for question in &form.questions {
        bind(&mut xml, question);
    }
    _ = write!(
        xml,
        concat!(
            r#"<bind nodeset="/data/{}" type="string"/>"#,
            r#"<bind nodeset="/data/meta/instanceID" type="string" readonly="true()" jr:preload="uid"/>"#,
            "</model></h:head><h:body>"
        ),
        EVENT
    );
    for question in &form.questions {
        control(&mut xml, form, question, words);
    }
    // A form without anything to fill in is none to some servers.
    _ = write!(xml, r#"<input ref="/data/{EVENT}"><label>JSON</label></input></h:body></h:html>"#);
    xml
}

fn bind(xml: &mut String, question: &Question) {
    let kind = match question.answer {
        Answer::Text | Answer::Words | Answer::One(_) | Answer::Many(_) => "string",
        Answer::Whole => "int",
        Answer::Decimal => "decimal",
        Answer::Moment => "dateTime",
        Answer::Point => "geopoint",
    };
    _ = write!(xml, r#"<bind nodeset="/data/{}" type="{kind}""#, question.name);
    if question.required {
        xml.push_str(r#" required="true()""#);
    }
    if let Some((other, codes)) = question.only_if {
        let any: Vec<String> = codes.iter().map(|code| format!("/data/{other} = '{code}'")).collect();
        _ = write!(xml, r#" relevant="{}""#, any.join(" or "));
    }
    xml.push_str("/>");
}

fn control(xml: &mut String, form: &Template, question: &Question, words: &Words<'_>) {
    let (element, codes) = match &question.answer {
        Answer::One(codes) => ("select1", codes.as_slice()),
        Answer::Many(codes) => ("select", codes.as_slice()),
        _ => ("input", [].as_slice()),
    };
    _ = write!(xml, r#"<{element} ref="/data/{}""#, question.name);
    if question.answer == Answer::Words {
        xml.push_str(r#" appearance="multiline""#);
    }
    xml.push('>');
    label(xml, &question_words(form, question, words));
    for code in codes {
        xml.push_str("<item>");
        label(xml, &code_words(question, code, words));
        _ = write!(xml, "<value>{code}</value></item>");
    }
    _ = write!(xml, "</{element}>");
}

/// Questions of a check-in whose words go by another name.
const CHECKIN: [(&str, &str); 8] = [
    ("checkin", "kind"),
    ("position", "place"),
    ("position_name", "landmark"),
    ("position_km", "km"),
    ("vehicles", "speaks_for"),
    ("route", "other_way"),
    ("who", "held_by"),
    ("via", "relayed"),
];

fn question_words(form: &Template, question: &Question, words: &Words<'_>) -> String {
    let name = question.name.as_str();
    let other = CHECKIN.iter().find(|(own, _)| form.name == "checkin" && *own == name);
    let name = other.map_or(name, |(_, other)| other);
    let found =
        [format!("{}.{name}", form.name), format!("fields.{}_{name}", form.name), format!("fields.{name}")]
            .iter()
            .find_map(|key| words(key));
    found.unwrap_or_else(|| name.replace('_', " "))
}

fn code_words(question: &Question, code: &str, words: &Words<'_>) -> String {
    let list = question.codes;
    let found = [
        format!("{list}.{code}"),
        format!("codes.{list}_{code}"),
        format!("codes.{list}_{}", code.to_lowercase()),
    ]
    .iter()
    .find_map(|key| words(key));
    match found {
        // A scale is answered by number.
        Some(words) if code.starts_with(|first: char| first.is_ascii_digit()) => format!("{code} · {words}"),
        Some(words) => words,
        None => code.replace('_', " "),
    }
}

fn label(xml: &mut String, text: &str) {
    xml.push_str("<label>");
    escape(xml, text);
    xml.push_str("</label>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::xform::templates;

    /// The names that a tag opens or closes, in their order; fails on a tag that is not closed.
    fn tags(xml: &str) -> Vec<&str> {
        let mut open = vec![];
        let mut all = vec![];
        for tag in xml.split('<').skip(1) {
            let tag = tag.split('>').next().unwrap();
            let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
            match tag {
                _ if tag.starts_with('?') || tag.ends_with('/') => {}
                _ if tag.starts_with('/') => assert_eq!(open.pop(), Some(name)),
                _ => open.push(name),
            }
            all.push(name);
        }
        assert_eq!(open, Vec::<&str>::new());
        all
    }

    fn attributes<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
        xml.split(&format!(" {name}=\"")).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
    }

    #[test]
    fn every_form_is_well_formed_and_each_question_is_bound_and_asked() {
        for form in templates() {
            let xml = definition(&form, &|key| Some(format!("<{key}> & \"words\"")));
            let tags = tags(&xml);
            let bound = attributes(&xml, "nodeset");
            let asked = attributes(&xml, "ref");
            for question in &form.questions {
                let path = format!("/data/{}", question.name);
                assert!(tags.contains(&question.name.as_str()), "{path}");
                assert_eq!(bound.iter().filter(|bind| **bind == path).count(), 1, "{}: {path}", form.name);
                assert_eq!(asked.iter().filter(|asks| **asks == path).count(), 1, "{}: {path}", form.name);
            }
            assert_eq!(bound.len(), ENVELOPE.len() + form.questions.len() + 2);
            assert_eq!(asked.len(), form.questions.len() + 1);
            for relevant in attributes(&xml, "relevant") {
                let other = relevant.split(' ').next().unwrap();
                assert!(bound.contains(&other), "{}: {relevant}", form.name);
            }
        }
    }

    #[test]
    fn an_instance_has_the_elements_of_its_form_in_their_order() {
        for kind in ["checkin.made", "emergency.raised", "threat.reported", "x"] {
            let id = crate::testing::build::checkin(1).id;
            let event = format!(r#"{{"id":"{id}","type":"org.waymark.{kind}.v1","data":{{}}}}"#);
            let kind = crate::event::Kind::from_event_type(&format!("org.waymark.{kind}.v1"));
            let xml = definition(&crate::backend::xform::template(&kind), &|_| None);
            let model = xml.split("<instance>").nth(1).unwrap().split("</instance>").next().unwrap();
            let sent = crate::backend::xform::instance::instance(&event).unwrap();
            let in_order = |xml: &str| -> Vec<String> {
                let mut seen: Vec<String> = tags(xml).into_iter().map(str::to_owned).collect();
                seen.dedup();
                seen
            };
            assert_eq!(in_order(model), in_order(&sent)[1..]);
        }
    }
}
