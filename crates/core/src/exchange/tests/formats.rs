//! What each format looks like, and that exercises are marked in all.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::cap::Scope;
use super::super::{Audience, Exported, cap, geojson, hxl, redact};
use super::{US, files};
use crate::event::{Kind, Stamp};
use crate::rules::Role;
use crate::testing::build::MORNING;
use crate::testing::items::Item;

fn exported(item: &Item) -> Exported<'_> {
    redact(&[item.row()], Audience::Organisation(Role::Security), &BTreeSet::new()).items.remove(0)
}

fn alert(item: &Item, now: Stamp) -> String {
    cap::alert(&exported(item), &US, Scope::default(), now)
}

fn threat() -> Item {
    let mut item = Item::new(
        1,
        "threat",
        &json!({
            "summary": "Do not travel on Thursday", "deadline": "2026-07-16T00:00:00.000Z",
            "place": {"name": "Adré", "pcode": "TD1402", "at": [13.5, 22.2], "coarse": true},
        }),
    );
    (item.likelihood, item.impact) = (Some(4), Some(4));
    item
}

#[test]
fn a_line_of_csv_has_what_its_hashtags_say() {
    let item = Item::new(
        1,
        "incident",
        &json!({
            "what": "Shots, \"two\" of them", "killed": 0, "wounded": 2, "place": {"name": "Adré", "at": [13.466_48, 22.198_75]},
        }),
    );
    let csv = hxl::csv(&[exported(&item)], &US);
    let lines: Vec<_> = csv.split("\r\n").collect();
    let tags = "#event+id,#event+type,#meta+exercise,#date+occurred,#date+reported,#adm1+code,#loc+name,#geo+lat,#geo+lon,\
                #affected+killed,#affected+injured,#affected+kidnapped,#severity,#status,#impact,#meta+source,#geo+coarse,\
                #description";
    assert!(lines[0].starts_with("\u{feff}Id,Type,"));
    assert_eq!(lines[1], tags);
    let rest = "incident,no,2026-07-14T03:35:21Z,2026-07-14T03:36:21Z,,Adré,13.46648,22.19875,0,2,,Severe,open,,Amina,no,\
                \"Shots, \"\"two\"\" of them\"";
    assert_eq!(lines[2], format!("{},{rest}", item.id()));
    assert_eq!(lines[3..], [""]);
}

#[test]
fn a_coarse_place_is_an_area_and_what_has_no_place_is_counted() {
    let exact = Item::new(
        2,
        "incident",
        &json!({"what": "x", "place": {"name": "Adré", "at": [13.466_48, 22.198_75]}}),
    );
    let nowhere = Item::new(3, "incident", &json!({"what": "y", "place": {"name": "on the road"}}));
    let threat = threat();
    let items = [exported(&threat), exported(&exact), exported(&nowhere)];
    let json: Value = serde_json::from_str(&geojson::collection(&items, &US)).unwrap();
    assert_eq!(json["without_position"], 1);
    assert_eq!(json["features"].as_array().unwrap().len(), 2);
    let ring = json!([[[22.15, 13.45], [22.25, 13.45], [22.25, 13.55], [22.15, 13.55], [22.15, 13.45]]]);
    assert_eq!(json["features"][0]["geometry"], json!({"type": "Polygon", "coordinates": ring}));
    let point = json!({"type": "Point", "coordinates": [22.198_75, 13.466_48]});
    assert_eq!(json["features"][1]["geometry"], point);
    assert_eq!(json["features"][0]["properties"]["pcode"], "TD1402");
}

#[test]
fn an_alert_as_cap_wants_it() {
    let item = threat();
    let id = item.id();
    let expected = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
<identifier>{id}</identifier>
<sender>acme.example</sender>
<sent>2026-07-14T03:35:21-00:00</sent>
<status>Actual</status>
<msgType>Alert</msgType>
<source>Amina</source>
<scope>Restricted</scope>
<restriction>Only for the organisation that sends it and those to whom it hands it. Not for publication.</restriction>
<info>
<language>fr</language>
<category>Security</category>
<event>threat</event>
<urgency>Future</urgency>
<severity>Severe</severity>
<certainty>Likely</certainty>
<onset>2026-07-16T00:00:00-00:00</onset>
<senderName>Acme Relief</senderName>
<headline>Do not travel on Thursday</headline>
<description>Do not travel on Thursday</description>
<parameter>
<valueName>waymark:status</valueName>
<value>open</value>
</parameter>
<parameter>
<valueName>waymark:likelihood</valueName>
<value>4</value>
</parameter>
<parameter>
<valueName>waymark:impact</valueName>
<value>4</value>
</parameter>
<area>
<areaDesc>Adré</areaDesc>
<polygon>13.45,22.15 13.45,22.25 13.55,22.25 13.55,22.15 13.45,22.15</polygon>
<geocode>
<valueName>P-CODE</valueName>
<value>TD1402</value>
</geocode>
</area>
</info>
</alert>
"#
    );
    assert_eq!(alert(&item, MORNING), expected);
}

#[test]
fn an_update_and_a_cancel_name_the_alerts_before_them() {
    let mut item = threat();
    let first = format!("acme.example,{},2026-07-14T03:35:21-00:00", item.id());
    // Written on a phone whose clock was an hour slow.
    let update = item.say(9, Kind::ReportUpdated, &json!({"form": "threat", "demand": "leave"}));
    update.event.clockoffset = Some(3_600_000);
    let update = update.event.id;
    let xml = alert(&item, MORNING);
    assert!(xml.contains("<msgType>Update</msgType>"));
    assert!(xml.contains(&format!("<identifier>{update}</identifier>")));
    assert!(xml.contains("<sent>2026-07-14T04:35:29-00:00</sent>"), "{xml}");
    assert!(xml.contains(&format!("<references>{first}</references>")));
    item.say(9_000, Kind::ThreatClosed, &json!({"outcome": "not_carried_out"}));
    item.closed = true;
    let xml = alert(&item, MORNING);
    assert!(xml.contains("<msgType>Cancel</msgType>") && xml.contains("<urgency>Past</urgency>"));
    let both = format!("<references>{first} acme.example,{update},2026-07-14T04:35:29-00:00</references>");
    assert!(xml.contains(&both), "{xml}");
}

#[test]
fn urgency_follows_the_deadline() {
    let item = threat();
    let urgency = |hours: i64| {
        let xml = alert(&item, Stamp(1_784_160_000_000).plus_ms(-hours * 3_600_000));
        xml.split("<urgency>").nth(1).unwrap().split('<').next().unwrap().to_owned()
    };
    assert_eq!([30, 24, 2, 1, -5].map(urgency), ["Future", "Expected", "Expected", "Immediate", "Immediate"]);
}

#[test]
fn an_alert_for_some_names_them() {
    let item = threat();
    let addresses = ["base@acme.example".to_owned(), "Radio \"room\" Adré".to_owned()];
    let private = |addresses| cap::alert(&exported(&item), &US, Scope::Private(addresses), MORNING);
    let xml = private(&addresses);
    assert!(
        xml.contains("<scope>Private</scope>\n<addresses>base@acme.example \"Radio room Adré\"</addresses>")
    );
    assert!(private(&[]).contains("<scope>Restricted</scope>\n<restriction>"));
}

#[test]
fn an_exercise_is_marked_in_every_format() {
    let item = threat().exercise();
    for audience in [Audience::Organisation(Role::Security), Audience::Outside] {
        for (format, file) in files(&redact(&[item.row()], audience, &BTreeSet::new()).items) {
            let marks: &[&str] = match format {
                "csv" => &["threat,yes,", ",EXERCISE: Do not"],
                "geojson" => {
                    &["\"exercise\":true", "\"headline\":\"EXERCISE: Do", "\"description\":\"EXERCISE: Do"]
                }
                "cap" => &[
                    "<status>Exercise</status>",
                    "<note>Exercise",
                    "<headline>EXERCISE: ",
                    "<description>EXERCISE: ",
                ],
                _ => &["\"exercise\":true"],
            };
            assert!(marks.iter().all(|mark| file.contains(mark)), "{format}: {file}");
        }
    }
}
