use serde_json::json;

use super::columns::MORE;
use super::*;

/// 2020-01-01.
const NOW: Stamp = Stamp(1_577_836_800_000);

/// A row with what is given, by column.
fn read(cells: &[(&str, &str)]) -> Result<Incident, Unfit> {
    let columns: Vec<_> = NEEDED.iter().copied().chain(MORE.map(|(column, _)| column)).collect();
    let cell = |column: &&str| {
        let given = cells.iter().find(|(name, _)| name == column).map(|(_, cell)| *cell);
        given.unwrap_or(match *column {
            ID => "7",
            "Year" => "2012",
            "Month" => "6",
            "Day" => "30",
            "Total affected" => "0",
            _ => "",
        })
    };
    let row: Vec<_> = columns.iter().map(|name| format!("\"{}\"", cell(name).replace('"', "\"\""))).collect();
    let text = format!("{}\n{}\n", columns.join(","), row.join(","));
    let table = Table::read(text.as_bytes(), &NEEDED).unwrap();
    Incident::read(&table, &table.rows[0], NOW)
}

#[test]
fn a_row_is_an_incident_with_all_it_says() {
    let incident = read(&[
        ("Country", "Chad"),
        ("Region", "Northern "),
        ("District", "Abéché "),
        ("City", "abéché"),
        ("UN", "0"),
        ("INGO", "2"),
        ("Nationals killed", "1"),
        ("Gender Male", "two"),
        ("Total killed", "1"),
        ("Total wounded", "1"),
        ("Total kidnapped", "0"),
        ("Total affected", "2"),
        ("Means of attack", "VBIED-S "),
        ("Attack context", "Am"),
        ("Latitude", " 13.829"),
        ("Longitude", "20.8324 "),
        ("Details", " =cmd|' /C calc'!A0  \u{1b}[31mand\tmore\n"),
    ]);
    let incident = incident.unwrap();
    let expected = json!({
        "what": "=cmd|' /C calc'!A0  [31mand\tmore",
        "means": "VBIED-S", "context": "Am", "happened": "2012-06-30T00:00:00.000Z",
        "place": {"name": "abéché, Northern, Chad", "at": [13.829, 20.8324]}, "place_level": "city",
        "country": "Chad", "killed": 1, "wounded": 1, "kidnapped": 0, "affected": 2,
        "external": {"source": "AWSD", "id": "7"},
        "awsd": {"ingo": 2, "nationals_killed": 1, "male": "two"},
    });
    assert_eq!(Value::Object(incident.data), expected);
    assert!(incident.doubts.is_empty());
}

#[test]
fn a_day_is_as_exact_as_it_is_known() {
    let day = |year: &str, month: &str, day: &str| {
        let incident = read(&[("Year", year), ("Month", month), ("Day", day)]);
        let text = |incident: &Incident, name: &str| incident.data.get(name).map(ToString::to_string);
        incident.map(|one| (one.happened.to_string()[..10].to_owned(), text(&one, "precision")))
    };
    let known = |date: &str, precision: &str| Ok((date.to_owned(), Some(format!("\"{precision}\""))));
    assert_eq!(day("2012", "6", "30"), Ok(("2012-06-30".into(), None)));
    assert_eq!(day(" 1997 ", "02", ""), known("1997-02-01", "month"));
    assert_eq!(day("1997", "", ""), known("1997-01-01", "year"));
    assert_eq!(day("1997", "", "31"), known("1997-01-01", "year"));
    for (year, month, of_month) in [
        ("2012", "6", "31"),
        ("2013", "2", "29"),
        ("2012", "0", "1"),
        ("2012", "13", "1"),
        ("2012", "June", "1"),
        ("", "6", "1"),
        ("97", "6", "1"),
        ("1969", "12", "31"),
    ] {
        let unfit = Unfit::NoDay(format!("{year}-{month}-{of_month}"));
        assert_eq!(day(year, month, of_month), Err(unfit));
    }
    assert_eq!(day("2106", "1", "1"), Err(Unfit::InFuture("2106-1-1".into())));
}

#[test]
fn coordinates_are_exact_only_in_a_town() {
    let place = |cells: &[(&str, &str)]| {
        let cells = [&[("Country", "Chad")], cells].concat();
        let incident = read(&cells).unwrap();
        (incident.data["place"].clone(), incident.data.get("place_level").cloned(), incident.doubts)
    };
    let at = [("Latitude", "13.5"), ("Longitude", "20.5")];
    let spot = json!({"name": "Wara, Chad", "at": [13.5, 20.5], "coarse": true});
    assert_eq!(place(&[at[0], at[1], ("District", "Wara")]), (spot, Some("district".into()), vec![]));
    let spot = json!({"name": "Chad", "at": [13.5, 20.5], "coarse": true});
    assert_eq!(place(&at), (spot, Some("country".into()), vec![]));
    assert_eq!(place(&[]), (json!({"name": "Chad"}), None, vec![]));
    for (lat, lon) in [("91", "0"), ("0", "-180.5"), ("12, 24", "24)"), ("12", ""), ("NaN", "1"), ("0", "0")]
    {
        let doubts = vec![Doubt::NoPlace(lat.into(), lon.into())];
        let without = (json!({"name": "Chad"}), None, doubts);
        assert_eq!(place(&[("Latitude", lat), ("Longitude", lon)]), without);
    }
    let (spot, _, doubts) = place(&[("City", &"é".repeat(200))]);
    assert_eq!(spot["name"].as_str().unwrap().chars().count(), MAX_NAME);
    assert_eq!(doubts, [Doubt::PlaceCut]);
    assert_eq!(read(&[]).unwrap().data.get("place"), None);
}

#[test]
fn what_cannot_be_counted_or_named_is_not_brought_in() {
    for text in ["two", "-1", "1.5", "100000"] {
        let unfit = Unfit::NoCount { column: "Total killed", text: text.into() };
        assert_eq!(read(&[("Total killed", text)]), Err(unfit));
    }
    assert_eq!(read(&[(ID, " \t")]), Err(Unfit::NoId));
    assert_eq!(read(&[(ID, &"7".repeat(121))]), Err(Unfit::LongId));
    assert_eq!(read(&[("Details", &"x".repeat(10_001))]), Err(Unfit::LongDetails));
    let said = Unfit::NoDay("\u{1b}[2J".repeat(99)).to_string();
    assert!(said.len() < 200 && !said.contains('\u{1b}'), "{said}");
}

#[test]
fn sums_that_do_not_agree_are_pointed_out() {
    let incident = read(&[("Total killed", "2"), ("Total affected", "3")]).unwrap();
    assert_eq!(incident.doubts, [Doubt::Affected { sum: 2, affected: 3 }]);
    assert_eq!(read(&[("Total killed", "2"), ("Total affected", "")]).unwrap().doubts, []);
}

#[test]
fn an_incident_without_details_is_told_by_what_is_known() {
    let what = |cells: &[(&str, &str)]| read(cells).unwrap().data["what"].as_str().unwrap().to_owned();
    let chad = ("Country", "Chad");
    assert_eq!(what(&[("Means of attack", "S"), chad]), "Shooting in Chad. There are no details.");
    assert_eq!(what(&[("Means of attack", "ZZ"), chad]), "Incident (ZZ) in Chad. There are no details.");
    assert_eq!(what(&[]), "Incident. There are no details.");
}

#[test]
fn an_id_follows_from_the_day_and_the_name() {
    let id = |cells: &[(&str, &str)]| read(cells).unwrap().event_id();
    assert_eq!(id(&[]), id(&[("Details", "said otherwise")]));
    assert_ne!(id(&[]), id(&[(ID, "8")]));
    assert!(id(&[("Year", "2011")]) < id(&[]));
}
