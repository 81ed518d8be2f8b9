//! Risk factors, and how dangerous areas are.

use super::threat::{IMPACT, LIKELIHOOD};
use super::{Ask, Codes, Field, Form, Section, Sector, Stands};
use crate::event::Kind;

/// UNSMS Security Risk Management; domain.md.
static CATEGORY: Codes =
    Codes { name: "category", codes: &["armed_conflict", "terrorism", "crime", "civil_unrest", "hazards"] };
static TREND: Codes = Codes { name: "trend", codes: &["rising", "steady", "falling", "unknown"] };
/// United Nations Security Level System.
static LEVEL: Codes =
    Codes { name: "level", codes: &["minimal", "low", "moderate", "substantial", "high", "extreme"] };

pub(super) static ASSESSED: Form = Form {
    kind: Kind::RiskAssessed,
    name: "risk",
    sector: Sector::Risk,
    stands: Stands::Alone,
    sensitive: false,
    one_of: &["what"],
    sections: &[
        Section {
            name: "factor",
            first: true,
            fields: &[
                Field::new("what", Ask::Text).required(),
                Field::new("category", Ask::One(&CATEGORY)),
                Field::new("area", Ask::Line),
                Field::new("place", Ask::Place),
            ],
        },
        Section {
            name: "weight",
            first: true,
            fields: &[
                Field::new("likelihood", Ask::Scale(&LIKELIHOOD)),
                Field::new("impact", Ask::Scale(&IMPACT)),
                Field::new("trend", Ask::One(&TREND)),
            ],
        },
        Section {
            name: "remarks",
            first: false,
            fields: &[Field::new("measures", Ask::Text), Field::new("note", Ask::Text)],
        },
    ],
};

pub(super) static RATED: Form = Form {
    kind: Kind::AreaRated,
    name: "level",
    sector: Sector::Risk,
    stands: Stands::Alone,
    sensitive: false,
    one_of: &["level"],
    sections: &[Section {
        name: "level",
        first: true,
        fields: &[
            Field::new("area", Ask::Line).required(),
            Field::new("level", Ask::One(&LEVEL)).required(),
            Field::new("place", Ask::Place),
            Field::new("reason", Ask::Text).required(),
            Field::new("review_by", Ask::Due),
        ],
    }],
};
