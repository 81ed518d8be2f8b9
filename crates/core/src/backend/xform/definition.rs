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

fn question_words(form: &Template, question: &Question, words: &Words<'_>) -> String {
    let name = question.name.as_str();
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
