use leptos::html;
use leptos::prelude::*;

use super::{Icon, Text, live, lu};
use crate::reactive::effect;

/// What a field shows, and where what is typed goes.
#[derive(Clone, Copy)]
pub struct Value {
    pub read: Signal<String>,
    pub write: Callback<String>,
}

impl From<RwSignal<String>> for Value {
    fn from(text: RwSignal<String>) -> Self {
        Self { read: text.into(), write: Callback::new(move |typed| text.set(typed)) }
    }
}

/// How a field is written into.
#[derive(Clone, Copy, Default)]
pub enum Input {
    #[default]
    Line,
    /// A person's name: browsers may fill it in.
    Name,
    /// Letters and figures to copy from paper.
    Code,
    /// What has to be exactly as it was given: an address, the name of an account.
    Exact,
    /// The same, hidden from whoever looks on.
    Secret,
    Area,
    /// A line for which the `<datalist>` of its own name (`l-` and the name) has proposals.
    Proposed,
    /// A line for which a `<datalist>` with this id has proposals.
    Listed(&'static str),
    /// A day and a time by the phone's clock, as `time::local_text` writes it.
    Moment,
    /// A day, as `2026-07-13`.
    Day,
    /// A time of day, as `18:00`.
    Clock,
    /// Hours and minutes, such as 2:30.
    Duration,
    /// A number in any digits; judged when it is saved, not while it is typed.
    Number,
    /// A small number with buttons for one fewer and one more.
    Stepper {
        less: Text,
        more: Text,
    },
}

/// One field of a form: label, hint, error and their ids belong together and are made only here.
#[component]
pub fn Field(
    /// The field's name in its draft; unique on the page.
    #[prop(into)]
    name: String,
    #[prop(into)] label: Text,
    #[prop(into)] value: Value,
    #[prop(optional_no_strip, into)] hint: Option<Text>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] input: Input,
    /// The label is read out but not drawn, where a heading already asks the question.
    #[prop(optional)]
    asked: bool,
    /// What holds as long as nothing is typed.
    #[prop(optional_no_strip, into)]
    placeholder: Option<Text>,
    /// What the phone keyboard's "Go" does.
    #[prop(optional, into)]
    on_enter: Option<Callback<()>>,
) -> impl IntoView {
    let ids = Ids::of(&name);
    let (hint_id, error_id) = (ids.hint.clone(), ids.error.clone());
    let message = move || {
        error.get().map(|text| {
            view! {
                <Icon icon=lu::LuCircleAlert />
                <span>{text}</span>
            }
        })
    };
    let enter = move |event: leptos::ev::KeyboardEvent| {
        if let Some(on_enter) = on_enter.filter(|_| event.key() == "Enter") {
            on_enter.run(());
        }
    };
    view! {
        <div class="field" on:keydown=enter>
            <label class=if asked { "unseen" } else { "field-label" } for=ids.control.clone()>
                {label}
            </label>
            {control(input, name, &ids, value, hint.is_some(), error, placeholder)}
            {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
            <p class="field-error" id=error_id aria-live="polite">{live(message)}</p>
        </div>
    }
    .into_any()
}

struct Ids {
    control: String,
    hint: String,
    error: String,
}

impl Ids {
    fn of(name: &str) -> Self {
        Self {
            control: format!("f-{name}"),
            hint: format!("f-{name}-hint"),
            error: format!("f-{name}-error"),
        }
    }
}

fn control(
    input: Input,
    name: String,
    ids: &Ids,
    value: Value,
    hinted: bool,
    error: Signal<Option<String>>,
    placeholder: Option<Text>,
) -> AnyView {
    let (hint, fault) = (ids.hint.clone(), ids.error.clone());
    let described = Signal::derive(move || match (hinted, error.with(Option::is_some)) {
        (true, true) => Some(format!("{fault} {hint}")),
        (true, false) => Some(hint.clone()),
        (false, true) => Some(fault.clone()),
        (false, false) => None,
    });
    let invalid = Signal::derive(move || error.with(Option::is_some).then_some("true"));
    if let Input::Area = input {
        return view! {
            <textarea
                class="control"
                id=ids.control.clone()
                name=name
                rows="3"
                aria-describedby=described
                aria-invalid=invalid
                prop:value=value.read
                on:input=move |event| value.write.run(event_target_value(&event))
            ></textarea>
        }
        .into_any();
    }
    let line = line(input, name, ids.control.clone(), value, described, invalid, placeholder);
    match input {
        Input::Stepper { less, more } => stepper(value, placeholder, less, more, line),
        _ => line,
    }
}

fn line(
    input: Input,
    name: String,
    id: String,
    value: Value,
    described: Signal<Option<String>>,
    invalid: Signal<Option<&'static str>>,
    placeholder: Option<Text>,
) -> AnyView {
    let kind = match input {
        Input::Code => Some("code"),
        Input::Exact | Input::Secret => Some("exact"),
        Input::Number | Input::Duration | Input::Stepper { .. } => Some("number"),
        _ => None,
    };
    let list = match input {
        Input::Listed(list) => Some(list.to_owned()),
        Input::Proposed => Some(format!("l-{name}")),
        _ => None,
    };
    let (of_type, latest) = match input {
        Input::Moment => ("datetime-local", Some("9999-12-31T23:59")),
        Input::Day => ("date", Some("9999-12-31")),
        Input::Clock => ("time", None),
        Input::Secret => ("password", None),
        _ => ("text", None),
    };
    let node = NodeRef::<html::Input>::new();
    // Only what differs is written back: half a date has no value yet, and would be wiped out.
    effect(move || {
        let text = value.read.get();
        if let Some(input) = node.get().filter(|input| input.value() != text) {
            input.set_value(&text);
        }
    });
    view! {
        <input
            class="control"
            type=of_type
            id=id
            name=name
            list=list
            max=latest
            data-kind=kind
            inputmode=(kind == Some("number") && !matches!(input, Input::Duration)).then_some("decimal")
            maxlength=matches!(input, Input::Name).then_some("80")
            autocomplete=match input {
                Input::Name => "name",
                Input::Secret => "new-password",
                _ => "off",
            }
            autocapitalize=match kind {
                Some("code") => Some("characters"),
                Some("exact") => Some("none"),
                _ => None,
            }
            spellcheck=kind.map(|_| "false")
            placeholder=move || placeholder.map(|text| text.get())
            aria-describedby=described
            aria-invalid=invalid
            node_ref=node
            on:input=move |event| value.write.run(event_target_value(&event))
        />
    }
    .into_any()
}

/// Of the two scripts beside our own in which people type figures.
fn western_figures(text: &str) -> String {
    let western = |c: char| match c {
        '٠'..='٩' => char::from_digit(u32::from(c) - u32::from('٠'), 10),
        '۰'..='۹' => char::from_digit(u32::from(c) - u32::from('۰'), 10),
        other => Some(other),
    };
    text.trim().chars().filter_map(western).collect()
}

fn stepper(value: Value, placeholder: Option<Text>, less: Text, more: Text, line: AnyView) -> AnyView {
    let step = move |by: i32| {
        let typed = western_figures(&value.read.get_untracked()).parse::<i32>();
        let holds = || placeholder.and_then(|text| text.get_untracked().parse().ok()).unwrap_or(0);
        let next = typed.unwrap_or_else(|_| holds()).saturating_add(by);
        // Below one there is nothing counted.
        value.write.run(if next > 0 { next.to_string() } else { String::new() });
    };
    view! {
        <div class="stepper">
            <button type="button" aria-label=less on:click=move |_| step(-1)>
                <Icon icon=lu::LuMinus />
            </button>
            {line}
            <button type="button" aria-label=more on:click=move |_| step(1)>
                <Icon icon=lu::LuPlus />
            </button>
        </div>
    }
    .into_any()
}
