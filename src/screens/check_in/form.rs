use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::EventId;
use waymark_core::guidance::Moment;

use super::detail_row::DetailRow;
use super::draft::FormState;
use super::in_movement::{MovementRow, RelayedRow};
use super::options;
use super::position_row::PositionRow;
use super::roll_row::RollRow;
use crate::actions::{self, SaveError};
use crate::i18n::use_i18n;
use crate::reactive::{derive, memo};
use crate::screens::parts::words::field_error;
use crate::screens::parts::{SaveBar, guide};
use crate::state::{AppState, Shown};
use crate::ui::{Button, Choices, Field, Input, Shape, SheetRow, Tone, live};
use crate::{say, words};

/// The form; Save does not wait for anything but the phone's own storage.
#[component]
pub fn Form(form: FormState, meant: Memo<Option<Shown>>, saved: RwSignal<Option<EventId>>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let saving = RwSignal::new(false);
    let failed = RwSignal::new(None::<SaveError>);
    let save = Callback::new(move |()| {
        saving.set(true);
        form.forget_timer();
        spawn_local(async move {
            match actions::check_in(app, form.kept_as, untrack(|| form.draft())).await {
                Ok(id) => {
                    form.clear();
                    saved.try_set(Some(id));
                }
                Err(error) => {
                    failed.try_set(Some(error));
                    form.write_down(app).await;
                }
            }
            saving.try_set(false);
        });
    });
    let fault = move |field: &'static str| {
        derive(move || match failed.get() {
            Some(SaveError::Fields(errors)) => field_error(i18n, &errors, field),
            _ => None,
        })
    };
    view! {
        <div class="stack">
            <div class="sheet">
                <MovementRow form />
                <RelayedRow form meant via_error=fault("via") />
                <KindRow kind=form.kind />
                <FitRow form />
                <DetailRow form meant fault=Callback::new(fault) />
                <SheetRow heading=words!(i18n, checkin.people)>
                    <Choices
                        name="people"
                        label=words!(i18n, checkin.people)
                        options=derive(move || options::people(i18n))
                        value=form.people
                        on_choose=Callback::new(move |code| form.people.set(code))
                        shape=Shape::Wide
                    />
                </SheetRow>
                <SheetRow heading=words!(i18n, checkin.headcount) hint=words!(i18n, checkin.headcount_hint)>
                    <Field
                        name="headcount"
                        label=words!(i18n, checkin.headcount)
                        value=form.headcount
                        error=fault("headcount")
                        input=Input::Stepper { less: words!(i18n, checkin.less), more: words!(i18n, checkin.more) }
                        asked=true
                    />
                </SheetRow>
                <RollRow form meant />
                <PositionRow form km_error=fault("km") place_error=fault("place") />
                <SheetRow heading=words!(i18n, checkin.note) hint=words!(i18n, checkin.optional)>
                    <Field
                        name="note"
                        label=words!(i18n, checkin.note)
                        hint=words!(i18n, checkin.note_hint)
                        value=form.note
                        error=fault("note")
                        input=Input::Area
                        asked=true
                    />
                </SheetRow>
            </div>
            <SaveBar label=words!(i18n, checkin.save) failed saving on_save=save />
        </div>
    }
    .into_any()
}

/// Guidance on what is happening.
#[component]
fn FitRow(form: FormState) -> impl IntoView {
    let moments = move || {
        let (people, passage, kind) = (form.people.get(), form.passage.get(), form.kind.get());
        let answers = [("people", people), ("passage", passage), ("checkin", kind)];
        let given = answers.into_iter().filter(|(_, code)| !code.is_empty());
        given.map(|(axis, code)| Moment::new(axis, &code)).collect()
    };
    view! { <guide::Offered now=guide::at(moments) always=true /> }
}

#[component]
fn KindRow(kind: RwSignal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let all = RwSignal::new(false);
    // A rare kind of a kept draft is shown; choosing among the common ones redraws nothing.
    let rare = memo(move || kind.with(|code| options::is_rare(code).then(|| code.clone())));
    let options = move || rare.with(|rare| options::kinds(i18n, all.get(), rare.as_deref()));
    let more = move || {
        (!all.get()).then(|| {
            let count = options::rare_count();
            let label = derive(move || say!(i18n, checkin.more_kinds, count = count));
            view! { <Button label tone=Tone::Plain on_press=Callback::new(move |()| all.set(true)) /> }
        })
    };
    view! {
        <SheetRow heading=words!(i18n, checkin.kind)>
            <Choices
                name="kind"
                label=words!(i18n, checkin.kind)
                options=derive(options)
                value=kind
                on_choose=Callback::new(move |code| kind.set(code))
            />
            {live(more)}
        </SheetRow>
    }
    .into_any()
}
