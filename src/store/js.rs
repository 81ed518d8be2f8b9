//! Rows as JavaScript objects, by hand: what serde needs for it is several times as large in WebAssembly.

use std::cell::RefCell;

use indexed_db_futures::error::{Error, SimpleValueError};
use indexed_db_futures::primitive::{TryFromJs, TryToJs};
use js_sys::{Array, JSON, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use waymark_core::json::Json;

/// A row that is being written.
pub(super) struct Row(Object);

impl Row {
    pub fn new() -> Self {
        Self(Object::new())
    }

    pub fn with(self, name: &'static str, value: &JsValue) -> Self {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&self.0, &known(name), value);
        self
    }

    pub fn text(self, name: &'static str, text: &str) -> Self {
        self.with(name, &text.into())
    }

    pub fn number(self, name: &'static str, number: f64) -> Self {
        self.with(name, &number.into())
    }

    /// Left out where there is none, so that an index passes the row over.
    pub fn optional(self, name: &'static str, number: Option<f64>) -> Self {
        match number {
            Some(number) => self.number(name, number),
            None => self,
        }
    }

    pub fn done(self) -> JsValue {
        self.0.into()
    }
}

thread_local! {
    static NAMES: RefCell<Vec<(&'static str, JsValue)>> = const { RefCell::new(Vec::new()) };
}

/// The name of a property as JavaScript has it, made once: a board reads tens of thousands of them.
fn known(name: &'static str) -> JsValue {
    NAMES.with_borrow_mut(|names| {
        if let Some((_, value)) = names.iter().find(|(own, _)| std::ptr::eq(*own, name)) {
            return value.clone();
        }
        let value = JsValue::from(name);
        names.push((name, value.clone()));
        value
    })
}

pub(super) fn member(row: &JsValue, name: &'static str) -> JsValue {
    Reflect::get(row, &known(name)).unwrap_or_default()
}

pub(super) fn text(row: &JsValue, name: &'static str) -> Result<String, SimpleValueError> {
    let value = member(row, name);
    value.as_string().ok_or(SimpleValueError::NotAString(value))
}

pub(super) fn number(row: &JsValue, name: &'static str) -> Result<f64, SimpleValueError> {
    let value = member(row, name);
    value.as_f64().ok_or(SimpleValueError::NotANumber(value))
}

pub(super) fn optional(row: &JsValue, name: &'static str) -> Option<f64> {
    member(row, name).as_f64()
}

/// Two numbers, or one that an earlier version wrote in place of them.
pub(super) fn pair(row: &JsValue, name: &'static str) -> Option<[f64; 2]> {
    let value = member(row, name);
    match value.dyn_ref::<Array>() {
        Some(pair) => Some([pair.get(0).as_f64()?, pair.get(1).as_f64()?]),
        None => Some([2.0, value.as_f64()?]),
    }
}

/// A counter; JavaScript's numbers are doubles.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(super) fn counter(number: f64) -> u64 {
    number as u64
}

/// See [`counter`].
#[allow(clippy::cast_precision_loss)]
pub(super) fn of_counter(counter: u64) -> f64 {
    counter as f64
}

/// What stands in a row as an object of JSON.
pub(super) fn read_json<T: Json>(value: JsValue) -> Result<T, SimpleValueError> {
    let text = JSON::stringify(&value).ok().and_then(|text| text.as_string());
    let json = text.and_then(|text| serde_json::from_str(&text).ok());
    json.and_then(|json| T::from_value(&json).ok()).ok_or(SimpleValueError::DynCast(value))
}

pub(super) fn json<T: Json>(value: &T) -> JsValue {
    // What serde_json writes is JSON.
    JSON::parse(&value.to_value().to_string()).unwrap_or_default()
}

/// Bytes, as a `Uint8Array`.
#[derive(Clone)]
pub(super) struct Bytes(pub Vec<u8>);

impl TryFromJs for Bytes {
    fn from_js(js: JsValue) -> Result<Self, SimpleValueError> {
        let array: Uint8Array = js.dyn_into().map_err(SimpleValueError::DynCast)?;
        Ok(Self(array.to_vec()))
    }
}

impl TryToJs for Bytes {
    fn try_to_js(&self) -> Result<JsValue, Error> {
        Ok(Uint8Array::from(self.0.as_slice()).into())
    }
}
