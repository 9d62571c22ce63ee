//! Outbox, worker, schedules, retry or give up.
