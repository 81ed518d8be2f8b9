use waymark_core::event::{Body, PeopleState};
use waymark_core::view::RecordView;

/// Who needs an answer first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Emergency,
    NotSafe,
    NeedAssistance,
    Other,
}

fn rank(view: &RecordView) -> Rank {
    match &view.body {
        Some(Body::EmergencyRaised(_)) => Rank::Emergency,
        Some(Body::CheckinMade(made)) if made.duress => Rank::Emergency,
        Some(Body::CheckinMade(made)) => match made.people {
            PeopleState::NotSafe => Rank::NotSafe,
            PeopleState::NeedAssistance => Rank::NeedAssistance,
            _ => Rank::Other,
        },
        _ => Rank::Other,
    }
}

/// The most pressing first, and among those the one that has waited longest.
pub fn sort(records: &mut Vec<RecordView>) {
    waymark_core::order::sort_by(records, |one, other| {
        rank(one).cmp(&rank(other)).then(one.happened.cmp(&other.happened))
    });
}
