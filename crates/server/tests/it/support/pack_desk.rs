use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use waymark_core::event::OrgId;
use waymark_server::clock;
use waymark_server::pack::{
    PackError, Report, Sample, Wish, publish, read_signed, sign, write_sample, write_signed,
};

use super::Server;

/// Somebody who writes, signs and publishes a pack.
pub struct PackDesk {
    folder: TempDir,
    pub seed: [u8; 32],
}

impl PackDesk {
    /// With a pack of one card.
    pub fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap(), seed: [7; 32] };
        let sample = Sample { id: "org.acme".to_owned(), title: "Acme's standards".to_owned() };
        write_sample(&desk.written(), &sample, clock::now()).unwrap();
        for other in ["levels.md", "codes.en.md"] {
            fs::remove_file(desk.written().join(other)).unwrap();
        }
        desk
    }

    /// The folder that people write.
    pub fn written(&self) -> PathBuf {
        self.folder.path().join("written")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn change(&self, file: &str, from: &str, to: &str) {
        rewrite(&self.written().join(file), from, to);
    }

    /// A second card, from the first.
    pub fn add_card(&self, id: &str) {
        let text = fs::read_to_string(self.written().join("cards/meeting-point.en.md")).unwrap();
        fs::write(self.written().join(format!("cards/{id}.en.md")), text).unwrap();
    }

    /// Signs what is written under another version.
    pub fn sign(&self, version: u32) -> PathBuf {
        let about = fs::read_to_string(self.written().join("pack.md")).unwrap();
        let line = about.lines().find(|line| line.starts_with("version:")).unwrap();
        self.change("pack.md", line, &format!("version: {version}"));
        let release = sign(&self.written(), &self.seed, clock::now()).unwrap();
        // Names in the order of signing.
        let out = (0..100).map(|n| self.path(&format!("signed-{n}"))).find(|path| !path.exists()).unwrap();
        write_signed(&release, &out).unwrap();
        assert_eq!(read_signed(&out).unwrap(), release);
        out
    }

    pub async fn publish(&self, server: &Server, folder: &Path) -> Result<Report, PackError> {
        self.publish_as(server, "acme", folder, &Wish::default()).await
    }

    pub async fn publish_as(
        &self,
        server: &Server,
        org: &str,
        folder: &Path,
        wish: &Wish,
    ) -> Result<Report, PackError> {
        publish(&*server.storage, &OrgId::from(org), folder, wish, clock::now()).await
    }
}

pub fn rewrite(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from}: {text}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}
