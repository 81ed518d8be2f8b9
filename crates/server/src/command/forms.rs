use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::Value;
use waymark_core::backend::xform::definition::definition;
use waymark_core::backend::xform::templates;

use super::{CommandError, say};

#[derive(Debug, Args)]
pub struct Forms {
    /// The folder to write to, made if it is not there; forms of the same name are written over.
    #[arg(long)]
    out: PathBuf,
    /// The language of the questions.
    #[arg(long, value_enum, default_value_t = Language::En)]
    language: Language,
}

/// The languages of the app.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Language {
    Ar,
    En,
    Es,
    Fr,
}

impl Language {
    fn words(self) -> &'static str {
        match self {
            Self::Ar => include_str!("../../../../src/locales/ar.json"),
            Self::En => include_str!("../../../../src/locales/en.json"),
            Self::Es => include_str!("../../../../src/locales/es.json"),
            Self::Fr => include_str!("../../../../src/locales/fr.json"),
        }
    }
}

impl Forms {
    pub fn run(self) -> Result<(), CommandError> {
        let words: Value = serde_json::from_str(self.language.words()).map_err(std::io::Error::from)?;
        let look_up = |key: &str| {
            let value = key.split('.').try_fold(&words, |within, name| within.get(name))?;
            value.as_str().map(str::to_owned)
        };
        fs::create_dir_all(&self.out)?;
        let mut said = String::new();
        for form in templates() {
            let file = self.out.join(form.id()).with_extension("xml");
            fs::write(&file, definition(&form, &look_up))?;
            // Writing to a string does not fail.
            let _ = writeln!(said, "{}", file.display());
        }
        Ok(say(&said)?)
    }
}
