//! An organisation's own layer of the map: the shapes of a `GeoJSON` file (RFC 7946), without what it says of them.

use serde_json::Value;

/// WGS 84 degrees: latitude, longitude.
pub type Point = (f64, f64);

/// The shapes of a layer, ready to be drawn.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Layer {
    /// Roads, rivers.
    pub lines: Vec<Vec<Point>>,
    /// Boundaries: rings, holes among them.
    pub areas: Vec<Vec<Point>>,
    pub points: Vec<Point>,
}

/// Why a file is no layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LayerError {
    #[error("it is no GeoJSON")]
    NotGeoJson,
    #[error("a coordinate is not on the globe")]
    OffTheGlobe,
    #[error("it has more points than can be drawn")]
    TooMany,
    #[error("there is nothing in it to draw")]
    Empty,
}

/// The most bytes of a file.
pub const MAX_BYTES: usize = 2 << 20;
/// The most points of all shapes together.
const MAX_POINTS: usize = 200_000;
/// Collections within collections.
const MAX_DEPTH: u32 = 8;

impl Layer {
    /// # Errors
    /// [`LayerError`].
    pub fn parse(text: &str) -> Result<Self, LayerError> {
        let json: Value =
            serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|_| LayerError::NotGeoJson)?;
        let mut layer = Self::default();
        layer.add(&json, MAX_DEPTH)?;
        if layer.points() == 0 { Err(LayerError::Empty) } else { Ok(layer) }
    }

    fn points(&self) -> usize {
        let of = |lists: &[Vec<Point>]| lists.iter().map(Vec::len).sum::<usize>();
        of(&self.lines) + of(&self.areas) + self.points.len()
    }

    fn add(&mut self, json: &Value, depth: u32) -> Result<(), LayerError> {
        let depth = depth.checked_sub(1).ok_or(LayerError::NotGeoJson)?;
        let list = |name: &str| json.get(name).and_then(Value::as_array).ok_or(LayerError::NotGeoJson);
        let coordinates = json.get("coordinates").unwrap_or(&Value::Null);
        match json.get("type").and_then(Value::as_str).ok_or(LayerError::NotGeoJson)? {
            "FeatureCollection" => list("features")?.iter().try_for_each(|one| self.add(one, depth))?,
            "GeometryCollection" => list("geometries")?.iter().try_for_each(|one| self.add(one, depth))?,
            "Feature" => match json.get("geometry") {
                None | Some(Value::Null) => {}
                Some(geometry) => self.add(geometry, depth)?,
            },
            "Point" => self.points.push(point(coordinates)?),
            "MultiPoint" => self.points.extend(points(coordinates)?),
            "LineString" => self.lines.push(points(coordinates)?),
            "MultiLineString" => self.lines.extend(rings(coordinates)?),
            "Polygon" => self.areas.extend(rings(coordinates)?),
            "MultiPolygon" => {
                for polygon in coordinates.as_array().ok_or(LayerError::NotGeoJson)? {
                    self.areas.extend(rings(polygon)?);
                }
            }
            _ => return Err(LayerError::NotGeoJson),
        }
        if self.points() > MAX_POINTS { Err(LayerError::TooMany) } else { Ok(()) }
    }
}

fn rings(json: &Value) -> Result<Vec<Vec<Point>>, LayerError> {
    json.as_array().ok_or(LayerError::NotGeoJson)?.iter().map(points).collect()
}

fn points(json: &Value) -> Result<Vec<Point>, LayerError> {
    json.as_array().ok_or(LayerError::NotGeoJson)?.iter().map(point).collect()
}

/// The file has longitude first, and perhaps a height.
fn point(json: &Value) -> Result<Point, LayerError> {
    let number = |at: usize| json.get(at).and_then(Value::as_f64).ok_or(LayerError::NotGeoJson);
    let (lon, lat) = (number(0)?, number(1)?);
    let on_globe = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon);
    if on_globe { Ok((lat, lon)) } else { Err(LayerError::OffTheGlobe) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_of_every_kind_are_taken_out() {
        let text = r#"{"type":"FeatureCollection","features":[
            {"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[20.8,13.8],[21.7,13.6,400]]}},
            {"type":"Feature","properties":null,"geometry":{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]}},
            {"type":"Feature","geometry":null},
            {"type":"Feature","geometry":{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]}]}}]}"#;
        let layer = Layer::parse(text).unwrap();
        assert_eq!(layer.lines, [[(13.8, 20.8), (13.6, 21.7)]]);
        assert_eq!((layer.areas.len(), layer.points.as_slice()), (1, &[(2.0, 1.0)][..]));
    }

    #[test]
    fn what_is_no_layer_is_told_apart() {
        use LayerError::{Empty, NotGeoJson, OffTheGlobe};
        for (text, error) in [
            ("<html>", NotGeoJson),
            ("[]", NotGeoJson),
            (r#"{"type":"Topology"}"#, NotGeoJson),
            (r#"{"type":"Point","coordinates":["a",1]}"#, NotGeoJson),
            (r#"{"type":"Point","coordinates":[500000,1300000]}"#, OffTheGlobe),
            (r#"{"type":"FeatureCollection","features":[]}"#, Empty),
        ] {
            assert_eq!(Layer::parse(text), Err(error), "{text}");
        }
        let deep = (0..50).fold(r#"{"type":"Point","coordinates":[1,2]}"#.to_owned(), |inner, _| {
            format!(r#"{{"type":"GeometryCollection","geometries":[{inner}]}}"#)
        });
        assert_eq!(Layer::parse(&deep), Err(NotGeoJson));
    }
}
