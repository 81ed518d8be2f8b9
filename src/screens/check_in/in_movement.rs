//! Which movement a check-in belongs to, and who said it.

use leptos::prelude::*;
use waymark_core::event::{CheckinDraft, CheckinKind, EventId, PositionSource};

use super::draft::FormState;
use crate::actions::CheckinForm;
use crate::i18n::use_i18n;
use crate::reactive::{derive, effect, memo};
use crate::routes::Router;
use crate::state::{AppState, Shown};
use crate::ui::{Button, Choice, Choices, Field, Shape, SheetRow, live, lu};
use crate::{say, words};

/// The form that the address asks for.
pub fn named() -> CheckinForm {
    let movement = Router::asked("movement").and_then(|id| id.parse::<EventId>().ok());
    CheckinForm { movement, relayed: Router::asks_for("relayed") }
}

/// The movement that is meant: the one the address names, else the one they travel in. Fills what it knows into the
/// untouched form.
pub fn begin(app: AppState, form: FormState) -> Memo<Option<Shown>> {
    let CheckinForm { movement: named, relayed } = form.kept_as;
    let mine = app.my_movement();
    let meant = memo(move || match form.movement.get().or(named) {
        Some(id) => app.movements.get(id),
        None => mine.get(),
    });
    let first = memo(move || match named {
        Some(id) => app.movements.get(id),
        None => mine.get(),
    });
    let known = memo(move || first.with(|first| first.as_ref().map(|first| first.id)));
    effect(move || {
        known.track();
        form.begin_with(blank(untrack(|| first.get()), relayed));
    });
    // A kept draft may name a movement that somebody has closed since.
    effect(move || {
        let gone = |id| app.movements.are_read() && app.movements.get(id).is_none();
        if form.movement.get().is_some_and(gone) {
            form.movement.set(known.get_untracked());
        }
    });
    offer_next_stop(form, meant);
    count_anew(form, meant);
    meant
}

fn blank(movement: Option<Shown>, relayed: bool) -> CheckinDraft {
    let headcount = movement.as_ref().filter(|_| !relayed).map(|movement| movement.plan.plan.headcount);
    let mut blank = CheckinDraft {
        movement: movement.map(|movement| movement.id),
        headcount: headcount.map(|count| count.to_string()).unwrap_or_default(),
        relayed,
        ..CheckinDraft::default()
    };
    if relayed {
        blank.position.source = Some(PositionSource::None);
    }
    blank
}

/// A check-in at a waypoint is most often one at the next; any other kind says nothing of where.
fn offer_next_stop(form: FormState, meant: Memo<Option<Shown>>) {
    let offered = StoredValue::new(String::new());
    effect(move || {
        let waypoint = form.kind.with(|code| *code == CheckinKind::Waypoint.code());
        if waypoint && form.place.with_untracked(String::is_empty) {
            let Some(next) = untrack(|| meant.get()).and_then(|movement| movement.next_stop()) else {
                return;
            };
            offered.set_value(next.name.clone());
            form.source.set(PositionSource::Waypoint.code().to_owned());
            form.place.set(next.name);
        } else if !waypoint && offered.with_value(|name| !name.is_empty()) {
            let name = offered.try_update_value(std::mem::take).unwrap_or_default();
            if form.place.with_untracked(|place| *place == name) {
                form.place.set(String::new());
                let source =
                    if form.relayed.get_untracked() { PositionSource::None } else { PositionSource::Gps };
                form.source.set(source.code().to_owned());
            }
        }
    });
}

/// The number of the plan is nobody's count once somebody is missed, or outside of the movement.
fn count_anew(form: FormState, meant: Memo<Option<Shown>>) {
    effect(move || {
        let missed = form.roll.with(|roll| !roll.is_empty()) || form.movement.with(Option::is_none);
        let planned = untrack(|| meant.get()).map(|movement| movement.plan.plan.headcount.to_string());
        let outside = form.movement.with_untracked(Option::is_none);
        let as_planned = form
            .headcount
            .with_untracked(|count| planned.as_ref() == Some(count) || outside && form.is_blank_count(count));
        if missed && as_planned {
            form.headcount.set(String::new());
        }
    });
}

/// Which movement it belongs to, with the way out for who is on other business.
#[component]
pub fn MovementRow(form: FormState) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    // Those they travel in, the one that was asked for, and the one that is chosen.
    let choosable = memo(move || {
        let me = app.person().map(|person| person.user);
        let mut all = me.map(|me| app.movements.travelled(&me, app.server_now())).unwrap_or_default();
        for id in [form.kept_as.movement, form.movement.get()].into_iter().flatten() {
            if !all.iter().any(|movement| movement.id == id) {
                all.extend(app.movements.get(id));
            }
        }
        all.iter()
            .map(|movement| (movement.id.to_string(), movement.plan.plan.name.clone()))
            .collect::<Vec<_>>()
    });
    let some = memo(move || choosable.with(|all| !all.is_empty()));
    let row = move || {
        let options = move || {
            let choice =
                |value: String, label, icon| Choice { value, label, icon: Some(icon), ..Choice::default() };
            let mut all: Vec<_> =
                choosable.get().into_iter().map(|(id, name)| choice(id, name, lu::LuRoute)).collect();
            all.push(choice(String::new(), say!(i18n, checkin.no_movement), lu::LuUser));
            all
        };
        let value = move || form.movement.with(|id| id.map(|id| id.to_string()).unwrap_or_default());
        some.get().then(|| {
            view! {
                <SheetRow heading=words!(i18n, checkin.movement)>
                    <Choices
                        name="movement"
                        label=words!(i18n, checkin.movement)
                        options=derive(options)
                        value=derive(value)
                        on_choose=Callback::new(move |id: String| form.movement.set(id.parse().ok()))
                        shape=Shape::Wide
                    />
                </SheetRow>
            }
        })
    };
    live(row)
}

/// Who said it, when it is written down by somebody else.
#[component]
pub fn RelayedRow(
    form: FormState,
    meant: Memo<Option<Shown>>,
    via_error: Signal<Option<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let known_means = move || {
        let known =
            meant.with(|meant| meant.as_ref().map(|meant| meant.plan.plan.means.clone())).unwrap_or_default();
        let pick = |text: String| {
            let chosen = text.clone();
            let label = Signal::stored(text);
            view! { <Button label on_press=Callback::new(move |()| form.via.set(chosen.clone())) /> }
        };
        known.into_iter().map(|means| pick(means.text)).collect::<Vec<_>>()
    };
    live(move || {
        form.relayed.get().then(|| {
            view! {
                <SheetRow heading=words!(i18n, checkin.relayed) hint=words!(i18n, checkin.relayed_hint)>
                    <Field name="via" label=words!(i18n, checkin.via) value=form.via error=via_error />
                    <div class="btn-row">{live(known_means)}</div>
                    <Field name="said_by" label=words!(i18n, checkin.said_by) value=form.said_by />
                </SheetRow>
            }
        })
    })
}

/// The vehicles of the movement, by call sign.
pub fn calls(meant: Memo<Option<Shown>>) -> Vec<Choice> {
    let call = |call: &String| Choice {
        value: call.clone(),
        label: call.clone(),
        icon: Some(lu::LuTruck),
        ..Choice::default()
    };
    meant.with(|meant| {
        let vehicles = meant.iter().flat_map(|meant| &meant.plan.plan.vehicles);
        vehicles.map(|vehicle| call(&vehicle.call_sign)).collect()
    })
}
