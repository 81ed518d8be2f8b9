//! A word to the other tabs of this app: the store has changed.

use wasm_bindgen::JsValue;
use web_sys::BroadcastChannel;

const NAME: &str = "waymark";

pub struct Channel(Option<BroadcastChannel>);

impl Channel {
    /// Calls `changed` whenever another tab says that it has changed the store.
    pub fn open(changed: impl FnMut() + 'static) -> Self {
        let channel = BroadcastChannel::new(NAME).ok();
        if let Some(channel) = &channel {
            super::events::listen(channel, "message", changed);
        }
        Self(channel)
    }

    pub fn tell(&self) {
        if let Some(channel) = &self.0 {
            let _ = channel.post_message(&JsValue::from_str("changed"));
        }
    }
}
