//! Sessions, roles, passkeys, client certificates, one-time links, CSRF, lock-out.
