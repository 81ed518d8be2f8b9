//! What a connection test found, and what to do about it.

use leptos::prelude::*;
use waymark_core::backend::connection::Connection;

use crate::i18n::I18n;
use crate::reactive::derive;
use crate::say;
use crate::ui::{Banner, IconData, Tone, lu};

/// `ours` is whether it was asked of a server of ours, `copy` whether of a place that is not the home: what it lacks goes
/// there later, and what the base knows does not wait for it.
pub fn connection_found(i18n: I18n, found: &Connection, ours: bool, copy: bool) -> AnyView {
    let (icon, tone) = face(found);
    let (of_title, of_text) = (found.clone(), found.clone());
    let title = derive(move || title(i18n, &of_title, ours));
    let text = derive(move || advice(i18n, &of_text, ours, copy));
    view! { <div data-found=found.code()><Banner tone icon title text /></div> }.into_any()
}

fn face(found: &Connection) -> (IconData, Tone) {
    match found {
        Connection::Fine { .. } => (lu::LuCircleCheckBig, Tone::Accent),
        Connection::Offline | Connection::Unreachable => (lu::LuWifiOff, Tone::Warn),
        Connection::CaptivePortal => (lu::LuDoorOpen, Tone::Warn),
        Connection::SignIn => (lu::LuKeyRound, Tone::Danger),
        Connection::Cors => (lu::LuShieldAlert, Tone::Danger),
        Connection::NotFound | Connection::Schema => (lu::LuSearchX, Tone::Danger),
        Connection::ServerError(_) => (lu::LuServerCrash, Tone::Danger),
    }
}

fn title(i18n: I18n, found: &Connection, ours: bool) -> String {
    match found {
        Connection::Fine { .. } => say!(i18n, settings.fine),
        Connection::Offline => say!(i18n, settings.offline),
        Connection::Unreachable if ours => say!(i18n, settings.unreachable),
        Connection::Unreachable => say!(i18n, backends.copy_unreachable),
        Connection::CaptivePortal => say!(i18n, settings.portal),
        Connection::SignIn if ours => say!(i18n, settings.signin),
        Connection::SignIn => say!(i18n, backends.signin_found),
        Connection::Cors => say!(i18n, settings.cors),
        Connection::NotFound => say!(i18n, settings.not_found),
        Connection::Schema => say!(i18n, settings.schema),
        Connection::ServerError(status) => {
            let status = *status;
            if !ours {
                return say!(i18n, backends.copy_server, status = status);
            }
            say!(i18n, settings.server, status = status)
        }
    }
}

fn advice(i18n: I18n, found: &Connection, ours: bool, copy: bool) -> String {
    match found {
        Connection::Fine { .. } if ours => say!(i18n, settings.fine_text),
        Connection::Fine { .. } => say!(i18n, backends.fine_text),
        Connection::Offline if copy => say!(i18n, backends.copy_offline_text),
        Connection::Offline => say!(i18n, settings.offline_text),
        Connection::Unreachable if copy => say!(i18n, backends.copy_unreachable_text),
        Connection::Unreachable => say!(i18n, settings.unreachable_text),
        Connection::CaptivePortal if copy => say!(i18n, backends.copy_portal_text),
        Connection::CaptivePortal => say!(i18n, settings.portal_text),
        Connection::SignIn if ours => say!(i18n, settings.signin_text),
        Connection::SignIn => say!(i18n, backends.signin_text),
        Connection::Cors => say!(i18n, settings.cors_text),
        Connection::NotFound => say!(i18n, settings.not_found_text),
        Connection::Schema => say!(i18n, settings.schema_text),
        Connection::ServerError(_) if copy => say!(i18n, backends.copy_server_text),
        Connection::ServerError(_) => say!(i18n, settings.server_text),
    }
}
