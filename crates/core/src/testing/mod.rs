//! For tests of this and other crates: builders, conformance suites and the simulator.

pub mod build;
pub mod memory_store;
pub mod model_server;
pub mod simulator;
pub mod store_suite;
