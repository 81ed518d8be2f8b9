//! CSV (RFC 4180) with a row of HXL hashtags (HXL 1.1 core schema), for spreadsheets and the HXL Proxy.

use super::{Exported, Publisher, mapping, text};

pub const MEDIA_TYPE: &str = "text/csv;charset=utf-8";

/// Heading and hashtag of each column. `docs/EXCHANGE.md` says what is in it.
pub const COLUMNS: [(&str, &str); 18] = [
    ("Id", "#event+id"),
    ("Type", "#event+type"),
    ("Exercise", "#meta+exercise"),
    ("Occurred", "#date+occurred"),
    ("Reported", "#date+reported"),
    ("Place code", "#adm1+code"),
    ("Place", "#loc+name"),
    ("Latitude", "#geo+lat"),
    ("Longitude", "#geo+lon"),
    ("Killed", "#affected+killed"),
    ("Injured", "#affected+injured"),
    ("Kidnapped", "#affected+kidnapped"),
    ("Severity", "#severity"),
    ("Status", "#status"),
    ("Impact", "#impact"),
    ("Source", "#meta+source"),
    ("Place is an area", "#geo+coarse"),
    ("Description", "#description"),
];

/// What a spreadsheet needs to read UTF-8 as such. libhxl finds the tags with it as well.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// One line an item, below the headings and the hashtags.
///
/// No text in it is a formula to a spreadsheet: an apostrophe stands before what would begin one.
pub fn csv(items: &[Exported<'_>], publisher: &Publisher<'_>) -> String {
    let mut out = String::from(BYTE_ORDER_MARK);
    line(&mut out, &COLUMNS.map(|(heading, _)| heading.to_owned()));
    line(&mut out, &COLUMNS.map(|(_, tag)| tag.to_owned()));
    for item in items {
        line(&mut out, &cells(item, publisher));
    }
    out
}

fn cells(item: &Exported<'_>, publisher: &Publisher<'_>) -> [String; 18] {
    let row = &item.row;
    let words = |text: &str| harmless(&text::clean(text));
    let code = |yes: bool| if yes { "yes".to_owned() } else { "no".to_owned() };
    let people = |harm| item.people(harm).map(|count| count.to_string()).unwrap_or_default();
    let at = row.spot.as_ref().and_then(|spot| spot.at);
    [
        row.id.to_string(),
        words(&row.form),
        code(row.exercise),
        format!("{}Z", text::seconds(row.happened)),
        format!("{}Z", text::seconds(row.reported)),
        words(&item.pcode()),
        words(&item.place_name()),
        at.map(|(lat, _)| text::degrees(lat)).unwrap_or_default(),
        at.map(|(_, lon)| text::degrees(lon)).unwrap_or_default(),
        people("killed"),
        people("wounded"),
        people("kidnapped"),
        mapping::severity(item).to_owned(),
        words(&row.status),
        row.impact.map(|impact| impact.to_string()).unwrap_or_default(),
        words(&item.source(publisher)),
        row.spot.as_ref().filter(|_| at.is_some()).map(|spot| code(spot.coarse)).unwrap_or_default(),
        words(&item.description()),
    ]
}

fn line(out: &mut String, cells: &[String]) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        // Semicolons and tabs too: spreadsheets guess what parts cells.
        if cell.contains(['"', ',', ';', '\t', '\r', '\n']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(cell);
        }
    }
    out.push_str("\r\n");
}

/// What begins a formula: OWASP, CSV injection; full-width ones are the same to some spreadsheets.
const BEGINS_FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// Text with an apostrophe before whatever would begin a formula: at the start of the cell, and of what becomes one where
/// a spreadsheet takes semicolons, tabs or lines for the ends of cells. Spaces, quotes and what is not seen do not count.
fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    let mut begins = true;
    for c in text.chars() {
        if begins && BEGINS_FORMULA.contains(&c) {
            out.push('\'');
        }
        out.push(c);
        begins = matches!(c, ';' | '\t' | '\r' | '\n') || begins && is_skipped(c);
    }
    out
}

fn is_skipped(c: char) -> bool {
    let invisible = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    let quote = matches!(c, '"' | '\'' | '`' | '«' | '»' | '‘'..='‟');
    c.is_whitespace() || invisible || quote
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_begins_a_formula() {
        for (text, safe) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+235 66 00 00 00", "'+235 66 00 00 00"),
            ("-2+3", "'-2+3"),
            ("\t=1", "'\t'=1"),
            ("\r=1", "'\r'=1"),
            ("  \"=1", "  \"'=1"),
            ("'=1", "''=1"),
            ("\u{200f}\u{feff}=1", "\u{200f}\u{feff}'=1"),
            ("＝1", "'＝1"),
            ("a;=1", "a;'=1"),
            ("a\n - b", "a\n '- b"),
            ("a = b - c", "a = b - c"),
            ("لا تأتوا", "لا تأتوا"),
        ] {
            assert_eq!(harmless(text), safe, "{text:?}");
        }
    }

    #[test]
    fn cells_are_quoted_only_where_they_have_to_be() {
        let mut out = String::new();
        line(&mut out, &["plain".to_owned(), "a \"b\", c\nd".to_owned(), String::new(), "x;y".to_owned()]);
        assert_eq!(out, "plain,\"a \"\"b\"\", c\nd\",,\"x;y\"\r\n");
    }
}
