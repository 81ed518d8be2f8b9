//! What the central office looks into.

use super::{Ask, Codes, Field, Form, Section, Sector, Stands};
use crate::event::Kind;

static INTO: Codes =
    Codes { name: "into", codes: &["incident", "risk", "community", "protection", "mitigation"] };

pub(super) static OPENED: Form = Form {
    kind: Kind::InvestigationOpened,
    name: "investigation",
    sector: Sector::Centre,
    stands: Stands::Alone,
    sensitive: true,
    one_of: &["scope"],
    sections: &[Section {
        name: "investigation",
        first: true,
        fields: &[
            Field::new("into", Ask::One(&INTO)).required(),
            Field::new("scope", Ask::Text).required(),
            Field::new("area", Ask::Line),
            Field::new("leader", Ask::Person).required().fixed(),
            Field::new("due", Ask::Due),
        ],
    }],
};

pub(super) static CLOSED: Form = Form {
    kind: Kind::InvestigationClosed,
    name: "investigation_end",
    sector: Sector::Centre,
    stands: Stands::About,
    sensitive: false,
    one_of: &["found"],
    sections: &[Section {
        name: "result",
        first: true,
        fields: &[Field::new("found", Ask::Words).required(), Field::new("proposal", Ask::Text).required()],
    }],
};
