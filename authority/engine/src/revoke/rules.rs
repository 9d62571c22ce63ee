//! What may become of a certificate's state (K4, RFC 5280 §5.3.1). Pure and total.

use authority_front::CertificateState;
use core_words::{RevocationReason, UtcMicros, UtcSeconds};

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Revoke for good.
    Revoke {
        /// Why; never `CertificateHold`.
        reason: RevocationReason,
        /// Since when the key was bad.
        invalidity: Option<UtcSeconds>,
    },
    /// Suspend.
    Hold,
    /// Release from a hold.
    Release,
}

impl Command {
    /// Reads a reason as people give it: `certificateHold` holds, none releases.
    pub fn of(reason: Option<RevocationReason>, invalidity: Option<UtcSeconds>) -> Result<Self, RuleBroken> {
        match (reason, invalidity) {
            (None, None) => Ok(Self::Release),
            (Some(RevocationReason::CertificateHold), None) => Ok(Self::Hold),
            (None | Some(RevocationReason::CertificateHold), Some(_)) => {
                Err(RuleBroken::InvalidityWithoutRevocation)
            }
            (Some(reason), invalidity) => Ok(Self::Revoke { reason, invalidity }),
        }
    }
}

/// What is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is so already; nothing changes.
    Nothing,
    /// This is the state from now on.
    Becomes(CertificateState),
}

/// Why a command is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleBroken {
    /// It was revoked for good, at this time and for this reason; that never changes.
    AlreadyRevoked {
        /// Since when.
        at: UtcMicros,
        /// Why.
        reason: RevocationReason,
    },
    /// A release was asked for something that is not on hold.
    NotHeld,
    /// The invalidity date lies in the future.
    InvalidityInFuture,
    /// An invalidity date goes with a revocation only.
    InvalidityWithoutRevocation,
}

/// Decides. `state` is the state now, `now` the time of the act.
pub fn decide(state: &CertificateState, command: Command, now: UtcMicros) -> Result<Decision, RuleBroken> {
    use CertificateState::{Good, Held, Revoked};
    if let Command::Revoke { invalidity: Some(since), .. } = command
        && since > now.whole_seconds()
    {
        return Err(RuleBroken::InvalidityInFuture);
    }
    match (state, command) {
        (Revoked { reason, invalidity, .. }, Command::Revoke { reason: asked, invalidity: since })
            if *reason == asked && (since.is_none() || since == *invalidity) =>
        {
            Ok(Decision::Nothing)
        }
        (Revoked { at, reason, .. }, _) => Err(RuleBroken::AlreadyRevoked { at: *at, reason: *reason }),
        (Held { .. }, Command::Hold) => Ok(Decision::Nothing),
        (Good, Command::Hold) => Ok(Decision::Becomes(Held { since: now })),
        (Good, Command::Release) => Err(RuleBroken::NotHeld),
        (Held { .. }, Command::Release) => Ok(Decision::Becomes(Good)),
        // A certificate revoked out of a hold was already refused while it was held: the date stays.
        (Held { since }, Command::Revoke { reason, invalidity }) => {
            Ok(Decision::Becomes(Revoked { at: *since, reason, invalidity }))
        }
        (Good, Command::Revoke { reason, invalidity }) => {
            Ok(Decision::Becomes(Revoked { at: now, reason, invalidity }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use CertificateState::{Good, Held, Revoked};

    const NOW: UtcMicros = UtcMicros(1_000_000_000);
    const KEY: Command = Command::Revoke { reason: RevocationReason::KeyCompromise, invalidity: None };

    /// K4: every reason revokes, except the hold, which holds.
    #[test]
    fn k4_every_reason_has_its_command() {
        for reason in RevocationReason::ALL {
            let command = Command::of(Some(reason), None).expect("a command");
            let decision = decide(&Good, command, NOW).expect("allowed");
            match reason {
                RevocationReason::CertificateHold => {
                    assert_eq!(decision, Decision::Becomes(Held { since: NOW }));
                }
                _ => assert_eq!(decision, Decision::Becomes(Revoked { at: NOW, reason, invalidity: None })),
            }
        }
    }

    #[test]
    fn k4_a_revocation_is_for_good_and_says_since_when() {
        let revoked = Revoked { at: UtcMicros(5), reason: RevocationReason::Superseded, invalidity: None };
        let broken = RuleBroken::AlreadyRevoked { at: UtcMicros(5), reason: RevocationReason::Superseded };
        for command in [KEY, Command::Hold, Command::Release] {
            assert_eq!(decide(&revoked, command, NOW), Err(broken.clone()));
        }
    }

    #[test]
    fn k4_repeating_changes_nothing() {
        let revoked = Revoked { at: UtcMicros(5), reason: RevocationReason::KeyCompromise, invalidity: None };
        assert_eq!(decide(&revoked, KEY, NOW), Ok(Decision::Nothing));
        assert_eq!(decide(&Held { since: UtcMicros(5) }, Command::Hold, NOW), Ok(Decision::Nothing));
    }

    #[test]
    fn k4_hold_release_and_hold_turned_into_revocation() {
        let held = Held { since: UtcMicros(5) };
        assert_eq!(decide(&held, Command::Release, NOW), Ok(Decision::Becomes(Good)));
        assert_eq!(decide(&Good, Command::Release, NOW), Err(RuleBroken::NotHeld));
        let Ok(Decision::Becomes(Revoked { at, .. })) = decide(&held, KEY, NOW) else {
            panic!("a held certificate can be revoked");
        };
        assert_eq!(at, UtcMicros(5));
    }

    #[test]
    fn k4_invalidity_dates_lie_in_the_past_and_go_with_revocations() {
        let tomorrow = Some(NOW.whole_seconds().plus(86_400));
        let command = Command::of(Some(RevocationReason::KeyCompromise), tomorrow).expect("a command");
        assert_eq!(decide(&Good, command, NOW), Err(RuleBroken::InvalidityInFuture));
        assert_eq!(Command::of(None, tomorrow), Err(RuleBroken::InvalidityWithoutRevocation));
    }
}
