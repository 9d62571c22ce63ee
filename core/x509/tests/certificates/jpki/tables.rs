//! What a stranger reads in a certificate, in the form of the published tables.

use der::asn1::{Any, SetOfVec};
use der::{Decode, Encode, Tagged};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{CrlDistributionPoints, SubjectAltName};

/// A row of a name: the attribute's identifier below 2.5.4, its string type, its text.
pub(super) type Row = (u32, &'static str, String);

/// The string types of the tables.
const PRINTABLE: &str = "PrintableString";
const UTF8: &str = "UTF8String";

/// The country, and the others in UTF8String.
pub(super) fn name(rows: &[(u32, &str)]) -> Vec<Row> {
    let rest = rows.iter().map(|(attribute, text)| (*attribute, UTF8, (*text).to_owned()));
    std::iter::once((6, PRINTABLE, "JP".to_owned())).chain(rest).collect()
}

/// A name as it is written.
pub(super) fn rows(der: &[u8]) -> Vec<Row> {
    let rdns = Vec::<SetOfVec<AttributeTypeAndValue>>::from_der(der).expect("a name");
    let row = |set: &SetOfVec<AttributeTypeAndValue>| {
        let [pair] = set.as_ref() else { panic!("one attribute to a relative name") };
        let (tag, text) = (pair.value.tag(), std::str::from_utf8(pair.value.value()).expect("UTF-8"));
        let string = match tag {
            der::Tag::PrintableString => PRINTABLE,
            der::Tag::Utf8String => UTF8,
            other => panic!("{other}"),
        };
        (pair.oid.arcs().last().expect("an arc"), string, text.to_owned())
    };
    rdns.iter().map(row).collect()
}

/// Identifier, criticality and value of each extension, in their order.
pub(super) fn extensions(der: &[u8]) -> Vec<(String, bool, Vec<u8>)> {
    let read = x509_cert::Certificate::from_der(der).expect("a certificate");
    let list = read.tbs_certificate().extensions().expect("extensions").iter();
    list.map(|e| (e.extn_id.to_string(), e.critical, e.extn_value.as_bytes().to_vec())).collect()
}

/// The one directoryName of an alternative name.
pub(super) fn directory(value: &[u8]) -> Vec<Row> {
    let names = SubjectAltName::from_der(value).expect("alternative names").0;
    let [GeneralName::DirectoryName(name)] = names.as_slice() else { panic!("one directoryName: {names:?}") };
    rows(&name.to_der().expect("DER"))
}

/// The one fullName of the one distribution point.
pub(super) fn list(value: &[u8]) -> Vec<Row> {
    let points = CrlDistributionPoints::from_der(value).expect("points").0;
    let [point] = points.as_slice() else { panic!("one point: {points:?}") };
    assert!(point.reasons.is_none() && point.crl_issuer.is_none());
    match &point.distribution_point {
        Some(DistributionPointName::FullName(names)) => match names.as_slice() {
            [GeneralName::DirectoryName(name)] => rows(&name.to_der().expect("DER")),
            other => panic!("one directoryName: {other:?}"),
        },
        other => panic!("a fullName: {other:?}"),
    }
}

/// The otherNames: identifier and text of a UTF8String.
pub(super) fn other_names(value: &[u8]) -> Vec<(String, String)> {
    let names = SubjectAltName::from_der(value).expect("alternative names").0;
    let read = |name: &GeneralName| {
        let GeneralName::OtherName(other) = name else { panic!("an otherName: {name:?}") };
        let value: &Any = &other.value;
        assert_eq!(value.tag(), der::Tag::Utf8String);
        (other.type_id.to_string(), String::from_utf8(value.value().to_vec()).expect("UTF-8"))
    };
    names.iter().map(read).collect()
}

/// `03 02 01 06` as octets.
pub(super) fn octets(hex: &str) -> Vec<u8> {
    hex.split(' ').map(|pair| u8::from_str_radix(pair, 16).expect("two digits")).collect()
}
