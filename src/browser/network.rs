/// Whether the browser believes in a network. `false` is sure, `true` is a guess.
pub fn is_online() -> bool {
    super::window().is_none_or(|window| window.navigator().on_line())
}
