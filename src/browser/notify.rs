//! Notifications of this page. What they say is for the caller to keep neutral: they show on locked screens.

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationOptions, NotificationPermission};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Permission {
    /// This browser has none, or not for this page.
    #[default]
    Absent,
    NotAsked,
    Denied,
    Granted,
}

pub fn permission() -> Permission {
    let there = super::window()
        .and_then(|window| Reflect::get(&window, &"Notification".into()).ok())
        .is_some_and(|class| class.is_function());
    if !there {
        return Permission::Absent;
    }
    match Notification::permission() {
        NotificationPermission::Granted => Permission::Granted,
        NotificationPermission::Denied => Permission::Denied,
        _ => Permission::NotAsked,
    }
}

/// Asks the person; to be called from a tap.
pub async fn ask() -> Permission {
    if permission() == Permission::NotAsked
        && let Ok(asked) = Notification::request_permission()
    {
        let _ = JsFuture::from(asked).await;
    }
    permission()
}

/// Shows one notification in place of the last. Does nothing without permission.
pub async fn show(title: &str, leads_to: &str) {
    if permission() != Permission::Granted {
        return;
    }
    let options = NotificationOptions::new();
    options.set_tag("waymark");
    // A second one is as worth hearing as the first.
    options.set_renotify(true);
    options.set_icon("/icons/icon-192.png");
    options.set_data(&leads_to.into());
    // On a desktop a page shows it; on a phone only its worker may.
    if Notification::new_with_options(title, &options).is_err() {
        let _ = show_by_worker(title, &options).await;
    }
}

async fn show_by_worker(title: &str, options: &NotificationOptions) -> Result<(), JsValue> {
    let navigator = super::window().ok_or(JsValue::NULL)?.navigator();
    let ready = JsFuture::from(navigator.service_worker().ready()?).await?;
    let registration: web_sys::ServiceWorkerRegistration = wasm_bindgen::JsCast::unchecked_into(ready);
    JsFuture::from(registration.show_notification_with_options(title, options)?).await?;
    Ok(())
}
