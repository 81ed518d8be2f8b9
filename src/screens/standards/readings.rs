use leptos::prelude::*;
use waymark_core::event::UserId;
use waymark_core::order;
use waymark_core::rules::Role;
use waymark_core::view::readings::{Readings, asks};

use super::progress::Progress;
use crate::actions;
use crate::i18n::{I18n, use_i18n};
use crate::reactive::memo;
use crate::routes;
use crate::state::AppState;
use crate::ui::{live, rows};
use crate::{say, words};

/// A card that asks to be read, and by whom it has not been.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Asked {
    card: String,
    people: usize,
    left: Vec<String>,
}

/// Everybody who is asked: those whom the server named with their devices, else those of the directory.
fn everybody(app: AppState) -> Vec<(UserId, String, Option<Role>)> {
    let mut people: Vec<(UserId, String, Option<Role>)> = app.standards.with(|seen| {
        let devices = seen.told.as_ref().map(|told| told.devices.as_slice()).unwrap_or_default();
        devices.iter().map(|device| (device.user.clone(), device.name.clone(), Some(device.role))).collect()
    });
    if people.is_empty() {
        let known = actions::known_people(app);
        people = known.into_iter().filter_map(|person| Some((person.user?, person.name, None))).collect();
    }
    order::sort_by_key(&mut people, |(user, name, _)| (name.clone(), user.clone()));
    people.dedup_by(|one, other| one.0 == other.0);
    people
}

/// Which cards are confirmed by name, by how many, and by whom not.
#[component]
pub fn WhoHasRead() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let all = memo(move || {
        let people = everybody(app);
        app.guidance.with(|library| {
            app.chain.with(|chain| {
                let readings = Readings::of(chain);
                let asked = library.cards.iter().filter(|card| card.acknowledge);
                let mut all: Vec<Asked> = asked
                    .map(|card| {
                        // The directory says nobody's role: then everybody counts.
                        let asked = |role: Option<Role>| role.is_none_or(|role| asks(card, role));
                        let people: Vec<_> = people.iter().filter(|(.., role)| asked(*role)).collect();
                        let left = people.iter().filter(|(user, ..)| readings.by(card, user).is_none());
                        let left = left.map(|(_, name, _)| name.clone()).collect();
                        Asked { card: card.id.clone(), people: people.len(), left }
                    })
                    .collect();
                order::sort_by_key(&mut all, |own| std::cmp::Reverse(own.left.len()));
                all
            })
        })
    });
    let none = move || {
        all.with(Vec::is_empty).then(|| view! { <p class="soft">{words!(i18n, standards.read_none)}</p> })
    };
    view! {
        <section class="stack stack-tight" data-part="who-has-read">
            <h2>{words!(i18n, standards.read)}</h2>
            {live(none)}
            <ul class="rows">
                {rows(
                    move || all.get(),
                    Asked::clone,
                    move |own| row(i18n, app, &own),
                )}
            </ul>
        </section>
    }
    .into_any()
}

fn row(i18n: I18n, app: AppState, own: &Asked) -> AnyView {
    let id = own.card.clone();
    let title = move || {
        app.guidance.with(|library| {
            let text = library.card(&id).and_then(|card| card.text(i18n.get_locale().as_str()));
            text.map_or_else(|| id.clone(), |(_, text)| text.title.clone())
        })
    };
    let (people, have) = (own.people, own.people - own.left.len());
    let names = own.left.clone();
    let name = |name: &String| view! { <li dir="auto">{name.clone()}</li> }.into_any();
    view! {
        <li class="row" data-card=own.card.clone()>
            <Progress
                title=view! { <a class="row-title" href=routes::card(&own.card)>{title}</a> }.into_any()
                words=say!(i18n, standards.read_by, have = have.to_string(), count = people)
                have
                of=people
                part="not-read"
                heading=words!(i18n, standards.not_read)
                left=own.left.len()
                others=Callback::new(move |()| names.iter().map(name).collect())
            />
        </li>
    }
    .into_any()
}
