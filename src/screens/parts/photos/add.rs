use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::Photo;
use waymark_core::event::form::MAX_PHOTOS;

use super::one::{Found, picture, size, use_photo};
use crate::actions::{self, PhotoFault, PictureFault};
use crate::i18n::{I18n, use_i18n};
use crate::reactive::{derive, memo};
use crate::screens::parts::forms::Filling;
use crate::screens::parts::words::store_error;
use crate::state::AppState;
use crate::ui::{Banner, FilePick, SheetRow, Tone, ToolButton, live, lu, rows};
use crate::{say, words};

/// The file that did not become a photo, and why.
type Fault = (String, PhotoFault);

/// Photos of a form: taken or picked, and what was made of them.
#[component]
pub fn AddPhotos(filling: Filling) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let faults = RwSignal::new(Vec::<Fault>::new());
    let pick = Callback::new(move |event: ev::Event| {
        let files = actions::chosen_files(&event);
        faults.set(vec![]);
        let blank = filling.blank();
        spawn_local(async move {
            app.device.adding.update(|adding| *adding += 1);
            for file in files {
                let there = filling.photos(app).await;
                match actions::add_photo(app, &file, there).await {
                    Ok(photo) => filling.add_photo(app, photo, &blank).await,
                    Err(fault) => faults.try_update(|all| all.push((file.name(), fault))).unwrap_or_default(),
                }
            }
            app.device.adding.update(|adding| *adding -= 1);
        });
    });
    let sensitive = memo(move || filling.draft.with(|draft| draft.sensitive));
    let faces = move || {
        let text = words!(i18n, photo.sensitive);
        sensitive.get().then(|| view! { <Banner tone=Tone::Warn icon=lu::LuShieldAlert text /> })
    };
    let wrong = move || {
        faults.with(|faults| {
            let one = |(name, fault): &Fault| view! { <p class="field-error">{said(i18n, name, fault)}</p> };
            faults.iter().map(|fault| one(fault).into_any()).collect::<Vec<_>>()
        })
    };
    let working = move || (app.device.adding.get() > 0).then(|| say!(i18n, photo.working));
    let each = move || filling.draft.with(|draft| draft.photos.clone());
    view! {
        <SheetRow heading=words!(i18n, report.photos)>
            <div class="btn-row">
                <FilePick
                    name="take_photo"
                    label=words!(i18n, photo.take)
                    icon=lu::LuCamera
                    accept="image/*"
                    camera=true
                    on_pick=pick
                />
                <FilePick
                    name="pick_photos"
                    label=words!(i18n, photo.choose)
                    icon=lu::LuImages
                    accept="image/*"
                    multiple=true
                    on_pick=pick
                />
            </div>
            <p class="field-hint">{words!(i18n, photo.privacy)}</p>
            <div role="status">{live(faces)} {live(working)}</div>
            <div role="alert">{live(wrong)}</div>
            <ul class="photos">
                {rows(each, |photo| photo.sha256, move |photo| view! { <Added filling photo /> })}
            </ul>
        </SheetRow>
    }
    .into_any()
}

#[component]
fn Added(filling: Filling, photo: Photo) -> impl IntoView {
    let i18n = use_i18n();
    let sha256 = photo.sha256;
    let found = use_photo(photo.clone(), Signal::stored(0));
    let nth = memo(move || {
        let at = filling.draft.with(|draft| draft.photos.iter().position(|photo| photo.sha256 == sha256));
        at.map_or(0, |at| at + 1).to_string()
    });
    let size = derive(move || match found.get() {
        Found::Nowhere => say!(i18n, photo.lost),
        _ => size(i18n, &photo),
    });
    let remove = Callback::new(move |()| {
        filling.draft.update(|draft| draft.photos.retain(|photo| photo.sha256 != sha256));
    });
    view! {
        <li data-photo=sha256.to_string()>
            {picture(found, derive(move || say!(i18n, photo.nth, number = nth.get())))}
            <p class="small soft">{size}</p>
            <ToolButton
                id=format!("remove-{sha256}")
                label=derive(move || say!(i18n, photo.remove, number = nth.get()))
                icon=lu::LuTrash2
                on_press=remove
                idle=Signal::stored(false)
            />
        </li>
    }
    .into_any()
}

fn said(i18n: I18n, name: &str, fault: &PhotoFault) -> String {
    match fault {
        PhotoFault::Picture(PictureFault::NotAnImage) => say!(i18n, photo.not_an_image, name = name),
        PhotoFault::Picture(PictureFault::Broken) => say!(i18n, photo.broken, name = name),
        PhotoFault::Picture(PictureFault::TooLarge) => say!(i18n, photo.too_large, name = name),
        PhotoFault::TooMany => say!(i18n, photo.too_many, count = MAX_PHOTOS.to_string()),
        PhotoFault::Store(error) => {
            say!(i18n, photo.not_kept, name = name, words = store_error(i18n, error))
        }
    }
}
