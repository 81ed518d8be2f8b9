/// Somebody who stands in for a role of a contingency plan. Of several with one role the first is called first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Post {
    /// A code of the plan's roles.
    pub role: String,
    pub name: String,
    /// A number or a call sign; may be empty.
    pub phone: String,
}

const BAR: char = '|';
impl Post {
    /// What a line of a record leaves to a name and to a number, in characters.
    pub const NAME: usize = 50;
    pub const PHONE: usize = 30;

    /// As one line of a record: `role | name | phone`.
    pub fn line(&self) -> String {
        let part = |text: &str, most| {
            let text: String = text.replace([BAR, '\n'], "/").chars().take(most).collect();
            text.trim().to_owned()
        };
        format!(
            "{} {BAR} {} {BAR} {}",
            self.role,
            part(&self.name, Self::NAME),
            part(&self.phone, Self::PHONE)
        )
        .trim_end_matches([' ', BAR])
        .to_owned()
    }

    /// A line that [`Self::line`] has written; `None` if nobody is named in it.
    pub fn read(line: &str) -> Option<Self> {
        let mut parts = line.splitn(3, BAR).map(|part| part.trim().to_owned());
        let (role, name) = (parts.next()?, parts.next()?);
        let named = !role.is_empty() && !name.is_empty();
        named.then(|| Self { role, name, phone: parts.next().unwrap_or_default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_is_read_as_it_was_written() {
        let post = |name: &str, phone: &str| Post {
            role: "crisis-lead".to_owned(),
            name: name.to_owned(),
            phone: phone.to_owned(),
        };
        for own in [post("Amina Saleh", "+235 66 00 00 01"), post("حسن", "")] {
            assert_eq!(Post::read(&own.line()), Some(own));
        }
        assert_eq!(post("A | B", "x|y").line(), "crisis-lead | A / B | x/y");
        for nobody in ["", "crisis-lead", "crisis-lead | ", " | Amina"] {
            assert_eq!(Post::read(nobody), None, "{nobody}");
        }
        assert!(post(&"n".repeat(500), &"9".repeat(500)).line().chars().count() <= crate::event::MAX_NAME);
    }
}
