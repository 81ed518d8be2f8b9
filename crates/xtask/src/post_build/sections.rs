//! Custom sections of a wasm module (names, producers) help debuggers; phones should not download them.

use super::files::{Files, has_ending};
use anyhow::{Context, Result, bail};

pub fn strip(files: &mut Files) -> Result<()> {
    for (name, bytes) in files.iter_mut().filter(|(name, _)| has_ending(name, &["wasm"])) {
        *bytes = without_custom(bytes).with_context(|| format!("{name} is not a whole wasm module"))?;
    }
    Ok(())
}

/// A module is an 8-byte header, then sections: an id, the length as LEB128, the content. Custom ones have id 0.
fn without_custom(module: &[u8]) -> Result<Vec<u8>> {
    let (header, mut rest) = module.split_at_checked(8).context("no header")?;
    if !header.starts_with(b"\0asm") {
        bail!("no magic number");
    }
    let mut out = header.to_vec();
    while let Some(id) = rest.first() {
        let (length, prefix) = leb128(&rest[1..]).context("no length")?;
        let (section, after) = rest.split_at_checked(1 + prefix + length).context("cut short")?;
        if *id != 0 {
            out.extend_from_slice(section);
        }
        rest = after;
    }
    Ok(out)
}

/// The number, and how many bytes it takes.
fn leb128(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value = 0;
    for (at, byte) in bytes.iter().take(5).enumerate() {
        value |= usize::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((value, at + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: [u8; 8] = *b"\0asm\x01\0\0\0";

    #[test]
    fn only_custom_sections_go() {
        let kept = [&HEADER[..], &[1, 2, 0xaa, 0xbb], &[10, 0x81, 0x00, 0xcc]].concat();
        let with =
            [&HEADER[..], &[0, 1, 9], &[1, 2, 0xaa, 0xbb], &[0, 2, 9, 9], &[10, 0x81, 0x00, 0xcc]].concat();
        assert_eq!(without_custom(&with).unwrap(), kept);
    }

    #[test]
    fn half_a_module_is_refused() {
        assert!(without_custom(b"<html>").is_err());
        assert!(without_custom(&[&HEADER[..], &[1, 9, 0]].concat()).is_err());
        assert!(without_custom(&[&HEADER[..], &[1, 0x80]].concat()).is_err());
    }
}
