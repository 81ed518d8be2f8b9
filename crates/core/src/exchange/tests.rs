mod formats;
mod known;
mod leaves;
mod nasty;

use super::{Exported, Publisher, cap, cloudevents, geojson, hxl};
use crate::testing::build::MORNING;

const US: Publisher<'_> = Publisher { sender: "acme.example", name: "Acme Relief", language: "fr" };

/// A file of each format, and an alert for each item.
fn files(items: &[Exported<'_>]) -> Vec<(&'static str, String)> {
    let mut files = vec![
        ("csv", hxl::csv(items, &US)),
        ("geojson", geojson::collection(items, &US)),
        ("cloudevents", cloudevents::batch(items)),
    ];
    for item in items {
        files.push(("cap", cap::alert(item, &US, cap::Scope::default(), MORNING)));
    }
    files
}
