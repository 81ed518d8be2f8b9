use waymark_core::backend::standards::{Changes, Published, Standards};
use waymark_core::sync::Trouble;

/// What the server tells those who answer for the standards; nothing of it is kept on the phone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StandardsSeen {
    pub told: Option<Standards>,
    /// Why nothing newer was told.
    pub trouble: Option<StandardsTrouble>,
    /// Why what was chosen is not published.
    pub not_published: Option<StandardsTrouble>,
    /// The server is being asked or told.
    pub asking: bool,
    /// By version, those that somebody asked for.
    pub changes: Vec<Changes>,
    /// The last release that was published from here.
    pub published: Option<Published>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StandardsTrouble {
    Unreached(Trouble),
    /// With the server's code and words.
    Refused(String, String),
    /// What was chosen is no signed release.
    NoRelease,
}
