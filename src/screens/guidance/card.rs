use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::guidance::{Card, CardText};

use super::acknowledge::Acknowledge;
use super::notes::OfficeNotes;
use crate::actions;
use crate::i18n::use_i18n;
use crate::reactive::{derive, memo};
use crate::routes;
use crate::screens::parts::guide::{CardLanguage, bullets, card_lacks, direction, field_name, line, steps};
use crate::state::AppState;
use crate::ui::{Fold, PageTitle, live};
use crate::{say, words};

/// One card: what to do now, large; behind it why, what to avoid and whom to tell.
#[component]
pub fn CardPage(id: String) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    spawn_local(actions::card_opened(app, id.clone()));
    spawn_local(actions::open_chain(app));
    let card = memo(move || app.guidance.card(&id).unwrap_or_default());
    let language = CardLanguage::new(i18n);
    let shown = memo(move || {
        card.with(|card| {
            let (own, text) = card.text(&language.now.get())?;
            Some((own.to_owned(), text.clone()))
        })
    });
    let title = derive(move || {
        shown.with(|shown| shown.as_ref().map(|(_, text)| text.title.clone()).unwrap_or_default())
    });
    let body = move || {
        let (language, text) = shown.get()?;
        Some(card.with(|card| body(card, &language, &text)))
    };
    let there = derive(move || card.with(|card| card.texts.keys().cloned().collect::<Vec<_>>()));
    let own =
        derive(move || shown.with(|shown| shown.as_ref().map(|(own, _)| own.clone()).unwrap_or_default()));
    view! {
        <article class="page page-narrow guide" data-card=move || card.with(|card| card.id.clone())>
            <a class="back" href=routes::GUIDANCE>
                {words!(i18n, guidance.title)}
            </a>
            <PageTitle text=title />
            {live(body)}
            <OfficeNotes card />
            <Acknowledge card />
            {language.choices(i18n, there, own)}
        </article>
    }
    .into_any()
}

fn body(card: &Card, language: &str, text: &CardText) -> AnyView {
    let i18n = use_i18n();
    let lacks = card_lacks(i18n, card, text);
    let own =
        AppState::get().guidance.with(|library| library.is_own(&card.id)).then(|| say!(i18n, guidance.own));
    let field = field_name(i18n, &card.field);
    let why: Vec<_> = text.why.iter().map(|text| view! { <p>{line(text)}</p> }.into_any()).collect();
    let sources = card.sources.clone();
    let (lang, dir) = (language.to_owned(), direction(language));
    view! {
        <p class="small soft">{std::iter::once(field).chain(own).chain(lacks).collect::<Vec<_>>().join(" · ")}</p>
        <section class="panel guide-now" aria-label=words!(i18n, guidance.now) lang=lang.clone() dir=dir>
            {steps(&text.steps)}
        </section>
        <section class="stack stack-tight">
            <h2>{words!(i18n, guidance.avoid)}</h2>
            <div lang=lang.clone() dir=dir>
                {bullets(&text.avoid, "guide-avoid")}
            </div>
        </section>
        <section class="stack stack-tight">
            <h2>{words!(i18n, guidance.tell)}</h2>
            <div lang=lang.clone() dir=dir>
                {bullets(&text.tell, "points")}
            </div>
        </section>
        <section class="stack stack-tight guide-why">
            <h2>{words!(i18n, guidance.why)}</h2>
            <div class="stack stack-tight" lang=lang dir=dir>
                {why}
            </div>
        </section>
        <Fold heading=words!(i18n, guidance.sources) holds=Signal::stored(String::new())>
            <p lang="en" dir="ltr" class="small">{sources}</p>
        </Fold>
    }
    .into_any()
}
