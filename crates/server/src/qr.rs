//! QR codes for terminals.

use qrcode::render::unicode::Dense1x2;
use qrcode::types::QrError;
use qrcode::{EcLevel, QrCode};

/// Black on white in any terminal, dark or light: the colours are set, not left to it.
const INK: &str = "\u{1b}[38;2;0;0;0;48;2;255;255;255m";
const PLAIN: &str = "\u{1b}[0m";

/// `text` as a QR code of half blocks with its quiet zone, one line per two rows.
///
/// # Errors
/// The text is too long for a QR code.
pub fn draw(text: &str) -> Result<String, QrError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
    let drawn = code
        .render::<Dense1x2>()
        .dark_color(Dense1x2::Dark)
        .light_color(Dense1x2::Light)
        .quiet_zone(true)
        .build();
    Ok(drawn
        .lines()
        .flat_map(|line| {
            [
                INK, line, PLAIN, "
",
            ]
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_fits_a_small_terminal_and_begins_with_white() {
        let drawn = draw("http://127.0.0.1:8080/enrol#code=0123-4567-89AB").unwrap();
        let lines: Vec<_> = drawn.lines().collect();
        assert!(lines.len() <= 22, "{}", lines.len());
        let inner = lines[0].strip_prefix(INK).unwrap().strip_suffix(PLAIN).unwrap();
        assert!(inner.chars().all(|block| block == ' '), "the quiet zone");
        assert!(inner.chars().count() <= 45);
    }
}
