//! PostgreSQL: worker threads, each with a connection of its own.
use crate::{Options, Row, RowRef, StoreError, Value, queue::Queue, tx::Lost};
use std::{ops::ControlFlow, sync::Arc, thread::JoinHandle};

pub(crate) struct Postgres {
    pub(crate) writes: Arc<Queue>,
    pub(crate) reads: Arc<Queue>,
    pub(crate) shared: Arc<crate::sqlite::Shared>,
}

fn not_yet<T>() -> Result<T, StoreError> {
    Err(StoreError::Unavailable("PostgreSQL lands in the next commit".to_owned()))
}

impl Postgres {
    pub(crate) fn open(_: &str, _: &Options) -> Result<Self, StoreError> {
        not_yet()
    }
    pub(crate) fn close(&self) {}
    pub(crate) fn threads(&self) -> Vec<JoinHandle<()>> {
        Vec::new()
    }
}

pub(crate) struct Conn;

impl Conn {
    pub(crate) fn execute(&mut self, _: &str, _: &[Value<'_>]) -> Result<u64, StoreError> {
        not_yet()
    }
    pub(crate) fn query(&mut self, _: &str, _: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        not_yet()
    }
    pub(crate) fn for_each(
        &mut self,
        _: &str,
        _: &[Value<'_>],
        _: &mut dyn FnMut(RowRef<'_>) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        not_yet()
    }
    pub(crate) fn insert_many<R>(&mut self, _: &str, _: &[R]) -> Result<u64, StoreError> {
        not_yet()
    }
    pub(crate) fn execute_many<R>(&mut self, _: &str, _: &[R]) -> Result<Vec<u64>, StoreError> {
        not_yet()
    }
    pub(crate) fn query_many<R>(&mut self, _: &str, _: &[R]) -> Result<Vec<Vec<Row>>, StoreError> {
        not_yet()
    }
    pub(crate) fn batch(&mut self, _: &str) -> Result<(), StoreError> {
        not_yet()
    }
    pub(crate) fn control(&mut self, _: &'static str) -> Result<(), StoreError> {
        not_yet()
    }
    pub(crate) fn lost(&mut self, _: &StoreError) -> Option<Lost> {
        None
    }
}
