//! Numbers as text. The standard library writes doubles with tables that do not compress, and JSON's writer is there anyway.

use serde_json::Value;

/// With so many digits after the point.
pub fn fixed(value: f64, places: u32) -> String {
    let unit = 10_u64.pow(places);
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    // saturates
    let count = (value.abs() * unit as f64).round_ties_even() as u64;
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let whole = format!("{sign}{}", count / unit);
    if places == 0 {
        return whole;
    }
    let rest = (unit + count % unit).to_string();
    format!("{whole}.{}", rest.get(1..).unwrap_or_default())
}

/// With as few digits as tell it from every other.
pub fn plain(value: f64) -> String {
    let text = Value::from(value).to_string();
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_standard_library_writes_them() {
        for value in
            [0.0, 1.0, -1.0, 12.25, 13.829_14, -20.832_06, 0.004, 99.999, -0.01, 62.0, 100_000.0, 1e12]
        {
            assert_eq!(fixed(value, 0), format!("{value:.0}"), "{value}");
            assert_eq!(fixed(value, 3), format!("{value:.3}"), "{value}");
            assert_eq!(fixed(value, 5), format!("{value:.5}"), "{value}");
            assert_eq!(plain(value), value.to_string());
        }
    }
}
