//! Web Locks: one tab at a time.

use futures::future::{Either, select};
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::clock::within;

#[wasm_bindgen]
extern "C" {
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(this: &LockManager, name: &str, callback: &Function) -> Result<Promise, JsValue>;
}

/// A lock that is held until this is dropped.
pub struct Lock {
    release: Option<Function>,
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(release) = self.release.take() {
            let _ = release.call0(&JsValue::NULL);
        }
    }
}

/// How long to wait for another tab. What is done under the lock is safe to do twice, only wasteful.
const PATIENCE_MS: u32 = 30_000;

/// Waits for the lock of this name, but not for ever; where the browser has no locks, there is none to wait for.
pub async fn acquire(name: &str) -> Lock {
    let free = Lock { release: None };
    let Some(manager) = manager() else { return free };
    let mut release = None;
    let held = Promise::new(&mut |resolve, _| release = Some(resolve));
    // Dropped when the wait is given up: a lock that is granted later is given back at once.
    let lock = Lock { release };
    let mut granted = None;
    let grant = Promise::new(&mut |resolve, _| granted = Some(resolve));
    let Some(granted) = granted else { return free };
    let callback = Closure::once_into_js(move || {
        let _ = granted.call0(&JsValue::NULL);
        held
    });
    let Ok(request) = manager.request(name, callback.unchecked_ref()) else { return free };
    // The request ends before the grant only if the browser refuses it.
    let first = select(JsFuture::from(grant), JsFuture::from(request));
    match within(PATIENCE_MS, first).await {
        Some(Either::Left(_)) => lock,
        _ => free,
    }
}

fn manager() -> Option<LockManager> {
    let navigator = super::window()?.navigator();
    let locks = Reflect::get(&navigator, &JsValue::from_str("locks")).ok()?;
    (!locks.is_undefined() && !locks.is_null()).then(|| locks.unchecked_into())
}
