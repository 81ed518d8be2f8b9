//! Telling push services who sends: VAPID (RFC 8292).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use p256::{PublicKey, SecretKey};
use serde_json::json;
use url::Url;
use waymark_core::event::Stamp;

use crate::secret::{self, NoRandomness};

/// How long a signature is good for; the most a service accepts is 24 hours.
const GOOD_FOR_MS: i64 = 12 * 3_600_000;

/// The server's key pair on P-256. Browsers bind their subscriptions to it.
#[derive(Clone)]
pub struct VapidKey(SecretKey);

impl VapidKey {
    pub fn random() -> Result<Self, NoRandomness> {
        random_key().map(Self)
    }

    /// The private key as [`VapidKey::to_text`] writes it; `None` when it is none.
    pub fn from_text(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        SecretKey::from_slice(&bytes).ok().map(Self)
    }

    /// The private key as base64url.
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.to_bytes())
    }

    /// The public key, an uncompressed point, as base64url: what browsers call `applicationServerKey`.
    pub fn public_key(&self) -> String {
        URL_SAFE_NO_PAD.encode(PublicKey::from(&self.0).to_sec1_bytes())
    }

    /// The `Authorization` header of a message to `endpoint`. `contact` is a `mailto:` or `https:` address.
    pub fn authorization(&self, endpoint: &Url, contact: Option<&str>, now: Stamp) -> String {
        let expires = now.plus_ms(GOOD_FOR_MS).0 / 1_000;
        let mut claims = json!({ "aud": endpoint.origin().ascii_serialization(), "exp": expires });
        if let Some(contact) = contact {
            claims["sub"] = contact.into();
        }
        let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(json!({ "typ": "JWT", "alg": "ES256" })), part(claims));
        let signature: Signature = SigningKey::from(&self.0).sign(signed.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature.to_bytes());
        format!("vapid t={signed}.{signature}, k={}", self.public_key())
    }
}

/// A fresh private key on P-256.
pub fn random_key() -> Result<SecretKey, NoRandomness> {
    // One in four thousand million numbers is no key.
    for _ in 0..4 {
        if let Ok(key) = SecretKey::from_slice(&secret::random::<32>()?) {
            return Ok(key);
        }
    }
    Err(NoRandomness)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_written() {
        let key = VapidKey::random().unwrap();
        assert_eq!(VapidKey::from_text(&key.to_text()).unwrap().public_key(), key.public_key());
        assert_eq!(key.public_key().len(), 87);
        for nonsense in ["", "AAAA", "?", &"A".repeat(43)] {
            assert!(VapidKey::from_text(nonsense).is_none(), "{nonsense}");
        }
    }
}
