//! What holds for every file and every name.

mod common;

use common::*;
use core_bank::{kana, payer::ids_in, zengin};
use core_sheet::date::Era;
use proptest::prelude::*;

fn kana_name() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "カ)",
        "（フク",
        "サクラ",
        "ｶｲｺﾞ",
        "センター",
        "ﾊﾟﾌﾟﾘｶ",
        "　",
        " ",
        "．",
        "株式",
    ]);
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

/// An ID and one of the ways in which it is written.
fn dressed() -> impl Strategy<Value = (String, String)> {
    let gap = || prop::sample::select(vec!["", "", "", "-", " ", "　", "－", "ｰ", "ー", "‐", " - "]);
    ("[A-Z]{2}[0-9]{8}", prop::collection::vec((any::<bool>(), any::<bool>(), gap()), 10)).prop_map(
        |(id, ways)| {
            let mut written = String::new();
            for (at, (c, (wide, small, gap))) in id.chars().zip(ways).enumerate() {
                let c = if small { c.to_ascii_lowercase() } else { c };
                written.push(if wide { char::from_u32(c as u32 + 0xfee0).expect("full-width") } else { c });
                if at < 9 {
                    written.push_str(gap);
                }
            }
            (id, written)
        },
    )
}

proptest! {
    #[test]
    fn c10_an_id_is_found_however_it_is_dressed_up(
        (id, written) in dressed(),
        before in kana_name(),
        after in kana_name(),
    ) {
        prop_assert_eq!(ids_in(&format!("{before}{written}{after}")), [id.clone()]);
        // And as a bank hands it on.
        prop_assert_eq!(ids_in(&core_bank::readable(&format!("{before} {written} {after}"))), [id]);
    }

    #[test]
    fn c10_a_name_without_an_id_gives_none(before in kana_name(), near in "[A-Z]{2}[0-9]{7}|[A-Z][0-9]{8}|[0-9]{8}|[A-Z]{3}[0-9]{8}|[A-Z]{2}[0-9]{9}", after in kana_name()) {
        prop_assert_eq!(ids_in(&before), Vec::<String>::new());
        prop_assert_eq!(ids_in(&format!("{before}{near}{after}")), Vec::<String>::new());
    }

    #[test]
    fn any_text_gives_ids_of_their_form(text in any::<String>()) {
        for id in ids_in(&text) {
            prop_assert!(id.len() == 10 && id[..2].bytes().all(|b| b.is_ascii_uppercase()));
            prop_assert!(id[2..].bytes().all(|b| b.is_ascii_digit()));
        }
    }

    #[test]
    fn bank_kana_is_stable_and_has_only_its_letters(text in prop_oneof![any::<String>(), kana_name(), "[ァ-ヴー・ぁ-ん（）Ａ-ｚ0-9]{0,20}"]) {
        if let Ok(once) = kana::zengin_text(&text) {
            prop_assert!(once.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || " ().-/,".contains(c) || ('ｱ'..='ﾟ').contains(&c)));
            prop_assert!(kana::is_zengin_text(&once), "{:?}", once);
        }
    }

    #[test]
    fn c10_files_add_up_to_what_went_in(amounts in prop::collection::vec(1u64..9_999_999_999, 0..20), form_b in any::<bool>()) {
        let mut records = vec![header_01()];
        for amount in &amounts {
            let transfer = Transfer { amount: *amount, ..Transfer::default() };
            records.push(if form_b { transfer.form_b() } else { transfer.form_a() });
        }
        records.push(trailer_01(amounts.len() as u64, amounts.iter().sum(), None));
        records.push(end_01());
        let file = zengin::parse(&records.concat(), Era::Reiwa).expect("a file");
        let read: Vec<u64> = file.deposits().map(|deposit| deposit.amount.0.unsigned_abs()).collect();
        prop_assert_eq!(read, amounts);
    }

    #[test]
    fn c10_no_octet_of_an_amount_or_total_can_change_unseen(at in prop::sample::select(vec![20usize, 24, 29, 202, 207, 208, 219]), digit in b'0'..=b'9') {
        let mut octets = simple().concat();
        let at = at - 1 + 200;
        prop_assume!(octets[at] != digit);
        octets[at] = digit;
        prop_assert!(zengin::parse(&octets, Era::Reiwa).is_err());
    }

    #[test]
    fn nothing_makes_a_reader_panic(changes in prop::collection::vec((0usize..800, any::<u8>()), 0..6), cut in 0usize..900, lines in any::<bool>()) {
        let gap: &[u8] = if lines { b"\r\n" } else { b"" };
        for records in [simple(), vec![header_03(), movement("1", "11", 5, "ｱ"), trailer_03((1, 5), (0, 0), 1), end_03(4, 1)]] {
            let mut octets = records.join(gap);
            for (at, octet) in &changes {
                octets[*at] = *octet;
            }
            octets.truncate(cut);
            if let Err(bad) = zengin::parse(&octets, Era::Reiwa) {
                prop_assert!(!bad.text().ja.is_empty() && !bad.to_string().is_empty());
            }
        }
    }
}
