use leptos::prelude::*;

use crate::i18n::use_i18n;
use crate::reactive::memo;
use crate::screens::parts::{RecordRow, words as record_words};
use crate::state::{AppState, WaitingList};
use crate::ui::{Banner, Empty, LinkButton, Tone, live, lu};
use crate::{routes, words};

const SHOWN: usize = 5;

/// The last own records with where they have got to; for those who watch, also what waits for them.
#[component]
pub fn OnThisPhone() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let own = memo(move || {
        app.records
            .newest
            .with(|records| records.iter().filter(|view| view.mine).take(SHOWN).cloned().collect::<Vec<_>>())
    });
    let list = move || {
        let views = own.get();
        if views.is_empty() {
            return view! { <Empty title=words!(i18n, home.empty) text=words!(i18n, home.empty_text) /> }
                .into_any();
        }
        let rows = views.into_iter().map(|view| view! { <RecordRow view /> }).collect::<Vec<_>>();
        view! {
            <ul class="rows">{rows}</ul>
            <p>
                <a class="btn" data-tone="plain" href=routes::RECORDS>
                    {words!(i18n, home.all_records)}
                </a>
            </p>
        }
        .into_any()
    };
    view! {
        <section class="home-list" aria-labelledby="on-this-phone">
            <Waiting />
            <h2 id="on-this-phone">{words!(i18n, home.on_this_phone)}</h2>
            {live(list)}
        </section>
    }
    .into_any()
}

#[component]
fn Waiting() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let late = app.late_movements();
    live(move || {
        let count = app.records.waiting.with(WaitingList::real);
        let late = late.get();
        (count + late > 0).then(|| {
            let alarm = app.records.waiting.with(|waiting| waiting.first.iter().any(record_words::is_alarm));
            let (tone, icon, text) = if alarm {
                (Tone::Danger, lu::LuSiren, words!(i18n, home.emergencies))
            } else if late > 0 {
                (Tone::Danger, lu::LuTriangleAlert, words!(i18n, home.late, count = late))
            } else {
                (Tone::Warn, lu::LuEye, words!(i18n, home.waiting, count = count))
            };
            view! {
                <Banner tone icon text>
                    <LinkButton label=words!(i18n, home.open_watch) href=routes::WATCH />
                </Banner>
            }
        })
    })
}
