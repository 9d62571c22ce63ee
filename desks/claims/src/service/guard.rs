//! The last look at what leaves: whose it says it is, against whose it should be, at the very point of output.
//!
//! Rows, scopes and keys have led there, and each was asked before; when one of them was mixed up all the same, a
//! certificate or a letter must not reach the wrong person. Such a refusal is an alarm: `claims.not_theirs` is counted
//! by its code and written to the log as an error.

use super::CaseFile;
use crate::words::HolderNumber;
use core_words::{Kind, Refusal, Text};
use core_x509::{certificate::Certificate, name::CN};
use kit_paper::Paper;

/// A certificate about to be handed to the holder of this number: its subject names them.
///
/// # Errors
/// `claims.not_theirs`.
pub(crate) fn certificate(der: &[u8], number: &HolderNumber) -> Result<(), Refusal> {
    let parsed = Certificate::parse(der).ok();
    let subject = parsed.as_ref().and_then(|parsed| parsed.tbs.subject.first(&CN));
    if subject.as_deref() == Some(number.as_str()) { Ok(()) } else { Err(not_theirs("a certificate")) }
}

/// A paper about a case: it names the case, and its applicant.
///
/// # Errors
/// `claims.not_theirs`.
pub(crate) fn about_case(paper: Paper, file: &CaseFile) -> Result<Paper, Refusal> {
    if file.case.case.application().holder != file.holder.id {
        return Err(not_theirs(paper.kind));
    }
    says(paper, &[&file.case.number, file.holder.number.as_str()])
}

/// A paper for a holder: it names them.
///
/// # Errors
/// `claims.not_theirs`.
pub(crate) fn for_holder(paper: Paper, number: &HolderNumber) -> Result<Paper, Refusal> {
    says(paper, &[number.as_str()])
}

fn says(mut paper: Paper, wanted: &[&str]) -> Result<Paper, Refusal> {
    let mut missing: Vec<&str> = wanted.to_vec();
    paper.each_text(&mut |text| missing.retain(|word| !text.contains(word)));
    if missing.is_empty() { Ok(paper) } else { Err(not_theirs(paper.kind)) }
}

fn not_theirs(what: &str) -> Refusal {
    tracing::error!(what, "about to leave for somebody whose it is not: kept back");
    Refusal::new(
        Kind::Internal,
        "claims.not_theirs",
        Text::new(
            "内容とお渡しする相手が合わないため、お渡しできません。",
            "What was made does not match whom it is for, and is not handed out.",
        ),
        Text::new(
            "連合会へご連絡ください。運用担当者がログを確認します。",
            "Please contact the federation: the operator will look into the log.",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{case::Case, papers, status::Hat, web::samples as data, words::HolderId, words::KeyWay};
    use core_words::Lang;

    fn number(text: &str) -> HolderNumber {
        HolderNumber::new(text).expect("a number")
    }

    #[test]
    fn c05_a_certificate_goes_to_whom_its_subject_names_and_nobody_else() {
        let der = include_bytes!("../api/tests/reader.crt");
        assert_eq!(certificate(der, &number("1310000018")), Ok(()));
        for (octets, other) in [(&der[..], "1310000026"), (&der[..200], "1310000018"), (&[], "1310000018")] {
            assert_eq!(certificate(octets, &number(other)).map_err(|no| no.code), Err("claims.not_theirs"));
        }
    }

    #[test]
    fn k12_a_paper_that_names_another_case_or_another_holder_is_kept_back() {
        let case = || Case::Applied(data::application(KeyWay::Service));
        let file = data::file_of(case(), Hat::Provider);
        let paper = |file: &CaseFile| papers::receipt(file, &papers::testing::settings(), Lang::Ja);
        assert!(about_case(paper(&file), &file).is_ok());
        let mut other = data::file_of(case(), Hat::Provider);
        other.holder.number = number("1310000029");
        let mut another = data::file_of(case(), Hat::Provider);
        another.case.number = "C-2026-0000002-2".into();
        let mut foreign = data::file_of(case(), Hat::Provider);
        foreign.holder.id = HolderId(foreign.holder.id.0 + 1);
        for wrong in [&other, &another, &foreign] {
            let kept = about_case(paper(&file), wrong).map(|_| ()).map_err(|no| no.code);
            assert_eq!(kept, Err("claims.not_theirs"));
        }
        assert!(for_holder(paper(&file), &file.holder.number).is_ok());
        assert!(for_holder(paper(&file), &other.holder.number).is_err());
    }
}
