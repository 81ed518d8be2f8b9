//! S3: Amazon, MinIO, Garage, Ceph and others.
//!
//! The address is that of the endpoint, `https://s3.eu-central-1.amazonaws.com`; the sign-in's `user` is the id of an access
//! key and `secret` its secret. Options: `bucket`; `region` (default `us-east-1`); `prefix`, which stands before the name of
//! each object; `path_style`, `yes` where the bucket is not part of the host's name.
//!
//! Each record is an object (see `backend/files.rs`), put with `If-None-Match: *` and its SHA-256, under an address that is
//! signed for a quarter of an hour: 200, or 412 where there is one. It counts as stored when `HEAD` shows the same SHA-256,
//! or its content was read back. The key needs `s3:PutObject`, `s3:GetObject` and `s3:ListBucket`: without the last, what is
//! not there looks forbidden. Signatures are of the time of the request (see `backend/in_time.rs`). Sources: Amazon S3 API
//! reference, "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)", "Checking object integrity",
//! "Conditional writes".

use std::fmt::Write as _;

use super::access::Access;
use super::connection::{Connection, Judge, Probe};
use super::encode::{base64, hex, hmac, percent, sha256};
use super::files::{self, CHECKSUM, LIFE, Shelf};
use super::{Payload, Request, Talk};
use crate::event::Stamp;
use crate::sync::{Answer, Destination, Queued, Session};

/// For how many seconds an address is good.
const GOOD_FOR: u32 = 900;

/// Sends `batch`; the answer is receipts for what the checksums show.
pub fn deliver(destination: &Destination, session: &Session, batch: &[Queued]) -> Talk<Answer> {
    files::deliver(Bucket::new(destination), session, batch)
}

/// Asks for the life, which need not be there; S3 says whether it is the bucket that is missing.
pub fn probe(destination: &Destination, online: bool, now: Stamp) -> Probe {
    let judge: Judge = |response| {
        let said = String::from_utf8_lossy(&response.body);
        match response.status {
            200 if said.contains("waymark.life") => Ok(()),
            404 if said.contains("<Code>NoSuchKey<") => Ok(()),
            404 => Err(Connection::NotFound),
            // Among others, another region.
            400 if said.contains("<Code>") => Err(Connection::Schema),
            _ => Err(Connection::CaptivePortal),
        }
    };
    Probe::new(destination, online, vec![(Bucket::new(destination).get(LIFE, now), judge)])
}

/// Where the objects are, and the key.
struct Bucket {
    access: Access,
    scheme: String,
    host: String,
    /// The path before the name of an object; ends with a slash.
    path: String,
    key: Key,
}

/// An access key and where it is good.
struct Key {
    id: String,
    secret: String,
    region: String,
}

impl Bucket {
    fn new(destination: &Destination) -> Self {
        let address = destination.address.trim_end_matches('/');
        let (scheme, rest) = address.split_once("://").unwrap_or(("https", address));
        let (host, base) =
            rest.split_once('/').map_or((rest, String::new()), |(host, path)| (host, format!("/{path}")));
        let bucket = destination.option("bucket");
        let is_path = matches!(destination.option("path_style"), "yes" | "true" | "1");
        let (host, base) = match bucket {
            "" => (host.to_owned(), base),
            bucket if is_path => (host.to_owned(), format!("{base}/{bucket}")),
            bucket => (format!("{bucket}.{host}"), base),
        };
        let region = match destination.option("region") {
            "" => "us-east-1",
            region => region,
        };
        Self {
            access: Access::anonymous(destination, vec![]),
            scheme: scheme.to_owned(),
            host,
            path: percent(&format!("{base}/{}", destination.option("prefix")), "/"),
            key: Key {
                id: destination.sign_in.user.clone(),
                secret: destination.sign_in.secret.clone(),
                region: region.to_owned(),
            },
        }
    }

    /// A request to a signed address. `signed` are headers of S3, which have to be part of the signature.
    fn ask(
        &self,
        method: &'static str,
        name: &str,
        signed: &[(&'static str, String)],
        now: Stamp,
    ) -> Request {
        let path = format!("{}{}", self.path, percent(name, "/"));
        let query = self.key.sign(method, &self.host, &path, signed, GOOD_FOR, now);
        let mut request = self.access.ask(method, "");
        request.path = format!("{}://{}{path}?{query}", self.scheme, self.host);
        request.headers.extend(signed.iter().cloned());
        request
    }
}

impl Key {
    /// The query of a signed address. `headers` are in the order of their names, all after `host`.
    fn sign(
        &self,
        method: &str,
        host: &str,
        path: &str,
        headers: &[(&'static str, String)],
        good_for: u32,
        now: Stamp,
    ) -> String {
        let moment: String =
            now.to_string().chars().take(19).filter(|letter| !matches!(letter, '-' | ':')).collect();
        let day = moment.get(..8).unwrap_or_default();
        let scope = format!("{day}/{}/s3/aws4_request", self.region);
        let (mut lines, mut names) = (format!("host:{host}\n"), "host".to_owned());
        for (name, value) in headers {
            _ = writeln!(lines, "{name}:{value}");
            _ = write!(names, ";{name}");
        }
        let query = format!(
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={}&X-Amz-Date={moment}Z&X-Amz-Expires={good_for}\
             &X-Amz-SignedHeaders={}",
            percent(&format!("{}/{scope}", self.id), ""),
            percent(&names, ""),
        );
        let canonical = format!("{method}\n{path}\n{query}\n{lines}\n{names}\nUNSIGNED-PAYLOAD");
        let to_sign = format!("AWS4-HMAC-SHA256\n{moment}Z\n{scope}\n{}", hex(&sha256(canonical.as_bytes())));
        let mut key = hmac(format!("AWS4{}", self.secret).as_bytes(), day.as_bytes());
        for part in [self.region.as_str(), "s3", "aws4_request"] {
            key = hmac(&key, part.as_bytes());
        }
        format!("{query}&X-Amz-Signature={}", hex(&hmac(&key, to_sign.as_bytes())))
    }
}

impl Shelf for Bucket {
    fn put(&self, name: &str, content: &str, now: Stamp) -> Request {
        let signed = [(CHECKSUM, base64(&sha256(content.as_bytes())))];
        let asked = self.ask("PUT", name, &signed, now);
        let body = Payload::Text(content.to_owned());
        let mut request = self.access.send("PUT", "", "application/json", body);
        request.path = asked.path;
        request.headers.extend(asked.headers);
        request.headers.push(("if-none-match", "*".to_owned()));
        request
    }

    fn get(&self, name: &str, now: Stamp) -> Request {
        self.ask("GET", name, &[], now)
    }

    fn checksum(&self, name: &str, now: Stamp) -> Option<Request> {
        Some(self.ask("HEAD", name, &[("x-amz-checksum-mode", "ENABLED".to_owned())], now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::script;
    use crate::sync::{BackendKind, SignIn};

    fn destination(options: &[(&str, &str)]) -> Destination {
        let mut destination = script::destination(BackendKind::S3);
        destination.address = "https://s3.example.org".into();
        destination.sign_in = SignIn { user: "id".into(), secret: "s".into(), key: String::new() };
        for (name, value) in options {
            destination.options.insert((*name).into(), (*value).into());
        }
        destination
    }

    fn path(options: &[(&str, &str)]) -> String {
        let request = Bucket::new(&destination(options)).get("a.json", script::NOW);
        request.path.split('?').next().unwrap().to_owned()
    }

    #[test]
    fn addresses_are_signed_as_in_the_example_of_the_reference() {
        let key = Key {
            id: "AKIAIOSFODNN7EXAMPLE".into(),
            secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into(),
            region: "us-east-1".into(),
        };
        let at: Stamp = "2013-05-24T00:00:00Z".parse().unwrap();
        let query = key.sign("GET", "examplebucket.s3.amazonaws.com", "/test.txt", &[], 86_400, at);
        assert_eq!(
            query,
            "X-Amz-Algorithm=AWS4-HMAC-SHA256\
             &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
             &X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host\
             &X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
        );
    }

    #[test]
    fn the_bucket_is_part_of_the_host_or_of_the_path() {
        assert_eq!(path(&[("bucket", "way")]), "https://way.s3.example.org/a.json");
        let path_style = [("bucket", "way"), ("path_style", "yes"), ("prefix", "field/été ")];
        assert_eq!(path(&path_style), "https://s3.example.org/way/field/%C3%A9t%C3%A9%20a.json");
    }

    #[test]
    fn the_checksum_is_part_of_what_is_signed() {
        let request = Bucket::new(&destination(&[("bucket", "way")])).put("a.json", "abc", script::NOW);
        assert!(request.path.contains("X-Amz-SignedHeaders=host%3Bx-amz-checksum-sha256&"));
        let checksum = (CHECKSUM, "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=".to_owned());
        assert!(request.headers.contains(&checksum), "SHA-256 of abc, FIPS 180-4");
        assert!(request.headers.contains(&("if-none-match", "*".to_owned())));
    }

    #[test]
    fn the_connection_test_tells_a_missing_bucket_from_an_empty_one() {
        let code = |status, body: &str| {
            let reply = script::other(status, "application/xml", body);
            script::play(&mut probe(&destination(&[]), true, script::NOW), |_| reply.clone()).0.code()
        };
        assert_eq!(code(404, "<Error><Code>NoSuchKey</Code></Error>"), "fine");
        assert_eq!(code(200, r#"{"type":"waymark.life"}"#), "fine");
        assert_eq!(code(404, "<Error><Code>NoSuchBucket</Code></Error>"), "not_found");
        assert_eq!(code(403, "<Error><Code>SignatureDoesNotMatch</Code></Error>"), "sign_in");
        assert_eq!(code(400, "<Error><Code>AuthorizationHeaderMalformed</Code></Error>"), "schema");
        assert_eq!(code(200, "<html>"), "captive_portal");
    }
}
