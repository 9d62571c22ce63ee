//! A virtual card in a reader of the whole machine: `vpcd`, the driver of vsmartcard that pcscd loads (J16).
//!
//! The driver listens, the card connects; a connection is a card in the slot. A thread holds the connection, makes it
//! anew when pcscd was away, and hands commands to the chip:
//!
//! ```text
//! apart ──→ connected ──→ seen (the driver has asked for the ATR)
//!   ↑            │           │  pcscd ended, or the chip fell silent
//!   └────────────┴───────────┘
//! ```

mod frame;
mod serve;

use core_card::Chip;
use serve::Exit;
use std::{
    io,
    net::{Shutdown, SocketAddr, TcpStream},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

/// Where vpcd waits for the card of its first reader, `Virtual PCD 00 00`, unless `reader.conf.d` says otherwise; the
/// second reader is one further.
pub const FIRST_PORT: u16 = 35_963;

/// How long to wait for what.
#[derive(Clone, Copy, Debug)]
pub struct Pauses {
    /// Before the card is put in for the first time. pcscd looks at its readers every 0.4 seconds: a card that another
    /// process has pulled out of the same slot a moment ago must have been missed, lest pcscd take this one for that
    /// one and never tell anybody. Nothing, where the caller knows that the slot was seen empty.
    pub before: Duration,
    /// Between two tries to reach pcscd.
    pub retry: Duration,
    /// For how long a card that fell silent is out of the slot: pcscd must see that, for the card has forgotten
    /// everything.
    pub away: Duration,
    /// For the driver to take the octets of an answer in; after that the connection counts as lost.
    pub write: Duration,
}

impl Default for Pauses {
    fn default() -> Self {
        Self {
            before: Duration::from_millis(600),
            retry: Duration::from_millis(200),
            away: Duration::from_secs(1),
            write: Duration::from_secs(10),
        }
    }
}

/// Where the card is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// pcscd is not there, or the card is out for a moment.
    Apart,
    /// In the slot; the driver has not looked yet.
    Connected,
    /// In the slot, and the driver knows.
    Seen,
}

/// A chip in a reader of vpcd. Dropped, it is taken out.
#[derive(Debug)]
pub struct Plugged {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<Box<dyn Chip>>>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    stopped: bool,
    place: Place,
    /// The connection, for shutting it down from another thread.
    connection: Option<TcpStream>,
}

/// Puts `chip` into the reader that waits at `driver`, now or as soon as there is one.
///
/// # Errors
/// When the thread cannot be started.
pub fn plug(chip: Box<dyn Chip>, driver: SocketAddr, pauses: Pauses) -> io::Result<Plugged> {
    let state = State { stopped: false, place: Place::Apart, connection: None };
    let shared = Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new() });
    let for_thread = Arc::clone(&shared);
    let run = move || for_thread.run(chip, driver, pauses);
    let thread = thread::Builder::new().name("vpcd".into()).spawn(run)?;
    Ok(Plugged { shared, thread: Some(thread) })
}

impl Plugged {
    /// Where the card is now.
    pub fn place(&self) -> Place {
        self.shared.lock().place
    }

    /// Waits until the card is at least at `place`, or `timeout` is over; whether it is.
    pub fn wait_until(&self, place: Place, timeout: Duration) -> bool {
        self.wait(timeout, |now| now >= place)
    }

    /// Waits until the card is out of the slot, or `timeout` is over; whether it is.
    pub fn wait_until_apart(&self, timeout: Duration) -> bool {
        self.wait(timeout, |now| now == Place::Apart)
    }

    fn wait(&self, timeout: Duration, wanted: impl Fn(Place) -> bool) -> bool {
        let waited =
            self.shared.changed.wait_timeout_while(self.shared.lock(), timeout, |s| !wanted(s.place));
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    /// Takes the card out and gives it back, switched off. A command under way is carried out; its answer is lost.
    ///
    /// Nothing comes back when the chip panicked.
    pub fn stop(mut self) -> Option<Box<dyn Chip>> {
        self.shut()
    }

    fn shut(&mut self) -> Option<Box<dyn Chip>> {
        let mut state = self.shared.lock();
        state.stopped = true;
        if let Some(connection) = &state.connection {
            // It may be gone already.
            let _ = connection.shutdown(Shutdown::Both);
        }
        drop(state);
        self.shared.changed.notify_all();
        self.thread.take().and_then(|thread| thread.join().ok())
    }
}

impl Drop for Plugged {
    fn drop(&mut self) {
        self.shut();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self, mut chip: Box<dyn Chip>, driver: SocketAddr, pauses: Pauses) -> Box<dyn Chip> {
        self.pause(pauses.before);
        while !self.lock().stopped {
            chip.power_off();
            let exit = match self.connect(driver, pauses) {
                Some(connection) => serve::serve(&mut *chip, connection, || self.enter(Place::Seen)),
                None => Exit::Lost,
            };
            let mut state = self.lock();
            state.connection = None;
            state.place = Place::Apart;
            drop(state);
            self.changed.notify_all();
            self.pause(if exit == Exit::Mute { pauses.away } else { pauses.retry });
        }
        chip.power_off();
        chip
    }

    /// Connects, if there is a driver and nobody has stopped us.
    fn connect(&self, driver: SocketAddr, pauses: Pauses) -> Option<TcpStream> {
        let connection = TcpStream::connect_timeout(&driver, CONNECT).ok()?;
        // Where nobody listens, a socket that was given the driver's port by chance connects to itself.
        if connection.local_addr().ok()? == driver {
            return None;
        }
        connection.set_nodelay(true).ok()?;
        connection.set_write_timeout(Some(pauses.write)).ok()?;
        let mut state = self.lock();
        if state.stopped {
            return None;
        }
        state.connection = Some(connection.try_clone().ok()?);
        drop(state);
        self.enter(Place::Connected);
        Some(connection)
    }

    fn enter(&self, place: Place) {
        let mut state = self.lock();
        if state.place != place {
            state.place = place;
            self.changed.notify_all();
        }
    }

    /// Waits, but no longer than until somebody stops us.
    fn pause(&self, how_long: Duration) {
        drop(self.changed.wait_timeout_while(self.lock(), how_long, |state| !state.stopped));
    }
}

/// For a connection to come about. The driver is on this machine; its queue holds one card, and a further one waits.
const CONNECT: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests;
