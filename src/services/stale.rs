use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use waymark_core::event::{Body, EventId, Record};
use waymark_core::view::movement::Report;

/// Which movements on the screens are older than what the store holds.
#[derive(Default)]
pub struct Stale {
    marks: RefCell<Marks>,
    reading: Rc<Cell<bool>>,
}

/// Ends the reading when it is dropped.
pub struct Reading(Rc<Cell<bool>>);

impl Drop for Reading {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

#[derive(Default)]
struct Marks {
    all: bool,
    movements: BTreeSet<EventId>,
    /// Records that are forms.
    forms: BTreeSet<EventId>,
    /// Own forms that the backend had not acknowledged when they were read.
    unsent_forms: BTreeSet<EventId>,
    /// Own records that the backend had not acknowledged when they were read, and their movements.
    unsent: HashMap<EventId, EventId>,
}

/// What is to be read again.
#[derive(Debug, PartialEq, Eq)]
pub enum ToRead {
    All,
    These(Vec<EventId>),
}

impl Stale {
    /// Begins to read; `None` while somebody else does, who will also read what is marked by now.
    pub fn begin(&self) -> Option<Reading> {
        (!self.reading.replace(true)).then(|| Reading(Rc::clone(&self.reading)))
    }

    pub fn is_any(&self) -> bool {
        let marks = self.marks.borrow();
        marks.all || !marks.movements.is_empty()
    }

    /// Something has changed, and it is not known what.
    pub fn all(&self) {
        self.marks.borrow_mut().all = true;
    }

    pub fn movement(&self, id: EventId) {
        self.marks.borrow_mut().movements.insert(id);
    }

    /// These have come through the feed.
    pub fn arrived(&self, records: &[Record]) {
        let mut marks = self.marks.borrow_mut();
        for record in records {
            let Ok(body) = record.event.body() else { continue };
            marks.movements.extend(body.movement(record.event.id));
            if matches!(body, Body::Filled(_)) {
                marks.forms.insert(record.event.id);
            }
        }
    }

    /// The backend has answered for these.
    pub fn settled(&self, records: impl IntoIterator<Item = EventId>) {
        let mut marks = self.marks.borrow_mut();
        for id in records {
            if let Some(movement) = marks.unsent.remove(&id) {
                marks.movements.insert(movement);
            }
            if marks.unsent_forms.remove(&id) {
                marks.forms.insert(id);
            }
        }
    }

    /// These were read for the screens.
    pub fn read(&self, movement: EventId, reports: &[Report]) {
        let unsent = reports.iter().filter(|report| report.received.is_none());
        self.marks.borrow_mut().unsent.extend(unsent.map(|report| (report.id, movement)));
    }

    pub fn form(&self, id: EventId) {
        self.marks.borrow_mut().forms.insert(id);
    }

    /// A form was read for the screens.
    pub fn form_read(&self, id: EventId, is_sent: bool) {
        if !is_sent {
            self.marks.borrow_mut().unsent_forms.insert(id);
        }
    }

    pub fn has_forms(&self) -> bool {
        !self.marks.borrow().forms.is_empty()
    }

    /// The forms that are to be read again.
    pub fn take_forms(&self) -> Vec<EventId> {
        std::mem::take(&mut self.marks.borrow_mut().forms).into_iter().collect()
    }

    pub fn take(&self) -> ToRead {
        let mut marks = self.marks.borrow_mut();
        let movements = std::mem::take(&mut marks.movements);
        if std::mem::take(&mut marks.all) {
            ToRead::All
        } else {
            ToRead::These(movements.into_iter().collect())
        }
    }
}
