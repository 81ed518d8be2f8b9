use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use waymark_core::event::Stamp;
use web_sys::{Geolocation, Position, PositionError, PositionOptions};

/// Whether a position can be attached to what is saved now.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum FixState {
    /// Nobody has been asked.
    #[default]
    Off,
    /// The person or the browser said no.
    Denied,
    /// No receiver, or it does not answer.
    Unavailable,
    Searching,
    Fixed {
        lat: f64,
        lon: f64,
        /// Metres.
        accuracy: f64,
        at: Stamp,
    },
}

/// Whether the person has allowed it before, so that following does not ask.
pub async fn is_allowed() -> bool {
    permission().await.as_deref() == Some("granted")
}

async fn permission() -> Option<String> {
    let permissions = super::window()?.navigator().permissions().ok()?;
    let name = Object::new();
    Reflect::set(&name, &"name".into(), &"geolocation".into()).ok()?;
    let status = JsFuture::from(permissions.query(&name).ok()?).await.ok()?;
    Reflect::get(&status, &"state".into()).ok()?.as_string()
}

/// Follows the position until dropped.
pub struct Watch {
    geolocation: Geolocation,
    id: i32,
    _found: Closure<dyn FnMut(Position)>,
    _failed: Closure<dyn FnMut(PositionError)>,
}

impl Watch {
    /// Tells `then` about every fix and failure; asks the person if need be. `None` where there is no geolocation.
    pub fn begin(then: impl Fn(FixState) + Clone + 'static) -> Option<Self> {
        let geolocation = super::window()?.navigator().geolocation().ok()?;
        let failed = then.clone();
        let found = Closure::<dyn FnMut(Position)>::new(move |position| then(fix(&position)));
        let failed = Closure::<dyn FnMut(PositionError)>::new(move |error: PositionError| {
            match error.code() {
                PositionError::PERMISSION_DENIED => failed(FixState::Denied),
                PositionError::POSITION_UNAVAILABLE => failed(FixState::Unavailable),
                // A time-out only means that there is no fix yet.
                _ => {}
            }
        });
        let options = PositionOptions::new();
        options.set_enable_high_accuracy(true);
        options.set_maximum_age(60_000);
        options.set_timeout(30_000);
        let id = geolocation
            .watch_position_with_error_callback_and_options(
                found.as_ref().unchecked_ref(),
                Some(failed.as_ref().unchecked_ref()),
                &options,
            )
            .ok()?;
        Some(Self { geolocation, id, _found: found, _failed: failed })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.geolocation.clear_watch(self.id);
    }
}

fn fix(position: &Position) -> FixState {
    let coords = position.coords();
    #[allow(clippy::cast_possible_truncation)] // milliseconds since 1970
    let at = Stamp(position.timestamp() as i64);
    FixState::Fixed { lat: coords.latitude(), lon: coords.longitude(), accuracy: coords.accuracy(), at }
}
