use std::time::Duration;

use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::{
    EventId, FieldError, LegDraft, PlanDraft, Problem, Stamp, VehicleDraft, WatchRules,
};

use crate::actions::{self, KeptPlan, SaveError};
use crate::reactive::effect;
use crate::state::{AppState, Shown};

/// Between a change and its writing down: a word's length of typing.
const PAUSE: Duration = Duration::from_millis(300);

/// The plan that a form changes.
#[derive(Clone)]
pub struct Changed {
    pub movement: Shown,
    /// The version that the form was filled with.
    pub replaces: EventId,
}

/// The form of a plan: one draft, of which every field shows and writes a part.
#[derive(Clone, Copy)]
pub struct PlanForm {
    pub draft: RwSignal<PlanDraft>,
    /// Names of the rows that stay with them when they are moved.
    pub legs: RwSignal<Vec<u32>>,
    pub vehicles: RwSignal<Vec<u32>>,
    /// What was wrong at the last try to save, by the names of the fields on the page.
    faults: RwSignal<Vec<(String, Problem)>>,
    pub changed: StoredValue<Option<Changed>>,
    next_row: StoredValue<u32>,
    /// What there is nothing to keep of.
    untouched: StoredValue<PlanDraft>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl PlanForm {
    pub fn new(untouched: PlanDraft, changed: Option<Changed>) -> Self {
        let form = Self {
            draft: RwSignal::new(PlanDraft::default()),
            legs: RwSignal::default(),
            vehicles: RwSignal::default(),
            faults: RwSignal::default(),
            changed: StoredValue::new(changed),
            next_row: StoredValue::new(0),
            untouched: StoredValue::new(untouched.clone()),
            timer: StoredValue::new(None),
        };
        form.fill(untouched);
        form
    }

    /// Puts another draft in place of what is in the form.
    pub fn fill(self, draft: PlanDraft) {
        self.faults.set(vec![]);
        self.legs.set(draft.legs.iter().map(|_| self.new_row()).collect());
        self.vehicles.set(draft.vehicles.iter().map(|_| self.new_row()).collect());
        self.draft.set(draft);
    }

    pub fn new_row(self) -> u32 {
        self.next_row.try_update_value(|next| std::mem::replace(next, *next + 1)).unwrap_or_default()
    }

    pub fn is_untouched(self) -> bool {
        self.draft.with(|draft| self.untouched.with_value(|untouched| draft == untouched))
    }

    /// From now on every change is kept on this phone.
    pub fn keep(self, app: AppState) {
        let last = StoredValue::new(self.draft.get_untracked());
        effect(move || {
            let draft = self.draft.get();
            if last.with_value(|last| *last == draft) {
                return;
            }
            last.set_value(draft.clone());
            self.forget_timer();
            let write = self.writing(app, draft);
            self.timer.set_value(set_timeout_with_handle(move || spawn_local(write), PAUSE).ok());
        });
    }

    /// Writes down what is in the form, if there is anything to keep of it.
    fn writing(self, app: AppState, draft: PlanDraft) -> impl Future<Output = ()> + 'static {
        let untouched = untrack(|| self.is_untouched());
        let changed = self.changed.get_value();
        let movement = changed.as_ref().map(|changed| changed.movement.id);
        let kept = KeptPlan { replaces: changed.map(|changed| changed.replaces), draft };
        async move {
            if untouched {
                actions::drop_plan_draft(app, movement).await;
            } else {
                actions::keep_plan_draft(app, movement, &kept).await;
            }
        }
    }

    /// What is being saved is not written down as a draft any more.
    fn forget_timer(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }

    /// Saves what is in the form; gives the movement.
    pub async fn save(self, app: AppState) -> Result<EventId, SaveError> {
        let draft = self.draft.get_untracked();
        self.forget_timer();
        let kept = self.writing(app, draft.clone());
        let saved = match self.changed.get_value() {
            None => actions::plan_movement(app, &draft, draft.exercise).await,
            Some(Changed { movement, replaces }) => {
                let saved = actions::revise_movement(app, &movement, replaces, &draft).await;
                saved.map(|_| movement.id)
            }
        };
        // Before anything is awaited: the form may be left meanwhile.
        match &saved {
            Ok(_) => {}
            Err(SaveError::Fields(errors)) => {
                let faults = errors.iter().map(|error| (self.control(error), error.problem)).collect();
                self.faults.try_set(faults);
            }
            Err(_) => {
                self.faults.try_set(vec![]);
            }
        }
        if saved.is_err() {
            kept.await;
        }
        saved
    }

    pub fn fault_count(self) -> usize {
        self.faults.with(Vec::len)
    }

    pub fn fault(self, control: &str) -> Option<Problem> {
        self.faults
            .with(|faults| faults.iter().find(|(name, _)| name == control).map(|(_, problem)| *problem))
    }

    /// The name on the page of the field that an error belongs to.
    fn control(self, error: &FieldError) -> String {
        let Some(row) = error.row else { return error.field.to_owned() };
        let rows = match error.field {
            "call_sign" | "plate" | "people" => self.vehicles,
            "means" | "actions_on" => return row_name(error.field, u32::try_from(row).unwrap_or_default()),
            _ => self.legs,
        };
        rows.try_with_untracked(|rows| rows.get(row).map(|id| row_name(error.field, *id)))
            .flatten()
            .unwrap_or_default()
    }

    /// Where the row is now.
    pub fn leg_at(self, id: u32) -> Option<usize> {
        self.legs.with(|rows| rows.iter().position(|row| *row == id))
    }

    pub fn vehicle_at(self, id: u32) -> Option<usize> {
        self.vehicles.with(|rows| rows.iter().position(|row| *row == id))
    }

    /// Tracks.
    pub fn text(self, spot: Spot) -> String {
        self.draft.track();
        let read = |draft: &mut PlanDraft| self.find(draft, spot).map(|text| text.clone());
        untrack(|| self.draft.try_maybe_update(|draft| (false, read(draft)))).flatten().unwrap_or_default()
    }

    pub fn write(self, spot: Spot, typed: String) {
        untrack(|| {
            self.draft.update(|draft| {
                if let Some(text) = self.find(draft, spot) {
                    *text = typed;
                }
            });
        });
    }

    fn find(self, draft: &mut PlanDraft, spot: Spot) -> Option<&mut String> {
        match spot {
            Spot::Plan(part) => Some(part(draft)),
            Spot::Leg(id, part) => draft.legs.get_mut(self.leg_at(id)?).map(part),
            Spot::Vehicle(id, part) => draft.vehicles.get_mut(self.vehicle_at(id)?).map(part),
            Spot::Means(at) => draft.means.get_mut(at),
            Spot::Action(at) => draft.actions_on.get_mut(at),
        }
    }

    pub fn moment(self, spot: MomentSpot) -> Option<Stamp> {
        self.draft.track();
        let read = |draft: &mut PlanDraft| self.find_moment(draft, spot).and_then(|moment| *moment);
        untrack(|| self.draft.try_maybe_update(|draft| (false, read(draft)))).flatten()
    }

    pub fn set_moment(self, spot: MomentSpot, at: Option<Stamp>) {
        untrack(|| {
            self.draft.update(|draft| {
                if let Some(moment) = self.find_moment(draft, spot) {
                    *moment = at;
                }
            });
        });
    }

    fn find_moment(self, draft: &mut PlanDraft, spot: MomentSpot) -> Option<&mut Option<Stamp>> {
        match spot {
            MomentSpot::Depart => Some(&mut draft.depart),
            MomentSpot::Turnaround => Some(&mut draft.turnaround),
            MomentSpot::Overnight(id) => {
                draft.legs.get_mut(self.leg_at(id)?).map(|leg| &mut leg.overnight_until)
            }
        }
    }

    /// The rules of the watch for the level that is chosen; tracks.
    pub fn usual_rules(self, app: AppState) -> WatchRules {
        self.draft.with(|draft| app.watch_rules(&draft.area_level))
    }
}

pub fn row_name(field: &str, row: u32) -> String {
    format!("{field}-{row}")
}

/// Which text of the draft a field holds.
#[derive(Clone, Copy)]
pub enum Spot {
    Plan(fn(&mut PlanDraft) -> &mut String),
    Leg(u32, fn(&mut LegDraft) -> &mut String),
    Vehicle(u32, fn(&mut VehicleDraft) -> &mut String),
    Means(usize),
    Action(usize),
}

/// Which moment of the draft a field holds.
#[derive(Clone, Copy)]
pub enum MomentSpot {
    Depart,
    Turnaround,
    Overnight(u32),
}
