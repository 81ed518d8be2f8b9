//! How records name the pack that every app brings: after the version that its folder says.

const ABOUT: &str = include_str!("../../pack/pack.md");

const VERSION: u32 = version(ABOUT.as_bytes());
const _: () = assert!(VERSION > 0, "the built-in pack says no version");

/// `builtin@7`.
pub fn built_in_name() -> String {
    format!("builtin@{VERSION}")
}

/// The number behind `version:`, read when this is compiled; 0 if there is none.
const fn version(text: &[u8]) -> u32 {
    let mut rest = text;
    while let [_, next @ ..] = rest {
        if let [b'\n', b'v', b'e', b'r', b's', b'i', b'o', b'n', b':', b' ', digits @ ..] = rest {
            return number(digits);
        }
        rest = next;
    }
    0
}

const fn number(digits: &[u8]) -> u32 {
    let (mut rest, mut number) = (digits, 0);
    while let [digit @ b'0'..=b'9', next @ ..] = rest {
        number = number * 10 + (*digit - b'0') as u32;
        rest = next;
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_wherever_it_stands() {
        assert_eq!(version(b"---\nid: waymark\nversion: 407\ntitle: version: 3\n"), 407);
    }

    #[cfg(feature = "authoring")]
    #[test]
    fn records_name_the_version_that_the_app_shows() {
        let (about, _) = crate::guidance::author::About::read(ABOUT);
        let manifest = about.unwrap().manifest();
        assert_eq!((manifest.pack.as_str(), manifest.version), ("waymark", VERSION));
        assert_eq!(built_in_name(), format!("builtin@{}", manifest.version));
    }
}
