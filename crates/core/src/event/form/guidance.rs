//! What becomes of guidance: it is read, added to by an office, and given names.

use super::{Ask, Codes, Field, Form, MAX_VERSION, Section, Sector, Stands};
use crate::event::Kind;

/// Somebody says that they have read a card and understood it. A later revision is read again.
pub(super) static READ: Form = Form {
    kind: Kind::GuidanceRead,
    name: "reading",
    sector: Sector::Protection,
    stands: Stands::Alone,
    sensitive: false,
    one_of: &[],
    sections: &[Section {
        name: "reading",
        first: true,
        fields: &[
            Field::new("title", Ask::Line).required().fixed(),
            Field::new("card", Ask::Line).required().fixed(),
            Field::new("revision", Ask::Count(MAX_VERSION)).required().fixed(),
        ],
    }],
};

/// What an office says holds until it says otherwise.
static STATE: Codes = Codes { name: "state", codes: &["holds", "withdrawn"] };

/// What an office adds to a card; it stands beside the card and changes nothing of it. The newest of a base counts. `area` is whose
/// people it is for, all of the author's where it is left out.
pub(super) static NOTED: Form = Form {
    kind: Kind::GuidanceNoted,
    name: "office_note",
    sector: Sector::Protection,
    stands: Stands::Alone,
    sensitive: false,
    one_of: &["text"],
    sections: &[Section {
        name: "note",
        first: true,
        fields: &[
            Field::new("title", Ask::Line).required().fixed(),
            Field::new("card", Ask::Line).required().fixed(),
            Field::new("base", Ask::Line).required(),
            Field::new("area", Ask::Line).fixed(),
            Field::new("text", Ask::Text).required().only_if("state", &["holds"]),
            Field::new("state", Ask::One(&STATE)).required(),
        ],
    }],
};

/// Who stands in for the roles of a contingency plan at one base. The newest of a base counts.
pub(super) static STAFFED: Form = Form {
    kind: Kind::PlanStaffed,
    name: "staffing",
    sector: Sector::Protection,
    stands: Stands::Alone,
    sensitive: false,
    one_of: &["posts"],
    sections: &[Section {
        name: "staffing",
        first: true,
        fields: &[
            Field::new("title", Ask::Line).required().fixed(),
            Field::new("plan", Ask::Line).required().fixed(),
            Field::new("base", Ask::Line).required(),
            Field::new("area", Ask::Line).fixed(),
            Field::new("state", Ask::One(&STATE)).required(),
            // As [`crate::guidance::Post`] writes and reads them.
            Field::new("posts", Ask::Lines).required().only_if("state", &["holds"]),
            Field::new("review_by", Ask::Due),
        ],
    }],
};
