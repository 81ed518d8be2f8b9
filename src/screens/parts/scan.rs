use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::carry::frames::{Gathered, Gathering};

use crate::i18n::use_i18n;
use crate::reactive::{derive, effect};
use crate::ui::{Banner, Button, Meter, Tone, live, lu, show_whole};
use crate::{actions, say, words};
use actions::{Camera, CameraFault};

/// Reads codes off another phone's screen.
#[component]
pub fn Scan(
    /// What the codes say, once all of them are read.
    on_text: Callback<String>,
    /// What a single code says that is none of ours; without it such codes are passed over.
    #[prop(optional, into)]
    on_other: Option<Callback<String>>,
    on_close: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let video = NodeRef::<html::Video>::new();
    let camera = StoredValue::new_local(None::<Camera>);
    let fault = RwSignal::new(None::<CameraFault>);
    let parts = RwSignal::new(None::<(usize, usize)>);
    effect(move || {
        let Some(video) = video.get() else { return };
        spawn_local(async move {
            match actions::open_camera(&video).await {
                // It may have been closed while somebody was asked.
                Ok(own) => match camera.try_update_value(|held| held.replace(own.clone())) {
                    Some(_) => watch(own, camera, parts, fault, (on_text, on_other, on_close)).await,
                    None => own.close(),
                },
                Err(error) => _ = fault.try_set(Some(error)),
            }
        });
    });
    on_cleanup(move || {
        if let Some(own) = camera.try_update_value(Option::take).flatten() {
            own.close();
        }
    });
    let progress = move || match parts.get() {
        None => view! { <p class="soft">{words!(i18n, carry.scan_text)}</p> }.into_any(),
        #[allow(clippy::cast_precision_loss)] // about a hundred
        Some((have, all)) => {
            let label =
                derive(move || say!(i18n, carry.scanned, have = have.to_string(), all = all.to_string()));
            view! {
                <p>{label}</p>
                <Meter label value=have as f64 max=all as f64 />
            }
            .into_any()
        }
    };
    let trouble = move || {
        let text = match fault.get()? {
            CameraFault::Denied => words!(i18n, carry.scan_denied),
            CameraFault::NoCamera => words!(i18n, carry.scan_no_camera),
            CameraFault::NoReader => words!(i18n, carry.scan_no_reader),
        };
        Some(view! { <Banner tone=Tone::Warn icon=lu::LuTriangleAlert text /> })
    };
    let picture = move || {
        fault.get().is_none().then(|| {
            view! {
                <video
                    class="carry-camera"
                    node_ref=video
                    prop:muted=true
                    playsinline="true"
                    aria-label=words!(i18n, carry.scan)
                ></video>
            }
        })
    };
    let part = NodeRef::<html::Div>::new();
    effect(move || {
        if let Some(part) = part.get() {
            show_whole(part.into());
        }
    });
    view! {
        <div node_ref=part class="stack stack-tight" data-part="scan">
            {live(picture)} <div role="status" class="stack stack-tight">{live(progress)} {live(trouble)}</div>
            <div class="btn-row">
                <Button label=words!(i18n, carry.close) icon=lu::LuX on_press=on_close />
            </div>
        </div>
    }
    .into_any()
}

/// Looks until all is there, or until the scan is closed.
async fn watch(
    camera: Camera,
    held: StoredValue<Option<Camera>, LocalStorage>,
    parts: RwSignal<Option<(usize, usize)>>,
    fault: RwSignal<Option<CameraFault>>,
    (on_text, on_other, on_close): (Callback<String>, Option<Callback<String>>, Callback<()>),
) {
    let mut gathering = Gathering::default();
    while held.try_with_value(Option::is_some) == Some(true) {
        let texts = match camera.look().await {
            Ok(texts) => texts,
            Err(error) => {
                if let Some(own) = held.try_update_value(Option::take).flatten() {
                    own.close();
                }
                fault.try_set(Some(error));
                return;
            }
        };
        for text in texts {
            match gathering.take(&text) {
                Gathered::Part(have, all) => _ = parts.try_set(Some((have, all))),
                Gathered::Broken => _ = parts.try_set(None),
                Gathered::Strange => {
                    if let Some(on_other) = on_other {
                        on_close.run(());
                        on_other.run(text);
                        return;
                    }
                }
                Gathered::Whole(whole) => {
                    on_close.run(());
                    on_text.run(whole);
                    return;
                }
            }
        }
    }
}
