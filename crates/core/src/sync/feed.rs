use std::fmt;

use serde_json::Value;

use super::{Epoch, Trouble};
use crate::event::Record;
use crate::json::{Fault, Json, WRONG};

/// Up to where a feed has been read, in the backend's own terms; the default is its start. To the phone it is opaque: the
/// reference server and PostgREST count, CouchDB gives texts that only it understands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Cursor(String);

impl Cursor {
    /// Nothing at the start.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Of a feed that counts; 0 at the start.
    pub fn number(&self) -> u64 {
        self.0.parse().unwrap_or_default()
    }
}

impl From<u64> for Cursor {
    fn from(number: u64) -> Self {
        if number == 0 { Self::default() } else { Self(number.to_string()) }
    }
}

impl From<String> for Cursor {
    fn from(text: String) -> Self {
        if text == "0" { Self::default() } else { Self(text) }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "0" } else { &self.0 })
    }
}

/// A number where it is one, so that older versions of the app can read what newer ones have stored.
impl Json for Cursor {
    fn from_value(value: &Value) -> Result<Self, Fault> {
        let number = || value.as_u64().map(Self::from);
        value.as_str().map(|text| Self::from(text.to_owned())).or_else(number).ok_or(WRONG)
    }

    fn to_value(&self) -> Value {
        let number = self.number();
        if Self::from(number) == *self { number.into() } else { self.0.as_str().into() }
    }
}

/// One page of `GET /feed`.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedPage {
    pub epoch: Epoch,
    pub records: Vec<Record>,
    /// Ask for what comes after this.
    pub next: Cursor,
    pub more: bool,
}

/// What came back from `GET /feed`.
#[derive(Debug, Clone, PartialEq)]
pub enum FeedAnswer {
    Page(FeedPage),
    /// The backend has another life.
    EpochChanged(Epoch),
    SignIn,
    /// Wait at least this many milliseconds, if it said so.
    Failed(Trouble, Option<i64>),
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cursors_are_numbers_where_they_can_be_and_texts_where_not() {
        for (stored, written) in
            [(json!(7), "7"), (json!(0), "0"), (json!("12-g1AAAA"), "12-g1AAAA"), (json!("007"), "007")]
        {
            let cursor = Cursor::from_value(&stored).unwrap();
            assert_eq!((cursor.to_string().as_str(), cursor.to_value()), (written, stored));
        }
        assert_eq!(Cursor::from_value(&json!("0")), Ok(Cursor::default()));
        assert_eq!(Cursor::from_value(&json!("9")), Ok(Cursor::from(9)));
        assert_eq!(Cursor::from_value(&json!(null)), Err(WRONG));
        assert_eq!(Cursor::default().as_str(), "");
    }
}
