//! Forms that core describes: asked, and shown as they were filled in.

mod facts;
mod sheet;
mod state;
mod words;

pub use facts::{facts, saying};
pub use sheet::FormSheet;
pub use state::{Filling, Prefill};
pub use words::{
    begun_from, clipped, code, deadline, face, headline, label, short, short_name, spot, text, title,
};
