use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::json::json_text;

/// A moment in UTC, in whole milliseconds since 1970-01-01T00:00:00Z. RFC 3339 with milliseconds on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Stamp(pub i64);

const CLOCK_TOLERANCE_MS: u64 = 2_000;

/// 0001-01-01 and 9999-12-31: what RFC 3339 can write.
const WRITABLE: std::ops::RangeInclusive<i64> = -62_135_596_800_000..=253_402_300_799_999;

impl Stamp {
    /// This moment moved by `ms`, kept within what can be written.
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms).clamp(*WRITABLE.start(), *WRITABLE.end()))
    }

    /// This moment of a clock that is off by `offset` milliseconds, by the clock it was compared with. Small differences
    /// are the network's and are left alone.
    #[must_use]
    pub fn corrected(self, offset: Option<i64>) -> Self {
        match offset {
            Some(offset) if offset.unsigned_abs() > CLOCK_TOLERANCE_MS => self.plus_ms(offset),
            _ => self,
        }
    }

    /// Milliseconds from `earlier` to this moment; negative when it is not earlier.
    pub fn ms_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = self.0.clamp(*WRITABLE.start(), *WRITABLE.end());
        let moment =
            OffsetDateTime::from_unix_timestamp_nanos(i128::from(ms) * 1_000_000).map_err(|_| fmt::Error)?;
        let (date, time) = (moment.date(), moment.time());
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            date.year(),
            u8::from(date.month()),
            date.day(),
            time.hour(),
            time.minute(),
            time.second(),
            time.millisecond()
        )
    }
}

impl FromStr for Stamp {
    type Err = time::error::Parse;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let nanos = OffsetDateTime::parse(text, &Rfc3339)?.unix_timestamp_nanos();
        Ok(Self(i64::try_from(nanos.div_euclid(1_000_000)).unwrap_or_default()))
    }
}

json_text!(Stamp);

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Stamp;

    #[test]
    fn writes_and_reads_rfc_3339() {
        let stamp = Stamp(1_784_000_123_045);
        assert_eq!(stamp.to_string(), "2026-07-14T03:35:23.045Z");
        assert_eq!(stamp.to_string().parse(), Ok(stamp));
        assert_eq!("2026-07-14T05:35:23.045+02:00".parse(), Ok(stamp));
        assert!("yesterday".parse::<Stamp>().is_err());
    }

    #[test]
    fn no_number_of_milliseconds_breaks_it() {
        for ms in [i64::MIN, -1, 0, i64::MAX] {
            let stamp = Stamp(ms).plus_ms(0);
            assert_eq!(stamp.to_string().parse(), Ok(stamp));
        }
    }
}
