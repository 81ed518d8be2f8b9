use waymark_core::guidance::Change;

/// What is the only one of its kind.
pub fn plain(what: &str) -> Change {
    Change { what: what.to_owned(), ..Change::default() }
}

/// One of several.
pub fn one(what: &str, which: &(impl ToString + ?Sized)) -> Change {
    Change { which: which.to_string(), ..plain(what) }
}

/// Of the text in one language.
pub fn in_text(what: &str, language: &str) -> Change {
    Change { languages: vec![language.to_owned()], ..plain(what) }
}

/// One of several of the text in one language.
pub fn part(what: &str, which: &(impl ToString + ?Sized), language: &str) -> Change {
    Change { which: which.to_string(), ..in_text(what, language) }
}

/// One value and another; nothing if they are the same. None is nothing at all.
pub fn was(what: Change, old: Option<String>, new: Option<String>) -> Option<Change> {
    (old != new).then_some(Change { old, new, ..what })
}

/// `a, b`; None where there is nothing.
pub fn list<'a>(all: impl Iterator<Item = &'a str>) -> Option<String> {
    let all: Vec<_> = all.collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// What was added to a set of words and what was taken away.
pub fn set(what: Change, old: &[String], new: &[String]) -> Option<Change> {
    let without = |all: &[String], others: &[String]| {
        all.iter().filter(|own| !others.contains(own)).cloned().collect::<Vec<_>>()
    };
    let (more, less) = (without(new, old), without(old, new));
    (!more.is_empty() || !less.is_empty()).then_some(Change { more, less, ..what })
}

/// What became of the items of a list, in order. Items that stayed tell which of the others belong together.
pub fn items(what: &str, language: &str, old: &[String], new: &[String]) -> Vec<Change> {
    let mut lines = vec![];
    let (mut from, mut to) = (0, 0);
    let end = (old.len(), new.len());
    for (old_at, new_at) in kept(old, new).into_iter().chain([end]) {
        let (before, after) = (old.get(from..old_at), new.get(to..new_at));
        let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
        for at in 0..before.len().max(after.len()) {
            let number = if at < after.len() { to + at } else { from + at } + 1;
            let (old, new) = (before.get(at).cloned(), after.get(at).cloned());
            lines.extend(was(part(what, &number, language), old, new));
        }
        (from, to) = (old_at + 1, new_at + 1);
    }
    lines
}

/// The places of a longest row of items that are in both lists, in this order.
fn kept(old: &[String], new: &[String]) -> Vec<(usize, usize)> {
    // `longest[i][j]` is for what is left from the places i and j on. Lists have a handful of items.
    let mut longest = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            longest[i][j] = if old[i] == new[j] {
                longest[i + 1][j + 1] + 1
            } else {
                longest[i + 1][j].max(longest[i][j + 1])
            };
        }
    }
    let (mut i, mut j, mut all) = (0, 0, vec![]);
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            all.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if longest[i + 1][j] >= longest[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::english;
    use super::*;

    fn texts(all: &str) -> Vec<String> {
        all.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn items_are_told_by_what_became_of_them() {
        let said = |old: &str, new: &str| {
            let changes = items("step", "en", &texts(old), &texts(new));
            changes.iter().map(english::line).collect::<Vec<_>>()
        };
        assert_eq!(said("a b c", "a b c"), Vec::<String>::new());
        assert_eq!(said("a b c", "a x c"), ["step 2, en: “b” is now “x”"]);
        assert_eq!(said("a b c", "x a b c"), ["step 1, en: new: “x”"]);
        assert_eq!(said("a b c", "a c"), ["step 2, en: gone: “b”"]);
        assert_eq!(said("a b c d", "a x d"), ["step 2, en: “b” is now “x”", "step 3, en: gone: “c”"]);
        assert_eq!(said("", "a"), ["step 1, en: new: “a”"]);
        assert_eq!(said("a b", "b a"), ["step 1, en: gone: “a”", "step 2, en: new: “a”"]);
    }

    #[test]
    fn sets_and_values_are_told() {
        assert_eq!(set(plain("when"), &texts("a b"), &texts("b a")), None);
        let changed = set(plain("when"), &texts("a b"), &texts("b c")).unwrap();
        assert_eq!(english::line(&changed), "when: also c; no longer a");
        let some = |text: &str| Some(text.to_owned());
        let gone = was(plain("level"), some("3"), None).unwrap();
        assert_eq!(english::line(&gone), "only from level: gone: 3");
        assert_eq!(was(plain("level"), None, None), None);
    }
}
