//! dNSName syntax (RFC 5280 §4.2.1.6, RFC 1034 §3.5 as changed by RFC 1123 §2.1, wildcards as RFC 6125 §6.4.3).

/// Why a text is no dNSName that is certified here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum DnsFault {
    /// Empty, or more than 253 octets.
    #[error("a DNS name has 1 to 253 characters")]
    Length,
    /// An empty label, or one of more than 63 octets.
    #[error("each label of a DNS name has 1 to 63 characters")]
    Label,
    /// A character other than small letters, digits and inner hyphens. Names in other scripts are written as
    /// A-labels (`xn--…`).
    #[error("a DNS name consists of a-z, 0-9 and '-' inside a label")]
    Character,
    /// Hyphens as third and fourth character of a label that is no A-label (RFC 5890 §2.3.1).
    #[error("'--' after two characters belongs to names that begin with xn--")]
    Reserved,
    /// Fewer than two labels, or a last label of digits, which would be an address.
    #[error("a DNS name is fully qualified, and its last label is not a number")]
    NotQualified,
    /// A `*` where the profile allows none, not alone in the leftmost label, or above fewer than two labels.
    #[error("a wildcard is the whole first label, above at least two others, and allowed by the profile")]
    Wildcard,
}

/// Checks a name that is in small letters already.
///
/// # Errors
/// The first [`DnsFault`] found.
pub fn check(name: &str, wildcard_allowed: bool) -> Result<(), DnsFault> {
    if name.is_empty() || name.len() > 253 {
        return Err(DnsFault::Length);
    }
    let rest = match name.strip_prefix("*.") {
        Some(_) if !wildcard_allowed => return Err(DnsFault::Wildcard),
        Some(rest) => rest,
        None => name,
    };
    let mut labels = 0;
    let mut last = "";
    for label in rest.split('.') {
        check_label(label)?;
        labels += 1;
        last = label;
    }
    if labels < 2 {
        return Err(if rest.len() < name.len() { DnsFault::Wildcard } else { DnsFault::NotQualified });
    }
    if last.bytes().all(|b| b.is_ascii_digit()) {
        return Err(DnsFault::NotQualified);
    }
    Ok(())
}

fn check_label(label: &str) -> Result<(), DnsFault> {
    let octets = label.as_bytes();
    if octets.is_empty() || octets.len() > 63 {
        return Err(DnsFault::Label);
    }
    if octets.contains(&b'*') {
        return Err(DnsFault::Wildcard);
    }
    let plain = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-';
    if !octets.iter().all(plain) || octets[0] == b'-' || octets[octets.len() - 1] == b'-' {
        return Err(DnsFault::Character);
    }
    if octets.get(2..4) == Some(b"--") && !label.starts_with("xn--") {
        return Err(DnsFault::Reserved);
    }
    Ok(())
}

/// Whether `name` is `domain` or below it. Both in small letters.
pub fn is_under(name: &str, domain: &str) -> bool {
    name.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_qualified_and_in_the_host_repertoire() {
        let long = format!("{}.example.jp", "a".repeat(63));
        for good in ["www.example.jp", "example.jp", "a-b.c1.jp", "xn--eckwd4c7c.xn--zckzah", "1.2.jp", &long]
        {
            assert_eq!(check(good, false), Ok(()), "{good}");
        }
        let most = format!("{}.{}.{}.{}", "a".repeat(63), "b".repeat(63), "c".repeat(63), "d".repeat(61));
        assert_eq!((most.len(), check(&most, false)), (253, Ok(())));
        for (bad, fault) in [
            ("", DnsFault::Length),
            (&format!("{most}x"), DnsFault::Length),
            (&format!("{}.jp", "a".repeat(64)), DnsFault::Label),
            ("a..jp", DnsFault::Label),
            (".jp", DnsFault::Label),
            ("example.jp.", DnsFault::Label),
            ("WWW.example.jp", DnsFault::Character),
            ("a_b.example.jp", DnsFault::Character),
            ("-a.example.jp", DnsFault::Character),
            ("a-.example.jp", DnsFault::Character),
            ("a b.example.jp", DnsFault::Character),
            ("日本.jp", DnsFault::Character),
            ("ab--c.example.jp", DnsFault::Reserved),
            ("localhost", DnsFault::NotQualified),
            ("192.0.2.1", DnsFault::NotQualified),
            ("*.example.jp", DnsFault::Wildcard),
        ] {
            assert_eq!(check(bad, false), Err(fault), "{bad}");
        }
    }

    #[test]
    fn a_wildcard_is_the_whole_first_label() {
        assert_eq!(check("*.example.jp", true), Ok(()));
        for bad in ["*", "*.jp", "a*.example.jp", "*a.example.jp", "www.*.jp", "*.*.example.jp"] {
            let found = check(bad, true).expect_err(bad);
            assert!(matches!(found, DnsFault::Wildcard | DnsFault::NotQualified), "{bad}: {found:?}");
        }
    }

    #[test]
    fn domains_are_cut_at_labels() {
        assert!(is_under("www.city.example.jp", "city.example.jp"));
        assert!(is_under("city.example.jp", "city.example.jp"));
        assert!(!is_under("evilcity.example.jp", "city.example.jp"));
        assert!(!is_under("example.jp", "city.example.jp"));
    }
}
