//! Common Alerting Protocol 1.2 (OASIS, 1 July 2010): one alert an item, never for the public.

use super::area::cell;
use super::redaction::shapes;
use super::{Exported, Publisher, mapping, text};
use crate::event::{Record, Spot, Stamp};
use crate::order::sort_by_key;

pub const MEDIA_TYPE: &str = "application/cap+xml";

/// Whom an alert may be shown to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope<'a> {
    /// With the rule, in words.
    Restricted(&'a str),
    /// To these addresses alone; without any, it is restricted.
    Private(&'a [String]),
}

impl Default for Scope<'_> {
    fn default() -> Self {
        Self::Restricted(RULE)
    }
}

const RULE: &str =
    "Only for the organisation that sends it and those to whom it hands it. Not for publication.";
/// Characters, as CAP recommends.
const MAX_HEADLINE: usize = 160;
const NAMESPACE: &str = "urn:oasis:names:tc:emergency:cap:1.2";
/// Kilometres around a place that is a point.
const RADIUS: &str = "1";

/// The alert of an item, as things stand at `now`.
///
/// `msgType` is `Alert` for what has just been reported, `Update` once something was said about it, `Cancel` when it is
/// closed. The identifier is the id of the last record that it tells of; `references` names the alerts that were, or would
/// have been, made of those before. How `urgency`, `severity`, `certainty` and `category` come about: `mapping.rs`.
pub fn alert(item: &Exported<'_>, publisher: &Publisher<'_>, scope: Scope<'_>, now: Stamp) -> String {
    let sender = token(publisher.sender);
    let mut messages = messages(item);
    let last = messages.pop();
    let (identifier, sent) = last.unwrap_or((item.row.id.to_string(), item.row.reported));
    let kind = match () {
        () if messages.is_empty() => "Alert",
        () if item.row.closed => "Cancel",
        () => "Update",
    };
    let mut references = vec![];
    for (identifier, sent) in &messages {
        references.push(format!("{sender},{identifier},{}", moment(*sent)));
    }

    let mut xml = Xml::default();
    xml.open(&format!("alert xmlns=\"{NAMESPACE}\""));
    xml.put("identifier", &identifier);
    xml.put("sender", &sender);
    xml.put("sent", &moment(sent));
    xml.put("status", if item.row.exercise { "Exercise" } else { "Actual" });
    xml.put("msgType", kind);
    xml.put("source", &item.source(publisher));
    put_scope(&mut xml, scope);
    if item.row.exercise {
        xml.put("note", "Exercise: nothing of this has happened.");
    }
    xml.put("references", &references.join(" "));
    put_info(&mut xml, item, publisher, now);
    xml.close("alert");
    xml.0
}

/// Identifier and moment of each alert of the item, the first to the last. Both are the same on every device.
fn messages(item: &Exported<'_>) -> Vec<(String, Stamp)> {
    let mut told: Vec<&Record> = vec![];
    told.extend(item.events.iter().filter(|record| shapes(record, item.row.id)));
    let written = |record: &Record| record.event.recorded.corrected(record.event.clockoffset);
    sort_by_key(&mut told, |record| (record.event.id != item.row.id, written(record), record.event.id));
    let mut messages = vec![];
    for record in told {
        messages.push((record.event.id.to_string(), written(record)));
    }
    messages
}

fn put_scope(xml: &mut Xml, scope: Scope<'_>) {
    match scope {
        Scope::Private(addresses) if !addresses.is_empty() => {
            let mut all = vec![];
            for address in addresses {
                let plain = address.replace('"', "");
                all.push(if plain.contains(char::is_whitespace) { format!("\"{plain}\"") } else { plain });
            }
            xml.put("scope", "Private");
            xml.put("addresses", &all.join(" "));
        }
        Scope::Restricted(rule) if !rule.trim().is_empty() => {
            xml.put("scope", "Restricted");
            xml.put("restriction", rule);
        }
        Scope::Restricted(_) | Scope::Private(_) => {
            xml.put("scope", "Restricted");
            xml.put("restriction", RULE);
        }
    }
}

fn put_info(xml: &mut Xml, item: &Exported<'_>, publisher: &Publisher<'_>, now: Stamp) {
    let row = &item.row;
    xml.open("info");
    xml.put("language", language(publisher.language));
    xml.put("category", mapping::category(item));
    xml.put("event", &row.form.replace('_', " "));
    xml.put("urgency", mapping::urgency(item, now));
    xml.put("severity", mapping::severity(item));
    xml.put("certainty", mapping::certainty(item));
    xml.put("onset", &moment(mapping::deadline(item).unwrap_or(row.happened)));
    xml.put("senderName", publisher.name);
    xml.put("headline", &text::one_line(&item.headline(), MAX_HEADLINE));
    xml.put("description", &item.description());
    let scale = |value: Option<u8>| value.map(|value| value.to_string()).unwrap_or_default();
    for (name, value) in [
        ("waymark:status", row.status.clone()),
        ("waymark:outcome", row.outcome.clone().unwrap_or_default()),
        ("waymark:likelihood", scale(row.likelihood)),
        ("waymark:impact", scale(row.impact)),
    ] {
        xml.put_named("parameter", name, &value);
    }
    put_area(xml, item);
    xml.close("info");
}

fn put_area(xml: &mut Xml, item: &Exported<'_>) {
    let at = item.row.spot.as_ref().and_then(|spot| spot.at);
    let names = [Some(item.place_name()), Some(item.pcode()), at.map(point)];
    let Some(name) = names.into_iter().flatten().find(|name| !name.is_empty()) else { return };
    xml.open("area");
    xml.put("areaDesc", &name);
    match &item.row.spot {
        Some(Spot { at: Some(at), coarse: true, .. }) => {
            xml.put("polygon", &cell(*at).map(point).join(" "));
        }
        Some(Spot { at: Some(at), .. }) => xml.put("circle", &format!("{} {RADIUS}", point(*at))),
        _ => {}
    }
    xml.put_named("geocode", "P-CODE", &item.pcode());
    xml.close("area");
}

/// Latitude first.
fn point((lat, lon): (f64, f64)) -> String {
    format!("{},{}", text::degrees(lat), text::degrees(lon))
}

/// To the second, with the offset that CAP wants for UTC: `Z` is not allowed.
fn moment(at: Stamp) -> String {
    format!("{}-00:00", text::seconds(at))
}

/// What may stand in identifiers and references, which spaces and commas part.
fn token(text: &str) -> String {
    let apart = |c: char| c.is_whitespace() || c.is_control() || matches!(c, ',' | '<' | '&');
    if text.is_empty() { "waymark".to_owned() } else { text.replace(apart, "_") }
}

/// A tag of BCP 47, as far as XML schema checks it; `und` where it is none.
fn language(tag: &str) -> &str {
    let fits = |(at, part): (usize, &str)| {
        (1..=8).contains(&part.len())
            && part.bytes().all(|byte| byte.is_ascii_alphabetic() || at > 0 && byte.is_ascii_digit())
    };
    if tag.split('-').enumerate().all(fits) { tag } else { "und" }
}

/// XML while it is written.
struct Xml(String);

impl Default for Xml {
    fn default() -> Self {
        Self("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned())
    }
}

impl Xml {
    fn open(&mut self, tag: &str) {
        self.0.extend(["<", tag, ">\n"]);
    }

    fn close(&mut self, tag: &str) {
        self.0.extend(["</", tag, ">\n"]);
    }

    /// Nothing where there is no text.
    fn put(&mut self, tag: &str, text: &str) {
        let text = text::trimmed(text);
        if text.is_empty() {
            return;
        }
        self.0.extend(["<", tag, ">"]);
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                c => self.0.push(c),
            }
        }
        self.close(tag);
    }

    fn put_named(&mut self, tag: &str, name: &str, value: &str) {
        if !text::trimmed(value).is_empty() {
            self.open(tag);
            self.put("valueName", name);
            self.put("value", value);
            self.close(tag);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_parts_references_is_in_none_of_them() {
        assert_eq!(token("radio room, Abéché <&>"), "radio_room__Abéché___>");
        assert_eq!(token(""), "waymark");
    }

    #[test]
    fn a_language_that_is_none_is_undetermined() {
        for (tag, written) in
            [("ar", "ar"), ("fr-TD", "fr-TD"), ("es-419", "es-419"), ("Arabic (Chad)", "und"), ("", "und")]
        {
            assert_eq!(language(tag), written);
        }
    }

    #[test]
    fn text_cannot_break_out_of_its_element() {
        let mut xml = Xml(String::new());
        xml.put("note", "a </note>&amp; \u{0}\u{b}\u{ffff}\u{1f}]]> b\r\nc\rd");
        assert_eq!(xml.0, "<note>a &lt;/note&gt;&amp;amp; ]]&gt; b\nc\nd</note>\n");
    }
}
