use waymark_core::event::{AreaLevel, Stamp, WatchRules};
use waymark_core::guidance::{
    Card, CardText, CheckItem, Checklist, ChecklistText, Contingency, ContingencyText, Key, Manifest, Moment,
    OwnCode, Pack, RoleText, SpeakCard, SpeakLine, SpeakText, Translation,
};

use super::*;

fn texts(all: &[&str]) -> Vec<String> {
    all.iter().map(|text| (*text).to_owned()).collect()
}

fn text(title: &str, steps: &[&str], translation: Translation) -> CardText {
    let (title, steps) = (title.to_owned(), texts(steps));
    CardText { title, steps, translation, words: texts(&["stop"]), revision: 1, ..CardText::default() }
}

fn card(id: &str) -> Card {
    let original = text("Halt", &["Stop.", "Wait.", "Go on."], Translation::Original);
    let french = text("Arrêt", &["Garez.", "Attendez.", "Partez."], Translation::Machine);
    let texts = [("en".to_owned(), original), ("fr".to_owned(), french)].into();
    let when = vec![Moment::new("checkin", "halted")];
    Card { id: id.to_owned(), field: "transport".to_owned(), revision: 1, when, texts, ..Card::default() }
}

fn speak() -> SpeakCard {
    let line = |code: &str| SpeakLine {
        code: code.to_owned(),
        label: code.to_owned(),
        prompt: "what".to_owned(),
        fill: None,
    };
    let lines = vec![line("who"), line("where")];
    let text = SpeakText { title: "Emergency".to_owned(), lines, revision: 1, ..SpeakText::default() };
    SpeakCard {
        id: "emergency".to_owned(),
        revision: 1,
        texts: [("en".to_owned(), text)].into(),
        ..SpeakCard::default()
    }
}

fn checklist() -> Checklist {
    let point = |code: &str| CheckItem { code: code.to_owned(), must: true };
    let items = [("tyres", "Tyres are good"), ("radio", "The radio works")];
    let items = items.map(|(code, text)| (code.to_owned(), text.to_owned())).into();
    let text = ChecklistText { title: "Vehicle".to_owned(), items, revision: 1, ..ChecklistText::default() };
    Checklist {
        id: "vehicle".to_owned(),
        of: "vehicle".to_owned(),
        days: 7,
        revision: 1,
        items: vec![point("tyres"), point("radio")],
        texts: [("en".to_owned(), text)].into(),
        ..Checklist::default()
    }
}

fn plan() -> Contingency {
    let role = RoleText { name: "Lead".to_owned(), does: "Decides".to_owned() };
    let text = ContingencyText {
        title: "Evacuation".to_owned(),
        trigger: texts(&["Shelling comes near."]),
        roles: [("lead".to_owned(), role)].into(),
        steps: texts(&["Call all in.", "Leave."]),
        revision: 1,
        ..ContingencyText::default()
    };
    Contingency {
        id: "evacuation".to_owned(),
        drill: 180,
        revision: 1,
        roles: texts(&["lead", "driver"]),
        steps: texts(&["lead", "driver"]),
        calls: [("lead".to_owned(), texts(&["driver"]))].into(),
        texts: [("en".to_owned(), text)].into(),
        ..Contingency::default()
    }
}

fn release() -> Release {
    let agreed = Agreed { code: "who".to_owned(), words: "We are Acme".to_owned() };
    let pack = Pack {
        id: "org.example".to_owned(),
        version: 1,
        cards: vec![card("halt"), card("lost")],
        speak: vec![speak()],
        checklists: vec![checklist()],
        plans: vec![plan()],
        messages: [("en".to_owned(), vec![agreed])].into(),
        ..Pack::default()
    };
    let manifest = Manifest {
        pack: pack.id.clone(),
        version: 1,
        title: [("en".to_owned(), "Ours".to_owned())].into(),
        issued: Stamp(0),
        expires: Stamp(86_400_000),
        offices: vec![],
        files: vec![],
    };
    Release { manifest, pack, signed: Some((String::new(), Key([1; 32]))), files: BTreeMap::new() }
}

fn said(change: impl Fn(&mut Release)) -> Vec<String> {
    let (old, mut new) = (release(), release());
    change(&mut new);
    words(&old, &new).lines().skip(1).map(str::to_owned).collect()
}

/// Every stable word has words: central reads them in four languages.
#[test]
fn nothing_is_told_by_its_code() {
    let sources = [
        include_str!("cards.rs"),
        include_str!("checklists.rs"),
        include_str!("mod.rs"),
        include_str!("plans.rs"),
        include_str!("rules.rs"),
        include_str!("speak.rs"),
    ];
    let mut looked_at = 0;
    for source in sources {
        for call in ["plain(\"", "one(\"", "in_text(\"", "part(\"", "items(\"", "named(\""] {
            for after in source.split(call).skip(1) {
                let what = after.split('"').next().unwrap();
                assert!(english::word(what).is_some(), "{what}");
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 40, "{looked_at}");
}

#[test]
fn the_same_is_the_same() {
    assert_eq!(said(|_| ()), ["nothing has changed"]);
}

#[test]
fn what_the_pack_says_of_itself_is_told() {
    let lines = said(|new| {
        new.manifest.version = 2;
        new.manifest.title =
            [("en".to_owned(), "New".to_owned()), ("fr".to_owned(), "À nous".to_owned())].into();
        new.manifest.expires = Stamp(2 * 86_400_000);
        new.manifest.offices = texts(&["notes", "plans"]);
        new.signed = Some((String::new(), Key([2; 32])));
    });
    assert_eq!(
        lines,
        [
            "title, en: “Ours” is now “New”",
            "title, fr: new: “À nous”",
            "expires: 1970-01-02 is now 1970-01-03",
            "offices may change: new: notes, plans",
            "signed with the key: 0101 0101 0101 0101 0101 is now 0202 0202 0202 0202 0202",
        ]
    );
    assert_eq!(said(|new| new.signed = None), ["nothing has changed"], "a folder that is written has no key");
}

#[test]
fn cards_that_come_and_go_are_told_by_name_and_language() {
    let lines = said(|new| {
        new.pack.cards.remove(1);
        new.pack.cards.push(card("ambush"));
    });
    assert_eq!(lines, ["new: card “Halt” (ambush), in en, fr", "gone: card “Halt” (lost), in en, fr"]);
}

#[test]
fn what_has_changed_in_a_card_is_told_by_place_and_language() {
    let lines = said(|new| {
        let card = &mut new.pack.cards[0];
        card.revision = 2;
        card.when = vec![Moment::new("checkin", "delayed")];
        card.level = Some(3);
        card.acknowledge = true;
        let english = card.texts.get_mut("en").unwrap();
        english.steps = texts(&["Slow down.", "Stop.", "Wait for word.", "Go on."]);
        english.why = texts(&["Whoever stands is asked for."]);
        english.words = texts(&["halt"]);
        let french = card.texts.get_mut("fr").unwrap();
        french.translation = Translation::Reviewed;
        french.revision = 2;
        card.texts.insert("es".to_owned(), text("Alto", &[], Translation::Machine));
    });
    assert_eq!(
        lines,
        [
            "changed: card “Halt” (halt), in en, es, fr",
            "  revision: 1 is now 2",
            "  when: also checkin:delayed; no longer checkin:halted",
            "  only from level: new: 3",
            "  reading it is confirmed by name: no is now yes",
            "  found by, en: also halt; no longer stop",
            "  step 1, en: new: “Slow down.”",
            "  step 3, en: “Wait.” is now “Wait for word.”",
            "  why, paragraph 1, en: new: “Whoever stands is asked for.”",
            "  text in es: new: machine",
            "  translation, fr: machine is now reviewed",
            "  translates revision, fr: 1 is now 2",
        ]
    );
    let lines = said(|new| {
        new.pack.cards[0].texts.remove("fr");
    });
    assert_eq!(lines, ["changed: card “Halt” (halt), in en", "  text in fr: gone: machine"]);
}

#[test]
fn what_is_read_out_and_messages_are_told() {
    let lines = said(|new| {
        let text = new.pack.speak[0].texts.get_mut("en").unwrap();
        text.lines.swap(0, 1);
        text.lines[0].prompt = "which place".to_owned();
        new.pack.messages.get_mut("en").unwrap()[0].words = "We are Acme Relief".to_owned();
        new.pack.messages.insert("fr".to_owned(), vec![]);
    });
    assert_eq!(
        lines,
        [
            "changed: to read out “Emergency” (emergency), in en",
            "  line where, en: “where | what” is now “where | which place”",
            "  order of the lines, en: “who, where” is now “where, who”",
            "message who, en: “We are Acme” is now “We are Acme Relief”",
            "messages in fr: new",
        ]
    );
}

#[test]
fn what_has_changed_in_a_checklist_is_told_by_point() {
    let lines = said(|new| {
        let list = &mut new.pack.checklists[0];
        list.days = 3;
        list.items = vec![list.items[1].clone(), list.items[0].clone()];
        list.items[0].must = false;
        list.items.push(CheckItem { code: "fuel".to_owned(), must: true });
        let text = list.texts.get_mut("en").unwrap();
        text.items.insert("fuel".to_owned(), "Half a tank".to_owned());
        text.items.insert("radio".to_owned(), "The radio was tried".to_owned());
    });
    assert_eq!(
        lines,
        [
            "changed: checklist “Vehicle” (vehicle), in en",
            "  holds for days: 7 is now 3",
            "  point radio: must be met is now should be met",
            "  point fuel: new: must be met",
            "  order of the points: tyres, radio is now radio, tyres",
            "  point fuel, en: new: “Half a tank”",
            "  point radio, en: “The radio works” is now “The radio was tried”",
        ]
    );
}

#[test]
fn what_has_changed_in_a_plan_is_told_by_role_and_step() {
    let lines = said(|new| {
        let plan = &mut new.pack.plans[0];
        plan.drill = 90;
        plan.calls.insert("driver".to_owned(), texts(&["lead"]));
        let text = plan.texts.get_mut("en").unwrap();
        text.roles.get_mut("lead").unwrap().does = "Decides and says so".to_owned();
        text.steps.insert(0, "Stop.".to_owned());
        text.trigger.clear();
    });
    assert_eq!(
        lines,
        [
            "changed: plan “Evacuation” (evacuation), in en",
            "  days between drills: 180 is now 90",
            "  called by driver: new: lead",
            "  trigger 1, en: gone: “Shelling comes near.”",
            "  role lead, en: “Lead: Decides” is now “Lead: Decides and says so”",
            "  step 1, en: new: “Stop.”",
        ]
    );
}

#[test]
fn what_has_changed_in_levels_and_codes_is_told() {
    let code = |code: &str, words: &str| OwnCode {
        code: code.to_owned(),
        words: [("en".to_owned(), words.to_owned())].into(),
    };
    let high = WatchRules::of_level(&AreaLevel::High);
    let (mut old, mut new) = (release(), release());
    old.pack.rules.levels = [(AreaLevel::High, high), (AreaLevel::Low, high)].into();
    new.pack.rules.levels =
        [(AreaLevel::High, WatchRules { interval: 20, ..high }), (AreaLevel::Extreme, high)].into();
    let codes = &mut old.pack.rules.codes.0;
    codes.insert("means".to_owned(), vec![code("drone", "Drone"), code("K", "Taken"), code("fire", "Fire")]);
    let mut held = code("K", "Held");
    held.words.insert("fr".to_owned(), "Enlevé".to_owned());
    let codes = &mut new.pack.rules.codes.0;
    codes.insert("means".to_owned(), vec![held, code("drone", "Drone")]);
    codes.insert("action".to_owned(), vec![code("audit", "Audit")]);
    let lines: Vec<_> = words(&old, &new).lines().skip(1).map(str::to_owned).collect();
    assert_eq!(
        lines,
        [
            "minutes of interval, level 2 (low): gone: 30",
            "minutes of grace, level 2 (low): gone: 5",
            "minutes of prompt, level 2 (low): gone: 2",
            "minutes of each step, level 2 (low): gone: 5",
            "minutes of hold, level 2 (low): gone: 20",
            "minutes of interval, level 5 (high): 30 is now 20",
            "minutes of interval, level 6 (extreme): new: 30",
            "minutes of grace, level 6 (extreme): new: 5",
            "minutes of prompt, level 6 (extreme): new: 2",
            "minutes of each step, level 6 (extreme): new: 5",
            "minutes of hold, level 6 (extreme): new: 20",
            "code action:audit, en: new: “Audit”",
            "code means:K, en: “Taken” is now “Held”",
            "code means:K, fr: new: “Enlevé”",
            "code means:fire, en: gone: “Fire”",
            "order of the codes of means: drone, K is now K, drone",
        ]
    );
}
