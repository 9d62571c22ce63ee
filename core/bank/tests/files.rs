//! Whole files of banks (C10).

mod common;

use common::*;
use core_bank::{
    BadFile, Sense, Way, csv, fingerprints,
    zengin::{Kind, MOST_OCTETS, Total, parse},
};
use core_sheet::{
    Reading,
    date::{BadDate, Era},
};
use core_words::Yen;
use jiff::civil::date;

fn read(records: &[Vec<u8>]) -> Result<core_bank::BankFile, BadFile> {
    parse(&records.concat(), Era::Reiwa)
}

#[test]
fn c10_transfers_received_are_read() {
    let file = read(&simple()).expect("a file");
    assert_eq!(file.kind, Kind::Transfers);
    let statement = &file.statements[0];
    assert_eq!((statement.own.bank.as_str(), statement.own.number.as_str()), ("0123", "0012345"));
    assert_eq!(statement.holder, "コクホレンゴウカイ");
    assert_eq!((statement.made, statement.from), (date(2026, 11, 20), date(2026, 11, 19)));
    let deposit = &statement.deposits[0];
    assert_eq!((deposit.amount, deposit.sense, deposit.way), (Yen(13_200), Sense::Arrived, Way::Transfer));
    assert_eq!((deposit.booked, deposit.value_date), (date(2026, 11, 19), date(2026, 11, 19)));
    assert_eq!(deposit.payer_kana, "DA13000017 カイゴサクラ");
    assert_eq!(deposit.payer_raw, "DA13000017 ｶｲｺﾞｻｸﾗ");
    assert_eq!((deposit.reference.as_str(), deposit.payer_code.as_str()), ("12", "4711"));
    assert_eq!((deposit.bank.as_str(), deposit.branch.as_str(), deposit.record), ("ミヤコ", "キタシテン", 2));
    assert_eq!(core_bank::payer::ids_in(&deposit.payer_raw), ["DA13000017"]);
}

#[test]
fn c10_line_ends_and_end_of_file_marks_make_no_difference() {
    let plain = read(&simple()).expect("a file");
    for (gap, last) in [
        ("\r\n", "\r\n"),
        ("\r\n", ""),
        ("\n", "\n"),
        ("", "\u{1a}"),
        ("\r\n", "\r\n\u{1a}"),
        ("\r\n", "\u{1a}\u{1a}"),
    ] {
        let octets = simple().join(gap.as_bytes());
        let octets = [octets.as_slice(), last.as_bytes()].concat();
        assert_eq!(parse(&octets, Era::Reiwa).as_ref(), Ok(&plain), "{gap:?} {last:?}");
    }
}

#[test]
fn c10_form_b_has_amounts_of_twelve_digits() {
    let large = Transfer { amount: 123_456_789_012, edi: "12345", ..Transfer::default() };
    let records = [
        header_01(),
        large.form_b(),
        Transfer::default().form_b(),
        trailer_01(2, 123_456_802_212, None),
        end_01(),
    ];
    let file = read(&records).expect("a file");
    let told: Vec<_> = file.deposits().map(|deposit| (deposit.amount, deposit.edi.as_str())).collect();
    assert_eq!(told, [(Yen(123_456_789_012), "12345"), (Yen(13_200), "")]);
    // Twenty digits of EDI alone do not make form B.
    let edi = Transfer { edi: "12345678901234567890", ..Transfer::default() };
    let file = read(&[header_01(), edi.form_a(), trailer_01(1, 13_200, None), end_01()]).expect("a file");
    assert_eq!(file.deposits().next().map(|deposit| deposit.edi.as_str()), Some("12345678901234567890"));
    // Twenty-four of them do, and then two amounts cannot be.
    let mut both = Transfer::default().form_a();
    both[128..152].fill(b'1');
    let bad = BadFile::Field { record: 2, field: "金額（2）", value: "111111111111".into() };
    assert_eq!(read(&[header_01(), both, trailer_01(1, 13_200, None), end_01()]), Err(bad));
}

#[test]
fn c10_cancellations_are_told_apart_and_both_ways_of_counting_are_taken() {
    let cancelled = Transfer { cancelled: "1", reference: "000013", ..Transfer::default() };
    let file =
        |trailer| read(&[header_01(), Transfer::default().form_a(), cancelled.form_a(), trailer, end_01()]);
    for trailer in [
        trailer_01(2, 26_400, Some((1, 13_200))),
        trailer_01(1, 13_200, Some((1, 13_200))),
        trailer_01(2, 26_400, None),
        trailer_01(2, 26_400, Some((0, 0))),
    ] {
        let file = file(trailer).expect("a file");
        assert_eq!(
            file.deposits().map(|deposit| deposit.sense).collect::<Vec<_>>(),
            [Sense::Arrived, Sense::Cancelled]
        );
    }
    let wrong = |total, said, found| Err(BadFile::Totals { record: 4, total, said, found });
    assert_eq!(file(trailer_01(1, 26_400, None)), wrong(Total::Amount, 26_400, 13_200));
    assert_eq!(file(trailer_01(2, 13_200, None)), wrong(Total::Amount, 13_200, 26_400));
    assert_eq!(file(trailer_01(2, 26_400, Some((2, 13_200)))), wrong(Total::CancelledCount, 2, 1));
    assert_eq!(file(trailer_01(2, 26_400, Some((1, 1)))), wrong(Total::CancelledAmount, 1, 13_200));
}

#[test]
fn c10_movements_are_read_and_withdrawals_passed_over() {
    let data = [
        movement("1", "11", 13_200, "DA13000017 ｶｲｺﾞｻｸﾗ"),
        movement("2", "14", 500, "ﾃｽｳﾘﾖｳ"),
        movement("2", "19", 13_200, "DA13000017 ｶｲｺﾞｻｸﾗ"),
        movement("1", "19", 500, "ﾃｽｳﾘﾖｳ"),
        movement("1", "10", 7_800, ""),
    ];
    let records = |trailer, end| [&[header_03()], &data[..], &[trailer, end]].concat();
    let trailer = || trailer_03((3, 21_500), (2, 13_700), 5);
    for end in [end_03(8, 1), end_03(7, 1), end_03(5, 1), end_03(0, 0)] {
        let file = read(&records(trailer(), end)).expect("a file");
        let told: Vec<_> =
            file.deposits().map(|deposit| (deposit.sense, deposit.way, deposit.amount.0)).collect();
        assert_eq!(
            told,
            [
                (Sense::Arrived, Way::Transfer, 13_200),
                (Sense::Cancelled, Way::Other, 13_200),
                (Sense::Arrived, Way::Cash, 7_800)
            ]
        );
        assert_eq!((file.statements[0].passed_over, file.statements[0].own.number.as_str()), (2, "0012345"));
        assert_eq!(file.deposits().next().map(|deposit| deposit.reference.as_str()), Some("12"));
    }
    let wrong = |record, total, said, found| Err(BadFile::Totals { record, total, said, found });
    let end = || end_03(8, 1);
    assert_eq!(read(&records(trailer_03((2, 21_500), (2, 13_700), 5), end())), wrong(7, Total::Count, 2, 3));
    assert_eq!(
        read(&records(trailer_03((3, 21_501), (2, 13_700), 5), end())),
        wrong(7, Total::Amount, 21_501, 21_500)
    );
    assert_eq!(
        read(&records(trailer_03((3, 21_500), (1, 13_700), 5), end())),
        wrong(7, Total::OutCount, 1, 2)
    );
    assert_eq!(
        read(&records(trailer_03((3, 21_500), (2, 0), 5), end())),
        wrong(7, Total::OutAmount, 0, 13_700)
    );
    assert_eq!(read(&records(trailer_03((3, 21_500), (2, 13_700), 6), end())), wrong(7, Total::Data, 6, 5));
    assert_eq!(read(&records(trailer(), end_03(9, 1))), wrong(8, Total::Records, 9, 8));
    assert_eq!(read(&records(trailer(), end_03(8, 2))), wrong(8, Total::Accounts, 2, 1));
}

#[test]
fn c10_records_come_in_their_order() {
    let data = || Transfer::default().form_a();
    let trailer = || trailer_01(1, 13_200, None);
    let wrong = |record, found, wanted| Err(BadFile::Order { record, found, wanted });
    assert_eq!(read(&[data()]), wrong(1, Some('2'), "1"));
    assert_eq!(read(&[end_01()]), wrong(1, Some('9'), "1"));
    assert_eq!(read(&[header_01(), header_01()]), wrong(2, Some('1'), "2 or 8"));
    assert_eq!(read(&[header_01(), data()]), wrong(3, None, "2 or 8"));
    assert_eq!(read(&[header_01(), data(), end_01()]), wrong(3, Some('9'), "2 or 8"));
    assert_eq!(read(&[header_01(), data(), trailer()]), wrong(4, None, "1 or 9"));
    assert_eq!(read(&[header_01(), data(), trailer(), data()]), wrong(4, Some('2'), "1 or 9"));
    assert_eq!(read(&[header_01(), data(), trailer(), end_01(), end_01()]), wrong(5, Some('9'), "nothing"));
    // Two accounts, the second without any transfer.
    let two = [header_01(), data(), trailer(), header_01(), trailer_01(0, 0, None), end_01()];
    assert_eq!(read(&two).map(|file| file.statements.len()), Ok(2));
    assert_eq!(read(&two[..5]), wrong(6, None, "1 or 9"));
    let mixed = [header_01(), trailer_01(0, 0, None), header_03()];
    assert_eq!(read(&mixed), Err(BadFile::Kind { record: 3, kind: "03".into() }));
}

#[test]
fn c10_what_is_no_file_of_this_kind_is_refused_with_the_reason() {
    let with = |record: usize, at: usize, octets: &[u8]| {
        let mut records = simple();
        records[record - 1][at - 1..at - 1 + octets.len()].copy_from_slice(octets);
        read(&records).expect_err("refused")
    };
    let field = |record, field, value: &str| BadFile::Field { record, field, value: value.into() };
    assert_eq!(read(&[]), Err(BadFile::Empty));
    assert_eq!(parse(b"\x1a", Era::Reiwa), Err(BadFile::Empty));
    assert_eq!(parse(&vec![b' '; MOST_OCTETS + 1], Era::Reiwa), Err(BadFile::TooLong));
    assert_eq!(parse(&[0xf1, 0xf0, 0xf1], Era::Reiwa), Err(BadFile::Ebcdic));
    assert_eq!(with(1, 4, b"1"), BadFile::Ebcdic);
    assert_eq!(with(1, 4, b"7"), field(1, "コード区分", "7"));
    assert_eq!(with(1, 2, b"21"), BadFile::Kind { record: 1, kind: "21".into() });
    assert_eq!(with(1, 60, b"6"), BadFile::Kind { record: 1, kind: "01-6".into() });
    // Kana in UTF-8.
    assert_eq!(with(2, 50, "ア".as_bytes()), BadFile::Octet { record: 2, at: 50, octet: 0xe3 });
    assert_eq!(with(2, 50, b"\0"), BadFile::Octet { record: 2, at: 50, octet: 0 });
    assert_eq!(with(2, 20, b"0000000000"), field(2, "金額", "0000000000"));
    assert_eq!(with(2, 20, b"00000 3200"), field(2, "金額", "00000 3200"));
    assert_eq!(with(2, 128, b"2"), field(2, "取消区分", "2"));
    assert_eq!(with(2, 8, b"000000"), field(2, "勘定日", "000000"));
    let why = BadDate::NoSuchDay { year: 2026, month: 2, day: 30 };
    assert_eq!(with(2, 8, b"080230"), BadFile::Day { record: 2, field: "勘定日", why });
    let why = BadDate::NotInEra { era: Era::Reiwa, year: 99, month: 11, day: 19 };
    assert_eq!(with(2, 8, b"991119"), BadFile::Day { record: 2, field: "勘定日", why });
    assert_eq!(with(3, 2, b"000002"), BadFile::Totals { record: 3, total: Total::Count, said: 2, found: 1 });
    let short = [&simple()[..2].concat()[..399], b""].concat();
    assert_eq!(parse(&short, Era::Reiwa), Err(BadFile::Length { record: 2, found: 199 }));
    let lines: Vec<Vec<u8>> = simple().iter().map(|record| record[..40].to_vec()).collect();
    let lines = lines.join(&b"\r\n"[..]);
    assert_eq!(parse(&lines, Era::Reiwa), Err(BadFile::Length { record: 1, found: 40 }));
}

#[test]
fn c10_days_are_those_of_the_era_that_is_said() {
    let with = |era| parse(&simple().concat(), era).map(|file| file.statements[0].made);
    assert_eq!(with(Era::Reiwa), Ok(date(2026, 11, 20)));
    assert_eq!(with(Era::Heisei), Ok(date(1996, 11, 20)));
    let unsaid = Transfer { value: "000000", ..Transfer::default() };
    let file = read(&[header_01(), unsaid.form_a(), trailer_01(1, 13_200, None), end_01()]).expect("a file");
    assert_eq!(file.deposits().map(|deposit| deposit.value_date).next(), Some(date(2026, 11, 19)));
}

#[test]
fn c10_a_deposit_that_comes_twice_is_known_again() {
    let other = Transfer { reference: "000099", ..Transfer::default() };
    let bare = Transfer { reference: "000000", ..Transfer::default() };
    let file = |transfers: &[&Transfer]| {
        let count = transfers.len() as u64;
        let data: Vec<Vec<u8>> = transfers.iter().map(|transfer| transfer.form_a()).collect();
        let end = [trailer_01(count, 13_200 * count, None), end_01()];
        read(&[&[header_01()], &data[..], &end].concat()).expect("a file")
    };
    let prints = |file: &core_bank::BankFile| fingerprints(file.deposits());
    let (first, second) =
        (file(&[&Transfer::default(), &bare, &bare]), file(&[&other, &bare, &Transfer::default(), &bare]));
    let (first, second) = (prints(&first), prints(&second));
    assert_eq!(first[0], second[2]);
    // Two of the same without a number stay two, and the same two.
    assert_ne!(first[1], first[2]);
    assert_eq!((&first[1], &first[2]), (&second[1], &second[3]));
    assert_ne!(first[0], second[0]);
    // What differs in anything that matters is another.
    let plain = file(&[&Transfer::default()]).deposits().next().expect("one").clone();
    let mut changed = vec![plain.clone(); 8];
    changed[0].amount = Yen(1);
    changed[1].sense = Sense::Cancelled;
    changed[2].booked = date(2026, 11, 18);
    changed[3].payer_kana.push('ン');
    changed[4].payer_code.clear();
    changed[5].own = None;
    changed[6].reference = "1".into();
    changed[7].value_date = date(2026, 11, 18);
    for one in &changed {
        assert_ne!(one.fingerprint(0), plain.fingerprint(0), "{one:?}");
    }
    let same = core_bank::Deposit { record: 9, edi: "x".into(), payer_raw: String::new(), ..plain.clone() };
    assert_eq!(same.fingerprint(0), plain.fingerprint(0));
    assert_eq!(
        String::from_utf8(plain.fingerprint(0)).expect("text"),
        "9:deposit/14:01233:0011:17:001234510:2026-11-1910:2026-11-191:+5:132002:124:471129:DA13000017 カイゴサクラ1:0"
    );
}

#[test]
fn c10_deposits_from_a_plain_table() {
    let table = "入金日,金額,振込人名,照会番号\r\n令和8年11月19日,\"13,200円\",DA13000017 ｶｲｺﾞｻｸﾗ,000012\r\n\
                 2026-11-20,0,ｱ,\r\n2026-11-31,x,,\r\n";
    let sheet = csv::parse(table.as_bytes(), &Reading::default()).expect("a table");
    let deposit = &sheet.rows[0].value;
    assert_eq!((sheet.rows.len(), deposit.amount, deposit.booked), (1, Yen(13_200), date(2026, 11, 19)));
    assert_eq!((deposit.payer_kana.as_str(), deposit.reference.as_str()), ("DA13000017 カイゴサクラ", "12"));
    let found: Vec<_> = sheet.findings.iter().map(|one| (one.line, one.column.as_str())).collect();
    assert_eq!(found, [(3, "金額"), (4, "入金日"), (4, "金額"), (4, "振込人名")]);
    assert!(csv::parse("入金日,出金額,振込人名\n".as_bytes(), &Reading::default()).is_err());
}
