//! Sample files of every export format, for `tests/exchange/validate.py`: one folder for each audience.
//!
//! `cargo run -p waymark-core --example exchange -- FOLDER`
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use waymark_core::event::{Body, Filled, Kind};
use waymark_core::exchange::cap::Scope;
use waymark_core::exchange::{Audience, Exported, Publisher, Row, cap, cloudevents, geojson, hxl, redact};
use waymark_core::rules::Role;
use waymark_core::testing::build::MORNING;
use waymark_core::testing::items::Item;

const US: Publisher<'_> =
    Publisher { sender: "waymark.acme.example", name: "Acme Relief", language: "fr-TD" };

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).expect("a folder to write to"));
    let items = items();
    let mut rows: Vec<Row<'_>> = vec![];
    rows.extend(items.iter().map(Item::row));
    for (name, audience) in [
        ("security", Audience::Organisation(Role::Security)),
        ("manager", Audience::Organisation(Role::Manager)),
        ("outside", Audience::Outside),
    ] {
        let export = redact(&rows, audience, &BTreeSet::new());
        write(&folder.join(name), &export.items);
        println!("{name}: {} items, {} left out", export.items.len(), export.left_out);
    }
}

fn write(folder: &Path, items: &[Exported<'_>]) {
    let alerts = folder.join("alerts");
    fs::create_dir_all(&alerts).expect("a folder that can be written to");
    let put = |path: PathBuf, text: String| fs::write(path, text).expect("a file that can be written");
    put(folder.join("items.csv"), hxl::csv(items, &US));
    put(folder.join("items.geojson"), geojson::collection(items, &US));
    put(folder.join("records.json"), cloudevents::batch(items));
    let addresses = ["base@acme.example".to_owned(), "Radio room Abéché".to_owned()];
    for (at, item) in items.iter().enumerate() {
        let scope = if at % 2 == 0 { Scope::default() } else { Scope::Private(&addresses) };
        put(alerts.join(format!("{}.xml", item.id())), cap::alert(item, &US, scope, MORNING));
    }
}

/// One of each kind that looks different in a file.
fn items() -> Vec<Item> {
    let mut items = reports();
    items.extend(others());
    items.extend(nasty());
    items
}

fn reports() -> Vec<Item> {
    let mut threat = Item::new(
        1,
        "threat",
        &json!({
            "summary": "Do not come on Thursday", "words": "لا تأتوا يوم الخميس", "translation": "Ne venez pas jeudi",
            "speaker": "an elder", "channel": "face_to_face", "deadline": "2026-07-16T00:00:00.000Z",
            "place": {"name": "Adré", "pcode": "TD1402", "at": [13.466_48, 22.198_75]},
        }),
    );
    (threat.likelihood, threat.impact) = (Some(4), Some(5));
    threat.say(
        2,
        Kind::ThreatEvaluated,
        &json!({"source": "B", "information": "2", "likelihood": 4, "impact": 5}),
    );
    threat.say(3, Kind::ReportUpdated, &json!({"form": "threat", "demand": "a toll"}));
    let mut incident = Item::new(
        4,
        "incident",
        &json!({
            "what": "Shots at the second vehicle; nobody hit", "means": "S", "killed": 0, "wounded": 2, "kidnapped": 1,
            "who": "Idriss and Hawa", "critical": true, "happened": "2026-07-13T22:10:00.000Z",
            "place": {"name": "Farchana", "at": [-13.45, -0.000_01]},
        }),
    );
    let link = json!({"from": threat.id().to_string(), "to": incident.id().to_string(), "relation": "carried_out_as"});
    let Value::Object(data) = link else { return vec![] };
    incident.add(5, Body::Filled(Box::new(Filled { kind: Kind::LinkMade, data })));
    threat.events.extend(incident.events.last().cloned());
    threat.say(6, Kind::ThreatClosed, &json!({"outcome": "carried_out"}));
    (threat.closed, threat.status, threat.outcome) = (true, "closed", Some("carried_out"));
    let secret = Item::new(
        7,
        "threat",
        &json!({
            "words": "they will search the clinic", "sensitive": true,
            "place": {"name": "Abéché", "at": [13.8, 20.8], "coarse": true},
        }),
    );
    let action = Item::new(
        8,
        "action",
        &json!({
            "what": "Move the night shift", "action": "relocation", "owner": {"name": "Moussa"},
            "due": "2026-07-20T00:00:00.000Z", "of": secret.id().to_string(),
        }),
    );
    vec![threat, incident, secret, action]
}

fn others() -> Vec<Item> {
    let drill = Item::new(
        20,
        "incident",
        &json!({
            "what": "A vehicle does not come back", "missing": 3, "place": {"name": "Iriba", "at": [15.1, 22.25]},
        }),
    );
    let mut level = Item::new(
        21,
        "level",
        &json!({"area": "Ouaddaï", "level": "high", "reason": "Fighting at the border"}),
    );
    level.status = "in_force";
    let heard = Item::new(
        22,
        "heard",
        &json!({
            "feedback": "rumour", "words": "the road is mined", "danger": "high",
            "place": {"name": "Fiji", "at": [-16.8, 179.99], "coarse": true},
        }),
    );
    let illness = Item::new(23, "incident", &json!({"what": "Fever, two people", "means": "illness"}));
    let loss = Item::new(24, "loss", &json!({"loss": "wounded", "number": 2, "note": "both are well"}));
    let mut history = Item::new(
        25,
        "incident",
        &json!({
            "what": "Ambush of a convoy", "means": "S", "killed": 1, "external": {"source": "AWSD", "id": "4711"},
            "place": {"name": "Birao", "at": [10.283_33, 22.783_33]},
        }),
    );
    history.closed = true;
    vec![drill.exercise(), level, heard, illness, loss, history]
}

fn nasty() -> Vec<Item> {
    const TEXTS: [&str; 7] = [
        "=HYPERLINK(\"http://example.org\",\"click\")",
        " \"-2+3+cmd|' /C calc'!A0",
        "line one\r\n=line two;@three\t+four, \"five\"",
        "</description></info><!-- ]]> &amp; & < >",
        "\u{0}\u{1}\u{b}\u{1f}\u{7f}\u{85}\u{fffe}\u{ffff} control",
        "\u{202e}\u{200f}לא \u{2066}مرحبا\u{2069} 👩‍👩‍👧‍👦 𝄞 ආරක්ෂාව e\u{301}",
        "\u{0}",
    ];
    let mut items = vec![];
    for (n, text) in (40..).zip(TEXTS.iter().map(|text| (*text).to_owned()).chain(["é🚫 ".repeat(3_333)]))
    {
        let mut item = Item::new(
            n,
            "threat",
            &json!({
                "summary": text, "words": text, "speaker": text,
                "place": {"name": text, "pcode": "TD 14,<02>", "at": [89.99, -179.999]},
            }),
        );
        item.author_name = text;
        items.push(item);
    }
    items
}
