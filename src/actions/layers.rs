//! The organisation's own layers of the map. They are kept where drafts are: small things of this phone alone.

use leptos::prelude::*;
use waymark_core::layer::{Layer, MAX_BYTES};
use waymark_core::sync::{LocalStore, StoreError};
use web_sys::Event;

use crate::browser::files;
use crate::state::AppState;

const INDEX: &str = "layers";

/// Why a file was not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LayerFault {
    TooLarge,
    NoLayer,
    Store(StoreError),
}

fn key(name: &str) -> String {
    format!("layer {name}")
}

/// Reads the layers of this phone, unless they are there.
pub async fn open_layers(app: AppState) {
    if app.layers.with_untracked(|layers| !layers.is_empty()) {
        return;
    }
    let mut layers = vec![];
    for name in names(app).await {
        let text = app.services().store.draft(&key(&name)).await.ok().flatten();
        layers.extend(text.and_then(|text| Layer::parse(&text).ok()).map(|layer| (name, layer)));
    }
    app.layers.set(layers);
}

async fn names(app: AppState) -> Vec<String> {
    super::drafts::read(app, INDEX).await.unwrap_or_default()
}

/// Keeps the file that was chosen; gives its name. `None` if none was.
pub async fn add_layer(app: AppState, event: &Event) -> Option<Result<String, LayerFault>> {
    let file = files::chosen(event)?;
    let name = file.name();
    #[allow(clippy::cast_precision_loss)] // two million
    if file.size() > MAX_BYTES as f64 {
        return Some(Err(LayerFault::TooLarge));
    }
    let Some(text) = files::text(&file).await else { return Some(Err(LayerFault::NoLayer)) };
    Some(keep(app, &name, &text).await.map(|()| name))
}

async fn keep(app: AppState, name: &str, text: &str) -> Result<(), LayerFault> {
    let layer = Layer::parse(text).map_err(|_| LayerFault::NoLayer)?;
    let store = app.services().store;
    store.put_draft(&key(name), text).await.map_err(LayerFault::Store)?;
    let mut all = names(app).await;
    all.retain(|own| own != name);
    all.push(name.to_owned());
    super::drafts::keep(app, INDEX, &all).await;
    app.layers.update(|layers| {
        layers.retain(|(own, _)| own != name);
        layers.push((name.to_owned(), layer));
    });
    Ok(())
}

pub async fn remove_layer(app: AppState, name: &str) {
    let mut all = names(app).await;
    all.retain(|own| own != name);
    super::drafts::keep(app, INDEX, &all).await;
    super::drafts::forget(app, &key(name)).await;
    app.layers.update(|layers| layers.retain(|(own, _)| own != name));
}
