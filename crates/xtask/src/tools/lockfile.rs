//! Reading one thing out of Cargo.lock: the version of a package.

/// The version locked for the package of exactly that name. Where several are, the last, newest one.
pub fn version_of<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let entry = lock.rsplit("[[package]]").find(|entry| field(entry, "name") == Some(package))?;
    field(entry, "version")
}

fn field<'a>(entry: &'a str, name: &str) -> Option<&'a str> {
    entry
        .lines()
        .find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix('=')?.trim().strip_prefix('"'))?
        .strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"version = 4

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
dependencies = [
 "wasm-bindgen-macro",
]

[[package]]
name = "wasm-bindgen-macro"
version = "0.2.131"
"#;

    #[test]
    fn reads_the_version_of_exactly_that_package() {
        assert_eq!(version_of(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(version_of(LOCK, "wasm-bindgen-macro"), Some("0.2.131"));
    }

    #[test]
    fn says_so_when_it_is_not_there() {
        assert_eq!(version_of(LOCK, "wasm"), None);
        assert_eq!(version_of("", "wasm-bindgen"), None);
    }

    #[test]
    fn takes_the_newest_of_several() {
        let lock = "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"a\"\nversion = \"2.0.0\"\n";
        assert_eq!(version_of(lock, "a"), Some("2.0.0"));
    }
}
