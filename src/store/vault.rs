//! What seals or encrypts what is stored: every read and write of an opaque part passes through here.
//!
//! The first byte says how the rest is kept, so that later ways can be told from this one.

use waymark_core::sync::StoreError;

const PLAIN: u8 = 0;

pub(super) fn seal(plain: &str) -> Vec<u8> {
    seal_bytes(plain.as_bytes())
}

pub(super) fn open(sealed: Vec<u8>) -> Result<String, StoreError> {
    String::from_utf8(open_bytes(sealed)?).map_err(|_| StoreError::Failed("a row is not text".to_owned()))
}

pub(super) fn seal_bytes(plain: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(plain.len() + 1);
    bytes.push(PLAIN);
    bytes.extend_from_slice(plain);
    bytes
}

pub(super) fn open_bytes(mut sealed: Vec<u8>) -> Result<Vec<u8>, StoreError> {
    if sealed.first() != Some(&PLAIN) {
        return Err(StoreError::Failed("a row is kept in a way this version does not know".to_owned()));
    }
    sealed.remove(0);
    Ok(sealed)
}
