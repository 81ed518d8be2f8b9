//! Reads a CSV file (RFC 4180) as other programs export it: in whatever encoding, with its columns in any order.

use std::collections::HashMap;
use std::fmt;

/// Fifty times the largest export there is.
pub const MAX_BYTES: usize = 32 << 20;

/// Why a file as a whole is not the table it should be; fit for the operator's eyes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableFault {
    #[error("it is empty")]
    Empty,
    #[error("it has more than {} MiB", MAX_BYTES >> 20)]
    TooLarge,
    #[error("it is in UTF-16: save it as CSV in UTF-8")]
    Utf16,
    #[error("it is no text: save the spreadsheet as CSV in UTF-8")]
    Binary,
    #[error("it is a web page, not a CSV file: the download went wrong")]
    WebPage,
    #[error("quotation marks that are opened in the row of line {line} are never closed: it was cut off")]
    CutOff { line: u64 },
    #[error("it has no column {0}")]
    NoColumn(String),
    #[error("it has the column {0} twice")]
    ColumnTwice(&'static str),
    #[error("it has column names and nothing below them")]
    NoRows,
}

/// How many cells that are not plain ASCII were read as what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Encoding {
    pub utf8: usize,
    pub windows_1252: usize,
}

/// Rows below named columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub rows: Vec<Row>,
    pub encoding: Encoding,
    pub width: usize,
    /// By name, trimmed and in lower case.
    columns: HashMap<String, usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Where it begins in the file, counted from 1.
    pub line: u64,
    pub cells: Vec<String>,
    /// Something follows quotation marks that were closed: it may have swallowed the rows below it.
    pub broken: bool,
}

impl Table {
    /// Reads a whole file.
    ///
    /// # Errors
    /// It is no such table, or one of the `needed` columns is not in it once.
    pub fn read(bytes: &[u8], needed: &[&'static str]) -> Result<Self, TableFault> {
        let bytes = text(bytes)?;
        let mut encoding = Encoding::default();
        let mut rows = split(bytes)?.into_iter().map(|row| row.decoded(&mut encoding));
        let names = rows.next().map(|row| row.cells).unwrap_or_default();
        let columns = columns(&names, needed)?;
        let rows = rows.collect();
        let table = Self { rows, encoding, width: names.len(), columns };
        if table.rows.is_empty() { Err(TableFault::NoRows) } else { Ok(table) }
    }

    /// A cell without what is no text: spaces around it, and control characters but for line ends and tabs. Empty where
    /// there is no such column.
    pub fn get(&self, row: &Row, column: &str) -> String {
        let cell = self.columns.get(&folded(column)).and_then(|column| row.cells.get(*column));
        let text = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
        let cell: String = cell.map(|cell| cell.chars().filter(text).collect()).unwrap_or_default();
        cell.trim().to_owned()
    }
}

/// The bytes without a byte order mark, if they can be those of a CSV file.
fn text(bytes: &[u8]) -> Result<&[u8], TableFault> {
    if bytes.len() > MAX_BYTES {
        return Err(TableFault::TooLarge);
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(TableFault::Utf16);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match bytes.trim_ascii_start().first() {
        None => Err(TableFault::Empty),
        Some(_) if bytes.contains(&0) => Err(TableFault::Binary),
        Some(b'<') => Err(TableFault::WebPage),
        Some(_) => Ok(bytes),
    }
}

/// A row while it is read.
#[derive(Default)]
struct Raw {
    line: u64,
    cells: Vec<Vec<u8>>,
    cell: Vec<u8>,
    broken: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the first character of a cell.
    Start,
    Plain,
    Quoted,
    /// After quotation marks within quotation marks: the end of the cell, or the first of two that stand for one.
    Closing,
}

/// Splits a file into rows and cells; rows without a character are left out. The usual readers tell neither that the file
/// ends within quotation marks, nor that a row is broken, nor the line in which it begins.
fn split(bytes: &[u8]) -> Result<Vec<Raw>, TableFault> {
    let (mut rows, mut line, mut state) = (vec![], 1, State::Start);
    let mut row = Raw { line, ..Raw::default() };
    for (at, byte) in bytes.iter().enumerate() {
        state = match (state, byte) {
            (State::Quoted, b'"') => State::Closing,
            (State::Start, b'"') => State::Quoted,
            (State::Closing, b'"') | (State::Quoted, _) => {
                row.cell.push(*byte);
                State::Quoted
            }
            (_, b',') => {
                row.end_cell();
                State::Start
            }
            (State::Start, b'\r' | b'\n') if row.cells.is_empty() => State::Start,
            (_, b'\r' | b'\n') => {
                row.end_cell();
                rows.push(std::mem::take(&mut row));
                State::Start
            }
            (state, _) => {
                row.broken |= state == State::Closing;
                row.cell.push(*byte);
                State::Plain
            }
        };
        line += u64::from(*byte == b'\n' || *byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
        if state == State::Start && row.cells.is_empty() {
            row.line = line;
        }
    }
    match state {
        State::Quoted => return Err(TableFault::CutOff { line: row.line }),
        State::Start if row.cells.is_empty() => {}
        _ => {
            row.end_cell();
            rows.push(row);
        }
    }
    Ok(rows)
}

impl Raw {
    fn end_cell(&mut self) {
        self.cells.push(std::mem::take(&mut self.cell));
    }

    fn decoded(self, encoding: &mut Encoding) -> Row {
        let cells = self.cells.iter().map(|cell| decoded(cell, encoding)).collect();
        Row { line: self.line, cells, broken: self.broken }
    }
}

/// Some exports have a few cells in UTF-8 among others in Windows-1252, so each is looked at by itself: what is UTF-8 by
/// accident makes no sense in Windows-1252.
fn decoded(cell: &[u8], encoding: &mut Encoding) -> String {
    if let Ok(text) = std::str::from_utf8(cell) {
        encoding.utf8 += usize::from(!cell.is_ascii());
        return text.to_owned();
    }
    encoding.windows_1252 += 1;
    cell.iter().map(|byte| windows_1252(*byte)).collect()
}

/// 0x80 to 0x9F in Windows-1252 (WHATWG Encoding Standard); five of them stand for nothing.
const UPPER: &str = "€\u{fffd}‚ƒ„…†‡ˆ‰Š‹Œ\u{fffd}Ž\u{fffd}\u{fffd}‘’“”•–—˜™š›œ\u{fffd}žŸ";

fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9f => UPPER.chars().nth(usize::from(byte - 0x80)).unwrap_or(char::REPLACEMENT_CHARACTER),
        other => char::from(other),
    }
}

fn columns(names: &[String], needed: &[&'static str]) -> Result<HashMap<String, usize>, TableFault> {
    let mut columns = HashMap::new();
    let mut twice = vec![];
    for (at, name) in names.iter().enumerate() {
        if columns.insert(folded(name), at).is_some() {
            twice.push(folded(name));
        }
    }
    let missing: Vec<_> =
        needed.iter().filter(|name| !columns.contains_key(&folded(name))).copied().collect();
    if !missing.is_empty() {
        return Err(TableFault::NoColumn(missing.join(", ")));
    }
    match needed.iter().find(|name| twice.contains(&folded(name))) {
        Some(name) => Err(TableFault::ColumnTwice(name)),
        None => Ok(columns),
    }
}

fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.utf8, self.windows_1252) {
            (_, 0) => f.write_str("UTF-8"),
            (0, _) => f.write_str("Windows-1252"),
            (utf8, _) => write!(f, "Windows-1252 with {utf8} cells in UTF-8"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Table, TableFault> {
        Table::read(bytes, &["Id", "Name"])
    }

    fn names(bytes: &[u8]) -> Vec<String> {
        let table = read(bytes).unwrap();
        table.rows.iter().map(|row| table.get(row, "name")).collect()
    }

    #[test]
    fn what_is_no_such_table_is_refused_by_name() {
        let utf16: Vec<_> = "id,name\n1,x\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let large = [b"id,name\n1,".to_vec(), vec![b'x'; 50 << 20]].concat();
        for (bytes, fault) in [
            (&b""[..], TableFault::Empty),
            (b"\xef\xbb\xbf \r\n", TableFault::Empty),
            (b"<!DOCTYPE html><p>Sign in", TableFault::WebPage),
            (b"\n <?xml version=\"1.0\"?>", TableFault::WebPage),
            (&[&[0xff, 0xfe], &utf16[..]].concat(), TableFault::Utf16),
            (&utf16, TableFault::Binary),
            (b"PK\x03\x04\x14\x00\x06\x00", TableFault::Binary),
            (b"id,name\n1,a\x00b", TableFault::Binary),
            (b"id,name\n", TableFault::NoRows),
            (b"id,name\n1,x\n2,\"cut off in the", TableFault::CutOff { line: 3 }),
            (b"id,name\n1,x\n2,\"cut off in the \"\"", TableFault::CutOff { line: 3 }),
            (b"id,\"name", TableFault::CutOff { line: 1 }),
            (b"id,title\n1,x\n", TableFault::NoColumn("Name".into())),
            (b"{\"id\": 1}", TableFault::NoColumn("Id, Name".into())),
            (b"id;name\n1;x\n", TableFault::NoColumn("Id, Name".into())),
            (b"id,name,NAME\n1,x,y\n", TableFault::ColumnTwice("Name")),
            (&large, TableFault::TooLarge),
        ] {
            assert_eq!(read(bytes), Err(fault));
        }
    }

    #[test]
    fn columns_are_found_in_any_order_and_case() {
        assert_eq!(names(b"\xef\xbb\xbf NAME ,new column,iD\n x  y ,z,1\n"), ["x  y"]);
        assert_eq!(names(b"id,name\r\n1,\"a, \"\"b\"\"\r\nc\"\r\n"), ["a, \"b\"\nc"]);
        assert_eq!(names("id,name\n1,\u{7}لا تأتوا\u{0085}\n".as_bytes()), ["لا تأتوا"]);
    }

    #[test]
    fn each_row_knows_its_line() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["id,name", "1,\"two", "lines\"", "2,x", "", "3", ",", "4,\"\""].join(end);
            let table = read(text.as_bytes()).unwrap();
            let lines: Vec<_> = table.rows.iter().map(|row| (row.line, row.cells.len())).collect();
            assert_eq!(lines, [(2, 2), (4, 2), (6, 1), (7, 2), (8, 2)], "{end:?}");
        }
    }

    #[test]
    fn a_row_whose_quotation_marks_are_closed_too_early_is_known() {
        let table =
            read(b"id,name\n1,\"never closed\n2,\"swallowed\"\n3,5\" thick\n4,\"a \"\"b\"\"\"\n").unwrap();
        let rows: Vec<_> = table.rows.iter().map(|row| (row.line, &row.cells[1][..], row.broken)).collect();
        let swallowed = "never closed\n2,swallowed\"";
        assert_eq!(rows, [(2, swallowed, true), (4, "5\" thick", false), (5, "a \"b\"", false)]);
    }

    #[test]
    fn cells_are_read_in_the_encoding_that_fits_them() {
        let table = read(b"id,name\n1,R\xe9volution \x96 \x80\n2,Gr\xc3\xa9bizi\n3,\x81\n").unwrap();
        let names: Vec<_> = table.rows.iter().map(|row| table.get(row, "name")).collect();
        assert_eq!(names, ["Révolution – €", "Grébizi", "\u{fffd}"]);
        assert_eq!(table.encoding.to_string(), "Windows-1252 with 1 cells in UTF-8");
        assert_eq!(read("id,name\n1,é\n".as_bytes()).unwrap().encoding.to_string(), "UTF-8");
        assert_eq!(read(b"id,name\n1,\xe9\n").unwrap().encoding.to_string(), "Windows-1252");
    }
}
