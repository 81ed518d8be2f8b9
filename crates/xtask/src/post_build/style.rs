//! One stylesheet out of style/*.css, without comments and needless space.

use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;

/// These first, in this order: the rest builds on them, and comes by name.
const FIRST: [&str; 2] = ["tokens.css", "base.css"];

pub fn bundle(workspace: &Workspace) -> Result<String> {
    let folder = workspace.root.join("style");
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "css") {
            paths.push(path);
        }
    }
    if paths.is_empty() {
        bail!("{} has no .css file", folder.display());
    }
    paths.sort_by_key(|path| (rank(path), path.clone()));
    // The start screen's styles belong to the page, and stand last: nothing of the app is on screen then.
    paths.push(workspace.root.join("public/start.css"));
    let mut all = String::new();
    for path in paths {
        all += &fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        all.push('\n');
    }
    Ok(minify(&all))
}

fn rank(path: &Path) -> usize {
    FIRST.iter().position(|name| path.ends_with(name)).unwrap_or(FIRST.len())
}

/// Drops comments, and space where it never means anything. Strings are left as they are; space
/// around `:` and `+` can mean something (in selectors, in `calc`), so it is only narrowed there.
fn minify(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(next) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
            push_space(&mut out);
        } else if next == '"' || next == '\'' {
            let end = string_end(rest, next);
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        } else {
            push(&mut out, next);
            rest = &rest[next.len_utf8()..];
        }
    }
    out.trim().to_owned()
}

fn push(out: &mut String, next: char) {
    if next.is_whitespace() {
        push_space(out);
    } else {
        if matches!(next, '{' | '}' | ';' | ',' | '>') {
            while out.ends_with(' ') {
                out.pop();
            }
            if next == '}' && out.ends_with(';') {
                out.pop();
            }
        }
        out.push(next);
    }
}

fn push_space(out: &mut String) {
    if !out.ends_with([' ', '{', '}', ';', ',', '>']) && !out.is_empty() {
        out.push(' ');
    }
}

/// The length of the string literal that `css` begins with, its quotes included.
fn string_end(css: &str, quote: char) -> usize {
    let mut escaped = false;
    css.char_indices()
        .skip(1)
        .find(|&(_, next)| {
            let ends = next == quote && !escaped;
            escaped = next == '\\' && !escaped;
            ends
        })
        .map_or(css.len(), |(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    #[test]
    fn drops_comments_and_needless_space() {
        assert_eq!(minify("/* a */\n.b > .c ,\n .d {\n  color : red;\n}\n"), ".b>.c,.d{color : red}");
    }

    #[test]
    fn keeps_space_that_means_something() {
        assert_eq!(minify(".a :hover { width: calc(1px + 2px) }"), ".a :hover{width: calc(1px + 2px)}");
        assert_eq!(minify("@media (a) and (b) { x { y: z } }"), "@media (a) and (b){x{y: z}}");
    }

    #[test]
    fn leaves_strings_alone() {
        assert_eq!(minify(r#"a::before { content: "/* \" ;  }"; }"#), r#"a::before{content: "/* \" ;  }"}"#);
    }

    #[test]
    fn a_comment_between_words_keeps_them_apart() {
        assert_eq!(minify("margin:1px/* top */2px"), "margin:1px 2px");
    }

    #[test]
    fn tokens_and_base_come_first() {
        let mut paths = ["form.css", "tokens.css", "button.css", "base.css"]
            .map(|name| PathBuf::from("style").join(name));
        paths.sort_by_key(|path| (rank(path), path.clone()));
        let names: Vec<_> = paths.iter().filter_map(|path| path.file_name()?.to_str()).collect();
        assert_eq!(names, ["tokens.css", "base.css", "button.css", "form.css"]);
    }
}
