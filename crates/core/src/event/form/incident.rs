//! What happened, and what was lost.

use super::{Ask, Codes, Field, Form, MAX_PEOPLE, Section, Sector, Stands};
use crate::event::Kind;

/// Means of attack (Aid Worker Security Database, codebook).
pub const MEANS_AWSD: &[&str] =
    &["AB", "BA", "B", "BBIED", "CX", "RIED", "VBIED", "K", "KK", "RSA", "LM", "S", "U"];
/// Everyday events that the database leaves out (domain.md, ours).
pub const MEANS_OTHER: &[&str] = &[
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
];
static MEANS: Codes = Codes {
    name: "means",
    codes: &[
        "near_miss",
        "threat_or_harassment",
        "authority_encounter",
        "arrest",
        "robbery",
        "carjacking",
        "road_accident",
        "S",
        "BA",
        "K",
        "KK",
        "RSA",
        "B",
        "RIED",
        "VBIED",
        "BBIED",
        "CX",
        "AB",
        "LM",
        "rule_breach",
        "digital",
        "illness",
        "U",
    ],
};
/// Context of the attack (Aid Worker Security Database).
static CONTEXT: Codes = Codes { name: "context", codes: &["Am", "C", "IA", "MV", "R", "D", "U"] };
/// Kind of location (same).
static LOCATION: Codes = Codes { name: "location", codes: &["H", "OC", "PS", "P", "R", "C", "U"] };
/// The act, one of four dimensions (International NGO Safety Organisation).
static ACT: Codes = Codes { name: "act", codes: &["attack", "confine", "theft", "threat"] };
static HELP: Codes = Codes {
    name: "help",
    codes: &["medical", "evacuation", "search", "vehicle", "police", "shelter", "contact_family", "none"],
};
static KNOWN: Codes = Codes { name: "known", codes: &["yes", "no", "unknown"] };

pub(super) static REPORTED: Form = Form {
    kind: Kind::IncidentReported,
    name: "incident",
    sector: Sector::Protection,
    stands: Stands::Alone,
    sensitive: true,
    one_of: &["what"],
    sections: &[
        Section {
            name: "what",
            first: true,
            fields: &[
                Field::new("what", Ask::Words).required(),
                Field::new("means", Ask::One(&MEANS)),
                Field::new("happened", Ask::Moment),
                Field::new("place", Ask::Place),
            ],
        },
        Section {
            name: "people",
            first: true,
            fields: &[
                Field::new("who", Ask::Text).names_source(),
                Field::new("help", Ask::Many(&HELP)),
                Field::new("done", Ask::Text),
                Field::new("critical", Ask::Yes),
            ],
        },
        Section {
            name: "affected",
            first: false,
            fields: &[
                Field::new("killed", Ask::Count(MAX_PEOPLE)),
                Field::new("wounded", Ask::Count(MAX_PEOPLE)),
                Field::new("kidnapped", Ask::Count(MAX_PEOPLE)),
                Field::new("missing", Ask::Count(MAX_PEOPLE)),
            ],
        },
        Section {
            name: "dimensions",
            first: false,
            fields: &[
                Field::new("context", Ask::One(&CONTEXT)),
                Field::new("location", Ask::One(&LOCATION)),
                Field::new("actor", Ask::Line).names_source(),
                Field::new("act", Ask::One(&ACT)),
                Field::new("effect", Ask::Text),
            ],
        },
        Section {
            name: "account",
            first: false,
            fields: &[
                Field::new("course", Ask::Words),
                Field::new("witnesses", Ask::Text).names_source(),
                Field::new("told", Ask::Lines).names_source(),
                Field::new("language", Ask::Line),
                Field::new("translation", Ask::Words),
            ],
        },
    ],
};

pub(super) static CLOSED: Form = Form {
    kind: Kind::IncidentClosed,
    name: "incident_end",
    sector: Sector::Protection,
    stands: Stands::About,
    sensitive: false,
    one_of: &["warned"],
    sections: &[Section {
        name: "lessons",
        first: true,
        fields: &[
            Field::new("warned", Ask::One(&KNOWN)).required(),
            Field::new("knew", Ask::Text).required().only_if("warned", &["yes"]),
            Field::new("held", Ask::Text),
            Field::new("followed", Ask::Text),
            Field::new("revise", Ask::Text),
            Field::new("note", Ask::Text),
        ],
    }],
};

/// Insecurity Insight's categories of harm, and those of the ISMS paper (domain.md).
static LOSS_KIND: Codes = Codes {
    name: "loss_kind",
    codes: &[
        "none_averted",
        "killed",
        "wounded",
        "kidnapped",
        "raped",
        "arrested",
        "missing",
        "psychological",
        "buildings",
        "vehicles",
        "commodities",
        "equipment",
        "access_constrained",
        "suspended",
        "delayed",
        "closed",
        "reputation",
    ],
};
const ASSETS: &[&str] = &["buildings", "vehicles", "commodities", "equipment"];

pub(super) static LOSS: Form = Form {
    kind: Kind::LossRecorded,
    name: "loss",
    sector: Sector::Mitigation,
    stands: Stands::Alone,
    sensitive: true,
    one_of: &["loss"],
    sections: &[Section {
        name: "loss",
        first: true,
        fields: &[
            Field::new("loss", Ask::One(&LOSS_KIND)).required(),
            Field::new("measure", Ask::Text).required().only_if("loss", &["none_averted"]),
            Field::new("number", Ask::Count(MAX_PEOPLE)),
            Field::new("value", Ask::Amount).only_if("loss", ASSETS),
            Field::new("currency", Ask::Line).only_if("loss", ASSETS),
            Field::new("happened", Ask::Moment),
            Field::new("place", Ask::Place),
            Field::new("note", Ask::Text),
        ],
    }],
};
