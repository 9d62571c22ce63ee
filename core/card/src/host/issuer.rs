//! The counter's session (受付窓口端末), under the issuer's key: keys of devices, certificates, PINs of those who
//! forgot them, the end of a card (J3, J7, J11).

use super::{CertificateFile, HostError, Role, Rooted};
use crate::{
    Transmit,
    pin::{PinKind, PinText},
    protocol::{self, KeyName, Origin, PROOF},
    tlv,
};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// The issuer's key, 発行者鍵.
pub struct Issuer;

impl Role for Issuer {
    const KEY: KeyName = KeyName::Issuer;
}

/// What a card vouches for about the key of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// Where the key was made.
    pub origin: Origin,
    /// SHA-256 of the public key, a DER SubjectPublicKeyInfo.
    pub spki_sha256: [u8; 32],
}

impl<T: Transmit> Rooted<'_, T, Issuer> {
    /// Gives the card the external-authentication key (外部認証鍵) and the private-key storage key (秘密鍵格納鍵), each
    /// derived from that of all cards (J3).
    ///
    /// # Errors
    /// [`HostError`].
    pub fn load_device_keys(
        &mut self,
        device_of_all: &[u8; 32],
        storage_of_all: &[u8; 32],
    ) -> Result<(), HostError<T::Error>> {
        let card_id = *self.card_id();
        let device = KeyName::Device.of_card(self.tools(), device_of_all, &card_id);
        let storage = KeyName::Storage.of_card(self.tools(), storage_of_all, &card_id);
        let data = Zeroizing::new(tlv::object(
            0xA6,
            &[
                &Zeroizing::new(tlv::object(0x80, &[&*device])),
                &Zeroizing::new(tlv::object(0x81, &[&*storage])),
            ],
        ));
        self.done("PUT DATA", [0xDB, 0x3F, 0xFF], &data)
    }

    /// Stores a certificate: a holder's beside the key that lies ready, an authority's at once (J7).
    ///
    /// # Errors
    /// [`HostError::Refused`] with `6A80` when it is not of the key that lies ready, `6985` when none does.
    pub fn store_certificate(
        &mut self,
        file: CertificateFile,
        der: &[u8],
    ) -> Result<(), HostError<T::Error>> {
        self.terminal().select_file(file.file())?;
        self.done("UPDATE BINARY", [0xD6, 0x00, 0x00], der)
    }

    /// Puts the key and the certificate that lie ready into force; those before are erased.
    ///
    /// # Errors
    /// [`HostError`].
    pub fn activate(&mut self, place: PinKind) -> Result<(), HostError<T::Error>> {
        self.done("ACTIVATE FILE", [0x44, 0x00, place.reference()], &[])
    }

    /// Gives all tries of a PIN back (J11).
    ///
    /// # Errors
    /// [`HostError`].
    pub fn unblock(&mut self, place: PinKind) -> Result<(), HostError<T::Error>> {
        self.done("RESET RETRY COUNTER", [0x2C, 0x03, place.reference()], &[])
    }

    /// Sets another PIN for a holder who forgot the old one (J11).
    ///
    /// # Errors
    /// [`HostError`].
    pub fn initialise_pin(&mut self, place: PinKind, new: &PinText) -> Result<(), HostError<T::Error>> {
        self.done("RESET RETRY COUNTER", [0x2C, 0x02, place.reference()], new.as_bytes())
    }

    /// What the card vouches for about the key that lies ready, or else the one in force; checked by the issuer's key.
    ///
    /// # Errors
    /// [`HostError::CardUnproven`] when it is not the card that says so.
    pub fn attest(
        &mut self,
        place: PinKind,
        issuer_of_all: &[u8; 32],
    ) -> Result<Attestation, HostError<T::Error>> {
        const ASKED: &str = "GET DATA";
        let malformed = || HostError::Malformed(ASKED);
        let reference = place.reference();
        let data = self.ask(ASKED, [0xCA, 0x01, 0x02], &tlv::object(0x83, &[&[reference]]), true)?;
        let [origin, spki_sha256, proof] =
            tlv::exactly(&data, [0x80, 0x81, 0x82]).map_err(|_| malformed())?;
        let &[origin] = origin else { return Err(malformed()) };
        let origin = Origin::from_code(origin).ok_or_else(malformed)?;
        let spki_sha256: [u8; 32] = spki_sha256.try_into().map_err(|_| malformed())?;
        let proof: [u8; PROOF] = proof.try_into().map_err(|_| malformed())?;
        let card_id = *self.card_id();
        let key = KeyName::Issuer.of_card(self.tools(), issuer_of_all, &card_id);
        let ours = protocol::attestation(self.tools(), &key, &card_id, reference, origin, &spki_sha256);
        if bool::from(ours.ct_eq(&proof)) {
            Ok(Attestation { origin, spki_sha256 })
        } else {
            Err(HostError::CardUnproven)
        }
    }

    /// Ends the card for good: keys, PINs and certificates are erased.
    ///
    /// # Errors
    /// [`HostError`].
    pub fn terminate(&mut self) -> Result<(), HostError<T::Error>> {
        self.done("TERMINATE CARD USAGE", [0xFE, 0x00, 0x00], &[])
    }
}
