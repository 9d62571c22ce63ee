//! How the desk keeps its cases: the [`Keep`] of [`Rules`](crate::rules).

use crate::{
    case::Case,
    command::Command,
    jobs,
    rules::{Effect, Facts},
    settings::Settings,
    status::Hat,
    store::{find, providers, rows},
    tell,
    words::ProviderId,
};
use core_crypto::Dice;
use core_words::UtcMicros;
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
        let provider = match (case, command) {
            (Some(stored), _) => Some(stored.case.application().provider),
            (None, Command::Apply(apply)) => Some(apply.knew.provider()),
            (None, _) => None,
        };
        let password = match provider {
            Some(provider) => providers::password(tx, provider)?.map_or(0, |(_, version)| version),
            None => 0,
        };
        let unsettled = match (case, provider) {
            (None, Some(provider)) => find::unsettled(tx, provider)?,
            _ => None,
        };
        let terms = self.settings.terms(now);
        Ok(Facts {
            now,
            takes: now.plus_seconds(i64::from(self.settings.undo_seconds)),
            key_until: now.plus_seconds(i64::from(self.settings.key_days) * 86_400),
            applied: terms.applied(),
            consent: terms.consent.clone(),
            password,
            unsettled,
        })
    }

    fn create(&self, tx: &mut Tx, case: &Case, now: UtcMicros) -> Result<Stored<Case>, StoreError> {
        let provider = provider(tx, case.application().provider)?;
        let number = next_number(tx, "claims", LETTER, now)?.to_string();
        let head = rows::Head {
            number: &number,
            operator: &provider.operator,
            provider_number: provider.number.as_str(),
            provider_name: &provider.name,
            provider_kana: &provider.kana,
        };
        let id = rows::insert(tx, &head, case, now)?;
        Ok(Stored { id, number, operator: provider.operator, version: 1, case: case.clone() })
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
                Effect::Order => jobs::order::queue(tx, case, now)?,
                Effect::Revoke => jobs::revoke::queue(tx, case, now)?,
                Effect::EraseAt(at) => jobs::window::queue(tx, case, at, now)?,
                Effect::Erase { custody } => jobs::erase::queue(tx, case, custody, now)?,
                Effect::TellIssued => {
                    let provider = provider(tx, case.case.application().provider)?;
                    tell::issued(tx, &self.settings, case, &provider, now, &*self.dice)?;
                }
                Effect::TellRejected(rejection) => {
                    let provider = provider(tx, case.case.application().provider)?;
                    tell::rejected(tx, case, &provider, &rejection, now)?;
                }
            }
        }
        Ok(())
    }
}

fn provider(tx: &mut Tx, id: ProviderId) -> Result<providers::Provider, StoreError> {
    providers::load(tx, id)?
        .ok_or_else(|| StoreError::Corrupt(format!("claims_provider {}: no such row", id.0)))
}
