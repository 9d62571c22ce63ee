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

impl Drop for PcscSession {
    fn drop(&mut self) {
        // The thread resets the card and lets go of it; whoever connects next must not find it busy. Answers that nobody
        // waited for may come first. A service that hangs is left alone.
        if self.asks.take().is_some() {
            while self.answers.recv_timeout(LET_GO).is_ok() {}
        }
    }
}

/// For the thread to reset the card and let go of it.
const LET_GO: Duration = Duration::from_secs(5);

/// Holds the card while it is asked; the first answer is the answer to reset.
fn hold(
    name: &CStr,
    shown: &str,
    given_up: &AtomicBool,
    to_do: &Receiver<Ask>,
    done: &mpsc::Sender<Answer>,
) -> Result<(), ReaderError> {
    let error = |e| errors::of(e, shown);
    let mut connection = Connection::new(name, shown)?;
    let mut held = begin(connection.card()).map_err(error)?;
    let (first, mut is_t0) = about(&held).map_err(error)?;
    if given_up.load(Ordering::SeqCst) || done.send(Ok(first)).is_err() {
        return Ok(());
    }
    let mut buffer = Zeroizing::new(vec![0; pcsc::MAX_BUFFER_SIZE_EXTENDED]);
    let mut is_gone = false;
    for ask in to_do {
        let answer = match ask {
            Ask::Transmit(command) => transmit(&held, is_t0, &command, &mut buffer, shown),
            Ask::Reset => again(&mut held, Disposition::ResetCard).map_err(error).map(|(atr, t0)| {
                is_t0 = t0;
                atr
            }),
        };
        if answer == Err(ReaderError::Reset) {
            // The card is as new; from here on it can be spoken to again, and the caller knows.
            is_t0 = again(&mut held, Disposition::LeaveCard).map_err(error)?.1;
        }
        is_gone = answer == Err(ReaderError::Taken);
        if done.send(answer).is_err() {
            break;
        }
    }
    // What was verified must serve nobody else. But a card that is gone has forgotten by itself, and by a reset that
    // fails pcscd would take it for gone before its own look at the reader: the next card, if it came in before that
    // look, it would never see.
    if !(is_gone && readers::is_out(name)) {
        let _ = held.end(Disposition::ResetCard);
    }
    Ok(())
}

/// A connection that ends without a reset: that is for the end of a transaction. Who never got one, and gave up, must
/// not reset the card of whoever has it.
struct Connection(Option<Card>);

impl Connection {
    fn new(name: &CStr, shown: &str) -> Result<Self, ReaderError> {
        let connected = readers::context()?.connect(name, ShareMode::Shared, Protocols::ANY);
        let card = connected.map_err(|e| match e {
            // Taken out before anything began.
            Error::RemovedCard => ReaderError::NoCard(shown.to_owned()),
            e => errors::of(e, shown),
        })?;
        Ok(Self(Some(card)))
    }

    fn card(&mut self) -> &mut Card {
        self.0.as_mut().expect("only the end takes the card out")
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(card) = self.0.take() {
            // It fails only when there is no connection any more.
            let _ = card.disconnect(Disposition::LeaveCard);
        }
    }
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

/// The answer to reset, and whether the protocol is T=0.
fn about(card: &Card) -> Result<(Vec<u8>, bool), Error> {
    let status = card.status2_owned()?;
    Ok((status.atr().to_vec(), status.protocol2() == Some(Protocol::T0)))
}

/// Connects again within the transaction.
fn again(held: &mut Transaction<'_>, card: Disposition) -> Result<(Vec<u8>, bool), Error> {
    held.reconnect(ShareMode::Shared, Protocols::ANY, card)?;
    about(held)
}

fn transmit(card: &Card, is_t0: bool, command: &[u8], buffer: &mut [u8], shown: &str) -> Answer {
    let mut send = |octets: &[u8]| match card.transmit(octets, buffer) {
        // Drivers give nothing at all for a card that went.
        Ok([]) => Err(ReaderError::Taken),
        Ok([_]) => Err(ReaderError::Malformed("no status word")),
        Ok(answer) => Ok(answer.to_vec()),
        Err(e) => Err(of_transmission(e, shown)),
    };
    if is_t0 { t0::exchange(command, send) } else { send(command) }
}

/// What a command met. A card that is pulled in mid-command, or fell silent, is to the driver a transmission that
/// failed; the service tells of its removal only when it looks the next time.
fn of_transmission(error: Error, shown: &str) -> ReaderError {
    match error {
        Error::NotTransacted
        | Error::NoSmartcard
        | Error::CommError
        | Error::CommDataLost
        | Error::UnresponsiveCard
        | Error::UnpoweredCard => ReaderError::Taken,
        other => errors::of(other, shown),
    }
}
