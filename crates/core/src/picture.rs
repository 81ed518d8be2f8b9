//! What a file looks like by its first bytes, before anything tries to decode it.

/// What the beginning of a file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looks {
    /// A picture, and its width and height in pixels where they were found.
    Picture(Option<(u32, u32)>),
    Other,
}

/// As many bytes as [`look`] should be given: the size of a JPEG stands behind its metadata.
pub const HEAD: u32 = 262_144;

/// Looks at the beginning of a file.
pub fn look(head: &[u8]) -> Looks {
    if head.starts_with(&[0xff, 0xd8, 0xff]) {
        Looks::Picture(jpeg(head))
    } else if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        Looks::Picture(big(head, 16).zip(big(head, 20)))
    } else if is_other_kind(head) {
        // The decoder tells their size.
        Looks::Picture(None)
    } else {
        Looks::Other
    }
}

/// WebP, GIF, BMP, and what phones of one maker write: HEIF and AVIF.
fn is_other_kind(head: &[u8]) -> bool {
    let at = |from: usize, to: usize| head.get(from..to).unwrap_or_default();
    let heif: [&[u8]; 6] = [b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"];
    (at(0, 4) == b"RIFF" && at(8, 12) == b"WEBP")
        || at(0, 4) == b"GIF8"
        || (at(0, 2) == b"BM" && at(6, 10) == [0; 4])
        || (at(4, 8) == b"ftyp" && heif.contains(&at(8, 12)))
}

/// From the first frame header (ITU-T T.81, B.2.2): segments are a marker and a length each.
fn jpeg(head: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        let marker = head.get(at..at + 2)?;
        match (marker[0], marker[1]) {
            // Filling.
            (0xff, 0xff) => at += 1,
            // SOF0 to SOF15, without DHT, JPG and DAC.
            (0xff, 0xc0..=0xcf) if !matches!(marker[1], 0xc4 | 0xc8 | 0xcc) => {
                return small(head, at + 7).zip(small(head, at + 5));
            }
            (0xff, _) => at += 2 + small(head, at + 2)? as usize,
            _ => return None,
        }
    }
}

fn small(head: &[u8], at: usize) -> Option<u32> {
    head.get(at..at + 2).map(|pair| u32::from(pair[0]) << 8 | u32::from(pair[1]))
}

fn big(head: &[u8], at: usize) -> Option<u32> {
    small(head, at).zip(small(head, at + 2)).map(|(high, low)| high << 16 | low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_a_jpeg_is_found_behind_its_metadata() {
        let mut file = vec![0xff, 0xd8, 0xff, 0xe1, 0, 6, 1, 2, 3, 4];
        file.extend([0xff, 0xff, 0xc4, 0, 3, 9]);
        file.extend([0xff, 0xc2, 0, 17, 8, 0x0b, 0xd0, 0x0f, 0xc0, 3]);
        assert_eq!(look(&file), Looks::Picture(Some((4_032, 3_024))));
        assert_eq!(look(&file[..18]), Looks::Picture(None), "cut off before its size");
        assert_eq!(look(&[0xff, 0xd8, 0xff, 0xe1, 0, 0]), Looks::Picture(None), "broken");
    }

    #[test]
    fn what_is_no_picture_is_told_from_one_of_another_kind() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend([0, 0, 1, 0, 0, 0, 0, 7]);
        assert_eq!(look(&png), Looks::Picture(Some((256, 7))));
        assert_eq!(look(b"\0\0\0\x18ftypheic\0\0"), Looks::Picture(None));
        assert_eq!(look(b"RIFF\x10\0\0\0WEBPVP8 "), Looks::Picture(None));
        for other in [&b"%PDF-1.7"[..], b"", b"RIFF\x10\0\0\0WAVE", b"BMW is a car", b"\0\0\0\x18ftypmp42"] {
            assert_eq!(look(other), Looks::Other);
        }
    }
}
