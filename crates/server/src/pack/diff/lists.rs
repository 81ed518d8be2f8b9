/// One value and another; nothing if they are the same. None is nothing at all.
pub fn was(name: &str, old: Option<String>, new: Option<String>) -> Option<String> {
    match (old, new) {
        (old, new) if old == new => None,
        (Some(old), Some(new)) => Some(format!("{name}: {old} is now {new}")),
        (None, Some(new)) => Some(format!("{name}: new: {new}")),
        (Some(old), None) => Some(format!("{name}: gone: {old}")),
        (None, None) => None,
    }
}

pub fn quoted(text: &str) -> String {
    format!("“{text}”")
}

/// `a, b`; None where there is nothing.
pub fn list<'a>(all: impl Iterator<Item = &'a str>) -> Option<String> {
    let all: Vec<_> = all.collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// What was added to a set of words and what was taken away.
pub fn set(name: &str, old: &[String], new: &[String]) -> Option<String> {
    let without = |all: &[String], others: &[String]| {
        list(all.iter().filter(|own| !others.contains(own)).map(String::as_str))
    };
    match (without(new, old), without(old, new)) {
        (None, None) => None,
        (Some(more), None) => Some(format!("{name}: also {more}")),
        (None, Some(less)) => Some(format!("{name}: no longer {less}")),
        (Some(more), Some(less)) => Some(format!("{name}: also {more}; no longer {less}")),
    }
}

/// What became of the items of a list, in order. Items that stayed tell which of the others belong together.
pub fn items(name: &str, language: &str, old: &[String], new: &[String]) -> Vec<String> {
    let mut lines = vec![];
    let (mut from, mut to) = (0, 0);
    let end = (old.len(), new.len());
    for (old_at, new_at) in kept(old, new).into_iter().chain([end]) {
        let (before, after) = (old.get(from..old_at), new.get(to..new_at));
        let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
        for at in 0..before.len().max(after.len()) {
            let number = if at < after.len() { to + at } else { from + at } + 1;
            let item = |all: &[String]| all.get(at).map(|text| quoted(text));
            let (old, new) = (item(before), item(after));
            let name = format!("{name} {number}, {language}");
            lines.extend(was(&name, old, new));
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
    use super::*;

    fn texts(all: &str) -> Vec<String> {
        all.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn items_are_told_by_what_became_of_them() {
        let said = |old: &str, new: &str| items("step", "en", &texts(old), &texts(new));
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
        assert_eq!(set("when", &texts("a b"), &texts("b a")), None);
        assert_eq!(set("when", &texts("a b"), &texts("b c")).as_deref(), Some("when: also c; no longer a"));
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(was("level", some("3"), None).as_deref(), Some("level: gone: 3"));
        assert_eq!(was("level", None, None), None);
    }
}
