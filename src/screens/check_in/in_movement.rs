//! Which movement a check-in belongs to, and who said it.

use leptos::prelude::*;
use waymark_core::event::{CheckinDraft, CheckinKind, EventId, PositionSource};

use super::draft::FormState;
use crate::i18n::use_i18n;
use crate::reactive::{derive, effect, memo};
use crate::routes::Router;
use crate::state::{AppState, Shown};
use crate::ui::{Button, Choice, Choices, Field, Shape, SheetRow, live, lu};
use crate::{say, words};

/// The movement that is meant: the one the address names, else the one they travel in. Fills what it knows into the
/// untouched form.
pub fn begin(app: AppState, form: FormState) -> Memo<Option<Shown>> {
    let named = Router::asked("movement").and_then(|id| id.parse::<EventId>().ok());
    let relayed = Router::asks_for("relayed");
    let mine = app.my_movement();
    let meant = memo(move || match named {
        Some(id) => app.movements.get(id),
        None => mine.get(),
    });
    let known = memo(move || meant.with(|meant| meant.as_ref().map(|meant| meant.id)));
    effect(move || {
        known.track();
        let movement = untrack(|| meant.get());
        let headcount = movement.as_ref().map(|movement| movement.plan.plan.headcount.to_string());
        let mut blank = CheckinDraft {
            movement: movement.as_ref().map(|movement| movement.id),
            headcount: headcount.unwrap_or_default(),
            relayed,
            ..CheckinDraft::default()
        };
        if relayed {
            blank.position.source = Some(PositionSource::None);
        }
        form.begin_with(blank);
    });
    // A check-in at a waypoint is most often one at the next.
    effect(move || {
        let waypoint = form.kind.with(|code| *code == CheckinKind::Waypoint.code());
        let next = untrack(|| meant.get()).and_then(|movement| movement.next_stop());
        if let Some(next) = next.filter(|_| waypoint && form.place.with_untracked(String::is_empty)) {
            form.source.set(PositionSource::Waypoint.code().to_owned());
            form.place.set(next.name);
        }
    });
    meant
}

/// Which movement it belongs to, with the way out for who is on other business.
#[component]
pub fn MovementRow(form: FormState, meant: Memo<Option<Shown>>) -> impl IntoView {
    let i18n = use_i18n();
    live(move || {
        let movement = meant.get()?;
        let id = movement.id.to_string();
        let name = movement.plan.plan.name.clone();
        let options = move || {
            let choice =
                |value: String, label, icon| Choice { value, label, icon: Some(icon), ..Choice::default() };
            vec![
                choice(id.clone(), name.clone(), lu::LuRoute),
                choice(String::new(), say!(i18n, checkin.no_movement), lu::LuUser),
            ]
        };
        let value = move || form.movement.with(|id| id.map(|id| id.to_string()).unwrap_or_default());
        Some(view! {
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
        })
    })
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
