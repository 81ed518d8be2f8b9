use ed25519_compact::{KeyPair, Seed};

use super::*;
use crate::event::{AreaLevel, WatchRules};
use crate::guidance::author::sign;
use crate::guidance::{CardText, CodeLists, OwnCode};

const SEED: [u8; 32] = [7; 32];

fn key() -> Key {
    Key(*KeyPair::from_seed(Seed::new(SEED)).pk)
}

fn card(id: &str, step: &str) -> Card {
    let text =
        CardText { title: id.to_owned(), steps: vec![step.to_owned()], revision: 1, ..CardText::default() };
    Card { id: id.to_owned(), revision: 1, texts: [("en".to_owned(), text)].into(), ..Card::default() }
}

fn pack(version: u32, step: &str) -> Pack {
    let messages =
        [("en".to_owned(), vec![Agreed { code: "who_we_are".to_owned(), words: "We".to_owned() }])];
    let cards = vec![card("fire", "Leave"), card("halt", step), card("lost", "Stay")];
    let every = WatchRules { interval: 20, ..WatchRules::of_level(&AreaLevel::High) };
    let words = [("en".to_owned(), "Drone".to_owned())].into();
    let drone = OwnCode { code: "drone".to_owned(), words };
    let rules = Rules {
        levels: [(AreaLevel::High, every)].into(),
        codes: CodeLists([("means".to_owned(), vec![drone])].into()),
    };
    let messages = messages.into();
    Pack { id: "org.example".to_owned(), version, cards, messages, rules, ..Pack::default() }
}

fn manifest(pack: &Pack) -> (Manifest, BTreeMap<Digest, Vec<u8>>) {
    let files = files(pack);
    let manifest = Manifest {
        pack: pack.id.clone(),
        version: pack.version,
        title: [("en".to_owned(), "Example".to_owned())].into(),
        issued: Stamp(1_000),
        expires: Stamp(2_000),
        offices: vec![],
        files: entries(&files),
    };
    (manifest, files.into_values().map(|bytes| (Digest::of_bytes(&bytes), bytes)).collect())
}

fn signed(manifest: &Manifest) -> String {
    sign(manifest, &SEED).to_value().to_string()
}

#[test]
fn a_release_arrives_as_it_was_made() {
    let made = pack(3, "Stop");
    let (manifest, files) = manifest(&made);
    let accepted = accept(&signed(&manifest), &key(), None).unwrap();
    assert_eq!(accepted, manifest);
    assert_eq!(assemble(&accepted, |digest| files.get(digest).cloned()).unwrap(), made);
    assert!(!accepted.is_old(Stamp(2_000)) && accepted.is_old(Stamp(2_001)));
}

#[test]
fn what_a_pack_sets_is_read_alone_and_only_as_it_was_made() {
    let made = pack(3, "Stop");
    let (manifest, files) = manifest(&made);
    let paths: Vec<&str> = manifest.rule_files().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["codes.json", "levels.json"]);
    let few: Vec<Digest> = manifest.rule_files().map(|file| file.sha256).collect();
    let get = |digest: &Digest| files.get(digest).filter(|_| few.contains(digest)).cloned();
    assert_eq!(rules(&manifest, get), Ok(made.rules));
    assert_eq!(rules(&manifest, |_| None), Err(Refusal::Missing("codes.json".to_owned())));
    let other = |digest: &Digest| get(digest).map(|bytes| [bytes, b" ".to_vec()].concat());
    assert_eq!(rules(&manifest, other), Err(Refusal::Broken("codes.json".to_owned())));
}

/// Minutes that watch nobody are no rules, whoever signed them; a level of a later version is nobody's yet.
#[test]
fn rules_out_of_all_limits_are_refused_and_unknown_levels_left_out() {
    let mut made = pack(3, "Stop");
    let never = WatchRules { interval: u32::MAX, ..WatchRules::of_level(&AreaLevel::High) };
    made.rules.levels.insert(AreaLevel::Other("7".to_owned()), never);
    let (seven, files) = manifest(&made);
    let read = rules(&seven, |digest| files.get(digest).cloned()).unwrap();
    assert_eq!(read.levels.keys().collect::<Vec<_>>(), [&AreaLevel::High]);
    made.rules.levels.insert(AreaLevel::Extreme, never);
    let (never, files) = manifest(&made);
    let read = assemble(&never, |digest| files.get(digest).cloned());
    assert_eq!(read, Err(Refusal::Broken("levels.json".to_owned())));
}

#[test]
fn only_what_changed_is_fetched() {
    let (_, held) = manifest(&pack(3, "Stop"));
    let (next, _) = manifest(&pack(4, "Stop and wait"));
    let missing = next.missing(|digest| held.contains_key(digest));
    assert_eq!(missing.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(), ["cards/halt.json"]);
}

#[test]
fn every_changed_letter_is_noticed() {
    let (manifest, _) = manifest(&pack(3, "Stop"));
    let signed = signed(&manifest);
    let refused = |text: &str| accept(text, &key(), None).unwrap_err();
    for (from, to) in [
        ("\\\"version\\\":3", "\\\"version\\\":9"),
        ("cards/halt", "cards/hold"),
        ("org.example", "org.other"),
    ] {
        assert!(signed.contains(from), "{signed}");
        assert_eq!(refused(&signed.replacen(from, to, 1)), Refusal::WrongSignature, "{from}");
    }
    let read: Signed = serde_json::from_str(&signed).unwrap();
    let with = |signature: &str, key: Key| {
        Signed { signature: signature.to_owned(), key, ..read.clone() }.to_value().to_string()
    };
    let flipped = read.signature.replacen(|c| c != '0', "0", 1);
    for wrong in [flipped.as_str(), "", "zz", &"0".repeat(128), &"+1".repeat(64), &read.signature[..126]] {
        assert_eq!(refused(&with(wrong, key())), Refusal::WrongSignature, "{wrong}");
    }
    let other = Key(*KeyPair::from_seed(Seed::new([8; 32])).pk);
    assert_eq!(refused(&with(&read.signature, other)), Refusal::WrongKey(other.short()));
    assert_eq!(accept(&signed, &other, None), Err(Refusal::WrongKey(key().short())));
    // A key of all zeros verifies nothing.
    assert!(accept(&with(&read.signature, Key([0; 32])), &Key([0; 32]), None).is_err());
    for text in ["", "{}", "[]", "null", &signed[..signed.len() / 2], "<html>sign in</html>"] {
        assert_eq!(refused(text), Refusal::Unreadable, "{text}");
    }
}

#[test]
fn a_phone_never_goes_back() {
    let (held, _) = manifest(&pack(3, "Stop"));
    let offer = |pack: &Pack| accept(&signed(&manifest(pack).0), &key(), Some(&held));
    assert_eq!(offer(&pack(2, "Stop")), Err(Refusal::RolledBack { held: 3, offered: 2 }));
    assert_eq!(
        offer(&pack(3, "Other")),
        Err(Refusal::RolledBack { held: 3, offered: 3 }),
        "one version, two contents"
    );
    assert_eq!(
        offer(&Pack { id: "org.other".to_owned(), ..pack(9, "Stop") }),
        Err(Refusal::RolledBack { held: 3, offered: 9 })
    );
    assert!(offer(&pack(3, "Stop")).is_ok(), "the same again");
    assert!(offer(&pack(4, "Stop")).is_ok());
}

#[test]
fn paths_and_sizes_that_no_pack_has_are_refused() {
    let (good, _) = manifest(&pack(3, "Stop"));
    let with = |change: &dyn Fn(&mut Manifest)| {
        let mut manifest = good.clone();
        change(&mut manifest);
        accept(&signed(&manifest), &key(), None)
    };
    for path in [
        "../halt.json",
        "cards/../../halt.json",
        "/cards/halt.json",
        "cards/halt",
        "cards//halt.json",
        "cards/a/b.json",
        "cards/halt.json.html",
        "",
        "cards/Halt.json",
        "cards\\halt.json",
        "cards/lost.json",
    ] {
        let bad = with(&|manifest| path.clone_into(&mut manifest.files[0].path));
        assert_eq!(bad, Err(Refusal::BadPath(path.to_owned())));
    }
    assert_eq!(with(&|manifest| manifest.files[0].bytes = MAX_FILE + 1), Err(Refusal::TooLarge));
    assert_eq!(with(&|manifest| manifest.files[0].bytes = u64::MAX), Err(Refusal::TooLarge));
    let many = |manifest: &mut Manifest| {
        let one = manifest.files[0].clone();
        manifest.files = (0..120)
            .map(|at| Entry { path: format!("cards/c{at}.json"), bytes: 450_000, ..one.clone() })
            .collect();
    };
    assert_eq!(with(&many), Err(Refusal::TooLarge), "54 MB");
    assert_eq!(accept(&"x".repeat(MAX_MANIFEST + 1), &key(), None), Err(Refusal::TooLarge));
}

#[test]
fn a_file_that_is_cut_off_anywhere_or_changed_is_not_taken() {
    let (manifest, files) = manifest(&pack(3, "Stop"));
    for file in &manifest.files {
        let whole = &files[&file.sha256];
        for end in 0..whole.len() {
            assert!(Manifest::check(file, &whole[..end]).is_err(), "{} {end}", file.path);
        }
        let mut changed = whole.clone();
        changed[3] ^= 1;
        let assembled = assemble(&manifest, |digest| {
            if *digest == file.sha256 { Some(changed.clone()) } else { files.get(digest).cloned() }
        });
        assert_eq!(assembled, Err(Refusal::Broken(file.path.clone())));
        let missing =
            assemble(&manifest, |digest| files.get(digest).filter(|_| *digest != file.sha256).cloned());
        assert_eq!(missing, Err(Refusal::Missing(file.path.clone())));
    }
}

#[test]
fn parts_of_later_versions_are_left_out() {
    let (mut manifest, mut files) = manifest(&pack(3, "Stop"));
    let later = b"[]".to_vec();
    let sha256 = Digest::of_bytes(&later);
    manifest.files.push(Entry { path: "songs/one.json".to_owned(), sha256, bytes: 2 });
    files.insert(sha256, later);
    let pack = assemble(&manifest, |digest| files.get(digest).cloned()).unwrap();
    assert_eq!(pack.cards.len(), 3);
}
