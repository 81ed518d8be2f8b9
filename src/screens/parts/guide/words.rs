use waymark_core::event::{CheckinKind, EmergencyReason, Passage, PeopleState};
use waymark_core::guidance::{Card, CardText, Moment, Translation, list_of};

use crate::i18n::I18n;
use crate::say;
use crate::screens::parts::{forms, words};
use crate::ui::{IconData, lu};

/// Of a language that a card stands in.
pub fn direction(language: &str) -> &'static str {
    if matches!(language, "ar" | "fa" | "ps" | "ur" | "he" | "dv" | "ckb") { "rtl" } else { "ltr" }
}

/// A language in its own name, where it is known.
pub fn language_name(language: &str) -> String {
    match language {
        "en" => "English",
        "fr" => "Français",
        "es" => "Español",
        "ar" => "العربية",
        other => other,
    }
    .to_owned()
}

pub fn field_name(i18n: I18n, field: &str) -> String {
    match field {
        "transport" => say!(i18n, guidance.transport),
        "crisis" => say!(i18n, guidance.crisis),
        "premises" => say!(i18n, guidance.premises),
        "staff" => say!(i18n, guidance.staff),
        "communication" => say!(i18n, guidance.communication),
        "community" => say!(i18n, guidance.community),
        "mitigation" => say!(i18n, guidance.mitigation),
        other => other.to_owned(),
    }
}

pub fn field_icon(field: &str) -> IconData {
    match field {
        "transport" => lu::LuRoute,
        "crisis" => lu::LuSiren,
        "premises" => lu::LuHouse,
        "staff" => lu::LuHeartHandshake,
        "communication" => lu::LuRadio,
        "community" => lu::LuUsers,
        _ => lu::LuListChecks,
    }
}

/// What a text lacks before somebody may rely on it alone; nothing where a person has seen to it.
pub fn lacks(i18n: I18n, translation: Translation, outdated: bool, clinician: bool) -> Vec<String> {
    let mut all = vec![];
    if translation == Translation::Machine {
        all.push(say!(i18n, guidance.machine));
    }
    if outdated {
        all.push(say!(i18n, guidance.outdated));
    }
    if clinician {
        all.push(say!(i18n, guidance.needs_clinician));
    }
    all
}

/// The same of a card.
pub fn card_lacks(i18n: I18n, card: &Card, text: &CardText) -> Vec<String> {
    let clinician = card.needs.is_some() && card.reviewed_by.is_none();
    lacks(i18n, text.translation, text.revision < card.revision, clinician)
}

/// The situation that a card is offered for: "Telephone call".
pub fn moment_words(i18n: I18n, moment: &Moment) -> String {
    let code = moment.code.as_str();
    let of = |list: &str| forms::code(i18n, list, code);
    match moment.axis.as_str() {
        axis if moment.is_any() => form_words(i18n, axis),
        "checkin" => words::kind(i18n, &CheckinKind::from_code(code)),
        "passage" => words::passage(i18n, &Passage::from_code(code)),
        "people" => words::people(i18n, &PeopleState::from_code(code)),
        "emergency" => words::reason(i18n, &EmergencyReason::from_code(code)),
        "leg" => say!(i18n, guidance.night),
        "overdue" => say!(i18n, guidance.overdue),
        axis => of(list_of(axis)),
    }
}

fn form_words(i18n: I18n, axis: &str) -> String {
    match axis {
        "leg" => say!(i18n, guidance.leg),
        "overdue" => say!(i18n, guidance.overdue),
        "emergency" => say!(i18n, guidance.emergency),
        "checkin" => say!(i18n, nav.check_in),
        form => forms::text(i18n, &format!("{form}_short")).unwrap_or_default(),
    }
}
