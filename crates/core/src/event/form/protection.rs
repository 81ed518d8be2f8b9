//! What is done before anything happens: checklists, training, drills.

use super::{Ask, Codes, Field, Form, MAX_PEOPLE, Section, Sector, Stands};
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
            Field::new("area", Ask::Line),
            Field::new("met", Ask::Lines),
            Field::new("gaps", Ask::Lines),
            Field::new("skipped", Ask::Lines),
            Field::new("missing", Ask::Lines),
            Field::new("happened", Ask::Moment),
            Field::new("note", Ask::Text),
        ],
    }],
};

/// What field staff are trained in (after the courses that agencies ask for; our selection).
static COURSE: Codes = Codes {
    name: "course",
    codes: &[
        "personal_security",
        "hostile_environment",
        "driving",
        "radio",
        "first_aid",
        "mine_awareness",
        "security_management",
        "crisis_management",
        "community_engagement",
        "safeguarding",
        "induction",
        "other",
    ],
};

/// Who was trained in what, and until when that holds.
pub(super) static TRAINING: Form = Form {
    kind: Kind::TrainingRecorded,
    name: "training",
    sector: Sector::Protection,
    stands: Stands::Alone,
    sensitive: false,
    one_of: &[],
    sections: &[Section {
        name: "training",
        first: true,
        fields: &[
            Field::new("person", Ask::Person).required().fixed(),
            Field::new("course", Ask::One(&COURSE)).required(),
            Field::new("happened", Ask::Moment),
            Field::new("expires", Ask::Due),
            Field::new("given_by", Ask::Line),
            Field::new("area", Ask::Line),
            Field::new("note", Ask::Text),
        ],
    }],
};

static DRILL_KIND: Codes = Codes { name: "drill_kind", codes: &["table_top", "live"] };
static DRILL_RESULT: Codes = Codes { name: "drill_result", codes: &["as_planned", "partly", "not"] };

/// A contingency plan that was practised.
pub(super) static DRILL: Form = Form {
    kind: Kind::DrillHeld,
    name: "drill",
    sector: Sector::Protection,
    stands: Stands::Alone,
    sensitive: false,
    one_of: &[],
    sections: &[Section {
        name: "drill",
        first: true,
        fields: &[
            Field::new("plan", Ask::Line).required().fixed(),
            Field::new("title", Ask::Line).required().fixed(),
            Field::new("name", Ask::Line).required(),
            Field::new("area", Ask::Line),
            Field::new("drill_kind", Ask::One(&DRILL_KIND)).required(),
            Field::new("happened", Ask::Moment),
            Field::new("people", Ask::Count(MAX_PEOPLE)),
            Field::new("result", Ask::One(&DRILL_RESULT)).required(),
            Field::new("went", Ask::Text),
            Field::new("lessons", Ask::Text).required(),
        ],
    }],
};

/// A protection that is missing, whoever noticed it and without a checklist.
pub(super) static GAP: Form = Form {
    kind: Kind::GapRaised,
    name: "lack",
    sector: Sector::Protection,
    stands: Stands::Alone,
    sensitive: false,
    one_of: &["what"],
    sections: &[Section {
        name: "lack",
        first: true,
        fields: &[
            Field::new("what", Ask::Text).required(),
            Field::new("subject", Ask::One(&SUBJECT)),
            Field::new("name", Ask::Line),
            Field::new("standard", Ask::Line),
            Field::new("area", Ask::Line),
            Field::new("place", Ask::Place),
        ],
    }],
};
