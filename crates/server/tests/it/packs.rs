//! Standards packs, from who publishes them to the phones.

use std::collections::BTreeMap;

use waymark_core::backend::Response;
use waymark_core::backend::pack_files::{MOST_FILES, PackFiles, pack_files, read_pack_files};
use waymark_core::backend::packs::{PackAnswer, PackFile, read_pack, read_pack_file};
use waymark_core::event::{Digest, Stamp};
use waymark_core::guidance::{Entry, Key, Manifest, Refusal, accept, assemble};
use waymark_core::rules::Role;
use waymark_server::pack::{Outcome, PackError, Wish};

use crate::support::{PackDesk, Phone, Reply, Server, rewrite};

const NOW: Stamp = Stamp(0);

impl Phone {
    async fn pack(&self, have: u32, tag: Option<&str>) -> Reply {
        let mut request = self.get(&format!("/pack?have={have}"));
        if let Some(tag) = tag {
            request = request.header("if-none-match", tag);
        }
        Reply::read("get", request.send().await.unwrap()).await
    }

    async fn pack_file(&self, sha256: &str) -> Reply {
        Reply::read("get", self.get(&format!("/pack/files/{sha256}")).send().await.unwrap()).await
    }

    async fn pack_files(&self, body: &str) -> Reply {
        let request = self.post("/pack/files").header("content-type", "application/json");
        Reply::read("post", request.body(body.to_owned()).send().await.unwrap()).await
    }

    async fn pack_key(&self) -> Option<Key> {
        let reply = Reply::read("get", self.get("/directory").send().await.unwrap()).await;
        reply.json().get("pack_key").map(|key| key.as_str().unwrap().parse().unwrap())
    }

    /// What this phone is offered, as core reads it.
    async fn offered(&self) -> String {
        match read_pack(Ok(response(self.pack(0, None).await)), NOW) {
            PackAnswer::Offered(signed) => signed,
            other => panic!("{other:?}"),
        }
    }

    /// Loads what is missing; the files it had to ask for.
    async fn load(&self, manifest: &Manifest, held: &mut BTreeMap<Digest, Vec<u8>>) -> Vec<String> {
        let missing = manifest.missing(|sha256| held.contains_key(sha256));
        for file in &missing {
            let reply = response(self.pack_file(&file.sha256.to_string()).await);
            let PackFile::Bytes(bytes) = read_pack_file(Ok(reply), &file.sha256, NOW) else {
                panic!("{}", file.path);
            };
            held.insert(file.sha256, bytes);
        }
        missing.iter().map(|file| file.path.clone()).collect()
    }
}

fn response(reply: Reply) -> Response {
    let content_type = reply.header("content-type").to_owned();
    Response { status: reply.status, content_type, body: reply.bytes, ..Response::default() }
}

#[tokio::test]
async fn a_pack_reaches_a_phone_and_later_only_what_changed() {
    let (server, desk) = (Server::start().await, PackDesk::new());
    let early = server.phone(Role::Traveller, "Idriss").await;
    assert_eq!((early.enrolled.pack_key, early.pack_key().await), (None, None));
    let none = early.pack(0, None).await;
    assert_eq!((none.status, none.header("cache-control")), (204, "private, no-cache"));

    desk.add_card("halt");
    let report = desk.publish(&server, &desk.sign(1)).await.unwrap();
    assert_eq!((report.outcome, report.fresh.0), (Outcome::First, 2));
    assert_eq!(early.pack_key().await, Some(report.key), "told to those who were enrolled before");
    let phone = server.phone(Role::Traveller, "Hawa").await;
    let key = phone.enrolled.pack_key.unwrap();
    assert_eq!(key, report.key);

    let manifest = accept(&phone.offered().await, &key, None).unwrap();
    let mut held = BTreeMap::new();
    assert_eq!(phone.load(&manifest, &mut held).await, ["cards/halt.json", "cards/meeting-point.json"]);
    let pack = assemble(&manifest, |sha256| held.get(sha256).cloned()).unwrap();
    assert_eq!((pack.version, pack.cards.len()), (1, 2));

    desk.change("cards/halt.en.md", "Do not run", "Do not hurry");
    let report = desk.publish(&server, &desk.sign(2)).await.unwrap();
    assert_eq!((report.outcome, report.fresh.0), (Outcome::Next { before: 1 }, 1));
    let next = accept(&phone.offered().await, &key, Some(&manifest)).unwrap();
    assert_eq!(phone.load(&next, &mut held).await, ["cards/halt.json"]);
    let pack = assemble(&next, |sha256| held.get(sha256).cloned()).unwrap();
    assert_eq!(pack.cards[0].texts["en"].steps[0], "Walk to the meeting point. Do not hurry.");
}

#[tokio::test]
async fn the_release_is_sent_to_the_letter_and_once() {
    let (server, desk) = (Server::start().await, PackDesk::new());
    let phone = server.phone(Role::Traveller, "Idriss").await;
    let folder = desk.sign(1);
    desk.publish(&server, &folder).await.unwrap();
    let reply = phone.pack(0, None).await;
    assert_eq!(reply.bytes, std::fs::read(folder.join("manifest.json")).unwrap());
    assert_eq!(reply.header("etag"), format!("\"{}\"", Digest::of_bytes(&reply.bytes)));
    let tag = reply.header("etag").to_owned();
    let again = phone.pack(1, Some(&tag)).await;
    assert_eq!((again.status, again.header("etag")), (304, &*tag));
    desk.publish(&server, &desk.sign(2)).await.unwrap();
    assert_eq!(phone.pack(1, Some(&tag)).await.status, 200);

    let gzip = phone.get("/pack").header("accept-encoding", "gzip").send().await.unwrap();
    assert_eq!(gzip.headers()["content-encoding"], "gzip");
    for have in ["x", "-1", "4294967296", ""] {
        let odd = Reply::read("get", phone.get(&format!("/pack?have={have}")).send().await.unwrap()).await;
        odd.problem(400, "wrong_query");
    }
    for path in ["/pack", "/pack/files/x"] {
        let signed_out = reqwest::get(server.url(&format!("/api/v1{path}"))).await.unwrap();
        Reply::read("get", signed_out).await.problem(401, "not_signed_in");
    }
}

#[tokio::test]
async fn files_are_for_the_organisation_that_published_them() {
    let (server, desk) = (Server::start().await, PackDesk::new());
    let phone = server.phone(Role::Traveller, "Idriss").await;
    let stranger = server.phone_in("other", Role::Central, &[], "Other").await;
    let report = desk.publish(&server, &desk.sign(1)).await.unwrap();
    let sha256 = report.manifest.files[0].sha256.to_string();
    let file = phone.pack_file(&sha256).await;
    assert_eq!((file.status, file.bytes.len() as u64), (200, report.manifest.files[0].bytes));
    assert_eq!(file.header("cache-control"), "private, max-age=31536000, immutable");
    let request = phone.get(&format!("/pack/files/{sha256}")).header("accept-encoding", "gzip");
    assert_eq!(request.send().await.unwrap().headers()["content-encoding"], "gzip");

    stranger.pack_file(&sha256).await.problem(404, "no_pack_file");
    assert_eq!(stranger.pack(0, None).await.status, 204);
    assert_eq!(stranger.pack_key().await, None);
    let no_digest = Digest::of_bytes(b"").to_string();
    for name in ["x", &sha256.to_uppercase(), &sha256[1..], "..%2f..%2fwaymark.db", "%ff", &no_digest] {
        phone.pack_file(name).await.problem(404, "no_pack_file");
    }
    // The same content, published by both.
    desk.publish_as(&server, "other", &desk.sign(1), &Wish::default()).await.unwrap();
    assert_eq!(stranger.pack_file(&sha256).await.status, 200);
}

#[tokio::test]
async fn many_files_come_in_one_answer() {
    let (server, desk) = (Server::start().await, PackDesk::new());
    let phone = server.phone(Role::Traveller, "Idriss").await;
    let stranger = server.phone_in("other", Role::Central, &[], "Other").await;
    desk.add_card("halt");
    let report = desk.publish(&server, &desk.sign(1)).await.unwrap();
    let session = waymark_core::testing::store_suite::session();
    let files: Vec<&Entry> = report.manifest.files.iter().rev().collect();
    let body = pack_files(&session, &files).text().to_owned();

    let reply = phone.pack_files(&body).await;
    assert_eq!((reply.status, reply.header("cache-control")), (200, "no-store"));
    let PackFiles::Some(got) = read_pack_files(Ok(response(reply)), &files, NOW) else { panic!("busy") };
    let paths: Vec<&str> = got.iter().map(|(file, _)| file.path.as_str()).collect();
    assert_eq!(paths, ["cards/meeting-point.json", "cards/halt.json"]);
    let request = phone.post("/pack/files").header("accept-encoding", "gzip").body(body.clone());
    assert_eq!(request.send().await.unwrap().headers()["content-encoding"], "gzip");
    assert_eq!(phone.pack_files("[]").await.bytes, b"");

    stranger.pack_files(&body).await.problem(404, "no_pack_file");
    let first = files[0].sha256;
    for lacks in [format!("[\"{first}\",\"{}\"]", Digest::of_bytes(b"")), r#"["x"]"#.to_owned()] {
        phone.pack_files(&lacks).await.problem(404, "no_pack_file");
    }
    for odd in ["", "{}", "[1]", "null"] {
        phone.pack_files(odd).await.problem(400, "not_a_list");
    }
    let many = |count| format!("[{}]", vec![format!("\"{first}\""); count].join(","));
    phone.pack_files(&many(MOST_FILES + 1)).await.problem(413, "too_many_files");
    phone.pack_files(&many(2 * MOST_FILES)).await.problem(413, "body_too_large");
    assert_eq!(phone.pack_files(&many(MOST_FILES)).await.bytes.len() as u64, 256 * files[0].bytes);
}

#[tokio::test]
async fn no_version_goes_back_or_says_something_else() {
    let (server, desk) = (Server::start().await, PackDesk::new());
    let phone = server.phone(Role::Traveller, "Idriss").await;
    let folder = desk.sign(3);
    desk.publish(&server, &folder).await.unwrap();
    let before = phone.offered().await;
    let again = desk.publish(&server, &folder).await.unwrap();
    assert_eq!(again.outcome, Outcome::AlreadyThere);
    desk.change("cards/meeting-point.en.md", "Do not run", "Do not hurry");
    for version in [3, 2, 1] {
        let refused = desk.publish(&server, &desk.sign(version)).await;
        assert!(matches!(refused, Err(PackError::NotHigher { held: 3, .. })), "{version}: {refused:?}");
    }
    desk.change("pack.md", "org.acme", "org.other");
    let refused = desk.publish(&server, &desk.sign(4)).await;
    assert!(matches!(refused, Err(PackError::OtherPack { .. })), "{refused:?}");
    assert_eq!(phone.offered().await, before, "nothing of it was stored");
}

#[tokio::test]
async fn a_key_is_trusted_once_and_changed_only_on_purpose() {
    let (server, mut desk) = (Server::start().await, PackDesk::new());
    let given = |key: Key| Wish { given: Some(key), new_key: false };
    let folder = desk.sign(1);
    let refused = desk.publish_as(&server, "acme", &folder, &given(Key([9; 32]))).await;
    assert!(matches!(refused, Err(PackError::NotTheGivenKey { .. })));
    assert_eq!(server.storage.pack_key(&"acme".into()).await.unwrap(), None);
    let first = desk.publish(&server, &folder).await.unwrap().key;
    assert!(desk.publish_as(&server, "acme", &folder, &given(first)).await.is_ok());

    let phone = server.phone(Role::Traveller, "Idriss").await;
    let held = accept(&phone.offered().await, &first, None).unwrap();
    desk.seed = [8; 32];
    let folder = desk.sign(2);
    let refused = desk.publish(&server, &folder).await;
    assert!(matches!(refused, Err(PackError::OtherKey { .. })), "{refused:?}");
    let wish = Wish { given: None, new_key: true };
    let report = desk.publish_as(&server, "acme", &folder, &wish).await.unwrap();
    assert_eq!(report.outcome, Outcome::NewKey { before: first });
    let offered = phone.offered().await;
    assert_eq!(accept(&offered, &first, Some(&held)), Err(Refusal::WrongKey(report.key.short())));
    let again = phone.enrol_again(server.address, &server.code(Role::Traveller).await).await;
    let key = again.enrolled.pack_key.unwrap();
    assert_eq!(accept(&offered, &key, Some(&held)).unwrap().version, 2);

    // The same version under another key is another release for phones that come new.
    desk.seed = [7; 32];
    let report = desk.publish_as(&server, "acme", &desk.sign(2), &wish).await.unwrap();
    assert!(matches!(report.outcome, Outcome::NewKey { .. }));
    assert!(accept(&again.offered().await, &first, Some(&held)).is_ok());
}

#[tokio::test]
async fn what_was_tampered_with_is_not_published() {
    let (server, desk) = (Server::start().await, PackDesk::new());
    let tampered = async |change: &dyn Fn(&std::path::Path)| {
        let folder = desk.sign(1);
        change(&folder);
        match desk.publish(&server, &folder).await {
            Err(PackError::Refused { refusal, .. }) => refusal.code(),
            other => panic!("{other:?}"),
        }
    };
    let file = |folder: &std::path::Path| {
        std::fs::read_dir(folder.join("files")).unwrap().next().unwrap().unwrap().path()
    };
    assert_eq!(tampered(&|folder| rewrite(&file(folder), "Do not run", "Do now run")).await, "broken");
    assert_eq!(tampered(&|folder| std::fs::remove_file(file(folder)).unwrap()).await, "missing");
    let manifest = |folder: &std::path::Path| folder.join("manifest.json");
    assert_eq!(tampered(&|folder| rewrite(&manifest(folder), "Acme", "Ours")).await, "wrong_signature");
    assert_eq!(tampered(&|folder| std::fs::write(manifest(folder), "{}").unwrap()).await, "unreadable");
    assert_eq!(server.storage.pack(&"acme".into()).await.unwrap(), None);
    assert_eq!(server.storage.pack_key(&"acme".into()).await.unwrap(), None);
}

#[tokio::test]
async fn which_device_has_which_version_is_remembered() {
    let (server, desk) = (Server::start().await, PackDesk::new());
    let (idriss, hawa) =
        (server.phone(Role::Traveller, "Idriss").await, server.phone(Role::Reporter, "Hawa").await);
    let carried = async || {
        let all = server.storage.carried(&"acme".into()).await.unwrap();
        let version =
            |phone: &Phone| all.iter().find(|own| own.device == phone.enrolled.device).map(|own| own.version);
        (version(&idriss), version(&hawa))
    };
    idriss.pack(0, None).await;
    assert_eq!(carried().await, (Some(0), None), "also while nothing is published");
    desk.publish(&server, &desk.sign(1)).await.unwrap();
    let tag = hawa.pack(0, None).await.header("etag").to_owned();
    assert_eq!(hawa.pack(1, Some(&tag)).await.status, 304);
    assert_eq!(carried().await, (Some(0), Some(1)), "also when there is nothing new");
    let unsaid = Reply::read("get", hawa.get("/pack").send().await.unwrap()).await;
    assert_eq!((unsaid.status, carried().await.1), (200, Some(1)));
}

#[tokio::test]
async fn a_backup_brings_packs_back() {
    let (server, desk) = (Server::start().await, PackDesk::new());
    let phone = server.phone(Role::Traveller, "Idriss").await;
    let report = desk.publish(&server, &desk.sign(1)).await.unwrap();
    phone.pack(1, None).await;
    let offered = phone.offered().await;
    let data = server.stop().await;
    let dir = waymark_server::storage::sqlite::DataDir::new(data.path());
    let copy = desk.path("backup.db");
    dir.backup(&copy).await.unwrap();
    dir.restore(&copy, "1").await.unwrap();
    let server = Server::builder().data(data).start().await;
    let phone = Phone { address: server.address, ..phone };
    assert_eq!(phone.offered().await, offered);
    let sha256 = report.manifest.files[0].sha256.to_string();
    assert_eq!(phone.pack_file(&sha256).await.status, 200);
    assert_eq!(server.storage.carried(&"acme".into()).await.unwrap().len(), 1);
    assert_eq!(phone.pack_key().await, Some(report.key));
    server.storage.close().await;
}
