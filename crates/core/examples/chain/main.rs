//! What the chain costs: a year of an organisation with so many records, of which a quarter are forms.
//!
//! `cargo run --profile release-native -p waymark-core --example chain -- [records…]` measures;
//! `… -- mix RECORDS NOW_MS` writes the records themselves, one JSON object a line, for tests/bench/chain.mjs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::cast_precision_loss)]

mod costs;
mod happen;
mod mix;
mod words;

use std::io::Write as _;

use serde_json::json;
use waymark_core::event::Stamp;
use waymark_core::testing::build::MORNING;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.split_first() {
        Some((first, rest)) if first == "mix" => write(rest),
        _ => measure(&args),
    }
}

fn write(args: &[String]) {
    let number = |at: usize| args.get(at).and_then(|text| text.parse().ok());
    let size = number(0).expect("mix RECORDS NOW_MS");
    let now = Stamp(number(1).expect("milliseconds since 1970"));
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for row in mix::mix(usize::try_from(size).unwrap(), now) {
        let mix::Row { id, kind, at, who, depth, data } = row;
        let line = json!({"id": id.to_string(), "kind": kind.code(), "at": at.0, "who": who, "depth": depth,
            "data": data});
        writeln!(out, "{line}").unwrap();
    }
}

fn measure(args: &[String]) {
    let mut sizes: Vec<usize> = args.iter().map(|text| text.parse().expect("a number of records")).collect();
    if sizes.is_empty() {
        sizes = vec![12_500, 25_000, 50_000];
    }
    sizes.sort_unstable();
    let all: Vec<costs::Costs> = sizes.iter().map(|size| costs::costs(*size, MORNING)).collect();
    costs::print(&sizes, &all);
}
