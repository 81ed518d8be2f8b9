use super::*;
use crate::pack::{Sample, write_sample};

const NOW: Stamp = Stamp(1_784_000_000_000);
const SEED: [u8; 32] = [7; 32];

struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sample = Sample { id: "org.example".to_owned(), title: "Ours".to_owned() };
        write_sample(&folder.path().join("written"), &sample, NOW).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn sign(&self, out: &str) -> Release {
        let release = sign(&self.path("written"), &SEED, NOW).unwrap();
        write_signed(&release, &self.path(out)).unwrap();
        release
    }

    /// The one card of the pack.
    fn file(&self, out: &str) -> PathBuf {
        let mut paths = fs::read_dir(self.path(out).join(FILES)).unwrap().map(|entry| entry.unwrap().path());
        paths.find(|path| fs::read_to_string(path).unwrap().contains("Meeting point")).unwrap()
    }
}

#[test]
fn what_is_signed_is_read_back_and_is_the_same_every_time() {
    let desk = Desk::new();
    let release = desk.sign("one");
    assert_eq!(read_signed(&desk.path("one")).unwrap(), release);
    desk.sign("two");
    let read = |out: &str| fs::read(desk.path(out).join(MANIFEST)).unwrap();
    assert_eq!(read("one"), read("two"));
    let name = desk.file("one").file_name().unwrap().to_owned();
    assert_eq!(desk.file("two").file_name(), Some(&*name));
    let unsigned = read_any(&desk.path("written"), NOW).unwrap();
    assert_eq!((&unsigned.manifest, &unsigned.pack), (&release.manifest, &release.pack));
    assert!(matches!(read_any(desk.0.path(), NOW), Err(PackError::NoPack(_))));
    assert!(matches!(write_signed(&release, &desk.path("one")), Err(PackError::NotEmpty(_))));
    assert!(write_signed(&unsigned, &desk.path("three")).is_err());
}

#[test]
fn faults_keep_a_folder_from_being_signed() {
    let desk = Desk::new();
    fs::write(desk.path("written/cards/other.en.md"), "").unwrap();
    let error = sign(&desk.path("written"), &SEED, NOW).unwrap_err().to_string();
    assert!(error.contains("has 1 error"), "{error}");
    assert!(read_any(&desk.path("written"), NOW).is_err());
}

#[test]
fn a_folder_that_was_tampered_with_is_refused() {
    let refusal = |change: &dyn Fn(&Desk)| {
        let desk = Desk::new();
        desk.sign("out");
        change(&desk);
        match read_signed(&desk.path("out")) {
            Err(PackError::Refused { refusal, .. }) => refusal.code(),
            other => panic!("{other:?}"),
        }
    };
    let rewrite = |path: PathBuf, from: &str, to: &str| {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{text}");
        fs::write(path, text.replace(from, to)).unwrap();
    };
    assert_eq!(refusal(&|desk| rewrite(desk.file("out"), "Do not run", "Run now!!!")), "broken");
    assert_eq!(refusal(&|desk| rewrite(desk.file("out"), "Walk", "Walk on")), "broken");
    assert_eq!(refusal(&|desk| fs::write(desk.file("out"), vec![b' '; 600_000]).unwrap()), "broken");
    assert_eq!(refusal(&|desk| fs::remove_file(desk.file("out")).unwrap()), "missing");
    let manifest = |desk: &Desk| desk.path("out").join(MANIFEST);
    assert_eq!(refusal(&|desk| rewrite(manifest(desk), "org.example", "org.other")), "wrong_signature");
    assert_eq!(refusal(&|desk| fs::write(manifest(desk), "{}").unwrap()), "unreadable");
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_a_file_is_not_followed() {
    let desk = Desk::new();
    desk.sign("out");
    let file = desk.file("out");
    fs::rename(&file, desk.path("elsewhere")).unwrap();
    std::os::unix::fs::symlink(desk.path("elsewhere"), &file).unwrap();
    let error = read_signed(&desk.path("out")).unwrap_err().to_string();
    assert!(error.contains("leads to one"), "{error}");
}
