//! What is done about it, checked by somebody else, and what is learnt.

use super::{Ask, Codes, Field, Form, Section, Sector, Stands};
use crate::event::Kind;

/// domain.md, mitigation; `recommendation` stands for what is recommended against a risk factor, with owner and date.
static ACTION: Codes = Codes {
    name: "action",
    codes: &[
        "recommendation",
        "medical_care",
        "post_traumatic_support",
        "welfare_contact",
        "evacuation",
        "relocation",
        "asset_recovery",
        "protection_upgrade",
        "evaluation",
        "investigation",
        "compensation",
        "family_liaison",
    ],
};
/// After an incident, whoever was hit is spoken to after so many hours: 24 h, 72 h, two weeks, three months (domain.md).
pub const WELFARE_HOURS: [u32; 4] = [24, 72, 14 * 24, 91 * 24];

static HOLDS: Codes = Codes { name: "holds", codes: &["yes", "not_yet"] };
static SECTOR: Codes = Codes { name: "sector", codes: &["risk", "community", "protection", "mitigation"] };

pub(super) static OPENED: Form = Form {
    kind: Kind::ActionOpened,
    name: "action",
    sector: Sector::Mitigation,
    stands: Stands::Alone,
    sensitive: true,
    one_of: &["what"],
    sections: &[Section {
        name: "action",
        first: true,
        fields: &[
            Field::new("action", Ask::One(&ACTION)).required(),
            Field::new("what", Ask::Text).required(),
            Field::new("owner", Ask::Person).required().fixed(),
            Field::new("due", Ask::Due).required(),
        ],
    }],
};

pub(super) static DONE: Form = Form {
    kind: Kind::ActionDone,
    name: "done",
    sector: Sector::Mitigation,
    stands: Stands::About,
    sensitive: false,
    one_of: &["evidence"],
    sections: &[Section {
        name: "done",
        first: true,
        fields: &[Field::new("evidence", Ask::Text).required(), Field::new("happened", Ask::Moment)],
    }],
};

pub(super) static VERIFIED: Form = Form {
    kind: Kind::ActionVerified,
    name: "verified",
    sector: Sector::Mitigation,
    stands: Stands::About,
    sensitive: false,
    one_of: &["holds"],
    sections: &[Section {
        name: "verified",
        first: true,
        fields: &[
            Field::new("holds", Ask::One(&HOLDS)).required(),
            Field::new("note", Ask::Text).required().only_if("holds", &["not_yet"]),
        ],
    }],
};

pub(super) static FINDING: Form = Form {
    kind: Kind::FindingRecorded,
    name: "finding",
    sector: Sector::Mitigation,
    stands: Stands::Alone,
    sensitive: true,
    one_of: &["what"],
    sections: &[Section {
        name: "finding",
        first: true,
        fields: &[
            Field::new("what", Ask::Text).required(),
            Field::new("sector", Ask::One(&SECTOR)),
            Field::new("standard", Ask::Line),
            Field::new("proposal", Ask::Text).required(),
        ],
    }],
};
