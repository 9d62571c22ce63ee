//! What the demo's claims desk leaves (C2, C3, C5, C7, C17, C18, K12): certificates and list, the file with key and
//! certificate, an encrypted notice, papers, and the offset file.

use std::path::PathBuf;
use tests_judges::{Said, artifact, list_as_pem, openssl, poppler, python, scratch};

fn path(name: &str) -> String {
    artifact(&format!("../claims/{name}")).to_string_lossy().into_owned()
}

fn read(name: &str) -> String {
    std::fs::read_to_string(path(name)).expect("a text")
}

/// The number that a certificate of the desk is for.
fn number_in(file: &str) -> String {
    let said = openssl(&["x509", "-noout", "-subject", "-nameopt", "multiline", "-in", file]);
    let line = said.must_be_yes().text.lines().find_map(|line| line.trim().strip_prefix("commonName"));
    line.unwrap_or_else(|| panic!("no CN: {}", said.text)).trim_start_matches([' ', '=']).trim().to_owned()
}

/// What a reader of PDF finds, without blanks: a line may be broken anywhere.
fn words(name: &str) -> String {
    let text = poppler("pdftotext", &["-enc", "UTF-8", &path(name), "-"]);
    text.must_be_yes().text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn verify(leaf: &str, list: &str) -> Said {
    let (root, ca) = (path("root.pem"), path("ca.pem"));
    let strict = ["verify", "-x509_strict", "-crl_check", "-CAfile", &root, "-untrusted", &ca];
    openssl(&[&strict[..], &["-CRLfile", list, leaf]].concat())
}

#[test]
fn c17_the_desks_certificates_lead_to_the_root_and_the_list_names_the_revoked_one_alone() {
    let folder = scratch();
    let list = list_as_pem(folder.path(), "../claims/crl.der");
    verify(&path("provider.pem"), &list).must_be_yes();
    verify(&path("agent.pem"), &list).must_be_yes();
    verify(&path("revoked.pem"), &list).must_be_no_because("certificate revoked");
    let other = list_as_pem(folder.path(), "p256/crl.der");
    verify(&path("provider.pem"), &other).must_be_no_because("unable to get certificate CRL");
    let serial = openssl(&["x509", "-noout", "-serial", "-in", &path("revoked.pem")]);
    let serial = serial.must_be_yes().text.trim().trim_start_matches("serial=").to_owned();
    let text = openssl(&["crl", "-inform", "DER", "-noout", "-text", "-in", &path("crl.der")]);
    let after = text.must_be_yes().text.split(&serial).nth(1);
    let after = after.unwrap_or_else(|| panic!("{serial} is not on the list"));
    let entry = after.split("Serial Number").next().unwrap_or_default();
    assert!(entry.contains("Cessation Of Operation"), "{entry}");
}

#[test]
fn c01_a_certificate_is_for_a_providers_number_with_its_check_digit_or_an_agents_id() {
    let provider = number_in(&path("provider.pem"));
    let digits: Vec<u32> = provider.chars().filter_map(|c| c.to_digit(10)).collect();
    assert_eq!((provider.len(), digits.len()), (10, 10), "{provider}");
    let prefecture = digits[0] * 10 + digits[1];
    assert!((1..=47).contains(&prefecture), "{provider}");
    // JIS X 0402's way: weights 2 and 1 from the left, the digits of products added up.
    let sum: u32 = digits[..9]
        .iter()
        .zip([2, 1].iter().cycle())
        .map(|(digit, weight)| digit * weight)
        .map(|product| product / 10 + product % 10)
        .sum();
    assert_eq!((10 - sum % 10) % 10, digits[9], "{provider}");
    let agent = number_in(&path("agent.pem"));
    assert!(agent.len() == 10 && agent.starts_with("DA"), "{agent}");
}

#[test]
fn c05_openssl_opens_the_file_with_its_password_alone_and_key_and_certificate_fit() {
    let folder = scratch();
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (file, pass) = (path("provider.p12"), format!("pass:{}", read("provider.p12.password").trim()));
    let (key, leaf) = (at("key.pem"), at("leaf.pem"));
    openssl(&["pkcs12", "-in", &file, "-passin", &pass, "-nodes", "-nocerts", "-out", &key]).must_be_yes();
    openssl(&["pkcs12", "-in", &file, "-passin", &pass, "-clcerts", "-nokeys", "-out", &leaf]).must_be_yes();
    openssl(&["pkcs12", "-in", &file, "-passin", "pass:Not-the-password-1", "-nokeys"])
        .must_be_no_because("invalid password");
    let of_key = openssl(&["pkey", "-in", &key, "-pubout"]);
    let of_leaf = openssl(&["x509", "-in", &leaf, "-noout", "-pubkey"]);
    assert_eq!(of_key.must_be_yes().text, of_leaf.must_be_yes().text);
    let print = |file: &str| openssl(&["x509", "-noout", "-fingerprint", "-sha256", "-in", file]).text;
    assert_eq!(print(&leaf), print(&path("provider.pem")));
}

#[test]
fn c07_openssl_opens_the_notice_with_its_key_and_no_other_certificate_fits() {
    let folder = scratch();
    let text = folder.path().join("text").to_string_lossy().into_owned();
    let (notice, key) = (path("notice.p7m"), path("notice.key"));
    let decrypt = |recipient: &[&str]| {
        let line = ["cms", "-decrypt", "-inform", "DER", "-in", &notice, "-inkey", &key, "-out", &text];
        openssl(&[&line[..], recipient].concat())
    };
    decrypt(&[]).must_be_yes();
    let said = std::fs::read_to_string(&text).expect("a text");
    let holder = number_in(&path("notice.pem"));
    assert!(said.contains(&holder), "{said}");
    decrypt(&["-recip", &path("provider.pem")]).must_be_no_because("");
    // A bit of the block before the last is that bit of the last one's padding (CBC): 128 and more is none.
    let mut octets = std::fs::read(&notice).expect("a notice");
    let at = octets.len() - 17;
    octets[at] ^= 0x80;
    let altered: PathBuf = folder.path().join("altered.p7m");
    std::fs::write(&altered, octets).expect("a writable folder");
    let altered = altered.to_string_lossy().into_owned();
    assert!(
        !openssl(&["cms", "-decrypt", "-inform", "DER", "-in", &altered, "-inkey", &key, "-out", &text]).yes
    );
}

#[test]
fn c02_c03_poppler_finds_words_and_amounts_of_quotation_and_invoice_for_one_agent() {
    let agent = number_in(&path("agent.pem"));
    let (quotation, invoice) = (words("quotation.pdf"), words("invoice.pdf"));
    for (paper, wanted) in
        [(&quotation, ["見積書", "7,800", "消費税"]), (&invoice, ["請求書", "7,800", "振込"])]
    {
        for word in wanted {
            assert!(paper.contains(word), "no {word} in {paper}");
        }
        assert!(paper.contains(&agent), "no {agent} in {paper}");
    }
    assert!(!quotation.contains("請求書") && !invoice.contains("見積書"), "each is what it is called");
}

#[test]
fn c07_poppler_finds_on_the_letter_whose_it_is_and_each_sign_of_the_password() {
    let letter = words("password-letter.pdf");
    let holder = number_in(&path("provider.pem"));
    assert!(letter.contains(&holder) && letter.contains("証明書発行用パスワード"), "{letter}");
    // The letter spells the password sign by sign, each with how it is read.
    let password = read("provider.p12.password");
    let mut rest = letter.split("証明書発行用パスワード（").nth(1).unwrap_or_default();
    for sign in password.trim().chars() {
        let at = rest.find(sign).unwrap_or_else(|| panic!("no {sign} where it belongs"));
        rest = &rest[at + sign.len_utf8()..];
    }
}

#[test]
fn c18_python_adds_the_offset_file_up_to_its_totals_and_finds_an_altered_amount() {
    let file = path("offset.csv");
    let said = python("offset_read.py", &[&file]);
    assert!(said.must_be_yes().text.contains("12 lines, 93600 yen"), "{}", said.text);
    let folder = scratch();
    let altered = folder.path().join("altered.csv");
    let mut octets = std::fs::read(&file).expect("a file");
    let at = octets.windows(6).position(|part| part == b",7800,").expect("a fee");
    octets[at + 1] = b'9';
    std::fs::write(&altered, octets).expect("a writable folder");
    python("offset_read.py", &[&altered]).must_be_no_because("発行手数料");
}
