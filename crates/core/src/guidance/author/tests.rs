mod offers;

use super::*;
use crate::event::{AreaLevel, WatchRules};
use crate::guidance::{Library, Moment, Translation};

const HALT: &str = "---
title: Halt
words: stop, wait,
  standing still
field: transport
revision: 2
when: checkin:halted, level:3, role:traveller
acknowledge: yes
sources: Our own
---
## do
1. Stop where you can be seen.
2. Say **why** on the radio
   and for how long.
3. See [Lost contact](card:lost).
## why
Who stands still is asked for.

Another paragraph.
## avoid
- Do not stop in a bend.
## tell
- The radio room.
";

const HALT_FR: &str = "---
title: Arrêt
words: halte, pause, attendre
revision: 2
translation: machine
---
## do
1. Garez la voiture au bord.
2. Dites par radio que vous ne roulez plus.
3. Restez tous dans la voiture.
## why
Qui ne bouge plus est recherché.
## avoid
- Ne pas s’arrêter dans un virage.
## tell
- La salle radio.
";

fn lost() -> String {
    HALT.replace("title: Halt", "title: Lost").replace("card:lost", "card:halt")
}

fn files(change: impl Fn(&str, &str) -> String) -> BTreeMap<String, String> {
    let all = [
        ("cards/halt.en.md", HALT.to_owned()),
        ("cards/halt.fr.md", HALT_FR.to_owned()),
        ("cards/lost.en.md", lost()),
        ("cards/lost.fr.md", HALT_FR.to_owned()),
    ];
    all.into_iter().map(|(path, text)| (path.to_owned(), change(path, &text))).collect()
}

fn remarks(files: &BTreeMap<String, String>) -> Vec<String> {
    read("org.example", 1, &["en", "fr"], &[], files).1.iter().map(ToString::to_string).collect()
}

#[test]
fn a_card_is_read_with_all_that_it_says() {
    let (pack, remarks) = read("org.example", 7, &["en", "fr"], &[], &files(|_, text| text.to_owned()));
    assert_eq!(remarks, []);
    assert_eq!((pack.id.as_str(), pack.version, pack.cards.len()), ("org.example", 7, 2));
    let card = &pack.cards[0];
    assert_eq!((card.id.as_str(), card.revision, card.level, card.acknowledge), ("halt", 2, Some(3), true));
    assert_eq!(card.when, [Moment::new("checkin", "halted")]);
    assert_eq!(card.roles, ["traveller"]);
    let text = &card.texts["en"];
    assert_eq!(text.words, ["stop", "wait", "standing still"]);
    assert_eq!(text.steps[1], "Say **why** on the radio and for how long.");
    assert_eq!(text.why, ["Who stands still is asked for.", "Another paragraph."]);
    assert_eq!(card.texts["fr"].translation, Translation::Machine);
    assert_eq!(card.text("ar").unwrap().0, "en", "what is not there is shown in the original");
    let read: Pack = serde_json::from_value(crate::json::Json::to_value(&pack)).unwrap();
    assert_eq!(read, pack);
}

const LEVELS_MD: &str = "---
revision: 1
---
## levels
- 5 | interval 20 | grace 5 | prompt 2 | step 5 | hold 20
- 6 | hold 10 | step 3 | prompt 0 | grace 4 | interval 15
";

const CODES_EN: &str = "---
title: Our words
revision: 1
---
## means
- drone: Drone
- K: Taken or held
## level
- high: Red
";

const CODES_FR: &str = "---
revision: 1
translation: machine
---
## level
- high: Rouge
## means
- K: Enlevé ou retenu
- drone: Drone armé
";

fn with_rules(change: impl Fn(&str, &str) -> String) -> (Pack, Vec<String>) {
    let mut files = files(|_, text| text.to_owned());
    for (path, text) in [("levels.md", LEVELS_MD), ("codes.en.md", CODES_EN), ("codes.fr.md", CODES_FR)] {
        files.insert(path.to_owned(), change(path, text));
    }
    let card = files.get_mut("cards/halt.en.md").unwrap();
    *card = card.replace("checkin:halted", "checkin:halted, incident:drone");
    let (pack, remarks) = read("org.example", 1, &["en", "fr"], &[], &files);
    (pack, remarks.iter().map(ToString::to_string).collect())
}

#[test]
fn levels_and_codes_are_read() {
    let (pack, remarks) = with_rules(|_, text| text.to_owned());
    assert_eq!(remarks, [""; 0]);
    let rules = &pack.rules;
    assert_eq!(rules.levels[&AreaLevel::High].interval, 20);
    let extreme = WatchRules { interval: 15, grace: 4, prompt: 0, step: 3, hold: 10 };
    assert_eq!((rules.levels.len(), rules.levels[&AreaLevel::Extreme]), (2, extreme));
    assert_eq!(rules.codes.words("means", "drone", "fr"), Some("Drone armé"));
    assert_eq!(rules.codes.words("level", "high", "ar"), Some("Red"));
    let card = pack.cards.iter().find(|card| card.id == "halt").unwrap();
    assert!(card.when.contains(&Moment::new("incident", "drone")), "a card may be offered for it");
    let read: Pack = serde_json::from_value(crate::json::Json::to_value(&pack)).unwrap();
    assert_eq!(read, pack);
}

#[test]
fn whatever_is_wrong_with_levels_and_codes_is_named() {
    let long = format!("- drone: {}", "a".repeat(61));
    for (file, from, to, says) in [
        ("levels", "- 5 |", "- 7 |", "levels.md:5: error: `7` is no level from 1 to 6"),
        ("levels", "- 5 |", "- 0 |", "`0` is no level"),
        ("levels", "- 6 |", "- 5 |", "levels.md:6: error: level 5 stands here twice"),
        ("levels", "interval 20", "interval 0", "levels.md:5: error: interval is from 1 to 1440 minutes"),
        ("levels", "interval 20", "interval 1441", "interval is from 1 to 1440 minutes"),
        ("levels", "grace 5", "grace 241", "grace is from 0 to 240 minutes"),
        ("levels", "prompt 2", "prompt 6", "prompt is within grace"),
        ("levels", "step 5", "step 121", "step is from 1 to 120 minutes"),
        ("levels", "hold 20", "hold 481", "hold is from 1 to 480 minutes"),
        ("levels", " | hold 20", "", "levels.md:5: error: does not say: hold"),
        ("levels", "hold 20", "hold 20 | hold 30", "`hold` stands here twice"),
        ("levels", "hold 20", "hold twenty", "`hold twenty` is not understood"),
        ("levels", "hold 20", "rest 20", "`rest 20` is not understood"),
        ("levels", "## levels", "## rules", "`rules` is no heading here"),
        ("levels", "revision: 1", "", "levels.md:1: error: has no `revision`"),
        (
            "levels",
            "interval 15",
            "interval 45",
            "levels.md:4: note: on level 6 people are overdue after 49 minutes, on level 5 after 25 already",
        ),
        ("codes.en", "## means", "## weapons", "codes.en.md:5: error: `weapons` is no heading here"),
        ("codes.en", "- drone: Drone", "- Drone: Drone", "codes.en.md:6: error: `Drone` is no code"),
        ("codes.en", "- drone: Drone", "- any: Drone", "`any` is no code"),
        ("codes.en", "- drone: Drone", "- k: Drone", "`k` is written `K`"),
        ("codes.en", "- drone: Drone", "- K: Drone", "codes.en.md:7: error: `K` stands here twice"),
        ("codes.en", "- drone: Drone", "- drone", "codes.en.md:6: error: a code is `- code: words`"),
        ("codes.en", "- drone: Drone", "- drone:", "a code is `- code: words`"),
        ("codes.en", "- drone: Drone", &long, "has 61 characters; 60 are the most"),
        (
            "codes.en",
            "- high: Red",
            "- worst: Red",
            "`level` takes no codes of one's own, only words for: minimal",
        ),
        ("codes.en", "- high: Red", "", "`level` has 0 codes"),
        ("codes.fr", "- drone: Drone armé", "", "codes.fr.md:7: error: `drone` of `means` is not translated"),
        (
            "codes.fr",
            "- drone:",
            "- bomb:",
            "codes.fr.md:9: error: `bomb` of `means` does not stand in the original",
        ),
        ("codes.fr", "translation: machine", "", "`translation` is `machine` or `reviewed`"),
    ] {
        let change = |path: &str, text: &str| {
            if path.contains(file) { text.replacen(from, to, 1) } else { text.to_owned() }
        };
        let (_, remarks) = with_rules(change);
        assert!(remarks.iter().any(|own| own.contains(says)), "{from} → {to}: {remarks:#?}");
    }
    let mut files = files(|_, text| text.to_owned());
    files.insert("codes.en.md".to_owned(), CODES_EN.to_owned());
    assert!(remarks(&files).contains(&"codes.fr.md:1: error: is missing".to_owned()));
}

/// One change each, and what is said of it.
#[test]
fn whatever_is_wrong_is_named_by_file_and_line() {
    let cases: &[(&str, &str, &str, &str)] = &[
        ("halt.en", "field: transport", "field: traffic", "cards/halt.en.md:5: error: `field` is one of"),
        ("halt.en", "revision: 2", "revision: two", "cards/halt.en.md:6: error: has no `revision`"),
        (
            "halt.en",
            "checkin:halted",
            "checkin:resting",
            "halt.en.md:7: error: `checkin:resting` is no moment",
        ),
        ("halt.en", "checkin:halted, ", "", "halt.en.md:7: error: a level or a role alone"),
        ("halt.en", "level:3", "level:9", "a level is a figure from 1 to 6"),
        ("halt.en", "role:traveller", "role:cook", "`cook` is no role"),
        ("halt.en", "sources: Our own\n", "", "halt.en.md:1: error: names no `sources`"),
        ("halt.en", "sources:", "source:", "`source` is no line of this head"),
        ("halt.en", "title: Halt", "title: Halt\ntitle: Again", "`title` stands here twice"),
        ("halt.en", "title: Halt", "A line", "halt.en.md:2: error: `name: value` is asked for here"),
        ("halt.en", "title: Halt", "title: ", "has no `title`"),
        ("halt.en", "words: stop, wait,\n  standing still", "words: stop", "`words` has 1; 3 to 16"),
        ("halt.en", "1. Stop where you can be seen.\n", "", "`do` has 2 items; 3 to 7 are asked for"),
        ("halt.en", "## do", "## now", "`now` is no heading here"),
        ("halt.en", "## why", "## do", "`do` stands here twice"),
        (
            "halt.en",
            "card:lost",
            "card:found",
            "halt.en.md:15: error: leads to a card that is not there: found",
        ),
        ("halt.en", "card:lost", "card:halt", "leads to itself"),
        ("halt.en", "- The radio room.", "The radio room.", "halt.en.md:23: error: is no list item"),
        ("halt.en", "---\n", "", "halt.en.md:1: error: begins with a line of three dashes"),
        ("halt.en", "---\n## do", "## do", "has no second line of three dashes"),
        ("halt.en", "## do", "text\n## do", "stands above the first heading"),
        (
            "halt.en",
            "[Lost contact](card:lost)",
            "[here](https://x.org)",
            "note: has a link that is shown as text",
        ),
        (
            "halt.en",
            "Another paragraph.",
            "<script>alert(1)</script>",
            "note: has HTML, which is shown as text",
        ),
        (
            "halt.fr",
            "revision: 2",
            "revision: 1",
            "halt.fr.md:4: error: translates revision 1; the original is at 2",
        ),
        ("halt.fr", "revision: 2", "revision: 3", "says it translates revision 3"),
        ("halt.fr", "translation: machine\n", "", "`translation` is `machine` or `reviewed`"),
        ("halt.fr", "translation: machine", "translation: reviewed", "nobody is named in `reviewed_by`"),
        ("halt.fr", "title: Arrêt", "title: Arrêt\nfield: staff", "`field` is no line of this head"),
    ];
    for (file, from, to, says) in cases {
        let files = files(
            |path, text| if path.contains(file) { text.replacen(from, to, 1) } else { text.to_owned() },
        );
        let remarks = remarks(&files);
        assert!(remarks.iter().any(|remark| remark.contains(says)), "{from} → {to}: {remarks:#?}");
    }
}

#[test]
fn what_is_too_long_or_too_hard_is_named() {
    let long =
        |from: &'static str, to: String| {
            remarks(&files(move |path, text| {
                if path.contains("halt.en") { text.replacen(from, &to, 1) } else { text.to_owned() }
            }))
        };
    let has = |remarks: &[String], says: &str| {
        assert!(remarks.iter().any(|own| own.contains(says)), "{remarks:#?}");
    };
    has(
        &long("title: Halt", format!("title: {}", "a".repeat(41))),
        "the title has 41 characters; 40 are the most",
    );
    has(&long("Stop where you can be seen.", "stop ".repeat(25)), "has 124 characters; 120 are the most");
    has(&long("Stop where you can be seen.", "go on ".repeat(9)), "a sentence has 18 words; 16 are the most");
    has(&long("Another paragraph.", "word ".repeat(150)), "`why` has");
    has(
        &long("Stop where you can be seen.", "Immobilisation recommended considering circumstances, notwithstanding contradictory information ".repeat(2)),
        "reads at LIX",
    );
    has(&long("Another", "x".repeat(200_001)), "is larger than");
}

#[test]
fn missing_languages_and_foreign_files_are_named() {
    let mut files = files(|_, text| text.to_owned());
    files.remove("cards/halt.fr.md");
    files.insert("cards/lost.txt".to_owned(), String::new());
    files.insert("../cards/out.en.md".to_owned(), HALT.to_owned());
    files.insert("cards/Big Name.en.md".to_owned(), HALT.to_owned());
    files.insert("other/halt.en.md".to_owned(), HALT.to_owned());
    files.insert("pack.md".to_owned(), String::new());
    let remarks = remarks(&files);
    assert!(remarks.contains(&"cards/halt.fr.md:1: error: is missing".to_owned()), "{remarks:#?}");
    for path in ["cards/lost.txt", "../cards/out.en.md", "cards/Big Name.en.md", "other/halt.en.md"] {
        assert!(remarks.iter().any(|own| own.starts_with(path)), "{path}: {remarks:#?}");
    }
    assert_eq!(remarks.len(), 5, "{remarks:#?}");
}

#[test]
fn what_a_pack_is_as_a_whole_is_checked() {
    let good = "---\nid: org.example\nversion: 3\ntitle: Example\ntitle_ar: مثال\nissued: 2026-11-26\nexpires: 2027-11-26\nlanguages: en, ar\noffices: notes\n---\n";
    let (about, remarks) = About::read(good);
    assert_eq!(remarks, []);
    let about = about.unwrap();
    assert_eq!((about.id.as_str(), about.version, about.title["ar"].as_str()), ("org.example", 3, "مثال"));
    assert_eq!(about.manifest().expires.to_string(), "2027-11-26T00:00:00.000Z");
    for (from, to, says) in [
        ("id: org.example", "id: Org Example", "pack.md:2: error: has no `id`"),
        ("version: 3", "version: 0", "pack.md:3: error: has no `version`"),
        ("title: Example\n", "", "has no `title`"),
        ("issued: 2026-11-26", "issued: today", "`issued` is a day"),
        ("expires: 2027", "expires: 2025", "expires before it is issued"),
        ("offices: notes", "offices: all", "`all` is nothing that an office may change"),
        ("languages: en, ar", "languages: ar", "`languages` has no `en`"),
        ("offices", "office", "`office` is no line of this head"),
    ] {
        let (about, remarks) = About::read(&good.replacen(from, to, 1));
        let remarks: Vec<_> = remarks.iter().map(ToString::to_string).collect();
        assert!(remarks.iter().any(|own| own.contains(says)), "{from} → {to}: {remarks:?}");
        assert_eq!(about, None);
    }
}

/// The files of the pack that every phone has.
fn built_in_files() -> BTreeMap<String, String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("pack");
    let mut files = BTreeMap::new();
    for (sub, prefix) in [
        ("", ""),
        ("cards", "cards/"),
        ("speak", "speak/"),
        ("checklists", "checklists/"),
        ("plans", "plans/"),
    ] {
        for entry in std::fs::read_dir(folder.join(sub)).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_file() {
                let path = format!("{prefix}{}", entry.file_name().to_str().unwrap());
                files.insert(path, std::fs::read_to_string(entry.path()).unwrap());
            }
        }
    }
    files
}

#[test]
fn a_plan_waits_for_a_clinician_as_a_card_does() {
    const PLAN: &str = "plans/medical-emergency.en.md";
    let checked = |to: &str| {
        let mut files = built_in_files();
        let text = files.get_mut(PLAN).unwrap();
        *text = text.replace("needs: clinician", to);
        read("waymark", 1, &crate::guidance::LANGUAGES, &[], &files)
    };
    let waits = |to: &str| unreviewed(&checked(to).0).iter().any(|path| path == PLAN);
    assert!(waits("needs: clinician"));
    assert!(!waits("needs: clinician\nreviewed_by: A. Doctor"));
    let says = "`needs` is `clinician`, or is left out";
    assert!(checked("needs: cook").1.iter().any(|remark| remark.path == PLAN && remark.words == says));
}

#[test]
fn the_built_in_pack_is_complete() {
    let files = built_in_files();
    let (about, faults) = About::read(&files["pack.md"]);
    assert_eq!(faults, []);
    let about = about.unwrap();
    assert_eq!(about.languages, crate::guidance::LANGUAGES);
    assert_eq!(about.title.len(), 4);
    let (pack, remarks) = read(&about.id, about.version, &crate::guidance::LANGUAGES, &[], &files);
    let said: Vec<_> = remarks.iter().map(ToString::to_string).collect();
    assert!(said.is_empty(), "{}", said.join("\n"));
    assert!(pack.cards.len() >= 60, "{}", pack.cards.len());
    assert_eq!(pack.speak.len(), 5);
    assert_eq!(pack.messages.len(), 4);
    // The words people look for.
    let mut library = Library::new(pack, None);
    while library.index() {}
    for (query, id) in [
        ("hijack", "carjacking"),
        ("حاجز", "checkpoint"),
        ("secuestro", "abduction"),
        ("otage", "held-hostage"),
        ("palu", "fever-malaria"),
        ("burglary", "theft-from-house"),
        ("kamikaze", "drones"),
        ("vacuna", "extortion"),
        ("EpiPen", "allergy"),
        ("غرق", "drowning-rescue"),
        ("Heimlich", "choking"),
    ] {
        let found: Vec<_> = library.search(query, "en").iter().map(|found| found.item.id()).collect();
        assert!(found.iter().take(3).any(|found| *found == id), "{query}: {found:?}");
    }
}

#[test]
fn a_card_is_written_as_it_is_read() {
    let files = files(|_, text| text.to_owned());
    let (pack, _) = read("org.example", 1, &["en", "fr"], &[], &files);
    let mut written = BTreeMap::new();
    for card in &pack.cards {
        for language in ["en", "fr"] {
            written.insert(format!("cards/{}.{language}.md", card.id), card.source(language).unwrap());
        }
        assert_eq!(card.source("ar"), None);
    }
    let (again, remarks) = read("org.example", 1, &["en", "fr"], &[], &written);
    assert_eq!(remarks, []);
    assert_eq!(again, pack);
}

#[test]
fn every_built_in_card_is_written_as_it_is_read() {
    let (pack, _) = read("waymark", 1, &["en"], &[], &built_in_files());
    let mut written = BTreeMap::new();
    for card in &pack.cards {
        for language in card.texts.keys() {
            written.insert(format!("cards/{}.{language}.md", card.id), card.source(language).unwrap());
        }
    }
    let (again, _) = read("waymark", 1, &["en"], &[], &written);
    assert!(again.cards.len() > 80);
    assert_eq!(again.cards, pack.cards);
}
