use leptos::prelude::*;
use waymark_core::event::Stamp;
use waymark_core::guidance::{Card, Library, Manifest, Refusal, Rules};

/// The guidance at hand; read once a screen asks for it.
#[derive(Clone, Copy)]
pub struct GuidanceState {
    library: StoredValue<Library>,
    /// Rises with every change of the library; 0 while nothing has been read.
    revision: RwSignal<u32>,
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

    /// Whether whoever asks is to read it: the first.
    pub(crate) fn begin(self) -> bool {
        !self.begun.try_update_value(|begun| std::mem::replace(begun, true)).unwrap_or(true)
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
        self.revision.update(|revision| *revision += 1);
    }
}
