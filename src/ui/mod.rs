//! The parts every screen is made of. No word of the domain in here: words come in as text.

mod asked;
mod banner;
mod button;
mod check;
mod chip;
mod choices;
mod drop_area;
mod empty;
mod facts;
mod field;
mod file_pick;
mod focus;
mod fold;
mod hold_button;
mod icon;
mod live;
mod meter;
mod page;
mod pick;
mod picture;
mod rows;
mod sheet;
mod sketch;
mod strip;
mod ticks;
pub mod time;
mod toast;
mod tone;
mod tool;
mod trail;
mod visible;

use leptos::prelude::Signal;

pub use asked::{Answer, Asked, PlaceAnswer, asked, place_icon};
pub use banner::Banner;
pub use button::{Button, LinkButton, Size};
pub use check::Check;
pub use chip::Chip;
pub use choices::{Choice, Choices, Shape};
pub use drop_area::DropArea;
pub use empty::Empty;
pub use facts::{Fact, Facts};
pub use field::{Field, Input, Value};
pub use file_pick::FilePick;
pub use focus::{WorkTitle, bring_in, focus, focus_first_invalid, show_whole};
pub use fold::{Fold, LateFold};
pub use hold_button::HoldButton;
pub use icon::{Icon, IconData, lu};
pub use live::live;
pub use meter::Meter;
pub use page::{ListTitle, PageTitle};
pub use pick::Pick;
pub use picture::Picture;
pub use rows::rows;
pub use sheet::SheetRow;
pub use sketch::{Mark, Sketch, SketchMap, SketchWords};
pub use strip::{Stop, Strip, StripDown, StripLine};
pub use ticks::Ticks;
pub use toast::{ToastRegion, Toasts};
pub use tone::Tone;
pub use tool::ToolButton;
pub use trail::{Pips, Station, Trail};
pub use visible::use_visible;

/// Words that follow the language.
pub type Text = Signal<String>;
