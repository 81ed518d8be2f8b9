use super::code_list::code_list;
use super::draft::{Checks, FieldError, MAX_NOTE, Problem};
use super::{EventId, Stamp, UserId};
use crate::order;
use crate::{json_serialize, json_struct};

code_list! {
    /// Go, or not.
    Decided {
        Go = "go",
        GoWithConditions = "go_with_conditions",
        Postponed = "postponed",
        NoGo = "no_go",
    }
}

/// `movement.decided`: who decided what, why, and what was known at that moment.
#[derive(Debug, Clone, PartialEq)]
pub struct MovementDecided {
    pub movement: EventId,
    /// The plan that was decided on: the id of a `movement.planned` or `movement.revised`.
    pub plan: EventId,
    pub decision: Decided,
    pub reason: String,
    pub conditions: Option<String>,
    pub known: Known,
}

json_struct!(MovementDecided: required [movement, plan, decision, reason, known] optional [conditions]);

/// What was on the screen of whoever decided.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Known {
    /// When this phone had last heard from the backend; `None` if never.
    pub seen_as_of: Option<Stamp>,
    /// Records of this phone that nobody else had seen then.
    pub unsent: u32,
    pub legs: Vec<KnownLeg>,
    /// Items of which nobody knew the place: they may have been about any leg.
    pub unplaced: Vec<KnownItem>,
    /// How many more items there were than a record has room for.
    pub left_out: u32,
    /// The checklists of the movement, its vehicles and its people.
    pub checks: Vec<KnownCheck>,
    /// When the backend had last heard from the phones of others: what they had written since was not known. Those not
    /// heard from for longest first.
    pub phones: Vec<KnownPhone>,
}

json_struct!(Known: optional [seen_as_of, unsent, legs, unplaced, left_out, checks, phones]);

/// Somebody's phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownPhone {
    pub user: UserId,
    pub name: String,
    /// Within ten minutes.
    pub seen: Stamp,
}

json_struct!(KnownPhone: required [user, name, seen]);

/// So many phones are kept with a decision.
const PHONES: usize = 60;

impl KnownPhone {
    /// What a decision keeps of phones: of the last month, those not heard from for longest first.
    pub fn kept(mut all: Vec<Self>, now: Stamp) -> Vec<Self> {
        all.retain(|phone| now.ms_since(phone.seen) < 31 * 24 * 60 * 60 * 1000);
        order::sort_by(&mut all, |one, other| (one.seen, &one.user).cmp(&(other.seen, &other.user)));
        all.truncate(PHONES);
        all
    }
}

/// How one checklist stood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KnownCheck {
    /// Its identifier in the pack.
    pub checklist: String,
    /// The call sign, the person or the movement.
    pub name: String,
    /// `missing`, `old`, `clear` or `gaps`.
    pub state: String,
    /// The record it was gone through in.
    pub record: Option<EventId>,
}

json_struct!(KnownCheck: required [checklist, name, state] optional [record]);

impl Known {
    /// How many items there were, those of several legs once.
    pub fn count(&self) -> usize {
        let mut ids: Vec<EventId> = vec![];
        ids.extend(self.legs.iter().flat_map(|leg| &leg.items).chain(&self.unplaced).map(|item| item.id));
        order::sort(&mut ids);
        ids.dedup();
        ids.len() + usize::try_from(self.left_out).unwrap_or(0)
    }
}

/// What was known of one leg.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct KnownLeg {
    /// Names of the places it goes from and to.
    pub from: String,
    pub to: String,
    /// The worst level of the areas on it, where somebody has rated one.
    pub level: Option<String>,
    pub items: Vec<KnownItem>,
}

json_struct!(KnownLeg: required [from, to] optional [level, items]);

/// An item that counted, by its kind and as it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownItem {
    pub id: EventId,
    /// The name of its form.
    pub form: String,
    /// Whether it was open then.
    pub open: bool,
}

json_struct!(KnownItem: required [id, form] optional [open]);

/// The form of a decision.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DecisionDraft {
    pub decision: Option<Decided>,
    pub reason: String,
    pub conditions: String,
}

json_struct!(DecisionDraft: draft [decision, reason, conditions]);
json_serialize!(MovementDecided, Known, KnownCheck, KnownPhone, KnownLeg, KnownItem, DecisionDraft);

impl DecisionDraft {
    /// # Errors
    /// No decision or reason, or a go with conditions that names none.
    pub fn parse(
        &self,
        movement: EventId,
        plan: EventId,
        known: Known,
    ) -> Result<MovementDecided, Vec<FieldError>> {
        let mut checks = Checks::default();
        let reason = checks.text("reason", &self.reason, MAX_NOTE);
        if reason.is_none() {
            checks.fail("reason", Problem::Required);
        }
        if self.decision.is_none() {
            checks.fail("decision", Problem::Required);
        }
        let asks = self.decision == Some(Decided::GoWithConditions);
        let conditions = checks.text("conditions", &self.conditions, MAX_NOTE).filter(|_| asks);
        if asks && conditions.is_none() {
            checks.fail("conditions", Problem::Required);
        }
        let decided = self.decision.clone().zip(reason).map(|(decision, reason)| MovementDecided {
            movement,
            plan,
            decision,
            reason,
            conditions,
            known,
        });
        checks.done(decided)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_has_a_reason_and_its_conditions() {
        let (movement, plan) = (EventId::new(1, [0; 10]), EventId::new(2, [0; 10]));
        let faults = |draft: &DecisionDraft| {
            let parsed = draft.parse(movement, plan, Known::default());
            parsed.err().unwrap_or_default().iter().map(|error| error.field).collect::<Vec<_>>()
        };
        assert_eq!(faults(&DecisionDraft::default()), ["reason", "decision"]);
        let go = DecisionDraft { decision: Some(Decided::Go), reason: "quiet".into(), ..Default::default() };
        assert!(faults(&go).is_empty());
        let with = DecisionDraft { decision: Some(Decided::GoWithConditions), ..go };
        assert_eq!(faults(&with), ["conditions"]);
    }
}
