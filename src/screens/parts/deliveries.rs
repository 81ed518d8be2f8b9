//! Which place has an own record, where there is more than our server.

use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::EventId;
use waymark_core::sync::{Delivery, Destination, OTHER_ORGANISATION, To};
use waymark_core::view::RecordView;

use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::{effect, memo};
use crate::screens::backends::naming;
use crate::screens::parts::words::why_refused;
use crate::state::AppState;
use crate::ui::{Button, Icon, IconData, Tone, live, lu, time};
use crate::{actions, say, words};

#[component]
pub fn Deliveries(#[prop(into)] view: Signal<RecordView>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let id = memo(move || view.with(|view| view.id));
    let places = memo(move || {
        let places: Vec<(To, Destination)> =
            app.backends(|all| all.iter().map(|one| (one.to, one.destination.clone())).collect());
        let plain = places.len() == 1 && places[0].1.is_ours();
        if plain { vec![] } else { places }
    });
    let known = RwSignal::new(Vec::<(To, Delivery)>::new());
    effect(move || {
        app.sync.track();
        let id: EventId = id.get();
        if places.with(Vec::is_empty) {
            return;
        }
        spawn_local(async move {
            if let Ok(deliveries) = actions::deliveries(app, id).await {
                known.try_set(deliveries);
            }
        });
    });
    let rows = move || {
        let (places, known) = (places.get(), known.get());
        let row = |(to, delivery): &(To, Delivery)| {
            let place = places.iter().find(|(other, _)| other == to)?;
            let (icon, tone, text) = in_words(i18n, app.now.get().0, &place.1, delivery);
            Some(view! {
                <li data-tone=tone.name() data-to=to.0.to_string()>
                    <Icon icon />
                    <span>
                        <strong>{naming::name(i18n, &place.1)}</strong>
                        " "
                        {text}
                    </span>
                </li>
            })
        };
        // What the home refused has its button above.
        let elsewhere =
            |(to, delivery): &(To, Delivery)| *to != To::HOME && matches!(delivery, Delivery::Refused(_));
        let again = known.iter().any(elsewhere).then(|| {
            let retry = Callback::new(move |()| {
                let id = id.get_untracked();
                spawn_local(async move { _ = actions::retry(app, id).await });
            });
            view! { <Button label=words!(i18n, records.retry) icon=lu::LuRotateCw on_press=retry /> }
        });
        let rows: Vec<_> = known.iter().filter_map(row).collect();
        (!rows.is_empty()).then(|| {
            view! {
                <section data-part="deliveries" class="stack stack-tight">
                    <h3>{words!(i18n, backends.who_has_it)}</h3>
                    <ul class="deliveries">{rows}</ul>
                    {again}
                </section>
            }
        })
    };
    live(rows)
}

fn in_words(i18n: I18n, now: i64, place: &Destination, delivery: &Delivery) -> (IconData, Tone, String) {
    match delivery {
        Delivery::Waiting => (lu::LuClock, Tone::Quiet, say!(i18n, backends.not_there)),
        Delivery::Refused(refused) => {
            let strange = refused.refusal.code == OTHER_ORGANISATION;
            let why = || why_refused(i18n, &refused.refusal);
            let text = if strange {
                say!(i18n, records.strange)
            } else {
                say!(i18n, backends.refused_there, why = why())
            };
            (lu::LuOctagonAlert, Tone::Danger, text)
        }
        Delivery::Stored(at) => {
            let when = time::moment(intl(i18n), at.0, now);
            if place.kind.capabilities().verified {
                (lu::LuCircleCheckBig, Tone::Accent, say!(i18n, backends.holds_it, time = when))
            } else {
                (lu::LuCheck, Tone::Warn, say!(i18n, backends.took_it, time = when))
            }
        }
    }
}
