//! The columns of an export, and the members of a record that they become.

pub const ID: &str = "Incident ID";
/// From the smallest to the largest, with the name of the level.
pub const PLACES: [(&str, &str); 4] =
    [("City", "city"), ("District", "district"), ("Region", "region"), ("Country", "country")];
pub const COUNTS: [(&str, &str); 4] = [
    ("Total killed", "killed"),
    ("Total wounded", "wounded"),
    ("Total kidnapped", "kidnapped"),
    ("Total affected", "affected"),
];
pub const CODES: [(&str, &str); 3] =
    [("Means of attack", "means"), ("Attack context", "context"), ("Location", "location")];

/// Without one of these a table is no export of the database.
pub const NEEDED: [&str; 18] = [
    ID,
    "Year",
    "Month",
    "Day",
    "Country",
    "Region",
    "District",
    "City",
    "Total killed",
    "Total wounded",
    "Total kidnapped",
    "Total affected",
    "Means of attack",
    "Attack context",
    "Location",
    "Latitude",
    "Longitude",
    "Details",
];

/// What no field of the form asks, by its column; kept under `awsd` unless it is 0. The last two are of newer exports.
pub const MORE: [(&str, &str); 19] = [
    ("UN", "un"),
    ("INGO", "ingo"),
    ("LNGO/NRCS", "lngo_nrcs"),
    ("ICRC", "icrc"),
    ("IFRC", "ifrc"),
    ("Other", "other"),
    ("Nationals killed", "nationals_killed"),
    ("Nationals wounded", "nationals_wounded"),
    ("Nationals kidnapped", "nationals_kidnapped"),
    ("Total nationals", "nationals"),
    ("Internationals killed", "internationals_killed"),
    ("Internationals wounded", "internationals_wounded"),
    ("Internationals kidnapped", "internationals_kidnapped"),
    ("Total internationals", "internationals"),
    ("Gender Male", "male"),
    ("Gender Female", "female"),
    ("Gender Unknown", "gender_unknown"),
    ("NNGO", "nngo"),
    ("NRCS and IFRC", "nrcs_ifrc"),
];

/// The means of attack in words (codebook of the database).
pub fn means(code: &str) -> Option<&'static str> {
    Some(match code {
        "AB" => "Attack from the air, or by mortar, rocket or grenade",
        "BA" => "Beating or stabbing",
        "B" => "Bombing",
        "BBIED" => "Bomb carried by a person",
        "CX" => "Attack with explosives and small arms",
        "RIED" => "Bomb at the roadside",
        "VBIED" | "VBIED-RC" | "VBIED-S" => "Bomb in a vehicle",
        "K" => "Kidnapping",
        "KK" => "Kidnapping and killing",
        "RSA" => "Serious sexual assault",
        "LM" => "Landmine or unexploded ordnance",
        "S" => "Shooting",
        "U" => "Incident",
        _ => return None,
    })
}
