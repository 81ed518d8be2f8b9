//! One place's part of the outbox, in one tab: what `courier/line.rs` is in the app.

use super::places::Place;
use crate::event::Stamp;
use crate::sync::{Destination, Footing, Meta, Mode, Queued, State, To};

#[derive(Debug)]
pub struct Line {
    /// Names it in its tab.
    pub id: u32,
    pub to: To,
    pub destination: Destination,
    pub state: State,
    pub loaded: Vec<Queued>,
    pub footing: Footing,
    pub holds_lock: bool,
    /// Timers run by a clock that nobody puts back.
    pub timer: Option<Stamp>,
}

impl Line {
    pub fn place(&self) -> Place {
        Place::of(&self.destination)
    }

    pub fn waits(&self) -> bool {
        matches!(self.state.mode(), Mode::Waiting(_))
    }
}

/// The lines that what the store says asks for, made of those that are there; and those that ended.
pub fn redirected(before: Vec<Line>, meta: &Meta, next_id: &mut u32) -> (Vec<Line>, Vec<Line>) {
    let mut ended = before;
    let mut line = |(to, destination): (To, Destination)| {
        let same = ended.iter().position(|line| line.to == to && line.destination == destination);
        if let Some(at) = same {
            return ended.swap_remove(at);
        }
        *next_id += 1;
        Line {
            id: *next_id,
            to,
            destination,
            state: State::default(),
            loaded: vec![],
            footing: Footing::default(),
            holds_lock: false,
            timer: None,
        }
    };
    let lines = meta.places().map(&mut line).collect();
    (lines, ended)
}
