//! Names as RFC 4514 writes them.

use super::NameRef;
use crate::tlv;
use std::fmt::{self, Write};

impl fmt::Display for NameRef<'_> {
    /// The last relative name first, `,` between them, `+` inside one; special characters escaped.
    ///
    /// Attributes beyond the nine that RFC 4514 §3 names are written with the names of X.520, and unknown
    /// ones as `OID=#hex`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let attributes: Vec<_> = self.attributes().collect();
        let mut first = true;
        let mut end = attributes.len();
        while end > 0 {
            let rdn = attributes[end - 1].rdn;
            let start = attributes.iter().position(|a| a.rdn == rdn).unwrap_or(end - 1);
            if !first {
                f.write_char(',')?;
            }
            for (i, attribute) in attributes[start..end].iter().enumerate() {
                if i > 0 {
                    f.write_char('+')?;
                }
                match (attribute.known(), attribute.text()) {
                    (Some(known), Some(text)) => {
                        write!(f, "{}=", known.short)?;
                        escape(f, &text)?;
                    }
                    _ => {
                        match attribute.oid() {
                            Some(oid) => write!(f, "{oid}=#")?,
                            None => f.write_str("?=#")?,
                        }
                        tlv::tlv(attribute.tag, &[attribute.value])
                            .iter()
                            .try_for_each(|o| write!(f, "{o:02x}"))?;
                    }
                }
            }
            (first, end) = (false, start);
        }
        Ok(())
    }
}

/// RFC 4514 §2.4.
fn escape(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let last = text.chars().count().saturating_sub(1);
    for (i, c) in text.chars().enumerate() {
        match c {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => write!(f, "\\{c}")?,
            ' ' if i == 0 || i == last => f.write_str("\\ ")?,
            '#' if i == 0 => f.write_str("\\#")?,
            // Not demanded for all of them, but a name in a log must stay on its line.
            c if c.is_control() => {
                let mut octets = [0; 4];
                c.encode_utf8(&mut octets).bytes().try_for_each(|o| write!(f, "\\{o:02x}"))?;
            }
            c => f.write_char(c)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::name::{C, CN, Name, O, OU};
    use crate::tlv;

    #[test]
    fn the_order_is_turned_and_special_characters_are_escaped() {
        let name = Name::of(&[(C, "JP"), (O, "A, B+C"), (OU, " x "), (CN, "#1")]).expect("a name");
        assert_eq!(name.to_string(), "CN=\\#1,OU=\\ x\\ ,O=A\\, B\\+C,C=JP");
        assert_eq!(Name::of(&[]).expect("the empty name").to_string(), "");
    }

    #[test]
    fn unknown_attributes_are_shown_in_hexadecimal() {
        let pair = tlv::tlv(tlv::SEQUENCE, &[b"\x06\x03\x2a\x03\x04", b"\x0c\x01x"]);
        let der = tlv::tlv(tlv::SEQUENCE, &[&tlv::tlv(tlv::SET, &[&pair])]);
        assert_eq!(Name::parse(&der).expect("a name").to_string(), "1.2.3.4=#0c0178");
    }
}
