/// Puts a text where other apps can take it from. `false` if the browser does not let us.
pub async fn copy(text: &str) -> bool {
    let Some(clipboard) = super::window().map(|window| window.navigator().clipboard()) else { return false };
    // Pages that are not safe have none, whatever the types say.
    if wasm_bindgen::JsValue::from(&clipboard).is_undefined() {
        return false;
    }
    wasm_bindgen_futures::JsFuture::from(clipboard.write_text(text)).await.is_ok()
}
