//! Suspending, resuming and retiring an authority (K1, J8). Revocation and lists go on in every state.

use super::{CeremonyError, acts};
use crate::Ctx;
use authority_journal::{authorities, codes::AuthorityState};
use core_words::{Actor, AuthorityId};

/// What is to become of an authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateChange {
    /// It issues nothing until it is resumed.
    Suspend,
    /// It issues again.
    Resume,
    /// It never issues again.
    Retire,
}

impl StateChange {
    /// The state it leads to.
    pub fn target(self) -> AuthorityState {
        match self {
            Self::Suspend => AuthorityState::Suspended,
            Self::Resume => AuthorityState::Active,
            Self::Retire => AuthorityState::Retired,
        }
    }

    /// Whether it may be done to an authority in this state. Retirement is for good.
    pub fn allowed_from(self, state: AuthorityState) -> bool {
        matches!(
            (self, state),
            (Self::Suspend, AuthorityState::Active)
                | (Self::Resume, AuthorityState::Suspended)
                | (Self::Retire, AuthorityState::Active | AuthorityState::Suspended)
        )
    }
}

/// Changes the state of an authority. Returns the state it was in; the same as the new one when there was
/// nothing to do.
///
/// # Errors
/// [`CeremonyError::UnknownAuthority`], and [`CeremonyError::WrongState`] where the change is not allowed.
pub async fn change_state(
    ctx: &Ctx,
    authority: &AuthorityId,
    change: StateChange,
    actor: &Actor,
) -> Result<AuthorityState, CeremonyError> {
    let now = ctx.watch.now()?;
    let (authority, actor, ctx_) = (authority.clone(), actor.clone(), ctx.clone());
    ctx.db
        .write(move |tx| {
            let row = authorities::get(tx, &authority)?
                .ok_or_else(|| CeremonyError::UnknownAuthority(authority.clone()))?;
            if row.state == change.target() {
                return Ok(row.state);
            }
            if !change.allowed_from(row.state) {
                return Err(CeremonyError::WrongState(authority.clone(), row.state));
            }
            // The guard names the state that was read: of two operators at once, one finds it gone.
            if !authorities::set_state(tx, &authority, row.state, change.target())? {
                return Err(CeremonyError::Overtaken(authority.clone()));
            }
            ctx_.ledger_append(tx, &[acts::state_changed(&row, change, &actor)], now)?;
            Ok(row.state)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retirement_is_for_good() {
        use AuthorityState::{Active, Retired, Suspended};
        let allowed: Vec<_> = [StateChange::Suspend, StateChange::Resume, StateChange::Retire]
            .into_iter()
            .flat_map(|c| [Active, Suspended, Retired].map(|s| c.allowed_from(s)))
            .collect();
        assert_eq!(allowed, [true, false, false, false, true, false, true, true, false]);
    }
}
