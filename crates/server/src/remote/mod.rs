//! A backend as phones meet it: over HTTP, from outside.

mod newcomer;
mod wire;

pub use newcomer::{Newcomer, fresh_key};
pub use wire::{Wire, as_browser, as_response, reply};
