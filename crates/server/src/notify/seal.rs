//! Encrypting a push message so that the push service cannot read it: RFC 8291 over RFC 8188 (`aes128gcm`).

use aes_gcm::aead::{Aead as _, KeyInit as _};
use aes_gcm::{Aes128Gcm, Nonce};
use hkdf::Hkdf;
use p256::{PublicKey, SecretKey};
use sha2::Sha256;

/// The record size that is declared; push services take at least this many bytes.
const RECORD: u32 = 4096;
/// What remains for the text: the record without its tag and the delimiter, and without the header of 86 bytes, as some
/// services count that in.
pub const MAX_PLAIN: usize = 4096 - 16 - 1 - 86;
/// Messages are filled up to a multiple of this many bytes, so that their length says nothing.
const STEP: usize = 1024;

/// The text is longer than [`MAX_PLAIN`], or a step of the encryption failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the message cannot be encrypted")]
pub struct CannotSeal;

/// Encrypts `plain` for the browser whose public key and 16 bytes of `auth` are given. `sender` and `salt` are fresh
/// for each message. The answer is the body of the request.
pub fn seal(
    plain: &[u8],
    receiver: &PublicKey,
    auth: &[u8; 16],
    sender: &SecretKey,
    salt: [u8; 16],
) -> Result<Vec<u8>, CannotSeal> {
    seal_padded(plain, plain.len().next_multiple_of(STEP).min(MAX_PLAIN), receiver, auth, (sender, salt))
}

fn seal_padded(
    plain: &[u8],
    length: usize,
    receiver: &PublicKey,
    auth: &[u8; 16],
    (sender, salt): (&SecretKey, [u8; 16]),
) -> Result<Vec<u8>, CannotSeal> {
    if plain.len() > length {
        return Err(CannotSeal);
    }
    let sender_public = sender.public_key().to_sec1_bytes();
    let shared = sender.diffie_hellman(receiver);
    let info = [b"WebPush: info\0", &*receiver.to_sec1_bytes(), &*sender_public].concat();
    let input: [u8; 32] = derive(auth, shared.raw_secret_bytes(), &info)?;
    let key: [u8; 16] = derive(&salt, &input, b"Content-Encoding: aes128gcm\0")?;
    let nonce: [u8; 12] = derive(&salt, &input, b"Content-Encoding: nonce\0")?;

    // The delimiter of the last record, then zeros.
    let mut record = [plain, &[2]].concat();
    record.resize(length + 1, 0);
    let cipher = Aes128Gcm::new(&key.into());
    let sealed = cipher.encrypt(&Nonce::from(nonce), record.as_slice()).map_err(|_| CannotSeal)?;
    let id_length = u8::try_from(sender_public.len()).map_err(|_| CannotSeal)?;
    Ok([&salt[..], &RECORD.to_be_bytes(), &[id_length], &sender_public, &sealed].concat())
}

fn derive<const LENGTH: usize>(salt: &[u8], input: &[u8], info: &[u8]) -> Result<[u8; LENGTH], CannotSeal> {
    let mut output = [0; LENGTH];
    Hkdf::<Sha256>::new(Some(salt), input).expand(info, &mut output).map_err(|_| CannotSeal)?;
    Ok(output)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    /// RFC 8291, appendix A and section 5.
    #[test]
    fn the_example_of_the_rfc() {
        let receiver =
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
        let receiver = PublicKey::from_sec1_bytes(&bytes(receiver)).unwrap();
        let sender = SecretKey::from_slice(&bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")).unwrap();
        let auth = bytes("BTBZMqHH6r4Tts7J_aSIgg").try_into().unwrap();
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let plain = b"When I grow up, I want to be a watermelon";
        let sealed = seal_padded(plain, plain.len(), &receiver, &auth, (&sender, salt)).unwrap();
        let expected = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIg\
            Dll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
        assert_eq!(URL_SAFE_NO_PAD.encode(sealed), expected);
    }

    #[test]
    fn the_length_tells_nothing_and_has_a_limit() {
        let receiver = SecretKey::from_slice(&[7; 32]).unwrap().public_key();
        let sender = SecretKey::from_slice(&[9; 32]).unwrap();
        let length =
            |plain: usize| seal(&vec![b'x'; plain], &receiver, &[1; 16], &sender, [2; 16]).map(|it| it.len());
        assert_eq!(length(10), length(1_000));
        assert_eq!(length(10), Ok(86 + 1024 + 1 + 16));
        assert_eq!(length(MAX_PLAIN), Ok(4096));
        assert_eq!(length(MAX_PLAIN + 1), Err(CannotSeal));
    }
}
