//! For tests of this and other crates: builders, conformance suites and the simulator.

pub mod build;
pub mod carry_suite;
pub mod items;
pub mod memory_carry;
pub mod memory_store;
pub mod model_server;
pub mod random;
pub mod simulator;
pub mod store_suite;

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Runs a future of a store that never really waits.
///
/// # Panics
/// If it does wait.
#[allow(clippy::panic)]
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a store in memory does not wait"),
    }
}
