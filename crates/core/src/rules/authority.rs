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
        Kind::MovementPlanned
        | Kind::MovementRevised
        | Kind::MovementClosed
        | Kind::CheckinMade
        | Kind::EmergencyRaised
        | Kind::EmergencyResolved
        | Kind::ThreatReported
        | Kind::ThreatEvaluated
        | Kind::IncidentReported
        | Kind::LossRecorded
        | Kind::ReportUpdated
        | Kind::RiskAssessed
        | Kind::CommunityConsulted
        | Kind::CommunityHeard
        | Kind::CommunityAnswered
        | Kind::AcceptanceObserved
        | Kind::ActionDone
        | Kind::ChecklistCompleted
        | Kind::GapRaised
        | Kind::GuidanceRead
        | Kind::Other(_) => true,
        Kind::InvestigationOpened
        | Kind::InvestigationClosed
        | Kind::PackPublished
        | Kind::ProposalDecided => role == Role::Central,
        Kind::AreaRated => matches!(role, Role::Security | Role::Central),
        Kind::CheckinConfirmed
        | Kind::RecordSeen
        | Kind::EmergencyStep
        | Kind::EmergencyAcknowledged
        | Kind::OverdueRaised
        | Kind::OverdueStep
        | Kind::OverdueAcknowledged
        | Kind::OverdueResolved
        | Kind::MovementDecided
        | Kind::ThreatClosed
        | Kind::IncidentClosed
        | Kind::LinkMade
        | Kind::ActionOpened
        | Kind::ActionVerified
        | Kind::TrainingRecorded
        | Kind::DrillHeld
        | Kind::GuidanceNoted
        | Kind::PlanStaffed
        | Kind::FindingRecorded => role.watches(),
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

/// Whether `author` may say that an action was checked: none of the `doers`, who have it to do or say that it is done.
///
/// # Errors
/// [`Forbidden::OwnRecord`].
pub fn may_verify(kind: &Kind, author: &UserId, doers: &[UserId]) -> Result<(), Forbidden> {
    if *kind == Kind::ActionVerified && doers.contains(author) { Err(Forbidden::OwnRecord) } else { Ok(()) }
}

/// How the author of a record stands to the movement it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// One of those who travel.
    Crew,
    /// Wrote the first plan, and stays behind.
    Planner,
    None,
}

/// Whether `author` may write this about a movement: plans are changed and closed by those who go, who planned or who
/// watch; and nobody who travels says that somebody is on it, or that it is settled.
///
/// # Errors
/// Both of [`Forbidden`].
pub fn may_write_about(role: Role, kind: &Kind, part: Part) -> Result<(), Forbidden> {
    match kind {
        Kind::MovementRevised | Kind::MovementClosed if part == Part::None && !role.watches() => {
            Err(Forbidden::Role)
        }
        Kind::OverdueAcknowledged | Kind::OverdueResolved | Kind::EmergencyAcknowledged
            if part == Part::Crew =>
        {
            Err(Forbidden::OwnRecord)
        }
        _ => Ok(()),
    }
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
            (Kind::EmergencyStep, watchers),
            (Kind::EmergencyAcknowledged, watchers),
            (Kind::MovementPlanned, everyone),
            (Kind::MovementRevised, everyone),
            (Kind::MovementClosed, everyone),
            (Kind::OverdueRaised, watchers),
            (Kind::OverdueStep, watchers),
            (Kind::OverdueAcknowledged, watchers),
            (Kind::OverdueResolved, watchers),
            (Kind::MovementDecided, watchers),
            (Kind::ThreatReported, everyone),
            (Kind::ThreatEvaluated, everyone),
            (Kind::ThreatClosed, watchers),
            (Kind::IncidentReported, everyone),
            (Kind::IncidentClosed, watchers),
            (Kind::LossRecorded, everyone),
            (Kind::LinkMade, watchers),
            (Kind::ReportUpdated, everyone),
            (Kind::RiskAssessed, everyone),
            (Kind::AreaRated, [false, false, false, true, true]),
            (Kind::CommunityConsulted, everyone),
            (Kind::CommunityHeard, everyone),
            (Kind::CommunityAnswered, everyone),
            (Kind::AcceptanceObserved, everyone),
            (Kind::ActionOpened, watchers),
            (Kind::ActionDone, everyone),
            (Kind::ActionVerified, watchers),
            (Kind::FindingRecorded, watchers),
            (Kind::InvestigationOpened, [false, false, false, false, true]),
            (Kind::InvestigationClosed, [false, false, false, false, true]),
            (Kind::PackPublished, [false, false, false, false, true]),
            (Kind::ProposalDecided, [false, false, false, false, true]),
            (Kind::GapRaised, everyone),
            (Kind::GuidanceRead, everyone),
            (Kind::GuidanceNoted, watchers),
            (Kind::PlanStaffed, watchers),
            (Kind::ChecklistCompleted, everyone),
            (Kind::TrainingRecorded, watchers),
            (Kind::DrillHeld, watchers),
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
    fn what_is_done_is_verified_by_another_person() {
        let [amina, idriss, moussa] = ["amina", "idriss", "moussa"].map(UserId::from);
        let doers = [idriss.clone(), moussa];
        assert_eq!(may_verify(&Kind::ActionVerified, &idriss, &doers), Err(Forbidden::OwnRecord));
        assert_eq!(may_verify(&Kind::ActionVerified, &amina, &doers), Ok(()));
        assert_eq!(may_verify(&Kind::ActionVerified, &amina, &[]), Ok(()), "also whoever opened it");
        assert_eq!(may_verify(&Kind::ActionDone, &idriss, &doers), Ok(()));
    }

    #[test]
    fn an_emergency_is_ended_by_whoever_raised_it_or_watches() {
        let (amina, idriss) = (UserId::from("amina"), UserId::from("idriss"));
        for role in Role::ALL {
            assert_eq!(may_resolve(role, &idriss, &idriss), Ok(()));
            assert_eq!(may_resolve(role, &amina, &idriss).is_ok(), role.watches(), "{role:?}");
        }
    }

    #[test]
    fn the_table_of_who_may_write_what_about_a_movement() {
        use Part::{Crew, None, Planner};
        let may =
            |kind: &Kind, part| Role::ALL.map(|role| u8::from(may_write_about(role, kind, part).is_ok()));
        //                                                     T  R  M  S  C
        assert_eq!(may(&Kind::MovementRevised, Crew), [1, 1, 1, 1, 1]);
        assert_eq!(may(&Kind::MovementRevised, Planner), [1, 1, 1, 1, 1]);
        assert_eq!(may(&Kind::MovementClosed, None), [0, 0, 1, 1, 1], "strangers");
        assert_eq!(may(&Kind::OverdueAcknowledged, Crew), [0, 0, 0, 0, 0], "a manager who travels");
        assert_eq!(may(&Kind::OverdueResolved, Crew), [0, 0, 0, 0, 0]);
        assert_eq!(may(&Kind::EmergencyAcknowledged, Crew), [0, 0, 0, 0, 0], "their own emergency");
        assert_eq!(may(&Kind::EmergencyAcknowledged, None), [1, 1, 1, 1, 1], "roles are judged elsewhere");
        assert_eq!(may(&Kind::OverdueAcknowledged, Planner), [1, 1, 1, 1, 1]);
        assert_eq!(may(&Kind::CheckinMade, None), [1, 1, 1, 1, 1], "somebody who got in on the way");
    }
}
