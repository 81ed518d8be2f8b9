use waymark_core::event::{CheckinKind, PeopleState, PositionSource};

use crate::i18n::I18n;
use crate::say;
use crate::screens::parts::words;
use crate::ui::{Choice, IconData, Tone, lu};

/// What most check-ins are; the others stand behind a button.
const COMMON: [CheckinKind; 6] = [
    CheckinKind::Scheduled,
    CheckinKind::Departed,
    CheckinKind::Waypoint,
    CheckinKind::Halted,
    CheckinKind::Checkpoint,
    CheckinKind::Arrived,
];

pub fn is_rare(code: &str) -> bool {
    !COMMON.iter().any(|kind| kind.code() == code)
}

/// The kinds to choose from: the common ones, a rare one that is chosen, or all.
pub fn kinds(i18n: I18n, all: bool, chosen: Option<&str>) -> Vec<Choice> {
    let rare =
        CheckinKind::ALL.iter().filter(|kind| !COMMON.contains(kind) && (all || Some(kind.code()) == chosen));
    COMMON
        .iter()
        .chain(rare)
        .map(|kind| Choice {
            value: kind.code().to_owned(),
            label: words::kind(i18n, kind),
            icon: Some(words::kind_icon(kind)),
            ..Choice::default()
        })
        .collect()
}

pub fn rare_count() -> usize {
    CheckinKind::ALL.len() - COMMON.len()
}

pub fn people(i18n: I18n) -> Vec<Choice> {
    let choice = |state: &PeopleState| {
        let (icon, tone) = words::people_face(state);
        Choice {
            value: state.code().to_owned(),
            label: words::people(i18n, state),
            icon: Some(icon),
            tone,
            lang: None,
        }
    };
    PeopleState::ALL.iter().map(choice).collect()
}

/// Where a position may come from; this phone's own says nothing of somebody else.
pub fn sources(i18n: I18n, relayed: bool) -> Vec<Choice> {
    let choice = |source: &PositionSource| Choice {
        value: source.code().to_owned(),
        label: source_words(i18n, source),
        icon: Some(source_icon(source)),
        tone: if *source == PositionSource::None { Tone::Quiet } else { Tone::None },
        lang: None,
    };
    PositionSource::ALL
        .iter()
        .filter(|source| !relayed || **source != PositionSource::Gps)
        .map(choice)
        .collect()
}

fn source_words(i18n: I18n, source: &PositionSource) -> String {
    match source {
        PositionSource::Gps => say!(i18n, position.gps),
        PositionSource::Odometer => say!(i18n, position.odometer),
        PositionSource::Waypoint => say!(i18n, position.waypoint),
        PositionSource::Landmark => say!(i18n, position.landmark),
        PositionSource::CodeName => say!(i18n, position.code_name),
        PositionSource::None => say!(i18n, position.none),
        PositionSource::Other(code) => code.clone(),
    }
}

fn source_icon(source: &PositionSource) -> IconData {
    match source {
        PositionSource::Gps => lu::LuLocateFixed,
        PositionSource::Odometer => lu::LuGauge,
        PositionSource::Waypoint => lu::LuFlag,
        PositionSource::Landmark => lu::LuLandmark,
        PositionSource::CodeName => lu::LuHash,
        PositionSource::None | PositionSource::Other(_) => lu::LuMapPinOff,
    }
}
