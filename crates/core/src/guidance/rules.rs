use serde_json::Value;

use super::CodeLists;
use crate::event::AreaLevel;
use crate::json::{Fault, Json as _, WRONG};
use crate::json_struct;
use crate::rules::levels::{Levels, check};

/// What a pack sets, besides the texts that people read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    /// How closely people are watched; a level that is not named is not changed.
    pub levels: Levels,
    pub codes: CodeLists,
}

json_struct!(Rules: optional [levels, codes]);

pub(super) const LEVELS: &str = "levels.json";
pub(super) const CODES: &str = "codes.json";

impl Rules {
    pub(super) fn is_file(path: &str) -> bool {
        matches!(path, LEVELS | CODES)
    }

    /// Takes what one of the files says. Levels of a later version are left out; who would be watched by minutes out of
    /// all limits would not be watched.
    pub(super) fn take(&mut self, path: &str, json: &Value) -> Result<(), Fault> {
        match path {
            LEVELS => {
                self.levels = Levels::from_value(json)?;
                self.levels.retain(|level, _| !matches!(level, AreaLevel::Other(_)));
                if self.levels.values().any(|rules| check(rules).is_err()) {
                    return Err(WRONG);
                }
            }
            CODES => self.codes = CodeLists::from_value(json)?,
            _ => {}
        }
        Ok(())
    }

    /// By path, each as it travels.
    pub(super) fn files(&self) -> Vec<(&'static str, Value)> {
        let mut all = vec![];
        if !self.levels.is_empty() {
            all.push((LEVELS, self.levels.to_value()));
        }
        if !self.codes.0.is_empty() {
            all.push((CODES, self.codes.to_value()));
        }
        all
    }
}
