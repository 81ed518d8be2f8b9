use js_sys::{JsString, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DragEvent, Event, File, HtmlInputElement};

/// The file that was chosen in a file field, whose field is emptied so that the same one can be chosen again.
pub fn chosen(event: &Event) -> Option<File> {
    let input: HtmlInputElement = event.target()?.dyn_into().ok()?;
    let file = input.files()?.get(0);
    input.set_value("");
    file
}

/// All files that were chosen, as [`chosen`].
pub fn all_chosen(event: &Event) -> Vec<File> {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let Some(input) = input else { return vec![] };
    let mut files = vec![];
    if let Some(list) = input.files() {
        files.extend((0..list.length()).filter_map(|at| list.get(at)));
    }
    input.set_value("");
    files
}

/// All files that were dropped.
pub fn all_dropped(event: &DragEvent) -> Vec<File> {
    let list = event.data_transfer().and_then(|dropped| dropped.files());
    let mut files = vec![];
    if let Some(list) = list {
        files.extend((0..list.length()).filter_map(|at| list.get(at)));
    }
    files
}

/// Its text, as UTF-8; `None` if it cannot be read.
pub async fn text(file: &File) -> Option<String> {
    let read = Reflect::get(file, &JsValue::from("text")).ok()?.dyn_into::<js_sys::Function>().ok()?;
    let promise: Promise = read.call0(file).ok()?.dyn_into().ok()?;
    let text = JsFuture::from(promise).await.ok()?;
    Some(text.dyn_into::<JsString>().ok()?.into())
}
