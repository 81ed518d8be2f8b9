//! Web Locks: one tab at a time.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

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

/// Waits for the lock of this name. Where the browser has no locks, there is none to wait for: what is done under it
/// is safe to do twice, only wasteful.
pub async fn acquire(name: &str) -> Lock {
    let free = Lock { release: None };
    let Some(manager) = manager() else { return free };
    let mut release = None;
    let held = Promise::new(&mut |resolve, _| release = Some(resolve));
    let mut granted = None;
    let grant = Promise::new(&mut |resolve, _| granted = Some(resolve));
    let Some(granted) = granted else { return free };
    let callback = Closure::once_into_js(move || {
        let _ = granted.call0(&JsValue::NULL);
        held
    });
    if manager.request(name, callback.unchecked_ref()).is_err() || JsFuture::from(grant).await.is_err() {
        return free;
    }
    Lock { release }
}

fn manager() -> Option<LockManager> {
    let navigator = super::window()?.navigator();
    let locks = Reflect::get(&navigator, &JsValue::from_str("locks")).ok()?;
    (!locks.is_undefined() && !locks.is_null()).then(|| locks.unchecked_into())
}
