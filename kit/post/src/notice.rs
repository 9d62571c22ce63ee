//! The notice board of the portal (お知らせ).

use crate::{Page, Paged, text};
use core_words::{OperatorId, Text, UtcMicros};
use kit_store::{Row, StoreError, Tx, params};

/// The longest link, in characters.
const MAX_LINK: usize = 500;

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
    let rows = tx.query(
        "SELECT id, subject_ja, subject_en, body_ja, body_en, case_no, link, created_us, read_us \
         FROM post_notice WHERE operator = $1 AND recipient = $2 \
         ORDER BY created_us DESC, id DESC LIMIT $3 OFFSET $4",
        params![operator.as_str(), recipient, page.size(), page.offset()],
    )?;
    Ok(Paged { rows: rows.iter().map(parse).collect::<Result<_, _>>()?, total: total.unsigned_abs() })
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

fn parse(row: &Row) -> Result<Notice, StoreError> {
    Ok(Notice {
        id: NoticeId(row.get(0)?),
        subject: Text::new(row.get::<String>(1)?, row.get::<String>(2)?),
        body: Text::new(row.get::<String>(3)?, row.get::<String>(4)?),
        case: row.get(5)?,
        link: row.get(6)?,
        created: row.get(7)?,
        read: row.get(8)?,
    })
}

/// Whether a link stays on this site: browsers take `//` and `/\` for another one.
fn is_path(link: &str) -> bool {
    let plain = link.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    plain && link.len() <= MAX_LINK && link.starts_with('/') && !link.starts_with("//")
}

#[cfg(test)]
mod tests {
    use super::is_path;

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
