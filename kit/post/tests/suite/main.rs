//! Mail and notices on both databases, against a real SMTP server: sent, refused, retried, killed (K11).

mod crash;
mod hostile;
mod notices;
mod outbox;
mod security;
mod sending;
mod support;
mod takeover;
mod trouble;
