//! What people read. The same words for every kind of notice: a screen that somebody else sees says nothing.

use serde::Deserialize;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum Language {
    #[default]
    #[serde(rename = "en")]
    English,
    #[serde(rename = "fr")]
    French,
    #[serde(rename = "es")]
    Spanish,
    #[serde(rename = "ar")]
    Arabic,
}

/// A title and a text, on one line each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub title: String,
    pub body: String,
    /// Put before both in an exercise.
    pub exercise: String,
}

impl Words {
    pub fn of(language: Language) -> Self {
        let (title, body, exercise) = match language {
            Language::English => ("Waymark", "Waymark: the watch board needs you.", "Exercise"),
            Language::French => ("Waymark", "Waymark : le tableau de veille vous attend.", "Exercice"),
            Language::Spanish => ("Waymark", "Waymark: el tablero de seguimiento le espera.", "Simulacro"),
            Language::Arabic => ("Waymark", "Waymark: لوحة المتابعة بحاجة إليك.", "تمرين"),
        };
        Self { title: title.to_owned(), body: body.to_owned(), exercise: exercise.to_owned() }
    }

    pub fn title(&self, exercise: bool) -> String {
        self.marked(&self.title, exercise)
    }

    pub fn body(&self, exercise: bool) -> String {
        self.marked(&self.body, exercise)
    }

    fn marked(&self, text: &str, exercise: bool) -> String {
        if exercise { format!("{} – {text}", self.exercise) } else { text.to_owned() }
    }
}
