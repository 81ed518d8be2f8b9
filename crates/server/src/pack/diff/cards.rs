use waymark_core::guidance::{Card, CardText, Change, ORIGINAL};

use super::lists::{in_text, items, list, plain, set, was};
use super::{by_id, by_language, named};

pub fn changes(old: &[Card], new: &[Card]) -> Vec<Change> {
    let name = |card: &Card| {
        let title = card.text(ORIGINAL).map(|(_, text)| text.title.clone());
        named("card", title, &card.id, card.texts.keys())
    };
    by_id(old, new, |card| &card.id, name, card)
}

fn card(old: &Card, new: &Card) -> Vec<Change> {
    let mut lines = vec![];
    let texts = |card: &Card| card.when.iter().map(ToString::to_string).collect::<Vec<_>>();
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let roles = |card: &Card| list(card.roles.iter().map(String::as_str));
    lines.extend(was(plain("field"), said(&old.field), said(&new.field)));
    lines.extend(was(plain("revision"), Some(old.revision.to_string()), Some(new.revision.to_string())));
    lines.extend(set(plain("when"), &texts(old), &texts(new)));
    let level = |card: &Card| card.level.map(|level| level.to_string());
    lines.extend(was(plain("level"), level(old), level(new)));
    lines.extend(was(plain("roles"), roles(old), roles(new)));
    lines.extend(was(plain("needs"), old.needs.clone(), new.needs.clone()));
    lines.extend(was(plain("reviewed_by"), old.reviewed_by.clone(), new.reviewed_by.clone()));
    let asked = |card: &Card| Some(if card.acknowledge { "yes" } else { "no" }.to_owned());
    lines.extend(was(plain("acknowledge"), asked(old), asked(new)));
    lines.extend(was(plain("sources"), said(&old.sources), said(&new.sources)));
    lines.extend(by_language(&old.texts, &new.texts, |text| text.translation, texts_differ));
    lines
}

fn texts_differ(language: &str, old: &CardText, new: &CardText) -> Vec<Change> {
    let mut lines = vec![];
    lines.extend(was(in_text("title", language), Some(old.title.clone()), Some(new.title.clone())));
    lines.extend(set(in_text("found_by", language), &old.words, &new.words));
    lines.extend(items("step", language, &old.steps, &new.steps));
    lines.extend(items("why", language, &old.why, &new.why));
    lines.extend(items("avoid", language, &old.avoid, &new.avoid));
    lines.extend(items("tell", language, &old.tell, &new.tell));
    let how = |text: &CardText| Some(text.translation.code().to_owned());
    lines.extend(was(in_text("translation", language), how(old), how(new)));
    // The original's is the card's own.
    if language != ORIGINAL {
        let revision = |text: &CardText| Some(text.revision.to_string());
        lines.extend(was(in_text("translates", language), revision(old), revision(new)));
    }
    lines
}
