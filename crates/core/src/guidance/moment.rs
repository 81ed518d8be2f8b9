use std::fmt;
use std::str::FromStr;

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

/// Whether there is such an axis, and the code on it.
pub fn axis_has(moment: &Moment) -> bool {
    AXES.iter().any(|(axis, codes)| *axis == moment.axis && codes.contains(&moment.code.as_str()))
}
