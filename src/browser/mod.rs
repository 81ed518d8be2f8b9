//! The browser: what only web-sys can do, behind plain functions.

mod body;
pub mod camera;
pub mod channel;
pub mod clipboard;
pub mod clock;
pub mod download;
pub mod events;
pub mod files;
pub mod geolocation;
pub mod http;
pub mod image;
pub mod locks;
pub mod network;
pub mod notify;
pub mod pack;
pub mod preferences;
pub mod press;
pub mod print;
pub mod service_worker;
pub mod share;
pub mod sound;
pub mod storage;
pub mod stream;
pub mod wake_lock;

/// The window. There always is one: this code runs in a page.
fn window() -> Option<web_sys::Window> {
    web_sys::window()
}
