use std::fmt;
use std::str::FromStr;

use super::CodeLists;
use crate::event::Kind;
use crate::event::form::{Form, FormDraft};
use crate::json::json_text;

/// A situation in which guidance is offered: an axis of the records and one of its codes, or any of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    pub axis: String,
    /// `any` stands for all codes of the axis, known or not.
    pub code: String,
}

const ANY: &str = "any";

impl Moment {
    pub fn new(axis: &str, code: &str) -> Self {
        Self { axis: axis.to_owned(), code: code.to_owned() }
    }

    /// Of an axis on which nothing more is known.
    pub fn any(axis: &str) -> Self {
        Self::new(axis, ANY)
    }

    pub fn is_any(&self) -> bool {
        self.code == ANY
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.axis, self.code)
    }
}

impl FromStr for Moment {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (axis, code) = text.trim().split_once(':').ok_or(())?;
        if axis.is_empty() || code.is_empty() { Err(()) } else { Ok(Self::new(axis, code)) }
    }
}

json_text!(Moment);

/// The axes, and the codes of each that a card may name. The codes are those of the records; see docs/PACKS.md.
pub const AXES: &[(&str, &[&str])] = &[
    (
        "checkin",
        &[
            "departed",
            "waypoint",
            "scheduled",
            "delayed",
            "halted",
            "diverted",
            "checkpoint",
            "breakdown",
            "overnight",
            "arrived",
            "handover",
            ANY,
        ],
    ),
    ("passage", &["free", "searched", "payment_asked", "refused"]),
    ("people", &["need_assistance", "not_safe", "unknown"]),
    (
        "emergency",
        &["traffic_accident", "robbery", "attack", "abduction", "medical", "mine_uxo", "other", ANY],
    ),
    (
        "threat",
        &[
            "face_to_face",
            "call",
            "sms",
            "social_media",
            "letter",
            "radio",
            "rumour",
            "via_third_party",
            "symbol_or_act",
            ANY,
        ],
    ),
    ("target", &["person", "group", "organisation", "programme", "community", "convoy", "premises"]),
    (
        "incident",
        &[
            "AB",
            "BA",
            "B",
            "BBIED",
            "CX",
            "RIED",
            "VBIED",
            "K",
            "KK",
            "RSA",
            "LM",
            "S",
            "threat_or_harassment",
            "authority_encounter",
            "arrest",
            "robbery",
            "carjacking",
            "road_accident",
            "near_miss",
            "rule_breach",
            "digital",
            "illness",
            ANY,
        ],
    ),
    ("context", &["Am", "C", "IA", "MV", "R", "D"]),
    ("location", &["H", "OC", "PS", "P", "R", "C"]),
    ("help", &["medical", "evacuation", "search", "vehicle", "police", "shelter", "contact_family"]),
    (
        "heard",
        &["warning", "rumour", "observation", "belief", "question", "suggestion", "complaint", "thanks", ANY],
    ),
    ("consulted", &[ANY]),
    (
        "loss",
        &[
            "killed",
            "wounded",
            "kidnapped",
            "raped",
            "arrested",
            "missing",
            "psychological",
            "vehicles",
            "commodities",
            "equipment",
            "buildings",
            "reputation",
            ANY,
        ],
    ),
    (
        "action",
        &[
            "medical_care",
            "post_traumatic_support",
            "evacuation",
            "relocation",
            "asset_recovery",
            "protection_upgrade",
            "evaluation",
            "investigation",
            "compensation",
            "family_liaison",
            "welfare_contact",
            ANY,
        ],
    ),
    ("leg", &["night", ANY]),
    ("overdue", &["1", "2", "3", "4", "5", ANY]),
];

/// Whether there is such an axis, and the code on it; `own` are the organisation's codes.
pub fn axis_has(moment: &Moment, own: &CodeLists) -> bool {
    let Some((axis, codes)) = AXES.iter().find(|(axis, _)| *axis == moment.axis) else { return false };
    codes.contains(&moment.code.as_str()) || own.has(list_of(axis), &moment.code)
}

/// The list of codes of an axis, if it is one of the forms'.
pub fn list_of(axis: &str) -> &str {
    match axis {
        "threat" => "channel",
        "incident" => "means",
        "heard" => "feedback",
        "loss" => "loss_kind",
        axis => axis,
    }
}

/// The situation that a form describes while it is filled in, what matters most first.
pub fn moments_of(form: &Form, draft: &FormDraft) -> Vec<Moment> {
    let fields: &[(&str, &str)] = match form.kind {
        Kind::ThreatReported => &[("threat", "channel"), ("target", "target")],
        Kind::IncidentReported => {
            &[("incident", "means"), ("help", "help"), ("context", "context"), ("location", "location")]
        }
        Kind::CommunityHeard => &[("heard", "feedback")],
        Kind::CommunityConsulted => &[("consulted", "")],
        Kind::LossRecorded => &[("loss", "loss")],
        Kind::ActionOpened => &[("action", "action")],
        _ => &[],
    };
    let mut moments = vec![];
    for (axis, field) in fields {
        let codes = draft.get(field).split('\n').filter(|code| !code.is_empty());
        let before = moments.len();
        moments.extend(codes.map(|code| Moment::new(axis, code)));
        // The first axis is what the form is for, whatever has been answered.
        if moments.is_empty() && before == 0 {
            moments.push(Moment::any(axis));
        }
    }
    moments
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::form::{Ask, form_named};

    fn of(form: &str, answers: &[(&str, &str)]) -> Vec<String> {
        let mut draft = FormDraft::default();
        for (name, value) in answers {
            draft.put(name, value);
        }
        moments_of(form_named(form).unwrap(), &draft).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_form_says_which_situation_it_is() {
        assert_eq!(of("threat", &[]), ["threat:any"]);
        assert_eq!(of("threat", &[("target", "premises")]), ["threat:any", "target:premises"]);
        assert_eq!(
            of("threat", &[("target", "person"), ("channel", "call")]),
            ["threat:call", "target:person"]
        );
        assert_eq!(
            of("incident", &[("means", "robbery"), ("help", "medical\npolice")]),
            ["incident:robbery", "help:medical", "help:police"]
        );
        assert_eq!(of("consulted", &[]), ["consulted:any"]);
        assert_eq!(of("risk", &[]), [""; 0]);
    }

    #[test]
    fn every_axis_of_a_form_has_the_codes_of_its_field() {
        for (form, axis, field) in [
            ("threat", "threat", "channel"),
            ("threat", "target", "target"),
            ("incident", "incident", "means"),
            ("incident", "help", "help"),
            ("incident", "context", "context"),
            ("incident", "location", "location"),
            ("heard", "heard", "feedback"),
            ("loss", "loss", "loss"),
            ("action", "action", "action"),
        ] {
            let field = form_named(form).unwrap().field(field).unwrap();
            let (Ask::One(list) | Ask::Many(list)) = field.ask else { panic!("{form}") };
            let (_, codes) = AXES.iter().find(|(own, _)| *own == axis).unwrap();
            for code in codes.iter().filter(|code| **code != ANY) {
                assert!(list.codes.contains(code), "{axis}:{code}");
            }
        }
    }
}
