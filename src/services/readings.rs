use std::cell::Cell;

/// Which reading of the store began when, so that a slow one does not overwrite what a later one has shown.
#[derive(Default)]
pub struct Readings {
    begun: Cell<u32>,
    shown: Cell<u32>,
}

impl Readings {
    /// A reading begins; gives its number.
    pub fn begins(&self) -> u32 {
        self.begun.set(self.begun.get() + 1);
        self.begun.get()
    }

    /// Whether what this reading found is still news.
    pub fn may_show(&self, reading: u32) -> bool {
        let news = reading > self.shown.get();
        if news {
            self.shown.set(reading);
        }
        news
    }
}
