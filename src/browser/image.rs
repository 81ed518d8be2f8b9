//! Pictures: decoded, scaled down and written anew, so that nothing is left of what the camera wrote beside them. And
//! addresses under which the page can show bytes.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use waymark_core::picture::{HEAD, Looks, look};
use web_sys::{Blob, BlobPropertyBag, File, Url};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = OffscreenCanvas)]
    type Offscreen;
    #[wasm_bindgen(constructor, catch, js_class = "OffscreenCanvas")]
    fn new(width: u32, height: u32) -> Result<Offscreen, JsValue>;

    /// One on the page or off it: what is used of them is alike, but for the encoding.
    type Canvas;
    #[wasm_bindgen(method, setter, js_name = width)]
    fn set_width(this: &Canvas, width: u32);
    #[wasm_bindgen(method, setter, js_name = height)]
    fn set_height(this: &Canvas, height: u32);
    #[wasm_bindgen(method, catch, js_name = getContext)]
    fn context(this: &Canvas, kind: &str) -> Result<Option<Context>, JsValue>;
    #[wasm_bindgen(method, catch, js_name = convertToBlob)]
    fn convert(this: &Canvas, options: &Object) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = toBlob)]
    fn to_blob(this: &Canvas, then: &Function, kind: &str, quality: f64) -> Result<(), JsValue>;

    type Context;
    #[wasm_bindgen(method, setter, js_name = fillStyle)]
    fn set_fill(this: &Context, colour: &str);
    #[wasm_bindgen(method, setter, js_name = imageSmoothingQuality)]
    fn set_smoothing(this: &Context, quality: &str);
    #[wasm_bindgen(method, js_name = fillRect)]
    fn fill(this: &Context, x: u32, y: u32, width: u32, height: u32);
    #[wasm_bindgen(method, catch, js_name = drawImage)]
    fn draw(this: &Context, image: &Bitmap, x: u32, y: u32, width: u32, height: u32) -> Result<(), JsValue>;

    type Bitmap;
    #[wasm_bindgen(method, getter)]
    fn width(this: &Bitmap) -> u32;
    #[wasm_bindgen(method, getter)]
    fn height(this: &Bitmap) -> u32;
    #[wasm_bindgen(method)]
    fn close(this: &Bitmap);
    #[wasm_bindgen(catch, js_name = createImageBitmap)]
    fn create_bitmap(file: &Blob, options: &Object) -> Result<Promise, JsValue>;
}

/// Why a file did not become a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFault {
    NotAnImage,
    /// It looks like one, and cannot be read: broken, or of a kind that this browser does not know.
    Broken,
    /// Decoding it could take more memory than a phone has.
    TooLarge,
}

/// A JPEG without any metadata.
pub struct Scaled {
    pub bytes: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

pub const MEDIA_TYPE: &str = "image/jpeg";
const MAX_FILE: f64 = 60e6;
const MAX_PIXELS: u64 = 80_000_000;
/// Parts of the side that was asked for and JPEG qualities, until the picture is small enough.
const STEPS: [(f64, f64); 5] = [(1.0, 0.8), (1.0, 0.65), (0.8, 0.6), (0.6, 0.6), (0.45, 0.5)];

/// The picture in a file, at most `longest` pixels on its longer side and, if that can be done, of at most `budget` bytes.
///
/// # Errors
/// Why there is none.
pub async fn scale(file: &File, longest: u32, budget: usize) -> Result<Scaled, PictureFault> {
    if file.size() > MAX_FILE {
        return Err(PictureFault::TooLarge);
    }
    let head = file.slice_with_i32_and_i32(0, HEAD.cast_signed()).map_err(|_| PictureFault::Broken)?;
    let head = bytes(&head).await.ok_or(PictureFault::Broken)?;
    match look(&head) {
        Looks::Other => return Err(PictureFault::NotAnImage),
        Looks::Picture(Some((width, height))) => fits(width, height)?,
        Looks::Picture(None) => {}
    }
    let picture = Picture::decode(file).await.ok_or(PictureFault::Broken)?;
    fits(picture.0.width(), picture.0.height())?;
    let mut smallest = None;
    for (part, quality) in STEPS {
        let scaled = picture.written(f64::from(longest) * part, quality).await;
        let scaled = scaled.ok_or(PictureFault::Broken)?;
        if scaled.bytes.len() <= budget {
            return Ok(scaled);
        }
        smallest = Some(scaled);
    }
    smallest.ok_or(PictureFault::Broken)
}

fn fits(width: u32, height: u32) -> Result<(), PictureFault> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MAX_PIXELS { Err(PictureFault::TooLarge) } else { Ok(()) }
}

/// A decoded picture; its memory, four bytes a pixel, is given back when it is dropped.
struct Picture(Bitmap);

impl Drop for Picture {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Picture {
    /// Turned as the camera was held.
    async fn decode(file: &File) -> Option<Self> {
        let options = Object::new();
        Reflect::set(&options, &"imageOrientation".into(), &"from-image".into()).ok()?;
        let decoded = JsFuture::from(create_bitmap(file, &options).ok()?).await.ok()?;
        Some(Self(decoded.unchecked_into()))
    }

    async fn written(&self, longest: f64, quality: f64) -> Option<Scaled> {
        let (width, height) = (self.0.width(), self.0.height());
        let by = (longest / f64::from(width.max(height))).min(1.0);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // smaller than they were
        let side = |pixels: u32| ((f64::from(pixels) * by).round() as u32).max(1);
        let (width, height) = (side(width), side(height));
        let (canvas, context) = canvas(width, height)?;
        // JPEG has no transparency: what is see-through would turn black.
        context.set_fill("#fff");
        context.fill(0, 0, width, height);
        context.set_smoothing("high");
        context.draw(&self.0, 0, 0, width, height).ok()?;
        let encoded = encode(&canvas, quality).await;
        // Some browsers keep the memory of a canvas for a while.
        canvas.set_width(0);
        canvas.set_height(0);
        let encoded = encoded.filter(|blob| blob.type_() == MEDIA_TYPE)?;
        Some(Scaled { bytes: bytes(&encoded).await?, width, height })
    }
}

/// One off the page where the browser has that.
fn canvas(width: u32, height: u32) -> Option<(Canvas, Context)> {
    if let Ok(offscreen) = Offscreen::new(width, height) {
        let canvas: Canvas = offscreen.unchecked_into();
        if let Ok(Some(context)) = canvas.context("2d") {
            return Some((canvas, context));
        }
    }
    let element = super::window()?.document()?.create_element("canvas").ok()?;
    let canvas: Canvas = element.unchecked_into();
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas.context("2d").ok()??;
    Some((canvas, context))
}

async fn encode(canvas: &Canvas, quality: f64) -> Option<Blob> {
    let options = Object::new();
    Reflect::set(&options, &"type".into(), &MEDIA_TYPE.into()).ok()?;
    Reflect::set(&options, &"quality".into(), &quality.into()).ok()?;
    // An element does not have this function.
    if let Ok(promise) = canvas.convert(&options) {
        return JsFuture::from(promise).await.ok()?.dyn_into().ok();
    }
    let encoding = Promise::new(&mut |done, failed| {
        if canvas.to_blob(&done, MEDIA_TYPE, quality).is_err() {
            let _ = failed.call0(&JsValue::NULL);
        }
    });
    JsFuture::from(encoding).await.ok()?.dyn_into().ok()
}

async fn bytes(blob: &Blob) -> Option<Vec<u8>> {
    let buffer = JsFuture::from(blob.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

/// An address for an `img`, until it is [revoked](revoke).
pub fn object_url(bytes: &[u8], media_type: &str) -> Option<String> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = Array::of1(&Uint8Array::from(bytes));
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}

/// The page does not show it any more.
pub fn revoke(url: &str) {
    let _ = Url::revoke_object_url(url);
}
