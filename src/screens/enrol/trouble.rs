use waymark_core::backend::reference::EnrolProblem;
use waymark_core::sync::SetupError;

use crate::actions::EnrolError;
use crate::i18n::{I18n, intl};
use crate::say;
use crate::screens::parts::words::store_error;
use crate::ui::time;

/// Why joining did not work, and what to do.
pub fn words(i18n: I18n, error: &EnrolError) -> String {
    match error {
        EnrolError::Backend(EnrolProblem::Code) => say!(i18n, enrol.wrong),
        EnrolError::Backend(EnrolProblem::TooMany(ms)) => {
            say!(i18n, enrol.many, wait = time::span(intl(i18n), (*ms).max(60_000)))
        }
        EnrolError::Backend(EnrolProblem::Unreachable) => say!(i18n, enrol.offline),
        EnrolError::Backend(EnrolProblem::NotTheBackend) => say!(i18n, enrol.portal),
        EnrolError::Backend(EnrolProblem::Backend(_)) => say!(i18n, enrol.server),
        EnrolError::OtherOrganisation { unsent } => {
            let unsent = *unsent;
            say!(i18n, enrol.other_org, count = unsent)
        }
        EnrolError::Setup(SetupError::Damaged | SetupError::Other) => say!(i18n, enrol.setup_damaged),
        EnrolError::NoCode => say!(i18n, enrol.no_code),
        EnrolError::Setup(SetupError::Unknown) => say!(i18n, enrol.setup_unknown),
        EnrolError::Setup(SetupError::Unsafe) => say!(i18n, backends.unsafe_address),
        EnrolError::OtherDevice { unsent } => {
            let unsent = *unsent;
            say!(i18n, enrol.other_device, count = unsent)
        }
        EnrolError::Token => say!(i18n, enrol.token_empty),
        EnrolError::Store(error) => store_error(i18n, error),
    }
}
