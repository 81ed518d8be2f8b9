//! What a form holds while it is typed, and what is wrong with it.

/// What is wrong with one field. The words for people live in the locales.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    Required,
    NotANumber,
    OutOfRange {
        min: i64,
        max: i64,
    },
    TooLong {
        max: usize,
    },
    /// Not hours and minutes.
    NotADuration,
    /// Later than what it has to come before, or the other way round.
    WrongOrder,
    /// The same name twice.
    Repeated,
    /// A day that is gone.
    LongAgo,
    /// Not a day and a time, or one of another century.
    NotAMoment,
    /// It is said to have happened, and is still to come.
    InFuture,
    /// A change that changes nothing.
    Unchanged,
}

/// A problem and the field it belongs to, by the field's name in the draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldError {
    pub field: &'static str,
    /// Which row, counted from 0, where the field repeats.
    pub row: Option<usize>,
    pub problem: Problem,
}

impl FieldError {
    pub const fn new(field: &'static str, problem: Problem) -> Self {
        Self { field, row: None, problem }
    }
}

/// The longest note, in characters: about a page, and small enough for a bad link.
pub const MAX_NOTE: usize = 2_000;
/// The longest name of a person, a place or a thing, in characters.
pub const MAX_NAME: usize = 120;

/// Collects problems so that a person sees all of them at once.
#[derive(Default)]
pub(crate) struct Checks {
    errors: Vec<FieldError>,
    /// The row that is being checked.
    row: Option<usize>,
}

impl Checks {
    pub fn fail(&mut self, field: &'static str, problem: Problem) {
        self.errors.push(FieldError { field, row: self.row, problem });
    }

    /// What fails from now on belongs to this row.
    pub fn row(&mut self, row: Option<usize>) {
        self.row = row;
    }

    /// Hours and minutes, written as `2:30`, `2h30` or `2`, in any digits; in minutes, `None` when empty.
    pub fn duration(&mut self, field: &'static str, raw: &str, max: u32) -> Option<u32> {
        let text = western(raw.trim());
        if text.is_empty() {
            return None;
        }
        let part = |part: &str| if part.is_empty() { Some(0) } else { digits(part) };
        let (hours, rest) = text.split_once([':', 'h', 'H']).unwrap_or((&text, ""));
        let count = part(hours.trim()).zip(part(rest.trim()).filter(|rest| *rest < 60));
        let Some(count) = count.and_then(|(hours, rest)| hours.checked_mul(60)?.checked_add(rest)) else {
            self.fail(field, Problem::NotADuration);
            return None;
        };
        if count == 0 || count > max {
            self.fail(field, Problem::NotADuration);
            return None;
        }
        Some(count)
    }

    /// Trimmed text; `None` when there is none.
    pub fn text(&mut self, field: &'static str, raw: &str, max: usize) -> Option<String> {
        let text = raw.trim();
        if text.chars().count() > max {
            self.fail(field, Problem::TooLong { max });
        }
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// A number written in Western, Arabic-Indic or Persian digits, with a point or a comma; `None` when empty.
    pub fn number(&mut self, field: &'static str, raw: &str, min: i64, max: i64) -> Option<f64> {
        let text = western(raw.trim());
        if text.is_empty() {
            return None;
        }
        #[allow(clippy::cast_precision_loss)] // limits are small
        let range = min as f64..=max as f64;
        match decimal(&text) {
            Some(number) if range.contains(&number) => Some(number),
            Some(_) => {
                self.fail(field, Problem::OutOfRange { min, max });
                None
            }
            None => {
                self.fail(field, Problem::NotANumber);
                None
            }
        }
    }

    /// A whole number, otherwise as [`Self::number`].
    pub fn whole(&mut self, field: &'static str, raw: &str, min: i64, max: i64) -> Option<i64> {
        let number = self.number(field, raw, min, max)?;
        if number.fract() != 0.0 {
            self.fail(field, Problem::NotANumber);
            return None;
        }
        #[allow(clippy::cast_possible_truncation)] // within min..=max
        Some(number as i64)
    }

    pub fn done<T>(self, value: Option<T>) -> Result<T, Vec<FieldError>> {
        match value {
            Some(value) if self.errors.is_empty() => Ok(value),
            _ => Err(self.errors),
        }
    }
}

/// As people write numbers. JSON's reader does the rest: it is there anyway, and `str::parse` has 10 kB of tables.
fn decimal(text: &str) -> Option<f64> {
    let (sign, size) = match text.strip_prefix('-') {
        Some(size) => ("-", size),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = size.split_once('.').unwrap_or((size, ""));
    let starts = |part: &str| part.starts_with(|c: char| c.is_ascii_digit());
    if !(starts(whole) || whole.is_empty() && starts(fraction)) {
        return None;
    }
    let (whole, fraction) = (whole.trim_start_matches('0'), if fraction.is_empty() { "0" } else { fraction });
    let whole = if whole.is_empty() { "0" } else { whole };
    serde_json::from_str(&format!("{sign}{whole}.{fraction}")).ok()
}

/// A short whole number; `str::parse` would do, but this one is smaller in WebAssembly.
fn digits(text: &str) -> Option<u32> {
    if text.len() > 4 {
        return None;
    }
    text.chars().try_fold(0, |sum, c| Some(sum * 10 + c.to_digit(10)?))
}

/// Figures of any script as Western ones; a decimal comma as a point.
pub fn western(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '٠'..='٩' => digit(u32::from(c) - u32::from('٠')),
            '۰'..='۹' => digit(u32::from(c) - u32::from('۰')),
            ',' | '٫' => '.',
            other => other,
        })
        .collect()
}

fn digit(value: u32) -> char {
    char::from_digit(value, 10).unwrap_or('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_three_scripts() {
        for (raw, number) in [("62", 62.0), ("٦٢٫٥", 62.5), ("۶۲", 62.0), (" 62,5 ", 62.5)] {
            let mut checks = Checks::default();
            assert_eq!(checks.number("km", raw, 0, 100), Some(number), "{raw}");
            assert!(checks.done(Some(())).is_ok());
        }
    }

    #[test]
    fn numbers_as_people_write_them() {
        for (raw, number) in
            [("007", 7.0), (".5", 0.5), ("5.", 5.0), ("+3", 3.0), ("0", 0.0), ("-0,25", -0.25)]
        {
            assert_eq!(Checks::default().number("km", raw, -100, 100), Some(number), "{raw}");
        }
        for raw in [".", "-", "+-3", "1.2.3", "1 2", "0x10", "--1", "1e", "e5", "1.e"] {
            let mut checks = Checks::default();
            assert_eq!(checks.number("km", raw, -100, 100), None, "{raw}");
            let fault = FieldError::new("km", Problem::NotANumber);
            assert_eq!(checks.done(Some(())), Err(vec![fault]), "{raw}");
        }
    }

    #[test]
    fn nonsense_is_named() {
        for (raw, problem) in [
            ("many", Problem::NotANumber),
            ("1e999", Problem::NotANumber),
            ("NaN", Problem::NotANumber),
            ("-1", Problem::OutOfRange { min: 0, max: 100 }),
            ("2.5", Problem::NotANumber),
        ] {
            let mut checks = Checks::default();
            assert_eq!(checks.whole("headcount", raw, 0, 100), None);
            assert_eq!(checks.done(Some(())), Err(vec![FieldError::new("headcount", problem)]), "{raw}");
        }
    }

    #[test]
    fn durations_as_people_write_them() {
        for (raw, minutes) in
            [("2:30", 150), ("٢:٣٠", 150), ("2h30", 150), ("2", 120), ("0:45", 45), (":45", 45)]
        {
            assert_eq!(Checks::default().duration("time", raw, 600), Some(minutes), "{raw}");
        }
        for raw in ["0", "2:75", "-1:00", "two", "1:2:3", "99999999:00", "11:00", "1.5"] {
            let mut checks = Checks::default();
            assert_eq!(checks.duration("time", raw, 600), None, "{raw}");
            assert_eq!(
                checks.done(Some(())),
                Err(vec![FieldError::new("time", Problem::NotADuration)]),
                "{raw}"
            );
        }
    }
}
