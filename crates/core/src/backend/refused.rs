//! What the word of a backend for a refusal means, for people who do not know its words.

use crate::sync::Refusal;

/// Why a record was refused, as far as its code tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The place holds another record under this name.
    OtherVersion,
    /// Something in the record is not as the place wants it.
    NotTaken,
    /// Whoever is signed in may not write this there.
    NotAllowed,
    TooLarge,
    /// An OpenRosa server has no form for this kind of record.
    NoForm,
}

impl Why {
    /// Reads the codes of our server and of the adapters beside it: HTTP statuses, SQLSTATEs
    /// (PostgreSQL, Appendix A), the errors of CouchDB. `None` for a code that says nothing by itself.
    pub fn of(refusal: &Refusal) -> Option<Self> {
        let why = match refusal.code.as_str() {
            "conflict" | "http_409" | "23505" => Self::OtherVersion,
            "not_allowed" | "wrong_author" | "wrong_source" | "forbidden" | "unauthorized" | "42501" => {
                Self::NotAllowed
            }
            "record_too_large" | "too_large" | "document_too_large" | "http_413" => Self::TooLarge,
            "form_not_published" => Self::NoForm,
            "invalid_record" | "invalid_data" | "no_such_area" | "bad_request" | "doc_validation"
            | "illegal_docid" | "http_400" | "http_415" | "http_422" => Self::NotTaken,
            code if code.len() == 5 && ["22", "23", "P0"].iter().any(|class| code.starts_with(class)) => {
                Self::NotTaken
            }
            _ => return None,
        };
        Some(why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_every_kind_of_backend_are_told_apart() {
        for (code, why) in [
            ("conflict", Some(Why::OtherVersion)),
            ("23505", Some(Why::OtherVersion)),
            ("23514", Some(Why::NotTaken)),
            ("22P02", Some(Why::NotTaken)),
            ("P0001", Some(Why::NotTaken)),
            ("42501", Some(Why::NotAllowed)),
            ("forbidden", Some(Why::NotAllowed)),
            ("form_not_published", Some(Why::NoForm)),
            ("http_413", Some(Why::TooLarge)),
            ("http_400", Some(Why::NotTaken)),
            ("http_418", None),
            ("PGRST204", None),
            ("22", None),
            ("", None),
        ] {
            assert_eq!(Why::of(&Refusal::new(code, String::new())), why, "{code}");
        }
    }
}
