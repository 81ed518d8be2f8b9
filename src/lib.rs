//! Waymark
