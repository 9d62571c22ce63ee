//! A mail as octets: 7-bit clean, whatever language it is in and whatever goes with it (RFC 5322, RFC 2045, RFC 2046,
//! RFC 2047).

use crate::{Address, Attachment, MailSettings, outbox::message_id, record::Draft};
use core_words::UtcMicros;
use lettre::{
    Message,
    message::{
        Attachment as File, Body, Mailbox, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The last second that a Date header can name: the end of the year 9999.
const LAST_SECOND: i64 = 253_402_300_799;

/// Composes a mail. The same draft and domain give the same octets in every try.
///
/// # Errors
/// What the composer says; no draft that was queued is known to lead there.
pub(crate) fn compose(settings: &MailSettings, draft: &Draft, domain: &str) -> Result<Vec<u8>, String> {
    let message = Message::builder()
        .message_id(Some(message_id(&draft.mark, domain)))
        .date(date(draft.created))
        .from(mailbox(&settings.from))
        .to(mailbox(&draft.to))
        .subject(draft.subject.as_str())
        // Out-of-office programs do not answer what says so (RFC 3834 section 5).
        .raw_header(raw(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated"))
        .raw_header(raw(HeaderName::new_from_ascii_str("Content-Language"), draft.lang.tag()));
    let message = match &settings.reply_to {
        Some(address) => message.reply_to(mailbox(address)),
        None => message,
    };
    let text = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(draft.body.clone());
    let message = match draft.files.as_slice() {
        [] => message.singlepart(text),
        files => message.multipart(with_files(text, files, &draft.mark)?),
    };
    let mut octets = message.map_err(|e| e.to_string())?.formatted();
    // The transport ends the last line.
    while octets.ends_with(b"\r\n") {
        octets.truncate(octets.len() - 2);
    }
    Ok(octets)
}

/// The text, and after it the files (multipart/mixed). The boundary is the mail's own mark, the same in every try; its
/// random bits stand in no text.
fn with_files(text: SinglePart, files: &[Attachment], mark: &str) -> Result<MultiPart, String> {
    let mut parts = MultiPart::mixed().boundary(format!("=_{mark}")).singlepart(text);
    for file in files {
        let kind = file.content_type().ok_or("the media type of a file is none")?;
        let octets = Body::new_with_encoding(file.octets.clone(), ContentTransferEncoding::Base64)
            .map_err(|_| "a file cannot be written in base64")?;
        parts = parts.singlepart(File::new(file.name.clone()).body(octets, kind));
    }
    Ok(parts)
}

fn mailbox(address: &Address) -> Mailbox {
    Mailbox::new(address.name().map(str::to_owned), address.lettre())
}

fn raw(name: HeaderName, value: &str) -> HeaderValue {
    HeaderValue::new(name, value.to_owned())
}

fn date(time: UtcMicros) -> SystemTime {
    let seconds = time.whole_seconds().0.clamp(0, LAST_SECOND);
    UNIX_EPOCH + Duration::from_secs(seconds.unsigned_abs())
}
