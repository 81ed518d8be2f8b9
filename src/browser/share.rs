//! Handing a file to another app of the phone (Web Share).

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, Navigator};

/// Browsers hand on only what they know for harmless; text is.
const TEXT: &str = "text/plain";

/// Whether a file of ours can be handed on.
pub fn can_share() -> bool {
    let ask = || {
        let navigator = navigator()?;
        let ask: Function = Reflect::get(&navigator, &"canShare".into()).ok()?.dyn_into().ok()?;
        ask.call1(&navigator, &parcel("a.txt", "a")?).ok()?.as_bool()
    };
    ask() == Some(true)
}

/// `false` if nothing was handed on.
pub async fn share(name: &str, text: &str) -> bool {
    let begin = || {
        let navigator = navigator()?;
        let share: Function = Reflect::get(&navigator, &"share".into()).ok()?.dyn_into().ok()?;
        share.call1(&navigator, &parcel(&format!("{name}.txt"), text)?).ok()?.dyn_into::<Promise>().ok()
    };
    match begin() {
        Some(promise) => JsFuture::from(promise).await.is_ok(),
        None => false,
    }
}

fn navigator() -> Option<Navigator> {
    Some(super::window()?.navigator())
}

fn parcel(name: &str, text: &str) -> Option<JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"type".into(), &TEXT.into()).ok()?;
    let parts = Array::of1(&text.into());
    let file = File::new_with_str_sequence_and_options(&parts, name, options.unchecked_ref()).ok()?;
    let data = Object::new();
    Reflect::set(&data, &"files".into(), &Array::of1(&file)).ok()?;
    Some(data.into())
}
