//! Where an authority publishes. The base is fixed at the ceremony, since certificates embed these.

use authority_journal::authorities::Authority;
use core_x509::issuer::Urls;

/// The addresses of one generation of an authority.
pub fn of(authority: &Authority, generation: u16) -> Urls {
    let (base, id) = (authority.base_url.trim_end_matches('/'), &authority.id);
    let deltas = authority.schedule.delta_every_s > 0;
    Urls {
        ca_issuers: Some(format!("{base}/ca/{id}/{generation}.cer")),
        full_crl: Some(format!("{base}/crl/{id}/{generation}.crl")),
        partition_crl: (authority.partitions > 0).then(|| format!("{base}/crl/{id}/{generation}-p{{n}}.crl")),
        delta_crl: deltas.then(|| format!("{base}/crl/{id}/{generation}-delta.crl")),
        ocsp: None,
    }
}

/// The partition whose list a certificate stands on: 1 up to the authority's number of them, or 0 without any.
///
/// Taken from the last octet of the random serial number, so partitions fill evenly.
pub(crate) fn partition_of(authority: &Authority, serial: &core_words::Serial) -> u16 {
    match authority.partitions {
        0 => 0,
        count => u16::from_be_bytes([serial.octets()[18], serial.octets()[19]]) % count + 1,
    }
}
