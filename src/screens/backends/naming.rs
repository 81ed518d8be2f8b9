use waymark_core::sync::{BackendKind, Destination, Trouble};

use crate::i18n::I18n;
use crate::say;
use crate::ui::{IconData, lu};

/// What its makers call it.
pub fn kind(i18n: I18n, kind: BackendKind) -> String {
    match kind {
        BackendKind::Reference => say!(i18n, backends.own_server),
        BackendKind::CouchDb => "CouchDB".to_owned(),
        BackendKind::Postgrest => "Supabase, PostgREST".to_owned(),
        BackendKind::OpenRosa => "ODK Central, Kobo".to_owned(),
        BackendKind::WebDav => "Nextcloud, WebDAV".to_owned(),
        BackendKind::S3 => "S3".to_owned(),
        BackendKind::Webhook => "Webhook".to_owned(),
    }
}

pub fn icon(kind: BackendKind) -> IconData {
    match kind {
        BackendKind::Reference => lu::LuServer,
        BackendKind::CouchDb | BackendKind::Postgrest => lu::LuDatabase,
        BackendKind::OpenRosa => lu::LuClipboardList,
        BackendKind::WebDav => lu::LuFolder,
        BackendKind::S3 => lu::LuArchive,
        BackendKind::Webhook => lu::LuWebhook,
    }
}

/// As its organisation calls it, or else what it is.
pub fn name(i18n: I18n, destination: &Destination) -> String {
    if destination.name.is_empty() { kind(i18n, destination.kind) } else { destination.name.clone() }
}

/// What to expect of a backend: what it does, and then what it cannot.
pub fn abilities(i18n: I18n, kind: BackendKind, is_home: bool) -> Vec<(bool, String)> {
    let can = kind.capabilities();
    let mut lines = vec![];
    if is_home || !can.feed {
        let text = if can.feed { say!(i18n, backends.feed) } else { say!(i18n, backends.no_feed) };
        lines.push((can.feed, text));
    }
    let text = if can.verified { say!(i18n, backends.verified) } else { say!(i18n, backends.unverified) };
    lines.push((can.verified, text));
    let text = if can.keeps_apart { say!(i18n, backends.apart) } else { say!(i18n, backends.open) };
    lines.push((can.keeps_apart, text));
    if kind == BackendKind::OpenRosa {
        lines.push((false, say!(i18n, backends.no_pages)));
    }
    if is_home && !can.photos {
        lines.push((false, say!(i18n, backends.no_photos)));
    }
    lines
}

/// Why nothing goes there, as far as it is known.
pub fn trouble(i18n: I18n, trouble: &Trouble) -> String {
    match trouble {
        Trouble::Unreachable | Trouble::TimedOut => say!(i18n, backends.unreachable),
        Trouble::NotTheBackend | Trouble::TooLarge => say!(i18n, backends.strange),
        Trouble::SignIn => say!(i18n, backends.signin),
        Trouble::Busy => say!(i18n, backends.busy),
        Trouble::Backend(status) => {
            let status = *status;
            say!(i18n, backends.fault, status = status)
        }
        Trouble::Storage => say!(i18n, backends.storage),
    }
}
