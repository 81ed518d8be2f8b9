//! One folder or file a screen. Screens read `state`, call `actions` and are made of `ui`; nothing else.

mod check_in;
mod enrol;
mod home;
mod movement;
mod movements;
mod not_found;
mod parts;
mod plan;
mod records;
mod settings;
mod shell;
mod watch;

pub use check_in::CheckIn;
pub use enrol::Enrol;
pub use home::Home;
pub use movement::Movement;
pub use movements::Movements;
pub use not_found::NotFound;
pub use plan::{NewPlan, RevisePlan};
pub use records::Records;
pub use settings::Settings;
pub use shell::{Banners, Shell};
pub use watch::{Ringer, Watch};
