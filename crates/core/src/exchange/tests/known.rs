//! What an audience may not know is in no list, no figure, no link and no proposal made for it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::situation::{Room, Situation, situation};
use super::super::{Audience, Reader, redact};
use crate::event::{EventId, Stamp};
use crate::rules::Role;
use crate::testing::build::{self, MORNING};
use crate::view::Chain;
use crate::view::chain::Said;
use crate::view::movement::Report;
use crate::view::sectors::{Cut, sectors};

const DAY: u64 = 86_400;
const NOW: Stamp = Stamp(MORNING.0 + 10 * 86_400_000);
const ROOM: Room = Room { threats: 8, incidents: 8, overdue: 5, areas: 6 };

/// A chain, and the records that it was folded from; `true` are those that come from a protected one.
#[derive(Default)]
struct Scene {
    chain: Chain,
    all: Vec<(Said, bool)>,
}

impl Scene {
    fn write(&mut self, by: &str, form: &str, data: &Value, secret: bool) -> EventId {
        let n = self.all.len() as u64;
        let event = build::unsaved(by, n, build::filled(form, data)).into_event(n);
        let id = event.id;
        let said = Said::of(Report::of(&build::arrived(event, n, by)).unwrap()).unwrap();
        self.chain.take(said.clone());
        self.all.push((said, secret));
        id
    }

    fn link(&mut self, from: EventId, to: EventId, secret: bool) {
        let data =
            json!({"from": from.to_string(), "to": to.to_string(), "relation": "led_to", "note": "Secret"});
        self.write("amina", "link", &data, secret);
    }

    /// What a phone would hold that got nothing of it.
    fn without_secrets(&self) -> Chain {
        let mut chain = Chain::default();
        for (said, _) in self.all.iter().filter(|(_, secret)| !secret) {
            chain.take(said.clone());
        }
        chain
    }
}

fn due(days: u64) -> String {
    MORNING.plus_ms(i64::try_from(days * DAY * 1_000).unwrap()).to_string()
}

/// Protected threats with all that came of them, step by step, and the same in the open. Gives the loss two steps away.
fn scene() -> (Scene, EventId) {
    let mut scene = Scene::default();
    let place = json!({"name": "Adré", "at": [13.466_48, 22.198_75]});
    let mut loss = None;
    for (word, secret) in [("Secret", true), ("Plain", false)] {
        let mut threat = json!({"summary": word, "words": word, "place": place, "deadline": due(2)});
        if secret {
            threat["sensitive"] = true.into();
        }
        let of = |id: EventId, data: Value| {
            let mut data = data;
            data["of"] = id.to_string().into();
            data
        };
        let first = scene.write("amina", "threat", &threat, secret);
        let judged = json!({"record": first.to_string(), "likelihood": 4, "impact": 5});
        scene.write("idriss", "evaluation", &judged, secret);
        let incident = of(first, json!({"what": word, "place": place, "killed": 1}));
        let incident = scene.write("amina", "incident", &incident, secret);
        loss = loss.or(Some(scene.write("amina", "loss", &of(incident, json!({"loss": "vehicle"})), secret)));
        let owner = json!({"name": "Moussa", "user": "moussa"});
        let action = json!({"what": word, "action": "relocation", "owner": owner, "due": due(3)});
        scene.write("amina", "action", &of(first, action), secret);
        let ended = scene.write("amina", "threat", &threat, secret);
        let end = json!({"record": ended.to_string(), "outcome": "averted_by", "measure": word});
        scene.write("amina", "threat_end", &end, secret);
    }
    let beside = scene.write("amina", "incident", &json!({"what": "Beside", "place": place}), false);
    let secret = scene.all[0].0.id;
    scene.link(secret, beside, true);
    scene.write("amina", "level", &json!({"area": "Adré", "level": "high", "reason": "Fighting"}), false);
    scene.write("amina", "acceptance", &json!({"area": "Adré", "consent": 4}), false);
    (scene, loss.unwrap())
}

fn reader(audience: Audience) -> Reader {
    Reader { audience, user: None }
}

fn cut(area: &str) -> Cut {
    Cut { area: area.to_owned(), from: MORNING.plus_ms(-1), to: NOW, ..Cut::default() }
}

fn report(chain: &Chain, audience: Audience) -> Situation {
    situation(chain, &reader(audience), &cut("adré"), NOW, false, ROOM)
}

#[test]
fn figures_lists_links_and_proposals_are_those_of_a_phone_that_never_got_it() {
    let (scene, _) = scene();
    let never = scene.without_secrets();
    for audience in [Audience::Outside, Audience::Organisation(Role::Manager)] {
        let hidden = reader(audience).hidden(&scene.chain);
        let secret: BTreeSet<_> =
            scene.all.iter().filter(|(_, secret)| *secret).map(|(said, _)| said.id).collect();
        assert_eq!(hidden, secret, "{audience:?}");
        let known = scene.chain.without(&hidden);
        assert_eq!(known.len(), never.len());
        assert_eq!(sectors(&known, &cut(""), NOW), sectors(&never, &cut(""), NOW));
        assert_eq!(known.gaps(NOW), never.gaps(NOW));
        for (said, _) in &scene.all {
            assert_eq!(known.get(said.id), never.get(said.id));
            assert_eq!(known.story(said.id), never.story(said.id));
            assert_eq!(known.drawing(said.id), never.drawing(said.id));
            assert_eq!(known.suggestions(said.id, 9), never.suggestions(said.id, 9));
        }
        assert_eq!(report(&scene.chain, audience), report(&never, audience));
    }
}

#[test]
fn the_figures_of_a_report_by_audience() {
    let (scene, _) = scene();
    //                                     threats, open, averted, incidents, losses, overdue
    for (audience, expected) in [
        (Audience::Organisation(Role::Central), [4, 2, 2, 3, 2, 2]),
        (Audience::Organisation(Role::Security), [4, 2, 2, 3, 2, 2]),
        (Audience::Organisation(Role::Manager), [2, 1, 1, 2, 1, 1]),
        (Audience::Outside, [2, 1, 1, 2, 1, 1]),
    ] {
        let report = situation(&scene.chain, &reader(audience), &cut(""), NOW, false, ROOM);
        let late = u32::try_from(report.overdue.count).unwrap();
        let tally = report.tally;
        let figures = [tally.threats, tally.open, tally.averted, tally.incidents, tally.losses, late];
        assert_eq!(figures, expected, "{audience:?}");
        let all = format!("{report:?}");
        assert_eq!(all.contains("Secret"), expected[0] == 4, "{audience:?}");
        assert!(all.contains("Plain") && all.contains("Beside"));
        let outside = audience == Audience::Outside;
        for word in ["moussa", "13.466", "amina"] {
            assert_eq!(all.contains(word), !outside, "{word} for {audience:?}");
        }
    }
}

#[test]
fn what_comes_of_a_protected_item_by_several_steps_stays_with_it() {
    let (scene, loss) = scene();
    let loss = scene.chain.get(loss).unwrap();
    let reader = reader(Audience::Outside);
    let export = redact(&[reader.row(loss, &[])], Audience::Outside, &reader.hidden(&scene.chain));
    assert_eq!((export.items.len(), export.left_out), (0, 1), "the incident between is not among the rows");
}

#[test]
fn a_file_for_oneself_has_what_one_wrote_and_one_for_another_role_has_not() {
    let (scene, _) = scene();
    let secret = scene.all[0].0.id;
    let manager = Audience::Organisation(Role::Manager);
    let mine = Reader::new(manager, Role::Manager, &"amina".into());
    assert!(!mine.hidden(&scene.chain).contains(&secret));
    for reader in [
        Reader::new(manager, Role::Manager, &"hawa".into()),
        Reader::new(manager, Role::Security, &"amina".into()),
        Reader::new(Audience::Outside, Role::Manager, &"amina".into()),
    ] {
        assert!(reader.hidden(&scene.chain).contains(&secret), "{reader:?}");
    }
    assert_eq!(Reader::choices(Role::Traveller), [Audience::Organisation(Role::Traveller)]);
    assert_eq!(Reader::choices(Role::Manager), [manager, Audience::Outside]);
    assert_eq!(Reader::choices(Role::Security).len(), 3);
}

#[test]
fn a_report_of_exercises_has_nothing_else_and_says_so() {
    let (mut scene, _) = scene();
    let event =
        build::unsaved("amina", 90, build::filled("threat", &json!({"words": "Drill", "summary": "Drill"})));
    let mut event = event.into_event(90);
    event.exercise = true;
    scene.chain.take(Said::of(Report::of(&build::arrived(event, 90, "amina")).unwrap()).unwrap());
    let real = report(&scene.chain, Audience::Outside);
    assert!(!format!("{real:?}").contains("Drill"));
    let drill = situation(&scene.chain, &reader(Audience::Outside), &cut(""), NOW, true, ROOM);
    assert_eq!((drill.tally.threats, drill.threats.count, drill.incidents.count), (1, 1, 0));
    assert!(drill.threats.first[0].row().exercise);
}
