//! A sound that calls for somebody. Browsers let a page sound only after somebody has touched it.

use std::cell::RefCell;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AudioContext, AudioContextState, OscillatorType};

thread_local! {
    static CONTEXT: RefCell<Option<AudioContext>> = const { RefCell::new(None) };
}

/// To be called from a tap: from then on this page may sound.
pub fn unlock() {
    CONTEXT.with_borrow_mut(|context| {
        if context.is_none() {
            *context = AudioContext::new().ok();
        }
        // A context that may not sound stays suspended; `can_sound` tells.
        let _ = context.as_ref().map(AudioContext::resume);
    });
}

/// Whether the browser lets this page sound now.
pub fn can_sound() -> bool {
    CONTEXT.with_borrow(|context| {
        context.as_ref().is_some_and(|context| context.state() == AudioContextState::Running)
    })
}

/// Three rising tones.
pub fn beep() {
    unlock();
    CONTEXT.with_borrow(|context| {
        for (at, pitch) in [(0.0, 660.0), (0.25, 880.0), (0.5, 1175.0)] {
            let _ = context.as_ref().map(|context| tone(context, at, pitch));
        }
    });
}

fn tone(context: &AudioContext, after: f64, pitch: f32) -> Result<(), JsValue> {
    let start = context.current_time() + after;
    let (oscillator, gain) = (context.create_oscillator()?, context.create_gain()?);
    oscillator.set_type(OscillatorType::Triangle);
    oscillator.frequency().set_value(pitch);
    gain.gain().set_value_at_time(0.6, start)?;
    // Faded out, so that it does not click.
    gain.gain().linear_ramp_to_value_at_time(0.0, start + 0.22)?;
    oscillator.connect_with_audio_node(&gain)?;
    gain.connect_with_audio_node(&context.destination())?;
    oscillator.start_with_when(start)?;
    oscillator.stop_with_when(start + 0.25)
}

/// Shakes the device, where it can and the person has touched the page.
pub fn shake() {
    let Some(window) = super::window() else { return };
    let navigator = window.navigator();
    let Ok(vibrate) = js_sys::Reflect::get(&navigator, &"vibrate".into()) else { return };
    if let Some(vibrate) = vibrate.dyn_ref::<js_sys::Function>() {
        let _ = vibrate.call1(&navigator, &400.into());
    }
}
