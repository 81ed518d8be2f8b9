//! The demo organisation of `serve --demo`.

use waymark_core::event::OrgId;
use waymark_core::rules::Role;

use super::code::{Grant, fresh, line, link};
use super::{CommandError, say};
use crate::clock;
use crate::qr;
use crate::storage::{Org, Storage};

const SLUG: &str = "demo";
const NAME: &str = "Abéché radio room (demo)";
const CODES_LAST_MS: i64 = 86_400_000;

/// Creates the demo organisation, if it is not there.
pub async fn create(storage: &dyn Storage) -> Result<OrgId, CommandError> {
    let org = Org { slug: SLUG.into(), name: NAME.into() };
    storage.create_org(&org, clock::now()).await?;
    Ok(org.slug)
}

/// Prints a fresh code for each role, and the traveller's link as text and as a QR code.
pub async fn print_codes(storage: &dyn Storage, org: &OrgId, address: &str) -> Result<(), CommandError> {
    let now = clock::now();
    let mut text = String::new();
    let mut traveller = None;
    for role in Role::ALL {
        let grant = Grant { org: org.clone(), role, areas: Vec::new(), device: None };
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
