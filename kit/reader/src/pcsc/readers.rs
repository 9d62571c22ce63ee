//! Which readers there are, and what is in them.

use super::{Limits, errors, session};
use crate::{Reader, ReaderError, Session, choose};
use pcsc::{Context, Error, ReaderState, Scope, State};
use std::{
    ffi::{CStr, CString},
    time::{Duration, Instant},
};

pub(super) fn context() -> Result<Context, ReaderError> {
    Context::establish(Scope::User).map_err(|e| errors::of(e, ""))
}

/// The readers, as PC/SC and as people write their names.
fn names(context: &Context) -> Result<(Vec<CString>, Vec<String>), ReaderError> {
    let names = match context.list_readers_owned() {
        Err(Error::NoReadersAvailable) => Vec::new(),
        done => done.map_err(|e| errors::of(e, ""))?,
    };
    let shown = names.iter().map(|name| name.to_string_lossy().into_owned()).collect();
    Ok((names, shown))
}

pub(super) fn list() -> Result<Vec<String>, ReaderError> {
    Ok(names(&context()?)?.1)
}

pub(super) fn open(wanted: Option<&str>, limits: Limits) -> Result<Box<dyn Reader>, ReaderError> {
    let (mut names, mut shown) = names(&context()?)?;
    let place = choose(&shown, wanted)?;
    Ok(Box::new(PcscReader { name: names.swap_remove(place), shown: shown.swap_remove(place), limits }))
}

/// The service's own word for "readers came or went" is not given by every version for what happened between a list
/// and the wait; so a wait is never longer than this before the list is made again.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

pub(super) fn wait_for_change(known: &[String], timeout: Duration) -> Result<Vec<String>, ReaderError> {
    let deadline = Instant::now() + timeout;
    let context = context()?;
    let mut readers = [ReaderState::new(pcsc::PNP_NOTIFICATION(), State::UNAWARE)];
    loop {
        let now = names(&context)?.1;
        if now != known {
            return Ok(now);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ReaderError::TimedOut);
        }
        match context.get_status_change(left.min(LOOK_AGAIN), &mut readers) {
            Ok(()) | Err(Error::Timeout) => readers[0].sync_current_state(),
            Err(e) => return Err(errors::of(e, "")),
        }
    }
}

/// Longer than from one look of pcscd at a reader to the next, 0.4 seconds.
const ONE_LOOK: Duration = Duration::from_secs(1);

/// Whether the service sees, now or at its next look, that there is no card in the reader.
pub(super) fn is_out(name: &CStr) -> bool {
    let shown = name.to_string_lossy().into_owned();
    let reader = PcscReader { name: name.to_owned(), shown, limits: Limits::default() };
    reader.wait_for_removal(ONE_LOOK).is_ok()
}

/// One reader. Each call is a context of its own: PC/SC lets only one thread wait in a context.
#[derive(Debug)]
struct PcscReader {
    name: CString,
    shown: String,
    limits: Limits,
}

impl PcscReader {
    /// Waits until the reader's state has one of `wanted`.
    fn wait(&self, timeout: Duration, wanted: State) -> Result<(), ReaderError> {
        let deadline = Instant::now() + timeout;
        let context = context()?;
        let mut states = [ReaderState::new(self.name.clone(), State::UNAWARE)];
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match context.get_status_change(left, &mut states) {
                Ok(()) => {}
                Err(e) => return Err(self.error(e)),
            }
            let state = states[0].event_state();
            if state.intersects(State::UNKNOWN | State::UNAVAILABLE | State::IGNORE) {
                return Err(self.error(Error::UnknownReader));
            }
            if state.intersects(wanted) {
                return Ok(());
            }
            states[0].sync_current_state();
        }
    }

    fn error(&self, error: Error) -> ReaderError {
        match errors::of(error, &self.shown) {
            ReaderError::NoSuchReader { wanted, .. } => {
                ReaderError::NoSuchReader { wanted, there: list().unwrap_or_default() }
            }
            other => other,
        }
    }
}

impl Reader for PcscReader {
    fn name(&self) -> &str {
        &self.shown
    }

    fn connect(&self) -> Result<Box<dyn Session>, ReaderError> {
        session::open(&self.name, &self.shown, self.limits)
    }

    fn wait_for_card(&self, timeout: Duration) -> Result<(), ReaderError> {
        self.wait(timeout, State::PRESENT)
    }

    fn wait_for_removal(&self, timeout: Duration) -> Result<(), ReaderError> {
        self.wait(timeout, State::EMPTY)
    }
}
