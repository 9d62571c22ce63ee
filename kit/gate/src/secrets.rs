//! Second secrets: what somebody who is signed in must know besides, such as the issue password of a care provider
//! (C1). Compared as passwords are, and guarded by the same lock-out.

use crate::{
    Gate, GateError,
    attempts::{self, Try},
    refusals,
};
use core_words::Actor;
use zeroize::Zeroizing;

impl Gate {
    /// Compares what was typed with a stored hash. `counted_as` names the secret for the lock-out and in the ledger,
    /// without personal data: `claims.provider:12`. Without a hash the work is the same and the answer is no.
    ///
    /// # Errors
    /// `gate.wrong_secret` when it is wrong, and for a while after too many wrong ones; `gate.busy`; those of the
    /// store.
    pub async fn compare(
        &self,
        counted_as: &str,
        typed: Zeroizing<String>,
        phc: Option<String>,
    ) -> Result<(), GateError> {
        let turn = self.hashing().turn().await?;
        let key = attempts::secret_key(self.digest(), counted_as);
        let gate = self.clone();
        let verdict =
            self.db().write(move |tx| attempts::count(tx, &key, gate.login_rule(), gate.now())).await?;
        let (fits, _turn) = self.hashing().verify(typed, phc, turn).await;
        let right = fits && verdict != Try::Closed;
        let (gate, subject) = (self.clone(), counted_as.to_owned());
        self.db()
            .write(move |tx| {
                if right {
                    return attempts::clear(tx, &key);
                }
                if verdict == Try::Closed {
                    return Ok(());
                }
                let now = gate.now();
                gate.note(tx, "gate.refused", &subject, None, &Actor::system(), now)?;
                if verdict == Try::Last {
                    gate.note(tx, "gate.locked", &subject, None, &Actor::system(), now)?;
                }
                Ok(())
            })
            .await?;
        if right { Ok(()) } else { Err(refusals::wrong_secret().into()) }
    }
}
