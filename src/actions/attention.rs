//! Calls for somebody: sound, notifications, a screen that stays on.

use leptos::prelude::{Update as _, WithUntracked as _};

use crate::browser::{clock, notify, preferences, print, sound, wake_lock};
use crate::state::{AppState, Sound};

const SOUND: &str = "waymark.sound";
const ON: &str = "on";
/// How often it is looked whether the browser sounds by now, and how long between two looks, in milliseconds.
const SOUND_LOOKS: u32 = 10;
const SOUND_LOOK_MS: u32 = 200;

/// Reads what was chosen before and what the browser allows now.
pub fn take_up_attention(app: AppState) {
    let wanted = preferences::get(SOUND).as_deref() == Some(ON);
    app.attention.update(|attention| {
        attention.sound = if wanted { heard() } else { Sound::Off };
        attention.notify = notify::permission();
        attention.can_wake = wake_lock::is_there();
    });
}

fn heard() -> Sound {
    if sound::can_sound() { Sound::On } else { Sound::Blocked }
}

/// To be called from a tap: sounds once, so that one hears what will be heard.
pub async fn set_sound(app: AppState, on: bool) {
    preferences::put(SOUND, if on { ON } else { "" });
    if !on {
        show(app, Sound::Off);
        return;
    }
    sound::beep();
    // The browser takes a moment to wake the sound, a slow phone the longest.
    for _ in 0..SOUND_LOOKS {
        clock::sleep(SOUND_LOOK_MS).await;
        if heard() == Sound::On {
            break;
        }
    }
    show(app, heard());
}

fn show(app: AppState, sound: Sound) {
    app.attention.update(|attention| attention.sound = sound);
}

/// Sounds if the person wants it, or whether they want it or not.
pub fn ring(app: AppState, always: bool) {
    let wanted = app.attention.with_untracked(|attention| attention.sound != Sound::Off);
    // A page that may not sound would play all that was missed at its first tap.
    if (always || wanted) && sound::can_sound() {
        sound::beep();
    } else {
        sound::unlock();
    }
    if wanted {
        show(app, heard());
    }
}

/// Asks for notifications, in the context where they are needed.
pub async fn allow_notifications(app: AppState) {
    let permission = notify::ask().await;
    app.attention.update(|attention| attention.notify = permission);
    keep_subscribed(app).await;
}

/// Where notifications are allowed, the server is told where to send its notices while the app is shut.
pub async fn keep_subscribed(app: AppState) {
    if notify::permission() == notify::Permission::Granted {
        // Without it the board still rings as long as it is open.
        let _ = super::subscribe_to_notices(app).await;
    }
}

/// Shakes the phone of somebody who is to be heard, and says so where notifications are allowed.
pub fn prompt_traveller(words: String) {
    sound::shake();
    leptos::task::spawn_local(async move { notify::show(&words, "/").await });
}

/// One neutral line on the screen of the device: it may be locked and in the wrong hands.
pub async fn notify_somebody(title: &str) {
    notify::show(title, "/watch").await;
}

pub async fn keep_awake(app: AppState, on: bool) {
    let held = if on {
        wake_lock::hold().await
    } else {
        wake_lock::release().await;
        false
    };
    app.attention.update(|attention| attention.awake = held);
}

pub fn print_page() {
    print::print();
}
