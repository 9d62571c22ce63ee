//! nameConstraints (RFC 5280 §4.2.1.10): which names an authority may certify.

use crate::general_name::GeneralName;
use crate::name::NameRef;
use crate::tlv::{self, Limits, Reader, TlvError, TlvFault};

/// Most subtrees that are read: a hostile certificate must not multiply with a hostile list of names.
const MOST: usize = 128;

/// The subtrees of an authority.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameConstraints<'a> {
    /// A name of a form that occurs here lies within one of that form.
    pub permitted: Vec<GeneralName<'a>>,
    /// A name lies within none of these.
    pub excluded: Vec<GeneralName<'a>>,
}

impl<'a> NameConstraints<'a> {
    /// Reads the value of the extension.
    ///
    /// # Errors
    /// [`TlvError`]; also for `minimum` other than 0 and for `maximum`, which RFC 5280 does not use.
    pub fn parse(value: &'a [u8]) -> Result<Self, TlvError> {
        let outer = Reader::only(value, tlv::SEQUENCE, usize::MAX)?;
        let mut parts = outer.reader();
        let mut trees = |n| match parts.optional(tlv::context_constructed(n))? {
            Some(list) => read_subtrees(&list),
            None => Ok(Vec::new()),
        };
        let (permitted, excluded) = (trees(0)?, trees(1)?);
        parts.finish()?;
        if permitted.is_empty() && excluded.is_empty() {
            return Err(outer.error(TlvFault::Value));
        }
        Ok(Self { permitted, excluded })
    }

    /// Whether the authority may certify this name.
    ///
    /// A name of a form that the house cannot compare is not allowed where a constraint of its form exists.
    pub fn allow(&self, name: &GeneralName<'_>) -> bool {
        let mut of_form = self.permitted.iter().filter(|base| same_form(base, name)).peekable();
        let permitted = of_form.peek().is_none() || of_form.any(|base| is_within(name, base));
        let excluded = self
            .excluded
            .iter()
            .any(|base| same_form(base, name) && (is_within(name, base) || !comparable(base)));
        permitted && !excluded
    }
}

fn read_subtrees<'a>(list: &tlv::Tlv<'a>) -> Result<Vec<GeneralName<'a>>, TlvError> {
    let mut members = list.reader();
    let mut out = Vec::new();
    if members.is_empty() {
        return Err(list.error(TlvFault::Value));
    }
    while !members.is_empty() {
        let mut subtree = members.enter(tlv::SEQUENCE)?;
        out.push(GeneralName::read(&mut subtree, &Limits::DEFAULT)?);
        // minimum is 0, which DER leaves out, and maximum is absent.
        subtree.finish()?;
        if out.len() > MOST {
            return Err(list.error(TlvFault::TooMuch));
        }
    }
    Ok(out)
}

fn same_form(a: &GeneralName<'_>, b: &GeneralName<'_>) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b)
}

fn comparable(base: &GeneralName<'_>) -> bool {
    !matches!(base, GeneralName::Other { .. } | GeneralName::RegisteredId(_) | GeneralName::Unread(_))
}

/// Whether a name lies within a subtree of its form.
fn is_within(name: &GeneralName<'_>, base: &GeneralName<'_>) -> bool {
    match (name, base) {
        (GeneralName::Dns(name), GeneralName::Dns(base)) => {
            host_is_within(name.strip_prefix("*.").unwrap_or(name), base.strip_prefix('.').unwrap_or(base))
        }
        (GeneralName::Email(name), GeneralName::Email(base)) => email_is_within(name, base),
        (GeneralName::Uri(name), GeneralName::Uri(base)) => {
            uri_host(name).is_some_and(|host| match base.strip_prefix('.') {
                Some(domain) => host.len() > domain.len() && host_is_within(host, domain),
                None => host.eq_ignore_ascii_case(base),
            })
        }
        (GeneralName::Ip(name), GeneralName::Ip(base)) => {
            let (address, mask) = base.split_at(base.len() / 2);
            name.len() == address.len()
                && name.iter().zip(address).zip(mask).all(|((n, a), m)| n & m == a & m)
        }
        (GeneralName::Directory(name), GeneralName::Directory(base)) => directory_is_within(name, base),
        _ => false,
    }
}

/// Whether a host is this domain or below it, whatever the case. The empty domain holds every host.
fn host_is_within(host: &str, domain: &str) -> bool {
    let Some(cut) = host.len().checked_sub(domain.len()) else {
        return false;
    };
    // Both are ASCII, so any cut is between characters.
    domain.is_empty()
        || (host[cut..].eq_ignore_ascii_case(domain) && (cut == 0 || host.as_bytes()[cut - 1] == b'.'))
}

fn email_is_within(name: &str, base: &str) -> bool {
    let Some((local, host)) = name.rsplit_once('@') else {
        return false;
    };
    match (base.rsplit_once('@'), base.strip_prefix('.')) {
        (Some((mailbox, at)), _) => mailbox == local && at.eq_ignore_ascii_case(host),
        (None, Some(domain)) => host.len() > domain.len() && host_is_within(host, domain),
        (None, None) => host.eq_ignore_ascii_case(base),
    }
}

/// The host of a URI with an authority part (RFC 3986 §3.2).
fn uri_host(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.split(':').next()?;
    // An address in brackets has no domain, and a name constraint speaks of domains alone.
    (!host.is_empty() && !host.starts_with('[')).then_some(host)
}

/// Whether the name begins with the relative names of the base (RFC 5280 §7.1).
fn directory_is_within(name: &NameRef<'_>, base: &NameRef<'_>) -> bool {
    let name: Vec<_> = name.attributes().collect();
    base.attributes()
        .enumerate()
        .all(|(i, wanted)| name.get(i).is_some_and(|found| found.rdn == wanted.rdn && found.matches(&wanted)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::{C, Name, O, OU};

    fn allow(permitted: &[GeneralName<'_>], excluded: &[GeneralName<'_>], name: &GeneralName<'_>) -> bool {
        NameConstraints { permitted: permitted.to_vec(), excluded: excluded.to_vec() }.allow(name)
    }

    #[test]
    fn domains_hold_themselves_and_what_is_below() {
        use GeneralName::Dns;
        let base = [Dns("city.example.jp")];
        for (name, inside) in [
            ("city.example.jp", true),
            ("www.City.Example.jp", true),
            ("*.city.example.jp", true),
            ("evilcity.example.jp", false),
            ("example.jp", false),
        ] {
            assert_eq!(allow(&base, &[], &Dns(name)), inside, "{name}");
            assert_eq!(allow(&[], &base, &Dns(name)), !inside, "{name}");
        }
        assert!(allow(&base, &[], &GeneralName::Email("a@elsewhere.jp")), "another form is not constrained");
    }

    #[test]
    fn mailboxes_hosts_and_domains_constrain_mail() {
        use GeneralName::Email;
        assert!(allow(&[Email("a@example.jp")], &[], &Email("a@EXAMPLE.jp")));
        assert!(!allow(&[Email("a@example.jp")], &[], &Email("b@example.jp")));
        assert!(allow(&[Email("example.jp")], &[], &Email("b@example.jp")));
        assert!(!allow(&[Email("example.jp")], &[], &Email("b@mail.example.jp")));
        assert!(allow(&[Email(".example.jp")], &[], &Email("b@mail.example.jp")));
        assert!(!allow(&[Email(".example.jp")], &[], &Email("b@example.jp")));
    }

    #[test]
    fn uris_are_constrained_by_their_host() {
        use GeneralName::Uri;
        assert!(allow(&[Uri("host.example.jp")], &[], &Uri("https://u@host.example.jp:8443/x?y")));
        assert!(allow(&[Uri(".example.jp")], &[], &Uri("https://host.example.jp")));
        assert!(!allow(&[Uri(".example.jp")], &[], &Uri("https://example.jp")));
        assert!(!allow(&[Uri(".example.jp")], &[], &Uri("urn:uuid:1")), "no host, so not inside");
        assert!(!allow(&[Uri(".example.jp")], &[], &Uri("https://[2001:db8::1]/")));
    }

    #[test]
    fn addresses_are_constrained_by_network() {
        use GeneralName::Ip;
        let network = [Ip(&[10, 1, 0, 0, 255, 255, 0, 0])];
        assert!(allow(&network, &[], &Ip(&[10, 1, 2, 3])));
        assert!(!allow(&network, &[], &Ip(&[10, 2, 2, 3])));
        assert!(!allow(&network, &[], &Ip(&[0; 16])), "another family of addresses");
    }

    #[test]
    fn names_are_constrained_by_how_they_begin() {
        let base = Name::of(&[(C, "JP"), (O, "Example  City")]).expect("a name");
        let inside = Name::of(&[(C, "JP"), (O, "example city"), (OU, "x")]).expect("a name");
        let outside = Name::of(&[(C, "JP"), (OU, "x"), (O, "Example City")]).expect("a name");
        let base = [GeneralName::Directory(base.as_ref())];
        assert!(allow(&base, &[], &GeneralName::Directory(inside.as_ref())));
        assert!(!allow(&base, &[], &GeneralName::Directory(outside.as_ref())));
    }

    #[test]
    fn forms_that_cannot_be_compared_are_refused_where_constrained() {
        let base = [GeneralName::RegisteredId(&[0x2a, 3])];
        assert!(!allow(&base, &[], &GeneralName::RegisteredId(&[0x2a, 3])));
        assert!(!allow(&[], &base, &GeneralName::RegisteredId(&[0x2a, 4])));
    }
}
