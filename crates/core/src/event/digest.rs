use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::canonical::canonical;
use crate::json::json_text;

/// SHA-256 (FIPS 180-4) of the canonical JSON (RFC 8785) of an event's `data`; 64 lower-case hex digits in text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of a JSON value, the same however the value was written.
    pub fn of_json(data: &Value) -> Self {
        Self::of_bytes(canonical(data).as_bytes())
    }

    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The text is not 64 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a digest is 64 hex digits")]
pub struct NotADigest;

impl FromStr for Digest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(NotADigest);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| NotADigest)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| NotADigest)?;
        }
        Ok(Self(bytes))
    }
}

json_text!(Digest);

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_order_of_keys_and_the_writing_of_numbers_do_not_matter() {
        let one: Value = serde_json::from_str(r#"{"b":1.0,"a":"é"}"#).unwrap();
        let other: Value = serde_json::from_str("{ \"a\":\"\\u00e9\", \"b\": 1 }").unwrap();
        assert_eq!(Digest::of_json(&one), Digest::of_json(&other));
    }

    #[test]
    fn it_is_sha_256_of_the_canonical_text() {
        // FIPS 180-4 example: SHA-256("abc"); and the canonical text of {} is "{}".
        assert_eq!(
            Digest::of_bytes(b"abc").to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(Digest::of_json(&json!({})), Digest::of_bytes(b"{}"));
    }

    #[test]
    fn text_that_is_no_digest_is_refused() {
        let good = Digest::of_bytes(b"x").to_string();
        assert_eq!(good.parse::<Digest>().unwrap().to_string(), good);
        for wrong in ["", "abc", &good[1..], &good.replace('a', "+"), &"é".repeat(32)] {
            if wrong != good {
                assert!(wrong.parse::<Digest>().is_err(), "{wrong}");
            }
        }
    }
}
