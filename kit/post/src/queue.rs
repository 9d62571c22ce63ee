//! Queueing a mail, in the transaction of the act that it tells of.

use crate::{Address, Attachment, MailState, attachment, state::lang_code, text};
use core_crypto::Dice;
use core_words::{Lang, OperatorId, UtcMicros};
use kit_jobs::{NewJob, Payload, enqueue};
use kit_store::{StoreError, Tx, params};

/// The kind of job that sends a mail.
pub const MAIL_JOB: &str = "post.mail";
/// The version of the payload of [`MAIL_JOB`]: the mail's number, 8 octets, big-endian.
const PAYLOAD: u16 = 1;

/// The number of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MailId(pub i64);

impl std::fmt::Display for MailId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "mail:{}", self.0)
    }
}

/// A mail to be queued. Its owner has rendered it: what stands here is what is sent.
#[derive(Clone, Debug)]
pub struct NewMail<'a> {
    /// On whose behalf; only this operator's staff see it in the outbox.
    pub operator: &'a OperatorId,
    /// To whom.
    pub to: &'a Address,
    /// The language of subject and text, for `Content-Language`.
    pub lang: Lang,
    /// One line. Control characters become spaces, `=?` gets one inside; cut at [`MAX_SUBJECT`](crate::MAX_SUBJECT)
    /// characters.
    pub subject: &'a str,
    /// Plain text, lines separated in any way; at most [`MAX_TEXT`](crate::MAX_TEXT) characters.
    pub text: &'a str,
    /// The case it belongs to, for the case's time line.
    pub case: Option<&'a str>,
    /// Anything the owner wants to find it by: a request id.
    pub reference: Option<&'a str>,
    /// Which text it is, for staff: `claims.issued`.
    pub template: &'static str,
}

/// Queues a mail and the job that sends it. It will be sent when `tx` commits, and never when it does not. Its
/// Message-ID and its date are fixed here, whatever happens later.
///
/// # Errors
/// [`StoreError::Constraint`] when a text is over its limit; otherwise those of the store.
pub fn queue_mail(
    tx: &mut Tx,
    mail: &NewMail<'_>,
    now: UtcMicros,
    dice: &dyn Dice,
) -> Result<MailId, StoreError> {
    queue_mail_with(tx, mail, &[], now, dice)
}

/// The same with files: at most five, of at most [`MAX_ATTACHED`](crate::MAX_ATTACHED) octets together. They come after
/// the text, in this order.
///
/// # Errors
/// [`StoreError::Constraint`] when a text or a file is over its limit, or a name or media type is none; otherwise those
/// of the store.
pub fn queue_mail_with(
    tx: &mut Tx,
    mail: &NewMail<'_>,
    files: &[Attachment],
    now: UtcMicros,
    dice: &dyn Dice,
) -> Result<MailId, StoreError> {
    attachment::check(files)?;
    text::within("the text of a mail", mail.text, text::MAX_TEXT)?;
    for label in [mail.case, mail.reference, Some(mail.template)].into_iter().flatten() {
        text::label("the case, reference or template of a mail", label)?;
    }
    let id = MailId(tx.next_id()?);
    let job = enqueue_sending(tx, id, now)?;
    let subject = text::header(mail.subject, text::MAX_SUBJECT);
    let sought = [mail.to.as_str(), mail.to.name().unwrap_or(""), &subject, mail.case.unwrap_or("")];
    let search = format!("{} {}", sought.join(" "), mail.reference.unwrap_or("")).to_lowercase();
    tx.execute(
        "INSERT INTO post_mail (id, operator, to_address, to_name, lang, subject, body, case_no, reference, \
         template, mark, state, job, run, tries, doubled, search, created_us, changed_us) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0, 0, $14, $15, $15)",
        params![
            id.0,
            mail.operator.as_str(),
            mail.to.as_str(),
            mail.to.name(),
            lang_code(mail.lang),
            subject,
            text::lines(mail.text),
            mail.case,
            mail.reference,
            mail.template,
            mark(id, dice),
            MailState::Waiting.code(),
            job,
            search,
            now,
        ],
    )?;
    attachment::keep(tx, id, files)?;
    Ok(id)
}

/// Queues the job that sends a mail; its number.
pub(crate) fn enqueue_sending(tx: &mut Tx, id: MailId, now: UtcMicros) -> Result<i64, StoreError> {
    let job = NewJob::new(MAIL_JOB, PAYLOAD, id.0.to_be_bytes());
    Ok(enqueue(tx, &job, now)?.id().0)
}

/// Which mail a job sends; `None` for a payload that no release has queued.
pub(crate) fn mail_of(payload: &Payload) -> Option<MailId> {
    let octets = <[u8; 8]>::try_from(payload.octets.as_slice()).ok()?;
    (payload.version == PAYLOAD).then(|| MailId(i64::from_be_bytes(octets)))
}

/// The left half of a Message-ID (RFC 5322 section 3.6.4): the number, which is unique here, and 80 random bits, which
/// make it unique among installations and after a restore.
fn mark(id: MailId, dice: &dyn Dice) -> String {
    let mut random = [0; 10];
    dice.fill(&mut random);
    let random: String = random.iter().map(|octet| format!("{octet:02x}")).collect();
    format!("{}.{random}", id.0)
}
