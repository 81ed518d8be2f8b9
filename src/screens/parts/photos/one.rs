use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::Photo;

use crate::actions;
use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::effect;
use crate::state::AppState;
use crate::ui::{Picture, Text, live, time};
use crate::{say, words};

/// Where the page finds the bytes of a photo, once they are on this phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    Looking,
    Here(String),
    Nowhere,
}

/// Looks for a photo on this phone, again whenever `again` changes, until it is found.
pub fn use_photo(photo: Photo, again: Signal<u32>) -> RwSignal<Found> {
    let app = AppState::get();
    let found = RwSignal::new(Found::Looking);
    effect(move || {
        again.track();
        if matches!(found.get_untracked(), Found::Here(_)) {
            return;
        }
        let photo = photo.clone();
        spawn_local(async move {
            let url = actions::open_photo(app, &photo).await;
            let late = found.try_get_untracked().is_none_or(|found| matches!(found, Found::Here(_)));
            match url {
                Some(url) if late => actions::close_photo(&url),
                Some(url) => found.try_set(Found::Here(url)).map_or((), |_| ()),
                None => found.try_set(Found::Nowhere).map_or((), |_| ()),
            }
        });
    });
    on_cleanup(move || {
        if let Some(Found::Here(url)) = found.try_get_untracked() {
            actions::close_photo(&url);
        }
    });
    found
}

/// The picture itself, if it is here.
pub fn picture(found: RwSignal<Found>, alt: Text) -> AnyView {
    let i18n = use_i18n();
    live(move || match found.get() {
        Found::Here(src) => Some(view! {
            <Picture src alt show=words!(i18n, photo.show) close=words!(i18n, photo.close) />
        }),
        Found::Looking | Found::Nowhere => None,
    })
}

/// "1280 × 960, 212 kB".
pub fn size(i18n: I18n, photo: &Photo) -> String {
    let (width, height) = (photo.width.to_string(), photo.height.to_string());
    say!(i18n, photo.size, width = width, height = height, bytes = bytes(i18n, photo))
}

pub fn bytes(i18n: I18n, photo: &Photo) -> String {
    #[allow(clippy::cast_precision_loss)] // a few megabytes
    time::bytes(intl(i18n), photo.bytes as f64)
}
