//! Reading the protection guidance, once a screen asks for it.

use leptos::prelude::*;
use serde_json::Value;
use waymark_core::guidance::{Bundle, Library};
use waymark_core::json::Json as _;

use crate::browser::{clock, pack};
use crate::state::AppState;

/// Between two tries of getting what the app brings, in milliseconds; the first visit may lose its network.
const AGAIN_MS: u32 = 5_000;

/// Reads what is at hand, unless that was done or is being done.
pub async fn open_guidance(app: AppState) {
    if app.guidance.begin() {
        loop {
            match built_in().await {
                Some(bundle) => {
                    let Bundle { manifest, pack } = bundle;
                    app.guidance.put(Library::new(pack, None));
                    app.guidance.standing.update(|standing| {
                        standing.built_in = Some(manifest);
                        standing.failed = false;
                    });
                    return;
                }
                None => app.guidance.standing.update(|standing| standing.failed = true),
            }
            clock::sleep(AGAIN_MS).await;
        }
    }
}

async fn built_in() -> Option<Bundle> {
    let text = pack::built_in().await?;
    let json: Value = serde_json::from_str(&text).ok()?;
    Bundle::from_value(&json).ok()
}
