use leptos::prelude::*;
use waymark_core::event::{MAX_FIX_AGE_MS, PositionSource};

use super::draft::FormState;
use super::options;
use crate::actions;
use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::{derive, memo};
use crate::state::{AppState, FixState};
use crate::ui::{Button, Chip, Choices, Field, Input, Shape, SheetRow, Tone, live, lu, time};
use crate::{say, words};

/// Where: by the phone if it knows in time, or in the words of the road.
#[component]
pub fn PositionRow(
    form: FormState,
    km_error: Signal<Option<String>>,
    place_error: Signal<Option<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let source = memo(move || form.source.with(|code| PositionSource::from_code(code)));
    let place =
        move |label| view! { <Field name="place" label value=form.place error=place_error /> }.into_any();
    let answer = move || {
        match source.get() {
        PositionSource::Gps => view! { <Fix /> }.into_any(),
        PositionSource::Odometer => {
            view! {
                <Field name="km" label=words!(i18n, checkin.km) value=form.km error=km_error input=Input::Number />
            }
            .into_any()
        }
        PositionSource::Waypoint => place(words!(i18n, checkin.waypoint)),
        PositionSource::Landmark => place(words!(i18n, checkin.landmark)),
        PositionSource::CodeName => place(words!(i18n, checkin.code_name)),
        PositionSource::None | PositionSource::Other(_) => ().into_any(),
    }
    };
    view! {
        <SheetRow heading=words!(i18n, checkin.place) hint=words!(i18n, checkin.place_hint)>
            <Choices
                name="source"
                label=words!(i18n, checkin.place)
                options=Signal::derive(move || options::sources(i18n, form.relayed.get()))
                value=form.source
                on_choose=Callback::new(move |code| form.source.set(code))
                shape=Shape::Wide
            />
            {live(answer)}
        </SheetRow>
    }
    .into_any()
}

/// What the phone knows of its position, and how good and old that is.
#[component]
fn Fix() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let owner = Owner::current();
    let ask = Callback::new(move |()| {
        // Asked by a tap, followed as long as this part of the form is shown.
        if let Some(owner) = &owner {
            owner.with(|| actions::ask_for_position(app));
        }
    });
    let text = derive(move || fix_words(i18n, app.device.fix.get(), app.now.get().0));
    live(move || match app.device.fix.get() {
        FixState::Fixed { at, .. } if app.now.get().ms_since(at) <= MAX_FIX_AGE_MS => {
            view! { <p><Chip text icon=lu::LuLocateFixed tone=Tone::Accent /></p> }.into_any()
        }
        FixState::Searching | FixState::Fixed { .. } => {
            view! { <p class="soft" role="status">{text}</p> }.into_any()
        }
        FixState::Off => view! {
            <p class="soft">{text}</p>
            <div class="btn-row">
                <Button label=words!(i18n, position.ask) icon=lu::LuLocateFixed on_press=ask />
            </div>
        }
        .into_any(),
        FixState::Denied | FixState::Unavailable => view! { <p role="status">{text}</p> }.into_any(),
    })
}

fn fix_words(i18n: I18n, fix: FixState, now: i64) -> String {
    match fix {
        FixState::Off => say!(i18n, position.off),
        FixState::Denied => say!(i18n, position.denied),
        FixState::Unavailable => say!(i18n, position.unavailable),
        FixState::Searching => say!(i18n, position.looking),
        FixState::Fixed { accuracy, at, .. } => {
            let age = time::span(intl(i18n), now.saturating_sub(at.0).max(1000));
            if now.saturating_sub(at.0) > MAX_FIX_AGE_MS {
                say!(i18n, position.stale, age = age)
            } else {
                let metres = time::number(intl(i18n), accuracy.round());
                say!(i18n, position.gps_age, metres = metres, age = age)
            }
        }
    }
}
