//! What is known of communities: who we talk with and how they see us, what is unanswered, how far we are accepted.

use crate::event::{Kind, Stamp};
use crate::order;
use crate::spelling::folded;

use super::chain::{Chain, Item, Status, counts};

/// Somebody, or a group, that we talk with.
#[derive(Debug, Clone, PartialEq)]
pub struct Stakeholder<'a> {
    pub name: String,
    /// The talks, the latest first.
    pub talks: Vec<&'a Item>,
    /// How they saw us, 1 to 5, at the moments at which somebody judged it, the earliest first.
    pub perception: Vec<(Stamp, u8)>,
    /// As it was last judged, 1 to 5.
    pub influence: Option<u8>,
}

/// All of them, those with most influence first, then by name.
pub fn stakeholders(chain: &Chain) -> Vec<Stakeholder<'_>> {
    let mut all: Vec<Stakeholder<'_>> = vec![];
    let mut names: Vec<String> = vec![];
    for item in chain.of_form("consulted") {
        let Some(name) = item.now.text("stakeholder").map(str::trim) else { continue };
        let small = folded(name);
        let at = names.iter().position(|known| *known == small).unwrap_or(all.len());
        if at == all.len() {
            names.push(small);
            let (talks, perception) = (vec![], vec![]);
            all.push(Stakeholder { name: name.to_owned(), talks, perception, influence: None });
        }
        let Some(known) = all.get_mut(at) else { continue };
        known.talks.push(item);
        known.influence = known.influence.or(item.now.scale("influence"));
        known.perception.extend(item.now.scale("perception").map(|value| (item.happened(), value)));
    }
    for known in &mut all {
        known.perception.reverse();
    }
    order::sort_by_key(&mut all, |known| (std::cmp::Reverse(known.influence), known.name.to_lowercase()));
    all
}

/// What was heard and not answered, what waits longest first.
pub fn unanswered(chain: &Chain) -> Vec<&Item> {
    let mut all = chain.of_form("heard");
    all.retain(|item| item.status() == Status::Open);
    all.reverse();
    all
}

/// Rumours, the newest first.
pub fn rumours(chain: &Chain) -> Vec<&Item> {
    let mut all = chain.of_form("heard");
    all.retain(|item| item.now.text("feedback") == Some("rumour"));
    all
}

/// How often each agreed message was used, by its code.
pub fn messages(chain: &Chain) -> Vec<(String, u32)> {
    tally(chain, &Kind::CommunityConsulted, "messages")
}

/// How often each kind of behaviour was seen, by its code.
pub fn signals(chain: &Chain) -> Vec<(String, u32)> {
    tally(chain, &Kind::AcceptanceObserved, "signals")
}

fn tally(chain: &Chain, kind: &Kind, field: &str) -> Vec<(String, u32)> {
    let mut all: Vec<(String, u32)> = vec![];
    for item in chain.items().filter(|item| item.form.kind == *kind && counts(item)) {
        for code in item.now.list(field) {
            match all.iter_mut().find(|(known, _)| known == code) {
                Some((_, count)) => *count += 1,
                None => all.push((code.to_owned(), 1)),
            }
        }
    }
    order::sort_by_key(&mut all, |(code, count)| (std::cmp::Reverse(*count), code.clone()));
    all
}

/// The ten indicators, by the names of their fields.
pub const INDICATORS: [&str; 10] = [
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
];

/// The mean of the indicators that were judged, in tenths, and how many they are.
pub fn acceptance(item: &Item) -> Option<(u32, u32)> {
    let judged: Vec<u32> = INDICATORS.iter().filter_map(|name| item.now.scale(name)).map(u32::from).collect();
    let count = u32::try_from(judged.len()).ok().filter(|count| *count > 0)?;
    Some(((judged.iter().sum::<u32>() * 10 + count / 2) / count, count))
}

/// An area as it is written, and its items, the latest first.
pub type AreaItems<'a> = (String, Vec<&'a Item>);

/// Observations by area, the latest first within each; areas by name.
pub fn by_area(chain: &Chain) -> Vec<AreaItems<'_>> {
    by_areas(chain.of_form("acceptance"))
}

/// Items that name an area, in the order they have; one spelling or another is one area. Areas by name.
pub fn by_areas(items: Vec<&Item>) -> Vec<AreaItems<'_>> {
    let mut all: Vec<(String, AreaItems<'_>)> = vec![];
    for item in items {
        let area = item.now.text("area").unwrap_or_default();
        let key = folded(area);
        match all.iter_mut().find(|(known, _)| *known == key) {
            Some((_, (_, items))) => items.push(item),
            None => all.push((key, (area.to_owned(), vec![item]))),
        }
    }
    order::sort_by_key(&mut all, |(key, _)| key.clone());
    all.into_iter().map(|(_, area)| area).collect()
}

/// How an area stands to us by its observations, the latest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Standing {
    /// The latest mean of the indicators that were judged, in tenths, and how many they are.
    pub mean: Option<(u32, u32)>,
    /// The mean before it, in tenths.
    pub before: Option<u32>,
    /// Codes of the behaviour that was seen from that observation on (from the first, if nobody judged), each once, the
    /// latest first.
    pub signals: Vec<String>,
    /// When the earliest observation was that counts for these.
    pub since: Stamp,
}

pub fn standing(observations: &[&Item]) -> Standing {
    let mut standing = Standing::default();
    for item in observations {
        let mean = acceptance(item);
        if standing.mean.is_some() {
            standing.before = mean.map(|(tenths, _)| tenths);
            if standing.before.is_some() {
                break;
            }
            continue;
        }
        standing.mean = mean;
        standing.since = item.happened();
        for code in item.now.list("signals") {
            if !standing.signals.iter().any(|known| known == code) {
                standing.signals.push(code.to_owned());
            }
        }
    }
    standing
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::testing::build;
    use crate::view::chain::Said;
    use crate::view::movement::Report;

    fn write(chain: &mut Chain, n: u64, form: &str, data: &Value) {
        let event = build::unsaved("nurse", n, build::filled(form, data)).into_event(n);
        chain.take(Said::of(Report::of(&build::arrived(event, n, "Nurse")).unwrap()).unwrap());
    }

    #[test]
    fn one_spelling_or_another_is_one_stakeholder_with_a_history() {
        let mut chain = Chain::default();
        for (n, name, perception) in [(1, "Elders of Farchana", 2), (9, "elders of farchana ", 4)] {
            let data = json!({"stakeholder": name, "said": "x", "perception": perception, "influence": 5,
                "messages": ["impartial"]});
            write(&mut chain, n, "consulted", &data);
        }
        write(&mut chain, 5, "consulted", &json!({"stakeholder": "Traders", "said": "x"}));
        let all = stakeholders(&chain);
        assert_eq!((all.len(), all[0].talks.len(), all[0].influence), (2, 2, Some(5)));
        let seen: Vec<u8> = all[0].perception.iter().map(|(_, value)| *value).collect();
        assert_eq!(seen, [2, 4], "the earliest first");
        assert_eq!(messages(&chain), [("impartial".to_owned(), 2)]);
    }

    #[test]
    fn what_cannot_be_judged_is_not_part_of_the_mean() {
        let mut chain = Chain::default();
        let data = json!({"area": "Adré", "consent": 4, "stake": 3, "design": 0});
        write(&mut chain, 1, "acceptance", &data);
        write(&mut chain, 2, "acceptance", &json!({"area": "Adré", "signals": ["warned_us"]}));
        let before = json!({"area": "adre", "consent": 2, "signals": ["stole_from_us"]});
        write(&mut chain, 0, "acceptance", &before);
        let all = by_area(&chain);
        let standing = standing(&all[0].1);
        assert_eq!((standing.mean, standing.before), (Some((35, 2)), Some(20)));
        assert_eq!(standing.signals, ["warned_us"], "what was before is over");
        assert_eq!(
            all[0].1.iter().map(|item| acceptance(item)).collect::<Vec<_>>(),
            [None, Some((35, 2)), Some((20, 1))]
        );
    }

    #[test]
    fn feedback_waits_until_it_is_answered() {
        let mut chain = Chain::default();
        write(&mut chain, 1, "heard", &json!({"feedback": "question", "words": "when?"}));
        write(&mut chain, 2, "heard", &json!({"feedback": "thanks", "words": "thanks"}));
        assert_eq!(unanswered(&chain).len(), 1);
        let id = unanswered(&chain)[0].id.to_string();
        write(&mut chain, 3, "answered", &json!({"record": id, "answer": "on Friday"}));
        assert!(unanswered(&chain).is_empty());
    }
}
