use leptos::prelude::*;

use super::draft::FormState;
use super::in_movement::calls;
use crate::i18n::use_i18n;
use crate::reactive::{derive, memo};
use crate::state::Shown;
use crate::ui::{Button, Choice, SheetRow, Text, Ticks, Tone, live, lu};
use crate::words;

/// Vehicles and people that are not there, by name; shut as long as nobody is missed.
#[component]
pub fn RollRow(form: FormState, meant: Memo<Option<Shown>>) -> impl IntoView {
    let i18n = use_i18n();
    let asked = RwSignal::new(false);
    let open = memo(move || asked.get() || form.roll.with(|roll| !roll.is_empty()));
    let people = move || {
        let choice = |name: &String| Choice {
            value: name.clone(),
            label: name.clone(),
            icon: Some(lu::LuUser),
            tone: Tone::Danger,
            lang: None,
        };
        let mut names: Vec<String> = meant.with(|meant| {
            let people = meant.iter().flat_map(|meant| meant.plan.plan.people());
            people.map(|person| person.name.clone()).collect()
        });
        waymark_core::order::sort(&mut names);
        names.dedup();
        names.iter().map(choice).collect::<Vec<_>>()
    };
    let away = move || {
        let mut calls = calls(meant);
        for call in &mut calls {
            call.tone = Tone::Danger;
        }
        calls
    };
    let speaks_for = Callback::new(move |all| form.roll.update(|roll| roll.vehicles = all));
    let separated = Callback::new(move |all| form.roll.update(|roll| roll.separated = all));
    let missing = Callback::new(move |all| form.roll.update(|roll| roll.missing = all));
    let group = move |heading: Text, label: Text, options: Signal<Vec<Choice>>, chosen, on_change| {
        let some = memo(move || options.with(|options| !options.is_empty()));
        move || {
            some.get().then(|| {
                view! {
                    <p class="field-label">{heading}</p>
                    <Ticks label options chosen on_change />
                }
            })
        }
    };
    let body = move || {
        if !open.get() {
            let press = Callback::new(move |()| asked.set(true));
            return view! { <Button label=words!(i18n, checkin.roll_open) icon=lu::LuUserX on_press=press /> }.into_any();
        }
        let text = words!(i18n, checkin.separated);
        let who = words!(i18n, checkin.missing);
        let mine = words!(i18n, checkin.speaks_for);
        view! {
            {group(text, text, derive(away), derive(move || form.roll.with(|roll| roll.separated.clone())), separated)}
            {group(who, who, derive(people), derive(move || form.roll.with(|roll| roll.missing.clone())), missing)}
            {group(mine, mine, derive(move || calls(meant)), derive(move || form.roll.with(|roll| roll.vehicles.clone())), speaks_for)}
        }
        .into_any()
    };
    let part = memo(move || form.movement.with(Option::is_some) && meant.with(Option::is_some));
    let hint = words!(i18n, checkin.roll_hint);
    live(move || {
        part.get().then(|| {
            view! { <SheetRow heading=words!(i18n, checkin.roll) hint=hint>{live(body)}</SheetRow> }
        })
    })
}
