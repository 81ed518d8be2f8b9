use leptos::prelude::*;

use crate::actions;
use crate::i18n::use_i18n;
use crate::reactive::derive;
use crate::state::{AppState, PhotoSize};
use crate::ui::{Choice, Choices, SheetRow};
use crate::{say, words};

/// How large photos are made: over a weak link, small ones arrive.
#[component]
pub fn PhotosRow() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let option = move |size: PhotoSize| {
        let label = match size {
            PhotoSize::Small => say!(i18n, settings.photo_small),
            PhotoSize::Normal => say!(i18n, settings.photo_normal),
            PhotoSize::Large => say!(i18n, settings.photo_large),
        };
        Choice { value: size.code().to_owned(), label, ..Choice::default() }
    };
    let choose = move |code: String| actions::set_photo_size(app, PhotoSize::from_code(&code));
    view! {
        <SheetRow heading=words!(i18n, settings.photos)>
            <p>{words!(i18n, settings.photos_text)}</p>
            <Choices
                name="photo_size"
                label=words!(i18n, settings.photos)
                options=derive(move || PhotoSize::ALL.map(option).to_vec())
                value=derive(move || app.photos.size.get().code().to_owned())
                on_choose=Callback::new(choose)
            />
        </SheetRow>
    }
    .into_any()
}
