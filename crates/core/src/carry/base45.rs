//! Base 45 (RFC 9285): bytes in the letters that a QR code packs most tightly.

const LETTERS: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 3 / 2 + 2);
    for pair in bytes.chunks(2) {
        let (mut number, letters) = match *pair {
            [high, low] => (usize::from(high) * 256 + usize::from(low), 3),
            _ => (usize::from(pair[0]), 2),
        };
        for _ in 0..letters {
            text.push(char::from(LETTERS[number % 45]));
            number /= 45;
        }
    }
    text
}

/// `None` for what [`encode`] does not write.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 2 / 3);
    for letters in text.as_bytes().chunks(3) {
        let mut number = 0;
        for letter in letters.iter().rev() {
            number = number * 45 + LETTERS.iter().position(|own| own == letter)?;
        }
        match letters.len() {
            3 => bytes.extend(u16::try_from(number).ok()?.to_be_bytes()),
            2 => bytes.push(u8::try_from(number).ok()?),
            _ => return None,
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_writes_what_the_standard_shows() {
        for (bytes, text) in [(&b"AB"[..], "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581")] {
            assert_eq!(encode(bytes), text);
            assert_eq!(decode(text).as_deref(), Some(bytes));
        }
        assert_eq!(decode("QED8WEX0").as_deref(), Some(&b"ietf!"[..]));
    }

    #[test]
    fn what_it_does_not_write_is_none() {
        for text in ["GGW", "B", "BB8B", "::", "ab8", "é"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }

    #[test]
    fn all_bytes_come_back() {
        let bytes: Vec<u8> = (0..=255).chain(0..=254).collect();
        assert_eq!(decode(&encode(&bytes)), Some(bytes));
    }
}
