use leptos::prelude::*;
use waymark_core::event::Stamp;
use waymark_core::guidance::{Card, Library, Manifest, Reach, Refusal, Rules};

/// The guidance at hand; read once a screen asks for it.
#[derive(Clone, Copy)]
pub struct GuidanceState {
    library: StoredValue<Library>,
    /// Rises with every change of the library; 0 while nothing has been read.
    revision: RwSignal<u32>,
    /// How much of the library the search finds by now.
    reach: RwSignal<Reach>,
    /// Whether its index is being made.
    indexing: StoredValue<bool>,
    pub standing: RwSignal<GuidanceStanding>,
    /// What the organisation's pack sets besides texts. Forms need it at once: it is read when the app starts.
    pub rules: RwSignal<Rules>,
    begun: StoredValue<bool>,
    turn: StoredValue<u32>,
    /// When somebody last looked for a newer pack.
    pub(crate) looked: StoredValue<Option<Stamp>>,
    /// Whether a newer pack is being brought here.
    pub(crate) updating: StoredValue<bool>,
}

/// How the packs stand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GuidanceStanding {
    /// The pack that every app brings.
    pub built_in: Option<Manifest>,
    /// It could not be read: the app is not whole.
    pub failed: bool,
    /// The organisation's, if there is one.
    pub own: Option<Manifest>,
    /// The key that it has to be signed with, as people compare it.
    pub key: Option<String>,
    /// Why the one that is kept here is not shown.
    pub refused: Option<Refusal>,
    /// What became of the last try to bring it up to date, where it was not well.
    pub trouble: Option<PackTrouble>,
    /// Cards that have changed and that nobody has opened on this phone since.
    pub changed: Vec<String>,
}

impl GuidanceStanding {
    /// Whether offices may add this to what the organisation has written, or to what is built in.
    pub fn offices_may(&self, what: &str, own: bool) -> bool {
        let manifest = if own { &self.own } else { &self.built_in };
        manifest.as_ref().is_some_and(|manifest| manifest.offices.iter().any(|may| may == what))
    }
}

/// Why a newer pack is not in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackTrouble {
    /// It is not what the organisation has signed, or goes back.
    Refused(Refusal),
    /// So many files are still to come.
    Incomplete(usize),
    /// This phone has no room for it.
    Full,
}

impl Default for GuidanceState {
    fn default() -> Self {
        Self {
            library: StoredValue::default(),
            revision: RwSignal::new(0),
            reach: RwSignal::default(),
            indexing: StoredValue::new(false),
            standing: RwSignal::default(),
            rules: RwSignal::default(),
            begun: StoredValue::new(false),
            turn: StoredValue::new(0),
            looked: StoredValue::new(None),
            updating: StoredValue::new(false),
        }
    }
}

impl GuidanceState {
    /// Looks at what is at hand; tracks.
    pub fn with<T>(self, look: impl FnOnce(&Library) -> T) -> T {
        self.revision.track();
        self.library.with_value(look)
    }

    /// One card; tracks.
    pub fn card(self, id: &str) -> Option<Card> {
        self.with(|library| library.card(id).cloned())
    }

    /// Whether there is anything to look at yet; tracks.
    pub fn is_read(self) -> bool {
        self.revision.get() > 0
    }

    /// How much of what is at hand the search finds by now; tracks.
    pub fn reach(self) -> Reach {
        self.reach.get()
    }

    /// Whether whoever asks is to read it: the first.
    pub(crate) fn begin(self) -> bool {
        first(self.begun)
    }

    /// Whether whoever asks is to make the index: nobody does yet.
    pub(crate) fn begin_index(self) -> bool {
        first(self.indexing)
    }

    /// Makes one turn more of the index; whether there is more to do.
    pub(crate) fn index(self) -> bool {
        let more = self.library.try_update_value(Library::index).unwrap_or(false);
        let reach = self.library.with_value(Library::reach);
        if self.reach.get_untracked() != reach {
            self.reach.set(reach);
        }
        if !more {
            self.indexing.set_value(false);
        }
        more
    }

    /// Begins to read; what began before and ends later is not shown.
    pub(crate) fn next_turn(self) -> u32 {
        self.turn
            .try_update_value(|turn| {
                *turn += 1;
                *turn
            })
            .unwrap_or_default()
    }

    pub(crate) fn is_turn(self, turn: u32) -> bool {
        self.turn.get_value() == turn
    }

    pub(crate) fn is_begun(self) -> bool {
        self.begun.get_value()
    }

    /// Forms that are open are drawn anew only if there is something else to draw.
    pub(crate) fn put_rules(self, rules: Rules) {
        if self.rules.with_untracked(|own| *own != rules) {
            self.rules.set(rules);
        }
    }

    pub(crate) fn put(self, library: Library) {
        self.library.set_value(library);
        self.reach.set(Reach::Nothing);
        self.revision.update(|revision| *revision += 1);
    }
}

/// Whether nobody was there before.
fn first(taken: StoredValue<bool>) -> bool {
    !taken.try_update_value(|taken| std::mem::replace(taken, true)).unwrap_or(true)
}
