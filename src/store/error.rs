//! DOM exceptions as [`StoreError`]s.

use indexed_db_futures::error::{DomException, Error, OpenDbError};
use waymark_core::sync::StoreError;

/// What a DOM exception of this name means for the store.
fn by_name(name: &str, message: &str) -> StoreError {
    match name {
        "QuotaExceededError" => StoreError::Full,
        // The connection is gone: closed by the browser, by a newer version in another tab, or lost.
        "InvalidStateError" | "TransactionInactiveError" | "UnknownError" | "AbortError" => {
            StoreError::Closed
        }
        "SecurityError" => StoreError::Unavailable,
        _ => StoreError::Failed(format!("{name}: {message}")),
    }
}

pub(super) fn of_exception(exception: &web_sys::DomException) -> StoreError {
    by_name(&exception.name(), &exception.message())
}

pub(super) fn of(error: Error) -> StoreError {
    match error {
        Error::DomException(exception) => {
            let exception: &web_sys::DomException = match &exception {
                DomException::InvalidStateError(inner)
                | DomException::TransactionInactiveError(inner)
                | DomException::NotFoundError(inner)
                | DomException::ConstraintError(inner)
                | DomException::InvalidAccessError(inner)
                | DomException::DataError(inner)
                | DomException::AbortError(inner)
                | DomException::ReadOnlyError(inner)
                | DomException::DataCloneError(inner)
                | DomException::SyntaxError(inner)
                | DomException::Other(inner) => inner,
            };
            of_exception(exception)
        }
        // An aborted transaction has no exception when the browser gave none.
        Error::MissingData(_) => StoreError::Closed,
        other => StoreError::Failed(other.to_string()),
    }
}

pub(super) fn of_open(error: OpenDbError) -> StoreError {
    match error {
        OpenDbError::UnsupportedEnvironment | OpenDbError::NullFactory => StoreError::Unavailable,
        OpenDbError::VersionZero => StoreError::Failed("version zero".to_owned()),
        OpenDbError::Base(error) => of(error),
    }
}
