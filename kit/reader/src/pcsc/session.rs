//! One card in a real reader: a thread that holds the connection and its transaction.

use super::{Limits, errors, readers};
use crate::{ReaderError, Session, t0};
use core_card::Transmit;
use pcsc::{Card, Disposition, Error, Protocol, Protocols, ShareMode, Transaction};
use std::{
    ffi::CStr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver, RecvTimeoutError, SyncSender},
    },
    thread,
    time::Duration,
};
use zeroize::Zeroizing;

/// What the thread is asked to do. Commands may carry PINs.
enum Ask {
    Transmit(Zeroizing<Vec<u8>>),
    Reset,
}

/// What it answers: the card's answer, or after a reset its answer to reset.
type Answer = Result<Vec<u8>, ReaderError>;

struct PcscSession {
    reader: String,
    atr: Vec<u8>,
    asks: Option<SyncSender<Ask>>,
    answers: Receiver<Answer>,
    limit: Duration,
}

/// Connects to the card in the reader `name`, and begins a transaction.
pub(super) fn open(name: &CStr, shown: &str, limits: Limits) -> Result<Box<dyn Session>, ReaderError> {
    let (asks, to_do) = mpsc::sync_channel(1);
    let (done, answers) = mpsc::channel();
    let given_up = Arc::new(AtomicBool::new(false));
    let (name, reader) = (name.to_owned(), shown.to_owned());
    let thread_gives_up = Arc::clone(&given_up);
    let work = move || {
        let held = hold(&name, &reader, &thread_gives_up, &to_do, &done);
        if let Err(e) = held {
            // Who asked may have given up.
            let _ = done.send(Err(e));
        }
    };
    // Not joined: it may be stuck in the service. It ends when the service comes back to it.
    thread::Builder::new().name("pcsc".into()).spawn(work).map_err(|e| ReaderError::Failed(e.to_string()))?;
    let atr = match answers.recv_timeout(limits.connect) {
        Ok(first) => first?,
        Err(_) => {
            given_up.store(true, Ordering::SeqCst);
            return Err(ReaderError::Busy(shown.to_owned()));
        }
    };
    Ok(Box::new(PcscSession {
        reader: shown.to_owned(),
        atr,
        asks: Some(asks),
        answers,
        limit: limits.answer,
    }))
}

impl std::fmt::Debug for PcscSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PcscSession").field("reader", &self.reader).finish_non_exhaustive()
    }
}

impl PcscSession {
    fn ask(&mut self, ask: Ask) -> Answer {
        let asks = self.asks.as_ref().ok_or(ReaderError::Taken)?;
        let answer = match asks.send(ask) {
            Err(_) => Err(ReaderError::Taken),
            Ok(()) => self.answers.recv_timeout(self.limit).unwrap_or_else(|e| match e {
                RecvTimeoutError::Timeout => Err(ReaderError::TimedOut),
                RecvTimeoutError::Disconnected => Err(ReaderError::Taken),
            }),
        };
        if matches!(
            answer,
            Err(ReaderError::TimedOut
                | ReaderError::Taken
                | ReaderError::NoService
                | ReaderError::NoSuchReader { .. })
        ) {
            // A late answer must not be taken for that to another command.
            self.asks = None;
        }
        answer
    }
}

impl Transmit for PcscSession {
    type Error = ReaderError;

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, ReaderError> {
        self.ask(Ask::Transmit(Zeroizing::new(command.to_vec())))
    }
}

impl Session for PcscSession {
    fn atr(&self) -> &[u8] {
        &self.atr
    }

    fn reset(&mut self) -> Result<(), ReaderError> {
        self.atr = self.ask(Ask::Reset)?;
        Ok(())
    }
}

/// Holds the card while it is asked; the first answer is the answer to reset.
fn hold(
    name: &CStr,
    shown: &str,
    given_up: &AtomicBool,
    to_do: &Receiver<Ask>,
    done: &mpsc::Sender<Answer>,
) -> Result<(), ReaderError> {
    let error = |e| errors::of(e, shown);
    let mut card = connect(name, shown)?;
    let mut held = begin(&mut card).map_err(error)?;
    if given_up.load(Ordering::SeqCst) || done.send(Ok(atr(&held).map_err(error)?)).is_err() {
        return Ok(());
    }
    let mut buffer = Zeroizing::new(vec![0; pcsc::MAX_BUFFER_SIZE_EXTENDED]);
    for ask in to_do {
        let answer = match ask {
            Ask::Transmit(command) => transmit(&held, &command, &mut buffer, shown),
            Ask::Reset => held
                .reconnect(ShareMode::Shared, Protocols::ANY, Disposition::ResetCard)
                .and_then(|()| atr(&held))
                .map_err(error),
        };
        if answer == Err(ReaderError::Reset) {
            // The card is as new; from here on it can be spoken to again, and the caller knows.
            let again = held.reconnect(ShareMode::Shared, Protocols::ANY, Disposition::LeaveCard);
            if let Err(e) = again {
                return Err(error(e));
            }
        }
        if done.send(answer).is_err() {
            break;
        }
    }
    // What was verified must serve nobody else. The card may be gone, and then it has forgotten by itself.
    let _ = held.end(Disposition::ResetCard);
    Ok(())
}

fn connect(name: &CStr, shown: &str) -> Result<Card, ReaderError> {
    let connected = readers::context()?.connect(name, ShareMode::Shared, Protocols::ANY);
    connected.map_err(|e| match e {
        // Taken out before anything began.
        Error::RemovedCard => ReaderError::NoCard(shown.to_owned()),
        e => errors::of(e, shown),
    })
}

/// Begins a transaction; waits while another program has one.
fn begin(card: &mut Card) -> Result<Transaction<'_>, Error> {
    match card.transaction2() {
        Ok(held) => Ok(held),
        Err((card, Error::ResetCard)) => {
            // Reset since we connected: nothing was agreed yet, so nothing is lost.
            card.reconnect(ShareMode::Shared, Protocols::ANY, Disposition::LeaveCard)?;
            card.transaction()
        }
        Err((_, e)) => Err(e),
    }
}

fn atr(card: &Card) -> Result<Vec<u8>, Error> {
    Ok(card.status2_owned()?.atr().to_vec())
}

fn transmit(card: &Card, command: &[u8], buffer: &mut [u8], shown: &str) -> Answer {
    let is_t0 = matches!(card.status2_owned().map(|status| status.protocol2()), Ok(Some(Protocol::T0)));
    let mut send = |octets: &[u8]| match card.transmit(octets, buffer) {
        Ok(answer) if answer.len() < 2 => Err(ReaderError::Malformed("no status word")),
        Ok(answer) => Ok(answer.to_vec()),
        Err(e) => Err(gone_or(card, e, shown)),
    };
    if is_t0 { t0::exchange(command, send) } else { send(command) }
}

/// A reader whose card is pulled in mid-command often says only that something failed. Whether the card is still there
/// says the service, a moment later or now.
fn gone_or(card: &Card, error: Error, shown: &str) -> ReaderError {
    let is_there = card.status2_owned();
    match (errors::of(error, shown), is_there) {
        (ReaderError::Failed(_), Err(Error::RemovedCard | Error::NoSmartcard)) => ReaderError::Taken,
        (ReaderError::NoCard(_), _) => ReaderError::Taken,
        (other, _) => other,
    }
}
