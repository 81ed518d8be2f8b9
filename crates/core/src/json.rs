//! Structs as JSON objects, by hand: what serde derives for each struct is several times as large in WebAssembly.

mod values;

use serde_json::{Map, Value};

/// A value that stands in JSON.
pub trait Json: Sized {
    /// # Errors
    /// The value is of another shape.
    fn from_value(value: &Value) -> Result<Self, Fault>;

    fn to_value(&self) -> Value;

    /// Whether an optional member with this value is left out.
    fn is_nothing(&self) -> bool {
        false
    }
}

/// What is missing or of another shape: the name of the innermost member, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is missing or not what it should be")]
pub struct Fault(pub &'static str);

/// A value that is itself not what it should be.
pub const WRONG: Fault = Fault("");

impl Fault {
    fn within(self, name: &'static str) -> Self {
        if self.0.is_empty() { Self(name) } else { self }
    }
}

pub type Members = Map<String, Value>;

/// # Errors
/// It is no object.
pub fn members(value: &Value) -> Result<&Members, Fault> {
    value.as_object().ok_or(WRONG)
}

/// A member that has to be there.
///
/// # Errors
/// It is missing or of another shape.
pub fn required<T: Json>(members: &Members, name: &'static str) -> Result<T, Fault> {
    T::from_value(members.get(name).unwrap_or(&Value::Null)).map_err(|fault| fault.within(name))
}

/// A member that may be missing; `own` stays as it is then.
///
/// # Errors
/// It is of another shape.
pub fn optional<T: Json>(members: &Members, name: &'static str, own: &mut T) -> Result<(), Fault> {
    let Some(value) = members.get(name) else { return Ok(()) };
    *own = T::from_value(value).map_err(|fault| fault.within(name))?;
    Ok(())
}

/// Roughly the bytes of a value on the wire; `None` if it is deeper than `depth`.
pub fn weight(json: &Value, depth: u32) -> Option<usize> {
    let depth = depth.checked_sub(1)?;
    match json {
        Value::Null | Value::Bool(_) | Value::Number(_) => Some(8),
        Value::String(text) => Some(text.len() + 2),
        Value::Array(items) => items.iter().try_fold(2, |sum, item| Some(sum + 1 + weight(item, depth)?)),
        Value::Object(map) => {
            map.iter().try_fold(2, |sum, (name, item)| Some(sum + name.len() + 4 + weight(item, depth)?))
        }
    }
}

pub fn put(members: &mut Members, name: &str, value: Value) {
    members.insert(name.to_owned(), value);
}

/// Makes a struct a JSON object whose members are its fields.
///
/// `required` ones have to be there; `listed` ones are always written, and may be missing; `optional` ones are left out
/// where there is nothing. Of a `draft`, all are written, and what is missing stays as it is in a fresh one.
#[macro_export]
macro_rules! json_struct {
    ($name:ident: draft [$($draft:ident),+ $(,)?]) => {
        impl $crate::json::Json for $name {
            fn from_value(value: &serde_json::Value) -> Result<Self, $crate::json::Fault> {
                let members = $crate::json::members(value)?;
                let mut own = Self::default();
                $($crate::json::optional(members, stringify!($draft), &mut own.$draft)?;)+
                Ok(own)
            }

            fn to_value(&self) -> serde_json::Value {
                #[allow(unused_imports)]
                use $crate::json::Json as _;
                let mut members = $crate::json::Members::new();
                $($crate::json::put(&mut members, stringify!($draft), self.$draft.to_value());)+
                serde_json::Value::Object(members)
            }
        }
        $crate::json_struct!(@read $name);
    };
    ($name:ident:
        $(required [$($required:ident),* $(,)?])?
        $(listed [$($listed:ident),* $(,)?])?
        $(optional [$($optional:ident),* $(,)?])?
    ) => {
        impl $crate::json::Json for $name {
            fn from_value(value: &serde_json::Value) -> Result<Self, $crate::json::Fault> {
                let members = $crate::json::members(value)?;
                #[allow(unused_mut)]
                let mut own = Self {
                    $($($required: $crate::json::required(members, stringify!($required))?,)*)?
                    $($($listed: Default::default(),)*)?
                    $($($optional: Default::default(),)*)?
                };
                $($($crate::json::optional(members, stringify!($listed), &mut own.$listed)?;)*)?
                $($($crate::json::optional(members, stringify!($optional), &mut own.$optional)?;)*)?
                Ok(own)
            }

            fn to_value(&self) -> serde_json::Value {
                #[allow(unused_imports)]
                use $crate::json::Json as _;
                let mut members = $crate::json::Members::new();
                $($($crate::json::put(&mut members, stringify!($required), self.$required.to_value());)*)?
                $($($crate::json::put(&mut members, stringify!($listed), self.$listed.to_value());)*)?
                $($(if !self.$optional.is_nothing() {
                    $crate::json::put(&mut members, stringify!($optional), self.$optional.to_value());
                })*)?
                serde_json::Value::Object(members)
            }

            fn is_nothing(&self) -> bool {
                #[allow(unused_imports)]
                use $crate::json::Json as _;
                const ALWAYS: &[&str] = &[$($(stringify!($required),)*)? $($(stringify!($listed),)*)?];
                ALWAYS.is_empty() $($(&& self.$optional.is_nothing())*)?
            }
        }
        $crate::json_struct!(@read $name);
    };
    (@read $name:ident) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = <serde_json::Value as serde::Deserialize>::deserialize(deserializer)?;
                <Self as $crate::json::Json>::from_value(&value).map_err(serde::de::Error::custom)
            }
        }
    };
}

/// Writes the types with serde as [`Json`] writes them.
#[macro_export]
macro_rules! json_serialize {
    ($($name:ident),+ $(,)?) => {$(
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serde::Serialize::serialize(&$crate::json::Json::to_value(self), serializer)
            }
        }
    )+};
}

/// Types that stand in JSON as text.
macro_rules! json_text {
    ($($name:ty),+ $(,)?) => {$(
        impl $crate::json::Json for $name {
            fn from_value(value: &serde_json::Value) -> Result<Self, $crate::json::Fault> {
                value.as_str().and_then(|text| text.parse().ok()).ok_or($crate::json::WRONG)
            }

            fn to_value(&self) -> serde_json::Value {
                self.to_string().into()
            }
        }
    )+};
}

/// Types that are a text with another name.
macro_rules! json_name {
    ($name:ident) => {
        impl $crate::json::Json for $name {
            fn from_value(value: &serde_json::Value) -> Result<Self, $crate::json::Fault> {
                <String as $crate::json::Json>::from_value(value).map($name)
            }

            fn to_value(&self) -> serde_json::Value {
                self.0.as_str().into()
            }
        }
    };
}

pub(crate) use {json_name, json_text};

#[cfg(test)]
mod tests;
