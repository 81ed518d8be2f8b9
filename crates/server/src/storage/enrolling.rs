//! Under which ids a device is enrolled, decided over what the database knows and without it.

use waymark_core::event::{DeviceId, OrgId, UserId};
use waymark_core::rules::Role;

use super::columns::{areas_from, role_from};
use super::{Caller, Enrolment, StorageError};

/// Codes are dropped when they have been worthless for this long.
pub const FORGET_CODES_MS: i64 = 30 * 86_400_000;

/// What a code gives: organisation, its name, role, areas, and the one device it is for.
pub type GrantRow = (String, String, String, String, Option<String>);

/// What a code gives.
#[derive(Debug, Clone)]
pub struct Grant {
    pub org: OrgId,
    pub org_name: String,
    pub role: Role,
    pub areas: Vec<String>,
    pub device: Option<DeviceId>,
}

impl Grant {
    pub fn from_row((org, org_name, role, areas, device): GrantRow) -> Result<Self, StorageError> {
        Ok(Self {
            org: OrgId(org),
            org_name,
            role: role_from(&role)?,
            areas: areas_from(&areas)?,
            device: device.map(DeviceId),
        })
    }
}

/// What is known of those that the enrolment names.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Who carries the device that the code is for.
    pub granted: Option<UserId>,
    /// The device that has shown this key before.
    pub by_key: Option<(DeviceId, UserId)>,
    /// Who carries the device that it says it was, and the hash of its credential.
    pub former: Option<(UserId, Vec<u8>)>,
    /// Whether somebody has the user id that it says it had.
    pub former_user: bool,
}

/// Who signs in with the code.
pub fn caller(grant: &Grant, enrolment: &Enrolment, known: Known) -> Caller {
    let (device, user) = identity(grant, enrolment, known);
    Caller { org: grant.org.clone(), device, user, role: grant.role, areas: grant.areas.clone() }
}

fn identity(grant: &Grant, enrolment: &Enrolment, known: Known) -> (DeviceId, UserId) {
    let fresh = (enrolment.new_device.clone(), enrolment.new_user.clone());
    if let Some(device) = &grant.device {
        return (device.clone(), known.granted.unwrap_or(fresh.1));
    }
    if let Some(same) = known.by_key {
        return same;
    }
    let Some(former) = &enrolment.former else {
        return fresh;
    };
    match known.former {
        Some((user, token)) if former.token.is_some_and(|shown| shown.0[..] == token[..]) => {
            (former.device.clone(), user)
        }
        Some(_) => fresh,
        None => {
            // The user id that a device lost with its row may come back: not one that somebody has.
            let returning = former.user.clone().filter(|_| !known.former_user);
            (former.device.clone(), returning.unwrap_or(fresh.1))
        }
    }
}
