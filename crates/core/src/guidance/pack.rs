use std::collections::BTreeMap;

use super::{Card, Checklist, Contingency, Rules, SpeakCard};
use crate::json_struct;

/// Messages about ourselves that were agreed, in one language: code and words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Agreed {
    pub code: String,
    pub words: String,
}

json_struct!(Agreed: required [code, words]);

/// All that one pack brings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pack {
    /// Such as `waymark` or `org.example`.
    pub id: String,
    /// Goes up with every release; a phone takes no lower one than it has.
    pub version: u32,
    pub cards: Vec<Card>,
    pub speak: Vec<SpeakCard>,
    pub checklists: Vec<Checklist>,
    pub plans: Vec<Contingency>,
    /// By language.
    pub messages: BTreeMap<String, Vec<Agreed>>,
    pub rules: Rules,
}

json_struct!(Pack: required [id, version] listed [cards, speak] optional [checklists, plans, messages, rules]);
