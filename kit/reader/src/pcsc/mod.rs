//! Real readers, over PC/SC (J16): feature `pcsc`. Without it all of this answers [`ReaderError::NotBuiltIn`].
//!
//! A session is a thread of its own that holds the connection and its transaction: it can be given up when the service
//! does not come back, and PC/SC knows no time limits of its own.

#[cfg(feature = "pcsc")]
mod errors;
#[cfg(feature = "pcsc")]
mod readers;
#[cfg(feature = "pcsc")]
mod session;

use crate::{Reader, ReaderError};
use std::time::Duration;

/// How long a reader may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For another program to let go of the card, before it is [`ReaderError::Busy`].
    pub connect: Duration,
    /// For one answer, before it is [`ReaderError::TimedOut`]. A card that makes an RSA key may take a minute.
    pub answer: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), answer: Duration::from_secs(90) }
    }
}

/// The names of the readers that are connected.
///
/// # Errors
/// [`ReaderError::NoService`], [`ReaderError::Failed`], [`ReaderError::NotBuiltIn`].
#[cfg(feature = "pcsc")]
pub fn list() -> Result<Vec<String>, ReaderError> {
    readers::list()
}

/// The reader that is meant: see [`choose`](crate::choose()).
///
/// # Errors
/// [`ReaderError::NoReader`], [`ReaderError::NoSuchReader`], [`ReaderError::Several`], and as [`list`].
#[cfg(feature = "pcsc")]
pub fn open(wanted: Option<&str>, limits: Limits) -> Result<Box<dyn Reader>, ReaderError> {
    readers::open(wanted, limits)
}

/// Waits until the connected readers are others than `known`; their names.
///
/// # Errors
/// [`ReaderError::TimedOut`], and as [`list`].
#[cfg(feature = "pcsc")]
pub fn wait_for_change(known: &[String], timeout: Duration) -> Result<Vec<String>, ReaderError> {
    readers::wait_for_change(known, timeout)
}

/// The names of the readers that are connected.
///
/// # Errors
/// [`ReaderError::NotBuiltIn`].
#[cfg(not(feature = "pcsc"))]
pub fn list() -> Result<Vec<String>, ReaderError> {
    Err(ReaderError::NotBuiltIn)
}

/// The reader that is meant: see [`choose`](crate::choose()).
///
/// # Errors
/// [`ReaderError::NotBuiltIn`].
#[cfg(not(feature = "pcsc"))]
pub fn open(_wanted: Option<&str>, _limits: Limits) -> Result<Box<dyn Reader>, ReaderError> {
    Err(ReaderError::NotBuiltIn)
}

/// Waits until the connected readers are others than `known`; their names.
///
/// # Errors
/// [`ReaderError::NotBuiltIn`].
#[cfg(not(feature = "pcsc"))]
pub fn wait_for_change(_known: &[String], _timeout: Duration) -> Result<Vec<String>, ReaderError> {
    Err(ReaderError::NotBuiltIn)
}
