use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::guidance::Key;

use super::{changes, in_words};
use crate::actions::{self, Chosen, ReadFiles};
use crate::browser::files;
use crate::i18n::use_i18n;
use crate::reactive::{derive, memo};
use crate::state::{AppState, StandardsTrouble};
use crate::ui::{Banner, Button, Field, FilePick, Fold, Input, Tone, live, lu};
use crate::{say, words};

/// Publishing a release that was signed elsewhere. The secret key is nowhere near: not in the app, not on the server.
#[component]
pub fn Publish() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let chosen = RwSignal::new(None::<Chosen>);
    let read = StoredValue::new(ReadFiles::default());
    let pick = Callback::new(move |event: ev::Event| {
        let files = files::all_chosen(&event);
        app.standards.update(|seen| seen.published = None);
        // What was chosen before is not what the next press publishes.
        chosen.set(None);
        spawn_local(async move {
            let Some(mut so_far) = read.try_get_value() else { return };
            let release = actions::read_release(&mut so_far, files).await;
            read.try_set_value(so_far);
            app.standards.update(|seen| seen.not_published = release.as_ref().err().cloned());
            chosen.try_set(release.ok());
        });
    });
    let trouble = move || {
        let trouble = app.standards.with(|seen| seen.not_published.clone())?;
        let why = in_words(i18n, &trouble);
        let words = match trouble {
            StandardsTrouble::NoRelease => why,
            _ => say!(i18n, standards.refused, why = why),
        };
        let text = Signal::stored(words);
        Some(view! { <Banner tone=Tone::Danger icon=lu::LuTriangleAlert text /> })
    };
    let release = move || chosen.get().map(|release| view! { <Release release chosen /> });
    let done = move || {
        app.standards.with(|seen| seen.published.clone()).map(|published| {
            let words = if published.outcome == "already_there" {
                say!(i18n, standards.already)
            } else {
                let kilobytes = published.bytes.div_ceil(1_000).to_string();
                let version = published.version.to_string();
                say!(i18n, standards.published, version = version, count = published.files, size = kilobytes)
            };
            view! { <Banner tone=Tone::Accent icon=lu::LuCheck text=Signal::stored(words) /> }
        })
    };
    view! {
        <section data-part="publish">
            <Fold heading=words!(i18n, standards.publish) holds=Signal::stored(String::new())>
                <div class="stack stack-tight">
                    <p>{words!(i18n, standards.publish_text)}</p>
                    <p class="small soft">
                        <code dir="ltr">"waymark-server pack sign FOLDER --key secret.key --out v2"</code> " "
                        {words!(i18n, standards.publish_how)}
                    </p>
                    <div class="btn-row">
                        <FilePick
                            name="release"
                            label=words!(i18n, standards.choose_folder)
                            icon=lu::LuFolderOpen
                            accept=""
                            folder=true
                            on_pick=pick
                        />
                        <FilePick
                            name="release-files"
                            label=words!(i18n, standards.choose)
                            icon=lu::LuFiles
                            accept=".json,application/json"
                            multiple=true
                            on_pick=pick
                        />
                    </div>
                    <div role="status" data-part="not-published">{live(trouble)}</div>
                    {live(release)}
                    <div role="status">{live(done)}</div>
                </div>
            </Fold>
        </section>
    }
    .into_any()
}

#[component]
fn Release(release: Chosen, chosen: RwSignal<Option<Chosen>>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let told = memo(move || app.standards.with(|seen| seen.told.is_some()));
    let trusted = memo(move || app.standards.with(|seen| seen.told.as_ref().and_then(|told| told.key)));
    let typed = RwSignal::new(String::new());
    let wrong = RwSignal::new(false);
    let key = release.key;
    let (missing, version) = (release.missing, release.version.to_string());
    let count = release.publication.files.len();
    let heading = say!(i18n, standards.version, version = version, title = release.title.clone());
    let press = Callback::new(move |()| {
        let given = typed.with_untracked(|typed| typed.replace(' ', "").parse::<Key>().ok());
        // The first key is trusted by every phone from then on: somebody has to have said which it is.
        if told.get_untracked() && trusted.get_untracked().is_none() && given != Some(key) {
            return wrong.set(true);
        }
        let release = release.clone();
        spawn_local(async move {
            let told = |found: &[_]| untrack(|| changes::lines(i18n, found));
            actions::publish_release(app, release, given, told).await;
            if app.standards.with_untracked(|seen| seen.published.is_some()) {
                chosen.try_set(None);
            }
        });
    });
    let first = move || {
        // As long as nobody has said which key is trusted, nobody says that none is.
        (told.get() && trusted.get().is_none()).then(|| {
            let error = derive(move || wrong.get().then(|| say!(i18n, standards.key_wrong)));
            view! {
                <Banner tone=Tone::Warn icon=lu::LuShieldAlert text=words!(i18n, standards.key_first) />
                <Field
                    name="pack-key"
                    label=words!(i18n, standards.key_field)
                    hint=words!(i18n, standards.key_hint)
                    value=typed
                    error
                    input=Input::Code
                />
            }
        })
    };
    let incomplete = (missing > 0).then(|| {
        let words = Signal::stored(say!(i18n, standards.missing, count = missing));
        view! { <Banner tone=Tone::Danger icon=lu::LuTriangleAlert text=words /> }
    });
    let ready = (missing == 0).then(|| {
        view! {
            {live(first)}
            <Button
                label=words!(i18n, standards.publish_now)
                on_press=press
                busy=derive(move || app.standards.with(|seen| seen.asking))
                tone=Tone::Accent
                icon=lu::LuUpload
            />
        }
    });
    view! {
        <div class="panel panel-tight stack stack-tight" data-part="release">
            <h3 dir="auto">{heading}</h3>
            <p class="small">
                {say!(i18n, standards.signed_with)} " " <bdi dir="ltr" class="num">{key.short()}</bdi> " · "
                {say!(i18n, standards.files, count = count)}
            </p>
            {incomplete}
            {ready}
        </div>
    }
    .into_any()
}
