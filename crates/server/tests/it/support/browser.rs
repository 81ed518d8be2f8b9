use aes_gcm::aead::{Aead as _, KeyInit as _};
use aes_gcm::{Aes128Gcm, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::{PublicKey, SecretKey};
use serde_json::{Value, json};
use sha2::Sha256;

use super::Heard;

/// A browser with a push subscription: its private key opens what is sent to it.
pub struct Browser {
    key: SecretKey,
    auth: [u8; 16],
    pub endpoint: String,
}

impl Browser {
    /// `n` tells browsers apart.
    pub fn new(endpoint: String, n: u8) -> Self {
        Self { key: SecretKey::from_slice(&[n; 32]).unwrap(), auth: [n; 16], endpoint }
    }

    /// What the app sends to the server.
    pub fn subscription(&self) -> Value {
        let public = URL_SAFE_NO_PAD.encode(self.key.public_key().to_sec1_bytes());
        json!({ "endpoint": self.endpoint, "p256dh": public, "auth": URL_SAFE_NO_PAD.encode(self.auth) })
    }

    /// Decrypts a message, by RFC 8188 and RFC 8291 step by step.
    pub fn open(&self, message: &Heard) -> Value {
        assert_eq!(message.header("content-encoding"), "aes128gcm");
        let body = &message.body;
        let (salt, size, id_length) = (&body[..16], &body[16..20], usize::from(body[20]));
        assert!(u32::from_be_bytes(size.try_into().unwrap()) >= u32::try_from(body.len() - 86).unwrap());
        let (sender, sealed) = body[21..].split_at(id_length);
        let shared = self.key.diffie_hellman(&PublicKey::from_sec1_bytes(sender).unwrap());
        let shared = shared.raw_secret_bytes();

        let own = self.key.public_key().to_sec1_bytes();
        let info = [b"WebPush: info\0", &own[..], sender, &[1]].concat();
        let input = hmac(&hmac(&self.auth, shared), &info);
        let secret = hmac(salt, &input);
        let key: [u8; 16] = hmac(&secret, b"Content-Encoding: aes128gcm\0\x01")[..16].try_into().unwrap();
        let nonce: [u8; 12] = hmac(&secret, b"Content-Encoding: nonce\0\x01")[..12].try_into().unwrap();
        let plain =
            Aes128Gcm::new(&key.into()).decrypt(&Nonce::from(nonce), sealed).expect("it is for this browser");
        let end = plain.iter().rposition(|byte| *byte != 0).unwrap();
        assert_eq!(plain[end], 2, "the delimiter of the last record");
        serde_json::from_slice(&plain[..end]).unwrap()
    }
}

fn hmac(key: &[u8], data: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(data);
    mac.finalize().into_bytes().into()
}

impl Heard {
    /// Checks the VAPID signature as a push service does; gives the claims.
    #[track_caller]
    pub fn vapid_claims(&self, public_key: &str) -> Value {
        let rest = self.header("authorization").strip_prefix("vapid t=").expect("VAPID");
        let (token, key) = rest.split_once(", k=").unwrap();
        assert_eq!(key, public_key);
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let (header, claims) = signed.split_once('.').unwrap();
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        let key = VerifyingKey::from_sec1_bytes(&bytes(key)).unwrap();
        let signature = Signature::from_slice(&bytes(signature)).unwrap();
        key.verify(signed.as_bytes(), &signature).expect("a good signature");
        let header: Value = serde_json::from_slice(&bytes(header)).unwrap();
        assert_eq!(header, json!({ "typ": "JWT", "alg": "ES256" }));
        serde_json::from_slice(&bytes(claims)).unwrap()
    }
}
