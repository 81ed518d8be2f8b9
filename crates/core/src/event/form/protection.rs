//! What is done before anything happens: checklists.

use super::{Ask, Codes, Field, Form, Section, Sector, Stands};
use crate::event::Kind;
use crate::guidance::SUBJECTS;

static SUBJECT: Codes = Codes { name: "subject", codes: &SUBJECTS };

/// A checklist of a standards pack, filled in. It says what is missing in words, for whoever has another pack.
pub(super) static CHECKLIST: Form = Form {
    kind: Kind::ChecklistCompleted,
    name: "checklist",
    sector: Sector::Protection,
    stands: Stands::Alone,
    sensitive: false,
    one_of: &[],
    sections: &[Section {
        name: "checklist",
        first: true,
        fields: &[
            Field::new("title", Ask::Line).required().fixed(),
            Field::new("checklist", Ask::Line).required().fixed(),
            Field::new("subject", Ask::One(&SUBJECT)).required().fixed(),
            Field::new("name", Ask::Line).required().fixed(),
            Field::new("met", Ask::Lines),
            Field::new("gaps", Ask::Lines),
            Field::new("skipped", Ask::Lines),
            Field::new("missing", Ask::Lines),
            Field::new("happened", Ask::Moment),
            Field::new("note", Ask::Text),
        ],
    }],
};
