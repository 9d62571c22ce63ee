//! Files that go with a mail.

use crate::MailId;
use kit_store::{StoreError, Tx, params};
use lettre::message::header::ContentType;

/// The most octets of all files of a mail together: 256 KiB. In base64 a third more goes out.
pub const MAX_ATTACHED: usize = 256 * 1024;
/// The most files of a mail.
const MAX_FILES: usize = 5;
/// The longest name or media type of a file, in characters.
const MAX_NAME: usize = 100;

/// A file that goes with a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// What it is called: ASCII letters, digits, `.`, `-` and `_`; at most 100. Mail programs disagree on all others.
    pub name: String,
    /// Its media type (RFC 2046): `text/calendar; charset=utf-8`. At most 100 characters.
    pub media_type: String,
    /// It.
    pub octets: Vec<u8>,
}

impl Attachment {
    /// The media type, where it is one.
    pub(crate) fn content_type(&self) -> Option<ContentType> {
        let short = self.media_type.len() <= MAX_NAME && !self.media_type.chars().any(char::is_control);
        short.then(|| ContentType::parse(&self.media_type).ok())?
    }
}

/// Refuses what does not fit in a mail.
pub(crate) fn check(files: &[Attachment]) -> Result<(), StoreError> {
    let wrong = |why: &str| Err(StoreError::Constraint(format!("the files of a mail: {why}")));
    if files.len() > MAX_FILES {
        return wrong("there are more than five");
    }
    if files.iter().map(|file| file.octets.len()).sum::<usize>() > MAX_ATTACHED {
        return wrong("they are larger than 256 KiB");
    }
    let plain = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    let named = |name: &str| (1..=MAX_NAME).contains(&name.len()) && plain(name) && !name.starts_with('.');
    if !files.iter().all(|file| named(&file.name)) {
        return wrong("a name has other characters than ASCII letters, digits, '.', '-' and '_'");
    }
    match files.iter().all(|file| file.content_type().is_some()) {
        true => Ok(()),
        false => wrong("a media type is none"),
    }
}

/// Keeps the files of a mail, in the transaction that queues it.
pub(crate) fn keep(tx: &mut Tx, mail: MailId, files: &[Attachment]) -> Result<(), StoreError> {
    for (number, file) in (1_i64..).zip(files) {
        tx.execute(
            "INSERT INTO post_attachment (mail, number, name, media_type, octets) VALUES ($1, $2, $3, $4, $5)",
            params![mail.0, number, &file.name, &file.media_type, &file.octets],
        )?;
    }
    Ok(())
}

/// The files of a mail, in their order.
pub(crate) fn load(tx: &mut Tx, mail: MailId) -> Result<Vec<Attachment>, StoreError> {
    let rows = tx.query(
        "SELECT name, media_type, octets FROM post_attachment WHERE mail = $1 ORDER BY number",
        params![mail.0],
    )?;
    rows.iter()
        .map(|row| Ok(Attachment { name: row.get(0)?, media_type: row.get(1)?, octets: row.get(2)? }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, media_type: &str, size: usize) -> Attachment {
        Attachment { name: name.into(), media_type: media_type.into(), octets: vec![0; size] }
    }

    #[test]
    fn k11_only_small_files_with_plain_names_go_with_a_mail() {
        assert!(check(&[]).is_ok());
        assert!(check(&[file("a.ics", "text/calendar; charset=utf-8", MAX_ATTACHED)]).is_ok());
        assert!(check(&[file("a", "a/b", MAX_ATTACHED), file("b", "a/b", 1)]).is_err());
        assert!(check(&vec![file("a", "a/b", 1); 6]).is_err());
        for name in ["", "a b", "a/b", "..", "\"", "a\r\nBcc: x", "期限.ics"] {
            assert!(check(&[file(name, "a/b", 1)]).is_err(), "{name:?}");
        }
        for media_type in ["", "text", "a/b\r\nBcc: x", &format!("a/{}", "b".repeat(100))] {
            assert!(check(&[file("a", media_type, 1)]).is_err(), "{media_type:?}");
        }
    }
}
