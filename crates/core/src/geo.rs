//! Distances on the globe, as exact as a day's drive needs. Places are WGS 84 degrees: latitude, longitude.

/// Kilometres of a degree of latitude.
pub const KM_PER_DEGREE: f64 = 111.2;

/// Kilometres between two places, on a plane: exact enough within a day's drive.
pub fn distance(one: (f64, f64), two: (f64, f64)) -> f64 {
    let (x, y) = plane(one, two);
    x.hypot(y)
}

/// `point` seen from `origin`, in kilometres east and north.
pub fn plane(origin: (f64, f64), point: (f64, f64)) -> (f64, f64) {
    let east = (point.1 - origin.1 + 540.0).rem_euclid(360.0) - 180.0;
    (east * KM_PER_DEGREE * cosine(origin.0), (point.0 - origin.0) * KM_PER_DEGREE)
}

/// By its series: the library's own has large tables in WebAssembly. Within 0.1 % up to 75 degrees.
pub(crate) fn cosine(degrees: f64) -> f64 {
    let square = degrees.to_radians() * degrees.to_radians();
    (1.0 - square / 2.0 * (1.0 - square / 12.0 * (1.0 - square / 30.0 * (1.0 - square / 56.0)))).max(0.0)
}

/// How far along a stretch the nearest point lies (0 to 1), and how far off it is in kilometres.
pub fn project(from: (f64, f64), to: (f64, f64), point: (f64, f64)) -> (f64, f64) {
    let ((x, y), (px, py)) = (plane(from, to), plane(from, point));
    let length = x * x + y * y;
    let share = if length > 0.0 { ((px * x + py * y) / length).clamp(0.0, 1.0) } else { 0.0 };
    (share, (px - share * x).hypot(py - share * y))
}
