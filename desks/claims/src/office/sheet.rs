//! Care providers and agents as a table (C23): the columns, what may stand in them, and back into a file. Pure.

use super::NewOffice;
use crate::{settings::address, store::holders::Record, words::HolderNumber};
use core_sheet::{
    BadSheet, CannotWrite, Column, Findings, Limits, Line, Once, Reading, Writer, Writing, read_with,
};
use core_words::Text;
use kit_web::forms::{digits, half_width, katakana, trimmed};

const NUMBER: &str = "事業所番号／代理人ID";
const NAME: &str = "名称";
const KANA: &str = "カナ";
const POSTAL: &str = "郵便番号";
const ADDRESS: &str = "住所";
const PHONE: &str = "電話";
const EMAIL: &str = "メール";

/// The columns of a file, with the names that are taken for them; a file is written with the first ones.
pub const COLUMNS: [Column; 7] = [
    Column::must(&[NUMBER, "事業所番号", "代理人ID", "番号", "number"]),
    Column::must(&[NAME, "事業所名", "法人名", "name"]),
    Column::must(&[KANA, "フリガナ", "名称カナ", "kana"]),
    Column::must(&[POSTAL, "postal"]),
    Column::must(&[ADDRESS, "所在地", "address"]),
    Column::must(&[PHONE, "電話番号", "phone"]),
    Column::must(&[EMAIL, "メールアドレス", "email"]),
];

/// The most lines of one file, beside that of the names.
pub const MOST_LINES: u64 = 200_000;
/// How many findings, and how many doubts, are told one by one.
const TOLD: usize = 200;

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeLine {
    /// The physical line, from 1.
    pub line: u64,
    /// What it says.
    pub office: NewOffice,
}

/// What a file was found to be.
#[derive(Clone, Debug)]
pub struct Looked {
    /// What is wrong: nothing of the file is taken unless this is empty.
    pub findings: Findings,
    /// How many lines it has.
    pub lines: u64,
    /// Lines with a number whose last digit does not follow the rule, at most 200 of them: worth a look, no more.
    pub doubts: Vec<(u64, HolderNumber)>,
    /// How many of those there are in all.
    pub doubted: u64,
}

/// Reads a file; each line that nothing is wrong with is given to `each`, in their order. No line is kept here.
///
/// # Errors
/// [`BadSheet`] where the file as a whole cannot be read.
pub fn read(octets: &[u8], mut each: impl FnMut(OfficeLine)) -> Result<Looked, BadSheet> {
    let limits = Limits { lines: MOST_LINES + 1, chars: 300, findings: TOLD, ..Limits::default() };
    let (mut seen, mut doubts, mut doubted) = (Once::new(), Vec::new(), 0);
    let reading = Reading { limits, ..Reading::default() };
    let sheet = read_with(octets, &reading, &COLUMNS, |line| {
        let office = office(line, &mut seen)?;
        if !office.number.check_digit_fits() {
            doubted += 1;
            if doubts.len() < TOLD {
                doubts.push((line.number(), office.number.clone()));
            }
        }
        each(OfficeLine { line: line.number(), office });
        Some(())
    })?;
    Ok(Looked { findings: sheet.findings, lines: sheet.looked_at, doubts, doubted })
}

/// What a line says; every cell is looked at, whatever is wrong with those before.
fn office(line: &mut Line<'_>, seen: &mut Once) -> Option<NewOffice> {
    let number = line.must(NUMBER, |cell| {
        let typed = half_width(cell).to_ascii_uppercase().replace([' ', '-'], "");
        HolderNumber::new(&typed).ok_or_else(|| {
            Text::new(
                "事業所番号は数字10桁、代理人IDは「DA」と数字8桁です（先頭の数字2桁は01から47）。",
                "A provider’s number is ten digits, an agent’s ID is DA and eight; the first two digits are from 01 to 47.",
            )
        })
    });
    let name = line.must(NAME, |cell| words(cell, 100));
    let kana = line.must(KANA, |cell| {
        let kana = katakana(&words(cell, 100)?);
        let fits = |c| matches!(c, '\u{30a1}'..='\u{30fc}' | ' ' | '0'..='9' | 'A'..='Z' | 'a'..='z');
        let wrong = || Text::new("カナで入力してください。", "This must be kana.");
        if kana.chars().all(fits) { Ok(kana) } else { Err(wrong()) }
    });
    let postal = line.must(POSTAL, |cell| {
        let postal = digits(cell);
        let fits = postal.len() == 7 && postal.bytes().all(|b| b.is_ascii_digit());
        if fits {
            Ok(postal)
        } else {
            Err(Text::new("数字7桁にしてください。", "This must be seven digits."))
        }
    });
    let place = line.must(ADDRESS, |cell| words(cell, 200));
    let phone = line.must(PHONE, |cell| {
        let phone = digits(cell);
        let fits = (10..=11).contains(&phone.len())
            && phone.starts_with('0')
            && phone.bytes().all(|b| b.is_ascii_digit());
        let wrong = || {
            Text::new(
                "0で始まる10桁か11桁の数字にしてください。",
                "This must be ten or eleven digits, the first of them 0.",
            )
        };
        if fits { Ok(phone) } else { Err(wrong()) }
    });
    let email = line.must(EMAIL, |cell| {
        let email = half_width(cell);
        let wrong = || Text::new("メールアドレスではありません。", "This is no mail address.");
        if address(&email, "").is_some() { Ok(email) } else { Err(wrong()) }
    });
    let number = number?;
    if !line.once(seen, NUMBER, number.as_str()) {
        return None;
    }
    Some(NewOffice {
        number,
        name: name?,
        kana: kana?,
        postal: postal?,
        address: place?,
        phone: phone?,
        email: email?,
    })
}

/// One line of text.
fn words(cell: &str, most: usize) -> Result<String, Text> {
    let text = trimmed(cell);
    if text.chars().any(char::is_control) {
        return Err(Text::new("1行にしてください。", "This must be one line."));
    }
    if text.chars().count() > most {
        return Err(Text::new(format!("{most}文字までです。"), format!("{most} characters at most.")));
    }
    Ok(text)
}

/// A file, written record by record.
pub struct File(Writer);

impl File {
    /// With its line of names.
    pub fn new(writing: &Writing) -> Self {
        Self(Writer::new(writing, &COLUMNS.map(|column| column.name())))
    }

    /// Adds a record.
    pub fn add(&mut self, record: &Record) {
        let holder = &record.holder;
        self.0.row([
            holder.number.as_str(),
            &holder.name,
            &holder.kana,
            &holder.postal,
            &holder.address,
            &holder.phone,
            &holder.email,
        ]);
    }

    /// The octets of the file.
    ///
    /// # Errors
    /// [`CannotWrite`] where the encoding lacks a character.
    pub fn finish(self) -> Result<Vec<u8>, CannotWrite> {
        self.0.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_sheet::Encoding;

    const HEAD: &str = "事業所番号／代理人ID,名称,カナ,郵便番号,住所,電話,メール\n";
    const GOOD: &str = "1310000011,さくら園,さくらえん,164-0001,東京都中野区,03-5385-0000,a@example.jp\n";

    fn look(text: &str) -> (Looked, Vec<OfficeLine>) {
        let mut lines = Vec::new();
        (read(text.as_bytes(), |line| lines.push(line)).expect("readable as a whole"), lines)
    }

    #[test]
    fn c23_a_table_is_read_as_offices_write_it() {
        let agent = "\u{3000}ｄａ-13000017 ,\"み,どり\",ﾐﾄﾞﾘ,１０００００５,東京都,0352000000,m@example.jp\n";
        let (looked, lines) = look(&format!("{HEAD}{GOOD}\n{agent}"));
        assert!(looked.findings.is_empty(), "{:?}", looked.findings);
        assert_eq!((looked.lines, lines[0].line, lines[1].line), (2, 2, 4));
        let office = &lines[1].office;
        assert_eq!((office.number.as_str(), office.name.as_str()), ("DA13000017", "み,どり"));
        assert_eq!((office.kana.as_str(), office.postal.as_str()), ("ミドリ", "1000005"));
        assert_eq!(
            (lines[0].office.kana.as_str(), lines[0].office.phone.as_str()),
            ("サクラエン", "0353850000")
        );
    }

    #[test]
    fn c23_each_wrong_cell_is_told_with_its_line() {
        for (from, to, column) in [
            ("1310000011", "131000001", NUMBER),
            ("1310000011", "", NUMBER),
            ("さくら園", "", NAME),
            ("さくらえん", "桜園", KANA),
            ("164-0001", "16400", POSTAL),
            ("東京都中野区", " ", ADDRESS),
            ("03-5385-0000", "5385", PHONE),
            ("a@example.jp", "a", EMAIL),
        ] {
            let (looked, lines) = look(&format!("{HEAD}{}", GOOD.replace(from, to)));
            let told: Vec<_> = looked.findings.iter().map(|f| (f.line, f.column.as_str())).collect();
            assert_eq!(told, [(2, column)], "{to:?}");
            assert!(lines.is_empty(), "{to:?}");
        }
        let (looked, _) = look(&format!("{HEAD}{GOOD}{GOOD}"));
        assert_eq!(looked.findings.iter().map(|f| f.line).collect::<Vec<_>>(), [3], "twice in one file");
        let (looked, _) = look(&format!("{HEAD}{GOOD}1310000022,x\n"));
        assert_eq!(looked.findings.total(), 1, "too few columns");
    }

    #[test]
    fn c23_what_is_no_table_of_offices_is_refused_as_a_whole() {
        let long = format!("{HEAD}{}", "\n".repeat(200_001));
        for bad in [
            &b""[..],
            b"a,b\n1,2\n",
            b"\xff\xfe\x00",
            HEAD.replace("カナ", "kana,カナ").as_bytes(),
            long.as_bytes(),
        ] {
            assert!(read(bad, |_| {}).is_err(), "{:?}", &bad[..bad.len().min(20)]);
        }
    }

    #[test]
    fn c23_a_check_digit_that_does_not_fit_is_a_doubt_and_no_refusal() {
        let (looked, lines) = look(&format!("{HEAD}{}", GOOD.replace("1310000011", "1310000012")));
        assert!(looked.findings.is_empty());
        assert_eq!((looked.doubted, looked.doubts.len(), lines.len()), (1, 1, 1));
    }

    #[test]
    fn c23_what_was_written_is_read_back_as_it_was_in_both_encodings() {
        let record = |name: &str| Record {
            holder: crate::store::holders::Holder { name: name.into(), ..crate::web::samples::holder() },
            version: 1,
            changed: core_words::UtcMicros(0),
            changed_by: None,
            closed: false,
            letters: 0,
            letter: None,
        };
        for encoding in [Encoding::Utf8Mark, Encoding::Cp932] {
            let of = record("=髙橋\"①,園");
            let mut file = File::new(&Writing { encoding, ..Writing::default() });
            file.add(&of);
            let octets = file.finish().expect("both have these");
            let mut lines = Vec::new();
            let looked = read(&octets, |line| lines.push(line)).expect("a table");
            assert!(looked.findings.is_empty(), "{:?}", looked.findings);
            assert!(lines[0].office.is_as(&of), "{lines:?}");
        }
        let mut file = File::new(&Writing { encoding: Encoding::Cp932, ..Writing::default() });
        file.add(&record("𠮷野"));
        let lacking = file.finish().expect_err("Shift_JIS lacks it").first;
        assert_eq!((lacking.line, lacking.column.as_str(), lacking.character), (2, NAME, '𠮷'));
    }
}
