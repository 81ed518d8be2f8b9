//! Any text that people or attackers write, in every format.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::{Audience, redact};
use super::files;
use crate::rules::Role;
use crate::testing::items::Item;
use crate::testing::random::Random;

const PIECES: [&str; 36] = [
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(1)",
    "\t",
    "\r",
    "\n",
    "\r\n",
    "\"",
    "\"\"",
    "'",
    ",",
    ";",
    "<b>&amp;]]>",
    "<!--",
    "\u{0}",
    "\u{b}",
    "\u{1b}[2J",
    "\u{7f}",
    "\u{85}",
    "\u{fffe}",
    "\u{ffff}",
    "\u{feff}",
    "\u{200f}",
    "\u{202e}",
    "\u{2066}",
    "لا تأتوا",
    "Не приезжайте",
    "不要来",
    "ආරක්ෂාව",
    "नमस्ते",
    "👩‍👩‍👧‍👦🚫",
    "e\u{301}",
    "𝄞",
    " ",
    "x",
];

fn text(random: &mut Random) -> String {
    let count = if random.once_in(9) { 3_000 } else { random.below(9) };
    (0..=count).map(|_| PIECES[random.below(PIECES.len())]).collect()
}

/// The cells of each line: RFC 4180, by the letter.
fn cells(csv: &str) -> Vec<Vec<String>> {
    let (mut lines, mut line, mut cell, mut quoted) = (vec![], vec![], String::new(), false);
    let mut rest = csv.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' if quoted && rest.peek() == Some(&'"') => cell.extend(rest.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => line.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {
                assert_eq!(rest.next(), Some('\n'));
                line.push(std::mem::take(&mut cell));
                lines.push(std::mem::take(&mut line));
            }
            c => cell.push(c),
        }
    }
    assert!(!quoted && cell.is_empty() && line.is_empty());
    lines
}

fn is_xml_text(c: char) -> bool {
    matches!(c, '\t' | '\n' | ' '..='\u{fffd}' | '\u{10000}'..)
}

fn check(format: &str, file: &str) {
    match format {
        "csv" => {
            let lines = cells(file.strip_prefix('\u{feff}').unwrap());
            assert_eq!(lines.len(), 3);
            for line in lines {
                assert_eq!(line.len(), super::hxl::COLUMNS.len());
                for (at, cell) in line.iter().enumerate().filter(|(at, _)| !matches!(at, 7 | 8)) {
                    let seen =
                        cell.trim_start_matches([' ', '"', '\u{200f}', '\u{202e}', '\u{2066}', '\u{feff}']);
                    assert!(!seen.starts_with(['=', '+', '-', '@', '\t', '\r']), "{at}: {cell}");
                }
            }
        }
        "cap" => {
            assert!(file.chars().all(is_xml_text));
            let headline = file.split("<headline>").nth(1).unwrap().split("</headline>").next().unwrap();
            let seen = headline.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
            assert!(seen.chars().count() <= 160 && !seen.contains('\n'), "{seen}");
            assert_eq!(file.matches('<').count(), file.matches('>').count());
            assert_eq!(file.matches("</description>").count(), 1);
            assert_eq!(file.matches("<area>").count(), file.matches("<areaDesc>").count(), "{file}");
            assert_eq!(file.matches("<valueName>").count(), file.matches("<value>").count(), "{file}");
        }
        _ => drop(serde_json::from_str::<Value>(file).unwrap()),
    }
}

#[test]
fn no_text_breaks_any_format() {
    let mut random = Random(7);
    for n in 0..400 {
        let mut item = Item::new(
            n,
            "threat",
            &json!({
                "summary": text(&mut random), "words": text(&mut random), "channel": text(&mut random),
                "place": {"name": text(&mut random), "pcode": text(&mut random), "at": [-12.5, 19.0]},
                "external": {"source": text(&mut random), "id": text(&mut random)},
            }),
        );
        item.author_name = text(&mut random);
        item.exercise = random.once_in(2);
        let mut row = item.row();
        (row.status, row.outcome) = (text(&mut random), Some(text(&mut random)));
        for audience in [Audience::Organisation(Role::Security), Audience::Outside] {
            let export = redact(std::slice::from_ref(&row), audience, &BTreeSet::new());
            for (format, file) in files(&export.items) {
                check(format, &file);
            }
        }
    }
}

#[test]
fn a_text_that_harms_nobody_comes_out_as_it_was() {
    let words =
        "«Ne venez pas jeudi» – \u{200f}لا تأتوا يوم الخميس\u{200e}, 👩‍👩‍👧‍👦\nhe said \"go\"; 5 < 6 & 7".repeat(90);
    let item = Item::new(
        1,
        "incident",
        &json!({"what": words, "place": {"name": "N'Djaména", "at": [-12.5, 0.00001]}}),
    );
    let export = redact(&[item.row()], Audience::Organisation(Role::Security), &BTreeSet::new());
    let all = files(&export.items);
    let line = &cells(&all[0].1)[2];
    assert_eq!((line[6].as_str(), line[7].as_str(), line[8].as_str()), ("N'Djaména", "-12.5", "0.00001"));
    assert_eq!(line[17], words);
    let json: Value = serde_json::from_str(&all[1].1).unwrap();
    assert_eq!(json["features"][0]["properties"]["description"], words);
    let escaped = words.replace('&', "&amp;").replace('<', "&lt;");
    assert!(all[3].1.contains(&format!("<description>{escaped}</description>")));
}
