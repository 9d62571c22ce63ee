//! The nouns of the gate: account numbers, roles, and the proofs that only a session can give.

use crate::refusals;
use core_words::{OperatorId, Refusal};
use std::{borrow::Cow, fmt};

/// The number of an account. Says nothing about the person, so it may stand in logs and in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId(pub i64);

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "account:{}", self.0)
    }
}

/// What someone may do: the part of the house and the role in it, `claims.clerk` (K9).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Role(Cow<'static, str>);

/// A text was not of the form of a role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a role: part.role, each of a-z, 0-9 and '-', 60 characters in all")]
pub struct BadRole(pub String);

impl Role {
    /// A role known when the program was written: `const CLERK: Role = Role::named("claims.clerk");`.
    ///
    /// # Panics
    /// When the text has not the form of a role; in a constant that is an error of the compiler.
    #[must_use]
    pub const fn named(text: &'static str) -> Self {
        assert!(is_role(text.as_bytes()), "a role is part.role");
        Self(Cow::Borrowed(text))
    }

    /// A role from the command line or from a row.
    ///
    /// # Errors
    /// [`BadRole`].
    pub fn parse(text: &str) -> Result<Self, BadRole> {
        let bad = || BadRole(text.chars().take(80).collect());
        if is_role(text.as_bytes()) { Ok(Self(Cow::Owned(text.to_owned()))) } else { Err(bad()) }
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `part.role`, one full stop, neither side empty.
const fn is_role(text: &[u8]) -> bool {
    let (mut at, mut stops) = (0, 0);
    while at < text.len() {
        match text[at] {
            b'a'..=b'z' | b'0'..=b'9' | b'-' => {}
            b'.' if at > 0 && at + 1 < text.len() => stops += 1,
            _ => return false,
        }
        at += 1;
    }
    stops == 1 && text.len() <= 60
}

/// The right to see what belongs to one operator. Every query of a desk asks for one, so that none forgets to whom
/// the rows belong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope(OperatorId);

impl Scope {
    /// For jobs, seeds and the command line, which have no session and know the operator from a row or from the
    /// configuration. Pages and the API take theirs from [`Session::scope`](crate::Session::scope): an operator that
    /// came over the wire is no proof.
    #[must_use]
    pub fn of_the_house(operator: OperatorId) -> Self {
        Self(operator)
    }

    /// Whose rows.
    #[must_use]
    pub fn operator(&self) -> &OperatorId {
        &self.0
    }
}

/// Proof that an account has a role; only [`Session::require`](crate::Session::require) makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HasRole {
    account: AccountId,
    role: Role,
    scope: Scope,
}

impl HasRole {
    pub(crate) fn new(account: AccountId, role: Role, scope: Scope) -> Self {
        Self { account, role, scope }
    }

    /// Whose.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// Which.
    #[must_use]
    pub fn role(&self) -> &Role {
        &self.role
    }

    /// Where: roles are held with one operator.
    #[must_use]
    pub fn scope(&self) -> &Scope {
        &self.scope
    }
}

/// Proof that a second person looked; only [`two_people`] makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecondPerson {
    first: AccountId,
    second: AccountId,
}

impl SecondPerson {
    /// Who acted first.
    #[must_use]
    pub fn first(&self) -> AccountId {
        self.first
    }

    /// Who acts now.
    #[must_use]
    pub fn second(&self) -> AccountId {
        self.second
    }
}

/// Four eyes: whoever acts now is not who acted before (K9).
///
/// # Errors
/// `gate.same_person`.
pub fn two_people(first: AccountId, second: &crate::Session) -> Result<SecondPerson, Refusal> {
    if first == second.account {
        return Err(refusals::same_person());
    }
    Ok(SecondPerson { first, second: second.account })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k9_roles_have_one_form() {
        const CLERK: Role = Role::named("claims.clerk");
        assert_eq!(Role::parse("claims.clerk"), Ok(CLERK));
        let long = format!("claims.{}", "a".repeat(54));
        for bad in
            ["", ".", "claims", "claims.", ".clerk", "claims.a.b", "Claims.clerk", "claims.事務", &long]
        {
            assert!(Role::parse(bad).is_err(), "{bad}");
        }
        assert!(Role::parse(&long[..60]).is_ok());
    }
}
