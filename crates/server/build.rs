//! Writes down which cards the built-in pack has: an organisation's pack may link to them.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

const CARDS: &str = "../core/pack/cards";
/// Every card is there in it.
const ORIGINAL: &str = ".en.md";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={CARDS}");
    // They are part of the program, and a new one is noticed by nobody else.
    println!("cargo::rerun-if-changed=migrations");
    let mut ids = vec![];
    for entry in fs::read_dir(Path::new(CARDS))? {
        let name = entry?.file_name();
        ids.extend(name.to_str().and_then(|name| name.strip_suffix(ORIGINAL)).map(str::to_owned));
    }
    if ids.is_empty() {
        return Err(format!("there are no cards in {CARDS}").into());
    }
    ids.sort();
    let mut code = String::from("&[");
    for id in ids {
        write!(code, "{id:?}, ")?;
    }
    code.push(']');
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("built_in_cards.rs"), code)?;
    Ok(())
}
