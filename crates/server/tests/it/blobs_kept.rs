//! Photos on the disk: after a kill, after a week, in backups.

use std::fs;
use std::path::{Path, PathBuf};

use waymark_core::rules::Role;
use waymark_server::blobs::PARTIAL_MS;
use waymark_server::clock;
use waymark_server::storage::sqlite::DataDir;

use crate::support::{Phone, Photo, Server};

fn whole(data: &Path, photo: &Photo) -> PathBuf {
    let (first, rest) = photo.sha256.split_at(2);
    data.join("blobs/acme").join(first).join(rest)
}

fn partial(data: &Path, phone: &Phone, photo: &Photo) -> PathBuf {
    data.join("blobs/acme/partial").join(format!("{}.{}", photo.sha256, phone.enrolled.device))
}

#[tokio::test]
async fn a_server_that_was_killed_leaves_no_half_photo() {
    let server = Server::start().await;
    let phone = server.phone(Role::Reporter, "Hawa").await;
    let photos = [1, 2, 3, 4].map(|n| Photo::new(n, 1_000));
    for photo in &photos {
        assert_eq!(phone.send_part(photo, "bytes 0-399/1000", photo.bytes[..400].to_vec()).await.status, 202);
    }
    let data = server.stop().await;
    // Killed in the middle, after the last byte, with blocks that never reached the disk, and before the receipt.
    let [middle, complete, lost, placed] = &photos;
    let left = |photo| partial(data.path(), &phone, photo);
    assert!(!whole(data.path(), middle).exists());
    fs::write(left(complete), &complete.bytes).unwrap();
    fs::write(left(lost), [&lost.bytes[..12], &[0; 788]].concat()).unwrap();
    fs::create_dir_all(whole(data.path(), placed).parent().unwrap()).unwrap();
    fs::remove_file(left(placed)).unwrap();
    fs::write(whole(data.path(), placed), &placed.bytes).unwrap();

    let server = Server::builder().data(data).start().await;
    let phone = Phone { address: server.address, ..phone };
    let rest = |photo: &Photo, from: usize| photo.bytes[from..].to_vec();
    assert_eq!(phone.held(middle).await, 400);
    assert_eq!(phone.send_part(middle, "bytes 400-999/1000", rest(middle, 400)).await.status, 201);
    assert_eq!(phone.held(complete).await, 1_000, "not there before it was checked");
    assert_eq!(phone.send_part(complete, "bytes */1000", "").await.status, 201);
    phone.send_part(lost, "bytes 800-999/1000", rest(lost, 800)).await.problem(422, "wrong_digest");
    assert_eq!(phone.send_whole(lost).await.status, 201);
    assert_eq!(phone.held(placed).await, 0);
    assert_eq!(phone.send_whole(placed).await.status, 200);
    for photo in &photos {
        assert_eq!(phone.get_blob(&photo.sha256).await.bytes, photo.bytes);
        assert!(!partial(server.data.path(), &phone, photo).exists());
    }
}

#[tokio::test]
async fn what_nobody_goes_on_with_for_a_week_is_dropped() {
    let server = Server::start().await;
    let phone = server.phone(Role::Reporter, "Hawa").await;
    let (begun, sent) = (Photo::new(1, 1_000), Photo::new(2, 1_000));
    phone.send_part(&begun, "bytes 0-399/1000", begun.bytes[..400].to_vec()).await;
    phone.send_whole(&sent).await;
    let blobs = DataDir::new(server.data.path()).blobs();
    let now = clock::now();
    assert_eq!(blobs.sweep(now.plus_ms(-PARTIAL_MS)).unwrap(), 0);
    assert_eq!(phone.held(&begun).await, 400);
    assert_eq!(blobs.sweep(now.plus_ms(1_000)).unwrap(), 1);
    assert_eq!(phone.held(&begun).await, 0);
    assert_eq!(phone.get_blob(&sent.sha256).await.status, 200);
}

#[cfg(unix)]
#[tokio::test]
async fn photos_are_for_nobody_else_on_the_machine() {
    use std::os::unix::fs::PermissionsExt as _;
    let server = Server::start().await;
    let phone = server.phone(Role::Reporter, "Hawa").await;
    let photo = Photo::new(1, 1_000);
    phone.send_whole(&photo).await;
    let path = whole(server.data.path(), &photo);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
}

#[tokio::test]
async fn a_backup_takes_the_photos_along_once() {
    let server = Server::start().await;
    let phone = server.phone(Role::Reporter, "Hawa").await;
    let [one, two, damaged, begun] = [1, 2, 3, 4].map(|n| Photo::new(n, 1_000));
    for photo in [&one, &damaged] {
        assert_eq!(phone.send_whole(photo).await.status, 201);
    }
    phone.send_part(&begun, "bytes 0-399/1000", begun.bytes[..400].to_vec()).await;
    fs::write(whole(server.data.path(), &damaged), &two.bytes).unwrap();
    let (place, data) = (tempfile::tempdir().unwrap(), DataDir::new(server.data.path()));
    let backup = async |name: &str| {
        let copied = data.backup(&place.path().join(name)).await.unwrap();
        (copied.copied, copied.damaged)
    };
    assert_eq!(backup("monday.db").await, (1, 1));
    assert_eq!(phone.send_whole(&two).await.status, 201);
    assert_eq!(backup("tuesday.db").await, (1, 1), "only what is new");
    drop(server);

    let elsewhere = tempfile::tempdir().unwrap();
    let restored =
        DataDir::new(elsewhere.path()).restore(&place.path().join("tuesday.db"), "1").await.unwrap();
    assert_eq!(restored.photos.copied, 2);
    let server = Server::builder().data(std::sync::Arc::new(elsewhere)).start().await;
    let phone = Phone { address: server.address, ..phone };
    for photo in [&one, &two] {
        assert_eq!(phone.get_blob(&photo.sha256).await.bytes, photo.bytes);
    }
    assert_eq!(phone.get_blob(&damaged.sha256).await.status, 404, "its sender sends it again");
    assert_eq!(phone.send_whole(&damaged).await.status, 201);
}
