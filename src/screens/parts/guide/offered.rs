use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::guidance::{Moment, Now};

use super::{card_lacks, direction, moment_words, steps};
use crate::actions;
use crate::i18n::use_i18n;
use crate::reactive::{derive, memo};
use crate::routes;
use crate::state::AppState;
use crate::ui::{Icon, live, lu, rows};
use crate::{say, words};

/// A card that is offered: its id, and for what.
type Offer = (String, Moment);

/// The cards that fit what somebody is doing, at most three, in one line however many they are; a tap shows what to do, and
/// the form stays where it is.
#[component]
pub fn Offered(
    #[prop(into)] now: Signal<Now>,
    /// The line is there from the beginning, with the way to all guidance: in a form nothing is to move under a thumb.
    #[prop(optional)]
    always: bool,
) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    spawn_local(actions::open_guidance(app));
    let open = RwSignal::new(None::<String>);
    let mine = app.my_movement();
    let now = memo(move || {
        let now = now.get();
        // Where one travels is known, if no more is.
        let own = || mine.with(|mine| mine.as_ref()?.plan.plan.area_level.figure());
        Now { role: app.person().map(|person| person.role), level: now.level.or_else(own), ..now }
    });
    let cards = memo(move || {
        app.guidance.with(|library| {
            let offers = now.with(|now| library.offer(now));
            offers.iter().map(|one| (one.card.id.clone(), one.why.clone())).collect::<Vec<Offer>>()
        })
    });
    let speak = memo(move || {
        app.guidance.with(|library| {
            let offers = now.with(|now| library.offer_speak(now));
            offers.iter().map(|card| card.id.clone()).collect::<Vec<_>>()
        })
    });
    let button = move |(id, _): Offer| {
        let (own, pressed, shown) = (id.clone(), id.clone(), id.clone());
        let press = move |_| {
            open.update(|open| *open = (open.as_ref() != Some(&pressed)).then(|| pressed.clone()));
        };
        view! {
            <button
                type="button"
                class="btn offer"
                data-card=id
                aria-controls="offer-body"
                aria-expanded=move || open.with(|open| (open.as_ref() == Some(&shown)).to_string())
                on:click=press
            >
                {live(move || titled(&own, app, i18n.get_locale().as_str()))}
            </button>
        }
    };
    let link = move |id: String| {
        let (href, own) = (routes::card(&id), id.clone());
        view! {
            <a class="btn offer" href=href data-card=own>
                <Icon icon=lu::LuMegaphone />
                {live(move || titled(&id, app, i18n.get_locale().as_str()))}
            </a>
        }
    };
    let body = move || {
        let id = open.get()?;
        let why = cards.with(|cards| cards.iter().find(|(own, _)| *own == id).map(|(_, why)| why.clone()))?;
        let card = app.guidance.card(&id)?;
        let (language, text) = card.text(i18n.get_locale().as_str())?;
        let fits = say!(i18n, guidance.fits, what = moment_words(i18n, &why));
        let said = std::iter::once(fits).chain(card_lacks(i18n, &card, text)).collect::<Vec<_>>().join(" · ");
        Some(view! {
            <div id="offer-body" class="panel panel-tight" data-part="offer">
                <p class="small soft">{said}</p>
                <div lang=language.to_owned() dir=direction(language)>
                    {steps(&text.steps)}
                </div>
                <a href=routes::card(&id)>{say!(i18n, guidance.whole)}</a>
            </div>
        })
    };
    let some = memo(move || {
        always || cards.with(|cards| !cards.is_empty()) || speak.with(|speak| !speak.is_empty())
    });
    live(move || {
        some.get().then(|| {
            view! {
                <section class="offered" aria-label=words!(i18n, guidance.offered)>
                    <div class="offer-line">
                        <Icon icon=lu::LuBookOpen />
                        {rows(move || cards.get(), |(id, _)| id.clone(), button)}
                        {rows(move || speak.get(), String::clone, link)}
                        {always.then(|| view! { <a class="btn offer" href=routes::GUIDANCE>{words!(i18n, guidance.title)}</a> })}
                    </div>
                    {live(body)}
                </section>
            }
        })
    })
}

fn titled(id: &str, app: AppState, language: &str) -> AnyView {
    let found = app.guidance.with(|library| {
        let card = library.card(id).and_then(|card| card.text(language));
        let card = card.map(|(language, text)| (language.to_owned(), text.title.clone()));
        let speak =
            || library.speak_card(id)?.text(language).map(|(own, text)| (own.to_owned(), text.title.clone()));
        card.or_else(speak)
    });
    let (language, title) = found.unwrap_or_default();
    let dir = direction(&language);
    view! { <span lang=language dir=dir>{title}</span> }.into_any()
}

/// What a signal of moments is as [`Now`].
pub fn at(moments: impl Fn() -> Vec<Moment> + Send + Sync + 'static) -> Signal<Now> {
    derive(move || Now { moments: moments(), ..Now::default() })
}
