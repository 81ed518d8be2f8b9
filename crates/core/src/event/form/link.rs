//! What joins items, and what adds to them.

use super::{Ask, Codes, Field, Form, Section, Sector, Stands};
use crate::event::Kind;
use crate::event::code_list::code_list;

code_list! {
    /// How two items of the chain belong together, read from the one to the other.
    Relation {
        LedTo = "led_to",
        CarriedOutAs = "carried_out_as",
        ResultedIn = "resulted_in",
        SameAs = "same_as",
        Supports = "supports",
        Contradicts = "contradicts",
        AvertedBy = "averted_by",
        /// They do not: takes a link back.
        Withdrawn = "withdrawn",
    }
}

static RELATION: Codes = Codes {
    name: "relation",
    codes: &[
        "led_to",
        "carried_out_as",
        "resulted_in",
        "same_as",
        "supports",
        "contradicts",
        "averted_by",
        "withdrawn",
    ],
};

pub(super) static MADE: Form = Form {
    kind: Kind::LinkMade,
    name: "link",
    sector: Sector::Community,
    stands: Stands::Between,
    sensitive: false,
    one_of: &["relation"],
    sections: &[Section {
        name: "link",
        first: true,
        fields: &[Field::new("relation", Ask::One(&RELATION)).required(), Field::new("note", Ask::Text)],
    }],
};

/// Later detail to a report: its other members are those of the form that `form` names.
pub(super) static UPDATED: Form = Form {
    kind: Kind::ReportUpdated,
    name: "update",
    sector: Sector::Community,
    stands: Stands::About,
    sensitive: false,
    one_of: &[],
    sections: &[],
};
