//! One connection to PostgreSQL, with its prepared statements.
//!
//! The connection lives on a small runtime of its own, driven by the thread that owns it. BEGIN travels together with
//! the first statement, and batches are pipelined: a round trip is saved wherever one can be.

use super::{
    arrays::over_arrays,
    error::{is_stale_statement, store_error},
    target::Target,
    types::Param,
};
use crate::{Dialect, Row, RowRef, StoreError, Value, row::RefRepr, sql, text_map::TextMap, tx::Lost};
use futures_util::TryStreamExt;
use std::{
    borrow::Cow,
    cell::OnceCell,
    ops::ControlFlow,
    pin::{Pin, pin},
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{runtime::Runtime, task::JoinHandle};
use tokio_postgres::{Client, Statement};

/// How much longer than the server's own limit a statement is waited for.
const GRACE: Duration = Duration::from_secs(3);
/// How many statements are sent before the first answer is read.
const PIPELINE: usize = 512;

/// When the plans that the server keeps for prepared statements are too old.
///
/// It keeps a plan until statistics change, which is a minute or more behind: one that was made for an empty table, where
/// all indexes cost the same, goes through a hundred thousand rows for each of a hundred thousand. Planned anew, the
/// statement sees how large the table is by now. So a connection forgets its plans when it is young, and then each time
/// it is twice as old, but at least each minute.
#[derive(Debug)]
struct Planning {
    since: Instant,
    lasts: Duration,
}

impl Planning {
    /// How long the first plans last.
    const FIRST: Duration = Duration::from_millis(250);
    /// How long plans last at most.
    const LONGEST: Duration = Duration::from_secs(60);

    fn begin(now: Instant) -> Self {
        Self { since: now, lasts: Self::FIRST }
    }

    /// Whether they are; the next ones last twice as long.
    fn is_old(&mut self, now: Instant) -> bool {
        let old = now.saturating_duration_since(self.since) >= self.lasts;
        if old {
            *self = Self { since: now, lasts: (2 * self.lasts).min(Self::LONGEST) };
        }
        old
    }
}

/// A connection that belongs to one thread, and comes back after it broke.
pub(crate) struct Conn {
    target: Target,
    runtime: Runtime,
    link: Option<Link>,
    known: TextMap<Rc<Known>>,
    /// How long one statement may take, as the server knows it.
    limit: Duration,
    /// When the statement under way is given up, beside the server's own limit.
    patience: Duration,
    /// The BEGIN that goes out with the first statement.
    begin: Option<Cow<'static, str>>,
    /// A transaction is open on the server.
    open: bool,
    stale: bool,
    /// Time spent on preparing statements since it was last asked for.
    preparing: Duration,
    /// When the server is to plan anew.
    planning: Planning,
}

struct Link {
    client: Client,
    driver: JoinHandle<()>,
}

/// A statement that was prepared on this connection.
struct Known {
    sql: Arc<str>,
    statement: Statement,
    /// The same over arrays, where that means the same.
    arrays: OnceCell<Option<Statement>>,
}

impl Conn {
    pub(super) fn new(target: Target, limit: Duration) -> Result<Self, StoreError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|e| StoreError::Io(format!("no runtime for a connection: {e}")))?;
        Ok(Self {
            target,
            runtime,
            link: None,
            known: TextMap::default(),
            limit,
            patience: limit + GRACE,
            begin: None,
            open: false,
            stale: false,
            preparing: Duration::ZERO,
            planning: Planning::begin(Instant::now()),
        })
    }

    /// Makes sure of a connection; what the server said meanwhile, such as goodbye, is heard first.
    pub(super) fn ready(&mut self) -> Result<(), StoreError> {
        if let Some(link) = &self.link {
            // Once for the socket's events, once for the driver that they wake, once for us.
            self.runtime.block_on(async {
                for _ in 0..3 {
                    tokio::task::yield_now().await;
                }
            });
            if !link.client.is_closed() && !link.driver.is_finished() {
                if std::mem::take(&mut self.stale) {
                    self.known.clear();
                }
                return Ok(());
            }
            self.disconnect();
        }
        self.target.is_known_down()?;
        let link = self.connect();
        self.target.note_attempt(link.as_ref().err());
        self.link = Some(link?);
        Ok(())
    }

    fn connect(&self) -> Result<Link, StoreError> {
        let failed = |e: tokio_postgres::Error| match store_error(&e, "connect") {
            StoreError::Sql(detail) => StoreError::Unavailable(detail),
            other => other,
        };
        // An acknowledged commit must be durable: a server set to less is overruled, one set to more is not.
        let session = format!(
            "SET statement_timeout = {}; SET client_min_messages = warning; \
             SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
            self.limit.as_millis()
        );
        let connect = async {
            let (client, driver) = self.target.connect().await?;
            let driver = tokio::spawn(driver);
            client.batch_execute(&session).await?;
            Ok(Link { client, driver })
        };
        self.runtime
            .block_on(async { tokio::time::timeout(self.target.limit(), connect).await })
            .map_err(|_| StoreError::Unavailable("PostgreSQL did not answer in time".to_owned()))?
            .map_err(failed)
    }

    pub(super) fn disconnect(&mut self) {
        self.known.clear();
        (self.begin, self.open) = (None, false);
        if let Some(Link { client, driver }) = self.link.take() {
            drop(client);
            // The driver says goodbye once the client is gone; a dead peer is not waited for.
            let goodbye = async { tokio::time::timeout(Duration::from_millis(200), driver).await };
            let _ = self.runtime.block_on(goodbye);
        }
    }

    /// A transaction begins with the next statement.
    pub(super) fn begin(&mut self, isolation: &'static str, limit: Duration) {
        self.patience = limit + GRACE;
        let mut begin = Cow::Borrowed(isolation);
        if limit != self.limit {
            begin += "; SET LOCAL statement_timeout = ";
            begin += Cow::Owned(limit.as_millis().to_string());
        }
        if self.planning.is_old(Instant::now()) {
            begin += "; DISCARD PLANS";
        }
        self.begin = Some(begin);
    }

    /// Whether anything was sent since `begin`.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    pub(super) fn commit(&mut self) -> Result<(), StoreError> {
        let result = self.run("COMMIT", async |client| client.batch_execute("COMMIT").await);
        self.open = false;
        result.map_err(|error| match error {
            StoreError::Unavailable(detail) => {
                self.disconnect();
                StoreError::Undecided(detail)
            }
            other => other,
        })
    }

    pub(super) fn rollback(&mut self) {
        if self.begin.take().is_none()
            && std::mem::take(&mut self.open)
            && self.run("ROLLBACK", async |client| client.batch_execute("ROLLBACK").await).is_err()
        {
            self.disconnect();
        }
    }

    /// Several statements, of a migration.
    pub(crate) fn batch(&mut self, text: &str) -> Result<(), StoreError> {
        self.stale = true;
        self.run(text, async |client| client.batch_execute(text).await)
    }

    /// SAVEPOINT and the like.
    pub(crate) fn control(&mut self, text: &'static str) -> Result<(), StoreError> {
        self.run(text, async |client| client.batch_execute(text).await)
    }

    pub(crate) fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64, StoreError> {
        let known = self.known(sql)?;
        self.run(sql, async |client| client.execute_raw(&known.statement, params.iter().map(Param)).await)
    }

    pub(crate) fn query(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        let known = self.known(sql)?;
        self.run(sql, async |client| query(client, &known, params).await)
    }

    pub(crate) fn for_each(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        each: &mut dyn FnMut(RowRef<'_>) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let known = self.known(sql)?;
        self.run(sql, async |client| {
            let rows = client.query_raw(&known.statement, params.iter().map(Param)).await?;
            let mut rows = pin!(rows);
            while let Some(row) = rows.try_next().await? {
                if each(RowRef { repr: RefRepr::Postgres(&row), sql }).is_break() {
                    break;
                }
            }
            Ok(())
        })
    }

    /// As one statement over arrays where that means the same as a loop.
    pub(crate) fn insert_many<'v, R: AsRef<[Value<'v>]>>(
        &mut self,
        sql: &str,
        rows: &[R],
    ) -> Result<u64, StoreError> {
        if rows.is_empty() {
            return Ok(0);
        }
        let known = self.known(sql)?;
        let Some(arrays) = self.arrays(&known)? else {
            return Ok(self.execute_many(sql, rows)?.iter().sum());
        };
        let width = known.statement.params().len();
        if let Some(row) = rows.iter().find(|row| row.as_ref().len() != width) {
            let (table, given) = (sql::first_table(sql), row.as_ref().len());
            return Err(StoreError::Sql(format!("{table}: {given} parameters for a statement with {width}")));
        }
        let column = |at: usize| rows.iter().map(|row| Param(&row.as_ref()[at])).collect::<Vec<_>>();
        let columns: Vec<Vec<Param<'_>>> = (0..width).map(column).collect();
        self.run(sql, async |client| client.execute_raw(&arrays, columns.iter().map(Vec::as_slice)).await)
    }

    pub(crate) fn execute_many<'v, R: AsRef<[Value<'v>]>>(
        &mut self,
        sql: &str,
        rows: &[R],
    ) -> Result<Vec<u64>, StoreError> {
        let known = self.known(sql)?;
        let mut counts = Vec::with_capacity(rows.len());
        for rows in rows.chunks(PIPELINE) {
            counts.extend(self.run(sql, async |client| {
                let each = |row| client.execute_raw(&known.statement, row);
                pipelined(rows.iter().map(|row| row.as_ref().iter().map(Param)).map(each)).await
            })?);
        }
        Ok(counts)
    }

    pub(crate) fn query_many<'v, R: AsRef<[Value<'v>]>>(
        &mut self,
        sql: &str,
        rows: &[R],
    ) -> Result<Vec<Vec<Row>>, StoreError> {
        let known = self.known(sql)?;
        let mut found = Vec::with_capacity(rows.len());
        for rows in rows.chunks(PIPELINE) {
            found.extend(self.run(sql, async |client| {
                pipelined(rows.iter().map(|row| query(client, &known, row.as_ref()))).await
            })?);
        }
        Ok(found)
    }

    /// Whether an error ends the whole transaction, and how.
    pub(crate) fn lost(&mut self, error: &StoreError) -> Option<Lost> {
        match error {
            StoreError::Conflict => Some(Lost::Conflict),
            StoreError::Unavailable(_) => {
                self.disconnect();
                Some(Lost::Connection)
            }
            _ => None,
        }
    }

    fn known(&mut self, sql: &str) -> Result<Rc<Known>, StoreError> {
        if let Some(known) = self.known.get(sql) {
            return Ok(known);
        }
        let text = sql::query_for(Dialect::Postgres, sql);
        let statement = self.prepare(sql, &text)?;
        let known = Rc::new(Known { sql: sql.into(), statement, arrays: OnceCell::new() });
        self.known.insert(sql, known.clone());
        Ok(known)
    }

    fn arrays(&mut self, known: &Known) -> Result<Option<Statement>, StoreError> {
        if let Some(arrays) = known.arrays.get() {
            return Ok(arrays.clone());
        }
        let text = over_arrays(&sql::query_for(Dialect::Postgres, &known.sql), known.statement.params());
        let arrays = match text {
            Some(text) => Some(self.prepare(&known.sql, &text)?),
            None => None,
        };
        Ok(known.arrays.get_or_init(|| arrays).clone())
    }

    fn prepare(&mut self, sql: &str, text: &str) -> Result<Statement, StoreError> {
        let began = Instant::now();
        let statement = self.run(sql, async |client| client.prepare(text).await);
        self.preparing += began.elapsed();
        statement
    }

    /// How long statements were prepared since the last call: once per connection and statement, so that a
    /// transaction is not to blame for it.
    pub(crate) fn time_preparing(&mut self) -> Duration {
        std::mem::take(&mut self.preparing)
    }

    /// Lets the server do something, and waits for it. A BEGIN that is due goes first, without being waited for.
    fn run<T>(
        &mut self,
        sql: &str,
        op: impl AsyncFnOnce(&Client) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, StoreError> {
        let Some(link) = &self.link else {
            return Err(StoreError::Unavailable("there is no connection to PostgreSQL".to_owned()));
        };
        let (client, begin) = (&link.client, self.begin.take());
        self.open |= begin.is_some();
        let work = async {
            match &begin {
                None => op(client).await,
                Some(begin) => {
                    // In this order: what is polled first is sent first.
                    let (began, done) = tokio::join!(biased; client.batch_execute(begin), op(client));
                    began.and(done)
                }
            }
        };
        let result = self.runtime.block_on(async { tokio::time::timeout(self.patience, work).await });
        match result {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) if is_stale_statement(&error) => {
                self.stale = true;
                Err(StoreError::Conflict)
            }
            Ok(Err(error)) => Err(store_error(&error, sql)),
            Err(_) => Err(StoreError::Unavailable("PostgreSQL did not answer in time".to_owned())),
        }
    }
}

impl Drop for Conn {
    fn drop(&mut self) {
        self.disconnect();
    }
}

async fn query(
    client: &Client,
    known: &Known,
    params: &[Value<'_>],
) -> Result<Vec<Row>, tokio_postgres::Error> {
    let rows = client.query_raw(&known.statement, params.iter().map(Param)).await?;
    rows.map_ok(|row| Row::from_postgres(known.sql.clone(), row)).try_collect().await
}

/// Sends everything in order, then reads the answers in order.
///
/// Each of these futures sends when it is polled first, and answers come in the order of sending.
async fn pipelined<T, F>(futures: impl Iterator<Item = F>) -> Result<Vec<T>, tokio_postgres::Error>
where
    F: Future<Output = Result<T, tokio_postgres::Error>>,
{
    let mut under_way: Vec<Pin<Box<F>>> = futures.map(Box::pin).collect();
    let mut early = Vec::new();
    std::future::poll_fn(|cx| {
        for (at, future) in under_way.iter_mut().enumerate() {
            if let std::task::Poll::Ready(result) = future.as_mut().poll(cx) {
                early.push((at, result));
            }
        }
        std::task::Poll::Ready(())
    })
    .await;
    let mut early = early.into_iter().peekable();
    let mut results = Vec::with_capacity(under_way.len());
    for (at, future) in under_way.iter_mut().enumerate() {
        results.push(match early.next_if(|(ready, _)| *ready == at) {
            Some((_, result)) => result?,
            None => future.await?,
        });
    }
    Ok(results)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_are_forgotten_soon_then_less_and_less_often_and_at_least_each_minute() {
        let begun = Instant::now();
        let mut planning = Planning::begin(begun);
        let (mut at, mut forgotten) = (begun, Vec::new());
        while at < begun + Duration::from_secs(240) {
            if planning.is_old(at) {
                forgotten.push((at - begun).as_millis());
            }
            at += Duration::from_millis(50);
        }
        assert_eq!(forgotten[..8], [250, 750, 1_750, 3_750, 7_750, 15_750, 31_750, 63_750]);
        assert_eq!(forgotten[8..], [123_750, 183_750]);
    }
}
