//! The thousand: who wants which certificate, with which key, made by what, and when.

use super::openssl::Openssl;
use core_crypto::KeyAlg;
use core_x509::{
    name::{BadName, CN, Name},
    tlv::Limits,
};
use serde_json::{Value, json};

/// How many there are.
pub(super) const COUNT: usize = 1_000;

/// When a certificate is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wave {
    /// In the first days: these expire before the story ends.
    First,
    /// Fourteen months later: valid at the end.
    Second,
    /// In the last weeks: TLS servers, in one batch for a part.
    Third,
}

/// What makes the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Maker {
    /// The `openssl` command.
    Openssl,
    /// Our own code.
    Ours,
}

/// One certificate that somebody wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    /// From 0 to [`COUNT`].
    pub(super) number: usize,
    /// When.
    pub(super) wave: Wave,
    /// From which authority.
    pub(super) authority: &'static str,
    /// Under which profile.
    pub(super) profile: &'static str,
    /// With which kind of key.
    pub(super) key: KeyAlg,
    /// Whose request.
    pub(super) maker: Maker,
}

/// All of them: every kind of key, three hierarchies, four profiles.
pub(super) fn thousand(openssl: bool) -> Vec<Wanted> {
    (0..COUNT)
        .map(|number| {
            let (wave, key) = (wave(number), key(number));
            let maker = match openssl && number % 3 == 0 && Openssl::makes(key) {
                true => Maker::Openssl,
                false => Maker::Ours,
            };
            // Half of them from the P-256 authority.
            let authority = ["rsa-ca", "p256-ca", "p256-ca", "mldsa-ca"][number % 4];
            Wanted { number, wave, authority, profile: profile(number, wave), key, maker }
        })
        .collect()
}

fn wave(number: usize) -> Wave {
    match number {
        0..250 => Wave::First,
        250..600 => Wave::Second,
        _ => Wave::Third,
    }
}

/// Every kind of key; the slow ones seldom. Multiples of four go to the RSA authority, and every fourth from
/// three on to that of ML-DSA.
fn key(number: usize) -> KeyAlg {
    match (number, number % 20) {
        (40, _) => KeyAlg::Rsa3072,
        (60, _) => KeyAlg::Rsa4096,
        (_, 0) => KeyAlg::Rsa2048,
        (_, 1 | 4) => KeyAlg::P384,
        (_, 2 | 6) => KeyAlg::Ed25519,
        (_, 3 | 7 | 10) => KeyAlg::MlDsa65,
        (_, 11) => KeyAlg::MlDsa44,
        (_, 15) => KeyAlg::MlDsa87,
        _ => KeyAlg::P256,
    }
}

fn profile(number: usize, wave: Wave) -> &'static str {
    match wave {
        Wave::Third if number % 10 != 9 => "tls-server",
        // The second P-256 order of every eight.
        Wave::Second if number % 8 == 5 => "claims-provider-partitioned",
        _ if number % 5 == 4 => "claims-agent",
        _ => "claims-provider",
    }
}

impl Wanted {
    /// The name of its request's file, without extension.
    pub(super) fn file(&self) -> String {
        format!("{:04}-{}-{}", self.number, self.profile, self.key.name())
    }

    /// The common name: the number of a provider or agent, or a host.
    pub(super) fn common_name(&self) -> String {
        match self.profile {
            "tls-server" => format!("host-{:04}.demo.example", self.number),
            "claims-agent" => format!("AG{:06}", self.number),
            _ => format!("13{:08}", self.number),
        }
    }

    /// The dNSName that the request asks for.
    pub(super) fn dns(&self) -> Option<String> {
        (self.profile == "tls-server").then(|| self.common_name())
    }

    /// The subject as it stands in the request.
    pub(super) fn name(&self) -> Result<Name, BadName> {
        Name::of(&[(CN, &self.common_name())])
    }

    /// The body of its order. The RA states the name of a provider or agent; that of a server comes from its
    /// request.
    pub(super) fn order(&self, request_pem: &str) -> Value {
        let mut order = json!({
            "profile": self.profile,
            "request": request_pem,
            "subject_ref": format!("demo/{:04}", self.number),
        });
        if self.profile != "tls-server" {
            let number = if self.profile == "claims-agent" { "agent_id" } else { "provider_number" };
            let mut subject = vec![json!({ "type": "federation", "value": "Warifu Demo Federation" })];
            if self.profile != "claims-agent" {
                let kind = ["Common", "Care", "Disability"][self.number % 3];
                subject.push(json!({ "type": "kind", "value": kind }));
            }
            subject.push(json!({ "type": number, "value": self.common_name() }));
            order["subject"] = subject.into();
        }
        order
    }

    /// The key under which it is ordered: a repeat gets the first result.
    pub(super) fn idempotency_key(&self) -> String {
        format!("demo-{:04}", self.number)
    }

    /// Whether its key is of the kind that its authority has.
    pub(super) fn is_native(&self) -> bool {
        let native = match self.authority {
            "rsa-ca" => KeyAlg::Rsa2048,
            "mldsa-ca" => KeyAlg::MlDsa65,
            _ => KeyAlg::P256,
        };
        self.key == native
    }
}

/// The common name in a certificate's subject.
pub(super) fn common_name_in(subject: &[u8]) -> Option<String> {
    let name = core_x509::name::NameRef::parse(subject, &Limits::DEFAULT).ok()?;
    name.first(&CN).map(|text| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn k3_the_thousand_have_every_kind_of_key_and_every_profile_in_every_hierarchy_its_own() {
        let all = thousand(true);
        let kinds: HashSet<_> = all.iter().map(|w| w.key.name()).collect();
        assert_eq!(kinds.len(), KeyAlg::ALL.len());
        let names: HashSet<_> = all.iter().map(Wanted::common_name).collect();
        assert_eq!(names.len(), COUNT);
        for authority in ["rsa-ca", "p256-ca", "mldsa-ca"] {
            let lasting = all.iter().filter(|w| {
                (w.authority, w.wave, w.profile) == (authority, Wave::Second, "claims-provider")
                    && w.is_native()
            });
            assert!(lasting.count() >= 4, "{authority}");
        }
        assert!(all.iter().filter(|w| w.profile.ends_with("partitioned")).all(|w| w.authority == "p256-ca"));
        assert!(all.iter().any(|w| w.maker == Maker::Openssl));
        assert!(thousand(false).iter().all(|w| w.maker == Maker::Ours));
    }
}
