//! Short texts that an operator hands over in a file, so that they stand in no list of processes.

use std::fs::File;
use std::io::{self, Read as _};

/// In the place of a name: standard input.
pub const STANDARD_INPUT: &str = "-";
/// A longer one is a mistake: another file. In bytes.
const LONGEST: u64 = 16 << 10;

#[derive(Debug, thiserror::Error)]
pub enum TextFileError {
    #[error("{file} cannot be read: {error}")]
    Unreadable { file: String, error: io::Error },
    #[error("{0} is longer than such a text can be: is it the right file?")]
    TooLong(String),
    #[error("{0} is empty")]
    Empty(String),
}

/// The content of the file, of which nothing but ends of lines stands at the end.
///
/// # Errors
/// It cannot be read, is too long, or there is nothing in it.
pub fn read(file: &str) -> Result<String, TextFileError> {
    let mut text = String::new();
    let read = if file == STANDARD_INPUT {
        io::stdin().take(LONGEST + 1).read_to_string(&mut text)
    } else {
        File::open(file).and_then(|opened| opened.take(LONGEST + 1).read_to_string(&mut text))
    };
    read.map_err(|error| TextFileError::Unreadable { file: file.to_owned(), error })?;
    if text.len() as u64 > LONGEST {
        return Err(TextFileError::TooLong(file.to_owned()));
    }
    match text.trim_end_matches(['\r', '\n']) {
        "" => Err(TextFileError::Empty(file.to_owned())),
        text => Ok(text.to_owned()),
    }
}
