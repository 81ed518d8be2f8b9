//! The records of a year, of a believable mix; of the same size always the same.

use serde_json::{Value, json};
use waymark_core::event::form::form_named;
use waymark_core::event::{EventId, Kind, Stamp};
use waymark_core::testing::random::Random;

use crate::words::{TOWNS, Town};

/// One record before it is anybody's.
pub struct Row {
    pub id: EventId,
    pub kind: Kind,
    pub at: Stamp,
    /// Who wrote it: an index of [`WRITERS`].
    pub who: usize,
    /// How many records it rests on: whoever sends those of less depth first sends nothing before what it names.
    pub depth: u8,
    pub data: Value,
}

/// The roles of those who write: travellers first.
pub const TRAVELLERS: usize = 4;
pub const MANAGER: usize = 4;
pub const SECURITY: usize = 5;
pub const CENTRAL: usize = 6;

pub const MINUTE_MS: i64 = 60_000;
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
pub const DAY_MS: i64 = 24 * HOUR_MS;
const YEAR_MS: i64 = 365 * DAY_MS;

/// Of a thousand records: forms of the organisation's own, and incidents from elsewhere (2,088 of 50,000).
const FORMS: usize = 198;
const EXTERNAL: usize = 42;
const CHECKINS: usize = 20;
/// Movements that are under way.
const OPEN: usize = 10;

/// `size` records, or a few more, of the year before `now`. More records make the year fuller, not longer.
pub fn mix(size: usize, now: Stamp) -> Vec<Row> {
    let mut mix = Mix { random: Random(11), now, rows: vec![], threats: vec![] };
    while mix.rows.len() < size * FORMS / 1_000 {
        mix.something_happens();
    }
    for n in 0..size * EXTERNAL / 1_000 {
        mix.history(n);
    }
    let movements = (size - mix.rows.len().min(size)) / (CHECKINS + 2);
    for n in 0..movements {
        mix.movement(n, n + OPEN >= movements);
    }
    mix.rows.sort_by_key(|row| (row.depth, row.at, row.id));
    mix.rows
}

pub struct Mix {
    pub random: Random,
    pub now: Stamp,
    pub rows: Vec<Row>,
    /// Threats so far, with the town they are about.
    pub threats: Vec<(EventId, Town)>,
}

impl Mix {
    /// Writes a form; `None` if it would be in the future.
    pub fn write(&mut self, form: &str, at: Stamp, who: usize, depth: u8, data: Value) -> Option<EventId> {
        let kind = form_named(form).expect("a form of this name").kind.clone();
        self.put(kind, at, who, depth, data)
    }

    fn put(&mut self, kind: Kind, at: Stamp, who: usize, depth: u8, data: Value) -> Option<EventId> {
        if at > self.now {
            return None;
        }
        let mut random = [0; 10];
        random[..8].copy_from_slice(&self.random.draw().to_be_bytes());
        let id = EventId::new(u64::try_from(at.0).unwrap_or_default(), random);
        self.rows.push(Row { id, kind, at, who, depth, data });
        Some(id)
    }

    /// True so many times of a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.random.below(100) < percent
    }

    pub fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.random.below(all.len())]
    }

    pub fn traveller(&mut self) -> usize {
        self.random.below(TRAVELLERS)
    }

    /// So much later, and up to twice as much.
    pub fn after(&mut self, at: Stamp, ms: i64) -> Stamp {
        at.plus_ms(ms + self.up_to(ms))
    }

    fn up_to(&mut self, ms: i64) -> i64 {
        i64::try_from(self.random.draw() % u64::try_from(ms.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    /// Some moment of the year.
    pub fn moment(&mut self) -> Stamp {
        self.now.plus_ms(-self.up_to(YEAR_MS))
    }

    /// The town itself, a hamlet near it, an area, or a name alone.
    pub fn place(&mut self, (name, lat, lon): Town) -> Value {
        let hundredths = |mix: &mut Self| (mix.random.below(61) as f64 - 30.0) / 100.0;
        match self.random.below(20) {
            0..=9 => json!({"name": name, "at": [lat, lon]}),
            10..=15 => {
                let at =
                    [lat + hundredths(self), lon + hundredths(self)].map(|of| (of * 100.0).round() / 100.0);
                json!({"name": format!("Hillé {} ({name})", self.random.below(40)), "at": at})
            }
            16 | 17 => json!({"name": name, "at": [(lat * 10.0).round() / 10.0, (lon * 10.0).round() / 10.0],
                "coarse": true}),
            _ => json!({"name": name}),
        }
    }

    /// An incident as the Aid Worker Security Database has it, of the twenty years before.
    fn history(&mut self, n: usize) {
        let town = self.pick(&TOWNS);
        let happened = self.now.plus_ms(-YEAR_MS - self.up_to(20 * YEAR_MS));
        let means = self.pick(&["S", "BA", "K", "RSA", "U", "AB"]);
        let mut data = json!({"what": format!("{} national staff in an attack on the road near {}", 1 + n % 4, town.0),
            "happened": happened.to_string(), "means": means, "killed": n % 2, "wounded": n % 3,
            "external": {"source": "AWSD", "id": (n + 1).to_string()}});
        if !self.random.once_in(3) {
            data["place"] = self.place(town);
        }
        let at = self.now.plus_ms(-30 * DAY_MS);
        self.write("incident", at, SECURITY, 0, data);
    }

    /// Six legs and a check-in an hour; those under way were heard a few minutes ago.
    fn movement(&mut self, n: usize, open: bool) {
        let count = i64::try_from(CHECKINS).unwrap_or(0);
        let length = count * HOUR_MS;
        let depart = if open {
            self.now.plus_ms(-length + HOUR_MS - 4 * MINUTE_MS)
        } else {
            self.moment().plus_ms(-length - 2 * HOUR_MS)
        };
        let who = self.traveller();
        let data = json!({"plan": plan(n, depart)});
        let Some(id) = self.put(Kind::MovementPlanned, depart.plus_ms(-HOUR_MS), who, 0, data) else {
            return;
        };
        for turn in 0..count {
            let position = json!({"source": "odometer", "km": turn * 20});
            let data = json!({"checkin": "scheduled", "people": "safe", "headcount": 4, "position": position,
                "movement": id.to_string()});
            self.put(Kind::CheckinMade, depart.plus_ms(turn * HOUR_MS), who, 1, data);
        }
        if !open {
            let data = json!({"movement": id.to_string(), "ending": "completed", "accounted": 4});
            self.put(Kind::MovementClosed, depart.plus_ms(length), who, 1, data);
        }
    }
}

/// From one town to the seventh.
pub fn plan(n: usize, depart: Stamp) -> Value {
    let towns: Vec<Town> = TOWNS.iter().cycle().skip(n % TOWNS.len()).take(7).copied().collect();
    let place = |(name, lat, lon): Town| json!({"name": name, "at": [lat, lon]});
    let leg = |town: &Town| json!({"to": place(*town), "km": 80, "minutes": 180});
    let legs: Vec<Value> = towns[1..].iter().map(leg).collect();
    let people = |one: &str, two: &str| json!([{"name": one}, {"name": two}]);
    json!({"name": format!("Convoy {n}"), "area_level": "moderate", "headcount": 4,
        "vehicles": [{"call_sign": "Mike 2", "people": people("Hawa", "Moussa")},
            {"call_sign": "Mike 3", "people": people("Achta", "Oumar")}],
        "depart": depart.to_string(), "from": place(towns[0]), "legs": legs,
        "watch": {"interval": 60, "grace": 10, "prompt": 2, "step": 5, "hold": 30}})
}
