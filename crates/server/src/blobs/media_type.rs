/// What a blob may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaType {
    Jpeg,
    Png,
    Webp,
}

/// So many of its first bytes say what a file is.
pub const HEAD: usize = 12;

impl MediaType {
    const ALL: [Self; 3] = [Self::Jpeg, Self::Png, Self::Webp];

    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }

    /// What a file is that begins with these bytes: JPEG by its first markers (ITU-T T.81), PNG by its signature
    /// (RFC 2083), WebP by its container (RFC 9649).
    pub fn of_bytes(head: &[u8]) -> Option<Self> {
        match head.get(..HEAD)? {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P'] => Some(Self::Webp),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        for (head, expected) in [
            (&b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01"[..], Some(MediaType::Jpeg)),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Some(MediaType::Png)),
            (b"RIFF\x24\0\0\0WEBPVP8 ", Some(MediaType::Webp)),
            (b"RIFF\x24\0\0\0WAVEfmt ", None),
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\">", None),
            (b"GIF89a\x01\0\x01\0\0\0", None),
            (b"\xff\xd8\xff", None),
            (b"", None),
        ] {
            assert_eq!(MediaType::of_bytes(head), expected, "{head:?}");
        }
    }
}
