use waymark_core::event::form::{Codes, Field, Form, form_of};
use waymark_core::event::{Filled, Kind, Spot, Stamp};
use waymark_core::view::chain::Item;

use crate::i18n::{I18n, intl, is_named, named};
use crate::say;
use crate::ui::{IconData, Tone, lu, time};

/// "Report a threat".
pub fn title(i18n: I18n, form: &Form) -> String {
    text(i18n, form.name).unwrap_or_else(|| form.name.to_owned())
}

/// What a form is called where there is little room: "Threat".
pub fn short(i18n: I18n, form: &Form) -> String {
    text(i18n, &format!("{}_short", form.name)).unwrap_or_else(|| form.name.to_owned())
}

/// As [`short`], of a record; an update says what it adds to.
pub fn short_name(i18n: I18n, filled: &Filled) -> String {
    let own = form_of(&filled.kind).map(|form| short(i18n, form)).unwrap_or_default();
    match filled.fields_of().filter(|form| form.kind != filled.kind) {
        Some(form) => format!("{own}: {}", short(i18n, form)),
        None => own,
    }
}

/// A text of the section `forms`, if there is one of this name.
pub fn text(i18n: I18n, name: &str) -> Option<String> {
    named(i18n, "forms", name).map(str::to_owned)
}

/// The heading of a section of a form.
pub fn section(i18n: I18n, form: &Form, section: &str) -> String {
    text(i18n, &format!("{}_{section}", form.name)).unwrap_or_else(|| section.to_owned())
}

/// What a field is called: by its form, else wherever it stands.
pub fn label(i18n: I18n, form: &Form, field: &Field) -> String {
    let own = format!("{}_{}", form.name, field.name);
    let name = if is_named("fields", &own) { &own } else { field.name };
    named(i18n, "fields", name).unwrap_or(field.name).to_owned()
}

pub fn hint(i18n: I18n, form: &Form, field: &Field) -> Option<String> {
    let own = named(i18n, "fields", &format!("{}_{}_hint", form.name, field.name));
    own.or_else(|| named(i18n, "fields", &format!("{}_hint", field.name))).map(str::to_owned)
}

/// The words of a code, the organisation's before ours; one that is not known is shown as itself.
pub fn code(i18n: I18n, list: &str, code: &str) -> String {
    let own = i18n.own_words(list, code);
    own.unwrap_or_else(|| named(i18n, "codes", &format!("{list}_{code}")).unwrap_or(code).to_owned())
}

/// A step of a scale: "4 · likely"; 0 cannot be judged.
pub fn step(i18n: I18n, list: &Codes, value: u64) -> String {
    match value {
        0 => say!(i18n, report.unjudged),
        value => {
            let figure = value.to_string();
            format!("{figure} · {}", code(i18n, list.name, &figure))
        }
    }
}

/// "Farchana (about 10 km)".
pub fn spot(i18n: I18n, spot: &Spot) -> String {
    if spot.coarse { format!("{} · {}", spot.name, say!(i18n, map.coarse)) } else { spot.name.clone() }
}

/// What an item says in its author's words; a loss that has none, by its kind.
pub fn headline(i18n: I18n, item: &Item) -> String {
    let words = item.headline();
    if let Some(title) = item.now.text("title") {
        let version = || Some(item.now.count("version")).filter(|version| *version > 0);
        let of = item.now.text("name").or(item.now.text("base")).map(str::to_owned);
        let of = of.or_else(|| version().map(|version| version.to_string()));
        return of.map_or_else(|| title.to_owned(), |of| format!("{title} · {of}"));
    }
    if let (Some(person), Some(course)) = (item.now.person("person"), item.now.text("course")) {
        return format!("{} · {}", person.name, code(i18n, "course", course));
    }
    match item.now.text("loss").filter(|_| words.is_empty()) {
        Some(loss) => {
            let kind = code(i18n, "loss_kind", loss);
            match item.now.count("number") {
                0 => kind,
                number => format!("{kind}: {number}"),
            }
        }
        None if words.is_empty() => item.now.text("area").unwrap_or_default().to_owned(),
        None => words.to_owned(),
    }
}

/// At most so many characters of it.
pub fn clipped(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most).chain(['…']).collect()
}

/// What is known of a form that is begun from something else: by these it says what that is; the first is asked of nobody.
pub fn begun_from(kind: &Kind) -> &'static [&'static str] {
    match kind {
        Kind::DrillHeld => &["plan", "title"],
        Kind::GuidanceNoted => &["card", "title"],
        _ => &[],
    }
}

/// "in 2 days", "3 h ago".
pub fn deadline(i18n: I18n, at: Stamp, now: i64) -> String {
    let span = time::span(intl(i18n), at.0.saturating_sub(now));
    if at.0 >= now {
        say!(i18n, chain.deadline_in, span = span)
    } else {
        say!(i18n, chain.deadline_past, span = span)
    }
}

/// The drawing of a kind, and how loud it is.
pub fn face(kind: &Kind) -> (IconData, Tone) {
    match kind {
        Kind::ThreatReported => (lu::LuMessageSquareWarning, Tone::Warn),
        Kind::ThreatEvaluated => (lu::LuScale, Tone::None),
        Kind::IncidentReported => (lu::LuTriangleAlert, Tone::Danger),
        Kind::LossRecorded => (lu::LuPackageX, Tone::Danger),
        Kind::CommunityHeard => (lu::LuEar, Tone::None),
        Kind::CommunityConsulted | Kind::PlanStaffed => (lu::LuUsers, Tone::None),
        Kind::AcceptanceObserved => (lu::LuHandshake, Tone::None),
        Kind::RiskAssessed => (lu::LuMountain, Tone::None),
        Kind::AreaRated => (lu::LuSignal, Tone::None),
        Kind::TrainingRecorded => (lu::LuGraduationCap, Tone::None),
        Kind::DrillHeld => (lu::LuSiren, Tone::None),
        Kind::GapRaised => (lu::LuTriangleAlert, Tone::Warn),
        Kind::GuidanceRead => (lu::LuBookOpen, Tone::None),
        Kind::PackPublished | Kind::ProposalDecided => (lu::LuBookOpen, Tone::Accent),
        Kind::ChecklistCompleted => (lu::LuClipboardCheck, Tone::None),
        Kind::ActionOpened | Kind::ActionDone | Kind::ActionVerified => (lu::LuListChecks, Tone::None),
        Kind::FindingRecorded => (lu::LuLightbulb, Tone::None),
        Kind::InvestigationOpened | Kind::InvestigationClosed => (lu::LuSearch, Tone::None),
        Kind::LinkMade => (lu::LuLink, Tone::None),
        Kind::ThreatClosed | Kind::IncidentClosed | Kind::CommunityAnswered => {
            (lu::LuSquareCheckBig, Tone::None)
        }
        _ => (lu::LuFilePen, Tone::None),
    }
}
