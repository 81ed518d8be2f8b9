//! What communities say, what they were told, and how far they accept us.

use super::threat::TARGET;
use super::{Ask, Codes, Field, Form, MAX_PEOPLE, Section, Sector, Stands};
use crate::event::Kind;

static STAKEHOLDER: Codes = Codes {
    name: "stakeholder",
    codes: &[
        "elders",
        "religious",
        "women",
        "youth",
        "local_authority",
        "national_authority",
        "security_forces",
        "armed_group",
        "displaced",
        "host_community",
        "health_staff",
        "teachers",
        "traders",
        "media",
        "other",
    ],
};
static INFLUENCE: Codes = Codes { name: "influence", codes: &["1", "2", "3", "4", "5"] };
static PERCEPTION: Codes = Codes { name: "perception", codes: &["1", "2", "3", "4", "5"] };
/// The messages that were agreed; the built-in list until a standards pack brings its own.
static MESSAGES: Codes = Codes {
    name: "message",
    codes: &[
        "who_we_are",
        "impartial",
        "not_armed",
        "no_side",
        "what_we_bring",
        "how_chosen",
        "free_of_charge",
        "how_to_complain",
        "why_we_ask",
        "no_information_passed",
    ],
};
/// IFRC community feedback kit; domain.md.
static FEEDBACK: Codes = Codes {
    name: "feedback",
    codes: &["warning", "rumour", "observation", "belief", "question", "suggestion", "complaint", "thanks"],
};
static HEARD_BY: Codes = Codes {
    name: "heard_by",
    codes: &[
        "conversation",
        "meeting",
        "clinic",
        "market",
        "call",
        "sms",
        "radio",
        "social_media",
        "box",
        "other",
    ],
};
static DANGER: Codes = Codes { name: "danger", codes: &["low", "medium", "high", "unknown"] };
/// CDAC Network, rumour tracking.
static VERIFIED: Codes =
    Codes { name: "truth", codes: &["not_checked", "true", "partly_true", "false", "cannot_be_known"] };

pub(super) static CONSULTED: Form = Form {
    kind: Kind::CommunityConsulted,
    name: "consulted",
    sector: Sector::Community,
    stands: Stands::Alone,
    sensitive: true,
    one_of: &["said"],
    sections: &[
        Section {
            name: "whom",
            first: true,
            fields: &[
                Field::new("stakeholder", Ask::Line).required().names_source(),
                Field::new("stakeholder_kind", Ask::One(&STAKEHOLDER)),
                Field::new("place", Ask::Place),
                Field::new("happened", Ask::Moment),
            ],
        },
        Section {
            name: "talk",
            first: true,
            fields: &[Field::new("said", Ask::Words), Field::new("messages", Ask::Many(&MESSAGES))],
        },
        Section {
            name: "relation",
            first: false,
            fields: &[
                Field::new("influence", Ask::Scale(&INFLUENCE)),
                Field::new("perception", Ask::Scale(&PERCEPTION)),
                Field::new("present", Ask::Count(MAX_PEOPLE)),
                Field::new("women_present", Ask::Count(MAX_PEOPLE)),
            ],
        },
        Section {
            name: "outcome",
            first: false,
            fields: &[
                Field::new("objective", Ask::Text),
                Field::new("agreed", Ask::Text),
                Field::new("follow_up", Ask::Text),
                Field::new("follow_up_by", Ask::Due),
                Field::new("language", Ask::Line),
                Field::new("translation", Ask::Words),
            ],
        },
    ],
};

pub(super) static HEARD: Form = Form {
    kind: Kind::CommunityHeard,
    name: "heard",
    sector: Sector::Community,
    stands: Stands::Alone,
    sensitive: true,
    one_of: &["words"],
    sections: &[
        Section {
            name: "heard",
            first: true,
            fields: &[
                Field::new("feedback", Ask::One(&FEEDBACK)).required(),
                Field::new("words", Ask::Words).required(),
                Field::new("place", Ask::Place),
                Field::new("happened", Ask::Moment),
            ],
        },
        Section {
            name: "meaning",
            first: true,
            fields: &[
                Field::new("danger", Ask::One(&DANGER)),
                Field::new("target", Ask::One(&TARGET)).only_if("feedback", &["warning", "rumour"]),
                Field::new("deadline", Ask::Due).only_if("feedback", &["warning", "rumour"]),
            ],
        },
        Section {
            name: "source",
            first: false,
            fields: &[
                Field::new("speaker", Ask::Line).names_source(),
                Field::new("group", Ask::One(&STAKEHOLDER)),
                Field::new("heard_by", Ask::One(&HEARD_BY)),
                Field::new("language", Ask::Line),
                Field::new("translation", Ask::Words),
            ],
        },
        Section {
            name: "checked",
            first: false,
            fields: &[Field::new("truth", Ask::One(&VERIFIED)), Field::new("outcome", Ask::Text)],
        },
    ],
};

pub(super) static ANSWERED: Form = Form {
    kind: Kind::CommunityAnswered,
    name: "answered",
    sector: Sector::Community,
    stands: Stands::About,
    sensitive: false,
    one_of: &["answer"],
    sections: &[Section {
        name: "answer",
        first: true,
        fields: &[
            Field::new("answer", Ask::Text).required(),
            Field::new("told_to", Ask::Line),
            Field::new("happened", Ask::Moment),
        ],
    }],
};

/// Ten indicators of acceptance (`InterAction`, 1993; domain.md), each 1 to 5: a field each.
static AGREE: Codes = Codes { name: "agree", codes: &["1", "2", "3", "4", "5"] };
/// Behaviour that says more than words (domain.md), good and bad.
static SIGNALS: Codes = Codes {
    name: "signal",
    codes: &[
        "warned_us",
        "guaranteed_safety",
        "returned_stolen",
        "came_to_us",
        "stopped_talking",
        "refused_safety",
        "stole_from_us",
        "spread_rumours",
    ],
};

pub(super) static ACCEPTANCE: Form = Form {
    kind: Kind::AcceptanceObserved,
    name: "acceptance",
    sector: Sector::Community,
    stands: Stands::Alone,
    sensitive: false,
    one_of: &[
        "consent",
        "stake",
        "design",
        "evaluation",
        "mission",
        "impartial",
        "culture",
        "priorities",
        "authorities",
        "everywhere",
        "signals",
    ],
    sections: &[
        Section {
            name: "where",
            first: true,
            fields: &[
                Field::new("area", Ask::Line).required(),
                Field::new("signals", Ask::Many(&SIGNALS)),
                Field::new("happened", Ask::Moment),
            ],
        },
        Section {
            name: "indicators",
            first: true,
            fields: &[
                Field::new("consent", Ask::Scale(&AGREE)),
                Field::new("stake", Ask::Scale(&AGREE)),
                Field::new("design", Ask::Scale(&AGREE)),
                Field::new("evaluation", Ask::Scale(&AGREE)),
                Field::new("mission", Ask::Scale(&AGREE)),
                Field::new("impartial", Ask::Scale(&AGREE)),
                Field::new("culture", Ask::Scale(&AGREE)),
                Field::new("priorities", Ask::Scale(&AGREE)),
                Field::new("authorities", Ask::Scale(&AGREE)),
                Field::new("everywhere", Ask::Scale(&AGREE)),
            ],
        },
        Section { name: "remarks", first: true, fields: &[Field::new("note", Ask::Text)] },
    ],
};
