//! The service worker's side is `public/sw.js`, the page's is `public/boot.js`; this is the app's.

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::events;

/// The tag under which Background Sync wakes the courier; `sw.js` knows it too.
const SYNC_TAG: &str = "waymark-drain";

/// Calls `then` when a newer release waits, at once if it already does.
pub fn on_update_ready(then: impl Fn() + 'static) {
    let Some(window) = super::window() else { return };
    if Reflect::get(&window, &"waymarkUpdateReady".into()).is_ok_and(|ready| ready.is_truthy()) {
        then();
    }
    events::on_window("waymark:update-ready", then);
}

/// Lets the newer release take over; the page reloads.
pub fn activate() {
    let Some(window) = super::window() else { return };
    let Ok(activate) = Reflect::get(&window, &"waymarkActivate".into()) else { return };
    if let Some(activate) = activate.dyn_ref::<Function>() {
        let _ = activate.call0(&JsValue::NULL);
    }
}

/// Calls `then` when the worker wakes the page.
pub fn on_wake(then: impl FnMut() + 'static) {
    events::on_window("waymark:wake", then);
}

/// Asks Background Sync to wake this app when the network returns, where there is such a thing.
pub async fn ask_to_be_woken() {
    let Some(window) = super::window() else { return };
    let navigator = window.navigator();
    // `serviceWorker` is absent on pages without TLS.
    if !Reflect::get(&navigator, &"serviceWorker".into()).is_ok_and(|container| container.is_object()) {
        return;
    }
    let Ok(ready) = navigator.service_worker().ready() else { return };
    let Ok(registration) = JsFuture::from(ready).await else { return };
    let Ok(sync) = Reflect::get(&registration, &"sync".into()) else { return };
    let Ok(register) = Reflect::get(&sync, &"register".into()) else { return };
    if let Some(register) = register.dyn_ref::<Function>() {
        // The person may have forbidden it; then the page's own wakes must do.
        if let Ok(registered) = register.call1(&sync, &SYNC_TAG.into()) {
            let _ = JsFuture::from(js_sys::Promise::resolve(&registered)).await;
        }
    }
}

/// Where a server with this key can reach this browser while the app is shut, as JSON; `None` where it cannot.
pub async fn subscribe(key: &str) -> Option<String> {
    let window = super::window()?;
    let subscribe = Reflect::get(&window, &"waymarkSubscribe".into()).ok()?.dyn_into::<Function>().ok()?;
    let promise = subscribe.call1(&JsValue::NULL, &key.into()).ok()?.dyn_into::<js_sys::Promise>().ok()?;
    JsFuture::from(promise).await.ok()?.as_string()
}
