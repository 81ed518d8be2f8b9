//! What those see who answer for the standards: which area has which version, and what findings propose.

use std::collections::BTreeMap;

use super::Chain;
use super::chain::{Item, Said, newest_first};
use crate::backend::standards::Carrier;
use crate::event::Kind;
use crate::order;

/// How far a version has come in one area.
#[derive(Debug, Clone, PartialEq)]
pub struct AreaHas<'a> {
    /// Empty for those who work everywhere.
    pub area: &'a str,
    pub devices: usize,
    /// Those that do not have it, silent for longest first.
    pub behind: Vec<&'a Carrier>,
}

/// The areas, that with the most devices behind first. A device of several areas counts in each.
pub fn by_area(devices: &[Carrier], version: u32) -> Vec<AreaHas<'_>> {
    let mut areas: BTreeMap<&str, AreaHas<'_>> = BTreeMap::new();
    for device in devices {
        let everywhere = device.areas.is_empty().then_some("");
        for area in device.areas.iter().map(String::as_str).chain(everywhere) {
            let own = areas.entry(area).or_insert(AreaHas { area, devices: 0, behind: vec![] });
            own.devices += 1;
            if device.version.is_none_or(|has| has < version) {
                own.behind.push(device);
            }
        }
    }
    let mut all: Vec<AreaHas<'_>> = areas.into_values().collect();
    for own in &mut all {
        order::sort_by_key(&mut own.behind, |device| (device.seen, device.name.clone()));
    }
    order::sort_by_key(&mut all, |own| {
        (std::cmp::Reverse(own.behind.len()), own.area.is_empty(), own.area.to_owned())
    });
    all
}

/// What a finding, or the result of an investigation, says that the standards should say.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal<'a> {
    pub item: &'a Item,
    pub words: &'a str,
    /// What became of it last.
    pub decided: Option<&'a Said>,
}

impl Proposal<'_> {
    /// The card that is to be changed, and its file as it is to be, where it was taken up with both.
    pub fn draft(&self) -> Option<(&str, &str)> {
        let filled = &self.decided?.filled;
        let taken = filled.text("decided") == Some("taken_up");
        taken.then(|| filled.text("card").zip(filled.text("draft"))).flatten()
    }
}

/// Every proposal that is no exercise: those that nobody has decided on first, then the newest.
pub fn proposals(chain: &Chain) -> Vec<Proposal<'_>> {
    let mut items: Vec<&Item> = chain.items().filter(|item| !item.exercise).collect();
    items.retain(|item| matches!(item.form.kind, Kind::FindingRecorded | Kind::InvestigationOpened));
    newest_first(&mut items);
    let mut all = vec![];
    for item in items {
        let end = item.said_of(&Kind::InvestigationClosed).last();
        let words = item.now.text("proposal").or_else(|| end?.filled.text("proposal"));
        let decided = item.said_of(&Kind::ProposalDecided).last();
        all.extend(words.map(|words| Proposal { item, words, decided }));
    }
    order::sort_by_key(&mut all, |own| own.decided.is_some());
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::event::Stamp;
    use crate::rules::Role;
    use crate::testing::build;
    use crate::view::movement::Report;

    #[test]
    fn an_area_is_as_far_as_its_devices_are() {
        let device = |name: &str, areas: &[&str], version, seen| Carrier {
            device: name.into(),
            user: name.into(),
            name: name.to_owned(),
            role: Role::Traveller,
            areas: areas.iter().map(|area| (*area).to_owned()).collect(),
            version,
            since: None,
            seen: Some(Stamp(seen)),
        };
        let devices = [
            device("a", &["east"], Some(3), 1),
            device("b", &["east", "west"], Some(2), 9),
            device("c", &["west"], None, 5),
            device("d", &[], Some(4), 1),
        ];
        let all = by_area(&devices, 3);
        let told: Vec<_> = all
            .iter()
            .map(|own| {
                let behind: Vec<_> = own.behind.iter().map(|device| device.name.as_str()).collect();
                (own.area, own.devices, behind)
            })
            .collect();
        assert_eq!(told, [("west", 2, vec!["c", "b"]), ("east", 2, vec!["b"]), ("", 1, vec![])]);
    }

    #[test]
    fn what_nobody_has_decided_on_stands_first() {
        let mut chain = Chain::default();
        let mut n = 0;
        let mut write = |form: &str, data: serde_json::Value| {
            n += 1;
            let event = build::unsaved("grace", n, build::filled(form, &data)).into_event(n);
            let id = event.id.to_string();
            chain.take(Said::of(Report::of(&build::arrived(event, n, "Grace")).unwrap()).unwrap());
            id
        };
        let finding = |text: &str| json!({"what": "Keys were missing", "proposal": text});
        write("finding", finding("Older"));
        let taken = write("finding", finding("Newer"));
        let opened = json!({"into": "incident", "scope": "Why", "leader": {"name": "Hawa", "user": "hawa"}});
        let opened = write("investigation", opened);
        write("investigation", json!({"into": "risk", "scope": "Open still", "leader": {"name": "Hawa"}}));
        write("investigation_end", json!({"record": opened, "found": "No drill", "proposal": "Drill"}));
        let draft = json!({"record": taken, "decided": "taken_up", "card": "residence", "draft": "---"});
        write("proposal", draft);
        let all = proposals(&chain);
        let words: Vec<_> = all.iter().map(|own| own.words).collect();
        assert_eq!(words, ["Drill", "Older", "Newer"]);
        assert_eq!(all[2].draft(), Some(("residence", "---")));
        assert_eq!(all[0].draft(), None);
    }
}
