//! The notice board of the portal (お知らせ).

use crate::{Page, Paged, text};
use core_words::{OperatorId, Text, UtcMicros};
use kit_store::{Row, StoreError, Tx, params};

/// The longest link, in characters.
const MAX_LINK: usize = 500;
/// The most octets of a file that comes with a notice.
pub const MAX_NOTICE_FILE: usize = 64 << 10;
/// The longest name of a file, in characters.
const MAX_FILE_NAME: usize = 64;

/// The number of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NoticeId(pub i64);

/// A notice to be put up.
#[derive(Clone, Debug)]
pub struct NewNotice<'a> {
    /// On whose behalf.
    pub operator: &'a OperatorId,
    /// For whom: the desk's own name for them, opaque here, without personal data: `claims.provider:123`.
    pub recipient: &'a str,
    /// One line in both languages; cut at [`MAX_SUBJECT`](crate::MAX_SUBJECT) characters.
    pub subject: Text,
    /// Several lines in both languages; at most [`MAX_NOTICE`](crate::MAX_NOTICE) characters each.
    pub body: Text,
    /// The case it belongs to.
    pub case: Option<&'a str>,
    /// Where it leads: a path of this site, `/claims/cases/…`.
    pub link: Option<&'a str>,
}

/// A notice as it hangs on the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its number.
    pub id: NoticeId,
    /// One line.
    pub subject: Text,
    /// Several lines, separated by U+000A.
    pub body: Text,
    /// The case it belongs to.
    pub case: Option<String>,
    /// A path of this site.
    pub link: Option<String>,
    /// When it was put up.
    pub created: UtcMicros,
    /// When its recipient first read it; `None`: not yet.
    pub read: Option<UtcMicros>,
    /// The file that comes with it.
    pub file: Option<FileName>,
}

/// A file to come with a notice. It is stored as it is: what nobody else may read is encrypted before.
#[derive(Clone, Copy, Debug)]
pub struct NewFile<'a> {
    /// What it is saved as: letters and digits of ASCII, `.`, `-` and `_`; at most 64 characters, a letter or a digit
    /// first.
    pub name: &'a str,
    /// Its media type: `application/pkcs7-mime`.
    pub media_type: &'a str,
    /// It: at most [`MAX_NOTICE_FILE`] octets, and not none.
    pub octets: &'a [u8],
}

/// What a notice tells of its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName {
    /// What it is saved as.
    pub name: String,
    /// When its recipient first fetched it; `None`: not yet.
    pub fetched: Option<UtcMicros>,
}

/// A file that came with a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeFile {
    /// What it is saved as.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// It.
    pub octets: Vec<u8>,
}

/// Puts up a notice. It hangs there when `tx` commits.
///
/// # Errors
/// [`StoreError::Constraint`] when a text is over its limit or the link is no path of this site; otherwise those of
/// the store.
pub fn put_notice(tx: &mut Tx, notice: &NewNotice<'_>, now: UtcMicros) -> Result<NoticeId, StoreError> {
    for label in [Some(notice.recipient), notice.case].into_iter().flatten() {
        text::label("the recipient or case of a notice", label)?;
    }
    for body in [&notice.body.ja, &notice.body.en] {
        text::within("the text of a notice", body, text::MAX_NOTICE)?;
    }
    if notice.link.is_some_and(|link| !is_path(link)) {
        return Err(StoreError::Constraint("the link of a notice is not a path of this site".to_owned()));
    }
    let id = NoticeId(tx.next_id()?);
    tx.execute(
        "INSERT INTO post_notice (id, operator, recipient, subject_ja, subject_en, body_ja, body_en, case_no, \
         link, created_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            id.0,
            notice.operator.as_str(),
            notice.recipient,
            text::line(&notice.subject.ja, text::MAX_SUBJECT),
            text::line(&notice.subject.en, text::MAX_SUBJECT),
            text::lines(&notice.body.ja),
            text::lines(&notice.body.en),
            notice.case,
            notice.link,
            now,
        ],
    )?;
    Ok(id)
}

/// Puts up a notice that carries a file.
///
/// # Errors
/// Those of [`put_notice`]; [`StoreError::Constraint`] also when the file has no name to be saved under, no media type,
/// no octets or too many.
pub fn put_notice_with_file(
    tx: &mut Tx,
    notice: &NewNotice<'_>,
    file: &NewFile<'_>,
    now: UtcMicros,
) -> Result<NoticeId, StoreError> {
    if !is_name(file.name) || !is_media_type(file.media_type) {
        return Err(StoreError::Constraint("the name or type of a notice's file".to_owned()));
    }
    if file.octets.is_empty() || file.octets.len() > MAX_NOTICE_FILE {
        return Err(StoreError::Constraint(format!("a notice's file of {} octets", file.octets.len())));
    }
    let id = put_notice(tx, notice, now)?;
    tx.execute(
        "INSERT INTO post_notice_file (notice, name, media_type, octets) VALUES ($1, $2, $3, $4)",
        params![id.0, file.name, file.media_type, file.octets],
    )?;
    Ok(id)
}

/// One notice of a recipient; `None` also for one of somebody else.
///
/// # Errors
/// Those of the store.
pub fn notice(
    tx: &mut Tx,
    operator: &OperatorId,
    recipient: &str,
    id: NoticeId,
) -> Result<Option<Notice>, StoreError> {
    let sql = format!("{SELECT} WHERE n.id = $1 AND n.operator = $2 AND n.recipient = $3");
    tx.query_opt(&sql, params![id.0, operator.as_str(), recipient])?.as_ref().map(parse).transpose()
}

/// The file of a notice, which counts as fetched from now on, and its notice as read; whether this was the first time.
/// `None` for a notice without one, and for one of somebody else.
///
/// # Errors
/// Those of the store.
pub fn fetch_file(
    tx: &mut Tx,
    operator: &OperatorId,
    recipient: &str,
    id: NoticeId,
    now: UtcMicros,
) -> Result<Option<(NoticeFile, bool)>, StoreError> {
    let row = tx.query_opt(
        "SELECT f.name, f.media_type, f.octets FROM post_notice_file f JOIN post_notice n ON n.id = f.notice \
         WHERE f.notice = $1 AND n.operator = $2 AND n.recipient = $3",
        params![id.0, operator.as_str(), recipient],
    )?;
    let Some(row) = row else { return Ok(None) };
    let file = NoticeFile { name: row.get(0)?, media_type: row.get(1)?, octets: row.get(2)? };
    let fetched = tx.execute(
        "UPDATE post_notice_file SET fetched_us = $1 WHERE notice = $2 AND fetched_us IS NULL",
        params![now, id.0],
    )?;
    mark_read(tx, operator, recipient, id, now)?;
    Ok(Some((file, fetched == 1)))
}

/// The notices of one recipient, the latest first.
///
/// # Errors
/// Those of the store.
pub fn notices(
    tx: &mut Tx,
    operator: &OperatorId,
    recipient: &str,
    page: Page,
) -> Result<Paged<Notice>, StoreError> {
    let total: i64 = tx
        .query_one(
            "SELECT COUNT(*) FROM post_notice WHERE operator = $1 AND recipient = $2",
            params![operator.as_str(), recipient],
        )?
        .get(0)?;
    let sql = format!(
        "{SELECT} WHERE n.operator = $1 AND n.recipient = $2 ORDER BY n.created_us DESC, n.id DESC LIMIT $3 OFFSET $4"
    );
    let rows = tx.query(&sql, params![operator.as_str(), recipient, page.size(), page.offset()])?;
    Ok(Paged { rows: rows.iter().map(parse).collect::<Result<_, _>>()?, total: total.unsigned_abs() })
}

/// Takes down every notice about a case from the board of a recipient, with its file: when the case itself is gone. How
/// many there were.
///
/// # Errors
/// Those of the store.
pub fn take_down(tx: &mut Tx, operator: &OperatorId, recipient: &str, case: &str) -> Result<u64, StoreError> {
    let values = params![operator.as_str(), recipient, case];
    tx.execute(
        "DELETE FROM post_notice_file WHERE notice IN \
         (SELECT id FROM post_notice WHERE operator = $1 AND recipient = $2 AND case_no = $3)",
        values,
    )?;
    tx.execute("DELETE FROM post_notice WHERE operator = $1 AND recipient = $2 AND case_no = $3", values)
}

/// Remembers when a notice was first read. True when this was the first time; a notice of somebody else is left
/// alone.
///
/// # Errors
/// Those of the store.
pub fn mark_read(
    tx: &mut Tx,
    operator: &OperatorId,
    recipient: &str,
    id: NoticeId,
    now: UtcMicros,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE post_notice SET read_us = $1 WHERE id = $2 AND operator = $3 AND recipient = $4 AND read_us IS NULL",
        params![now, id.0, operator.as_str(), recipient],
    )?;
    Ok(changed == 1)
}

/// How many notices of one recipient have not been read.
///
/// # Errors
/// Those of the store.
pub fn count_unread(tx: &mut Tx, operator: &OperatorId, recipient: &str) -> Result<u64, StoreError> {
    let row = tx.query_one(
        "SELECT COUNT(*) FROM post_notice WHERE operator = $1 AND recipient = $2 AND read_us IS NULL",
        params![operator.as_str(), recipient],
    )?;
    Ok(row.get::<i64>(0)?.unsigned_abs())
}

/// Notices as [`parse`] reads them.
const SELECT: &str = "SELECT n.id, n.subject_ja, n.subject_en, n.body_ja, n.body_en, n.case_no, n.link, \
                      n.created_us, n.read_us, f.name, f.fetched_us \
                      FROM post_notice n LEFT JOIN post_notice_file f ON f.notice = n.id";

fn parse(row: &Row) -> Result<Notice, StoreError> {
    let name: Option<String> = row.get(9)?;
    let fetched = row.get(10)?;
    Ok(Notice {
        id: NoticeId(row.get(0)?),
        subject: Text::new(row.get::<String>(1)?, row.get::<String>(2)?),
        body: Text::new(row.get::<String>(3)?, row.get::<String>(4)?),
        case: row.get(5)?,
        link: row.get(6)?,
        created: row.get(7)?,
        read: row.get(8)?,
        file: name.map(|name| FileName { name, fetched }),
    })
}

/// Whether a name can stand in a header, and on any disk.
fn is_name(name: &str) -> bool {
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b));
    plain && name.len() <= MAX_FILE_NAME && name.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric())
}

/// Whether a media type can stand in a header: `type/subtype`, without parameters.
fn is_media_type(text: &str) -> bool {
    let token = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b".-+".contains(&b))
    };
    text.len() <= 100 && text.split_once('/').is_some_and(|(kind, sub)| token(kind) && token(sub))
}

/// Whether a link stays on this site: browsers take `//` and `/\` for another one.
fn is_path(link: &str) -> bool {
    let plain = link.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    plain && link.len() <= MAX_LINK && link.starts_with('/') && !link.starts_with("//")
}

#[cfg(test)]
mod tests {
    use super::{is_media_type, is_name, is_path};

    #[test]
    fn k11_a_file_has_a_name_that_any_disk_takes() {
        assert!(is_name("notice.p7m") && is_name("C-2026-1_a.pdf"));
        let long = "a".repeat(65);
        for bad in ["", ".p7m", "-rf", "a b", "a\"b", "a/b", "a\r\nb", "あ.p7m", &long] {
            assert!(!is_name(bad), "{bad:?}");
        }
        assert!(is_media_type("application/pkcs7-mime"));
        for bad in ["", "application", "/x", "x/", "text/plain; charset=utf-8", "a/b/c", "a/b\r\nX: y"] {
            assert!(!is_media_type(bad), "{bad:?}");
        }
    }

    #[test]
    fn k11_links_stay_on_this_site() {
        assert!(is_path("/claims/cases/C-2026-0001234-5?tab=1#top") && is_path("/"));
        for bad in
            ["", "//evil.example", "/\\evil.example", "https://evil.example", "javascript:x", "/a b", "/\n"]
        {
            assert!(!is_path(bad), "{bad:?}");
        }
        assert!(!is_path(&format!("/{}", "a".repeat(500))));
    }
}
