//! Looking for guidance by what somebody types, in any language, at every letter.

mod index;
mod item;
mod query;
mod slips;
mod words;

pub(super) use index::Index;
pub use index::Reach;
pub use item::Item;

/// What was found, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found<'a> {
    pub item: Item<'a>,
    /// In which language it was found.
    pub language: &'a str,
    pub score: u32,
}

/// A word with more letters is none.
const LONGEST: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guidance::{
        Card, CardText, CheckItem, Checklist, ChecklistText, Contingency, ContingencyText, Library, Pack,
    };
    use std::collections::BTreeMap;

    fn card(id: &str, texts: &[(&str, &str, &str, &str)]) -> Card {
        let texts: BTreeMap<_, _> = texts
            .iter()
            .map(|(language, title, words, step)| {
                let words = words.split(',').map(|word| word.trim().to_owned()).collect();
                let text = CardText {
                    title: (*title).to_owned(),
                    words,
                    steps: vec![(*step).to_owned()],
                    ..CardText::default()
                };
                ((*language).to_owned(), text)
            })
            .collect();
        Card { id: id.to_owned(), texts, ..Card::default() }
    }

    fn pack() -> Pack {
        let cards = vec![
            card(
                "carjacking",
                &[
                    ("en", "Carjacking", "hijack, vehicle theft", "Give them the keys"),
                    ("fr", "Vol de véhicule", "braquage", "Donnez les clés"),
                    ("ar", "سرقة السيارة بالقوة", "خطف السيارة", "سلّموا المفاتيح"),
                ],
            ),
            card(
                "checkpoint",
                &[
                    ("en", "Checkpoint", "roadblock", "Slow down, keep the keys in"),
                    ("es", "Puesto de control", "retén", "Reduzca la velocidad"),
                    ("ar", "نقطة تفتيش", "الحاجز, حواجز", "تمهّلوا عند الحاجز"),
                ],
            ),
        ];
        Pack { cards, ..Pack::default() }
    }

    fn library(pack: Pack) -> Library {
        let mut library = Library::new(pack, None);
        while library.index() {}
        library
    }

    fn found(library: &Library, query: &str, language: &str) -> Vec<String> {
        library.search(query, language).iter().map(|found| found.item.id().to_owned()).collect()
    }

    fn ids(query: &str, language: &str) -> Vec<String> {
        found(&library(pack()), query, language)
    }

    #[test]
    fn a_card_is_found_by_title_synonym_and_step_in_four_languages() {
        for (query, id) in [
            ("hijack", "carjacking"),
            ("Hijacked", "carjacking"),
            ("check", "checkpoint"),
            ("vehicule", "carjacking"),
            ("RETEN", "checkpoint"),
            ("puesto control", "checkpoint"),
            ("حاجز", "checkpoint"),
            ("الحاجز", "checkpoint"),
            ("بالحاجز", "checkpoint"),
            ("تَفتيش", "checkpoint"),
            ("سياره", "carjacking"),
        ] {
            assert_eq!(ids(query, "en").first().map(String::as_str), Some(id), "{query}");
        }
    }

    #[test]
    fn slips_of_the_thumb_are_forgiven() {
        for query in ["chekpoint", "checkpiont", "hcekpoint", "roadblok", "checkpoimt"] {
            assert_eq!(ids(query, "en"), ["checkpoint"], "{query}");
        }
        assert_eq!(ids("carjakcing", "en"), ["carjacking"]);
        assert_eq!(ids("xyz", "en"), [""; 0]);
        assert_eq!(ids("kez", "en"), [""; 0], "three letters are too few to guess");
    }

    #[test]
    fn every_word_has_to_be_there_and_titles_stand_first() {
        assert_eq!(ids("keys", "en"), ["carjacking", "checkpoint"]);
        assert_eq!(ids("keys slow", "en"), ["checkpoint"]);
        assert_eq!(ids("they took our keys", "en"), ["carjacking", "checkpoint"], "words that stand nowhere");
        assert_eq!(ids("hijack roadblock", "en").len(), 2, "no card has both");
        assert_eq!(ids("  …  ", "en"), [""; 0]);
    }

    #[test]
    fn it_says_in_which_language_it_was_found() {
        assert_eq!(library(pack()).search("braquage", "en")[0].language, "fr");
        assert_eq!(library(pack()).search("حاجز", "ar")[0].language, "ar");
    }

    #[test]
    fn any_text_may_be_asked_for() {
        let library = library(pack());
        for query in [
            "\u{0}",
            "🚗",
            "a",
            "((((",
            &"ab ".repeat(5_000),
            &"ط".repeat(10_000),
            &"ب".repeat(10_000),
            &"وال".repeat(4_000),
        ] {
            let _ = library.search(query, "en");
        }
    }

    #[test]
    fn what_was_taken_in_is_found_before_all_is() {
        let mut library = Library::new(pack(), None);
        assert_eq!(found(&library, "hijack", "en"), [""; 0]);
        while library.reach() == Reach::Nothing {
            library.index();
        }
        assert_eq!(found(&library, "hijack", "en"), ["carjacking"]);
        assert_eq!(found(&library, "velocidad", "en"), [""; 0], "a step");
        while library.index() {}
        assert_eq!(library.reach(), Reach::All);
        assert_eq!(found(&library, "velocidad", "en"), ["checkpoint"]);
        assert!(!library.index(), "nothing is taken in twice");
    }

    #[test]
    fn checklists_and_plans_are_found_beside_cards_of_the_same_name() {
        let english = |title: &str| CardText { title: title.to_owned(), ..CardText::default() };
        let card = Card {
            id: "evacuation".to_owned(),
            texts: [("en".to_owned(), english("Evacuation"))].into(),
            ..Card::default()
        };
        let list = ChecklistText {
            title: "Vehicle".to_owned(),
            items: [("spare".to_owned(), "Good spare wheel".to_owned())].into(),
            ..ChecklistText::default()
        };
        let list = Checklist {
            id: "vehicle".to_owned(),
            items: vec![CheckItem { code: "spare".to_owned(), must: true }],
            texts: [("en".to_owned(), list)].into(),
            ..Checklist::default()
        };
        let plan = ContingencyText { title: "Evacuation".to_owned(), ..ContingencyText::default() };
        let plan = Contingency {
            id: "evacuation".to_owned(),
            texts: [("en".to_owned(), plan)].into(),
            ..Contingency::default()
        };
        let library =
            library(Pack { cards: vec![card], checklists: vec![list], plans: vec![plan], ..Pack::default() });
        let items: Vec<_> = library.search("evacuate", "en").iter().map(|found| found.item).collect();
        assert!(matches!(items[..], [Item::Card(_), Item::Plan(_)]), "{items:?}");
        assert!(matches!(library.search("wheel", "en")[..], [Found { item: Item::Checklist(_), .. }]));
    }
}
