//! Text and numbers as other software reads them.

use serde_json::Number;

use crate::event::Stamp;

/// Without what no file can hold: control characters but for line ends and tabs, and what XML 1.0 has no place for. Line
/// ends are line feeds.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut after_return = false;
    for c in text.chars() {
        match c {
            '\n' if after_return => {}
            '\r' => out.push('\n'),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() && !matches!(c, '\n' | '\t') => {}
            c => out.push(c),
        }
        after_return = c == '\r';
    }
    out
}

/// [`clean`], without spaces around it.
pub(super) fn trimmed(text: &str) -> String {
    clean(text).trim().to_owned()
}

/// On one line and of at most `max` characters, cut at a word where there is one.
pub(super) fn one_line(text: &str, max: usize) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let Some((cut, _)) = line.char_indices().nth(max) else { return line };
    // Room for the ellipsis.
    let end = line.char_indices().nth(max.saturating_sub(1)).map_or(cut, |(at, _)| at);
    let end = line.get(..end).and_then(|start| start.rfind(' ')).filter(|at| at * 2 > end).unwrap_or(end);
    line.truncate(end);
    line.push('…');
    line
}

/// RFC 3339 in UTC to the second, without a zone.
pub(super) fn seconds(at: Stamp) -> String {
    let mut text = at.to_string();
    text.truncate("2026-07-14T03:35:20".len());
    text
}

/// To about a metre.
pub(super) fn rounded(degrees: f64) -> f64 {
    // Plus nothing: minus nothing becomes nothing.
    (degrees * 100_000.0).round() / 100_000.0 + 0.0
}

/// Degrees with a decimal point, and never with an exponent.
pub(super) fn degrees(degrees: f64) -> String {
    Number::from_f64(rounded(degrees)).map(|number| number.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_have_no_exponent() {
        for (number, text) in [
            (0.000_01, "0.00001"),
            (-0.000_01, "-0.00001"),
            (0.000_001, "0.0"),
            (-0.000_001, "0.0"),
            (-12.5, "-12.5"),
            (13.829_162_34, "13.82916"),
            (180.0, "180.0"),
        ] {
            assert_eq!(degrees(number), text);
        }
    }

    #[test]
    fn a_long_text_is_cut_at_a_word_where_there_is_one() {
        assert_eq!(one_line(" a\n b\t c ", 5), "a b c");
        assert_eq!(one_line("do not come", 10), "do not…");
        assert_eq!(one_line("ééééééééééé", 10), "ééééééééé…");
        assert_eq!(one_line("x", 0), "…");
    }

    #[test]
    fn moments_of_any_year_are_written() {
        assert_eq!(seconds(Stamp(1_784_000_120_045)), "2026-07-14T03:35:20");
        assert_eq!(seconds(Stamp(i64::MIN)), "0001-01-01T00:00:00");
    }
}
