//! What offices add to the standards: notes beside cards, and names for the roles of contingency plans.

use std::collections::HashSet;

use super::Chain;
use super::chain::Item;
use crate::guidance::Post;
use crate::spelling::folded;

/// The notes on a card that hold, the newest of each base, the newest first.
pub fn notes<'a>(chain: &'a Chain, card: &str) -> Vec<&'a Item> {
    newest_of_each_base(chain, "office_note", "card", Some(card))
}

/// Who is called at one base when a plan is set off.
#[derive(Debug, Clone, PartialEq)]
pub struct Staffed<'a> {
    pub item: &'a Item,
    pub base: &'a str,
    pub posts: Vec<Post>,
}

/// The staffing of a plan, the newest of each base, the newest first.
pub fn staffed<'a>(chain: &'a Chain, plan: &str) -> Vec<Staffed<'a>> {
    let of = |item: &'a Item| Staffed {
        item,
        base: item.now.text("base").unwrap_or_default(),
        posts: item.now.list("posts").into_iter().filter_map(Post::read).collect(),
    };
    newest_of_each_base(chain, "staffing", "plan", Some(plan)).into_iter().map(of).collect()
}

/// The number that somebody has in the plans that hold, the one that was given last.
pub fn number_of(chain: &Chain, name: &str) -> Option<String> {
    let wanted = folded(name);
    let all = newest_of_each_base(chain, "staffing", "plan", None);
    let mut posts = all.into_iter().flat_map(|item| item.now.list("posts")).filter_map(Post::read);
    posts.find(|post| folded(&post.name) == wanted && !post.phone.is_empty()).map(|post| post.phone)
}

/// Those that hold, of one card or plan or of all.
fn newest_of_each_base<'a>(chain: &'a Chain, form: &str, about: &str, id: Option<&str>) -> Vec<&'a Item> {
    let mut seen: HashSet<(String, String)> = HashSet::new();
    let mut all = chain.of_form(form);
    all.retain(|item| {
        let own = item.now.text(about).unwrap_or_default();
        let base = item.now.text("base").map(folded).unwrap_or_default();
        id.is_none_or(|id| id == own) && seen.insert((own.to_owned(), base))
    });
    all.retain(|item| item.now.text("state") != Some("withdrawn"));
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::build;
    use crate::view::chain::Said;
    use crate::view::movement::Report;

    fn write(chain: &mut Chain, n: u64, form: &str, data: &serde_json::Value) {
        let event = build::unsaved("amina", n, build::filled(form, data)).into_event(n);
        chain.take(Said::of(Report::of(&build::arrived(event, n, "Amina")).unwrap()).unwrap());
    }

    #[test]
    fn the_newest_note_of_a_base_counts_and_may_be_taken_back() {
        let mut chain = Chain::default();
        let note = |base: &str, text: &str, state: &str| json!({"title": "Checkpoint", "card": "checkpoint", "base": base, "text": text, "state": state});
        write(&mut chain, 1, "office_note", &note("Abéché", "Old", "holds"));
        write(&mut chain, 2, "office_note", &note("abeche", "New", "holds"));
        write(&mut chain, 3, "office_note", &note("Goz Beïda", "Here too", "holds"));
        let told = |chain: &Chain| {
            notes(chain, "checkpoint").iter().map(|item| item.headline().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(told(&chain), ["Here too", "New"]);
        write(&mut chain, 4, "office_note", &note("Abéché", "New", "withdrawn"));
        assert_eq!(told(&chain), ["Here too"]);
        assert!(notes(&chain, "cash").is_empty());
    }

    #[test]
    fn a_plan_has_the_names_that_were_given_last() {
        let mut chain = Chain::default();
        let posts = |names: &[&str]| json!({"title": "Evacuation", "plan": "evacuation", "base": "Abéché", "state": "holds", "posts": names});
        write(&mut chain, 1, "staffing", &posts(&["lead | Amina | 1"]));
        write(&mut chain, 2, "staffing", &posts(&["lead | Hawa | 2", "lead | Idriss", "nobody"]));
        let all = staffed(&chain, "evacuation");
        assert_eq!(all.len(), 1);
        let names: Vec<_> = all[0].posts.iter().map(|post| post.name.as_str()).collect();
        assert_eq!((all[0].base, names), ("Abéché", vec!["Hawa", "Idriss"]));
        assert_eq!(number_of(&chain, "hawa"), Some("2".to_owned()));
        assert_eq!(number_of(&chain, "Idriss"), None);
        assert_eq!(number_of(&chain, "Amina"), None, "replaced");
        let withdrawn =
            json!({"title": "Evacuation", "plan": "evacuation", "base": "abeche", "state": "withdrawn"});
        write(&mut chain, 3, "staffing", &withdrawn);
        assert!(staffed(&chain, "evacuation").is_empty());
    }
}
