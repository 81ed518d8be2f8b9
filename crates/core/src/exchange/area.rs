//! A place that is meant as an area, as a shape.

/// Latitude, longitude; WGS 84 degrees.
pub(super) type Point = (f64, f64);

/// The square of a tenth of a degree, eleven kilometres from north to south, of the points that are rounded to the same
/// as this one: from its south-west corner counterclockwise and back. At the edges of the map, the part that is on it.
pub(super) fn cell((lat, lon): Point) -> [Point; 5] {
    let (south, north) = edges(lat, 90.0);
    let (west, east) = edges(lon, 180.0);
    [(south, west), (south, east), (north, east), (north, west), (south, west)]
}

fn edges(degrees: f64, end: f64) -> (f64, f64) {
    // Hundredths, so that 22.15 comes out as 22.15.
    let middle = (degrees * 10.0).round() * 10.0;
    // `clamp` would bring the writing of floats, for a panic that never comes.
    #[allow(clippy::manual_clamp)]
    let edge = |away: f64| ((middle + away) / 100.0).max(-end).min(end);
    (edge(-5.0), edge(5.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_round_the_rounded_point() {
        let square = cell((13.466_48, 22.198_75));
        assert_eq!(square, [(13.45, 22.15), (13.45, 22.25), (13.55, 22.25), (13.55, 22.15), (13.45, 22.15)]);
    }

    #[test]
    fn on_both_sides_of_the_date_line_it_stays_on_the_map() {
        assert_eq!(
            cell((0.0, 179.99)),
            [(-0.05, 179.95), (-0.05, 180.0), (0.05, 180.0), (0.05, 179.95), (-0.05, 179.95)]
        );
        assert_eq!(cell((-89.99, -179.99))[..2], [(-90.0, -180.0), (-90.0, -179.95)]);
    }
}
