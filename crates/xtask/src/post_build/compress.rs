//! `.br` and `.gz` beside each file that shrinks, so that the server never compresses anything.

use super::files::{Files, has_ending};
use anyhow::Result;
use std::io::Write;

const COMPRESSIBLE: [&str; 7] = ["html", "js", "css", "wasm", "svg", "json", "webmanifest"];

pub fn with_copies(files: Files, release: bool) -> Result<Files> {
    // A debug build is read on this machine only: not worth the wait.
    let (brotli_quality, gzip_quality) = if release { (11, 9) } else { (2, 1) };
    let mut all = Files::new();
    for (name, bytes) in files {
        if has_ending(&name, &COMPRESSIBLE) {
            let copies = [("br", brotli(&bytes, brotli_quality)?), ("gz", gzip(&bytes, gzip_quality)?)];
            let smaller = copies.into_iter().filter(|(_, copy)| copy.len() < bytes.len());
            all.extend(smaller.map(|(end, copy)| (format!("{name}.{end}"), copy)));
        }
        all.insert(name, bytes);
    }
    Ok(all)
}

pub fn brotli(bytes: &[u8], quality: i32) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let params = ::brotli::enc::BrotliEncoderParams { quality, lgwin: 22, ..Default::default() };
    ::brotli::BrotliCompress(&mut &*bytes, &mut out, &params)?;
    Ok(out)
}

pub fn gzip(bytes: &[u8], quality: u32) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(quality));
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn copies_open_to_the_same_bytes() {
        let text = "waymark ".repeat(400).into_bytes();
        let files = with_copies(Files::from([("a.js".into(), text.clone())]), true).unwrap();
        let mut opened = Vec::new();
        ::brotli::Decompressor::new(&files["a.js.br"][..], 4096).read_to_end(&mut opened).unwrap();
        assert_eq!(opened, text);
        opened.clear();
        flate2::read::GzDecoder::new(&files["a.js.gz"][..]).read_to_end(&mut opened).unwrap();
        assert_eq!(opened, text);
    }

    #[test]
    fn what_does_not_shrink_gets_no_copy() {
        let files =
            with_copies(Files::from([("a.js".into(), b"1".to_vec()), ("b.png".into(), vec![0; 900])]), true)
                .unwrap();
        assert_eq!(files.len(), 2);
    }
}
