//! What PC/SC says, in our words.

use crate::ReaderError;
use pcsc::Error;

/// `error`, met at the reader `name`.
pub(super) fn of(error: Error, name: &str) -> ReaderError {
    match error {
        Error::NoService | Error::ServiceStopped | Error::Shutdown | Error::SecurityViolation => {
            ReaderError::NoService
        }
        Error::NoReadersAvailable => ReaderError::NoReader,
        Error::UnknownReader | Error::ReaderUnavailable => {
            ReaderError::NoSuchReader { wanted: name.to_owned(), there: Vec::new() }
        }
        Error::NoSmartcard => ReaderError::NoCard(name.to_owned()),
        Error::RemovedCard | Error::InvalidHandle => ReaderError::Taken,
        Error::ResetCard => ReaderError::Reset,
        Error::SharingViolation => ReaderError::Busy(name.to_owned()),
        Error::Timeout | Error::WaitedTooLong => ReaderError::TimedOut,
        Error::InsufficientBuffer => ReaderError::Malformed("longer than any answer"),
        other => ReaderError::Failed(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn j16_what_pcsc_says_has_a_code_of_ours() {
        let code = |error| of(error, "r").refusal().code;
        assert_eq!(code(Error::NoService), "reader.no_service");
        assert_eq!(code(Error::NoReadersAvailable), "reader.none");
        assert_eq!(code(Error::UnknownReader), "reader.unknown");
        assert_eq!(code(Error::NoSmartcard), "reader.no_card");
        assert_eq!(code(Error::RemovedCard), "reader.card_taken");
        assert_eq!(code(Error::ResetCard), "reader.card_reset");
        assert_eq!(code(Error::SharingViolation), "reader.busy");
        assert_eq!(code(Error::Timeout), "reader.timed_out");
        assert_eq!(code(Error::CommError), "reader.failed");
    }
}
