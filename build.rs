//! Turns `src/locales/*.json` into the typed `i18n` module; a key that a language lacks stops the build.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/locales");
    // Words are made as text (`t_string!`) also where something stands in them.
    let options = ParseOptions::new().interpolate_display(true);
    let config = Config::new("en")?
        .add_locales(["fr", "ar"])?
        .locales_path(Path::new("src/locales"))
        .parse_options(options);
    let locales = parse_locales(None, config)?;
    for error in locales.diag.errors().iter() {
        println!("cargo::error={error}");
    }
    for warning in locales.diag.warnings().iter() {
        println!("cargo::warning={warning}");
    }
    let code = leptos_i18n_codegen::gen_code(&locales, None, false, None, false)?;
    let out = PathBuf::from(env::var("OUT_DIR")?).join("i18n.rs");
    fs::write(out, code.to_string())?;
    Ok(())
}
