//! Keeps the screen on, for a tablet on the wall of a radio room.

use std::cell::{Cell, RefCell};

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::events;

thread_local! {
    static WANTED: Cell<bool> = const { Cell::new(false) };
    static FOLLOWED: Cell<bool> = const { Cell::new(false) };
    static HELD: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

/// Whether this browser can do it.
pub fn is_there() -> bool {
    manager().is_some()
}

/// Keeps the screen on until [`release`]; says whether it does. Browsers let go whenever the page is hidden, so it is
/// taken again when the page can be seen.
pub async fn hold() -> bool {
    WANTED.set(true);
    if !FOLLOWED.replace(true) {
        events::on_visibility(|visible| {
            if visible && WANTED.get() {
                wasm_bindgen_futures::spawn_local(async {
                    take().await;
                });
            }
        });
    }
    take().await
}

pub async fn release() {
    WANTED.set(false);
    if let Some(lock) = HELD.take() {
        let _ = call(&lock, "release", &[]).await;
    }
}

async fn take() -> bool {
    let Some(manager) = manager() else { return false };
    match call(&manager, "request", &["screen".into()]).await {
        Some(lock) => {
            HELD.replace(Some(lock));
            true
        }
        None => false,
    }
}

async fn call(on: &JsValue, method: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let method: Function = Reflect::get(on, &method.into()).ok()?.dyn_into().ok()?;
    let promise: Promise = method.apply(on, &arguments.iter().collect()).ok()?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()
}

fn manager() -> Option<JsValue> {
    let navigator = super::window()?.navigator();
    Reflect::get(&navigator, &"wakeLock".into()).ok().filter(JsValue::is_object)
}
