//! Threat communications: what was said, what it is worth, and what came of it.

use super::{Ask, Codes, Field, Form, Section, Sector, Stands};
use crate::event::Kind;
use crate::event::code_list::code_list;

/// domain.md, threat communication.
static CHANNEL: Codes = Codes {
    name: "channel",
    codes: &[
        "face_to_face",
        "call",
        "sms",
        "social_media",
        "letter",
        "radio",
        "rumour",
        "via_third_party",
        "symbol_or_act",
        "other",
    ],
};
/// Whom it is aimed at (domain.md).
pub(super) static TARGET: Codes = Codes {
    name: "target",
    codes: &["person", "group", "organisation", "programme", "community", "convoy", "premises", "unknown"],
};
/// domain.md.
static MANNER: Codes =
    Codes { name: "manner", codes: &["direct", "indirect", "veiled", "conditional", "unknown"] };
static SPEAKER: Codes = Codes { name: "speaker", codes: &["known", "claimed", "suspected", "unknown"] };
static SPECIFIC: Codes = Codes { name: "specific", codes: &["very", "partly", "hardly", "unknown"] };
/// Voice and background cues (after the checklists for threatening calls that police forces hand out; our selection).
static VOICE: Codes = Codes {
    name: "voice",
    codes: &[
        "calm",
        "angry",
        "nervous",
        "intoxicated",
        "read_out",
        "disguised",
        "recorded",
        "woman",
        "man",
        "child",
        "street",
        "vehicle",
        "market",
        "animals",
        "music",
        "silence",
    ],
};
/// Reliability of a source, A to F (Admiralty system; NATO AJP-2.1). F is "cannot be judged", not the worst.
static SOURCE: Codes = Codes { name: "source", codes: &["A", "B", "C", "D", "E", "F"] };
/// Credibility of information, 1 to 6 (same). 6 is "cannot be judged".
static INFORMATION: Codes = Codes { name: "information", codes: &["1", "2", "3", "4", "5", "6"] };
/// 1 to 5 (UNSMS Security Risk Management; "capacity and willingness" of the ISMS paper).
static WILLINGNESS: Codes = Codes { name: "willingness", codes: &["1", "2", "3", "4", "5"] };
static CAPACITY: Codes = Codes { name: "capacity", codes: &["1", "2", "3", "4", "5"] };
static INHIBITING: Codes = Codes { name: "inhibiting", codes: &["1", "2", "3", "4", "5"] };
/// UNSMS Security Risk Management.
pub(super) static LIKELIHOOD: Codes = Codes { name: "likelihood", codes: &["1", "2", "3", "4", "5"] };
pub(super) static IMPACT: Codes = Codes { name: "impact", codes: &["1", "2", "3", "4", "5"] };

code_list! {
    /// What came of a threat (domain.md).
    Outcome {
        CarriedOut = "carried_out",
        NotCarriedOut = "not_carried_out",
        Averted = "averted_by",
        Merged = "merged",
        Unknown = "unknown",
    }
}

static OUTCOME: Codes =
    Codes { name: "outcome", codes: &["carried_out", "not_carried_out", "averted_by", "merged", "unknown"] };

pub(super) static REPORTED: Form = Form {
    kind: Kind::ThreatReported,
    name: "threat",
    sector: Sector::Community,
    stands: Stands::Alone,
    sensitive: true,
    one_of: &["words", "summary"],
    sections: &[
        Section {
            name: "said",
            first: true,
            fields: &[
                Field::new("words", Ask::Words),
                Field::new("summary", Ask::Text),
                Field::new("channel", Ask::One(&CHANNEL)),
                Field::new("happened", Ask::Moment),
            ],
        },
        Section {
            name: "aim",
            first: true,
            fields: &[
                Field::new("target", Ask::One(&TARGET)),
                Field::new("target_name", Ask::Line).names_source(),
                Field::new("place", Ask::Place),
                Field::new("deadline", Ask::Due),
            ],
        },
        Section {
            name: "language",
            first: false,
            fields: &[Field::new("language", Ask::Line), Field::new("translation", Ask::Words)],
        },
        Section {
            name: "who",
            first: false,
            fields: &[
                Field::new("recipient", Ask::Line).names_source(),
                Field::new("speaker", Ask::Line).names_source(),
                Field::new("speaker_known", Ask::One(&SPEAKER)),
                Field::new("witnesses", Ask::Text).names_source(),
            ],
        },
        Section {
            name: "content",
            first: false,
            fields: &[
                Field::new("manner", Ask::One(&MANNER)),
                Field::new("demand", Ask::Text),
                Field::new("specific", Ask::One(&SPECIFIC)),
                Field::new("voice", Ask::Many(&VOICE)).only_if("channel", &["call", "radio", "face_to_face"]),
                Field::new("cues", Ask::Text),
            ],
        },
        Section {
            name: "since",
            first: false,
            fields: &[
                Field::new("earlier", Ask::Text),
                Field::new("told", Ask::Lines).names_source(),
                Field::new("answer", Ask::Text),
            ],
        },
    ],
};

pub(super) static EVALUATED: Form = Form {
    kind: Kind::ThreatEvaluated,
    name: "evaluation",
    sector: Sector::Community,
    stands: Stands::About,
    sensitive: false,
    one_of: &["source", "information", "willingness", "capacity", "likelihood", "conclusion"],
    sections: &[
        Section {
            name: "admiralty",
            first: true,
            fields: &[
                Field::new("source", Ask::One(&SOURCE)),
                Field::new("information", Ask::One(&INFORMATION)),
            ],
        },
        Section {
            name: "quality",
            first: true,
            fields: &[
                Field::new("willingness", Ask::Scale(&WILLINGNESS)),
                Field::new("capacity", Ask::Scale(&CAPACITY)),
                Field::new("inhibiting", Ask::Scale(&INHIBITING)),
            ],
        },
        // The five steps: Front Line Defenders, Workbook on Security (2011), chapter on threats; our words.
        Section {
            name: "steps",
            first: true,
            fields: &[
                Field::new("facts", Ask::Text),
                Field::new("pattern", Ask::Text),
                Field::new("objective", Ask::Text),
                Field::new("who", Ask::Text),
                Field::new("conclusion", Ask::Text),
            ],
        },
        Section {
            name: "risk",
            first: true,
            fields: &[
                Field::new("likelihood", Ask::Scale(&LIKELIHOOD)),
                Field::new("impact", Ask::Scale(&IMPACT)),
            ],
        },
    ],
};

pub(super) static CLOSED: Form = Form {
    kind: Kind::ThreatClosed,
    name: "threat_end",
    sector: Sector::Community,
    stands: Stands::About,
    sensitive: false,
    one_of: &["outcome"],
    sections: &[Section {
        name: "outcome",
        first: true,
        fields: &[
            Field::new("outcome", Ask::One(&OUTCOME)).required(),
            Field::new("measure", Ask::Text).required().only_if("outcome", &["averted_by"]),
            Field::new("note", Ask::Text),
        ],
    }],
};
