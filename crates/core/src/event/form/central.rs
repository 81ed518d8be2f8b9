//! What the central office looks into, publishes and makes of proposals.

use super::{Ask, Codes, Field, Form, MAX_VERSION, Section, Sector, Stands};
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

/// A version of the standards that was published, in words for those who follow what central does.
pub(super) static PUBLISHED: Form = Form {
    kind: Kind::PackPublished,
    name: "publication",
    sector: Sector::Centre,
    stands: Stands::Alone,
    sensitive: false,
    one_of: &[],
    sections: &[Section {
        name: "publication",
        first: true,
        fields: &[
            Field::new("title", Ask::Line).required().fixed(),
            Field::new("standards", Ask::Line).required().fixed(),
            Field::new("version", Ask::Count(MAX_VERSION)).required().fixed(),
            Field::new("changes", Ask::Words),
            Field::new("note", Ask::Text),
        ],
    }],
};

static DECIDED: Codes = Codes { name: "decided", codes: &["taken_up", "declined"] };

/// What becomes of the proposal of a finding: the draft of a card's next revision, or why there is none.
pub(super) static PROPOSAL: Form = Form {
    kind: Kind::ProposalDecided,
    name: "proposal",
    sector: Sector::Centre,
    stands: Stands::About,
    sensitive: false,
    one_of: &["decided"],
    sections: &[Section {
        name: "proposal",
        first: true,
        fields: &[
            Field::new("decided", Ask::One(&DECIDED)).required(),
            Field::new("card", Ask::Line).only_if("decided", &["taken_up"]),
            // The card as its file is to be, in the original language; see docs/PACKS.md.
            Field::new("draft", Ask::Words).only_if("decided", &["taken_up"]),
            Field::new("note", Ask::Text).required().only_if("decided", &["declined"]),
        ],
    }],
};
