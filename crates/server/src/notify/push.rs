//! Telling browsers: Web Push (RFC 8030), signed by VAPID and encrypted for the one browser.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderName};
use hyper::{Method, StatusCode};
use p256::PublicKey;
use serde_json::json;
use url::Url;
use waymark_core::event::Stamp;

use super::http::{Call, Failure};
use super::notice::Notice;
use super::reach::{Reach, is_public};
use super::seal::seal;
use super::vapid::{VapidKey, random_key};
use super::words::Words;
use crate::secret;
use crate::storage::PushAddress;

/// For how many seconds a push service keeps the message for a phone that is off: what is older is no news.
const KEPT: &str = "14400";
const MAX_ENDPOINT: usize = 2_048;

/// What is the same for all receivers of a notice.
pub struct Letter<'a> {
    pub key: &'a VapidKey,
    pub contact: Option<&'a str>,
    pub notice: &'a Notice,
    pub words: &'a Words,
    pub allow_local: bool,
    pub now: Stamp,
    pub limit: Duration,
}

/// What became of a message.
pub enum Pushed {
    Sent,
    /// The browser has given this address up.
    Gone,
    NotSent(String),
}

/// A push address whose parts have been read.
pub struct Receiver {
    url: Url,
    key: PublicKey,
    auth: [u8; 16],
}

impl Receiver {
    /// # Errors
    /// What is wrong with the address, in words.
    pub fn read(address: &PushAddress, allow_local: bool) -> Result<Self, &'static str> {
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok();
        let key = bytes(&address.p256dh).filter(|key| key.len() == 65);
        let key = key.and_then(|key| PublicKey::from_sec1_bytes(&key).ok());
        let auth = bytes(&address.auth).and_then(|auth| auth.try_into().ok());
        Ok(Self {
            url: endpoint(&address.endpoint, allow_local)?,
            key: key.ok_or("p256dh is no point on P-256 in base64url")?,
            auth: auth.ok_or("auth is not 16 bytes in base64url")?,
        })
    }
}

fn endpoint(text: &str, allow_local: bool) -> Result<Url, &'static str> {
    if text.len() > MAX_ENDPOINT {
        return Err("the endpoint is longer than 2,048 letters");
    }
    let url = Url::parse(text).map_err(|_| "the endpoint is no address")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the endpoint has a user or a password");
    }
    let (here, outside) = match url.host() {
        Some(url::Host::Domain(name)) => (name == "localhost", name != "localhost"),
        Some(url::Host::Ipv4(address)) => (address.is_loopback(), is_public(address.into())),
        Some(url::Host::Ipv6(address)) => (address.is_loopback(), is_public(address.into())),
        None => (false, false),
    };
    match url.scheme() {
        "http" | "https" if here && allow_local => Ok(url),
        "https" if outside => Ok(url),
        "https" => Err("the endpoint is not on the internet"),
        _ => Err("the endpoint does not begin with https://"),
    }
}

impl Letter<'_> {
    pub async fn send(&self, address: &PushAddress) -> Pushed {
        let receiver = match Receiver::read(address, self.allow_local) {
            Ok(receiver) => receiver,
            Err(wrong) => return Pushed::NotSent(wrong.to_owned()),
        };
        let Some(body) = self.sealed_for(&receiver) else {
            return Pushed::NotSent("the message cannot be encrypted".to_owned());
        };
        let headers = vec![
            (AUTHORIZATION, self.key.authorization(&receiver.url, self.contact, self.now)),
            (CONTENT_TYPE, "application/octet-stream".to_owned()),
            (CONTENT_ENCODING, "aes128gcm".to_owned()),
            (HeaderName::from_static("ttl"), KEPT.to_owned()),
            (HeaderName::from_static("urgency"), "high".to_owned()),
            // The same notice sent again takes the place of one that still waits.
            (HeaderName::from_static("topic"), super::fingerprint(&self.notice.id)),
        ];
        let reach = if self.allow_local { Reach::InternetOrHere } else { Reach::Internet };
        match (Call { method: Method::POST, url: &receiver.url, headers, body: Some(body) })
            .send(reach, self.limit)
            .await
        {
            Ok(()) => Pushed::Sent,
            Err(Failure::Answered(StatusCode::NOT_FOUND | StatusCode::GONE)) => Pushed::Gone,
            Err(failure) => Pushed::NotSent(format!("the push service: {failure}")),
        }
    }

    fn sealed_for(&self, receiver: &Receiver) -> Option<Vec<u8>> {
        let plain = self.text();
        let (sender, salt) = (random_key().ok()?, secret::random().ok()?);
        seal(plain.as_bytes(), &receiver.key, &receiver.auth, &sender, salt).ok()
    }

    /// What the service worker reads.
    fn text(&self) -> String {
        let Notice { id, exercise, link, .. } = self.notice;
        json!({
            "id": id,
            "title": self.words.title(*exercise),
            "body": self.words.body(*exercise),
            "exercise": exercise,
            "link": link,
        })
        .to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_on_the_internet_and_behind_tls() {
        for (text, allowed, allowed_here) in [
            ("https://push.example.org/abc", true, true),
            ("https://93.184.216.34/abc", true, true),
            ("http://push.example.org/abc", false, false),
            ("http://127.0.0.1:9/abc", false, true),
            ("https://localhost/abc", false, true),
            ("https://127.0.0.1/abc", false, true),
            ("https://0x7f.1/abc", false, true),
            ("https://2130706433/abc", false, true),
            ("https://[::1]/abc", false, true),
            ("https://10.0.0.1/abc", false, false),
            ("https://[::ffff:10.0.0.1]/abc", false, false),
            ("http://10.0.0.1/abc", false, false),
            ("https://user@push.example.org/abc", false, false),
            ("ftp://push.example.org/abc", false, false),
            ("", false, false),
            (&format!("https://push.example.org/{}", "x".repeat(2_048)), false, false),
        ] {
            assert_eq!(endpoint(text, false).is_ok(), allowed, "{text}");
            assert_eq!(endpoint(text, true).is_ok(), allowed_here, "{text}");
        }
    }
}
