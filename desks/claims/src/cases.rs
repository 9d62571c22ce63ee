//! How the desk keeps its cases: the [`Keep`] of [`Rules`](crate::rules).

use crate::{
    case::Case,
    command::{Apply, Command},
    jobs,
    rules::{Effect, Facts, Renewed},
    settings::Settings,
    status::{Hat, Standing},
    store::{accounts, find, holders, offset, rows},
    tell,
    words::{HolderId, HolderKind},
};
use core_crypto::Dice;
use core_words::{CaseNumber, UtcMicros, Yen};
use kit_desk::{Doer, Keep, Stored, next_number};
use kit_store::{StoreError, Tx};
use std::sync::Arc;

/// The letter with which the numbers of this desk begin.
const LETTER: char = 'C';

/// The cases of the desk.
#[derive(Clone)]
pub struct Cases {
    pub(crate) settings: Arc<Settings>,
    pub(crate) dice: Arc<dyn Dice>,
}

impl Keep for Cases {
    fn load(&self, tx: &mut Tx, id: i64) -> Result<Option<Stored<Case>>, StoreError> {
        rows::load(tx, id)
    }

    fn facts(
        &self,
        tx: &mut Tx,
        case: Option<&Stored<Case>>,
        command: &Command,
        _: &Doer<Hat>,
        now: UtcMicros,
    ) -> Result<Facts, StoreError> {
        let holder = match (case, command) {
            (Some(stored), _) => Some(stored.case.application().holder),
            (None, Command::Apply(apply)) => Some(apply.knew.holder()),
            (None, _) => None,
        };
        let password = match holder {
            Some(holder) => holders::password(tx, holder)?.map_or(0, |(_, version)| version),
            None => 0,
        };
        let kind = match holder {
            Some(holder) => holders::kind(tx, holder)?,
            None => HolderKind::Provider,
        };
        let balance = match (kind, holder) {
            (HolderKind::Agent, Some(holder)) => accounts::balance(tx, holder)?,
            _ => Yen(0),
        };
        let unsettled = match (case, holder) {
            (None, Some(holder)) => find::unsettled(tx, holder)?,
            _ => None,
        };
        let renewed = match command {
            Command::Apply(Apply { renews: Some(number), .. }) if case.is_none() => renewed(tx, *number)?,
            _ => None,
        };
        let terms = self.settings.terms(now);
        Ok(Facts {
            now,
            takes: now.plus_seconds(i64::from(self.settings.undo_seconds)),
            key_until: now.plus_seconds(i64::from(self.settings.key_days) * 86_400),
            applied: terms.applied(),
            consent: terms.consent.clone(),
            due: self.settings.due(now),
            kind,
            balance,
            password,
            unsettled,
            renewed,
        })
    }

    fn create(&self, tx: &mut Tx, case: &Case, now: UtcMicros) -> Result<Stored<Case>, StoreError> {
        let holder = holder(tx, case.application().holder)?;
        let number = next_number(tx, "claims", LETTER, now)?.to_string();
        let head = rows::Head {
            number: &number,
            operator: &holder.operator,
            holder_number: holder.number.as_str(),
            holder_name: &holder.name,
            holder_kana: &holder.kana,
        };
        let id = rows::insert(tx, &head, case, now)?;
        Ok(Stored { id, number, operator: holder.operator, version: 1, case: case.clone() })
    }

    fn save(&self, tx: &mut Tx, old: &Stored<Case>, next: &Case, now: UtcMicros) -> Result<bool, StoreError> {
        rows::update(tx, old, next, now)
    }

    fn perform(
        &self,
        tx: &mut Tx,
        case: &Stored<Case>,
        effects: Vec<Effect>,
        now: UtcMicros,
    ) -> Result<(), StoreError> {
        for effect in effects {
            match effect {
                Effect::ComeBack(at) => jobs::take::queue(tx, case, at, now)?,
                Effect::Pay(fee) => accounts::pay(tx, case, fee, now)?,
                Effect::Unpay(fee) => accounts::unpay(tx, case, fee, now)?,
                Effect::Charge => {
                    let application = case.case.application();
                    let tax = self.settings.tax_in(
                        &application.applied.terms,
                        application.at,
                        application.applied.fee,
                    );
                    offset::charge(tx, case.id, tax)?;
                }
                Effect::Order => jobs::order::queue(tx, case, now)?,
                Effect::Revoke => jobs::revoke::queue(tx, case, now)?,
                Effect::EraseAt(at) => jobs::window::queue(tx, case, at, now)?,
                Effect::Erase { custody } => jobs::erase::queue(tx, case, custody, now)?,
                Effect::TellIssued => {
                    let holder = holder(tx, case.case.application().holder)?;
                    tell::issued(tx, &self.settings, case, &holder, now, &*self.dice)?;
                }
                Effect::TellRejected(rejection) => {
                    let holder = holder(tx, case.case.application().holder)?;
                    tell::rejected(tx, case, &holder, &rejection, now)?;
                }
            }
        }
        Ok(())
    }
}

fn holder(tx: &mut Tx, id: HolderId) -> Result<holders::Holder, StoreError> {
    holders::load(tx, id)?.ok_or_else(|| StoreError::Corrupt(format!("claims_holder {}: no such row", id.0)))
}

/// The case whose certificate is to be renewed. Whose it is the rules compare: no scope is needed to ask.
fn renewed(tx: &mut Tx, number: CaseNumber) -> Result<Option<Renewed>, StoreError> {
    let Some(id) = find::by_order(tx, &number.to_string())? else { return Ok(None) };
    let Some(old) = rows::load(tx, id)? else { return Ok(None) };
    Ok(Some(Renewed {
        holder: old.case.application().holder,
        standing: old.case.standing(),
        under_way: find::renewing(tx, &old.number)?
            .filter(|line| line.standing != Standing::Issued)
            .map(|line| line.number),
    }))
}
