//! Who may write what.

use super::Role;
use crate::event::{Kind, UserId};

/// Why a record may not be written by its author.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    #[error("this role may not write this kind of record")]
    Role,
    #[error("nobody confirms or takes on their own record: another person has to")]
    OwnRecord,
}

/// Whether `role` may write `kind`. Kinds of newer versions are taken from everyone: what they mean is judged by
/// those who know them, and refusing them here would lose them.
///
/// # Errors
/// [`Forbidden::Role`].
pub fn may_write(role: Role, kind: &Kind) -> Result<(), Forbidden> {
    let allowed = match kind {
        Kind::CheckinMade | Kind::EmergencyRaised | Kind::EmergencyResolved | Kind::Other(_) => true,
        Kind::CheckinConfirmed | Kind::RecordSeen | Kind::EmergencyAcknowledged => role.watches(),
    };
    if allowed { Ok(()) } else { Err(Forbidden::Role) }
}

/// Whether `author` may answer a record that `subject_author` wrote: no self-acknowledgement. The author of an
/// emergency may say that it is over.
///
/// # Errors
/// [`Forbidden::OwnRecord`].
pub fn may_answer(kind: &Kind, author: &UserId, subject_author: &UserId) -> Result<(), Forbidden> {
    match kind {
        Kind::CheckinConfirmed | Kind::EmergencyAcknowledged if author == subject_author => {
            Err(Forbidden::OwnRecord)
        }
        _ => Ok(()),
    }
}

/// Whether `author` may say that an emergency of `subject_author` is over: whoever raised it, or who watches.
///
/// # Errors
/// [`Forbidden::Role`].
pub fn may_resolve(role: Role, author: &UserId, subject_author: &UserId) -> Result<(), Forbidden> {
    if role.watches() || author == subject_author { Ok(()) } else { Err(Forbidden::Role) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_who_may_write_what() {
        let everyone = [true; 5];
        let watchers = [false, false, true, true, true];
        for (kind, expected) in [
            (Kind::CheckinMade, everyone),
            (Kind::EmergencyRaised, everyone),
            (Kind::EmergencyResolved, everyone),
            (Kind::Other("org.example.new.v1".into()), everyone),
            (Kind::CheckinConfirmed, watchers),
            (Kind::RecordSeen, watchers),
            (Kind::EmergencyAcknowledged, watchers),
        ] {
            assert_eq!(Role::ALL.map(|role| may_write(role, &kind).is_ok()), expected, "{kind:?}");
        }
    }

    #[test]
    fn nobody_confirms_themselves() {
        let (amina, idriss) = (UserId::from("amina"), UserId::from("idriss"));
        assert_eq!(may_answer(&Kind::CheckinConfirmed, &amina, &amina), Err(Forbidden::OwnRecord));
        assert_eq!(may_answer(&Kind::EmergencyAcknowledged, &amina, &amina), Err(Forbidden::OwnRecord));
        assert_eq!(may_answer(&Kind::CheckinConfirmed, &amina, &idriss), Ok(()));
        assert_eq!(may_answer(&Kind::EmergencyResolved, &amina, &amina), Ok(()));
    }

    #[test]
    fn an_emergency_is_ended_by_whoever_raised_it_or_watches() {
        let (amina, idriss) = (UserId::from("amina"), UserId::from("idriss"));
        for role in Role::ALL {
            assert_eq!(may_resolve(role, &idriss, &idriss), Ok(()));
            assert_eq!(may_resolve(role, &amina, &idriss).is_ok(), role.watches(), "{role:?}");
        }
    }
}
