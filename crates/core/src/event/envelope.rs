use serde_json::{Map, Value};

use super::{Body, BodyError, Digest, EventId, Kind, Source, Stamp, Subject, UserId};

/// An event in its CloudEvents 1.0 envelope. Immutable once saved: a correction is another event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub id: EventId,
    pub source: Source,
    pub kind: Kind,
    /// When it happened, by the clock of the device that wrote it down.
    pub time: Stamp,
    pub subject: Option<Subject>,
    /// When it was written down, by the same clock.
    pub recorded: Stamp,
    pub author: UserId,
    /// Counter of the device: the order in which it wrote its events, whatever its clock said.
    pub devseq: u64,
    /// The standards pack that was in force.
    pub pack: String,
    pub digest: Digest,
    /// A drill: never mixed with real records.
    pub exercise: bool,
    /// Milliseconds to add to the device's clock to get the server's, as last measured before writing.
    pub clockoffset: Option<i64>,
    pub payload: Payload,
    /// Extension attributes of newer versions, kept and passed on.
    pub extensions: Map<String, Value>,
}

/// What an event carries.
#[derive(Debug, Clone, PartialEq)]
pub enum Payload {
    Open(Value),
    /// Sealed to a key, as base64; only its digest can be checked here.
    Sealed(String),
}

/// What the server adds to a record when it arrives.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrival {
    /// Place in the organisation's feed; 0 of what was carried here by hand.
    pub seq: u64,
    pub received: Stamp,
    /// When it happened by the server's clock: `time` corrected by the device's offset.
    pub happened: Stamp,
    /// The author's name as the server knows it.
    pub author_name: String,
}

impl Arrival {
    /// It was carried here by hand: no backend is known to have it.
    pub fn is_by_hand(&self) -> bool {
        self.seq == 0
    }
}

/// An event, and how it arrived if it came through a feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    pub event: Event,
    pub arrival: Option<Arrival>,
}

/// Everything of an event but its place in the device's order, which the store gives when it saves.
#[derive(Debug, Clone, PartialEq)]
pub struct Unsaved {
    pub id: EventId,
    pub source: Source,
    pub time: Stamp,
    pub recorded: Stamp,
    pub author: UserId,
    pub pack: String,
    pub exercise: bool,
    pub clockoffset: Option<i64>,
    pub body: Body,
}

impl Unsaved {
    /// The finished event.
    pub fn into_event(self, devseq: u64) -> Event {
        let data = self.body.to_data();
        let mut extensions = Map::new();
        if self.body.is_protected() {
            extensions.insert(PROTECTED.to_owned(), true.into());
        }
        Event {
            id: self.id,
            source: self.source,
            kind: self.body.kind(),
            time: self.time,
            subject: self.body.subject(self.id),
            recorded: self.recorded,
            author: self.author,
            devseq,
            pack: self.pack,
            digest: Digest::of_json(&data),
            exercise: self.exercise,
            clockoffset: self.clockoffset,
            payload: Payload::Open(data),
            extensions,
        }
    }
}

/// Why JSON is not one of our events; the text names the attribute and is fit for the sender's eyes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    #[error("a record is a JSON object")]
    NotAnObject,
    #[error("the attribute `{0}` is missing")]
    Missing(&'static str),
    #[error("the attribute `{0}` is not what it should be: {1}")]
    Wrong(&'static str, &'static str),
    #[error("the digest is not that of the data")]
    DigestMismatch,
}

const JSON: &str = "application/json";

/// The extension attribute of records that may name a source; kinds of later versions set it too.
const PROTECTED: &str = "protected";

impl Event {
    /// Whether this record may name a source and is therefore kept from managers.
    pub fn is_protected(&self) -> bool {
        self.extensions.get(PROTECTED).is_some_and(|flag| *flag != Value::Bool(false))
    }

    /// The typed content.
    ///
    /// # Errors
    /// An unknown kind, sealed data, or data of another shape.
    pub fn body(&self) -> Result<Body, BodyError> {
        match &self.payload {
            Payload::Open(data) => Body::read(&self.kind, data),
            Payload::Sealed(_) => Err(BodyError::UnknownKind),
        }
    }

    /// The CloudEvents JSON object.
    pub fn to_json(&self) -> Value {
        let mut map = self.extensions.clone();
        let mut put = |name: &str, value: Value| {
            map.insert(name.to_owned(), value);
        };
        put("specversion", "1.0".into());
        put("id", self.id.to_string().into());
        put("source", self.source.to_string().into());
        put("type", self.kind.event_type().into());
        put("time", self.time.to_string().into());
        if let Some(subject) = &self.subject {
            put("subject", subject.to_string().into());
        }
        put("recorded", self.recorded.to_string().into());
        put("author", self.author.0.clone().into());
        put("devseq", self.devseq.into());
        put("pack", self.pack.clone().into());
        put("digest", self.digest.to_string().into());
        put("exercise", self.exercise.into());
        if let Some(offset) = self.clockoffset {
            put("clockoffset", offset.into());
        }
        match &self.payload {
            Payload::Open(data) => {
                put("datacontenttype", JSON.into());
                put("data", data.clone());
            }
            Payload::Sealed(base64) => put("data_base64", base64.clone().into()),
        }
        Value::Object(map)
    }

    /// Reads a CloudEvents JSON object and checks that the digest is that of the data.
    ///
    /// # Errors
    /// What is missing, wrong, or does not match.
    pub fn from_json(json: Value) -> Result<Self, EnvelopeError> {
        let event = Self::read(json)?;
        match &event.payload {
            Payload::Open(data) if Digest::of_json(data) != event.digest => {
                Err(EnvelopeError::DigestMismatch)
            }
            _ => Ok(event),
        }
    }

    fn read(json: Value) -> Result<Self, EnvelopeError> {
        let Value::Object(map) = json else {
            return Err(EnvelopeError::NotAnObject);
        };
        let mut attributes = Attributes(map);
        attributes.expect_version()?;
        Ok(Self {
            id: attributes.parsed("id", "a UUID")?,
            source: attributes.parsed("source", "/orgs/{org}/devices/{device}")?,
            kind: Kind::from_event_type(&attributes.text("type")?),
            time: attributes.parsed("time", "an RFC 3339 time")?,
            subject: attributes.optional_text("subject")?.map(|text| Subject::from(text.as_str())),
            recorded: attributes.parsed("recorded", "an RFC 3339 time")?,
            author: UserId(attributes.text("author")?),
            devseq: attributes
                .take("devseq")?
                .as_u64()
                .ok_or(EnvelopeError::Wrong("devseq", "a whole number"))?,
            pack: attributes.text("pack")?,
            digest: attributes.parsed("digest", "64 hex digits")?,
            exercise: attributes.flag("exercise")?,
            clockoffset: attributes.optional_ms("clockoffset")?,
            payload: attributes.payload()?,
            extensions: attributes.0,
        })
    }
}

impl Record {
    /// A record of this device, which has not come through any feed.
    pub fn own(event: Event) -> Self {
        Self { event, arrival: None }
    }

    /// When it happened, as well as is known: the server's estimate, else the device's clock and what was known of it.
    pub fn happened(&self) -> Stamp {
        let own = || self.event.time.corrected(self.event.clockoffset);
        self.arrival.as_ref().map_or_else(own, |arrival| arrival.happened)
    }

    /// The event's JSON with the server's attributes beside it.
    pub fn to_json(&self) -> Value {
        let mut json = self.event.to_json();
        if let (Some(map), Some(arrival)) = (json.as_object_mut(), &self.arrival) {
            map.insert("seq".into(), arrival.seq.into());
            map.insert("received".into(), arrival.received.to_string().into());
            map.insert("happened".into(), arrival.happened.to_string().into());
            map.insert("authorname".into(), arrival.author_name.clone().into());
        }
        json
    }

    /// Reads what [`Self::to_json`] writes, or a plain event.
    ///
    /// # Errors
    /// As [`Event::from_json`].
    pub fn from_json(json: Value) -> Result<Self, EnvelopeError> {
        Self::of(Event::from_json(json)?)
    }

    /// Reads what a store of one's own holds: its digest was checked when it came in, and a board of five hundred
    /// movements is not to check thousands of them again.
    ///
    /// # Errors
    /// As [`Event::from_json`], but for the digest.
    pub fn from_own_store(json: Value) -> Result<Self, EnvelopeError> {
        Self::of(Event::read(json)?)
    }

    fn of(mut event: Event) -> Result<Self, EnvelopeError> {
        let mut attributes = Attributes(std::mem::take(&mut event.extensions));
        let arrival = match attributes.0.remove("seq").and_then(|seq| seq.as_u64()) {
            None => None,
            Some(seq) => Some(Arrival {
                seq,
                received: attributes.parsed("received", "an RFC 3339 time")?,
                happened: attributes.parsed("happened", "an RFC 3339 time")?,
                author_name: attributes.text("authorname")?,
            }),
        };
        event.extensions = attributes.0;
        Ok(Self { event, arrival })
    }
}

/// The attributes not yet taken.
struct Attributes(Map<String, Value>);

impl Attributes {
    fn take(&mut self, name: &'static str) -> Result<Value, EnvelopeError> {
        self.0.remove(name).ok_or(EnvelopeError::Missing(name))
    }

    fn optional_text(&mut self, name: &'static str) -> Result<Option<String>, EnvelopeError> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(EnvelopeError::Wrong(name, "text")),
        }
    }

    fn text(&mut self, name: &'static str) -> Result<String, EnvelopeError> {
        match self.optional_text(name)? {
            Some(text) if !text.is_empty() => Ok(text),
            _ => Err(EnvelopeError::Missing(name)),
        }
    }

    fn parsed<T: std::str::FromStr>(
        &mut self,
        name: &'static str,
        shape: &'static str,
    ) -> Result<T, EnvelopeError> {
        self.text(name)?.parse().map_err(|_| EnvelopeError::Wrong(name, shape))
    }

    fn flag(&mut self, name: &'static str) -> Result<bool, EnvelopeError> {
        match self.0.remove(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(_) => Err(EnvelopeError::Wrong(name, "true or false")),
        }
    }

    fn optional_ms(&mut self, name: &'static str) -> Result<Option<i64>, EnvelopeError> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => value.as_i64().map(Some).ok_or(EnvelopeError::Wrong(name, "whole milliseconds")),
        }
    }

    fn expect_version(&mut self) -> Result<(), EnvelopeError> {
        match self.text("specversion")?.as_str() {
            "1.0" => Ok(()),
            _ => Err(EnvelopeError::Wrong("specversion", "1.0")),
        }
    }

    fn payload(&mut self) -> Result<Payload, EnvelopeError> {
        if let Some(base64) = self.optional_text("data_base64")? {
            return Ok(Payload::Sealed(base64));
        }
        match self.optional_text("datacontenttype")?.as_deref() {
            None | Some(JSON) => self.take("data").map(Payload::Open),
            Some(_) => Err(EnvelopeError::Wrong("datacontenttype", JSON)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::build;

    #[test]
    fn events_survive_the_round_trip() {
        let event = build::checkin(7);
        assert_eq!(Event::from_json(event.to_json()), Ok(event));
    }

    #[test]
    fn arrivals_survive_the_round_trip_and_are_not_part_of_the_event() {
        let record = build::arrived(build::checkin(7), 12, "Amina");
        let read = Record::from_json(record.to_json()).unwrap();
        assert_eq!(read, record);
        assert!(read.event.extensions.is_empty());
    }

    #[test]
    fn unknown_kinds_and_attributes_are_kept() {
        let mut json = build::checkin(1).to_json();
        json["type"] = json!("org.waymark.checkin.made.v9");
        json["futureattribute"] = json!("kept");
        let event = Event::from_json(json.clone()).unwrap();
        assert_eq!(event.body(), Err(BodyError::UnknownKind));
        assert_eq!(event.to_json(), json);
    }

    #[test]
    fn each_fault_is_named() {
        let good = build::checkin(1).to_json();
        for (attribute, value, words) in [
            ("id", json!("17"), "`id`"),
            ("id", Value::Null, "`id`"),
            ("source", json!("/somewhere"), "`source`"),
            ("time", json!("noon"), "`time`"),
            ("devseq", json!(-1), "`devseq`"),
            ("specversion", json!("0.3"), "`specversion`"),
            ("exercise", json!("no"), "`exercise`"),
            ("clockoffset", json!(1.5), "`clockoffset`"),
            ("digest", json!("00"), "`digest`"),
            ("data", json!({"checkin": "halted"}), "digest"),
        ] {
            let mut bad = good.clone();
            bad[attribute] = value;
            let error = Event::from_json(bad).unwrap_err().to_string();
            assert!(error.contains(words), "{attribute}: {error}");
        }
        assert_eq!(Event::from_json(json!([])), Err(EnvelopeError::NotAnObject));
    }
}
