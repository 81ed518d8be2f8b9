/// A part of a line. There is nothing else: whatever looks like a mark of another kind is a plain text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span<'a> {
    Plain(&'a str),
    Strong(&'a str),
    /// Leads to another card.
    Card {
        id: &'a str,
        words: &'a str,
    },
}

/// The parts of a line: `**strong**` and `[words](card:id)`, which do not stand in each other.
pub fn spans(line: &str) -> Vec<Span<'_>> {
    let mut all = vec![];
    let mut rest = line;
    let mut plain = 0;
    while let Some(tail) = rest.get(plain..).filter(|tail| !tail.is_empty()) {
        let found = strong(tail).or_else(|| link(tail));
        let Some((span, length)) = found else {
            plain += tail.chars().next().map_or(1, char::len_utf8);
            continue;
        };
        push_plain(&mut all, rest.get(..plain));
        all.push(span);
        rest = tail.get(length..).unwrap_or_default();
        plain = 0;
    }
    push_plain(&mut all, Some(rest));
    all
}

fn push_plain<'a>(all: &mut Vec<Span<'a>>, text: Option<&'a str>) {
    all.extend(text.filter(|text| !text.is_empty()).map(Span::Plain));
}

/// The span that the text begins with, and its length in bytes.
fn strong(text: &str) -> Option<(Span<'_>, usize)> {
    let inside = text.strip_prefix("**")?;
    let end = inside.find("**").filter(|end| *end > 0)?;
    Some((Span::Strong(inside.get(..end)?), end + 4))
}

fn link(text: &str) -> Option<(Span<'_>, usize)> {
    let inside = text.strip_prefix('[')?;
    let (words, rest) = inside.split_once(']')?;
    let (id, _) = rest.strip_prefix("(card:")?.split_once(')')?;
    let whole = !words.is_empty() && is_id(id);
    whole.then_some((Span::Card { id, words }, words.len() + id.len() + "[](card:)".len()))
}

/// Whether it may be the name of a card.
pub(super) fn is_id(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.len() <= 60 && text.chars().all(allowed) && !text.starts_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_its_parts() {
        assert_eq!(
            spans("Stop. **Hands** up, see [Duress](card:duress)."),
            [
                Span::Plain("Stop. "),
                Span::Strong("Hands"),
                Span::Plain(" up, see "),
                Span::Card { id: "duress", words: "Duress" },
                Span::Plain("."),
            ]
        );
        assert_eq!(spans(""), []);
        assert_eq!(spans("[قف](card:halt)"), [Span::Card { id: "halt", words: "قف" }]);
    }

    #[test]
    fn whatever_else_looks_like_a_mark_is_text() {
        for text in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[here](javascript:alert(1))",
            "[here](https://example.org)",
            "[here](card:../../etc)",
            "[](card:halt)",
            "** **",
            "****",
            "**never closed",
            "[never](card:closed",
            "![image](card)",
            "`code` # heading _em_",
            "ا[ب",
        ] {
            let plain: String = spans(text)
                .iter()
                .map(|span| match span {
                    Span::Plain(text) => *text,
                    Span::Strong(" ") => "** **",
                    other => panic!("{text}: {other:?}"),
                })
                .collect();
            assert_eq!(plain, text);
        }
    }
}
