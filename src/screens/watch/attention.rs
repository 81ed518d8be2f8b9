use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::actions;
use crate::i18n::use_i18n;
use crate::reactive::memo;
use crate::state::{AppState, Permission, Sound};
use crate::ui::{Button, Tone, live, lu};
use crate::{say, words};

/// How this screen calls for somebody: asked for here, where it is needed.
#[component]
pub fn AttentionPanel() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let attention = app.attention;
    let sound = memo(move || attention.get().sound);
    let text = move || match sound.get() {
        Sound::Off => say!(i18n, board.sound_off_text),
        Sound::Blocked => say!(i18n, board.sound_blocked_text),
        Sound::On => say!(i18n, board.sound_on_text),
    };
    let toggle = Callback::new(move |()| {
        let on = sound.get_untracked() != Sound::On;
        spawn_local(actions::set_sound(app, on));
    });
    let sound_button = move || {
        let (label, icon, tone) = match sound.get() {
            Sound::On => (words!(i18n, board.sound_on), lu::LuVolume2, Tone::None),
            Sound::Off => (words!(i18n, board.sound_off), lu::LuVolumeX, Tone::Warn),
            Sound::Blocked => (words!(i18n, board.sound_blocked), lu::LuVolumeX, Tone::Warn),
        };
        view! { <Button label icon tone stacked=true on_press=toggle /> }
    };
    let allow = Callback::new(move |()| spawn_local(actions::allow_notifications(app)));
    let notify = move || {
        match attention.get().notify {
        Permission::NotAsked => Some(
            view! { <Button label=words!(i18n, board.notify_allow) icon=lu::LuBell stacked=true on_press=allow /> }
                .into_any(),
        ),
        Permission::Granted => {
            Some(view! { <p class="state">{words!(i18n, board.notify_on)}</p> }.into_any())
        }
        Permission::Denied => {
            Some(view! { <p class="state">{words!(i18n, board.notify_denied)}</p> }.into_any())
        }
        Permission::Absent => None,
    }
    };
    let wake = Callback::new(move |()| {
        let on = !attention.get_untracked().awake;
        spawn_local(actions::keep_awake(app, on));
    });
    let awake = move || {
        attention.get().can_wake.then(|| {
            let label = if attention.get().awake {
                words!(i18n, board.awake_on)
            } else {
                words!(i18n, board.awake_off)
            };
            view! { <Button label icon=lu::LuSun stacked=true on_press=wake /> }
        })
    };
    view! {
        <section class="attention" aria-label=words!(i18n, board.attention)>
            <p class="small soft" role="status">
                {live(text)}
            </p>
            <div class="attention-row">{live(sound_button)} {live(notify)} {live(awake)}</div>
        </section>
    }
    .into_any()
}
