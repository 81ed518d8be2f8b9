use leptos::prelude::*;

use super::{Choice, Text, Value, live};

/// One of many answers, from a list.
#[component]
pub fn Pick(
    #[prop(into)] name: String,
    label: Text,
    value: Value,
    hint: Option<Text>,
    error: Signal<Option<String>>,
    options: Signal<Vec<Choice>>,
    /// What the list says as long as nothing is chosen.
    none: Text,
) -> impl IntoView {
    let id = format!("f-{name}");
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let described = format!("{hint_id} {error_id}");
    let rows = move || {
        let option = |choice: Choice| {
            let (own, code) = (choice.value.clone(), choice.value);
            let selected = move || value.read.with(|value| *value == own);
            view! { <option value=code selected=selected>{choice.label}</option> }.into_any()
        };
        options.get().into_iter().map(option).collect::<Vec<_>>()
    };
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>
                {label}
            </label>
            <select
                class="control"
                id=id
                name=name
                aria-describedby=described
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                prop:value=value.read
                on:change=move |event| value.write.run(event_target_value(&event))
            >
                <option value="">{none}</option>
                {live(rows)}
            </select>
            {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
            <p class="field-error" id=error_id aria-live="polite">{live(move || error.get())}</p>
        </div>
    }
    .into_any()
}
