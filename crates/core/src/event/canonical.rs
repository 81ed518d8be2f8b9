//! The canonical text of JSON (RFC 8785).
//!
//! Shortest digits, escapes and text come from `serde_json`; here stand the order of keys and JavaScript's way to write
//! a number. The tests compare with a second implementation, which would bring 11 kB of tables to phones.

use serde_json::{Number, Value};

pub(super) fn canonical(value: &Value) -> String {
    let mut out = String::new();
    put(&mut out, value);
    out
}

fn put(out: &mut String, value: &Value) {
    match value {
        Value::Number(number) => put_number(out, number),
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                out.push(if at == 0 { '[' } else { ',' });
                put(out, item);
            }
            out.push_str(if items.is_empty() { "[]" } else { "]" });
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            crate::order::sort_by(&mut members, |(one, _), (other, _)| {
                one.encode_utf16().cmp(other.encode_utf16())
            });
            for (at, (name, member)) in members.iter().enumerate() {
                out.push(if at == 0 { '{' } else { ',' });
                put_text(out, name);
                out.push(':');
                put(out, member);
            }
            out.push_str(if members.is_empty() { "{}" } else { "}" });
        }
        Value::String(text) => put_text(out, text),
        Value::Null | Value::Bool(_) => out.push_str(&value.to_string()),
    }
}

fn put_text(out: &mut String, text: &str) {
    // Writing text as JSON cannot fail.
    out.push_str(&serde_json::to_string(text).unwrap_or_default());
}

/// ECMA-262, `Number::toString`: every number is a double.
fn put_number(out: &mut String, number: &Number) {
    let Some(double) = number.as_f64().and_then(Number::from_f64) else { return };
    let text = double.to_string();
    let unsigned = text.trim_start_matches('-');
    let (mantissa, exponent) = unsigned.split_once('e').unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent: i32 = exponent.trim_start_matches('+').parse().unwrap_or_default();

    let all = format!("{whole}{fraction}");
    let digits = all.trim_start_matches('0');
    let leading = length(&all) - length(digits);
    let digits = digits.trim_end_matches('0');
    // The value is 0.digits × 10^point.
    let point = length(whole) - leading + exponent;
    if digits.is_empty() {
        out.push('0');
        return;
    }
    if unsigned.len() < text.len() {
        out.push('-');
    }
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or_default());
    let cut = usize::try_from(point).unwrap_or_default().min(digits.len());
    match point {
        1..=21 if length(digits) <= point => {
            out.push_str(digits);
            out.push_str(&zeros(point - length(digits)));
        }
        1..=21 => {
            let (before, after) = digits.split_at(cut);
            out.extend([before, ".", after]);
        }
        -5..=0 => out.extend(["0.", &zeros(-point), digits]),
        _ => {
            let (first, rest) = digits.split_at(1);
            let dot = if rest.is_empty() { "" } else { "." };
            let sign = if point > 0 { "+" } else { "" };
            out.extend([first, dot, rest, "e", sign, &(point - 1).to_string()]);
        }
    }
}

fn length(text: &str) -> i32 {
    i32::try_from(text.len()).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn agrees(value: &Value) {
        let other = serde_json_canonicalizer::to_string(value).unwrap();
        assert_eq!(canonical(value), other);
    }

    #[test]
    fn numbers_as_in_appendix_b_of_rfc_8785() {
        for (bits, text) in [
            (0x0000_0000_0000_0000, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
            (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0x41b3_de43_5555_5557, "333333333.33333343"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ] {
            let value = json!(f64::from_bits(bits));
            assert_eq!(canonical(&value), text, "{bits:x}");
            agrees(&value);
        }
    }

    #[test]
    fn any_number_as_the_other_implementation_writes_it() {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        for round in 0..200_000_u64 {
            // xorshift64*
            state ^= state >> 12;
            state ^= state << 25;
            state ^= state >> 27;
            let bits = state.wrapping_mul(0x2545_f491_4f6c_dd1d);
            let double = f64::from_bits(bits);
            if double.is_finite() {
                agrees(&json!(double));
            }
            #[allow(clippy::cast_precision_loss)]
            agrees(&json!(((bits >> 20) as f64) / 10_f64.powi(i32::try_from(round % 24).unwrap())));
            agrees(&json!(bits >> (round % 60)));
            agrees(&json!((bits >> (round % 60)).cast_signed().wrapping_neg()));
        }
    }

    #[test]
    fn texts_and_keys_as_the_other_implementation_writes_them() {
        let controls: String = (0..=0x7f_u8).map(char::from).collect();
        agrees(&json!({
            controls.clone(): controls, "\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6,
            "ö": [], "": {}, "nested": [{"b": null, "a": true}, [false, "\u{2028}é𝄞"]],
        }));
    }
}
