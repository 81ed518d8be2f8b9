//! `GeoJSON` (RFC 7946).

use serde_json::{Value, json};

use super::area::cell;
use super::{Exported, Publisher, mapping, text};
use crate::event::Spot;
use crate::json::{Members, put};

pub const MEDIA_TYPE: &str = "application/geo+json";

/// A collection with a feature for each item whose place is known on the globe: a point, or for a place that is meant as
/// an area the square that it is in. `without_position` says how many items are not in it for want of one.
pub fn collection(items: &[Exported<'_>], publisher: &Publisher<'_>) -> String {
    let mut features = vec![];
    for item in items {
        let geometry = item.row.spot.as_ref().and_then(geometry);
        features.extend(geometry.map(|geometry| feature(item, &geometry, publisher)));
    }
    let mut members = Members::new();
    put(&mut members, "type", "FeatureCollection".into());
    put(&mut members, "without_position", (items.len() - features.len()).into());
    put(&mut members, "features", Value::Array(features));
    Value::Object(members).to_string()
}

/// Longitude first; the ring goes counterclockwise.
fn geometry(spot: &Spot) -> Option<Value> {
    let position =
        |(lat, lon): (f64, f64)| Value::Array(vec![text::rounded(lon).into(), text::rounded(lat).into()]);
    let at = spot.at?;
    if !spot.coarse {
        return Some(json!({"type": "Point", "coordinates": position(at)}));
    }
    let ring = Value::Array(cell(at).map(position).to_vec());
    Some(json!({"type": "Polygon", "coordinates": [ring]}))
}

fn feature(item: &Exported<'_>, geometry: &Value, publisher: &Publisher<'_>) -> Value {
    json!({
        "type": "Feature",
        "id": item.row.id.to_string(),
        "geometry": geometry,
        "properties": properties(item, publisher),
    })
}

/// As the columns of [`super::hxl`]; what is not known is left out.
fn properties(item: &Exported<'_>, publisher: &Publisher<'_>) -> Value {
    let row = &item.row;
    let mut members = Members::new();
    let mut text = |name: &str, value: &str| {
        if !value.is_empty() {
            put(&mut members, name, text::clean(value).into());
        }
    };
    text("type", &row.form);
    text("headline", &item.headline());
    text("description", &item.description());
    text("occurred", &format!("{}Z", text::seconds(row.happened)));
    text("reported", &format!("{}Z", text::seconds(row.reported)));
    text("place", &item.place_name());
    text("pcode", &item.pcode());
    text("severity", mapping::severity(item));
    text("status", &row.status);
    text("outcome", row.outcome.as_deref().unwrap_or_default());
    text("source", &item.source(publisher));
    let numbers = [
        ("likelihood", row.likelihood.map(u32::from)),
        ("impact", row.impact.map(u32::from)),
        ("killed", item.people("killed")),
        ("injured", item.people("wounded")),
        ("kidnapped", item.people("kidnapped")),
    ];
    for (name, number) in numbers {
        if let Some(number) = number {
            put(&mut members, name, number.into());
        }
    }
    put(&mut members, "coarse", row.spot.as_ref().is_some_and(|spot| spot.coarse).into());
    put(&mut members, "exercise", row.exercise.into());
    Value::Object(members)
}
