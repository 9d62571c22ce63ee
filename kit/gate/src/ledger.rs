//! The acts of the gate as the ledger has them (K8).

/// Kinds of entries and what they mean. The subject is `account:NUMBER`, `account:unknown` where a sign-in named no
/// account; the role of a role entry follows behind a `/`.
pub const LEDGER_KINDS: &[(&str, &str)] = &[
    ("gate.account_created", "An account was made"),
    ("gate.account_activated", "A suspended account may be used again"),
    ("gate.account_renamed", "An account is called by another name"),
    ("gate.account_suspended", "An account was suspended; its sessions and links ended"),
    ("gate.account_closed", "An account was closed for good; its sessions and links ended"),
    ("gate.password_set", "An applicant's password was set; the account's sessions ended"),
    (
        "gate.credentials_removed",
        "The passkeys and client certificates of an account were removed; its sessions ended",
    ),
    ("gate.role_granted", "An account was given a role"),
    ("gate.role_withdrawn", "A role was taken from an account"),
    ("gate.link_made", "A one-time link was made"),
    ("gate.enrolled", "A passkey or client certificate was registered through a one-time link"),
    ("gate.signed_in", "Someone signed in"),
    ("gate.signed_out", "Someone signed out"),
    ("gate.refused", "A sign-in was refused"),
    ("gate.locked", "Sign-in was closed for a while after too many wrong tries"),
];
