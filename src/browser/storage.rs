use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::StorageManager;

/// What the browser says about the room for this app.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StorageReport {
    /// Bytes.
    pub used: f64,
    /// Bytes.
    pub quota: f64,
    /// Whether the browser has promised not to empty it by itself.
    pub persisted: bool,
}

/// How much room there is; `None` where the browser does not say.
pub async fn report() -> Option<StorageReport> {
    let manager = manager()?;
    let estimate = JsFuture::from(manager.estimate().ok()?).await.ok()?;
    let number = |name: &str| Reflect::get(&estimate, &JsValue::from_str(name)).ok()?.as_f64();
    let persisted = JsFuture::from(manager.persisted().ok()?).await.ok()?.as_bool().unwrap_or(false);
    Some(StorageReport { used: number("usage")?, quota: number("quota")?, persisted })
}

/// Asks the browser not to empty the store by itself; it may ask the person.
pub async fn ask_to_persist() {
    if let Some(promise) = manager().and_then(|manager| manager.persist().ok()) {
        let _ = JsFuture::from(promise).await;
    }
}

fn manager() -> Option<StorageManager> {
    let navigator = super::window()?.navigator();
    // Absent on pages without TLS.
    Reflect::get(&navigator, &JsValue::from_str("storage")).ok()?.is_object().then(|| navigator.storage())
}
