//! The outbox as staff see it: what waits, what was sent, what failed, and the button to send it again.

use crate::{Address, MailId, MailState, Outcome, Page, Paged, queue::enqueue_sending, state::lang_of_code};
use core_words::{Lang, OperatorId, UtcMicros};
use kit_store::{Row, StoreError, Tx, Value, params};

/// A try that has been under way for so long is certainly dead: 1 hour, in seconds.
pub(crate) const STUCK_SECONDS: i64 = 3_600;

/// Which mails of the outbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter<'a> {
    /// In this state.
    pub state: Option<MailState>,
    /// Of this case.
    pub case: Option<&'a str>,
    /// With these words, separated by spaces, somewhere in address, name, subject, case or reference. Upper and lower
    /// case are the same. Only the first five words count.
    pub words: &'a str,
}

/// A mail in the outbox. Its text is had by [`mail_text`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Its number.
    pub id: MailId,
    /// To whom.
    pub to: Address,
    /// The language of subject and text.
    pub lang: Lang,
    /// One line.
    pub subject: String,
    /// The case it belongs to.
    pub case: Option<String>,
    /// What its owner finds it by.
    pub reference: Option<String>,
    /// Which text it is.
    pub template: String,
    /// Where it stands.
    pub state: MailState,
    /// How often it was tried: as many as there are [`deliveries`].
    pub tries: u64,
    /// The recipient may have it twice: it went out again after a try whose outcome nobody knows.
    pub may_be_double: bool,
    /// `<…@…>`, the same in every try; `None` before it was first handed to a server.
    pub message_id: Option<String>,
    /// When it was queued; also its date.
    pub created: UtcMicros,
    /// When its state last changed.
    pub changed: UtcMicros,
    /// When the server took it.
    pub sent: Option<UtcMicros>,
}

/// One try to deliver a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Which, from 1.
    pub number: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// The code of the server's answer (RFC 5321 section 4.2), where it answered.
    pub code: Option<u16>,
    /// What the server or the connection said, at most 300 characters; may name the recipient.
    pub answer: String,
    /// When it was tried; where its text went out, when that began.
    pub begun: UtcMicros,
    /// When its end was noted. `None` while under way.
    pub ended: Option<UtcMicros>,
}

/// What came of asking to send a mail again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resent {
    /// It waits again, with all its tries before it and the Message-ID it had.
    Queued,
    /// It is in this state, from which it is not sent again: waiting, under way, or sent.
    NotFailed(MailState),
    /// This operator has no such mail.
    Unknown,
}

/// The mails of one operator, the latest first.
///
/// # Errors
/// Those of the store.
pub fn outbox(
    tx: &mut Tx,
    operator: &OperatorId,
    filter: &Filter<'_>,
    page: Page,
) -> Result<Paged<Mail>, StoreError> {
    let mut which = "operator = $1".to_owned();
    let mut values: Vec<Value<'_>> = vec![operator.as_str().into()];
    let mut and = |condition: &str, value: Value<'static>| {
        values.push(value);
        which.push_str(&format!(" AND {condition} ${}", values.len()));
        if condition.ends_with("LIKE") {
            which.push_str(" ESCAPE '!'");
        }
    };
    if let Some(state) = filter.state {
        and("state =", state.code().into());
    }
    if let Some(case) = filter.case {
        and("case_no =", case.to_owned().into());
    }
    for word in filter.words.split_whitespace().take(5) {
        and("search LIKE", like(word).into());
    }
    let total: i64 =
        tx.query_one(&format!("SELECT COUNT(*) FROM post_mail WHERE {which}"), &values)?.get(0)?;
    values.extend([page.size().into(), page.offset().into()]);
    let (size, offset) = (values.len() - 1, values.len());
    let sql = format!(
        "SELECT {COLUMNS} FROM post_mail WHERE {which} ORDER BY created_us DESC, id DESC LIMIT ${size} OFFSET ${offset}"
    );
    let rows = tx.query(&sql, &values)?.iter().map(parse).collect::<Result<_, _>>()?;
    Ok(Paged { rows, total: total.unsigned_abs() })
}

/// One mail of this operator.
///
/// # Errors
/// Those of the store.
pub fn mail(tx: &mut Tx, operator: &OperatorId, id: MailId) -> Result<Option<Mail>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM post_mail WHERE id = $1 AND operator = $2");
    tx.query_opt(&sql, params![id.0, operator.as_str()])?.as_ref().map(parse).transpose()
}

/// The text of one mail of this operator, lines separated by U+000A.
///
/// # Errors
/// Those of the store.
pub fn mail_text(tx: &mut Tx, operator: &OperatorId, id: MailId) -> Result<Option<String>, StoreError> {
    let sql = "SELECT body FROM post_mail WHERE id = $1 AND operator = $2";
    tx.query_opt(sql, params![id.0, operator.as_str()])?.map(|row| row.get(0)).transpose()
}

/// The delivery record of one mail of this operator: every try, in order.
///
/// # Errors
/// Those of the store.
pub fn deliveries(tx: &mut Tx, operator: &OperatorId, id: MailId) -> Result<Vec<Delivery>, StoreError> {
    let rows = tx.query(
        "SELECT number, outcome, code, answer, begun_us, ended_us FROM post_delivery \
         WHERE mail = $1 AND EXISTS (SELECT 1 FROM post_mail WHERE id = $1 AND operator = $2) ORDER BY number",
        params![id.0, operator.as_str()],
    )?;
    let parse = |row: &Row| -> Result<Delivery, StoreError> {
        Ok(Delivery {
            number: row.get::<i64>(0)?.unsigned_abs(),
            outcome: Outcome::of_code(row.get(1)?)?,
            code: row.get(2)?,
            answer: row.get(3)?,
            begun: row.get(4)?,
            ended: row.get(5)?,
        })
    };
    rows.iter().map(parse).collect()
}

/// How many mails of this operator are in each state that somebody may have to look at: waiting, sending, failed.
///
/// # Errors
/// Those of the store.
pub fn counts(tx: &mut Tx, operator: &OperatorId) -> Result<Vec<(MailState, u64)>, StoreError> {
    let rows = tx.query(
        "SELECT state, COUNT(*) FROM post_mail WHERE operator = $1 AND state <> 3 GROUP BY state ORDER BY state",
        params![operator.as_str()],
    )?;
    rows.iter().map(|row| Ok((MailState::of_code(row.get(0)?)?, row.get::<i64>(1)?.unsigned_abs()))).collect()
}

/// Lets a mail that failed be tried again. One whose try has been under way for an hour counts as failed: whatever
/// sent it is dead. Who did so goes into the caller's ledger entry, in the same transaction.
///
/// # Errors
/// Those of the store.
pub fn resend(tx: &mut Tx, operator: &OperatorId, id: MailId, now: UtcMicros) -> Result<Resent, StoreError> {
    let Some(found) = mail(tx, operator, id)? else { return Ok(Resent::Unknown) };
    let changed = tx.execute(
        "UPDATE post_mail SET state = $1, run = 0, changed_us = $2 \
         WHERE id = $3 AND (state = $4 OR (state = $5 AND changed_us < $6))",
        params![
            MailState::Waiting.code(),
            now,
            id.0,
            MailState::Failed.code(),
            MailState::Sending.code(),
            now.plus_seconds(-STUCK_SECONDS),
        ],
    )?;
    if changed == 0 {
        return Ok(Resent::NotFailed(found.state));
    }
    // The old job, should somebody run it again, is then no longer the one that may send this mail.
    let job = enqueue_sending(tx, id, now)?;
    tx.execute("UPDATE post_mail SET job = $1 WHERE id = $2", params![job, id.0])?;
    Ok(Resent::Queued)
}

const COLUMNS: &str = "id, to_address, to_name, lang, subject, case_no, reference, template, state, tries, doubled, \
                       mark, domain, created_us, changed_us, sent_us";

fn parse(row: &Row) -> Result<Mail, StoreError> {
    let to = Address::parse(row.get(1)?).map_err(|e| StoreError::Corrupt(e.to_string()))?;
    let to = to.named(row.get::<Option<&str>>(2)?.unwrap_or(""));
    let (mark, domain): (String, Option<String>) = (row.get(11)?, row.get(12)?);
    Ok(Mail {
        id: MailId(row.get(0)?),
        to,
        lang: lang_of_code(row.get(3)?)?,
        subject: row.get(4)?,
        case: row.get(5)?,
        reference: row.get(6)?,
        template: row.get(7)?,
        state: MailState::of_code(row.get(8)?)?,
        tries: row.get::<i64>(9)?.unsigned_abs(),
        may_be_double: row.get(10)?,
        message_id: domain.map(|domain| message_id(&mark, &domain)),
        created: row.get(13)?,
        changed: row.get(14)?,
        sent: row.get(15)?,
    })
}

/// A Message-ID of its two halves.
pub(crate) fn message_id(mark: &str, domain: &str) -> String {
    format!("<{mark}@{domain}>")
}

/// A pattern that finds `word` anywhere, whatever characters it has.
fn like(word: &str) -> String {
    let mut pattern = String::from("%");
    for c in word.to_lowercase().chars().filter(|c| !c.is_control()).take(100) {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
