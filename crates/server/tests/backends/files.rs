//! `WsgiDAV`, and S3 as moto imitates it.

use waymark_core::sync::{Answer, BackendKind, Destination, Outcome};

use crate::peer::Module;
use crate::support::{batch, destination, now, outcomes, send, stored, test};

const DAV_CONFIG: &str = "\
host: 127.0.0.1
provider_mapping: {'/': ROOT}
http_authenticator: {domain_controller: null, accept_basic: true, accept_digest: false, default_to_digest: false}
simple_dc: {user_mapping: {'*': {waymark: {password: secret}}}}
";

#[tokio::test]
#[ignore = "cargo xtask test backends"]
async fn a_folder_on_a_webdav_server() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root");
    std::fs::create_dir(&root).unwrap();
    let config = folder.path().join("wsgidav.yaml");
    std::fs::write(&config, DAV_CONFIG.replace("ROOT", root.to_str().unwrap())).unwrap();
    let arguments = ["--config", config.to_str().unwrap(), "--port", "{port}"];
    let (_peer, port) = Module::python("wsgidav.server.server_cli", &arguments);
    let address = format!("http://127.0.0.1:{port}/waymark");
    let there = destination(BackendKind::WebDav, &address, "waymark", "secret");
    assert_eq!(test(&there).await, "not_found", "the folder is made with the first batch");

    let all = batch(1..=20);
    let first = stored(send(&there, None, &all).await, 20);
    assert_eq!(test(&there).await, "fine");
    assert_eq!(stored(send(&there, Some(&first), &all).await, 20), first, "again");
    let file = root.join("waymark").join(format!("{}.json", all[4].entry.id));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), all[4].json);
    std::fs::write(&file, &all[5].json).unwrap();
    assert_eq!(outcomes(send(&there, None, &all[4..6]).await).1, [Outcome::Conflict, Outcome::Accepted]);

    std::fs::remove_dir_all(root.join("waymark")).unwrap();
    assert_ne!(stored(send(&there, Some(&first), &all[6..]).await, 14), first, "emptied");

    let stranger = destination(BackendKind::WebDav, &address, "waymark", "wrong");
    assert_eq!(test(&stranger).await, "sign_in");
    assert_eq!(send(&stranger, None, &all).await, Answer::SignIn);
}

fn bucket(address: &str, bucket: &str) -> Destination {
    let mut there = destination(BackendKind::S3, address, "id", "secret");
    for (name, value) in [("bucket", bucket), ("path_style", "yes"), ("prefix", "field/")] {
        there.options.insert(name.into(), value.into());
    }
    there
}

#[tokio::test]
#[ignore = "cargo xtask test backends"]
async fn a_bucket_of_s3() {
    let (_peer, port) = Module::python("moto.server", &["--port", "{port}"]);
    let address = format!("http://127.0.0.1:{port}");
    let client = reqwest::Client::new();
    client.put(format!("{address}/waymark")).send().await.unwrap().error_for_status().unwrap();
    let there = bucket(&address, "waymark");
    assert_eq!(test(&there).await, "fine");
    assert_eq!(test(&bucket(&address, "elsewhere")).await, "not_found");
    assert_eq!(send(&bucket(&address, "elsewhere"), None, &batch(1..=1)).await, Answer::Backend(404));

    let all = batch(1..=20);
    let begun = now();
    let first = stored(send(&there, None, &all).await, 20);
    assert!(now().ms_since(begun) < 20_000, "one by one, but not one by one of a limit");
    assert_eq!(stored(send(&there, Some(&first), &all).await, 20), first, "again");
    let object = format!("{address}/waymark/field/{}.json", all[3].entry.id);
    // Whoever signs anything may read: moto does not look.
    let signed = ("authorization", "AWS4-HMAC-SHA256 Credential=id/20261126/us-east-1/s3/aws4_request");
    let kept = client.get(&object).header(signed.0, signed.1).send().await.unwrap();
    assert_eq!(kept.text().await.unwrap(), all[3].json);
    client
        .put(&object)
        .header(signed.0, signed.1)
        .body(all[4].json.clone())
        .send()
        .await
        .unwrap()
        .error_for_status()
        .unwrap();
    assert_eq!(outcomes(send(&there, None, &all[3..5]).await).1, [Outcome::Conflict, Outcome::Accepted]);
}
