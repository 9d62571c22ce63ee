//! What kind of PDF: an archive's, readable aloud, the same bytes each time.

use core_words::UtcMicros;
use kit_paper::{Paper, PressError};
use typst::foundations::{Datetime, Smart};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

/// Japan's time, which has no summer: UTC+9.
const OFFSET_MINUTES: i32 = 9 * 60;

/// PDF/A-2a (ISO 19005-2): fonts within, no outside reference, tagged, every letter with its Unicode; and
/// PDF/UA-1 (ISO 14289-1): title, language, order of reading. Times are Japan's.
pub(crate) fn options(papers: &[Paper], at: UtcMicros) -> Result<PdfOptions, PressError> {
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|e| PressError::Setting(e.message().to_string()))?;
    Ok(PdfOptions {
        ident: Smart::Custom(ident(papers, at)),
        creator: Smart::Custom(None),
        timestamp: Some(timestamp(at).ok_or(PressError::Time(at.0))?),
        page_ranges: None,
        standards,
        tagged: true,
        pretty: false,
    })
}

/// What is hashed into the identifier of the document: the same for the same paper made anew at the same time.
fn ident(papers: &[Paper], at: UtcMicros) -> String {
    let each = papers.iter().map(|paper| {
        let number = paper.number.as_deref().unwrap_or_default();
        format!("{} {} {} {number}", paper.kind, paper.lang.tag(), at.0)
    });
    each.collect::<Vec<_>>().join("\n")
}

fn timestamp(at: UtcMicros) -> Option<Timestamp> {
    let offset = jiff::tz::Offset::from_seconds(OFFSET_MINUTES * 60).ok()?;
    let t = offset.to_datetime(jiff::Timestamp::from_microsecond(at.0).ok()?);
    let small = |n: i8| u8::try_from(n).ok();
    if t.year() < 1 {
        return None;
    }
    let (month, day) = (small(t.month())?, small(t.day())?);
    let (hour, minute, second) = (small(t.hour())?, small(t.minute())?, small(t.second())?);
    let time = Datetime::from_ymd_hms(t.year().into(), month, day, hour, minute, second)?;
    Timestamp::new_local(time, OFFSET_MINUTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_japans_and_within_the_calendar() {
        let told = |at| timestamp(UtcMicros(at)).map(|t| format!("{t:?}"));
        let new_year = told(1_798_729_200_000_000).expect("2027 is in the calendar");
        assert!(new_year.contains("2027-01-01 0:00:00"), "{new_year}");
        for out in [i64::MIN, i64::MAX, -62_135_629_200_000_001] {
            assert_eq!(told(out), None, "{out}");
        }
    }
}
