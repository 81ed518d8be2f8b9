//! Forms that core describes: asked, and shown as they were filled in.

mod continued;
mod facts;
mod sheet;
mod state;
mod words;

pub use continued::Continued;
pub use facts::{facts, saying};
pub use sheet::FormSheet;
pub use state::{Filling, Prefill};
pub use words::{
    begun_from, clipped, code, deadline, face, headline, label, short, short_name, spot, text, title,
};
