//! The pure core of Waymark: what an event is, what may be believed of it, and how it travels without being lost.
//!
//! Nothing in here asks for the time, an id, randomness or the network: they are arguments. The same code runs in
//! the app (WebAssembly), in the server, in the tests and in the simulator.

pub mod backend;
pub mod carry;
pub mod event;
pub mod exchange;
pub mod geo;
pub mod guidance;
pub mod json;
pub mod layer;
pub mod order;
pub mod picture;
pub mod rules;
pub mod spelling;
pub mod sync;
#[cfg(feature = "testing")]
pub mod testing;
pub mod view;
