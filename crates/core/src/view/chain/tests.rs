use serde_json::{Value, json};

use super::GapKind::{
    ActionOverdue, FeedbackUnanswered, IncidentWithoutThreat, ThreatNotEvaluated, ThreatWithoutOutcome,
};
use super::*;
use crate::event::{Kind, Outcome, Relation};
use crate::testing::build::{self, MORNING};

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

/// A chain, and who writes when, in seconds after the builders' morning.
#[derive(Default)]
struct Scene {
    chain: Chain,
    all: Vec<Said>,
}

impl Scene {
    fn write(&mut self, by: &str, at: u64, form: &str, data: &Value) -> EventId {
        let event = build::unsaved(by, at, build::filled(form, data)).into_event(at);
        let id = event.id;
        let said = Said::of(Report::of(&build::arrived(event, at, by)).unwrap()).unwrap();
        self.all.push(said.clone());
        self.chain.take(said);
        id
    }

    fn link(&mut self, from: EventId, to: EventId, relation: &str, at: u64) -> EventId {
        let data = json!({"from": from.to_string(), "to": to.to_string(), "relation": relation});
        self.write("amina", at, "link", &data)
    }
}

fn about(id: EventId, more: Value) -> Value {
    let mut data = more;
    data["record"] = id.to_string().into();
    data
}

fn of(id: EventId, more: Value) -> Value {
    let mut data = more;
    data["of"] = id.to_string().into();
    data
}

/// An elder's warning, a call, an ambush, a car that is lost, and an action.
fn whole() -> (Scene, [EventId; 5]) {
    let mut scene = Scene::default();
    let thursday = "2026-07-16T06:00:00Z";
    let heard = scene.write(
        "nurse",
        1,
        "heard",
        &json!({"feedback": "warning", "words": "Do not come on Thursday, the road at Farchana is watched.",
            "place": {"name": "Farchana", "at": [13.61, 21.76]}, "deadline": thursday}),
    );
    let threat = scene.write(
        "guard",
        2 * HOUR,
        "threat",
        &json!({"words": "Your white cars will not pass Farchana on Thursday.", "channel": "call",
            "place": {"name": "Farchana"}, "deadline": thursday}),
    );
    let incident = scene.write(
        "idriss",
        2 * DAY,
        "incident",
        &json!({"what": "Stopped by armed men west of Farchana, car taken", "means": "carjacking",
            "place": {"name": "west of Farchana", "at": [13.63, 21.70]}}),
    );
    let loss = scene.write(
        "idriss",
        2 * DAY + HOUR,
        "loss",
        &of(incident, json!({"loss": "vehicles", "number": 1})),
    );
    let action = scene.write(
        "amina",
        2 * DAY + 2 * HOUR,
        "action",
        &of(
            incident,
            json!({"action": "asset_recovery", "what": "Speak to the canton chief",
            "owner": {"name": "Idriss", "user": "idriss"}, "due": "2026-07-20T00:00:00Z"}),
        ),
    );
    (scene, [heard, threat, incident, loss, action])
}

#[test]
fn what_belongs_together_is_proposed_with_its_reasons() {
    let (scene, [heard, threat, ..]) = whole();
    let found = scene.chain.suggestions(threat, 3);
    let first = &found[0];
    assert_eq!((first.other, first.from, first.to), (heard, heard, threat));
    assert_eq!(first.relation, Relation::Supports);
    assert!(first.reasons.contains(&Reason::Place("Farchana".into())), "{first:?}");
    assert!(first.reasons.iter().any(|reason| matches!(reason, Reason::SameDay(_))));
    let words = first.reasons.iter().find_map(|reason| match reason {
        Reason::Words(words) => Some(words.clone()),
        _ => None,
    });
    assert_eq!(words.unwrap(), ["farchana", "thursday"]);
}

#[test]
fn what_is_joined_or_has_nothing_in_common_is_not_proposed() {
    let (mut scene, [heard, threat, incident, ..]) = whole();
    scene.link(heard, threat, "supports", 3 * HOUR);
    let others =
        |scene: &Scene| scene.chain.suggestions(threat, 9).iter().map(|one| one.other).collect::<Vec<_>>();
    assert!(!others(&scene).contains(&heard));
    assert!(others(&scene).contains(&incident));
    scene.link(heard, threat, "withdrawn", 4 * HOUR);
    assert!(others(&scene).contains(&heard), "taken back");
    let thanks =
        json!({"feedback": "thanks", "words": "Merci pour les moustiquaires", "place": {"name": "Mongo"}});
    let other = scene.write("nurse", 5 * HOUR, "heard", &thanks);
    assert!(!others(&scene).contains(&other), "of the same days, and nothing else");
}

#[test]
fn a_loss_leads_back_to_the_threat_that_announced_it() {
    let (mut scene, [heard, threat, incident, loss, action]) = whole();
    scene.link(heard, threat, "supports", 3 * HOUR);
    scene.link(threat, incident, "carried_out_as", 3 * DAY);
    let ids = |way, id| scene.chain.along(id, way).iter().map(|item| item.id).collect::<Vec<_>>();
    assert_eq!(ids(Way::Back, loss), [incident, threat, heard]);
    let mut forth = ids(Way::Forth, heard);
    forth.sort_unstable();
    let mut expected = vec![threat, incident, loss, action];
    expected.sort_unstable();
    assert_eq!(forth, expected);
    let story: Vec<_> =
        scene.chain.story(incident).iter().map(|chapter| (chapter.item.id, chapter.side)).collect();
    assert_eq!(
        story,
        [
            (heard, Side::Before),
            (threat, Side::Before),
            (incident, Side::Itself),
            (loss, Side::After),
            (action, Side::After)
        ]
    );
}

#[test]
fn what_presses_is_who_needs_help_then_deadlines_then_what_nobody_has_judged() {
    let (mut scene, [heard, threat, incident, ..]) = whole();
    let hurt =
        scene.write("guard", 2 * DAY, "incident", &json!({"what": "a nurse is hurt", "critical": true}));
    let words = scene.write("guard", 2 * DAY + 1, "threat", &json!({"words": "they will come"}));
    let thanks = json!({"feedback": "thanks", "words": "merci"});
    scene.write("nurse", 2 * DAY + 2, "heard", &thanks);
    let at = |scene: &Scene, day: i64| {
        let now = MORNING.plus_ms(day * 86_400_000);
        scene.chain.pressing(now).iter().map(|(press, item)| (*press, item.id)).collect::<Vec<_>>()
    };
    let deadlines = [(Press::Deadline, heard), (Press::Deadline, threat)];
    let mut all = at(&scene, 2);
    all[1..3].sort_by_key(|(_, id)| *id);
    assert_eq!(all, [(Press::Help, hurt), deadlines[0], deadlines[1], (Press::Unjudged, words)]);
    assert!(all.iter().all(|(_, id)| *id != incident));
    let action =
        json!({"action": "medical_care", "what": "w", "owner": {"name": "A"}, "due": "2026-08-01T00:00:00Z"});
    scene.write("amina", 2 * DAY + HOUR, "action", &of(hurt, action));
    scene.write("amina", 2 * DAY + HOUR + 1, "evaluation", &about(words, json!({"source": "B"})));
    assert_eq!(at(&scene, 2).len(), 2);
    assert!(at(&scene, 30).is_empty());
}

#[test]
fn what_came_later_did_not_lead_to_what_was_before() {
    let mut scene = Scene::default();
    let at = |name: &str, happened: &str| {
        json!({"words": "white cars stopped at the ford", "what": "white cars stopped at the ford",
            "place": {"name": name}, "happened": happened})
    };
    let incident = scene.write("idriss", 1, "incident", &at("Farchana", "2026-07-13T06:00:00Z"));
    let threat = scene.write("guard", HOUR, "threat", &at("farchana", "2026-07-13T10:00:00Z"));
    let first = &scene.chain.suggestions(incident, 1)[0];
    assert_eq!((first.from, first.to, &first.relation), (incident, threat, &Relation::LedTo));
    let unwarned = |scene: &Scene| {
        let gaps = scene.chain.gaps(MORNING.plus_ms(30 * 86_400_000));
        gaps.iter().any(|gap| gap.kind == GapKind::IncidentWithoutThreat && gap.item == incident)
    };
    scene.link(threat, incident, "carried_out_as", 2 * HOUR);
    assert!(unwarned(&scene), "it was received after the incident");
    let before = scene.write("guard", 3 * HOUR, "threat", &at("Farchana", "2026-07-12T10:00:00Z"));
    scene.link(before, incident, "contradicts", 4 * HOUR);
    assert!(unwarned(&scene), "that is no cause");
    scene.link(before, incident, "led_to", 5 * HOUR);
    assert!(!unwarned(&scene));
}

#[test]
fn an_update_counts_for_items_of_its_own_form_and_hands_no_action_over() {
    let (mut scene, [_, threat, incident, _, action]) = whole();
    let update = |form: &str, more: Value| {
        about(action, {
            let mut data = more;
            data["form"] = form.into();
            data
        })
    };
    scene.write(
        "x",
        3 * DAY,
        "update",
        &update("threat", json!({"words": "gone", "deadline": "2026-07-16T00:00:00Z"})),
    );
    let handed = json!({"owner": {"name": "Amina", "user": "amina"}, "what": "Speak to both chiefs"});
    scene.write("x", 3 * DAY + 1, "update", &update("action", handed));
    let item = scene.chain.get(action).unwrap();
    assert_eq!((item.now.text("words"), item.now.text("what")), (None, Some("Speak to both chiefs")));
    assert_eq!(item.owner().unwrap().name, "Idriss");
    let last = item.said.last().unwrap().id;
    assert_eq!(item.before(last).text("what"), Some("Speak to the canton chief"));
    scene.write("x", 3 * DAY, "incident_end", &about(threat, json!({"warned": "no"})));
    scene.write("x", 3 * DAY, "threat_end", &about(incident, json!({"outcome": "unknown"})));
    assert!(scene.chain.get(threat).unwrap().is_open() && scene.chain.get(incident).unwrap().is_open());
}

#[test]
fn circles_of_links_end() {
    let (mut scene, [heard, threat, incident, ..]) = whole();
    for (at, (from, to)) in [(heard, threat), (threat, incident), (incident, heard)].into_iter().enumerate() {
        scene.link(from, to, "led_to", 3 * DAY + at as u64);
    }
    assert_eq!(scene.chain.reach(heard).len(), 5);
    assert_eq!(scene.chain.along(heard, Way::Back).len(), 2);
    let drawing = scene.chain.drawing(heard);
    assert_eq!((drawing.nodes.len(), drawing.lines.len()), (5, 5));
}

#[test]
fn a_drawing_puts_each_stage_into_a_column_and_no_two_items_on_each_other() {
    let (mut scene, [heard, threat, incident, ..]) = whole();
    scene.link(heard, threat, "supports", 3 * HOUR);
    scene.link(threat, incident, "carried_out_as", 3 * DAY);
    let drawing = scene.chain.drawing(incident);
    assert_eq!(drawing.stages, [1, 2, 3, 4, 5]);
    for line in &drawing.lines {
        assert!(drawing.nodes[line.from].column < drawing.nodes[line.to].column);
    }
    let mut places: Vec<_> = drawing.nodes.iter().map(|node| (node.column, node.half_row)).collect();
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), drawing.nodes.len());
}

#[test]
fn evaluations_stand_side_by_side_and_only_ones_own_is_superseded() {
    let (mut scene, [_, threat, ..]) = whole();
    for (by, at, likelihood) in [("amina", 3 * HOUR, 2), ("guard", 4 * HOUR, 5), ("amina", 5 * HOUR, 4)] {
        scene.write(by, at, "evaluation", &about(threat, json!({"likelihood": likelihood, "impact": 3})));
    }
    let item = scene.chain.get(threat).unwrap();
    let all: Vec<_> =
        item.evaluations().iter().map(|one| (one.said.by.name.clone(), one.superseded, one.own)).collect();
    assert_eq!(
        all,
        [("amina".into(), false, false), ("guard".into(), false, true), ("amina".into(), true, false)]
    );
    assert_eq!(item.risk(), Some((5, 3)), "the worst that stands");
}

#[test]
fn a_report_is_as_it_was_last_added_to_and_its_first_words_stay() {
    let (mut scene, [_, threat, ..]) = whole();
    let update = json!({"form": "threat", "demand": "no cars", "channel": "sms", "deadline": null});
    scene.write("guard", 3 * HOUR, "update", &about(threat, update));
    let item = scene.chain.get(threat).unwrap();
    assert_eq!(item.now.text("channel"), Some("sms"));
    assert_eq!((item.first.text("channel"), item.deadline()), (Some("call"), None));
}

#[test]
fn done_needs_another_person_who_looks() {
    let (mut scene, [.., action]) = whole();
    let holds = |scene: &mut Scene, by: &str, at, holds: &str| {
        scene.write(by, at, "verified", &about(action, json!({"holds": holds, "note": "x"})));
        scene.chain.get(action).unwrap().status()
    };
    assert_eq!(scene.chain.get(action).unwrap().status(), Status::Open);
    scene.write("idriss", 3 * DAY, "done", &about(action, json!({"evidence": "spoke to him"})));
    assert_eq!(scene.chain.get(action).unwrap().status(), Status::Done);
    assert_eq!(holds(&mut scene, "idriss", 3 * DAY + 1, "yes"), Status::Done, "their own work");
    assert_eq!(holds(&mut scene, "amina", 3 * DAY + 2, "not_yet"), Status::Open);
    assert_eq!(scene.chain.open_actions(scene.all[2].id).len(), 1);
    scene.write("idriss", 4 * DAY, "done", &about(action, json!({"evidence": "he agreed in writing"})));
    assert_eq!(holds(&mut scene, "amina", 4 * DAY + 1, "yes"), Status::Closed("verified".into()));
    assert!(scene.chain.open_actions(scene.all[2].id).is_empty());
}

#[test]
fn blind_spots_are_named_until_they_are_filled() {
    let (mut scene, [_, threat, incident, ..]) = whole();
    let kinds = |scene: &Scene, day: u64| {
        let now = MORNING.plus_ms(i64::try_from(day * DAY * 1_000).unwrap());
        let mut kinds: Vec<_> = scene.chain.gaps(now).iter().map(|gap| gap.kind).collect();
        kinds.sort_unstable();
        kinds
    };
    assert_eq!(kinds(&scene, 1), []);
    assert_eq!(kinds(&scene, 4), [IncidentWithoutThreat, ThreatWithoutOutcome, ThreatNotEvaluated]);
    scene.link(threat, incident, "carried_out_as", 3 * DAY);
    scene.write("amina", 3 * DAY, "threat_end", &about(threat, json!({"outcome": "carried_out"})));
    assert_eq!(kinds(&scene, 4), []);
    assert_eq!(kinds(&scene, 10), [FeedbackUnanswered, ActionOverdue]);
}

#[test]
fn threats_not_carried_out_and_losses_averted_are_counted() {
    let (mut scene, [_, threat, ..]) = whole();
    let averted = json!({"outcome": "averted_by", "measure": "went on Friday"});
    scene.write("amina", 3 * DAY, "threat_end", &about(threat, averted));
    scene.write("amina", 3 * DAY, "loss", &json!({"loss": "none_averted", "measure": "went on Friday"}));
    let drill = build::unsaved("amina", 9, build::filled("threat", &json!({"words": "drill"})));
    let mut drill = drill.into_event(9);
    drill.exercise = true;
    scene.chain.take(Said::of(Report::of(&build::arrived(drill, 9, "amina")).unwrap()).unwrap());
    let external = json!({"what": "long ago", "external": {"source": "AWSD", "id": "1"}});
    scene.write("waymark", 10, "incident", &external);
    let tally = scene.chain.tally(MORNING, MORNING.plus_ms(10 * 86_400_000), &|_| true);
    let expected =
        Tally { threats: 1, averted: 1, incidents: 1, losses: 1, losses_averted: 1, ..Tally::default() };
    assert_eq!(tally, expected);
    assert_eq!(scene.chain.get(threat).unwrap().outcome(), Some(Outcome::Averted));
}

#[test]
fn any_order_and_any_number_of_times_comes_to_the_same() {
    let (mut scene, [heard, threat, incident, ..]) = whole();
    scene.link(heard, threat, "supports", 3 * HOUR);
    scene.write("amina", 3 * HOUR, "evaluation", &about(threat, json!({"source": "B"})));
    scene.write("guard", 4 * HOUR, "update", &about(threat, json!({"form": "threat", "demand": "no cars"})));
    let mut random = crate::testing::random::Random(7);
    for _ in 0..50 {
        let mut chain = Chain::default();
        let mut left = [scene.all.clone(), scene.all.clone()].concat();
        while !left.is_empty() {
            chain.take(left.swap_remove(random.below(left.len())));
        }
        assert_eq!(chain.story(incident), scene.chain.story(incident));
        assert_eq!(chain.get(threat), scene.chain.get(threat));
        assert_eq!(chain.drawing(threat), scene.chain.drawing(threat));
        assert_eq!(chain.len(), scene.chain.len());
    }
    assert_eq!(scene.chain.get(threat).unwrap().said_of(&Kind::ThreatEvaluated).count(), 1);
}

#[test]
fn an_item_has_all_photos_whoever_added_them_each_once() {
    let photo = |n: u32| {
        let sha256 = format!("{n:064x}");
        json!({"sha256": sha256, "media_type": "image/jpeg", "bytes": 9, "width": 4, "height": 3})
    };
    let mut scene = Scene::default();
    let action =
        scene.write("amina", 1, "action", &json!({"action": "recommendation", "what": "x", "owner": {"name": "Moussa"}, "due": "2026-07-16T06:00:00Z", "photos": [photo(1)]}));
    let add = |n: u32| about(action, json!({"form": "action", "photos": [photo(1), photo(n)]}));
    // Neither phone knew of the other's.
    scene.write("guard", 2, "update", &add(2));
    scene.write("idriss", 3, "update", &add(3));
    scene.write(
        "idriss",
        4,
        "done",
        &about(action, json!({"evidence": "x", "photos": [photo(4), photo(2)]})),
    );
    let names = |photos: Vec<crate::event::Photo>| {
        let last = |photo: &crate::event::Photo| photo.sha256.to_string().split_off(63);
        photos.iter().map(last).collect::<String>()
    };
    let item = scene.chain.get(action).unwrap();
    assert_eq!((names(item.now.photos()), names(item.photos())), ("123".to_owned(), "1234".to_owned()));
}

#[test]
fn an_item_is_found_by_words_of_any_case_script_and_order() {
    let mut scene = Scene::default();
    let data = json!({"feedback": "warning", "words": "لا تأتوا، الطريق مراقب", "place": {"name": "Abéché"}});
    let id = scene.write("Halimé", 1, "heard", &data);
    let item = scene.chain.get(id).unwrap();
    for (wanted, found) in [
        ("", true),
        ("ABÉCHÉ", true),
        ("abéc", true),
        ("halimé abéché", true),
        ("طريق", true),
        ("الطريق", true),
        ("mongo", false),
        ("abéché mongo", false),
    ] {
        assert_eq!(item.has_words(wanted), found, "{wanted}");
    }
}

#[test]
fn what_is_missing_is_a_gap_until_somebody_is_asked_to_put_it_right() {
    let mut scene = Scene::default();
    let lack = scene.write("hawa", 1, "lack", &json!({"what": "No first aid kit"}));
    let house = |gaps: &[&str]| json!({"title": "House", "checklist": "house", "subject": "premises", "name": "Blue house", "gaps": gaps});
    scene.write("hawa", 2, "checklist", &house(&["lock", "light"]));
    let last = scene.write("hawa", 3, "checklist", &house(&["lock"]));
    let of_days = |scene: &Scene, days: i64| {
        let gaps = scene.chain.gaps(MORNING.plus_ms(days * 86_400_000));
        let own = gaps.iter().filter(|gap| gap.kind == GapKind::LackWithoutAction);
        own.map(|gap| gap.item).collect::<Vec<_>>()
    };
    assert_eq!(of_days(&scene, 1), []);
    assert_eq!(of_days(&scene, 3), [lack, last], "the last checklist of the house");
    let action = json!({"action": "protection_upgrade", "what": "Buy one", "owner": {"name": "Hawa"}, "due": "2026-07-20T06:00:00Z"});
    scene.write("amina", 4, "action", &of(lack, action));
    scene.write("hawa", 5, "checklist", &house(&[]));
    assert_eq!(of_days(&scene, 9), []);
}
