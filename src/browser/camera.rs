//! The phone's camera, and what the browser itself reads in its picture.
//!
//! Only some browsers read QR codes (Chromium on Android and macOS); a reader of our own would be a third of the whole app.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlVideoElement;

use super::clock;

/// Between two looks, in milliseconds.
const LOOK_MS: u32 = 80;

/// Why nothing can be scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CameraFault {
    Denied,
    NoCamera,
    /// This browser does not read codes.
    NoReader,
}

/// A camera that shows its picture.
#[derive(Clone)]
pub struct Camera {
    video: HtmlVideoElement,
    stream: JsValue,
    reader: JsValue,
}

impl Camera {
    /// Asks for the camera on the back and shows its picture.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn open(video: &HtmlVideoElement) -> Result<Self, CameraFault> {
        let reader = reader().ok_or(CameraFault::NoReader)?;
        let stream = match asked() {
            Some(asked) => JsFuture::from(asked).await.map_err(|error| fault(&error))?,
            None => return Err(CameraFault::NoCamera),
        };
        let camera = Self { video: video.clone(), stream, reader };
        let _ = Reflect::set(video, &"srcObject".into(), &camera.stream);
        if let Some(playing) = promised(video, "play", &Array::new()) {
            // A picture that was not begun shows in that nothing is read.
            let _ = JsFuture::from(playing).await;
        }
        Ok(camera)
    }

    /// What stands in the codes in front of the camera, some moments later.
    ///
    /// # Errors
    /// The browser does not read after all.
    pub async fn look(&self) -> Result<Vec<String>, CameraFault> {
        clock::sleep(LOOK_MS).await;
        // There is no picture yet.
        if Reflect::get(&self.video, &"readyState".into()).ok().and_then(|state| state.as_f64()) < Some(2.0) {
            return Ok(vec![]);
        }
        let seen = promised(&self.reader, "detect", &Array::of1(&self.video));
        let seen = JsFuture::from(seen.ok_or(CameraFault::NoReader)?).await;
        let seen = seen.map_err(|_| CameraFault::NoReader)?;
        let mut texts = vec![];
        for code in Array::from(&seen) {
            texts.extend(Reflect::get(&code, &"rawValue".into()).ok().and_then(|text| text.as_string()));
        }
        Ok(texts)
    }

    /// The light beside the camera goes out.
    pub fn close(&self) {
        let tracks = call(&self.stream, "getTracks", &Array::new()).unwrap_or_default();
        for track in Array::from(&tracks) {
            call(&track, "stop", &Array::new());
        }
        let _ = Reflect::set(&self.video, &"srcObject".into(), &JsValue::NULL);
    }
}

fn reader() -> Option<JsValue> {
    let window = super::window()?;
    let class: Function = Reflect::get(&window, &"BarcodeDetector".into()).ok()?.dyn_into().ok()?;
    let wanted = Object::new();
    Reflect::set(&wanted, &"formats".into(), &Array::of1(&"qr_code".into())).ok()?;
    Reflect::construct(&class, &Array::of1(&wanted)).ok()
}

fn asked() -> Option<Promise> {
    let navigator = super::window()?.navigator();
    // Not there on pages without https.
    let devices = Reflect::get(&navigator, &"mediaDevices".into()).ok().filter(JsValue::is_object)?;
    let (wanted, video) = (Object::new(), Object::new());
    Reflect::set(&video, &"facingMode".into(), &"environment".into()).ok()?;
    Reflect::set(&wanted, &"video".into(), &video).ok()?;
    promised(&devices, "getUserMedia", &Array::of1(&wanted))
}

fn fault(error: &JsValue) -> CameraFault {
    let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
    match name.as_deref() {
        Some("NotAllowedError" | "SecurityError") => CameraFault::Denied,
        _ => CameraFault::NoCamera,
    }
}

fn promised(of: &JsValue, name: &str, with: &Array) -> Option<Promise> {
    call(of, name, with)?.dyn_into().ok()
}

fn call(of: &JsValue, name: &str, with: &Array) -> Option<JsValue> {
    let function: Function = Reflect::get(of, &name.into()).ok()?.dyn_into().ok()?;
    function.apply(of, with).ok()
}
