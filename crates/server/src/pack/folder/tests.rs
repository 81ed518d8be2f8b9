use super::*;
use crate::pack::{Sample, write_sample};

const NOW: Stamp = Stamp(1_784_000_000_000);
const CARD: &str = "cards/meeting-point.en.md";

fn made() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let sample = Sample { id: "org.example".to_owned(), title: "Ours".to_owned() };
    write_sample(folder.path(), &sample, NOW).unwrap();
    folder
}

fn remarks(folder: &Path) -> Vec<String> {
    check(folder, NOW).unwrap().remarks.iter().map(ToString::to_string).collect()
}

fn change(folder: &Path, file: &str, from: &str, to: &str) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn the_built_in_cards_are_known_and_others_are_not() {
    assert!(BUILT_IN_CARDS.len() > 60 && BUILT_IN_CARDS.contains(&"evacuation"));
    let folder = made();
    change(folder.path(), CARD, "card:evacuation", "card:evacuations");
    let said = remarks(folder.path());
    assert_eq!(said, [format!("{CARD}:17: error: leads to a card that is not there: evacuations")]);
}

#[test]
fn what_is_missing_is_named_in_every_language_that_is_promised() {
    let folder = made();
    change(folder.path(), "pack.md", "languages: en", "languages: en, fr");
    assert_eq!(
        remarks(folder.path()),
        ["cards/meeting-point.fr.md:1: error: is missing", "codes.fr.md:1: error: is missing"]
    );
    fs::remove_file(folder.path().join("pack.md")).unwrap();
    let checked = check(folder.path(), NOW).unwrap();
    assert_eq!((checked.about.is_none(), checked.faults()), (true, 1));
    assert!(checked.report().starts_with("pack.md:1: error: is missing"), "{}", checked.report());
    assert!(matches!(check(&folder.path().join("no"), NOW), Err(PackError::CannotRead { .. })));
}

#[test]
fn what_is_no_text_is_named_by_its_line() {
    let folder = made();
    let path = folder.path().join(CARD);
    let text = fs::read(&path).unwrap();
    let latin = [&text[..], b"- caf\xe9\n"].concat();
    fs::write(&path, latin).unwrap();
    let line = String::from_utf8(text).unwrap().lines().count() + 1;
    let says = format!("{CARD}:{line}: error: is no text in UTF-8 from here on: save it as UTF-8");
    assert_eq!(remarks(folder.path()), [says]);
    // Cut in the middle of a letter, it is still no more than too large.
    fs::write(&path, "é".repeat(150_000)).unwrap();
    assert_eq!(remarks(folder.path()), [format!("{CARD}:1: error: is larger than 200000 bytes")]);
}

#[test]
fn files_that_no_pack_has_are_named() {
    let folder = made();
    for path in ["notes.docx", "cards/photo.png", "cards/README.txt", "other/halt.en.md", "cards/a/b.en.md"] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "text").unwrap();
    }
    for path in [".DS_Store", ".git/config", "cards/.meeting-point.en.md.swp"] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, [0xff]).unwrap();
    }
    let said = remarks(folder.path());
    let named: Vec<_> = said.iter().map(|line| line.split(':').next().unwrap()).collect();
    assert_eq!(
        named,
        ["cards/README.txt", "cards/a", "cards/photo.png", "notes.docx", "other/halt.en.md"],
        "{said:#?}"
    );
}

#[cfg(unix)]
#[test]
fn nothing_is_read_that_lies_outside() {
    use std::os::unix::fs::symlink;
    let (folder, outside) = (made(), made());
    let secret = outside.path().join(CARD);
    symlink(&secret, folder.path().join("cards/secret.en.md")).unwrap();
    symlink(outside.path().join("cards"), folder.path().join("speak")).unwrap();
    symlink("/dev/zero", folder.path().join("cards/endless.en.md")).unwrap();
    let words = "error: is no file but leads to one: put the file itself here";
    let lines =
        ["cards/endless.en.md", "cards/secret.en.md", "speak"].map(|path| format!("{path}:1: {words}"));
    assert_eq!(remarks(folder.path()), lines);
    assert_eq!(check(folder.path(), NOW).unwrap().pack.cards.len(), 1);
}

#[test]
fn what_only_a_person_can_give_is_noted() {
    let folder = made();
    change(folder.path(), CARD, "sources:", "needs: clinician\nsources:");
    change(folder.path(), "pack.md", "expires: 2027", "expires: 2026");
    change(folder.path(), "pack.md", "issued: 2026", "issued: 2025");
    let checked = check(folder.path(), NOW).unwrap();
    assert_eq!((checked.faults(), checked.remarks.len()), (0, 2));
    let report = checked.report();
    assert!(report.contains("meeting-point.en.md:1: note: waits for the review"), "{report}");
    assert!(report.contains("pack.md:1: note: has expired on 2026-07-14"), "{report}");
    assert!(
        report.ends_with(
            "org.example: 1 card, 0 checklists, 0 plans, 0 cards to read out, 1 level, 2 codes; 0 errors, 2 notes\n"
        ),
        "{report}"
    );
}
