use std::fmt::Write as _;

use super::{Card, CardText, ORIGINAL, Translation};

impl Card {
    /// The card in one language as people write it (docs/PACKS.md), for whoever changes it: who has reviewed
    /// what it says now is left out. `None` if it is not there in
    /// it.
    pub fn source(&self, language: &str) -> Option<String> {
        let text = self.texts.get(language)?;
        let mut out = String::from("---\n");
        let mut head = |name: &str, value: &str| {
            if !value.is_empty() {
                let _ = writeln!(out, "{name}: {value}");
            }
        };
        head("title", &text.title);
        head("words", &text.words.join(", "));
        if language == ORIGINAL {
            self.original_head(&mut head);
        } else {
            head("revision", &text.revision.to_string());
            // What is changed has to be read again.
            head("translation", Translation::Machine.code());
        }
        out.push_str("---\n");
        sections(&mut out, text);
        Some(out)
    }

    fn original_head(&self, head: &mut impl FnMut(&str, &str)) {
        head("field", &self.field);
        head("revision", &self.revision.to_string());
        let when = self.when.iter().map(ToString::to_string);
        let level = self.level.map(|level| format!("level:{level}"));
        let roles = self.roles.iter().map(|role| format!("role:{role}"));
        head("when", &when.chain(level).chain(roles).collect::<Vec<_>>().join(", "));
        head("needs", self.needs.as_deref().unwrap_or_default());
        head("acknowledge", if self.acknowledge { "yes" } else { "" });
        head("sources", &self.sources);
    }
}

fn sections(out: &mut String, text: &CardText) {
    out.push_str("## do\n");
    for (at, step) in text.steps.iter().enumerate() {
        let _ = writeln!(out, "{}. {step}", at + 1);
    }
    let _ = write!(out, "\n## why\n{}\n", text.why.join("\n\n"));
    for (name, items) in [("avoid", &text.avoid), ("tell", &text.tell)] {
        let _ = write!(out, "\n## {name}\n");
        for item in items {
            let _ = writeln!(out, "- {item}");
        }
    }
}
