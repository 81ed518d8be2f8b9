use serde_json::Value;

use crate::json::{self, Fault, Json, Members, WRONG};
use crate::{json_serialize, json_struct};

/// Where something is said to be: by name, and on the globe where that is known.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Spot {
    pub name: String,
    /// OCHA place code.
    pub pcode: Option<String>,
    /// WGS 84 degrees: latitude, longitude.
    pub at: Option<(f64, f64)>,
    /// The place is meant as an area of some ten kilometres: it is drawn as one and never as a point.
    pub coarse: bool,
}

/// How far a coarsened place may be from where it was meant: half the diagonal of a tenth of a degree, in kilometres.
pub const COARSE_KM: f64 = 8.0;

/// The longest OCHA place code, in characters.
pub const MAX_PCODE: usize = 20;

impl Json for Spot {
    fn from_value(value: &Value) -> Result<Self, Fault> {
        let members = json::members(value)?;
        let mut spot = Self::default();
        json::optional(members, "name", &mut spot.name)?;
        json::optional(members, "pcode", &mut spot.pcode)?;
        json::optional(members, "at", &mut spot.at)?;
        json::optional(members, "coarse", &mut spot.coarse)?;
        let on_globe =
            |(lat, lon): (f64, f64)| (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon);
        if spot.at.is_some_and(|at| !on_globe(at)) { Err(WRONG) } else { Ok(spot) }
    }

    fn to_value(&self) -> Value {
        let mut members = Members::new();
        json::put(&mut members, "name", self.name.to_value());
        if let Some(pcode) = &self.pcode {
            json::put(&mut members, "pcode", pcode.to_value());
        }
        if let Some(at) = &self.at {
            json::put(&mut members, "at", at.to_value());
        }
        if self.coarse {
            json::put(&mut members, "coarse", true.into());
        }
        Value::Object(members)
    }
}

json_struct!(@read Spot);
json_serialize!(Spot);

impl Spot {
    /// The same place, no more exact than a tenth of a degree: some eleven kilometres.
    #[must_use]
    pub fn coarsened(self) -> Self {
        let tenth = |degrees: f64| (degrees * 10.0).round() / 10.0;
        Self { at: self.at.map(|(lat, lon)| (tenth(lat), tenth(lon))), coarse: true, ..self }
    }
}
