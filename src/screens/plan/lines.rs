use leptos::prelude::*;
use waymark_core::event::Stamp;

use super::state::{MomentSpot, PlanForm, Spot, row_name};
use crate::i18n::{Plain, follow, use_i18n};
use crate::reactive::derive;
use crate::screens::parts::words;
use crate::ui::{Field, Input, Text, Value, time};

/// One text of the plan with its label.
#[derive(Clone, Copy)]
pub struct Line {
    pub field: &'static str,
    /// Of a row that repeats.
    pub row: Option<u32>,
    pub spot: Spot,
    pub label: Text,
    pub hint: Option<Text>,
    pub input: Input,
    pub placeholder: Option<Text>,
}

impl Line {
    pub fn of(field: &'static str, spot: Spot, label: Text) -> Self {
        Self { field, row: None, spot, label, hint: None, input: Input::Line, placeholder: None }
    }

    /// A field of the plan itself, by the key of its label.
    pub fn plan(
        field: &'static str,
        label: Plain,
        part: fn(&mut waymark_core::event::PlanDraft) -> &mut String,
    ) -> Self {
        Self::of(field, Spot::Plan(part), follow(use_i18n(), label))
    }

    pub fn hint(self, hint: Plain) -> Self {
        Self { hint: Some(follow(use_i18n(), hint)), ..self }
    }

    pub fn row(self, row: u32) -> Self {
        Self { row: Some(row), ..self }
    }

    pub fn input(self, input: Input) -> Self {
        Self { input, ..self }
    }

    pub fn empty_means(self, placeholder: Text) -> Self {
        Self { placeholder: Some(placeholder), ..self }
    }

    pub fn show(self, form: PlanForm) -> AnyView {
        let spot = self.spot;
        let value = Value {
            read: derive(move || form.text(spot)),
            write: Callback::new(move |typed| form.write(spot, typed)),
        };
        control(form, self, value)
    }
}

/// A moment of the plan, by this phone's clock.
pub fn moment(form: PlanForm, line: Line, spot: MomentSpot) -> AnyView {
    let text = move || form.moment(spot).map(|at| time::local_text(at.0)).unwrap_or_default();
    let value = Value {
        read: derive(text),
        write: Callback::new(move |typed: String| form.set_moment(spot, time::read_local(&typed).map(Stamp))),
    };
    control(form, line.input(Input::Moment), value)
}

fn control(form: PlanForm, line: Line, value: Value) -> AnyView {
    let i18n = use_i18n();
    let name = line.row.map_or_else(|| line.field.to_owned(), |row| row_name(line.field, row));
    let own = name.clone();
    let error = derive(move || form.fault(&own).map(|problem| words::problem(i18n, problem)));
    view! {
        <Field
            name
            label=line.label
            value
            hint=line.hint
            error
            input=line.input
            placeholder=line.placeholder
        />
    }
    .into_any()
}
