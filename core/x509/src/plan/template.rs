//! The hot path: certificates of one profile and issuer, by concatenation.
//!
//! What they share is encoded when the template is made. A plan then encodes serial number, validity, subject
//! and names, copies the rest, and never builds a tree.

use super::encode::{self, Part};
use super::input::{Input, KeyProof, SubjectValue};
use super::refused::{NameProblem, PlanRefused, ValidityProblem};
use super::{Plan, alt_names, subject, validity};
use crate::certificate::push_extension;
use crate::issuer::{self, IssuerInfo};
use crate::key::SubjectKey;
use crate::name::{BadName, Name};
use crate::oid;
use crate::profile::{BasicRule, ExtensionKind, Kind, NoName, Profile, UnknownExtensions};
use crate::request::CertRequest;
use crate::time;
use crate::tlv;
use core_pack::KeyFamily;
use std::sync::Arc;

/// A profile and an issuer, ready to plan. Cheap to keep, meant to be shared.
pub struct Template {
    profile: Arc<Profile>,
    issuer: Arc<IssuerInfo>,
    /// The extensions by the family of the key, for every family that the profile allows.
    parts: Vec<(KeyFamily, Vec<Part>)>,
}

impl Template {
    /// Prepares what all certificates share.
    ///
    /// # Errors
    /// [`PlanRefused::Issuer`] and [`PlanRefused::IssuerUrl`] when the issuer cannot issue by this profile at
    /// all.
    pub fn new(profile: Arc<Profile>, issuer: Arc<IssuerInfo>) -> Result<Self, PlanRefused> {
        if let BasicRule::Ca { path_len } = profile.basic
            && let Some(allowed) = issuer.path_len
            // A link certificate is self-issued and not counted (RFC 5280 §4.2.1.9).
            && matches!(profile.kind, Kind::Ca | Kind::Cross)
            && path_len.is_none_or(|wanted| wanted >= allowed)
        {
            return Err(PlanRefused::Issuer("its path length constraint does not allow it"));
        }
        let parts = profile
            .families
            .iter()
            .map(|family| Ok((*family, encode::parts(&profile, &issuer, *family)?)))
            .collect::<Result<_, PlanRefused>>()?;
        Ok(Self { profile, issuer, parts })
    }

    /// The profile.
    pub fn profile(&self) -> &Arc<Profile> {
        &self.profile
    }

    /// The issuer.
    pub fn issuer(&self) -> &Arc<IssuerInfo> {
        &self.issuer
    }

    /// Plans one certificate.
    ///
    /// # Errors
    /// [`PlanRefused`].
    pub fn plan(&self, input: &Input<'_>) -> Result<Plan, PlanRefused> {
        let (profile, issuer) = (&*self.profile, &*self.issuer);
        let key = input.key.key();
        proof_fits(profile, issuer, &input.key)?;
        let request = match &input.key {
            KeyProof::Request(verified) => Some(verified.request()),
            KeyProof::OwnKey(_) | KeyProof::ForeignCa(_) => None,
        };
        if let Some(request) = request {
            request.check_key(profile)?;
            requested_extensions(profile, request)?;
        } else {
            profile.check_key(&key)?;
        }
        let alt_names =
            alt_names::make(profile, input.alt_names, request.map_or(&[], |request| &request.alt_names))?;
        let (subject_der, list_name) = self.subject(input, request, &alt_names)?;
        let (not_before, not_after) = validity::decide(profile, issuer, &input.validity, input.now)?;
        let key_id = match input.key.given_key_id() {
            Some(given) => given.to_vec(),
            None => issuer::key_id(&key, input.digest).to_vec(),
        };
        let own = Own {
            key_id: &key_id,
            alt_names: &alt_names.content,
            subject_der: &subject_der,
            partition: input.partition,
            list_name: list_name.as_ref(),
        };
        let extensions = self.extensions(&key, &own)?;

        let mut times = Vec::with_capacity(34);
        for time in [not_before, not_after] {
            time::push_time(&mut times, time)
                .map_err(|_| PlanRefused::Validity(ValidityProblem::Unsayable))?;
        }
        let tbs = tlv::tlv(
            tlv::SEQUENCE,
            &[
                // version v3
                &[tlv::context_constructed(0), 3, tlv::INTEGER, 1, 2],
                &[tlv::INTEGER, input.serial.der_content().len() as u8],
                input.serial.der_content(),
                issuer.sig_alg.identifier_der(),
                &issuer.name_der,
                &[tlv::SEQUENCE, times.len() as u8],
                &times,
                &subject_der,
                key.spki,
                &extensions,
            ],
        );
        Ok(Plan {
            tbs,
            serial: input.serial,
            subject_der,
            not_before,
            not_after,
            key_id,
            spki_sha256: input.digest.sha256(key.spki),
            sig_alg: issuer.sig_alg,
            authority: issuer.authority.clone(),
            generation: issuer.generation,
            profile: profile.id().clone(),
            profile_hash: *profile.hash(),
            key_is_strong: true,
        })
    }

    /// The subject, and the name of the list where the profile makes one of the order's values.
    fn subject(
        &self,
        input: &Input<'_>,
        request: Option<&CertRequest<'_>>,
        alt_names: &alt_names::AltNames,
    ) -> Result<(Vec<u8>, Option<Name>), PlanRefused> {
        let given = match (self.profile.kind, &input.key) {
            (Kind::Root | Kind::Link, _) => Some(self.issuer.name_der.as_slice()),
            (Kind::Cross, KeyProof::ForeignCa(foreign)) => Some(foreign.certificate().tbs.subject.der()),
            _ => None,
        };
        if let Some(given) = given {
            self.no_other_subject(input.subject, given)?;
            return Ok((given.to_vec(), self.list_name(|_| None)?));
        }
        let subject = subject::make(&self.profile, input.subject, request.map(|request| request.subject))?;
        for (rule, value) in &subject.values {
            if rule.in_san && !alt_names.has_dns(value) {
                return Err(PlanRefused::name(&rule.key, NameProblem::NotInSan));
            }
        }
        // Paths are built by names: a subject with its issuer's name would be taken for the issuer.
        if subject.der == self.issuer.name_der {
            return Err(PlanRefused::Issuer("the subject would have the authority's own name"));
        }
        let name = self.list_name(|key| subject.value(key))?;
        Ok((subject.der, name))
    }

    fn list_name<'v>(&self, value: impl Fn(&str) -> Option<&'v str>) -> Result<Option<Name>, PlanRefused> {
        let Some(rule) = &self.profile.crl_directory else { return Ok(None) };
        rule.name(value).map(Some).map_err(|e| match e {
            NoName::Missing(key) => PlanRefused::Missing { name: key.to_owned() },
            NoName::Bad(key, BadName::Length { .. }) => PlanRefused::name(key, NameProblem::Length),
            NoName::Bad(key, BadName::Character { .. }) => PlanRefused::name(key, NameProblem::Character),
        })
    }

    /// Values that an order gives although the subject is given must lead to the same name.
    fn no_other_subject(&self, values: &[SubjectValue<'_>], given: &[u8]) -> Result<(), PlanRefused> {
        match values.first() {
            None => Ok(()),
            Some(_) if subject::name(&self.profile, values)?.der() == given => Ok(()),
            Some(first) => Err(PlanRefused::name(first.key, NameProblem::NoPlace)),
        }
    }

    /// The whole `[3]` element.
    fn extensions(&self, key: &SubjectKey<'_>, own: &Own<'_>) -> Result<Vec<u8>, PlanRefused> {
        let family = key.kind.family();
        // check_key has passed, so the family is one that the profile allows.
        let parts = self.parts.iter().find(|(f, _)| *f == family).map_or(&[][..], |(_, parts)| parts);
        let mut list = Vec::with_capacity(512 + own.alt_names.len());
        for part in parts {
            match part {
                Part::Shared(octets) => list.extend_from_slice(octets),
                Part::KeyId => {
                    let value = tlv::tlv(tlv::OCTET_STRING, &[own.key_id]);
                    push_extension(&mut list, oid::SUBJECT_KEY_ID.content(), false, &value);
                }
                Part::AltNames if own.alt_names.is_empty() => {}
                Part::AltNames => {
                    // RFC 5280 §4.1.2.6: critical where the subject is empty.
                    let critical = self.profile.san.as_ref().is_some_and(|rule| rule.critical)
                        || encode::is_empty(own.subject_der);
                    let value = tlv::tlv(tlv::SEQUENCE, &[own.alt_names]);
                    push_extension(&mut list, oid::SUBJECT_ALT_NAME.content(), critical, &value);
                }
                Part::ListName => {
                    let name = own.list_name.ok_or(PlanRefused::Partition)?;
                    let value = encode::distribution_point_by_name(name.der());
                    push_extension(&mut list, oid::CRL_DISTRIBUTION_POINTS.content(), false, &value);
                }
                Part::Partition { head, tail } => {
                    let n = own.partition.ok_or(PlanRefused::Partition)?;
                    let value = encode::distribution_point(&format!("{head}{n}{tail}"));
                    push_extension(&mut list, oid::CRL_DISTRIBUTION_POINTS.content(), false, &value);
                }
            }
        }
        let inner = tlv::len_of_header(list.len()) + list.len();
        let mut out = Vec::with_capacity(inner + 6);
        tlv::push_header(&mut out, tlv::context_constructed(3), inner);
        tlv::push_tlv(&mut out, tlv::SEQUENCE, &list);
        Ok(out)
    }
}

/// What one certificate does not share with others.
struct Own<'a> {
    key_id: &'a [u8],
    alt_names: &'a [u8],
    subject_der: &'a [u8],
    partition: Option<u32>,
    list_name: Option<&'a Name>,
}

/// Where the key must come from, by the kind of certificate.
fn proof_fits(profile: &Profile, issuer: &IssuerInfo, proof: &KeyProof<'_>) -> Result<(), PlanRefused> {
    let own = proof.key().spki == issuer.spki;
    match (profile.kind, proof) {
        (Kind::Root, KeyProof::OwnKey(_)) if own => Ok(()),
        (Kind::Root, KeyProof::OwnKey(_)) => Err(PlanRefused::Issuer("a root certifies its own key")),
        (Kind::Link, KeyProof::OwnKey(_)) if !own => Ok(()),
        (Kind::Link, KeyProof::OwnKey(_)) => {
            Err(PlanRefused::Issuer("a link certificate is for another key of the authority"))
        }
        (Kind::Cross, KeyProof::ForeignCa(foreign)) => {
            let name = foreign.certificate().tbs.subject.der();
            if own || name == issuer.name_der {
                return Err(PlanRefused::Issuer("a cross certificate is for another authority"));
            }
            Ok(())
        }
        (
            Kind::Ca | Kind::OcspSigner | Kind::TimestampSigner | Kind::EndEntity,
            KeyProof::Request(_) | KeyProof::OwnKey(_),
        ) if !own => Ok(()),
        (Kind::Ca | Kind::OcspSigner | Kind::TimestampSigner | Kind::EndEntity, _) if own => {
            Err(PlanRefused::Issuer("the key is the authority's own"))
        }
        _ => Err(PlanRefused::Proof),
    }
}

/// Extensions that the request asks for. Those that the profile writes itself are the profile's business:
/// their values in the request are not looked at, names apart.
fn requested_extensions(profile: &Profile, request: &CertRequest<'_>) -> Result<(), PlanRefused> {
    let known = |oid: &[u8]| ExtensionKind::NAMES.iter().any(|(_, kind)| kind.oid(&[]) == oid);
    let refused = request.extensions.iter().find(|extension| match profile.request.unknown_extensions {
        _ if known(extension.oid) => false,
        UnknownExtensions::Ignore => false,
        UnknownExtensions::RefuseCritical => extension.critical,
        UnknownExtensions::Refuse => true,
    });
    match refused {
        Some(extension) => {
            let oid = extension.id().map_or_else(|| "?".to_owned(), |oid| oid.to_string());
            Err(PlanRefused::RequestExtension { oid })
        }
        None => Ok(()),
    }
}
