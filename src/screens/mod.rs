//! One folder or file a screen. Screens read `state`, call `actions` and are made of `ui`; nothing else.

mod check_in;
mod checklists;
mod enrol;
mod guidance;
mod home;
mod map;
mod movement;
mod movements;
mod not_found;
mod parts;
mod plan;
mod records;
mod report;
mod sectors;
mod settings;
mod shell;
mod threats;
mod watch;

pub use check_in::CheckIn;
pub use checklists::Checklists;
pub use enrol::Enrol;
pub use guidance::{Guidance, PlanPage};
pub use home::Home;
pub use map::Map;
pub use movement::Movement;
pub use movements::Movements;
pub use not_found::NotFound;
pub use plan::{NewPlan, RevisePlan};
pub use records::Records;
pub use report::Report;
pub use sectors::Sectors;
pub use settings::Settings;
pub use shell::{Banners, Shell};
pub use threats::Threats;
pub use watch::{Ringer, Watch};
