use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::guidance::Card;
use waymark_core::view::readings::Readings;

use crate::actions::{self, SaveError};
use crate::i18n::{intl, use_i18n};
use crate::reactive::memo;
use crate::screens::parts::SaveFault;
use crate::state::AppState;
use crate::ui::{Button, Icon, Size, Tone, focus, live, lu, time};
use crate::{say, words};

const READ_ON: &str = "read-on";

/// Of a card whose reading is confirmed by name: whether that was done, and the button.
#[component]
pub fn Acknowledge(card: Memo<Card>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let asked = memo(move || card.with(|card| card.acknowledge) && app.person().is_some());
    let read = memo(move || {
        let user = app.person()?.user;
        card.with(|card| app.chain.with(|chain| Readings::of(chain).by(card, &user).map(|item| item.by.at)))
    });
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<SaveError>);
    let press = Callback::new(move |()| {
        let card = card.get_untracked();
        let language = untrack(|| i18n.get_locale());
        let title = card.text(language.as_str()).map(|(_, text)| text.title.clone());
        busy.set(true);
        spawn_local(async move {
            let title = title.unwrap_or_else(|| card.id.clone());
            let saved = actions::acknowledge_reading(app, card.id, title, card.revision).await;
            let done = saved.is_ok();
            failed.try_set(saved.err());
            busy.try_set(false);
            if done {
                // The button is gone, and whoever pressed it is told where they are.
                focus(READ_ON.to_owned());
            }
        });
    });
    let body = move || match read.get() {
        Some(at) => {
            let words = move || {
                let time = time::moment(intl(i18n), at.0, app.minute.get());
                say!(i18n, guidance.read_on, time = time)
            };
            view! {
                <p class="read-on" role="status" id=READ_ON tabindex="-1">
                    <Icon icon=lu::LuCheck />
                    <span>{words}</span>
                </p>
            }
            .into_any()
        }
        None => view! {
            <p>{words!(i18n, guidance.read_asked)}</p>
            <SaveFault failed />
            <Button
                label=words!(i18n, guidance.read_confirm)
                on_press=press
                busy
                icon=lu::LuCheck
                tone=Tone::Accent
                size=Size::Big
            />
        }
        .into_any(),
    };
    live(move || {
        (asked.get() && app.chain.is_read()).then(|| {
            view! {
                <section class="panel stack stack-tight" data-part="acknowledge">
                    {live(body)}
                </section>
            }
        })
    })
}
