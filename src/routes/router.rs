//! The address of the page: links within the app change it without loading the page again.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Element, HtmlAnchorElement};

/// What stands in the address bar.
#[derive(Clone, Copy)]
pub struct Router {
    path: RwSignal<String>,
    fragment: RwSignal<String>,
}

impl Router {
    /// To be called once, above all screens.
    pub fn provide() -> Self {
        let router = Self { path: RwSignal::new(pathname()), fragment: RwSignal::new(fragment()) };
        provide_context(router);
        let _ = window_event_listener(ev::popstate, move |_| router.read());
        let _ = window_event_listener(ev::click, move |event| router.follow(&event));
        router
    }

    pub fn get() -> Self {
        expect_context()
    }

    /// The path, such as `/records/0192…`; tracks.
    pub fn path(self) -> String {
        self.path.get()
    }

    /// What stands behind `base` and a slash; tracks.
    pub fn below(self, base: &str) -> Option<String> {
        self.path.with(|path| {
            let rest = path.strip_prefix(base)?.strip_prefix('/')?.trim_end_matches('/');
            (!rest.is_empty()).then(|| rest.to_owned())
        })
    }

    /// What stands behind `#`; tracks.
    pub fn fragment(self) -> String {
        self.fragment.get()
    }

    /// Whether the address of now asks for something, as `/?emergency=1` does.
    pub fn asks_for(name: &str) -> bool {
        let query = window().location().search().unwrap_or_default();
        query.trim_start_matches('?').split('&').any(|field| field.split('=').next() == Some(name))
    }

    /// The value that the address of now gives to a name, as `/check-in?movement=0192…` does.
    pub fn asked(name: &str) -> Option<String> {
        let query = window().location().search().unwrap_or_default();
        let mut fields = query.trim_start_matches('?').split('&').filter_map(|field| field.split_once('='));
        fields.find_map(|(field, value)| (field == name).then(|| value.to_owned()))
    }

    /// Goes to another screen.
    pub fn go(self, to: &str) {
        self.change(|history| history.push_state_with_url(&JsValue::NULL, "", Some(to)));
    }

    /// Goes to another screen; the way back does not lead here.
    pub fn replace(self, to: &str) {
        self.change(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(to)));
    }

    fn read(self) {
        self.path.set(pathname());
        self.fragment.set(fragment());
    }

    fn change(self, how: impl FnOnce(&web_sys::History) -> Result<(), JsValue>) {
        let window = window();
        // A browser refuses only after hundreds of changes in a row; then the screen stays.
        if window.history().and_then(|history| how(&history)).is_ok() {
            self.read();
            window.scroll_to_with_x_and_y(0.0, 0.0);
        }
    }

    /// Takes a click on a link of this app, unless the person or the link means the browser to have it.
    fn follow(self, event: &ev::MouseEvent) {
        let meant_for_browser = event.default_prevented()
            || event.button() != 0
            || event.meta_key()
            || event.ctrl_key()
            || event.shift_key()
            || event.alt_key();
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = target.and_then(|target| target.closest("a[href]").ok().flatten());
        let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) else { return };
        let elsewhere = !link.target().is_empty()
            || link.has_attribute("download")
            || window().location().origin().ok() != Some(link.origin());
        // Places on the same page, such as `#main`.
        let here = !link.hash().is_empty() && link.pathname() == pathname();
        if !meant_for_browser && !elsewhere && !here {
            event.prevent_default();
            self.go(&link.href());
        }
    }
}

fn fragment() -> String {
    window().location().hash().unwrap_or_default().trim_start_matches('#').to_owned()
}

fn pathname() -> String {
    window().location().pathname().unwrap_or_default()
}
