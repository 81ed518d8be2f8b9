//! Waymark core
