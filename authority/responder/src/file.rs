//! One file over HTTP: conditional requests, ranges, caching (RFC 9110 §13, §14; RFC 9111).

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use core_words::UtcMicros;
use headers::{
    ETag, HeaderMapExt, IfMatch, IfModifiedSince, IfNoneMatch, IfRange, IfUnmodifiedSince, LastModified,
    Range,
};
use kit_store::{
    StoreError,
    blobs::{Blob, BlobStore},
};
use std::{
    io::{Read, Seek, SeekFrom},
    ops::Bound,
    time::{Duration, SystemTime},
};

/// Octets read from a file at a time. A slow reader holds so much memory and no thread.
const PIECE: u64 = 128 * 1024;

/// What is known of a file before it is opened.
#[derive(Clone, Debug)]
pub(crate) struct About {
    /// The media type.
    pub(crate) content_type: &'static str,
    /// SHA-256 of the content: the strong validator.
    pub(crate) sha256: [u8; 32],
    /// Its length in octets.
    pub(crate) octets: u64,
    /// Since when it is what it is.
    pub(crate) modified: UtcMicros,
    /// Until when a cache may use it without asking again, and when it must be gone.
    pub(crate) fresh: Fresh,
}

/// How long a cache may keep a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fresh {
    /// Seconds without asking again.
    pub(crate) max_age: u64,
    /// When it expires by its own content; `None` when it says nothing.
    pub(crate) expires: Option<UtcMicros>,
}

/// Where the content comes from.
pub(crate) enum Content {
    /// Small, and in memory.
    Octets(Vec<u8>),
    /// A file, read as it is sent.
    Blob(Box<dyn Blob>),
}

/// What a request gets, before the content is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// 304: it has the file already.
    NotModified,
    /// 412: it wants a file that this is not any more.
    PreconditionFailed,
    /// 416: it wants a part that does not exist.
    NotSatisfiable,
    /// 200.
    Whole,
    /// 206: from the first octet, so many.
    Part {
        /// The first octet.
        from: u64,
        /// How many.
        count: u64,
    },
}

impl Verdict {
    /// Whether content is sent: not when there is nothing to say, and not for HEAD.
    pub(crate) fn sends(self, method: &Method) -> bool {
        matches!(self, Self::Whole | Self::Part { .. }) && *method != Method::HEAD
    }
}

impl About {
    fn etag(&self) -> ETag {
        let hex: String = self.sha256.iter().map(|b| format!("{b:02x}")).collect();
        format!("\"{hex}\"").parse().expect("hexadecimal digits in quotes are an entity tag")
    }

    /// Decides, in the order of RFC 9110 §13.2.2.
    pub(crate) fn judge(&self, request: &HeaderMap) -> Verdict {
        let (etag, modified) = (self.etag(), system_time(self.modified));
        if let Some(wanted) = request.typed_get::<IfMatch>() {
            if !wanted.precondition_passes(&etag) {
                return Verdict::PreconditionFailed;
            }
        } else if let Some(since) = request.typed_get::<IfUnmodifiedSince>()
            && !since.precondition_passes(modified)
        {
            return Verdict::PreconditionFailed;
        }
        if let Some(known) = request.typed_get::<IfNoneMatch>() {
            if !known.precondition_passes(&etag) {
                return Verdict::NotModified;
            }
        } else if let Some(since) = request.typed_get::<IfModifiedSince>()
            && !since.is_modified(modified)
        {
            return Verdict::NotModified;
        }
        let stale = request
            .typed_get::<IfRange>()
            .is_some_and(|known| known.is_modified(Some(&etag), Some(&LastModified::from(modified))));
        match request.typed_get::<Range>() {
            Some(range) if !stale => self.part(&range),
            _ => Verdict::Whole,
        }
    }

    /// One range is served; several at once are answered with the whole, as RFC 9110 §14.2 allows.
    fn part(&self, range: &Range) -> Verdict {
        let mut wanted = range.satisfiable_ranges(self.octets);
        let (Some(first), None) = (wanted.next(), wanted.next()) else {
            return if range.satisfiable_ranges(self.octets).next().is_none() {
                Verdict::NotSatisfiable
            } else {
                Verdict::Whole
            };
        };
        let from = match first.0 {
            Bound::Included(from) => from,
            Bound::Excluded(before) => before.saturating_add(1),
            Bound::Unbounded => 0,
        };
        let end = match first.1 {
            Bound::Included(last) => last.saturating_add(1),
            Bound::Excluded(end) => end,
            Bound::Unbounded => self.octets,
        };
        let end = end.min(self.octets);
        if from < end { Verdict::Part { from, count: end - from } } else { Verdict::NotSatisfiable }
    }

    /// The answer, with `content` where there is something to send: see [`Verdict::sends`].
    pub(crate) fn answer(&self, verdict: Verdict, content: Option<Content>) -> Response {
        let (status, from, count) = match verdict {
            Verdict::NotModified => (StatusCode::NOT_MODIFIED, 0, 0),
            Verdict::PreconditionFailed => (StatusCode::PRECONDITION_FAILED, 0, 0),
            Verdict::NotSatisfiable => (StatusCode::RANGE_NOT_SATISFIABLE, 0, 0),
            Verdict::Whole => (StatusCode::OK, 0, self.octets),
            Verdict::Part { from, count } => (StatusCode::PARTIAL_CONTENT, from, count),
        };
        let body = match content {
            Some(content) if status.is_success() => content.part(from, count),
            _ => Body::empty(),
        };
        let mut response = (status, body).into_response();
        let head = response.headers_mut();
        head.typed_insert(self.etag());
        head.typed_insert(LastModified::from(system_time(self.modified)));
        self.fresh.write(head);
        match verdict {
            Verdict::NotModified | Verdict::PreconditionFailed => return response,
            Verdict::NotSatisfiable => put(head, header::CONTENT_RANGE, format!("bytes */{}", self.octets)),
            Verdict::Whole => {}
            Verdict::Part { .. } => {
                put(
                    head,
                    header::CONTENT_RANGE,
                    format!("bytes {from}-{}/{}", from + count - 1, self.octets),
                );
            }
        }
        head.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        head.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if status.is_success() {
            head.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
            put(head, header::CONTENT_LENGTH, count.to_string());
        }
        response
    }
}

impl Fresh {
    fn write(self, head: &mut HeaderMap) {
        let control = match self.max_age {
            0 => "no-cache".to_owned(),
            seconds => format!("public, max-age={seconds}, must-revalidate"),
        };
        put(head, header::CACHE_CONTROL, control);
        if let Some(expires) = self.expires {
            head.typed_insert(headers::Expires::from(system_time(expires)));
        }
    }
}

fn put(head: &mut HeaderMap, name: HeaderName, value: String) {
    head.insert(name, HeaderValue::try_from(value).expect("digits and ASCII words are a header value"));
}

impl Content {
    /// `count` octets from `from` on.
    fn part(self, from: u64, count: u64) -> Body {
        match self {
            Self::Octets(octets) => {
                let from = usize::try_from(from).unwrap_or(usize::MAX).min(octets.len());
                let end = usize::try_from(count).unwrap_or(usize::MAX).saturating_add(from).min(octets.len());
                Body::from(octets[from..end].to_vec())
            }
            Self::Blob(blob) => stream(blob, from, count),
        }
    }
}

/// Reads piece by piece, each on a thread of the blocking pool, as fast as the other side takes them.
fn stream(blob: Box<dyn Blob>, from: u64, count: u64) -> Body {
    struct Rest {
        blob: Box<dyn Blob>,
        at: u64,
        left: u64,
    }
    let rest = Rest { blob, at: from, left: count };
    Body::from_stream(futures_util::stream::try_unfold(rest, |mut rest| async move {
        if rest.left == 0 {
            return Ok::<_, std::io::Error>(None);
        }
        let read = move || {
            let mut piece = vec![0; rest.left.min(PIECE) as usize];
            rest.blob.seek(SeekFrom::Start(rest.at))?;
            rest.blob.read_exact(&mut piece)?;
            rest.at += piece.len() as u64;
            rest.left -= piece.len() as u64;
            Ok(Some((piece, rest)))
        };
        tokio::task::spawn_blocking(read).await.map_err(std::io::Error::other)?
    }))
}

/// HTTP dates have whole seconds; times before 1970 do not come up and read as 1970.
fn system_time(time: UtcMicros) -> SystemTime {
    let seconds = u64::try_from(time.whole_seconds().0).unwrap_or(0);
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// Opens a file of the store on a thread of the blocking pool.
pub(crate) async fn open(
    blobs: std::sync::Arc<dyn BlobStore>,
    name: String,
) -> Result<Option<Box<dyn Blob>>, StoreError> {
    let opened = tokio::task::spawn_blocking(move || blobs.open(&name)).await;
    opened.map_err(|e| StoreError::Io(e.to_string()))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about() -> About {
        About {
            content_type: "application/pkix-crl",
            sha256: [0xab; 32],
            octets: 1_000,
            modified: UtcMicros(1_700_000_000_000_000),
            fresh: Fresh { max_age: 60, expires: None },
        }
    }

    fn judge(headers: &[(&'static str, &str)]) -> Verdict {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::try_from(*value).expect("a header value"));
        }
        about().judge(&map)
    }

    const TAG: &str = "\"abababababababababababababababababababababababababababababababab\"";
    const SAME: &str = "Tue, 14 Nov 2023 22:13:20 GMT";
    const EARLIER: &str = "Tue, 14 Nov 2023 22:13:19 GMT";

    #[test]
    fn whoever_has_it_is_told_so() {
        assert_eq!(judge(&[]), Verdict::Whole);
        for (name, value, verdict) in [
            ("if-none-match", TAG, Verdict::NotModified),
            ("if-none-match", "\"other\"", Verdict::Whole),
            ("if-none-match", "*", Verdict::NotModified),
            ("if-modified-since", SAME, Verdict::NotModified),
            ("if-modified-since", EARLIER, Verdict::Whole),
            ("if-match", TAG, Verdict::Whole),
            ("if-match", "\"other\"", Verdict::PreconditionFailed),
            ("if-unmodified-since", EARLIER, Verdict::PreconditionFailed),
            ("if-unmodified-since", SAME, Verdict::Whole),
        ] {
            assert_eq!(judge(&[(name, value)]), verdict, "{name}: {value}");
        }
        // A tag is worth more than a date.
        assert_eq!(judge(&[("if-none-match", "\"other\""), ("if-modified-since", SAME)]), Verdict::Whole);
        assert_eq!(judge(&[("if-none-match", &format!("W/{TAG}, \"x\""))]), Verdict::NotModified);
    }

    #[test]
    fn ranges_at_their_ends() {
        let part = |from, count| Verdict::Part { from, count };
        for (value, verdict) in [
            ("bytes=0-0", part(0, 1)),
            ("bytes=0-999", part(0, 1_000)),
            ("bytes=500-", part(500, 500)),
            ("bytes=-1", part(999, 1)),
            ("bytes=-1000", part(0, 1_000)),
            ("bytes=999-5000", part(999, 1)),
            ("bytes=1000-", Verdict::NotSatisfiable),
            ("bytes=5-1", Verdict::NotSatisfiable),
            ("bytes=0-1,5-6", Verdict::Whole),
            ("lines=0-1", Verdict::Whole),
            ("nonsense", Verdict::Whole),
        ] {
            assert_eq!(judge(&[("range", value)]), verdict, "{value}");
        }
    }

    #[test]
    fn a_range_of_something_that_changed_meanwhile_is_the_whole() {
        assert_eq!(judge(&[("range", "bytes=0-9"), ("if-range", TAG)]), Verdict::Part { from: 0, count: 10 });
        assert_eq!(judge(&[("range", "bytes=0-9"), ("if-range", "\"other\"")]), Verdict::Whole);
        assert_eq!(judge(&[("range", "bytes=0-9"), ("if-range", EARLIER)]), Verdict::Whole);
        // RFC 9110 §13.2.2: the condition on the whole comes before the range.
        assert_eq!(judge(&[("range", "bytes=0-9"), ("if-none-match", TAG)]), Verdict::NotModified);
    }
}
