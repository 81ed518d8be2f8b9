use leptos::prelude::*;

use crate::browser::service_worker;
use crate::state::AppState;

/// Lets the newer release take over and loads it, unless a form is open: then it waits for the form.
pub fn accept_update(app: AppState) {
    if app.device.open_forms.get_untracked() == 0 {
        service_worker::activate();
    }
}

/// Holds updates back while the calling form is shown.
pub fn hold_update(app: AppState) {
    app.device.open_forms.update(|forms| *forms += 1);
    on_cleanup(move || app.device.open_forms.update(|forms| *forms = forms.saturating_sub(1)));
}
