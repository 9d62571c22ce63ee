//! What the database knows of a mail on its way: each change is a compare-and-set under the mail's own row.

use crate::{
    Address, Attachment, MailId, MailState, Outcome, attachment, dialogue::Ending, state::lang_of_code,
};
use core_words::{Lang, UtcMicros};
use kit_jobs::JobError;
use kit_store::{StoreError, Tx, params};

/// A mail as it is composed.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) to: Address,
    pub(crate) lang: Lang,
    pub(crate) subject: String,
    pub(crate) body: String,
    pub(crate) files: Vec<Attachment>,
    pub(crate) mark: String,
    pub(crate) domain: Option<String>,
    pub(crate) created: UtcMicros,
    pub(crate) state: MailState,
    pub(crate) job: i64,
}

/// One run of a mail's job.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) mail: MailId,
    pub(crate) job: i64,
    pub(crate) run: u16,
    /// After this run there is no other but one that somebody asked for, which counts from 1 again.
    pub(crate) last_run: u16,
    /// The right half of the Message-ID.
    pub(crate) domain: String,
}

/// The mail; `None` when there is none (any more).
pub(crate) fn load(tx: &mut Tx, id: MailId) -> Result<Option<Draft>, StoreError> {
    let row = tx.query_opt(
        "SELECT to_address, to_name, lang, subject, body, mark, domain, created_us, state, job \
         FROM post_mail WHERE id = $1",
        params![id.0],
    )?;
    let Some(row) = row else { return Ok(None) };
    let to = Address::parse(row.get(0)?).map_err(|e| StoreError::Corrupt(e.to_string()))?;
    Ok(Some(Draft {
        to: to.named(row.get::<Option<&str>>(1)?.unwrap_or("")),
        lang: lang_of_code(row.get(2)?)?,
        subject: row.get(3)?,
        body: row.get(4)?,
        files: attachment::load(tx, id)?,
        mark: row.get(5)?,
        domain: row.get(6)?,
        created: row.get(7)?,
        state: MailState::of_code(row.get(8)?)?,
        job: row.get(9)?,
    }))
}

/// Opens a try: its number. A try that an earlier run left open becomes one whose outcome nobody knows.
///
/// [`JobError::Lost`] when this run is not the one that may send the mail: it was sent, or is another job's, or a
/// later run has dealt with it, which means that this one slept through its lease.
pub(crate) fn begin(tx: &mut Tx, run: &Run, now: UtcMicros) -> Result<i64, JobError> {
    let changed = tx.query_opt(
        "UPDATE post_mail SET state = 2, run = $1, tries = tries + 1, domain = $2, changed_us = $3 \
         WHERE id = $4 AND job = $5 AND (domain IS NULL OR domain = $2) \
         AND (state = 4 OR (state IN (1, 2) AND (run <= $1 OR run >= $6))) RETURNING tries",
        params![run.run, &run.domain, now, run.mail.0, run.job, run.last_run],
    )?;
    let number: i64 = changed.ok_or(JobError::Lost)?.get(0)?;
    tx.execute(
        "UPDATE post_delivery SET outcome = $1, ended_us = $2 WHERE mail = $3 AND outcome = $4",
        params![Outcome::Unknown.code(), now, run.mail.0, Outcome::UnderWay.code()],
    )?;
    tx.execute(
        "INSERT INTO post_delivery (mail, number, outcome, answer, begun_us) VALUES ($1, $2, $3, '', $4)",
        params![run.mail.0, number, Outcome::UnderWay.code(), now],
    )?;
    Ok(number)
}

/// Says for ever that the recipient may have the mail twice, when an earlier try may have been accepted: for a mail
/// whose text is about to go out.
pub(crate) fn note_double(tx: &mut Tx, run: &Run) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE post_mail SET doubled = 1 WHERE id = $1 AND doubled = 0 \
         AND EXISTS (SELECT 1 FROM post_delivery WHERE mail = $1 AND outcome = $2)",
        params![run.mail.0, Outcome::Unknown.code()],
    )?;
    Ok(())
}

/// Closes a try and leaves the mail in `state`. Again without harm, should the first commit have been durable after
/// all: false then.
///
/// [`JobError::Lost`] when a later run has taken the mail over.
pub(crate) fn end(
    tx: &mut Tx,
    run: &Run,
    number: i64,
    ending: &Ending,
    state: MailState,
    now: UtcMicros,
) -> Result<bool, JobError> {
    let sent = (state == MailState::Sent).then_some(now);
    let changed = tx.execute(
        "UPDATE post_mail SET state = $1, changed_us = $2, sent_us = $3 \
         WHERE id = $4 AND job = $5 AND run = $6 AND tries = $7 AND state = 2",
        params![state.code(), now, sent, run.mail.0, run.job, run.run, number],
    )?;
    if changed == 0 {
        let noted = tx.query_opt(
            "SELECT outcome FROM post_delivery WHERE mail = $1 AND number = $2 AND outcome = $3",
            params![run.mail.0, number, ending.outcome.code()],
        )?;
        return if noted.is_some() { Ok(false) } else { Err(JobError::Lost) };
    }
    tx.execute(
        "UPDATE post_delivery SET outcome = $1, code = $2, answer = $3, ended_us = $4 \
         WHERE mail = $5 AND number = $6 AND outcome = $7",
        params![
            ending.outcome.code(),
            ending.code,
            &ending.answer,
            now,
            run.mail.0,
            number,
            Outcome::UnderWay.code()
        ],
    )?;
    Ok(true)
}

/// Keeps the truth of a try that was accepted after a later run had taken the mail over.
pub(crate) fn note_late(tx: &mut Tx, run: &Run, number: i64, ending: &Ending) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE post_delivery SET outcome = $1, code = $2, answer = $3 \
         WHERE mail = $4 AND number = $5 AND outcome IN ($6, $7)",
        params![
            ending.outcome.code(),
            ending.code,
            &ending.answer,
            run.mail.0,
            number,
            Outcome::UnderWay.code(),
            Outcome::Unknown.code()
        ],
    )?;
    Ok(())
}
