use leptos::prelude::*;
use waymark_core::event::{CheckinKind, DetailField, Passage};

use super::draft::FormState;
use super::in_movement::calls;
use crate::i18n::{I18n, use_i18n};
use crate::reactive::{derive, memo};
use crate::screens::parts::words;
use crate::state::Shown;
use crate::ui::live;
use crate::ui::{Choice, Choices, Field, Input, Shape, SheetRow, Text, Tone};
use crate::words;

/// The few fields of the kind that is chosen.
#[component]
pub fn DetailRow(
    form: FormState,
    meant: Memo<Option<Shown>>,
    fault: Callback<&'static str, Signal<Option<String>>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let kind = memo(move || form.kind.with(|code| CheckinKind::from_code(code)));
    let field = move |kind: &CheckinKind, field: DetailField| {
        let line = |name: &'static str, label: Text, value: RwSignal<String>| {
            view! { <Field name label value error=fault.run(name) /> }.into_any()
        };
        match field {
            DetailField::Reason => line("reason", reason_label(i18n, kind), form.reason),
            DetailField::Route if *kind == CheckinKind::Overnight => {
                line("route", words!(i18n, checkin.night_place), form.route)
            }
            DetailField::Route => line("route", words!(i18n, checkin.other_way), form.route),
            DetailField::Vehicle => view! { <VehicleChoice form meant /> }.into_any(),
            DetailField::Passage => view! { <PassageChoice form /> }.into_any(),
            DetailField::Who if *kind == CheckinKind::Handover => {
                line("who", words!(i18n, checkin.handed_to), form.who)
            }
            DetailField::Who => line("who", words!(i18n, checkin.held_by), form.who),
            DetailField::NextIn => view! {
                <Field
                    name="next_in"
                    label=words!(i18n, checkin.next_in)
                    hint=words!(i18n, checkin.next_in_hint)
                    value=form.next_in
                    error=fault.run("next_in")
                    input=Input::Number
                />
            }
            .into_any(),
        }
    };
    live(move || {
        let kind = kind.get();
        let fields = kind.fields();
        (!fields.is_empty()).then(|| {
            let heading = words::kind(i18n, &kind);
            view! {
                <SheetRow heading=Signal::stored(heading) hint=words!(i18n, checkin.optional)>
                    {fields.iter().map(|one| field(&kind, *one)).collect::<Vec<_>>()}
                </SheetRow>
            }
        })
    })
}

fn reason_label(i18n: I18n, kind: &CheckinKind) -> Text {
    match kind {
        CheckinKind::Breakdown => words!(i18n, checkin.fault),
        CheckinKind::Delayed => words!(i18n, checkin.why_delayed),
        CheckinKind::Diverted => words!(i18n, checkin.why_diverted),
        _ => words!(i18n, checkin.why_halted),
    }
}

#[component]
fn VehicleChoice(form: FormState, meant: Memo<Option<Shown>>) -> impl IntoView {
    let i18n = use_i18n();
    let options = move || calls(meant);
    live(move || {
        if options().is_empty() {
            return view! { <Field name="vehicle" label=words!(i18n, checkin.vehicle) value=form.vehicle /> }
                .into_any();
        }
        view! {
            <Choices
                name="vehicle"
                label=words!(i18n, checkin.vehicle)
                options=derive(options)
                value=form.vehicle
                on_choose=Callback::new(move |call| form.vehicle.set(call))
                shape=Shape::Wide
            />
        }
        .into_any()
    })
}

#[component]
fn PassageChoice(form: FormState) -> impl IntoView {
    let i18n = use_i18n();
    let options = move || {
        let choice = |passage: &Passage| Choice {
            value: passage.code().to_owned(),
            label: words::passage(i18n, passage),
            tone: if *passage == Passage::Refused { Tone::Warn } else { Tone::None },
            ..Choice::default()
        };
        Passage::ALL.iter().map(choice).collect()
    };
    view! {
        <Choices
            name="passage"
            label=words!(i18n, checkin.passage)
            options=derive(options)
            value=form.passage
            on_choose=Callback::new(move |code| form.passage.set(code))
            shape=Shape::Wide
        />
    }
    .into_any()
}
