use leptos::prelude::*;
use waymark_core::event::{MANY_VEHICLES, Person, PlanDraft, TOO_MANY_VEHICLES, VehicleDraft, with_name};

use super::lines::Line;
use super::row_tools::{RowTools, Rows};
use super::state::{PlanForm, Spot, row_name};
use crate::i18n::{I18n, follow, keys, use_i18n};
use crate::reactive::{derive, memo};
use crate::state::AppState;
use crate::ui::{Banner, Button, Input, SheetRow, Tone, focus, live, lu};
use crate::{actions, say, words};

/// The id of the list of names that fields propose.
const PEOPLE: &str = "known-people";
/// More would hide the form.
const OFFERED: usize = 6;

/// Who goes, in what, and how many.
#[component]
pub fn PeopleRow(form: PlanForm) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let people = memo(move || actions::known_people(app));
    // The list of names whose field was entered last: it alone gets proposals.
    let entered = RwSignal::new(None::<String>);
    let add = Callback::new(move |()| {
        let id = form.new_row();
        form.draft.update(|draft| draft.vehicles.push(VehicleDraft::default()));
        form.vehicles.update(|rows| rows.push(id));
        focus(format!("f-call_sign-{id}"));
    });
    let on_foot =
        Line::plan("on_foot", keys::plan::on_foot, |draft| &mut draft.on_foot).hint(keys::plan::on_foot_hint);
    let named = derive(move || match form.draft.with(PlanDraft::named) {
        0 => String::new(),
        count => count.to_string(),
    });
    let stepper = Input::Stepper { less: words!(i18n, plan.less), more: words!(i18n, plan.more) };
    let headcount = Line::plan("headcount", keys::plan::headcount, |draft| &mut draft.headcount)
        .hint(keys::plan::headcount_hint)
        .input(stepper)
        .empty_means(named);
    let leader = Line::plan("leader", keys::plan::leader, |draft| &mut draft.leader)
        .hint(keys::plan::leader_hint)
        .input(Input::Listed(PEOPLE));
    let options = move || {
        let option = |person: Person| view! { <option value=person.name></option> };
        people.get().into_iter().map(option).collect::<Vec<_>>()
    };
    view! {
        <SheetRow heading=words!(i18n, plan.vehicles) hint=words!(i18n, plan.vehicles_hint)>
            <p class="field-hint">{words!(i18n, plan.people_hint)}</p>
            <ol class="going">
                <For
                    each=move || form.vehicles.get()
                    key=|id| *id
                    children=move |id| view! { <Vehicle form id people entered /> }
                />
            </ol>
            <div>
                <Button label=words!(i18n, plan.add_vehicle) icon=lu::LuPlus on_press=add />
            </div>
            <Convoy form />
            {names(form, on_foot, people, entered)}
            {headcount.show(form)}
            <Uncounted form />
            {leader.show(form)}
            <datalist id=PEOPLE>{live(options)}</datalist>
        </SheetRow>
    }
    .into_any()
}

#[component]
fn Vehicle(
    form: PlanForm,
    id: u32,
    people: Memo<Vec<Person>>,
    entered: RwSignal<Option<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let line = move |field, label, part: fn(&mut VehicleDraft) -> &mut String| {
        Line::of(field, Spot::Vehicle(id, part), follow(i18n, label)).row(id)
    };
    let call_sign = line("call_sign", keys::plan::call_sign, |vehicle| &mut vehicle.call_sign);
    let plate = line("plate", keys::plan::plate, |vehicle| &mut vehicle.plate);
    let aboard = line("people", keys::plan::people, |vehicle| &mut vehicle.people);
    view! {
        <li class="vehicle">
            <div class="two">{call_sign.show(form)} {plate.show(form)}</div>
            {names(form, aboard, people, entered)}
            <div class="bar bar-end">
                <RowTools form rows=Rows::Vehicles id name=derive(move || name(i18n, form, id)) />
            </div>
        </li>
    }
    .into_any()
}

fn name(i18n: I18n, form: PlanForm, id: u32) -> String {
    let name = form.text(Spot::Vehicle(id, |vehicle| &mut vehicle.call_sign));
    let number = || form.vehicle_at(id).unwrap_or_default() + 1;
    if name.trim().is_empty() { say!(i18n, plan.vehicle_number, number = number()) } else { name }
}

/// A list of names, with people to tap while it is written.
fn names(
    form: PlanForm,
    line: Line,
    people: Memo<Vec<Person>>,
    entered: RwSignal<Option<String>>,
) -> AnyView {
    let i18n = use_i18n();
    let spot = line.spot;
    let own = line.row.map_or_else(|| line.field.to_owned(), |row| row_name(line.field, row));
    let control = format!("f-{own}");
    let here = {
        let own = own.clone();
        memo(move || entered.with(|entered| entered.as_deref() == Some(&own)))
    };
    let offered = memo(move || {
        if !here.get() {
            return vec![];
        }
        let typed = form.text(spot);
        people.with(|people| {
            form.draft.with(|draft| {
                let names = draft.offered(&typed, people, OFFERED);
                names.into_iter().map(str::to_owned).collect::<Vec<_>>()
            })
        })
    });
    let chip = move |name: String| {
        let (label, control) = (name.clone(), control.clone());
        let add = move |_| {
            form.write(spot, with_name(&untrack(|| form.text(spot)), &name));
            focus(control.clone());
        };
        view! {
            <button type="button" class="name-chip" on:click=add>
                {label}
            </button>
        }
    };
    let chips = move || offered.get().into_iter().map(chip.clone()).collect::<Vec<_>>();
    let enter = move |_| entered.set(Some(own.clone()));
    view! {
        <div class="stack stack-tight">
            <div on:focusin=enter>{line.show(form)}</div>
            <div class="name-chips" role="group" aria-label=words!(i18n, plan.offered)>
                {live(chips)}
            </div>
        </div>
    }
    .into_any()
}

/// Says when there are more vehicles than can be kept together.
#[component]
fn Convoy(form: PlanForm) -> impl IntoView {
    let i18n = use_i18n();
    let count = memo(move || form.draft.with(PlanDraft::convoy));
    let warning = move || match count.get() {
        count if count > TOO_MANY_VEHICLES => Some(view! {
            <Banner
                tone=Tone::Danger
                icon=lu::LuTriangleAlert
                title=words!(i18n, plan.too_many, count = count)
                text=words!(i18n, plan.too_many_text, limit = TOO_MANY_VEHICLES)
            />
        }),
        count if count > MANY_VEHICLES => Some(view! {
            <Banner
                tone=Tone::Warn
                icon=lu::LuTriangleAlert
                title=words!(i18n, plan.many, count = count)
                text=words!(i18n, plan.many_text, limit = MANY_VEHICLES)
            />
        }),
        _ => None,
    };
    view! { <div role="status">{live(warning)}</div> }.into_any()
}

/// Says when fewer go than are named.
#[component]
fn Uncounted(form: PlanForm) -> impl IntoView {
    let i18n = use_i18n();
    let counts = memo(move || form.draft.with(|draft| (draft.named(), draft.going())));
    let warning = move || {
        let (named, going) = counts.get();
        let text = words!(i18n, plan.fewer_than_named, named = named, going = going);
        (going < named).then(|| view! { <Banner tone=Tone::Warn icon=lu::LuTriangleAlert text /> })
    };
    view! { <div role="status">{live(warning)}</div> }.into_any()
}
