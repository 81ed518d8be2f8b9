//! The demo organisation of `serve --demo`.

mod chain;
mod convoys;
mod day;
mod people;

use waymark_core::event::{DeviceId, OrgId};
use waymark_core::rules::Role;

use super::code::{Grant, fresh, line, link};
use super::{CommandError, say};
use crate::clock;
use crate::qr;
use crate::route::Route;
use crate::storage::{Created, Org, Storage};

const SLUG: &str = "demo";
const NAME: &str = "Abéché radio room (demo)";
const CODES_LAST_MS: i64 = 86_400_000;

/// Creates the demo organisation, if it is not there; with `day`, a day with people and convoys in it.
pub async fn create(storage: &dyn Storage, day: bool) -> Result<OrgId, CommandError> {
    let org = Org { slug: SLUG.into(), name: NAME.into() };
    let now = clock::now();
    let created = storage.create_org(&org, now).await?;
    if created == Created::Created && day {
        let road = Route::chad_east().map_err(|_| CommandError::Demo("the built-in road cannot be read"))?;
        let staff = people::enrol(storage, &org.slug, now).await?;
        let mut day = convoys::day(&road, &staff, now).ok_or(CommandError::Demo("a town is missing"))?;
        chain::weeks(&mut day, &staff).ok_or(CommandError::Demo("a report does not fit its form"))?;
        day.send(storage).await?;
    }
    Ok(org.slug)
}

/// Prints a fresh code for each role, and the traveller's link as text and as a QR code.
pub async fn print_codes(storage: &dyn Storage, org: &OrgId, address: &str) -> Result<(), CommandError> {
    let now = clock::now();
    let mut text = String::new();
    let mut traveller = None;
    for role in Role::ALL {
        let device = if role == Role::Traveller { free_seat(storage, org).await? } else { None };
        let grant = Grant { org: org.clone(), role, areas: Vec::new(), device };
        let code = fresh(storage, grant, now, now.plus_ms(CODES_LAST_MS)).await?;
        text += &line(role, &code);
        text += "\n";
        if role == Role::Traveller {
            traveller = Some(link(address, &code));
        }
    }
    if let Some(link) = traveller {
        text += &link;
        text += "\n";
        // A link too long to draw can still be read.
        text += &qr::draw(&link).unwrap_or_default();
    }
    Ok(say(&text)?)
}

/// The seat that is kept for whoever tries the demo first, so that they travel with a convoy. `None` once it is taken.
async fn free_seat(storage: &dyn Storage, org: &OrgId) -> Result<Option<DeviceId>, CommandError> {
    let seat = people::seat();
    let devices = storage.devices().await?;
    let free = |device: &&crate::storage::Device| {
        device.org == *org && device.id == seat && device.name == people::SEAT
    };
    Ok(devices.iter().find(free).map(|device| device.id.clone()))
}
