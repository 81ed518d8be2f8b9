//! A word to the other tabs of this app.

use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent};

const NAME: &str = "waymark";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// The store has changed.
    Changed,
    /// Something urgent was saved: whoever is sending takes its batch back.
    Urgent,
    /// Somebody signed in.
    SignedIn,
}

impl Word {
    const ALL: [Self; 3] = [Self::Changed, Self::Urgent, Self::SignedIn];

    fn code(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Urgent => "urgent",
            Self::SignedIn => "signed-in",
        }
    }
}

pub struct Channel(Option<BroadcastChannel>);

impl Channel {
    /// Calls `heard` with every word of another tab.
    pub fn open(heard: impl Fn(Word) + 'static) -> Self {
        let channel = BroadcastChannel::new(NAME).ok();
        if let Some(channel) = &channel {
            let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                let said = event.data().as_string();
                if let Some(word) = Word::ALL.into_iter().find(|word| said.as_deref() == Some(word.code())) {
                    heard(word);
                }
            });
            channel.set_onmessage(Some(heard.into_js_value().unchecked_ref()));
        }
        Self(channel)
    }

    pub fn tell(&self, word: Word) {
        if let Some(channel) = &self.0 {
            // A channel fails only when it is closed, and this one never is.
            let _ = channel.post_message(&JsValue::from_str(word.code()));
        }
    }
}
