use leptos::prelude::*;

use super::{Choice, Icon, Text, live, lu};

/// Several answers at once, each with a face big enough for a thumb.
#[component]
pub fn Ticks(
    #[prop(into)] label: Text,
    #[prop(into)] options: Signal<Vec<Choice>>,
    #[prop(into)] chosen: Signal<Vec<String>>,
    /// Called with all that are chosen now.
    on_change: Callback<Vec<String>>,
    /// Within a question that has the role and the label itself.
    #[prop(optional)]
    inside: bool,
) -> impl IntoView {
    let toggle = move |value: &str| {
        let mut all = chosen.get_untracked();
        match all.iter().position(|own| own == value) {
            Some(at) => {
                all.remove(at);
            }
            None => all.push(value.to_owned()),
        }
        on_change.run(all);
    };
    let faces = move || {
        let face = |option: Choice| {
            let (own, code) = (option.value.clone(), option.value.clone());
            view! {
                <label class="choice">
                    <input
                        type="checkbox"
                        value=option.value
                        prop:checked=move || chosen.with(|all| all.contains(&own))
                        on:change=move |_| toggle(&code)
                    />
                    <span class="choice-face" data-tone=option.tone.name()>
                        {option.icon.map(|icon| view! { <Icon icon /> })}
                        <span>{option.label}</span>
                    </span>
                    <Icon icon=lu::LuCheck class="icon choice-tick" />
                </label>
            }
            .into_any()
        };
        options.get().into_iter().map(face).collect::<Vec<_>>()
    };
    view! {
        <div
            class="choices"
            role=(!inside).then_some("group")
            aria-label=move || (!inside).then(|| label.get())
            data-shape="wide"
        >
            {live(faces)}
        </div>
    }
    .into_any()
}
