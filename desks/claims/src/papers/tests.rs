//! Every paper of the desk as others read it: set by the press of the house, read by poppler.

use super::{testing::settings, *};
use crate::{
    case::Case,
    service::CaseFile,
    settings::{Registration, Terms},
    status::Hat,
    web::samples as data,
    words::{HolderNumber, KeyWay},
};
use kit_paper_typst::TypstPress;
use kit_web::gallery::SAMPLE_NOW;
use std::{process::Command, sync::LazyLock};
use zeroize::Zeroizing;

static PRESS: LazyLock<TypstPress> = LazyLock::new(|| TypstPress::new().expect("the fonts are sound"));

/// The terms of the program with an account and a registration as a federation would have them.
fn terms() -> Terms {
    let mut terms = Settings::built_in_terms().pop().expect("there are some");
    terms.bank.name = Text::new("みほん銀行", "Mihon Bank");
    terms.bank.code = "9876".into();
    terms.bank.number = "0123456".into();
    terms.registration = Registration::new("T7000012050002");
    terms.remarks = Text::new("領収書は発行しません。", "No receipt is made out.");
    terms
}

fn offer(name: &str) -> Offer {
    let to = Asker {
        address: "東京都中野区中野4丁目8番1号".into(),
        name: name.into(),
        person: "佐藤　花子".into(),
        honorific: "様".into(),
    };
    Offer { number: HolderNumber::new("DA13000017").expect("an ID"), to, at: SAMPLE_NOW }
}

fn agents_file(case: Case) -> CaseFile {
    CaseFile { holder: data::agent(), ..data::file_of(case, Hat::Agent) }
}

fn waiting() -> CaseFile {
    agents_file(Case::AwaitingPayment(data::agents_application()))
}

/// Every paper of the desk, for a holder of this name.
fn every(name: &str, lang: Lang) -> Vec<Paper> {
    let mut holder = data::holder();
    holder.name = name.into();
    let mut file = waiting();
    file.holder.name = name.into();
    let password = Zeroizing::new("k7Qm2xVt9RdH".to_owned());
    let issue_password = Zeroizing::new("B8lnZ2ABCDEF".to_owned());
    let new = NewPasswords {
        holder: &holder,
        login: "KJ1310000011",
        password: Some(&password),
        issue_password: &issue_password,
        at: SAMPLE_NOW,
    };
    let certificate = data::certificate();
    let told =
        Expiring { holder: &holder, number: &data::number(), certificate: &certificate, at: SAMPLE_NOW };
    vec![
        receipt(&file, &settings(), lang),
        quotation(&offer(name), &terms(), &settings(), lang),
        invoice(&file, &terms(), &settings(), lang).expect("it waits for payment"),
        password_letter(&new, &settings(), lang),
        expiry_letter(&told, &settings(), lang),
    ]
}

fn print(paper: &Paper) -> Vec<u8> {
    PRESS.print(paper, SAMPLE_NOW).expect("it is within the limits")
}

/// What poppler reads, without white space.
fn read(pdf: &[u8]) -> String {
    squeezed(&pdftotext(pdf))
}

fn pdftotext(pdf: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new().expect("a place for it");
    std::fs::write(file.path(), pdf).expect("written");
    let told = Command::new("pdftotext").args(["-raw", "-enc", "UTF-8"]).arg(file.path()).arg("-").output();
    let told = told.expect("poppler-utils is installed: cargo xtask setup");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    String::from_utf8(told.stdout).expect("UTF-8 was asked for")
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn k12_every_paper_is_set_whole_in_both_languages_whatever_the_name() {
    let long = "い".repeat(100);
    let names =
        ["さくらの里デイサービス", "#import \"/etc/passwd\": *]] <b> $x$ \\u{41}", &long, &"w".repeat(100)];
    for name in names {
        for lang in Lang::ALL {
            for paper in every(name, lang) {
                let text = read(&print(&paper));
                for line in paper.proofread().expect("within the limits").text().lines() {
                    assert!(text.contains(&squeezed(line)), "{} {lang:?}: {line}\n{text}", paper.kind);
                }
                let name = if paper.kind == "claims.expiry_letter" { "" } else { name };
                assert!(text.contains(&squeezed(name)), "{}: {name}", paper.kind);
            }
        }
    }
}

#[test]
fn k12_a_paper_of_an_ordinary_case_is_one_sheet() {
    for lang in Lang::ALL {
        for paper in every("さくらの里デイサービス", lang) {
            let pages = pdftotext(&print(&paper)).matches('\u{c}').count();
            assert_eq!(pages, 1, "{} {lang:?}", paper.kind);
        }
    }
}

#[test]
fn k12_english_papers_are_english() {
    for paper in every("Sakura", Lang::En) {
        let proof = paper.proofread().expect("within the limits");
        // What stays Japanese: an address, a person with an honorific, a place name, the name a bank asks for.
        let foreign = |line: &&str| {
            line.chars().any(|c| matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ')) && !line.contains("丁目")
        };
        let text = proof.text();
        assert_eq!(text.lines().find(foreign), None, "{}", paper.kind);
    }
}

#[test]
fn c2_a_quotation_tells_to_whom_how_much_and_until_when() {
    let text = read(&print(&quotation(&offer("さくら会"), &terms(), &settings(), Lang::Ja)));
    for words in [
        "見積書",
        "見積番号Q20261120-DA13000017",
        "さくら会",
        "佐藤花子様",
        "合計金額7,800円",
        "税込（うち消費税709円）",
        "税抜金額（10％対象）7,091",
        "消費税（10％、1円未満切り捨て）709",
        "合計（税込）7,800",
        "有効期間3年",
        "見積有効期限2026年12月20日（令和8年）",
        "登録番号T7000012050002",
        "領収書は発行しません。",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let mut none = terms();
    none.registration = None;
    assert!(!read(&print(&quotation(&offer("x"), &none, &settings(), Lang::Ja))).contains("登録番号"));
}

#[test]
fn c3_an_invoice_tells_where_and_under_which_name_to_pay() {
    let file = waiting();
    let paper = invoice(&file, &terms(), &settings(), Lang::Ja).expect("it waits for payment");
    let pdf = print(&paper);
    let text = read(&pdf);
    for words in [
        "請求書",
        "合計金額7,800円",
        "みほん銀行（9876）見本支店（000）",
        "普通0123456",
        "見本国民健康保険団体連合会（ﾐﾎﾝｺｸﾎﾚﾝｺﾞｳｶｲ）",
        "お支払い期限2026年12月18日（令和8年）",
        "はじめに必ずDA13000017を入力",
        "登録番号T7000012050002",
        "株式会社みどり請求サービス御中",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("入金は確認済み"));
    let typed = "DA13000017 ﾐﾄﾞﾘｾｲｷﾕｳｻ-ﾋﾞｽ";
    assert!(pdftotext(&pdf).lines().any(|line| line.trim() == typed), "as one line, to be copied");
}

#[test]
fn c3_an_invoice_has_the_values_of_the_case_and_not_of_today() {
    let mut file = waiting();
    let Case::AwaitingPayment(application) = &mut file.case.case else { panic!("it waits") };
    application.applied.fee = core_words::Yen(2_600);
    application.applied.months = 12;
    let mut old = terms();
    old.tax_percent = 5;
    let paper = invoice(&file, &old, &settings(), Lang::Ja).expect("it waits for payment");
    let text = read(&print(&paper));
    for words in ["合計金額2,600円", "有効期間1年", "（5％対象）2,477", "うち消費税123円"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn c3_who_owes_nothing_gets_no_invoice() {
    let made = |case| invoice(&agents_file(case), &terms(), &settings(), Lang::Ja);
    let application = data::agents_application;
    let takes = SAMPLE_NOW;
    let rejection = crate::words::Rejection::Withdrawn;
    assert!(made(Case::Rejected { application: application(), rejection: rejection.clone() }).is_none());
    assert!(made(Case::Rejecting { application: application(), rejection, takes }).is_none());
    assert!(made(Case::Applied(data::application(KeyWay::Service))).is_none(), "a provider pays by offset");
    let paid = made(Case::IssueRequested { application: application(), takes }).expect("paid, and told so");
    assert!(read(&print(&paid)).contains("入金は確認済みです"));
}

#[test]
fn c07_a_password_letter_spells_and_shows_nothing_in_the_window() {
    for lang in Lang::ALL {
        let paper = every("さくらの里デイサービス", lang).remove(3);
        assert_eq!(
            format!("{paper:?}"),
            format!("Paper(claims.password_letter, {} blocks)", paper.blocks.len())
        );
        assert!(paper.has_code());
        let text = read(&print(&paper));
        for signs in ["KJ1310000011", "k7Qm2xVt9RdH", "B8lnZ2ABCDEF"] {
            assert!(text.contains(signs), "{signs}: {text}");
        }
        // 99 mm are the first third of the sheet: what a window can show.
        let file = tempfile::NamedTempFile::new().expect("a place for it");
        std::fs::write(file.path(), print(&paper)).expect("written");
        let third = ["-f", "1", "-l", "1", "-x", "0", "-y", "0", "-W", "595", "-H", "280"];
        let told = Command::new("pdftotext").args(third).arg(file.path()).arg("-").output().expect("poppler");
        let window = squeezed(&String::from_utf8(told.stdout).expect("UTF-8"));
        assert!(
            window.contains("東京都中野区") && !window.contains("KJ13") && !window.contains("k7Qm"),
            "{window}"
        );
    }
}

#[test]
fn c07_a_reissued_issue_password_comes_without_the_other() {
    let (holder, issue) = (data::holder(), Zeroizing::new("B8lnZ2ABCDEF".to_owned()));
    let new = NewPasswords {
        holder: &holder,
        login: "KJ1310000011",
        password: None,
        issue_password: &issue,
        at: SAMPLE_NOW,
    };
    let text = read(&print(&password_letter(&new, &settings(), Lang::Ja)));
    assert!(text.contains("前のパスワードは、もう使えません") && text.contains("B8lnZ2ABCDEF"));
    assert!(!text.contains("仮パスワード"));
}

#[test]
fn c22_an_expiry_letter_counts_the_days() {
    let (holder, mut certificate) = (data::holder(), data::certificate());
    let mut told = |seconds: i64, lang| {
        certificate.not_after = SAMPLE_NOW.plus_seconds(seconds).whole_seconds();
        let told = Expiring { holder: &holder, number: "C-1", certificate: &certificate, at: SAMPLE_NOW };
        read(&print(&expiry_letter(&told, &settings(), lang)))
    };
    assert!(told(90 * 86_400, Lang::Ja).contains("あと90日"));
    assert!(told(86_400, Lang::En).contains("1day"));
    let over = told(-1, Lang::Ja);
    assert!(over.contains("過ぎています") && !over.contains("あと"), "{over}");
    assert!(told(0, Lang::Ja).contains("あと0日"), "the last second is one of it");
    assert!(over.contains(&certificate.cert.serial.to_string()));
}

#[tokio::test]
async fn c23_letters_in_bulk_are_one_document_and_say_which_cannot_be_printed() {
    let press: Arc<dyn Press> = Arc::new(PRESS.clone());
    let letters = |name: &str| {
        vec![
            every("さくら", Lang::Ja).remove(3),
            every(name, Lang::Ja).remove(4),
            every("みどり", Lang::Ja).remove(3),
        ]
    };
    let pdf = letters_in_bulk(press.clone(), letters("すみれ"), SAMPLE_NOW).await.expect("printed");
    let text = pdftotext(&pdf);
    let pages: Vec<_> = text.split('\u{c}').map(squeezed).collect();
    assert!(
        pages[0].contains("さくら御中") && pages[1].contains("すみれ御中") && pages[2].contains("みどり御中")
    );
    assert!(pages[..3].iter().all(|page| page.contains("1/1")), "page numbers of their own: {text}");
    let refused = letters_in_bulk(press.clone(), letters("한글"), SAMPLE_NOW).await.expect_err("no form");
    assert_eq!(refused.code, "claims.no_glyph");
    assert!(refused.message.ja.contains("2通目") && refused.message.en.contains("letter 2"), "{refused:?}");
    let many = vec![every("さくら", Lang::Ja).remove(4); limits::PAPERS + 1];
    assert_eq!(
        letters_in_bulk(press, many, SAMPLE_NOW).await.expect_err("too many").code,
        "claims.too_many_letters"
    );
}

/// Writes every paper of the desk into the folder of this variable, to be looked at by people.
#[test]
fn papers_for_people_to_look_at() {
    let Some(folder) = std::env::var_os("WARIFU_PAPERS").map(std::path::PathBuf::from) else { return };
    for lang in Lang::ALL {
        for paper in every("さくらの里デイサービス", lang) {
            let name = format!("{}-{}.pdf", paper.kind, lang.tag());
            std::fs::write(folder.join(name), print(&paper)).expect("written");
        }
    }
}
