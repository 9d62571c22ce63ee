//! Sessions: who is signed in, since when and until when (K9, N16).
//!
//! The cookie bears a token, the row its SHA-256. Roles and state are read anew at each request, so what is taken
//! away is gone at once.

mod extract;
mod store;

pub use extract::{MaybeSession, SessionNeeded};
pub(crate) use extract::{Standing, standing};
pub(crate) use store::{end_all, open};

use crate::{AccountId, AccountKind, HasRole, Role, Scope, refusals, token::Token};
use core_words::{Actor, Lang, OperatorId, Refusal, UtcMicros};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Someone who is signed in. As an argument of a handler it demands it: whoever is not is led to sign in, and what
/// they had typed is kept for them. It needs [`Gate::guard`](crate::Gate::guard) around the router.
#[derive(Clone, Debug)]
pub struct Session {
    pub(crate) id: i64,
    /// Whose.
    pub account: AccountId,
    /// The organisation the account belongs to.
    pub operator: OperatorId,
    /// Applicant or staff.
    pub kind: AccountKind,
    /// The name, for the head of the page.
    pub name: String,
    /// What they may do.
    pub roles: Vec<Role>,
    /// The desk's own reference of an applicant, `claims.provider:123`.
    pub subject: Option<String>,
    /// The language in which the account is written to.
    pub lang: Lang,
    /// How they proved who they are.
    pub proof: Proof,
    /// What a form must bear to be believed.
    pub csrf: CsrfToken,
    /// When the session ends if nothing more is done.
    pub ends: UtcMicros,
}

impl Session {
    /// Proof of a role.
    ///
    /// # Errors
    /// `gate.role_missing`.
    pub fn require(&self, role: &Role) -> Result<HasRole, Refusal> {
        if self.has(role) {
            Ok(HasRole::new(self.account, role.clone(), self.scope()))
        } else {
            Err(refusals::role_missing())
        }
    }

    /// Proof of the first of several roles that is held.
    ///
    /// # Errors
    /// `gate.role_missing`.
    pub fn require_any(&self, roles: &[Role]) -> Result<HasRole, Refusal> {
        let role = roles.iter().find(|role| self.has(role)).ok_or_else(refusals::role_missing)?;
        self.require(role)
    }

    /// Whether the role is held: for what is shown. What is done asks [`Session::require`].
    #[must_use]
    pub fn has(&self, role: &Role) -> bool {
        self.roles.contains(role)
    }

    /// Whose rows they may see.
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope::of_the_house(self.operator.clone())
    }

    /// Who acts, as the ledger names them: `staff:12`, without personal data.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match self.kind {
            AccountKind::Staff => Actor::staff(self.account.0),
            AccountKind::Applicant => Actor::applicant(self.account.0),
        }
    }
}

/// How someone proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// ID and password.
    Password,
    /// A passkey.
    Passkey,
    /// A client certificate.
    Certificate,
    /// A one-time link.
    Link,
}

/// The token that a form of this session bears (a synchroniser token). It follows from the cookie's token by a hash,
/// so it need not be stored, and it is of no use without the cookie.
#[derive(Clone)]
pub struct CsrfToken(Zeroizing<String>);

impl CsrfToken {
    pub(crate) fn of(token: &Token, digest: &dyn core_crypto::Digest) -> Self {
        Self(Zeroizing::new(token.derive(digest, "warifu gate csrf 1")))
    }

    /// For the hidden field [`kit_web::forms::CSRF`] of a form: what `kit_web::parts::Form::new` takes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a form's field is this token; in constant time.
    #[must_use]
    pub fn is(&self, field: &str) -> bool {
        self.0.as_bytes().ct_eq(field.as_bytes()).into()
    }
}

impl std::fmt::Debug for CsrfToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CsrfToken")
    }
}

/// A session just begun, and the secret that the browser is to keep.
#[derive(Clone)]
pub struct SignedIn {
    /// The session.
    pub session: Session,
    pub(crate) token: Token,
}

impl SignedIn {
    /// The value of the header `Set-Cookie` that hands the session to the browser.
    #[must_use]
    pub fn set_cookie(&self, gate: &crate::Gate) -> String {
        crate::cookies::set(gate.settings(), crate::cookies::SESSION, self.token.as_str())
    }
}

impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignedIn").field("session", &self.session).finish_non_exhaustive()
    }
}
