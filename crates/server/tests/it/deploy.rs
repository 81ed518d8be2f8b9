//! What `deploy/` says fits the server: files can be read, and they name what is there.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use waymark_server::api::openapi::DOCUMENT;
use waymark_server::api::records::MAX_BODY;
use waymark_server::blobs::MAX_BLOB;
use waymark_server::state::Limits;
use yaml_rust2::{Yaml, YamlLoader};

use crate::support::{Scrape, Server};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy")
}

fn text(name: &str) -> String {
    fs::read_to_string(folder().join(name)).unwrap()
}

fn yaml(name: &str) -> Vec<Yaml> {
    YamlLoader::load_from_str(&text(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Every value under this name, at any depth.
fn all<'a>(yaml: &'a Yaml, name: &str, found: &mut Vec<&'a Yaml>) {
    for (key, value) in yaml.as_hash().into_iter().flatten() {
        if key.as_str() == Some(name) {
            found.push(value);
        }
        all(value, name, found);
    }
    for item in yaml.as_vec().into_iter().flatten() {
        all(item, name, found);
    }
}

fn named(file: &str, name: &str) -> Vec<Yaml> {
    let documents = yaml(file);
    let mut found = vec![];
    for document in &documents {
        all(document, name, &mut found);
    }
    found.into_iter().cloned().collect()
}

const YAML: [&str; 6] = [
    "compose.yaml",
    "compose.postgres.yaml",
    "kubernetes.yaml",
    "kubernetes-init.yaml",
    "prometheus.yaml",
    "alerts.yaml",
];

#[test]
fn every_file_can_be_read_and_names_no_registry() {
    let mut seen = 0;
    for entry in fs::read_dir(folder()).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if entry.path().extension().is_some_and(|kind| kind == "yaml") {
            assert!(YAML.contains(&name.as_str()), "{name} is not looked at");
            seen += 1;
        }
    }
    assert_eq!(seen, YAML.len());
    let from = text("Containerfile");
    let from = from.lines().filter_map(|line| line.strip_prefix("FROM ")).map(str::to_owned);
    let images = YAML.iter().flat_map(|file| named(file, "image"));
    let images: Vec<String> = images.map(|image| image.as_str().unwrap().to_owned()).chain(from).collect();
    assert!(images.len() >= 5, "{images:?}");
    for image in images {
        assert!(!image.contains('/'), "{image}");
    }
}

#[test]
fn the_container_is_nobodys_and_writes_only_where_the_data_is() {
    let file = text("Containerfile");
    let user = file.lines().find_map(|line| line.strip_prefix("USER ")).unwrap();
    let (id, _) = user.split_once(':').unwrap();
    assert_ne!(id, "0");
    for file in ["kubernetes.yaml", "kubernetes-init.yaml"] {
        assert_eq!(named(file, "runAsUser"), [Yaml::Integer(id.parse().unwrap())], "{file}");
        assert_eq!(named(file, "runAsNonRoot"), [Yaml::Boolean(true)], "{file}");
        assert_eq!(named(file, "readOnlyRootFilesystem"), [Yaml::Boolean(true)], "{file}");
    }
    assert_eq!(named("kubernetes.yaml", "replicas"), [Yaml::Integer(1)], "one file, one server");
    for file in ["compose.yaml", "compose.postgres.yaml"] {
        let services = &yaml(file)[0]["services"];
        assert_eq!(services["waymark"]["read_only"], Yaml::Boolean(true), "{file}");
        for service in ["waymark", "postgres"] {
            let ports = &services[service]["ports"];
            assert_eq!(*ports, Yaml::BadValue, "{file}: phones come in by the proxy, and nobody else does");
        }
    }
}

#[test]
fn several_servers_share_a_database_and_the_photos() {
    let compose = &yaml("compose.postgres.yaml")[0];
    let services = &compose["services"];
    assert_eq!(services["waymark"]["deploy"]["replicas"], Yaml::Integer(2));
    assert_eq!(
        services["waymark"]["deploy"]["mode"].as_str(),
        Some("replicated"),
        "podman-compose starts one else"
    );
    assert_eq!(services["waymark"]["volumes"], Yaml::Array(vec![Yaml::String("data:/data".into())]));
    let healthy: Vec<_> =
        services["postgres"]["healthcheck"]["test"].as_vec().unwrap().iter().map(Yaml::as_str).collect();
    assert!(
        healthy.contains(&Some("--host=localhost")),
        "by the socket it answers before the database is there"
    );
    let url = services["waymark"]["environment"]["DATABASE_URL"].as_str().unwrap();
    let filled = url.replace("${POSTGRES_PASSWORD:?}", "secret");
    assert_ne!(filled, url, "the password is not in the file");
    filled.parse::<waymark_server::storage::postgres::Address>().unwrap();
    assert_eq!(compose["networks"]["store"]["internal"], Yaml::Boolean(true));
    assert_eq!(services["postgres"]["networks"], Yaml::Array(vec![Yaml::String("store".into())]));
}

/// The words after the program's name, as a shell or an image gives them.
fn serves(words: &[String]) {
    let mut command = crate::process::program();
    // What is there on no machine that runs the tests: the command line is good if only that is in the way.
    let output = command.args(words).env("RUST_LOG", "off").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("no built app") || said.contains("run `waymark-server init`"), "{words:?}: {said}");
}

const SITE: &str = "${WAYMARK_SITE:-waymark.example.org}";

#[test]
fn one_name_in_the_environment_is_that_of_the_proxy_and_of_the_server() {
    assert!(text("Caddyfile").starts_with("{$WAYMARK_SITE:waymark.example.org} {"));
    for file in ["compose.yaml", "compose.postgres.yaml"] {
        let services = &yaml(file)[0]["services"];
        assert_eq!(services["caddy"]["environment"]["WAYMARK_SITE"].as_str(), Some(SITE), "{file}");
        let url = Yaml::String(format!("--url=https://{SITE}"));
        assert!(services["waymark"]["command"].as_vec().unwrap().contains(&url), "{file}");
    }
}

#[cfg(unix)]
#[test]
fn the_command_lines_are_those_of_the_program() {
    let list = |yaml: &Yaml| -> Vec<String> {
        yaml.as_vec()
            .unwrap()
            .iter()
            .map(|word| word.as_str().unwrap().replace(SITE, "relief.example.org"))
            .collect()
    };
    serves(&list(&yaml("compose.yaml")[0]["services"]["waymark"]["command"]));
    serves(&list(&yaml("compose.postgres.yaml")[0]["services"]["waymark"]["command"]));
    serves(&list(&named("kubernetes.yaml", "args")[0]));
    let file = text("Containerfile");
    let words = file.lines().find_map(|line| line.strip_prefix("CMD ")).unwrap();
    serves(&serde_json::from_str::<Vec<String>>(words).unwrap());
    let unit = text("waymark.service").replace("\\\n", " ");
    let start = unit.lines().find_map(|line| line.strip_prefix("ExecStart=")).unwrap();
    serves(&start.split_whitespace().skip(1).map(str::to_owned).collect::<Vec<_>>());
}

#[test]
fn probes_ask_what_the_server_answers() {
    let document: Value = serde_json::from_str(DOCUMENT).unwrap();
    let paths: Vec<Yaml> = ["startupProbe", "livenessProbe", "readinessProbe"]
        .iter()
        .flat_map(|probe| named("kubernetes.yaml", probe))
        .map(|probe| probe["httpGet"]["path"].clone())
        .collect();
    assert_eq!(paths.len(), 3);
    for path in &paths {
        let own = path.as_str().unwrap().strip_prefix("/api/v1").unwrap();
        assert!(document["paths"][own]["get"].is_object(), "{own}");
    }
    assert_eq!(paths[1].as_str(), Some("/api/v1/health"), "a full disk is no reason to start it anew");
    assert_eq!(paths[2].as_str(), Some("/api/v1/ready"));
}

#[tokio::test]
async fn alerts_ask_for_what_is_measured() {
    let server = Server::start().await;
    server.phone(waymark_core::rules::Role::Traveller, "Idriss").await;
    let types = Scrape::of(&server.state).await.types;
    let rules = named("alerts.yaml", "expr");
    assert!(rules.len() >= 4);
    for rule in &rules {
        let rule = rule.as_str().unwrap();
        let word = |letter: char| !(letter.is_ascii_alphanumeric() || letter == '_');
        let mut measured = rule.split(word).filter(|word| word.starts_with("waymark_")).peekable();
        assert!(measured.peek().is_some() || rule.starts_with("up{"), "{rule}");
        for name in measured {
            assert!(types.contains_key(name), "{name} of {rule} is not in {types:?}");
        }
    }
    assert_eq!(named("alerts.yaml", "alert").len(), rules.len());
    assert_eq!(named("alerts.yaml", "summary").len(), rules.len());
}

#[test]
fn proxies_let_through_what_the_server_takes() {
    let megabytes = 9_000_000;
    assert!(megabytes > MAX_BLOB && megabytes > MAX_BODY as u64);
    let wait = Limits::default().request + Duration::from_secs(10);
    for (file, parts) in [
        (
            "nginx.conf",
            &[
                "client_max_body_size 9m;",
                "proxy_request_buffering off;",
                "proxy_buffering off;",
                "gzip off;",
                "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
                "proxy_read_timeout 370s;",
                "ssl_protocols TLSv1.2 TLSv1.3;",
            ][..],
        ),
        ("Caddyfile", &["max_size 9MB", "flush_interval -1", "response_header_timeout 370s"]),
    ] {
        let text = text(file);
        for part in parts {
            assert!(text.contains(part), "{part} is not in {file}");
        }
        assert!(!text.contains("9464"), "{file}: the metrics are for nobody outside");
    }
    assert_eq!(wait, Duration::from_secs(370));
}

#[test]
fn the_unit_may_write_its_data_and_nothing_else() {
    let unit = text("waymark.service");
    for line in [
        "ProtectSystem=strict",
        "ReadWritePaths=/srv/waymark",
        "NoNewPrivileges=yes",
        "User=waymark",
        "Restart=always",
        "CapabilityBoundingSet=",
        "InaccessiblePaths=/dev/shm",
        "Type=exec",
    ] {
        assert!(unit.lines().any(|own| own == line), "{line}");
    }
}
