//! How the desk keeps its cases: the [`Keep`] of [`rules`](crate::rules).

use crate::{case::Case, command::Command, rules::Facts, status::Hat, store};
use core_words::{OperatorId, UtcMicros};
use kit_desk::{Doer, Keep, Stored, next_number};
use kit_store::{StoreError, Tx};
use std::convert::Infallible;

/// The letter with which the numbers of this desk begin; no other desk has it.
const LETTER: char = 'N';

/// The cases of the desk.
#[derive(Clone)]
pub struct Cases {
    pub(crate) operator: OperatorId,
}

impl Keep for Cases {
    fn load(&self, tx: &mut Tx, id: i64) -> Result<Option<Stored<Case>>, StoreError> {
        store::load(tx, id)
    }

    fn facts(
        &self,
        _: &mut Tx,
        _: Option<&Stored<Case>>,
        _: &Command,
        _: &Doer<Hat>,
        now: UtcMicros,
    ) -> Result<Facts, StoreError> {
        Ok(Facts { now })
    }

    fn create(&self, tx: &mut Tx, case: &Case, now: UtcMicros) -> Result<Stored<Case>, StoreError> {
        let number = next_number(tx, "newdesk", LETTER, now)?.to_string();
        let id = store::insert(tx, &self.operator, &number, case)?;
        Ok(Stored { id, number, operator: self.operator.clone(), version: 1, case: case.clone() })
    }

    fn save(&self, tx: &mut Tx, old: &Stored<Case>, next: &Case, _: UtcMicros) -> Result<bool, StoreError> {
        store::update(tx, old, next)
    }

    fn perform(
        &self,
        _: &mut Tx,
        _: &Stored<Case>,
        effects: Vec<Infallible>,
        _: UtcMicros,
    ) -> Result<(), StoreError> {
        match effects.first() {
            None => Ok(()),
            Some(effect) => match *effect {},
        }
    }
}
