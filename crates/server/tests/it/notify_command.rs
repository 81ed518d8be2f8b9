//! `--notify FILE` and `notify-test` of the real program, over TLS to a certificate that its system trusts.
#![cfg(unix)]

use std::path::Path;
use std::sync::Arc;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tempfile::TempDir;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::process::{program, run_badly, run_well};
use crate::support::{Endpoint, MailSink, Manner};

/// A certificate for `localhost`: what serves it, and what trusts it.
fn certificate(folder: &Path) -> (TlsAcceptor, String) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let trusted = folder.join("trusted.pem");
    std::fs::write(&trusted, cert.pem()).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let config = config.with_single_cert(vec![cert.der().clone()], key).unwrap();
    (TlsAcceptor::from(Arc::new(config)), trusted.to_str().unwrap().to_owned())
}

struct Prepared {
    folder: TempDir,
    data: String,
    file: String,
}

fn prepared(file: &str) -> Prepared {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (data, notify) = (path("data"), path("notify.toml"));
    run_well(&["init", "--data", &data, "--org", "acme", "--name", "Acme"]);
    std::fs::write(&notify, file).unwrap();
    Prepared { folder, data, file: notify }
}

impl Prepared {
    /// Whether it ended well, and what it printed.
    fn test(&self, role: &str, trusted: &str) -> (bool, String, String) {
        let args = ["notify-test", "--data", &self.data, "--notify", &self.file, "--role", role];
        let output =
            program().args(args).env("SSL_CERT_FILE", trusted).env_remove("SSL_CERT_DIR").output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.success(), text(output.stdout), text(output.stderr))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_means_is_tried_over_tls_and_told_in_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let (acceptor, trusted) = certificate(folder.path());
    let hook = Endpoint::start_tls(acceptor.clone()).await;
    let (tls, start_tls) = (
        MailSink::start(Manner::Tls(acceptor.clone())).await,
        MailSink::start(Manner::StartTls(acceptor)).await,
    );
    for (scheme, sink) in [("smtps", &tls), ("smtp", &start_tls)] {
        // Another spelling, as this very machine would be talked to plainly.
        let host = if scheme == "smtp" { "LOCALHOST" } else { "localhost" };
        let prepared = prepared(&format!(
            "[smtp]\nurl = \"{scheme}://waymark:pass%20word@{host}:{}\"\nfrom = \"waymark@example.org\"\n\
             [webhooks.sms]\nurl = \"https://localhost:{}/send\"\nsecret = \"whsec_{}\"\n\
             [roles.manager]\nemail = [\"duty@example.org\"]\nwebhooks = [\"sms\"]\n",
            sink.address.port(),
            hook.address.port(),
            "AAAA".repeat(8),
        ));
        let (well, printed, said) = prepared.test("manager", &trusted);
        assert!(well, "{printed}{said}");
        assert_eq!(printed, "webhook to sms: sent\ne-mail to d…@example.org: sent\n");
        let [mail] = sink.mails().try_into().unwrap();
        assert!(mail.tls);
        assert_eq!(mail.signed_in, "PLAIN AHdheW1hcmsAcGFzcyB3b3Jk");
        assert!(mail.text.contains("Exercise"));
        let [heard] = hook.heard().try_into().unwrap();
        assert!(heard.header("webhook-id").starts_with("test-"));
        assert!(String::from_utf8(heard.body).unwrap().contains("\"exercise\":true"));

        let nothing = prepared.folder.path().join("nothing.pem");
        std::fs::write(&nothing, "").unwrap();
        let (well, printed, said) = prepared.test("manager", nothing.to_str().unwrap());
        assert!(!well);
        assert_eq!(printed.matches("not sent: ").count(), 2, "{printed}");
        assert_eq!(printed.matches("certificate that is trusted").count(), 2, "{printed}");
        assert!(said.ends_with("2 of 2 were not sent\n"), "{said}");
        assert!(sink.mails().is_empty() && hook.heard().is_empty());
    }
}

#[test]
fn nobody_to_tell_is_said() {
    let prepared = prepared("");
    let args = ["notify-test", "--data", &prepared.data, "--role", "manager"];
    assert!(run_badly(&args).contains("there is nobody to tell"));
}

#[test]
fn a_mistake_in_the_file_stops_the_start() {
    let prepared = prepared("language = \"en\"\n[roles.boss]\npush = true\n");
    for command in ["serve", "notify-test"] {
        let mut args = vec![command, "--data", &prepared.data, "--notify", &prepared.file];
        args.extend(if command == "serve" { ["--addr", "127.0.0.1:0"] } else { ["--role", "manager"] });
        let said = run_badly(&args);
        assert!(said.contains("notify.toml, line 2: unknown variant `boss`"), "{said}");
    }
    let args = ["serve", "--data", &prepared.data, "--notify", "/nowhere/notify.toml"];
    assert!(run_badly(&args).contains("cannot read /nowhere/notify.toml"));
}
