use waymark_core::guidance::{Card, CardText, ORIGINAL};

use super::lists::{items, list, quoted, set, was};
use super::{by_id, by_language, named};

pub fn changes(old: &[Card], new: &[Card]) -> Vec<String> {
    let name = |card: &Card| {
        let title = card.text(ORIGINAL).map(|(_, text)| text.title.as_str()).unwrap_or_default();
        named(title, &card.id, card.texts.keys())
    };
    by_id(old, new, |card| &card.id, name, card)
}

fn card(old: &Card, new: &Card) -> Vec<String> {
    let mut lines = vec![];
    let texts = |card: &Card| card.when.iter().map(ToString::to_string).collect::<Vec<_>>();
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let roles = |card: &Card| list(card.roles.iter().map(String::as_str));
    lines.extend(was("field", said(&old.field), said(&new.field)));
    lines.extend(was("revision", Some(old.revision.to_string()), Some(new.revision.to_string())));
    lines.extend(set("when", &texts(old), &texts(new)));
    let level = |card: &Card| card.level.map(|level| level.to_string());
    lines.extend(was("only from level", level(old), level(new)));
    lines.extend(was("only for", roles(old), roles(new)));
    lines.extend(was("needs", old.needs.clone(), new.needs.clone()));
    lines.extend(was("reviewed by", old.reviewed_by.clone(), new.reviewed_by.clone()));
    if old.acknowledge != new.acknowledge {
        let not = if new.acknowledge { "" } else { "no longer " };
        lines.push(format!("reading it is {not}confirmed by name"));
    }
    lines.extend(was("sources", said(&old.sources), said(&new.sources)));
    lines.extend(by_language(&old.texts, &new.texts, |text| text.translation, texts_differ));
    lines
}

fn texts_differ(language: &str, old: &CardText, new: &CardText) -> Vec<String> {
    let mut lines = vec![];
    let named = |name: &str| format!("{name}, {language}");
    lines.extend(was(&named("title"), Some(quoted(&old.title)), Some(quoted(&new.title))));
    lines.extend(set(&named("found by"), &old.words, &new.words));
    lines.extend(items("step", language, &old.steps, &new.steps));
    lines.extend(items("why, paragraph", language, &old.why, &new.why));
    lines.extend(items("avoid", language, &old.avoid, &new.avoid));
    lines.extend(items("tell", language, &old.tell, &new.tell));
    let how = |text: &CardText| Some(text.translation.code().to_owned());
    lines.extend(was(&named("translation"), how(old), how(new)));
    // The original's is the card's own.
    if language != ORIGINAL {
        let revision = |text: &CardText| Some(text.revision.to_string());
        lines.extend(was(&named("translates revision"), revision(old), revision(new)));
    }
    lines
}
