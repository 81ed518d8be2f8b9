//! Whether somebody is pressing something: a button that is drawn anew between press and release gets no click.

use std::cell::RefCell;

use super::clock::{Stopwatch, sleep};
use super::events;

/// Whoever presses for longer than this, in milliseconds, holds or scrolls: the screen goes on.
const LONGEST_MS: i64 = 1_000;
/// The click comes this soon after the release, or not at all.
const CLICK_MS: i64 = 50;
const LOOK_MS: u32 = 10;

enum Press {
    None,
    Down(Stopwatch),
    Up(Stopwatch),
}

thread_local! {
    static PRESS: RefCell<Press> = const { RefCell::new(Press::None) };
}

/// Begins to watch pointers and keys.
pub fn watch() {
    events::on_window("pointerdown", || PRESS.set(Press::Down(Stopwatch::start())));
    events::on_window("keydown", || {
        PRESS.with_borrow_mut(|press| {
            // A key that is held repeats itself.
            if !matches!(press, Press::Down(_)) {
                *press = Press::Down(Stopwatch::start());
            }
        });
    });
    for name in ["pointerup", "keyup"] {
        events::on_window(name, || PRESS.set(Press::Up(Stopwatch::start())));
    }
    // The browser scrolls from here on; the button has had its click; or the release is for another window.
    for name in ["pointercancel", "click", "blur"] {
        events::on_window(name, || PRESS.set(Press::None));
    }
}

/// Waits until nobody presses anything, but not for long: some type without a pause.
pub async fn over() {
    let waits = Stopwatch::start();
    while is_on() && waits.took_ms() < LONGEST_MS {
        sleep(LOOK_MS).await;
    }
}

fn is_on() -> bool {
    PRESS.with_borrow(|press| match press {
        Press::None => false,
        Press::Down(since) => since.took_ms() < LONGEST_MS,
        Press::Up(since) => since.took_ms() < CLICK_MS,
    })
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;
    use web_sys::Event;

    use super::*;
    use crate::browser::clock::within;

    fn happens(name: &str) {
        let window = crate::browser::window().unwrap();
        window.dispatch_event(&Event::new(name).unwrap()).unwrap();
    }

    async fn waits() -> bool {
        within(100, over()).await.is_none()
    }

    #[wasm_bindgen_test]
    async fn the_screen_waits_for_the_click_and_no_longer() {
        watch();
        assert!(!waits().await);
        happens("pointerdown");
        assert!(waits().await, "a finger is down");
        happens("pointerup");
        happens("click");
        assert!(!waits().await, "it had its click");
        happens("pointerdown");
        happens("pointercancel");
        assert!(!waits().await, "it scrolls");
        happens("keydown");
        assert!(waits().await);
        happens("keyup");
        // A release without a click, as beside the button.
        over().await;
        happens("pointerdown");
        over().await;
        assert!(!waits().await, "who holds on does not stop the screen");
    }
}
