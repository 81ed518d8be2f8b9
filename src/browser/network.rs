/// Whether the browser believes in a network. `false` is sure, `true` is a guess.
pub fn is_online() -> bool {
    super::window().is_none_or(|window| window.navigator().on_line())
}

/// The host that this page came from: a name that nobody else in the world has.
pub fn host() -> String {
    super::window().and_then(|window| window.location().hostname().ok()).unwrap_or_default()
}
