//! The forms under which an OpenRosa server keeps our records: which questions each has, as XForms describe them
//! (ODK XForms specification 1.0.0). [`instance`] fills one in, `definition` writes it for publishing.
//!
//! Whatever a form does not ask is not lost: each submission carries the whole event as JSON in its last question.

#[cfg(feature = "authoring")]
pub mod definition;
pub mod instance;

use crate::event::form::{Ask, FORMS, form_of};
use crate::event::{CheckinKind, EmergencyReason, Kind, Passage, PeopleState, PositionSource};

/// The version of all forms: raised with every change of a question. A server wants the version that it has.
pub const VERSION: &str = "1";

/// What an answer is, and so how it is asked and written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Text,
    /// More than a line.
    Words,
    /// One code; those of newer versions are written too.
    One(Vec<&'static str>),
    /// Any number of codes.
    Many(Vec<&'static str>),
    Whole,
    Decimal,
    /// RFC 3339.
    Moment,
    /// WGS 84.
    Point,
}

/// One question of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The element's name; unique in its form.
    pub name: String,
    /// Where the answer stands in the record's data: members, from the outside in.
    pub path: Vec<&'static str>,
    pub answer: Answer,
    pub required: bool,
    /// Asked only if the question of this name has one of these answers.
    pub only_if: Option<(&'static str, &'static [&'static str])>,
    /// Where the words for it and for its codes are: the list of codes, or none.
    pub codes: &'static str,
}

/// One form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its name: `waymark_` and this is the form's id.
    pub name: &'static str,
    pub questions: Vec<Question>,
}

impl Template {
    /// The id under which it is published.
    pub fn id(&self) -> String {
        format!("waymark_{}", self.name)
    }
}

/// What stands on every form before its own questions: from the envelope, by the name of the attribute.
pub const ENVELOPE: [&str; 9] =
    ["type", "time", "recorded", "source", "author", "subject", "digest", "exercise", "pack"];
/// The last question: the whole event.
pub const EVENT: &str = "event";

/// The form of records that have none of their own.
const OTHER: &str = "record";

/// Every form there is.
pub fn templates() -> Vec<Template> {
    let own = [
        Kind::CheckinMade,
        Kind::CheckinConfirmed,
        Kind::EmergencyRaised,
        Kind::EmergencyAcknowledged,
        Kind::EmergencyResolved,
    ];
    let chain = FORMS.iter().map(|form| &form.kind);
    let other = Template { name: OTHER, questions: vec![] };
    own.iter().chain(chain).map(template).chain([other]).collect()
}

/// The form of records of this kind.
pub fn template(kind: &Kind) -> Template {
    let (name, questions) = match kind {
        Kind::CheckinMade => ("checkin", checkin()),
        Kind::CheckinConfirmed => ("confirmation", vec![text("record"), text("movement")]),
        Kind::EmergencyRaised => {
            let mut questions =
                vec![one("reason", EmergencyReason::ALL, EmergencyReason::code, "reason").required()];
            questions.extend(position());
            questions.extend([words("note"), text("movement")]);
            ("emergency", questions)
        }
        Kind::EmergencyAcknowledged => ("emergency_acknowledged", vec![text("record"), text("movement")]),
        Kind::EmergencyResolved => {
            let reason = one("reason", EmergencyReason::ALL, EmergencyReason::code, "reason");
            ("emergency_resolved", vec![text("record"), reason.required(), words("note"), text("movement")])
        }
        kind => match form_of(kind) {
            Some(form) => {
                let refers = ["record", "of", "from", "to"].map(text);
                (form.name, refers.into_iter().chain(form.fields().flat_map(asked)).collect())
            }
            None => (OTHER, vec![]),
        },
    };
    Template { name, questions }
}

fn checkin() -> Vec<Question> {
    let within = |inner: &'static str, question: Question| Question {
        path: vec![inner, question.path[0]],
        ..question
    };
    let mut questions = vec![
        one("checkin", CheckinKind::ALL, CheckinKind::code, "kind").required(),
        one("people", PeopleState::ALL, PeopleState::code, "people").required(),
        ask("headcount", Answer::Whole),
    ];
    questions.extend(position());
    questions.extend([words("note"), text("movement"), ask("next_in", Answer::Whole)]);
    questions.extend(["vehicles", "separated", "missing"].map(|name| within("roll", words(name))));
    questions.extend(["reason", "route", "vehicle", "who"].map(|name| within("detail", text(name))));
    questions.push(within("detail", one("passage", Passage::ALL, Passage::code, "passage")));
    questions.extend(["via", "said_by"].map(|name| within("relayed", text(name))));
    questions
}

fn position() -> [Question; 4] {
    let within = |name: &str, inner, answer| Question {
        name: name.to_owned(),
        path: vec!["position", inner],
        ..ask("position", answer)
    };
    let sources = PositionSource::ALL.iter().map(PositionSource::code).collect();
    [
        Question { codes: "position", ..within("position_source", "source", Answer::One(sources)) },
        Question { path: vec!["position"], ..within("position", "", Answer::Point) },
        within("position_name", "name", Answer::Text),
        within("position_km", "km", Answer::Decimal),
    ]
}

/// The questions for a field of a form: a place has two.
fn asked(field: &crate::event::form::Field) -> Vec<Question> {
    let mut codes = "";
    let answer = match field.ask {
        Ask::Line | Ask::Place | Ask::Person => Answer::Text,
        Ask::Text | Ask::Words | Ask::Lines => Answer::Words,
        Ask::One(list) => {
            codes = list.name;
            Answer::One(list.codes.to_vec())
        }
        Ask::Many(list) => {
            codes = list.name;
            Answer::Many(list.codes.to_vec())
        }
        Ask::Scale(list) => {
            codes = list.name;
            Answer::One(["0"].iter().chain(list.codes).copied().collect())
        }
        Ask::Count(_) => Answer::Whole,
        Ask::Amount => Answer::Decimal,
        Ask::Moment | Ask::Due => Answer::Moment,
        Ask::Yes => Answer::One(vec!["true", "false"]),
    };
    let named = matches!(field.ask, Ask::Place | Ask::Person);
    let question = Question {
        path: if named { vec![field.name, "name"] } else { vec![field.name] },
        required: field.required,
        only_if: field.only_if,
        codes,
        ..ask(field.name, answer)
    };
    let point = matches!(field.ask, Ask::Place).then(|| Question {
        name: format!("{}_at", field.name),
        required: false,
        path: vec![field.name, "at"],
        answer: Answer::Point,
        ..question.clone()
    });
    [question].into_iter().chain(point).collect()
}

fn ask(name: &'static str, answer: Answer) -> Question {
    Question { name: name.to_owned(), path: vec![name], answer, required: false, only_if: None, codes: "" }
}

fn text(name: &'static str) -> Question {
    ask(name, Answer::Text)
}

fn words(name: &'static str) -> Question {
    ask(name, Answer::Words)
}

fn one<T>(
    name: &'static str,
    all: &'static [T],
    code: fn(&'static T) -> &'static str,
    codes: &'static str,
) -> Question {
    Question { codes, ..ask(name, Answer::One(all.iter().map(code).collect())) }
}

impl Question {
    fn required(self) -> Self {
        Self { required: true, ..self }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn forms_and_their_questions_have_names_that_xml_takes_and_nothing_has_twice() {
        let all = templates();
        let ids: BTreeSet<_> = all.iter().map(Template::id).collect();
        assert_eq!(ids.len(), all.len());
        assert_eq!(all.len(), 6 + FORMS.len());
        let plain = |name: &str| {
            name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
        };
        for form in &all {
            let mut names: BTreeSet<&str> = [EVENT, "meta"].into();
            for question in &form.questions {
                let name = question.name.as_str();
                assert!(plain(name) && name.starts_with(|first: char| first.is_ascii_lowercase()), "{name}");
                assert!(names.insert(name), "{}: {name}", form.name);
            }
            assert!(plain(form.name), "{}", form.name);
        }
    }
}
