//! A row of the Aid Worker Security Database (Humanitarian Outcomes, aidworkersecurity.org) as an incident.

mod columns;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};
use waymark_core::event::form::{External, MAX_PEOPLE, MAX_WORDS};
use waymark_core::event::{EventId, MAX_NAME, Spot, Stamp};
use waymark_core::json::Json as _;

use super::table::{Row, Table};
use crate::watch::named;
use columns::{CODES, COUNTS, MORE, PLACES, means};
pub use columns::{ID, NEEDED};

/// What the database is called in records.
pub const SOURCE: &str = "AWSD";

/// What a row says.
#[derive(Debug, Clone, PartialEq)]
pub struct Incident {
    /// What the database calls it.
    pub id: String,
    /// The beginning of the day, month or year, as far as that is known.
    pub happened: Stamp,
    /// The data of an `incident.reported`.
    pub data: Map<String, Value>,
    pub doubts: Vec<Doubt>,
}

/// Why a row is not brought in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("it has {found} fields instead of {needed}")]
    Fields { found: usize, needed: usize },
    #[error("its quotation marks are not doubled, and it may hold the rows below it")]
    Broken,
    #[error("it has no incident id")]
    NoId,
    #[error("its incident id is longer than {MAX_NAME} characters")]
    LongId,
    #[error("there is no such day: {}", quoted(.0))]
    NoDay(String),
    #[error("it has not happened yet: {}", quoted(.0))]
    InFuture(String),
    #[error("{column} is no count of people: {}", quoted(.text))]
    NoCount { column: &'static str, text: String },
    #[error("its details are longer than {MAX_WORDS} characters")]
    LongDetails,
}

/// What is odd about a row that is brought in all the same.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    #[error("imported without coordinates: {} and {} are no place on the globe", quoted(.0), quoted(.1))]
    NoPlace(String, String),
    #[error("{sum} killed, wounded and kidnapped, but {affected} affected")]
    Affected { sum: u64, affected: u64 },
    #[error("the name of its place was cut")]
    PlaceCut,
}

impl Incident {
    /// Reads a row.
    ///
    /// # Errors
    /// Why it is not brought in.
    pub fn read(table: &Table, row: &Row, now: Stamp) -> Result<Self, Unfit> {
        if row.broken {
            return Err(Unfit::Broken);
        }
        if row.cells.len() != table.width {
            return Err(Unfit::Fields { found: row.cells.len(), needed: table.width });
        }
        let cells = Cells { table, row };
        let id = match cells.get(ID) {
            id if id.is_empty() => return Err(Unfit::NoId),
            id if id.chars().count() > MAX_NAME => return Err(Unfit::LongId),
            id => id,
        };
        let (happened, precision) = cells.day(now)?;
        let mut doubts = vec![];
        let mut data = Map::new();
        data.insert("happened".into(), happened.to_value());
        if let Some(precision) = precision {
            data.insert("precision".into(), precision.into());
        }
        cells.put_counts(&mut data, &mut doubts)?;
        cells.put_place(&mut data, &mut doubts);
        for (column, name) in CODES {
            put_text(&mut data, name, cells.get(column));
        }
        put_text(&mut data, "country", cells.get("Country"));
        data.insert("what".into(), cells.what(&data)?.into());
        data.insert("external".into(), External { source: SOURCE.into(), id: id.clone() }.to_value());
        let more = cells.more();
        if !more.is_empty() {
            data.insert("awsd".into(), more.into());
        }
        Ok(Self { id, happened, data, doubts })
    }

    /// The same whenever the same incident is brought in for the first time.
    pub fn event_id(&self) -> EventId {
        named(self.happened, &[SOURCE, &self.id])
    }
}

fn put_text(data: &mut Map<String, Value>, name: &str, text: String) {
    if !text.is_empty() {
        data.insert(name.to_owned(), text.into());
    }
}

/// A few characters of a cell, fit for a terminal.
fn quoted(text: &str) -> String {
    let start: String = text.chars().take(40).collect();
    format!("{start:?}")
}

struct Cells<'a> {
    table: &'a Table,
    row: &'a Row,
}

impl Cells<'_> {
    fn get(&self, column: &str) -> String {
        self.table.get(self.row, column)
    }

    /// The beginning of the day, and what is known instead of the day.
    fn day(&self, now: Stamp) -> Result<(Stamp, Option<&'static str>), Unfit> {
        const DAY_MS: i64 = 86_400_000;
        let [year, month, day] = ["Year", "Month", "Day"].map(|column| self.get(column));
        let (month, day, precision) = match (&month[..], &day[..]) {
            ("", _) => ("1", "1", Some("year")),
            (month, "") => (month, "1", Some("month")),
            (month, day) => (month, day, None),
        };
        let written = || format!("{year}-{month}-{day}");
        let at = date(&year, month, day).ok_or_else(|| Unfit::NoDay(written()))?;
        if at.ms_since(now) > DAY_MS { Err(Unfit::InFuture(written())) } else { Ok((at, precision)) }
    }

    fn put_counts(&self, data: &mut Map<String, Value>, doubts: &mut Vec<Doubt>) -> Result<(), Unfit> {
        for (column, name) in COUNTS {
            let text = self.get(column);
            if text.is_empty() {
                continue;
            }
            match text.parse::<u32>() {
                Ok(count) if count <= MAX_PEOPLE => data.insert(name.to_owned(), count.into()),
                _ => return Err(Unfit::NoCount { column, text }),
            };
        }
        let count = |name: &str| data.get(name).and_then(Value::as_u64);
        let sum = ["killed", "wounded", "kidnapped"].into_iter().filter_map(count).sum();
        match count("affected") {
            Some(affected) if affected != sum => doubts.push(Doubt::Affected { sum, affected }),
            _ => {}
        }
        Ok(())
    }

    /// Its coordinates are those of the smallest place that is named: of a town, or of the middle of a country.
    fn put_place(&self, data: &mut Map<String, Value>, doubts: &mut Vec<Doubt>) {
        let mut parts: Vec<String> = vec![];
        let mut level = None;
        for (column, name) in PLACES {
            let part = self.get(column);
            if !part.is_empty() {
                level = level.or(Some(name));
                parts.push(part);
            }
        }
        parts.dedup_by_key(|part| part.to_lowercase());
        let mut name = parts.join(", ");
        if name.chars().count() > MAX_NAME {
            doubts.push(Doubt::PlaceCut);
            name = name.chars().take(MAX_NAME - 1).chain(['…']).collect();
        }
        let at = self.at(doubts);
        if name.is_empty() && at.is_none() {
            return;
        }
        let coarse = at.is_some() && level != Some("city");
        data.insert("place".into(), Spot { name, at, coarse, pcode: None }.to_value());
        if let Some(level) = level.filter(|_| at.is_some()) {
            data.insert("place_level".into(), level.into());
        }
    }

    fn at(&self, doubts: &mut Vec<Doubt>) -> Option<(f64, f64)> {
        let (lat, lon) = (self.get("Latitude"), self.get("Longitude"));
        if lat.is_empty() && lon.is_empty() {
            return None;
        }
        let degrees = |text: &str, most: f64| {
            text.parse::<f64>().ok().filter(|degrees| (-most..=most).contains(degrees))
        };
        // 0, 0 is in the sea, and what programs write who know nothing.
        let at = degrees(&lat, 90.0).zip(degrees(&lon, 180.0)).filter(|at| *at != (0.0, 0.0));
        if at.is_none() {
            doubts.push(Doubt::NoPlace(lat, lon));
        }
        at
    }

    /// The details, or a sentence about what else is known.
    fn what(&self, data: &Map<String, Value>) -> Result<String, Unfit> {
        let details = self.get("Details");
        if details.chars().count() > MAX_WORDS {
            return Err(Unfit::LongDetails);
        }
        if !details.is_empty() {
            return Ok(details);
        }
        let code = data.get("means").and_then(Value::as_str).unwrap_or("U");
        let means = means(code).map_or_else(|| format!("Incident ({code})"), str::to_owned);
        let place = data.get("place").and_then(|place| place.get("name")).and_then(Value::as_str);
        Ok(match place.filter(|name| !name.is_empty()) {
            Some(place) => format!("{means} in {place}. There are no details."),
            None => format!("{means}. There are no details."),
        })
    }

    fn more(&self) -> Map<String, Value> {
        let mut more = Map::new();
        for (column, name) in MORE {
            let value = match self.get(column) {
                text if text.is_empty() => continue,
                text => text.parse::<u64>().map_or_else(|_| text.clone().into(), Value::from),
            };
            if value != 0 {
                more.insert(name.to_owned(), value);
            }
        }
        more
    }
}

/// `None` unless it is a day since 1970.
fn date(year: &str, month: &str, day: &str) -> Option<Stamp> {
    let number = |text: &str| text.parse::<u16>().ok();
    let (year, month, day) = (number(year)?, number(month)?, number(day)?);
    let at: Stamp = format!("{year:04}-{month:02}-{day:02}T00:00:00Z").parse().ok()?;
    Some(at).filter(|at| at.0 >= 0)
}
