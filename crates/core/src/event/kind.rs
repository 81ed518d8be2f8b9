use super::code_list::code_list;

code_list! {
    /// What kind of event this is, without the `org.waymark.` prefix and the `.v1` suffix of the wire.
    Kind {
        MovementPlanned = "movement.planned",
        MovementRevised = "movement.revised",
        MovementClosed = "movement.closed",
        CheckinMade = "checkin.made",
        CheckinConfirmed = "checkin.confirmed",
        RecordSeen = "record.seen",
        OverdueRaised = "overdue.raised",
        OverdueStep = "overdue.step",
        OverdueAcknowledged = "overdue.acknowledged",
        OverdueResolved = "overdue.resolved",
        EmergencyRaised = "emergency.raised",
        EmergencyStep = "emergency.step",
        EmergencyAcknowledged = "emergency.acknowledged",
        EmergencyResolved = "emergency.resolved",
        MovementDecided = "movement.decided",
        ThreatReported = "threat.reported",
        ThreatEvaluated = "threat.evaluated",
        ThreatClosed = "threat.closed",
        IncidentReported = "incident.reported",
        IncidentClosed = "incident.closed",
        LossRecorded = "loss.recorded",
        LinkMade = "link.made",
        /// Later detail to any report.
        ReportUpdated = "report.updated",
        RiskAssessed = "risk.assessed",
        AreaRated = "area.rated",
        CommunityConsulted = "community.consulted",
        CommunityHeard = "community.heard",
        CommunityAnswered = "community.answered",
        AcceptanceObserved = "acceptance.observed",
        ChecklistCompleted = "checklist.completed",
        TrainingRecorded = "training.recorded",
        DrillHeld = "drill.held",
        GapRaised = "gap.raised",
        /// Somebody has read a card that asks for it.
        GuidanceRead = "guidance.read",
        /// What an office adds to a card for its own people.
        GuidanceNoted = "guidance.noted",
        /// Who stands in for the roles of a contingency plan.
        PlanStaffed = "plan.staffed",
        ActionOpened = "action.opened",
        ActionDone = "action.done",
        ActionVerified = "action.verified",
        FindingRecorded = "finding.recorded",
        InvestigationOpened = "investigation.opened",
        InvestigationClosed = "investigation.closed",
        PackPublished = "pack.published",
        /// What became of a proposal to change the standards.
        ProposalDecided = "proposal.decided",
    }
}

const PREFIX: &str = "org.waymark.";
const VERSION: &str = ".v1";

impl Kind {
    /// The CloudEvents `type`, such as `org.waymark.checkin.made.v1`.
    pub fn event_type(&self) -> String {
        match self {
            Self::Other(whole) => whole.clone(),
            known => format!("{PREFIX}{}{VERSION}", known.code()),
        }
    }

    /// Reads a CloudEvents `type`. One of another maker or version is `Other` with the whole type kept.
    pub fn from_event_type(event_type: &str) -> Self {
        let code = event_type.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(VERSION));
        match code.map(Self::from_code) {
            Some(Self::Other(_)) | None => Self::Other(event_type.to_owned()),
            Some(known) => known,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn types_survive_the_round_trip() {
        for kind in Kind::ALL {
            assert_eq!(&Kind::from_event_type(&kind.event_type()), kind);
        }
    }

    #[test]
    fn a_type_from_a_newer_phone_is_kept_whole() {
        for unknown in ["org.waymark.checkin.made.v2", "org.waymark.drone.seen.v1", "com.example.thing"] {
            assert_eq!(Kind::from_event_type(unknown).event_type(), unknown);
        }
    }
}
