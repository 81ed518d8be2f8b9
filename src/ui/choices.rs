use leptos::prelude::*;

use super::{Icon, IconData, Text, Tone, live, lu};

/// One of several answers.
#[derive(Clone, PartialEq, Default)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub icon: Option<IconData>,
    pub tone: Tone,
    /// Of the label, where it is not the page's language.
    pub lang: Option<&'static str>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Shape {
    /// Small tiles, the drawing above the words.
    #[default]
    Tiles,
    /// The drawing beside the words, two in a row on a phone with room.
    Wide,
    /// Low tiles, for the steps of a scale.
    Low,
}

impl Shape {
    fn name(self) -> Option<&'static str> {
        match self {
            Self::Tiles => None,
            Self::Wide => Some("wide"),
            Self::Low => Some("low"),
        }
    }
}

/// Radio buttons with faces big enough for a thumb.
#[component]
pub fn Choices(
    /// Unique on the page.
    #[prop(into)]
    name: String,
    #[prop(into)] label: Text,
    #[prop(into)] options: Signal<Vec<Choice>>,
    #[prop(into)] value: Signal<String>,
    on_choose: Callback<String>,
    #[prop(optional)] shape: Shape,
    /// A second tap takes the answer back.
    #[prop(optional)]
    clearable: bool,
    /// Within a question that has the role and the label itself.
    #[prop(optional)]
    inside: bool,
) -> impl IntoView {
    let faces = move || {
        options.with(|options| {
            let face = |option: &Choice| face(name.clone(), option.clone(), value, on_choose, clearable);
            options.iter().map(face).collect::<Vec<_>>()
        })
    };
    view! {
        <div
            class="choices"
            role=(!inside).then_some("radiogroup")
            aria-label=move || (!inside).then(|| label.get())
            data-shape=shape.name()
        >
            {live(faces)}
        </div>
    }
    .into_any()
}

fn face(
    name: String,
    option: Choice,
    value: Signal<String>,
    on_choose: Callback<String>,
    clearable: bool,
) -> AnyView {
    let own = option.value.clone();
    let chosen = move || value.with(|value| *value == own);
    let (code, again) = (option.value.clone(), option.value.clone());
    // A tap on the one that is chosen changes nothing by itself.
    let before = StoredValue::new(false);
    let down = move |_| before.set_value(value.with_untracked(|value| *value == again));
    let click = move |_| {
        if clearable && before.try_update_value(std::mem::take).unwrap_or_default() {
            on_choose.run(String::new());
        }
    };
    view! {
        <label class="choice">
            <input
                type="radio"
                name=name
                value=option.value
                prop:checked=chosen
                on:change=move |_| on_choose.run(code.clone())
                on:pointerdown=down
                on:click=click
            />
            <span class="choice-face" data-tone=option.tone.name() lang=option.lang>
                {option.icon.map(|icon| view! { <Icon icon /> })}
                <span>{option.label}</span>
            </span>
            <Icon icon=lu::LuCheck class="icon choice-tick" />
        </label>
    }
    .into_any()
}
