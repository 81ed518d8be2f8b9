use ed25519_compact::{KeyPair, Seed};

use crate::guidance::release::{bytes_of, hex};
use crate::guidance::{Key, Manifest, Signed};
use crate::json::Json as _;

/// Signs a release. `seed` is the secret: 32 random bytes, to be kept away from the server.
pub fn sign(manifest: &Manifest, seed: &[u8; 32]) -> Signed {
    let pair = KeyPair::from_seed(Seed::new(*seed));
    let text = manifest.to_value().to_string();
    let signature = pair.sk.sign(text.as_bytes(), None);
    Signed { manifest: text, key: public_key(seed), signature: hex(&*signature) }
}

/// The key that phones are given.
pub fn public_key(seed: &[u8; 32]) -> Key {
    Key(*KeyPair::from_seed(Seed::new(*seed)).pk)
}

/// A secret as it is kept in a file: 64 hex digits.
pub fn secret_text(seed: &[u8; 32]) -> String {
    hex(seed)
}

/// Reads what [`secret_text`] writes.
pub fn read_secret(text: &str) -> Option<[u8; 32]> {
    bytes_of(text.trim())
}
