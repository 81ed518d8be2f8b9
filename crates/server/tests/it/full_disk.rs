//! The real program, on a disk that is really full.
#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, prlimit};
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use waymark_core::event::Event;
use waymark_server::storage::sqlite::DATABASE;

use crate::process::{Running, program};
use crate::support::Phone;

/// Something that becomes full, and empty again.
trait Disk {
    /// A server whose data are on it.
    fn start(&self) -> Running;
    /// Its database, where it can be opened from here.
    fn database(&self) -> Option<PathBuf>;
    fn fill(&self, server: &Running);
    fn make_room(&self, server: &Running);
    /// How the server names what is wrong.
    const CODE: &str;
}

/// `program`, run by a shell after `first`.
fn after(first: &str, by: &[&str]) -> Command {
    let program = program();
    let mut shell = Command::new(by.first().unwrap_or(&"sh"));
    if let Some(rest) = by.get(1..) {
        shell.args(rest).arg("sh");
    }
    shell.arg("-c").arg(format!("{first} && exec \"$0\" \"$@\"")).arg(program.get_program());
    shell.env_remove("RUST_LOG").env_remove("DATABASE_URL");
    shell
}

/// No file of the process may grow (`RLIMIT_FSIZE`), its log neither: works wherever processes have limits.
struct Limit(tempfile::TempDir);

impl Limit {
    fn set(server: &Running, bytes: Option<u64>) {
        let pid = Pid::from_child(&server.child);
        let was = prlimit(Some(pid), Resource::Fsize, Rlimit { current: bytes, maximum: None }).unwrap();
        assert_ne!(was.current, bytes);
    }
}

impl Disk for Limit {
    const CODE: &str = "storage_unavailable";

    fn start(&self) -> Running {
        // Otherwise the signal that goes with it would end the process, as no full disk does.
        Running::start_by(after("trap '' XFSZ", &[]), self.0.path(), &["--demo", "--empty"])
    }

    fn database(&self) -> Option<PathBuf> {
        Some(self.0.path().join(DATABASE))
    }

    fn fill(&self, server: &Running) {
        Self::set(server, Some(1));
    }

    fn make_room(&self, server: &Running) {
        Self::set(server, None);
    }
}

/// A disk of three megabytes in a mount namespace of the server's own: the very errors of a full one.
struct Tmpfs(tempfile::TempDir);

impl Tmpfs {
    fn mount(&self) -> Command {
        let mount = format!("mount -t tmpfs -o size=3m tmpfs '{}'", self.0.path().display());
        after(&mount, &["unshare", "--user", "--map-root-user", "--mount"])
    }

    /// A file on it, by the server's view of the disks.
    fn filler(&self, server: &Running) -> PathBuf {
        let inside = self.0.path().strip_prefix("/").unwrap();
        Path::new("/proc").join(server.child.id().to_string()).join("root").join(inside).join("filler")
    }

    /// Containers may keep it from us.
    fn is_allowed(&self) -> bool {
        let mount = format!("mount -t tmpfs -o size=3m tmpfs '{}'", self.0.path().display());
        let mut tried = Command::new("unshare");
        tried.args(["--user", "--map-root-user", "--mount", "sh", "-c", &mount]);
        tried.status().is_ok_and(|status| status.success())
    }
}

impl Disk for Tmpfs {
    const CODE: &str = "storage_full";

    fn start(&self) -> Running {
        Running::start_by(self.mount(), self.0.path(), &["--demo", "--empty"])
    }

    fn database(&self) -> Option<PathBuf> {
        None
    }

    fn fill(&self, server: &Running) {
        let error = std::fs::write(self.filler(server), vec![0; 4 << 20]).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
    }

    fn make_room(&self, server: &Running) {
        std::fs::remove_file(self.filler(server)).unwrap();
    }
}

/// Long ago: what a device is next heard of is to be noted.
async fn were_seen_long_ago(database: &Path) {
    let options = SqliteConnectOptions::new().filename(database).busy_timeout(Duration::from_secs(5));
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("UPDATE devices SET seen = 1").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// Batches that are larger than what the database still has room for in its files.
fn batch(phone: &Phone, n: u64) -> Vec<Event> {
    (0..100).map(|at| phone.checkin(n * 100 + at)).collect()
}

async fn nothing_is_lost_and_nothing_acknowledged<D: Disk>(disk: D) {
    let server = disk.start();
    let phone = Phone::enrol(server.address, server.code("traveller"), "Idriss").await;
    let central = Phone::enrol(server.address, server.code("central"), "HQ").await;
    let before = batch(&phone, 0);
    assert_eq!(phone.send(&before).await.outcomes(), vec!["accepted"; 100]);

    if let Some(database) = disk.database() {
        were_seen_long_ago(&database).await;
    }
    disk.fill(&server);
    let mut n = 1;
    let mut held = before;
    // The files of a database have some room of their own.
    let refused = loop {
        let events = batch(&phone, n);
        let reply = phone.send(&events).await;
        if reply.status != 200 {
            reply.problem(503, D::CODE);
            break events;
        }
        assert_eq!(reply.outcomes(), vec!["accepted"; 100]);
        held.extend(events);
        n += 1;
        assert!(n < 60, "it is not full");
    };
    for _ in 0..3 {
        let reply = phone.send(&refused).await;
        assert_eq!(reply.header("retry-after"), "10");
        reply.problem(503, D::CODE);
        let read: Vec<Event> = central.feed().await.into_iter().map(|record| record.event).collect();
        assert_eq!(read.len(), held.len());
        assert!(read == held, "what was acknowledged is there, and can be read");
    }

    disk.make_room(&server);
    let begun = Instant::now();
    loop {
        let reply = phone.send(&refused).await;
        if reply.status == 200 {
            break;
        }
        let late = begun.elapsed() > Duration::from_secs(20);
        assert!(!late, "it does not go on by itself: {} {}", reply.text, server.log());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    held.extend(refused);
    let read: Vec<Event> = central.feed().await.into_iter().map(|record| record.event).collect();
    assert!(read == held, "each once: {} of {}", read.len(), held.len());
}

#[tokio::test]
async fn no_file_can_grow() {
    nothing_is_lost_and_nothing_acknowledged(Limit(tempfile::tempdir().unwrap())).await;
}

#[tokio::test]
async fn the_disk_is_full() {
    let disk = Tmpfs(tempfile::tempdir().unwrap());
    if disk.is_allowed() {
        nothing_is_lost_and_nothing_acknowledged(disk).await;
    } else {
        eprintln!("no disk may be mounted here: a limit stands for it, in the test beside this one");
    }
}
