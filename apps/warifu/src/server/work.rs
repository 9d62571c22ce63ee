//! What is laid around every request that is worked on: a place, a time limit, a count, a catch for panics.

use crate::ops::meters::Meters;
use axum::{http::StatusCode, response::Response};
use futures_util::FutureExt;
use std::{any::Any, panic::AssertUnwindSafe, sync::Arc, time::Duration};
use tokio::{sync::Semaphore, time::timeout};

/// The places of one kind of requests: those of programs, or those of people.
pub struct Work {
    places: Semaphore,
    patience: Duration,
    meters: Arc<Meters>,
}

/// Why there is no answer of the handler's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// As many are worked on as may be; nothing was begun.
    NoPlace,
    /// It took too long; what it had begun in tasks of its own may go on.
    TooLong,
    /// It panicked, saying this. For the log, not for the client.
    Panicked(String),
}

impl Work {
    /// `places` requests at a time, each for at most `patience`.
    pub fn new(places: usize, patience: Duration, meters: Arc<Meters>) -> Self {
        Self { places: Semaphore::new(places), patience, meters }
    }

    /// Works on one request.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn on(&self, answer: impl Future<Output = Response>) -> Result<Response, Stopped> {
        let _place = self.places.try_acquire().map_err(|_| Stopped::NoPlace)?;
        let _counted = self.meters.begin();
        match timeout(self.patience, AssertUnwindSafe(answer).catch_unwind()).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(panic)) => Err(Stopped::Panicked(said(&*panic))),
            Err(_) => Err(Stopped::TooLong),
        }
    }

    /// Counts an answer; `code` names the refusal, if it is one.
    pub fn answered(&self, status: StatusCode, code: Option<&'static str>) {
        self.meters.answered(status, code);
    }
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or(panic.downcast_ref::<&str>().copied()).unwrap_or("panic").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;
    use std::future::{pending, ready};

    fn work(places: usize, patience: Duration) -> Work {
        Work::new(places, patience, Arc::new(Meters::default()))
    }

    #[tokio::test]
    async fn a_panic_is_an_answer_and_gives_its_place_back() {
        let work = work(1, Duration::from_secs(30));
        let stopped = work.on(async { panic!("the roof fell in") }).await.unwrap_err();
        assert_eq!(stopped, Stopped::Panicked("the roof fell in".into()));
        assert!(work.on(ready(StatusCode::OK.into_response())).await.is_ok());
    }

    #[tokio::test]
    async fn who_finds_no_place_is_told_at_once_and_who_takes_too_long_in_the_end() {
        let work = work(1, Duration::from_millis(1));
        let (first, second) =
            tokio::join!(work.on(pending()), work.on(ready(StatusCode::OK.into_response())));
        assert_eq!(first.unwrap_err(), Stopped::TooLong);
        assert_eq!(second.unwrap_err(), Stopped::NoPlace);
    }
}
