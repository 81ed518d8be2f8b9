use super::Item;
use crate::spelling::folded;

impl Item {
    /// Whether it has all these words, or their beginnings, in what it says, where it is, or who wrote it; in any case and
    /// without marks.
    pub fn has_words(&self, wanted: &str) -> bool {
        let mut text = folded(&self.by.name);
        let names = [
            "words",
            "summary",
            "what",
            "translation",
            "said",
            "course",
            "area",
            "target_name",
            "stakeholder",
        ];
        for part in names.into_iter().filter_map(|name| self.now.text(name)) {
            text.push(' ');
            text.push_str(&folded(part));
        }
        if let Some(spot) = self.spot() {
            text.push(' ');
            text.push_str(&folded(&spot.name));
        }
        wanted.split_whitespace().all(|word| text.contains(&folded(word)))
    }
}
