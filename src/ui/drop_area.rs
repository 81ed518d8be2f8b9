use leptos::ev;
use leptos::prelude::*;

use super::Text;

/// A place to drop files on, around a way to choose them: not everybody has a pointer.
#[component]
pub fn DropArea(
    #[prop(into)] hint: Text,
    on_drop: Callback<ev::DragEvent>,
    children: Children,
) -> impl IntoView {
    let over = RwSignal::new(false);
    // Without this the browser opens the file in place of the app.
    let hold = move |event: ev::DragEvent, on: bool| {
        event.prevent_default();
        over.set(on);
    };
    view! {
        <div
            class="drop-area"
            data-over=move || over.get().then_some("")
            on:dragenter=move |event| hold(event, true)
            on:dragover=move |event| hold(event, true)
            on:dragleave=move |event| hold(event, false)
            on:drop=move |event: ev::DragEvent| {
                event.prevent_default();
                over.set(false);
                on_drop.run(event);
            }
        >
            {children()}
            <p class="small soft drop-hint">{hint}</p>
        </div>
    }
    .into_any()
}
