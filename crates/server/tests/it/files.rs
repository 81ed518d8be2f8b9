//! The app's files and the headers around them.

use std::fs;

use reqwest::{Client, Response};
use tempfile::TempDir;
use waymark_server::app_files::CONTENT_SECURITY_POLICY;

use crate::support::Server;

const HASHED: &str = "assets/app-0123456789abcdef.js";
const WASM: &str = "assets/app-0123456789abcdef_bg.wasm";

async fn start() -> (Server, TempDir) {
    let dist = tempfile::tempdir().unwrap();
    fs::create_dir(dist.path().join("assets")).unwrap();
    let files = [
        "index.html",
        "sw.js",
        "manifest.webmanifest",
        "icon.png",
        HASHED,
        WASM,
        "assets/app-0123456789abcdef.css",
    ];
    for file in files {
        fs::write(dist.path().join(file), format!("plain {file}")).unwrap();
    }
    for file in ["index.html", HASHED, WASM] {
        fs::write(dist.path().join(format!("{file}.br")), format!("brotli {file}")).unwrap();
        fs::write(dist.path().join(format!("{file}.gz")), format!("gzip {file}")).unwrap();
    }
    fs::write(dist.path().parent().unwrap().join("secret.txt"), "secret").unwrap();
    let server = Server::builder().app(dist.path().to_owned()).start().await;
    (server, dist)
}

async fn get(server: &Server, path: &str, encodings: &str) -> Response {
    let request = Client::new().get(server.url(path)).header("accept-encoding", encodings);
    let response = request.send().await.unwrap();
    let header = |name: &str| response.headers()[name].to_str().unwrap();
    assert_eq!(header("content-security-policy"), CONTENT_SECURITY_POLICY);
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("referrer-policy"), "no-referrer");
    assert_eq!(header("cross-origin-opener-policy"), "same-origin");
    assert_eq!(header("cross-origin-resource-policy"), "same-origin");
    assert!(header("permissions-policy").contains("geolocation=(self)"));
    assert!(header("permissions-policy").contains("camera=(self)"));
    assert_eq!(header("vary"), "accept-encoding");
    response
}

#[tokio::test]
async fn hashed_files_last_for_ever_and_others_are_asked_for_anew() {
    let (server, _dist) = start().await;
    for (path, content_type, cache) in [
        (format!("/{HASHED}"), "text/javascript", "public, max-age=31536000, immutable"),
        (format!("/{WASM}"), "application/wasm", "public, max-age=31536000, immutable"),
        ("/assets/app-0123456789abcdef.css".into(), "text/css", "public, max-age=31536000, immutable"),
        ("/".into(), "text/html", "no-cache"),
        ("/index.html".into(), "text/html", "no-cache"),
        ("/sw.js".into(), "text/javascript", "no-cache"),
        ("/manifest.webmanifest".into(), "application/manifest+json", "no-cache"),
        ("/icon.png".into(), "image/png", "no-cache"),
    ] {
        let response = get(&server, &path, "identity").await;
        assert_eq!(response.status(), 200, "{path}");
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with(content_type), "{path}");
        assert_eq!(response.headers()["cache-control"], cache, "{path}");
        assert!(response.text().await.unwrap().starts_with("plain "), "{path}");
    }
}

#[tokio::test]
async fn the_smallest_form_the_browser_reads_is_sent() {
    let (server, _dist) = start().await;
    for path in ["/", "/enrol", "/assets/app-0123456789abcdef.js", "/assets/app-0123456789abcdef_bg.wasm"] {
        for (encodings, encoding, start) in [("gzip, br", "br", "brotli"), ("gzip", "gzip", "gzip")] {
            let response = get(&server, path, encodings).await;
            assert_eq!(response.headers()["content-encoding"], encoding, "{path}");
            assert!(response.text().await.unwrap().starts_with(start), "{path}");
        }
    }
    let wasm = get(&server, &format!("/{WASM}"), "br").await;
    assert_eq!(wasm.headers()["content-type"], "application/wasm");
}

#[tokio::test]
async fn screens_get_the_index_and_unknown_files_do_not() {
    let (server, _dist) = start().await;
    for path in ["/enrol", "/records/0190a", "/deep/er/still", "/assets", "/assets/"] {
        let response = get(&server, path, "identity").await;
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()["cache-control"], "no-cache");
        assert_eq!(response.text().await.unwrap(), "plain index.html", "{path}");
    }
    let gone = "/assets/gone-0123456789abcdef.js";
    for path in
        [gone, "/favicon.ico", "/..%2fsecret.txt", "/assets/..%2f..%2fsecret.txt", "/%2e%2e/secret.txt"]
    {
        let response = get(&server, path, "br").await;
        assert_eq!(response.status(), 404, "{path}");
        assert_eq!(response.headers()["cache-control"], "no-cache", "a missing file is not missing for ever");
    }
}

#[tokio::test]
async fn an_unchanged_file_is_not_sent_again() {
    let (server, _dist) = start().await;
    let first = get(&server, "/sw.js", "identity").await;
    let modified = first.headers()["last-modified"].clone();
    let again = Client::new().get(server.url("/sw.js")).header("if-modified-since", modified);
    assert_eq!(again.send().await.unwrap().status(), 304);
}

#[tokio::test]
async fn without_an_app_the_interface_is_still_there() {
    let server = Server::start().await;
    assert_eq!(get(&server, "/", "br").await.status(), 404);
    let health = Client::new().get(server.url("/api/v1/health")).send().await.unwrap();
    assert_eq!(health.status(), 200);
    assert_eq!(health.headers()["cache-control"], "no-store");
    assert_eq!(health.headers()["x-content-type-options"], "nosniff");
}
