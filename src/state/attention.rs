pub use crate::browser::notify::Permission;

/// How this screen calls for somebody who is not looking at it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attention {
    pub sound: Sound,
    pub notify: Permission,
    /// The screen is kept on.
    pub awake: bool,
    /// This browser can keep it on.
    pub can_wake: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sound {
    #[default]
    Off,
    /// Wanted, but the browser waits for a tap on this page.
    Blocked,
    On,
}
