//! An authenticator in software: what a phone does, by WebAuthn Level 2 §6, with ES256 and without attestation.

use core_crypto::{Digest, KeyAlg};
use kit_keys::{Provider, SignInput, SoftKey};
use minicbor::Encoder;
use serde_json::{Value, json};

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const WITH_CREDENTIAL: u8 = 0x40;

pub(crate) struct Authenticator {
    key: SoftKey,
    pub(crate) id: Vec<u8>,
    pub(crate) handle: String,
    pub(crate) counter: u32,
    pub(crate) origin: String,
    /// Whether the user gave a PIN or finger.
    pub(crate) verifies: bool,
}

fn base64url(octets: &[u8]) -> String {
    crate::token::base64url(octets)
}

impl Authenticator {
    pub(crate) fn new(number: u64) -> Self {
        Self {
            key: kit_keys::testing::key(KeyAlg::P256, number),
            id: Provider.sha256(&number.to_be_bytes()).to_vec(),
            handle: String::new(),
            counter: 1,
            origin: "http://localhost:8080".into(),
            verifies: true,
        }
    }

    /// Answers `navigator.credentials.create`; `options` as they came from the server.
    pub(crate) fn create(&mut self, options: &Value) -> Value {
        let options = &options["publicKey"];
        assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        self.handle = options["user"]["id"].as_str().expect("a handle").to_owned();
        let client = self.client_data("webauthn.create", &options["challenge"]);
        let mut data = self.authenticator_data(WITH_CREDENTIAL, options["rp"]["id"].as_str().expect("an rp"));
        data.extend([0; 16]);
        data.extend((self.id.len() as u16).to_be_bytes());
        data.extend(&self.id);
        data.extend(self.cose_key());
        let mut object = Encoder::new(Vec::new());
        let writing = "writing to a Vec cannot fail";
        object.map(3).expect(writing).str("fmt").expect(writing).str("none").expect(writing);
        object.str("attStmt").expect(writing).map(0).expect(writing);
        object.str("authData").expect(writing).bytes(&data).expect(writing);
        json!({
            "id": base64url(&self.id), "rawId": base64url(&self.id), "type": "public-key", "extensions": {},
            "response": {
                "attestationObject": base64url(object.writer()),
                "clientDataJSON": base64url(client.as_bytes()),
            },
        })
    }

    /// Answers `navigator.credentials.get`.
    pub(crate) fn get(&mut self, options: &Value) -> Value {
        let options = &options["publicKey"];
        assert_eq!(options["userVerification"], "required");
        assert_eq!(options["allowCredentials"], json!([]));
        // Passkeys that are kept in several devices do not count: zero stays zero (§6.1.1).
        if self.counter > 0 {
            self.counter += 1;
        }
        let client = self.client_data("webauthn.get", &options["challenge"]);
        let data = self.authenticator_data(0, options["rpId"].as_str().expect("an rp"));
        let signed = [&data[..], &Provider.sha256(client.as_bytes())].concat();
        let signature = self.key.sign_now(SignInput::Message(&signed)).expect("signs");
        json!({
            "id": base64url(&self.id), "rawId": base64url(&self.id), "type": "public-key", "extensions": {},
            "response": {
                "authenticatorData": base64url(&data),
                "clientDataJSON": base64url(client.as_bytes()),
                "signature": base64url(&signature),
                "userHandle": self.handle,
            },
        })
    }

    fn client_data(&self, kind: &str, challenge: &Value) -> String {
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false })
            .to_string()
    }

    fn authenticator_data(&self, flags: u8, rp: &str) -> Vec<u8> {
        let verified = if self.verifies { USER_VERIFIED } else { 0 };
        let mut data = Provider.sha256(rp.as_bytes()).to_vec();
        data.push(USER_PRESENT | verified | flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// The public key as COSE has it (RFC 9053 §7.1.1): EC2, ES256, P-256.
    fn cose_key(&self) -> Vec<u8> {
        let spki = self.key.public_spki();
        let point = &spki[spki.len() - 64..];
        let mut key = Encoder::new(Vec::new());
        let writing = "writing to a Vec cannot fail";
        key.map(5).expect(writing);
        key.i8(1).expect(writing).i8(2).expect(writing).i8(3).expect(writing).i8(-7).expect(writing);
        key.i8(-1).expect(writing).i8(1).expect(writing);
        key.i8(-2).expect(writing).bytes(&point[..32]).expect(writing);
        key.i8(-3).expect(writing).bytes(&point[32..]).expect(writing);
        key.into_writer()
    }
}
