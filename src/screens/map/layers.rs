use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::actions::{self, LayerFault};
use crate::i18n::use_i18n;
use crate::state::AppState;
use crate::ui::{Button, FilePick, Toasts, live, lu};
use crate::{say, words};

/// The organisation's own roads and boundaries, kept on this phone.
#[component]
pub fn Layers() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let toasts = Toasts::find();
    let add = Callback::new(move |event: ev::Event| {
        spawn_local(async move {
            let Some(added) = actions::add_layer(app, &event).await else { return };
            toasts.say(|| match added {
                Ok(name) => say!(i18n, map.layer_added, name = name),
                Err(LayerFault::TooLarge) => say!(i18n, map.layer_large),
                Err(LayerFault::NoLayer) => say!(i18n, map.layer_bad),
                Err(LayerFault::Store(error)) => crate::screens::parts::words::store_error(i18n, &error),
            });
        });
    });
    let list = move || {
        app.layers.with(|layers| {
            let one = |(name, _): &(String, waymark_core::layer::Layer)| {
                let own = name.clone();
                let remove = Callback::new(move |()| {
                    let own = own.clone();
                    spawn_local(async move { actions::remove_layer(app, &own).await });
                });
                let label = Signal::stored(say!(i18n, map.remove_layer, name = *name));
                view! {
                    <li class="btn-row">
                        <Button label icon=lu::LuTrash2 on_press=remove />
                    </li>
                }
                .into_any()
            };
            layers.iter().map(one).collect::<Vec<_>>()
        })
    };
    view! {
        <section class="stack stack-tight">
            <h2>{words!(i18n, map.layers)}</h2>
            <ul>{live(list)}</ul>
            <FilePick
                name="layer"
                label=words!(i18n, map.add_layer)
                icon=lu::LuLayers
                accept=".geojson,.json,application/geo+json"
                on_pick=add
            />
        </section>
    }
    .into_any()
}
