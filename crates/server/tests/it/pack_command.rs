//! `pack …` of the real program, from an empty folder to the list of who has it.
#![cfg(unix)]

use std::fs;
use std::process::Output;

use tempfile::TempDir;
use waymark_core::rules::Role;

use crate::process::{program, run_badly, run_well};
use crate::support::{Reply, Server, rewrite};

struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn at(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn change(&self, file: &str, from: &str, to: &str) {
        rewrite(&self.0.path().join(file), from, to);
    }

    fn sign(&self, out: &str) -> String {
        run_well(&["pack", "sign", &self.at("p"), "--key", &self.at("key"), "--out", &self.at(out)])
    }
}

fn run(args: &[&str]) -> (Output, String) {
    let output = program().args(args).output().unwrap();
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    (output, text)
}

#[tokio::test]
async fn from_an_empty_folder_to_the_list_of_who_has_it() {
    let (desk, server) = (Desk::new(), Server::start().await);
    let (folder, data) = (desk.at("p"), server.data.path().to_str().unwrap());
    let phone = server.phone_in("acme", Role::Manager, &["east"], "Amina").await;
    run_well(&["pack", "new", &folder, "--id", "org.acme", "--title", "Acme"]);
    assert!(run_badly(&["pack", "new", &folder]).contains("is not empty"));
    assert_eq!(
        run_well(&["pack", "check", &folder]),
        "org.acme: 1 card, 0 checklists, 0 plans, 0 cards to read out, 1 level, 2 codes; 0 errors, 0 notes\n"
    );
    let printed = run_well(&["pack", "key", &desk.at("key")]);
    let key = printed.lines().find_map(|line| line.strip_prefix("public key: ")).unwrap().to_owned();
    assert!(printed.contains(&format!("in short: {} {}", &key[..4], &key[4..8])));
    assert!(!printed.contains(fs::read_to_string(desk.at("key")).unwrap().trim()), "the secret is not shown");
    assert!(run_badly(&["pack", "key", &desk.at("key")]).contains("never written over"));
    let signed = desk.sign("one");
    assert!(signed.starts_with("org.acme version 1 is signed with the key"), "{signed}");

    assert_eq!(run_well(&["pack", "list", "--data", data]), "acme has published no pack\n");
    let publish = |folder: &str| {
        let folder = desk.at(folder);
        run_well(&["pack", "publish", &folder, "--data", data, "--key-hex", &key])
    };
    let first = publish("one");
    assert!(first.starts_with("acme has published org.acme version 1; phones fetch 3 files, "), "{first}");
    assert!(first.contains("THE KEY IS TRUSTED FROM NOW ON") && first.contains(&key), "{first}");
    assert!(publish("one").contains("published already"));

    desk.change("p/pack.md", "version: 1", "version: 2");
    desk.change("p/cards/meeting-point.en.md", "Do not run", "Do not hurry");
    desk.change("p/levels.md", "interval 30", "interval 20");
    desk.change("p/codes.en.md", "drone: Drone", "drone: Armed drone");
    desk.sign("two");
    let diff = run_well(&["pack", "diff", &desk.at("one"), &desk.at("two")]);
    assert!(diff.contains("org.acme version 1, and org.acme version 2\n"), "{diff}");
    let step = "  step 1, en: “Walk to the meeting point. Do not run.” is now";
    assert!(diff.contains(step), "{diff}");
    assert!(diff.contains("minutes of interval, level 5 (high): 30 is now 20\n"), "{diff}");
    assert!(diff.contains("code means:drone, en: “Drone” is now “Armed drone”\n"), "{diff}");
    assert_eq!(diff, run_well(&["pack", "diff", &desk.at("one"), &folder]), "as it is written, too");
    assert!(publish("two").contains("it follows version 1"));
    let levels = run_well(&["levels", "--data", data, "--org", "acme"]);
    let of = |level: &str| levels.lines().find(|line| line.starts_with(level)).unwrap().to_owned();
    assert!(of("high").contains(" 20 ") && of("high").ends_with("the pack"), "{levels}");
    assert!(of("low").ends_with("default"), "{levels}");
    let words = run_badly(&["pack", "publish", &desk.at("one"), "--data", data]);
    assert!(words.contains("version 1 is not above version 2"), "{words}");

    Reply::read("get", phone.get("/pack?have=1").send().await.unwrap()).await;
    let list = run_well(&["pack", "list", "--data", data, "--org", "acme"]);
    let lines: Vec<_> = list.lines().collect();
    assert!(lines[0].ends_with(&format!("({key})")), "{list}");
    assert!(lines[3].starts_with("2 ") && lines[4].starts_with("1 "), "{list}");
    let row: Vec<_> = lines.last().unwrap().split_whitespace().collect();
    assert_eq!(row[..5], [phone.enrolled.device.0.as_str(), "Amina", "manager", "east", "1"], "{list}");
}

#[tokio::test]
async fn another_key_is_taken_only_when_it_is_said() {
    let (desk, server) = (Desk::new(), Server::start().await);
    let data = server.data.path().to_str().unwrap();
    run_well(&["pack", "new", &desk.at("p")]);
    run_well(&["pack", "key", &desk.at("key")]);
    desk.sign("one");
    run_well(&["pack", "publish", &desk.at("one"), "--data", data]);
    fs::remove_file(desk.at("key")).unwrap();
    run_well(&["pack", "key", &desk.at("key")]);
    desk.change("p/pack.md", "version: 1", "version: 2");
    desk.sign("two");
    let publish = ["pack", "publish", &desk.at("two"), "--data", data];
    assert!(run_badly(&publish).contains("--new-key changes that"));
    let text = run_well(&[&publish[..], &["--new-key"]].concat());
    assert!(text.contains("THE TRUSTED KEY HAS CHANGED") && text.contains("enrolled again"), "{text}");
    let (output, _) = run(&[&publish[..], &["--key-hex", "abc"]].concat());
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains("64 hex digits"));
}

#[test]
fn a_check_ends_with_an_error_and_names_every_line() {
    let desk = Desk::new();
    run_well(&["pack", "new", &desk.at("p")]);
    desk.change("p/cards/meeting-point.en.md", "field: premises", "field: house");
    desk.change("p/pack.md", "languages: en", "languages: en, fr");
    desk.change("p/levels.md", "interval 30", "interval 0");
    let (output, text) = run(&["pack", "check", &desk.at("p")]);
    assert_eq!(output.status.code(), Some(1));
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(
        lines,
        [
            "cards/meeting-point.en.md:4: error: `field` is one of: transport, crisis, premises, staff, \
             communication, community, mitigation",
            "cards/meeting-point.fr.md:1: error: is missing",
            "codes.fr.md:1: error: is missing",
            "levels.md:7: error: interval is from 1 to 1440 minutes",
            "org.example: 1 card, 0 checklists, 0 plans, 0 cards to read out, 1 level, 2 codes; 4 errors, 0 notes",
        ]
    );
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("has 4 errors: it cannot be signed"), "{words}");
    run_well(&["pack", "key", &desk.at("key")]);
    let sign = ["pack", "sign", &desk.at("p"), "--key", &desk.at("key"), "--out", &desk.at("out")];
    assert!(run_badly(&sign).contains("4 errors, which `pack check` names"));
    assert!(!fs::exists(desk.at("out")).unwrap());
    assert!(run_badly(&["pack", "check", &desk.at("nowhere")]).contains("cannot read"));
    assert!(run_badly(&["pack", "diff", &desk.at("p"), &desk.at("nowhere")]).contains("4 errors"));
    assert!(run_badly(&["pack", "new", &desk.at("q"), "--id", "No Id"]).contains("has no `id`"));
}

#[test]
fn the_built_in_pack_passes_and_is_like_any_other() {
    let pack = concat!(env!("CARGO_MANIFEST_DIR"), "/../core/pack");
    let text = run_well(&["pack", "check", pack]);
    assert!(text.contains("0 errors"), "{text}");
}
