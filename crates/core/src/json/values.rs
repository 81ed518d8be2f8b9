//! What stands in JSON by itself: text, numbers, lists and what may be missing.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Fault, Json, Members, WRONG, members, put};

impl Json for String {
    fn from_value(value: &Value) -> Result<Self, Fault> {
        value.as_str().map(str::to_owned).ok_or(WRONG)
    }

    fn to_value(&self) -> Value {
        self.as_str().into()
    }
}

impl Json for bool {
    fn from_value(value: &Value) -> Result<Self, Fault> {
        value.as_bool().ok_or(WRONG)
    }

    fn to_value(&self) -> Value {
        (*self).into()
    }

    fn is_nothing(&self) -> bool {
        !self
    }
}

impl Json for f64 {
    fn from_value(value: &Value) -> Result<Self, Fault> {
        value.as_f64().ok_or(WRONG)
    }

    fn to_value(&self) -> Value {
        (*self).into()
    }
}

impl Json for u64 {
    fn from_value(value: &Value) -> Result<Self, Fault> {
        value.as_u64().ok_or(WRONG)
    }

    fn to_value(&self) -> Value {
        (*self).into()
    }
}

impl Json for i64 {
    fn from_value(value: &Value) -> Result<Self, Fault> {
        value.as_i64().ok_or(WRONG)
    }

    fn to_value(&self) -> Value {
        (*self).into()
    }
}

macro_rules! small_numbers {
    ($($name:ty),+) => {$(
        impl Json for $name {
            fn from_value(value: &Value) -> Result<Self, Fault> {
                u64::from_value(value)?.try_into().map_err(|_| WRONG)
            }

            fn to_value(&self) -> Value {
                (*self).into()
            }
        }
    )+};
}

small_numbers!(u8, u32, usize);

/// Degrees: latitude, longitude.
impl Json for (f64, f64) {
    fn from_value(value: &Value) -> Result<Self, Fault> {
        let Some([one, other]) = value.as_array().map(Vec::as_slice) else { return Err(WRONG) };
        Ok((f64::from_value(one)?, f64::from_value(other)?))
    }

    fn to_value(&self) -> Value {
        Value::Array(vec![self.0.into(), self.1.into()])
    }
}

impl<T: Json> Json for Option<T> {
    fn from_value(value: &Value) -> Result<Self, Fault> {
        if value.is_null() { Ok(None) } else { T::from_value(value).map(Some) }
    }

    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_value)
    }

    fn is_nothing(&self) -> bool {
        self.is_none()
    }
}

impl<T: Json> Json for Vec<T> {
    fn from_value(value: &Value) -> Result<Self, Fault> {
        let items = value.as_array().ok_or(WRONG)?;
        let mut all = Self::with_capacity(items.len());
        for item in items {
            all.push(T::from_value(item)?);
        }
        Ok(all)
    }

    fn to_value(&self) -> Value {
        Value::Array(self.iter().map(T::to_value).collect())
    }

    fn is_nothing(&self) -> bool {
        self.is_empty()
    }
}

impl<const N: usize> Json for [String; N] {
    fn from_value(value: &Value) -> Result<Self, Fault> {
        Vec::from_value(value)?.try_into().map_err(|_| WRONG)
    }

    fn to_value(&self) -> Value {
        Value::Array(self.iter().map(String::to_value).collect())
    }
}

impl<T: Json> Json for Box<T> {
    fn from_value(value: &Value) -> Result<Self, Fault> {
        T::from_value(value).map(Self::new)
    }

    fn to_value(&self) -> Value {
        T::to_value(self)
    }
}

impl<K: Json + Ord, T: Json> Json for BTreeMap<K, T> {
    fn from_value(value: &Value) -> Result<Self, Fault> {
        // One by one: collecting would sort, with a sort of its own.
        let mut map = Self::new();
        for (name, value) in members(value)? {
            map.insert(K::from_value(&Value::String(name.clone()))?, T::from_value(value)?);
        }
        Ok(map)
    }

    fn to_value(&self) -> Value {
        let mut members = Members::new();
        for (name, value) in self {
            put(&mut members, name.to_value().as_str().unwrap_or_default(), value.to_value());
        }
        Value::Object(members)
    }
}
