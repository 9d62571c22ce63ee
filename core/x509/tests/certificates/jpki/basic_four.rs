//! The four items: written strictly, read tolerantly.

use super::tables::octets;
use super::*;
use core_x509::general_name::GeneralName;
use core_x509::jpki::{BadFour, BadReading, Fault, Field, LONGEST_ADDRESS, LONGEST_NAME, Reading};
use core_x509::oid::Oid;
use core_x509::plan::AltName;
use core_x509::tlv;
use proptest::prelude::*;

/// An otherName: content octets of its type, and the element that is its value.
type Other = (Vec<u8>, Vec<u8>);

fn text(oid: &Oid, text: &str) -> Other {
    (oid.content().to_vec(), tlv::tlv(tlv::UTF8_STRING, &[text.as_bytes()]))
}

fn others(four: &BasicFour) -> Vec<Other> {
    let other = |name: AltName| match name {
        AltName::Other { oid, text: value } => text(&oid, &value),
        other => panic!("{other:?}"),
    };
    four.alt_names().into_iter().map(other).collect()
}

fn read(others: &[Other]) -> Result<Reading, BadReading> {
    let names: Vec<_> = others.iter().map(|(oid, value)| GeneralName::Other { oid, value }).collect();
    Reading::of_names(&names)
}

/// Those of the invented holder, with one value changed.
fn changed(field: Field, value: &str) -> Vec<Other> {
    let mut list = others(&holder());
    let at = list.iter().position(|(oid, _)| oid == field.oid().content()).expect("there");
    list[at] = text(&field.oid(), value);
    list
}

fn faults(others: &[Other]) -> Vec<Fault> {
    read(others).expect("readable").basic_four().expect_err("faults")
}

#[test]
fn j16_the_four_items_are_read_from_a_certificate() {
    let made = sign_authority();
    let der = issue(
        &builtin("jpki-sign"),
        &made.issuer,
        &made.key,
        &key(KeyAlg::Rsa2048, 7),
        &sign_order(5),
        number("01"),
    );
    let found = Reading::of(&Certificate::parse(&der).expect("a certificate").tbs).expect("readable");
    assert_eq!(found.basic_four(), Ok(holder()));
    assert!(found.unknown().is_empty() && !found.is_empty());
    let substitutes: Vec<_> =
        holder().name().characters().filter(|(_, flag)| *flag).map(|(c, _)| c).collect();
    assert_eq!(substitutes, ['本']);

    // Nothing personal in the other certificate, and no error.
    let made = auth_authority();
    let der = issue(
        &builtin("jpki-auth"),
        &made.issuer,
        &made.key,
        &key(KeyAlg::Rsa2048, 7),
        &auth_order(5),
        number("01"),
    );
    let found = Reading::of(&Certificate::parse(&der).expect("a certificate").tbs).expect("readable");
    assert!(found.is_empty());
    assert_eq!(found.basic_four(), Err(Field::CARD.map(Fault::Missing).into()));
}

#[test]
fn j16_the_octets_are_those_of_cards() {
    let man =
        BasicFour::new(holder().name().clone(), Sex::Male, holder().birth(), holder().address().clone())
            .expect("all four");
    let made = sign_authority();
    let mut order = sign_order(5);
    order.alt_names = man.alt_names();
    let der =
        issue(&builtin("jpki-sign"), &made.issuer, &made.key, &key(KeyAlg::Rsa2048, 7), &order, number("01"));
    let sex = octets("a0 11 06 0a 2a 83 08 8c 9b 55 08 05 05 03 a0 03 0c 01 31");
    assert!(der.windows(sex.len()).any(|w| w == sex));
    let arcs: Vec<_> = others(&man).iter().map(|(oid, _)| *oid.last().expect("octets")).collect();
    assert_eq!(arcs, [1, 4, 3, 5, 2, 6], "the order of the card");
}

#[test]
fn j16_order_and_unknown_items_do_not_matter() {
    let mut list = others(&holder());
    list.reverse();
    let later = Oid::from_dotted("1.2.392.200149.8.5.5.7").expect("an identifier");
    list.insert(2, text(&later, "ミホン　ハナコ"));
    let elsewhere = Oid::from_dotted("1.3.6.1.4.1.311.20.2.3").expect("an identifier");
    list.push((elsewhere.content().to_vec(), vec![5, 0]));
    // Longer than any identifier in use, and below the arc with one number more.
    list.push((vec![0x2a; 60], vec![5, 0]));
    list.push(([Field::Name.oid().content(), &[1]].concat(), vec![5, 0]));
    let found = read(&list).expect("readable");
    assert_eq!(found.basic_four(), Ok(holder()));
    let unknown: Vec<_> =
        found.unknown().iter().map(|u| (u.oid.map(|o| o.to_string()), u.is_in_arc(), u.text())).collect();
    let dotted = |text: &str| Some(text.to_owned());
    assert_eq!(
        unknown,
        [
            (dotted("1.2.392.200149.8.5.5.7"), true, Some("ミホン　ハナコ")),
            (dotted("1.3.6.1.4.1.311.20.2.3"), false, None),
            (None, false, None),
            (dotted("1.2.392.200149.8.5.5.1.1"), true, None),
        ]
    );
}

#[test]
fn j16_what_stands_there_twice_is_an_error_and_what_is_missing_is_said() {
    for field in Field::CARD {
        let mut list = others(&holder());
        list.push(text(&field.oid(), "x"));
        assert_eq!(read(&list), Err(BadReading::Twice(field)));
        list.pop();
        list.retain(|(oid, _)| oid != field.oid().content());
        assert_eq!(faults(&list), [Fault::Missing(field)]);
        list.push((field.oid().content().to_vec(), tlv::tlv(tlv::IA5_STRING, &[b"1"])));
        assert_eq!(faults(&list), [Fault::NotText(field)]);
        list.push(text(&field.oid(), "1"));
        assert_eq!(read(&list), Err(BadReading::Twice(field)), "the first was no text, and there");
    }
    assert_eq!(faults(&[]).len(), 6);
}

#[test]
fn j5_values_that_cannot_be_are_shown_with_what_is_wrong() {
    let count = |field, flags, characters| Fault::Text(BadFour::Count { field, flags, characters });
    for (field, value, fault) in [
        (Field::NameFlags, "0000", count(Field::NameFlags, 4, 5)),
        (Field::NameFlags, "", count(Field::NameFlags, 0, 5)),
        (Field::AddressFlags, "00000", count(Field::AddressFlags, 5, 13)),
        (Field::NameFlags, "00020", Fault::Text(BadFour::Digit { field: Field::NameFlags })),
        (Field::AddressFlags, "０", Fault::Text(BadFour::Digit { field: Field::AddressFlags })),
        (Field::Name, "見本\u{202e}花子", Fault::Text(BadFour::Character { field: Field::Name, at: 2 })),
        (Field::Name, "", Fault::Text(BadFour::Length { field: Field::Name, max: LONGEST_NAME })),
        (Field::Sex, "4", Fault::Sex),
        (Field::Sex, "11", Fault::Sex),
        (Field::Birth, "19800217", Fault::Birth(core_x509::jpki::BadBirth::Form)),
    ] {
        let list = changed(field, value);
        assert_eq!(faults(&list), [fault], "{field} {value}");
        assert_eq!(read(&list).expect("readable").value(field), Some(value));
    }
    // Other registers' digits for a sex that is not said.
    for digit in ["3", "0", "9"] {
        let four = read(&changed(Field::Sex, digit)).expect("readable").basic_four().expect("all four");
        assert_eq!((four.sex(), four.value(Field::Sex).as_str()), (Sex::Unknown, "3"));
    }
}

#[test]
fn j16_limits_hold_at_their_edges() {
    let flags = |n: usize| "0".repeat(n);
    for (most, make, field) in [
        (LONGEST_NAME, Flagged::name as fn(&str, &str) -> Result<Flagged, BadFour>, Field::Name),
        (LONGEST_ADDRESS, Flagged::address, Field::Address),
    ] {
        assert!(make(&"𠮷".repeat(most), &flags(most)).is_ok());
        let long = Err(BadFour::Length { field, max: most });
        assert_eq!(make(&"𠮷".repeat(most + 1), &flags(most + 1)), long);
        assert_eq!(make(&"a".repeat(most + 1), &flags(most + 1)), long);
        assert_eq!(make("", ""), long);
    }
    let address =
        Flagged::address(&"あ".repeat(LONGEST_NAME + 1), &flags(LONGEST_NAME + 1)).expect("an address");
    let four = BasicFour::new(address, Sex::Male, holder().birth(), holder().address().clone());
    assert_eq!(four, Err(BadFour::Length { field: Field::Name, max: LONGEST_NAME }));

    // 32 otherNames, and 4,096 octets of one.
    let elsewhere = Oid::from_dotted("1.2.3").expect("an identifier");
    let mut list = others(&holder());
    list.resize_with(32, || text(&elsewhere, "x"));
    assert_eq!(read(&list).expect("readable").unknown().len(), 26);
    list.push(text(&elsewhere, "x"));
    assert_eq!(read(&list), Err(BadReading::TooMuch));
    assert!(read(&[text(&elsewhere, &"x".repeat(4_092))]).is_ok());
    assert_eq!(read(&[text(&elsewhere, &"x".repeat(4_093))]), Err(BadReading::TooMuch));
}

fn flagged(most: usize) -> impl Strategy<Value = (String, String)> {
    prop::collection::vec(
        (prop::char::ranges(vec!['　'..='ヿ', '一'..='鿿', '０'..='ｚ', '𠀀'..='𪛖'].into()), any::<bool>()),
        1..=most,
    )
    .prop_map(|pairs| {
        let flags = pairs.iter().map(|(_, flag)| if *flag { '1' } else { '0' }).collect();
        (pairs.iter().map(|(c, _)| c).collect(), flags)
    })
}

proptest! {
    #[test]
    fn j16_what_is_written_is_read_in_any_order(
        name in flagged(LONGEST_NAME),
        address in flagged(LONGEST_ADDRESS),
        sex in prop::sample::select(vec![Sex::Male, Sex::Female, Sex::Unknown]),
        (year, month, of_month) in (1868u16..2100, 0u8..=12, 0u8..=28),
        order in Just((0..6usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let birth = Birth::new(3, year, month, if month == 0 { 0 } else { of_month }).expect("a day");
        let name = Flagged::name(&name.0, &name.1).expect("a name");
        let address = Flagged::address(&address.0, &address.1).expect("an address");
        let four = BasicFour::new(name, sex, birth, address).expect("all four");
        let list = others(&four);
        let list: Vec<_> = order.iter().map(|i| list[*i].clone()).collect();
        prop_assert_eq!(read(&list).expect("readable").basic_four(), Ok(four));
    }

    #[test]
    fn j16_any_values_are_read_or_refused(values in prop::collection::vec((0u8..9, prop::collection::vec(any::<u8>(), 0..40)), 0..9)) {
        let arc = |n: u8| [Field::ARC, &[n]].concat();
        let list: Vec<_> = values.into_iter().map(|(n, value)| (arc(n), value)).collect();
        if let Ok(found) = read(&list) {
            let _ = found.basic_four();
        }
    }
}
