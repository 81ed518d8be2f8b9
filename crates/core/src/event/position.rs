use serde_json::{Map, Value};

use super::Stamp;
use super::code_list::code_list;
use super::draft::{Checks, FieldError, MAX_NAME, Problem};
use crate::json::{Fault, Json, Members, WRONG, members, put};
use crate::{json_serialize, json_struct};

code_list! {
    /// Where a position comes from (domain.md, movement).
    PositionSource {
        Gps = "gps",
        Odometer = "odometer",
        Waypoint = "waypoint",
        Landmark = "landmark",
        CodeName = "code_name",
        None = "none",
    }
}

/// Where the author was. A position is what there was at the moment of saving; nothing waits for it.
#[derive(Debug, Clone, PartialEq)]
pub enum Position {
    Gps {
        /// WGS 84 degrees.
        lat: f64,
        /// WGS 84 degrees.
        lon: f64,
        /// Radius of 68 % confidence in metres, as the phone states it.
        accuracy: f64,
        /// When the fix was taken.
        fixed: Stamp,
    },
    /// Kilometres from departure.
    Odometer {
        km: f64,
    },
    Waypoint {
        name: String,
    },
    Landmark {
        name: String,
    },
    CodeName {
        name: String,
    },
    None,
    /// A source this version does not know.
    Unknown,
}

impl Json for Position {
    fn from_value(value: &Value) -> Result<Self, Fault> {
        Self::read(members(value)?).ok_or(WRONG)
    }

    fn to_value(&self) -> Value {
        let mut members = Members::new();
        let source = if *self == Self::Unknown { "unknown".into() } else { self.source().to_value() };
        put(&mut members, "source", source);
        match self {
            Self::Gps { lat, lon, accuracy, fixed } => {
                put(&mut members, "lat", (*lat).into());
                put(&mut members, "lon", (*lon).into());
                put(&mut members, "accuracy", (*accuracy).into());
                put(&mut members, "fixed", fixed.to_value());
            }
            Self::Odometer { km } => put(&mut members, "km", (*km).into()),
            Self::Waypoint { name } | Self::Landmark { name } | Self::CodeName { name } => {
                put(&mut members, "name", name.to_value());
            }
            Self::None | Self::Unknown => {}
        }
        Value::Object(members)
    }
}

json_struct!(@read Position);
json_serialize!(Position);

/// A fix older than this says where the phone was, not where it is: two minutes at 60 km/h are two kilometres.
pub const MAX_FIX_AGE_MS: i64 = 120_000;
const MAX_KM: i64 = 100_000;

impl Position {
    fn read(members: &Map<String, Value>) -> Option<Self> {
        let text = |member: &str| members.get(member)?.as_str();
        let number = |member: &str| members.get(member)?.as_f64();
        let name = || text("name").map(str::to_owned);
        Some(match PositionSource::from_code(text("source")?) {
            PositionSource::Gps => Self::Gps {
                lat: number("lat")?,
                lon: number("lon")?,
                accuracy: number("accuracy")?,
                fixed: text("fixed")?.parse().ok()?,
            },
            PositionSource::Odometer => Self::Odometer { km: number("km")? },
            PositionSource::Waypoint => Self::Waypoint { name: name()? },
            PositionSource::Landmark => Self::Landmark { name: name()? },
            PositionSource::CodeName => Self::CodeName { name: name()? },
            PositionSource::None => Self::None,
            PositionSource::Other(_) => Self::Unknown,
        })
    }

    pub fn source(&self) -> PositionSource {
        match self {
            Self::Gps { .. } => PositionSource::Gps,
            Self::Odometer { .. } => PositionSource::Odometer,
            Self::Waypoint { .. } => PositionSource::Waypoint,
            Self::Landmark { .. } => PositionSource::Landmark,
            Self::CodeName { .. } => PositionSource::CodeName,
            Self::None | Self::Unknown => PositionSource::None,
        }
    }
}

/// What a person chose and typed about where they are.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PositionDraft {
    /// `None` in the form means: GPS if it is there, else nothing.
    pub source: Option<PositionSource>,
    /// Kilometres as typed.
    pub km: String,
    /// Waypoint, landmark or code name as typed.
    pub place: String,
}

json_struct!(PositionDraft: draft [source, km, place]);
json_serialize!(PositionDraft);

impl PositionDraft {
    /// The position to save: what was typed, or the GPS fix if one came in time, or none.
    pub(crate) fn parse(&self, fix: Option<Position>, now: Stamp, checks: &mut Checks) -> Option<Position> {
        match self.source.as_ref().unwrap_or(&PositionSource::Gps) {
            PositionSource::Gps => Some(fresh(fix, now)),
            PositionSource::Odometer => {
                let km = checks.number("km", &self.km, 0, MAX_KM);
                if self.km.trim().is_empty() {
                    checks.fail("km", Problem::Required);
                }
                km.map(|km| Position::Odometer { km })
            }
            PositionSource::Waypoint => self.place(checks).map(|name| Position::Waypoint { name }),
            PositionSource::Landmark => self.place(checks).map(|name| Position::Landmark { name }),
            PositionSource::CodeName => self.place(checks).map(|name| Position::CodeName { name }),
            PositionSource::None | PositionSource::Other(_) => Some(Position::None),
        }
    }

    fn place(&self, checks: &mut Checks) -> Option<String> {
        let name = checks.text("place", &self.place, MAX_NAME);
        if name.is_none() {
            checks.fail("place", Problem::Required);
        }
        name
    }
}

fn fresh(fix: Option<Position>, now: Stamp) -> Position {
    match fix {
        Some(Position::Gps { fixed, .. }) if now.ms_since(fixed).abs() > MAX_FIX_AGE_MS => Position::None,
        Some(position) => position,
        None => Position::None,
    }
}

/// Whether a received position can be real; errors name the field.
pub(crate) fn check(position: &Position) -> Result<(), FieldError> {
    let wrong = |field, max: i64| Err(FieldError::new(field, Problem::OutOfRange { min: -max, max }));
    match position {
        Position::Gps { lat, .. } if !(-90.0..=90.0).contains(lat) => wrong("position.lat", 90),
        Position::Gps { lon, .. } if !(-180.0..=180.0).contains(lon) => wrong("position.lon", 180),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fix(fixed: i64) -> Position {
        Position::Gps { lat: 12.3, lon: 19.6, accuracy: 12.0, fixed: Stamp(fixed) }
    }

    #[test]
    fn an_old_fix_is_left_out_rather_than_passed_off_as_now() {
        let mut checks = Checks::default();
        let draft = PositionDraft::default();
        let now = Stamp(1_000_000);
        assert_eq!(draft.parse(Some(fix(999_000)), now, &mut checks), Some(fix(999_000)));
        assert_eq!(draft.parse(Some(fix(100_000)), now, &mut checks), Some(Position::None));
        assert_eq!(draft.parse(None, now, &mut checks), Some(Position::None));
    }

    #[test]
    fn a_position_source_of_a_newer_phone_is_read() {
        let position: Position =
            serde_json::from_str(r#"{"source":"what_three_words","words":"a.b.c"}"#).unwrap();
        assert_eq!(position, Position::Unknown);
    }

    #[test]
    fn positions_are_read_as_they_were_written() {
        let name = || "Bridge 4".to_owned();
        for position in [
            fix(999_000),
            Position::Odometer { km: 12.5 },
            Position::Waypoint { name: name() },
            Position::Landmark { name: name() },
            Position::CodeName { name: name() },
            Position::None,
        ] {
            let json = serde_json::to_string(&position).unwrap();
            assert_eq!(serde_json::from_str::<Position>(&json).unwrap(), position, "{json}");
        }
        for wrong in [r#"{"lat":1}"#, r#"{"source":"odometer"}"#, r#"{"source":"odometer","km":"1"}"#, "7"] {
            assert!(serde_json::from_str::<Position>(wrong).is_err(), "{wrong}");
        }
    }
}
