//! Enrolment codes, device credentials and random ids.
//!
//! Codes and credentials are random and long, so one round of SHA-256 keeps them: there is nothing to guess faster.
//! What is stored is the hash; what was handed out is shown once.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// Crockford's base 32: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_LENGTH: usize = 12;
const ID_LENGTH: usize = 20;

/// SHA-256 of a code or a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SecretHash(pub [u8; 32]);

/// The system gave no random bytes; nothing safe can be made without.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the system gives no random bytes")]
pub struct NoRandomness;

/// A one-use enrolment code of 60 random bits, shown as `XXXX-XXXX-XXXX`.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolmentCode(String);

impl EnrolmentCode {
    pub fn random() -> Result<Self, NoRandomness> {
        base32::<CODE_LENGTH>(ALPHABET).map(Self)
    }

    /// Reads a code as people type it: any case, with or without dashes and spaces, O for 0, I and L for 1.
    /// `None` when it cannot be one.
    pub fn read(typed: &str) -> Option<Self> {
        let mut code = String::with_capacity(CODE_LENGTH);
        for letter in typed.chars().filter(|letter| !is_separator(*letter)) {
            let letter = match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let known = u8::try_from(letter).is_ok_and(|byte| ALPHABET.contains(&byte));
            if !known || code.len() == CODE_LENGTH {
                return None;
            }
            code.push(letter);
        }
        (code.len() == CODE_LENGTH).then_some(Self(code))
    }

    pub fn hash(&self) -> SecretHash {
        hash(b"waymark enrolment code\0", &self.0)
    }
}

impl fmt::Display for EnrolmentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, rest) = self.0.split_at(CODE_LENGTH / 3);
        let (second, third) = rest.split_at(CODE_LENGTH / 3);
        write!(f, "{first}-{second}-{third}")
    }
}

/// Dashes of every kind that keyboards and messengers make of a hyphen, and white space.
fn is_separator(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// The credential of a device: 256 random bits as base64url.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    pub fn random() -> Result<Self, NoRandomness> {
        random::<32>().map(|bytes| Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    pub fn hash(&self) -> SecretHash {
        Self::hash_of(&self.0)
    }

    /// The hash of what a caller presents as its credential.
    pub fn hash_of(presented: &str) -> SecretHash {
        hash(b"waymark device credential\0", presented)
    }

    /// The credential itself, for the one answer that carries it.
    pub fn into_text(self) -> String {
        self.0
    }
}

/// A new device id, such as `d0f3k…`: `d` and 100 random bits.
pub fn device_id() -> Result<String, NoRandomness> {
    prefixed('d')
}

/// A new user id: `u` and 100 random bits.
pub fn user_id() -> Result<String, NoRandomness> {
    prefixed('u')
}

/// A name for one life of the database.
pub fn epoch() -> Result<String, NoRandomness> {
    prefixed('e')
}

/// Whether `id` is one that [`device_id`] makes.
pub fn is_device_id(id: &str) -> bool {
    is_prefixed(id, 'd')
}

/// Whether `id` is one that [`user_id`] makes.
pub fn is_user_id(id: &str) -> bool {
    is_prefixed(id, 'u')
}

fn prefixed(prefix: char) -> Result<String, NoRandomness> {
    Ok(format!("{prefix}{}", base32::<ID_LENGTH>(ALPHABET)?.to_ascii_lowercase()))
}

fn is_prefixed(id: &str, prefix: char) -> bool {
    let known = |byte: u8| !byte.is_ascii_uppercase() && ALPHABET.contains(&byte.to_ascii_uppercase());
    id.strip_prefix(prefix).is_some_and(|rest| rest.len() == ID_LENGTH && rest.bytes().all(known))
}

fn base32<const LENGTH: usize>(alphabet: &[u8; 32]) -> Result<String, NoRandomness> {
    let bytes = random::<LENGTH>()?;
    Ok(bytes.iter().map(|byte| char::from(alphabet[usize::from(byte % 32)])).collect())
}

/// That many random bytes.
pub fn random<const LENGTH: usize>() -> Result<[u8; LENGTH], NoRandomness> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

/// The hash of a phone's own key; `None` for what no phone of ours makes.
pub fn device_key(text: &str) -> Option<SecretHash> {
    let plain = (32..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    plain.then(|| hash(b"waymark device key\0", text))
}

fn hash(domain: &[u8], secret: &str) -> SecretHash {
    let mut hasher = Sha256::new();
    hasher.update(domain);
    hasher.update(secret.as_bytes());
    SecretHash(hasher.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = EnrolmentCode::read("0123-10AB-XYZ9").unwrap();
        for typed in ["o123 iOab xyz9", "O123L0ABXYZ9", " 0123\u{2013}10ab\u{2014}xyz9\n"] {
            assert!(EnrolmentCode::read(typed) == Some(code.clone()), "{typed}");
        }
        assert_eq!(code.to_string(), "0123-10AB-XYZ9");
    }

    #[test]
    fn what_cannot_be_a_code_is_none() {
        for typed in
            ["", "0123-10AB-XYZ", "0123-10AB-XYZ99", "0123-10AB-XYU9", "ééééééé", "0123-10AB-XYZ\u{661}"]
        {
            assert!(EnrolmentCode::read(typed).is_none(), "{typed}");
        }
    }

    #[test]
    fn fresh_secrets_differ_and_have_their_shape() {
        let (one, other) = (EnrolmentCode::random().unwrap(), EnrolmentCode::random().unwrap());
        assert!(one != other);
        assert!(EnrolmentCode::read(&one.to_string()) == Some(one));
        assert_eq!(Token::random().unwrap().into_text().len(), 43);
        assert!(is_device_id(&device_id().unwrap()));
        assert!(is_user_id(&user_id().unwrap()));
        assert!(!is_device_id("d1") && !is_device_id("../../etc/passwd00000"));
    }

    #[test]
    fn a_code_and_a_credential_of_the_same_text_have_different_hashes() {
        let code = EnrolmentCode::read("0123-10AB-XYZ9").unwrap();
        assert_ne!(code.hash(), Token::hash_of("012310ABXYZ9"));
    }
}
