//! Ed25519 (RFC 8032) over texts, each under a label that says what is signed: a signature on one kind of text is none on
//! another.

use ed25519_compact::{KeyPair, PublicKey, Seed, Signature};
use sha2::{Digest as _, Sha256};

use crate::guidance::Key;
use crate::guidance::release::{bytes_of, hex};
use crate::json_struct;

/// The labels.
pub(super) const PARCEL: &str = "waymark parcel 1";
pub(super) const CERTIFICATE: &str = "waymark certificate 1";
pub(super) const RECEIPTS: &str = "waymark receipts 1";

/// A secret that signs.
#[derive(Clone)]
pub struct SigningKey(KeyPair);

impl SigningKey {
    /// The key that follows from a secret text of at least 128 random bits.
    pub fn from_secret(secret: &str) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(b"waymark signing key\0");
        hasher.update(secret.as_bytes());
        Self(KeyPair::from_seed(Seed::new(hasher.finalize().into())))
    }

    pub fn public(&self) -> Key {
        Key(*self.0.pk)
    }

    pub(super) fn sign(&self, label: &str, text: String) -> SignedText {
        let signature = self.0.sk.sign(labelled(label, &text), None);
        SignedText { signature: hex(&*signature), text }
    }
}

/// A text, to the letter as it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedText {
    pub text: String,
    /// 128 hex digits.
    pub signature: String,
}

json_struct!(SignedText: required [text, signature]);

impl SignedText {
    pub(super) fn is_by(&self, key: &Key, label: &str) -> bool {
        let read = || {
            let signature = Signature::from_slice(&bytes_of::<64>(&self.signature)?).ok()?;
            let key = PublicKey::from_slice(&key.0).ok()?;
            key.verify(labelled(label, &self.text), &signature).ok()
        };
        read().is_some()
    }
}

fn labelled(label: &str, text: &str) -> Vec<u8> {
    [label.as_bytes(), b"\0", text.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_good_for_one_key_one_label_and_one_text() {
        let key = SigningKey::from_secret("one");
        let signed = key.sign(PARCEL, "text".into());
        assert!(signed.is_by(&key.public(), PARCEL));
        assert!(!signed.is_by(&key.public(), RECEIPTS));
        assert!(!signed.is_by(&SigningKey::from_secret("two").public(), PARCEL));
        assert!(!SignedText { text: "texT".into(), ..signed.clone() }.is_by(&key.public(), PARCEL));
        for signature in ["", "00", &signed.signature[2..], &"0".repeat(128), &"é".repeat(64)] {
            let other = SignedText { signature: signature.into(), ..signed.clone() };
            assert!(!other.is_by(&key.public(), PARCEL), "{signature}");
        }
    }
}
