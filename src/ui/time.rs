//! Times, spans and numbers in words, by the browser's Intl. Moments are milliseconds since 1970.

use std::cell::RefCell;

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

/// The languages' own formatters; making one costs more than a hundred uses.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Clock,
    DayClock,
    Day,
    DayYear,
    Number,
    Unit(&'static str),
}

thread_local! {
    static MADE: RefCell<Vec<(String, Style, Function)>> = const { RefCell::new(Vec::new()) };
    static RELATIVE: RefCell<Vec<(String, &'static str, Intl::RelativeTimeFormat)>> =
        const { RefCell::new(Vec::new()) };
}

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// "14:05" today, "21 Nov, 14:05" on another day. 24 hours in every language, as on the radio.
pub fn moment(language: &str, at: i64, now: i64) -> String {
    let style = if day_of(at) == day_of(now) { Style::Clock } else { Style::DayClock };
    format(language, style, number_of(at))
}

/// "21 Nov", and "21 Nov 2024" where it would be taken for another year's: what is of a day and not of a minute.
pub fn day(language: &str, at: i64, now: i64) -> String {
    let style = if is_far(at, now) { Style::DayYear } else { Style::Day };
    format(language, style, number_of(at))
}

fn is_far(at: i64, now: i64) -> bool {
    at.saturating_sub(now).abs() > 300 * DAY
}

/// "47 min ago", "in 4 min"; "now" when it is less than a minute away.
pub fn ago(language: &str, at: i64, now: i64) -> String {
    let (count, unit) = match at.saturating_sub(now) {
        near if near.abs() < MINUTE => (0, "second"),
        far => largest(far),
    };
    RELATIVE.with_borrow_mut(|made| {
        let numeric = if count == 0 { "auto" } else { "always" };
        let known = made.iter().position(|(tag, own, _)| tag == language && *own == numeric);
        let at = known.unwrap_or_else(|| {
            let options = object(&[("style", "short"), ("numeric", numeric)]);
            let relative = Intl::RelativeTimeFormat::new(&locales(language), &options);
            made.push((language.to_owned(), numeric, relative));
            made.len() - 1
        });
        made.get(at).map(|(.., relative)| relative.format(number_of(count), unit).into()).unwrap_or_default()
    })
}

/// "8 sec", "3 min": how long something lasts or how old it is.
pub fn span(language: &str, ms: i64) -> String {
    let (count, unit) = largest(ms.saturating_abs());
    format(language, Style::Unit(unit), number_of(count))
}

/// "12 MB".
pub fn bytes(language: &str, count: f64) -> String {
    let (size, unit) = if count < 1e6 {
        (count / 1e3, "kilobyte")
    } else if count < 1e9 {
        (count / 1e6, "megabyte")
    } else {
        (count / 1e9, "gigabyte")
    };
    format(language, Style::Unit(unit), size)
}

pub fn number(language: &str, value: f64) -> String {
    format(language, Style::Number, value)
}

/// A moment as `<input type="datetime-local">` has it: by this phone's clock, in its time zone.
pub fn local_text(at: i64) -> String {
    let date = Date::new(&number_of(at).into());
    let (year, month, day) = (date.get_full_year(), date.get_month() + 1, date.get_date());
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}", date.get_hours(), date.get_minutes())
}

/// What [`local_text`] has written, or somebody in such a field; `None` for half a date.
pub fn read_local(text: &str) -> Option<i64> {
    let ms = Date::new(&text.into()).get_time();
    #[allow(clippy::cast_possible_truncation)] // a Date is whole milliseconds
    (!text.is_empty() && ms.is_finite()).then_some(ms as i64)
}

/// When it is next this time of day (`18:00`), by this phone's clock; `None` for half a time.
pub fn next(clock: &str) -> Option<i64> {
    let now = Date::now();
    #[allow(clippy::cast_possible_truncation)] // a Date is whole milliseconds
    let today = local_text(now as i64);
    let (day, _) = today.split_once('T')?;
    let at = read_local(&format!("{day}T{clock}")).filter(|_| clock.len() >= 5)?;
    Some(if number_of(at) < now { tomorrow_at(at, Clock::Like(at)) } else { at })
}

/// The hour of the day, by this phone's clock.
pub fn hour(at: i64) -> u32 {
    Date::new(&number_of(at).into()).get_hours()
}

/// A moment in RFC 3339, UTC.
pub fn stamp_text(at: i64) -> String {
    Date::new(&number_of(at).into()).to_iso_string().into()
}

/// A time of day.
#[derive(Clone, Copy)]
pub enum Clock {
    /// A full hour.
    At(u32),
    /// As this moment had it.
    Like(i64),
}

/// On the day after `now`.
pub fn tomorrow_at(now: i64, clock: Clock) -> i64 {
    let (hours, minutes) = match clock {
        Clock::At(hours) => (hours, 0),
        Clock::Like(at) => {
            let like = Date::new(&number_of(at).into());
            (like.get_hours(), like.get_minutes())
        }
    };
    let date = Date::new(&number_of(now.saturating_add(DAY)).into());
    date.set_hours(hours);
    date.set_minutes(minutes);
    date.set_seconds(0);
    #[allow(clippy::cast_possible_truncation)] // a Date is whole milliseconds
    let at = date.set_milliseconds(0) as i64;
    at
}

/// "West Africa Standard Time": the zone of this phone's clock.
pub fn zone(language: &str, at: i64) -> String {
    let format = Intl::DateTimeFormat::new(&locales(language), &object(&[("timeZoneName", "long")]));
    let parts = format.format_to_parts(&Date::new(&number_of(at).into()));
    let get = |part: &JsValue, key: &str| Reflect::get(part, &key.into()).ok()?.as_string();
    let zone = parts.iter().find(|part| get(part, "type").as_deref() == Some("timeZoneName"));
    zone.and_then(|part| get(&part, "value")).unwrap_or_default()
}

/// The count in the largest unit that is full, keeping the sign.
fn largest(ms: i64) -> (i64, &'static str) {
    match ms.saturating_abs() {
        size if size < MINUTE => (ms / 1000, "second"),
        size if size < 2 * HOUR => (ms / MINUTE, "minute"),
        size if size < 2 * DAY => (ms / HOUR, "hour"),
        _ => (ms / DAY, "day"),
    }
}

fn day_of(at: i64) -> (u32, u32, u32) {
    let date = Date::new(&number_of(at).into());
    (date.get_full_year(), date.get_month(), date.get_date())
}

fn format(language: &str, style: Style, value: f64) -> String {
    let formatter = MADE.with_borrow(|made| {
        let known = made.iter().find(|(tag, own, _)| tag == language && *own == style);
        known.map(|(.., formatter)| formatter.clone())
    });
    let formatter = formatter.unwrap_or_else(|| {
        let formatter = make(language, style);
        MADE.with_borrow_mut(|made| made.push((language.to_owned(), style, formatter.clone())));
        formatter
    });
    formatter.call1(&JsValue::NULL, &value.into()).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

fn make(language: &str, style: Style) -> Function {
    let tag = locales(language);
    let clock = [("hour", "2-digit"), ("minute", "2-digit"), ("hourCycle", "h23")];
    match style {
        Style::Clock => Intl::DateTimeFormat::new(&tag, &object(&clock)).format(),
        Style::DayClock => {
            let options = [("day", "numeric"), ("month", "short"), clock[0], clock[1], clock[2]];
            Intl::DateTimeFormat::new(&tag, &object(&options)).format()
        }
        Style::Day => {
            let options = [("day", "numeric"), ("month", "short")];
            Intl::DateTimeFormat::new(&tag, &object(&options)).format()
        }
        Style::DayYear => {
            let options = [("day", "numeric"), ("month", "short"), ("year", "numeric")];
            Intl::DateTimeFormat::new(&tag, &object(&options)).format()
        }
        Style::Number => Intl::NumberFormat::new(&tag, &Object::new()).format(),
        Style::Unit(unit) => {
            let (tag, display) = unit_form(language, unit);
            let options = object(&[("style", "unit"), ("unit", unit), ("unitDisplay", display)]);
            // Setting a property of a fresh object cannot fail.
            let _ = Reflect::set(&options, &"maximumFractionDigits".into(), &0.into());
            Intl::NumberFormat::new(&locales(tag), &options).format()
        }
    }
}

/// In which form a span has the same units as [`ago`] in its language: British English has "17 min ago" and "17 mins",
/// Arabic "قبل 17 دقيقة" and "17 د".
fn unit_form<'a>(language: &'a str, unit: &str) -> (&'a str, &'static str) {
    let of_time = !unit.ends_with("byte");
    match language.get(..2) {
        Some("en") => ("en-US", "short"),
        Some("ar") if of_time => (language, "long"),
        _ => (language, "short"),
    }
}

fn locales(language: &str) -> Array {
    Array::of1(&language.into())
}

fn object(entries: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (key, value) in entries {
        let _ = Reflect::set(&object, &(*key).into(), &(*value).into());
    }
    object
}

/// Exact for every moment that can be written.
#[allow(clippy::cast_precision_loss)]
fn number_of(value: i64) -> f64 {
    value as f64
}
