//! A card that is ready for use: the whole way of issue, through the same counter and the same generator.

use super::{files, keys::Keys, personalise::certificate_file, refusals, show};
use crate::{
    fail::{Exit, Fail, Outcome},
    sandbox::{NoSandbox, Sandbox},
};
use authority_front::Text;
use core_card::{
    generator::{After, Generator, Making, Menu, Next},
    host::{CertificateFile, Issuer, Terminal},
    pin::{PinKind, PinText},
    report::Kind,
    state::Layout,
};
use core_pack::pem;
use core_words::UtcSeconds;
use kit_keys::Provider;
use kit_reader::{Reader, ReaderError, Session};
use std::{path::Path, sync::Arc};

/// The PINs of a card.
pub(crate) struct Pins {
    signing: PinText,
    authentication: PinText,
}

impl Pins {
    /// Those of every demo card: known to everybody.
    pub(crate) fn demo() -> Self {
        let pin = |kind, text: &[u8]| PinText::new(kind, text).expect("both keep the rules");
        Self {
            signing: pin(PinKind::Signing, b"ABC123"),
            authentication: pin(PinKind::Authentication, b"1234"),
        }
    }

    /// The PIN of a place.
    pub(crate) fn of(&self, kind: PinKind) -> &PinText {
        match kind {
            PinKind::Signing => &self.signing,
            PinKind::Authentication => &self.authentication,
        }
    }

    /// In the form of the generator's file of passwords.
    pub(crate) fn lines(&self) -> String {
        let text = |pin: &PinText| String::from_utf8_lossy(pin.as_bytes()).into_owned();
        format!("signing {}\nauthentication {}\n", text(&self.signing), text(&self.authentication))
    }
}

/// Certificates by their file on the card, DER.
pub(crate) type Certificates = Vec<(CertificateFile, Vec<u8>)>;

/// Counter, generator, authority, counter again.
pub(crate) fn personalise(
    reader: &dyn Reader,
    (kind, layout): (Kind, Layout),
    keys: &Keys,
    pins: &Pins,
    on_card: bool,
    now: UtcSeconds,
) -> Outcome<Certificates> {
    let places = layout.places();
    let sandbox = Sandbox::new(kind, now).map_err(no_sandbox)?;
    let connect = || reader.connect().map_err(|error: ReaderError| refusals::of_reader(&error));

    // J3: the counter prepares the card.
    let terminal = Terminal::open(connect()?).map_err(refusals::of)?;
    let mut counter = terminal.prove::<Issuer>(&keys.issuer, &Provider).map_err(refusals::of)?;
    counter.load_device_keys(&keys.device, &keys.storage).map_err(refusals::of)?;
    drop(counter);

    // J4: the applicant works the generator.
    generate(connect()?, keys, pins, places, on_card)?;

    // J6, J7: the counter reads the keys and stores the certificates.
    let mut certificates = Certificates::new();
    let terminal = Terminal::open(connect()?).map_err(refusals::of)?;
    let mut counter = terminal.prove::<Issuer>(&keys.issuer, &Provider).map_err(refusals::of)?;
    for place in places {
        let spki = counter.terminal().read_public_key(*place).map_err(refusals::of)?;
        let leaf = sandbox.certify(*place, &spki).map_err(no_sandbox)?;
        for (ca, der) in [(true, sandbox.authority(*place).to_vec()), (false, leaf)] {
            let file = certificate_file(*place, ca);
            counter.store_certificate(file, &der).map_err(refusals::of)?;
            certificates.push((file, der));
        }
        counter.activate(*place).map_err(refusals::of)?;
    }
    Ok(certificates)
}

fn generate(
    session: Box<dyn Session>,
    keys: &Keys,
    pins: &Pins,
    places: &[PinKind],
    on_card: bool,
) -> Outcome<()> {
    let torn = |torn: core_card::generator::Torn<ReaderError>| refusals::of(torn.error);
    let generator = Generator::new(keys.device.clone(), keys.storage.clone(), Arc::new(Provider));
    let trusted = generator.seat(session).map_err(torn)?.trust().map_err(torn)?;
    let making = if on_card { Making::OnCard } else { Making::InDevice };
    let mut chosen =
        trusted.choose(Menu::MakeKeys(making), places).map_err(|(_, fault)| refusals::of_menu(fault))?;
    loop {
        let pin = pins.of(chosen.place());
        let set = chosen.new_password(pin, pin).map_err(|error| match error {
            Ok((_, fault)) => refusals::of_password(fault),
            Err(error) => torn(error),
        })?;
        let stored = match set.begin().map_err(torn)? {
            After::Stored(stored) => stored,
            After::Make(generating, work) => {
                generating.generated(work.run()).map_err(torn)?.store().map_err(torn)?
            }
        };
        match stored.next() {
            Next::Place(next) => chosen = next,
            Next::Done(_) => return Ok(()),
        }
    }
}

/// Writes certificates as PEM.
pub(crate) fn write_certificates(folder: &Path, certificates: &Certificates) -> Outcome<()> {
    std::fs::create_dir_all(folder).map_err(|e| Fail::file(folder, &e))?;
    for (file, der) in certificates {
        let path = folder.join(show::file_name(*file));
        files::write_new(&path, pem::encode(pem::label::CERTIFICATE, der).as_bytes())?;
    }
    Ok(())
}

/// Writes the PINs, for their owner alone.
pub(crate) fn write_pins(path: &Path, pins: &Pins) -> Outcome<()> {
    files::write_new(path, pins.lines().as_bytes())
}

fn no_sandbox(error: NoSandbox) -> Fail {
    Fail::new(
        Exit::CouldNotRun,
        "card.sandbox",
        Text::new(format!("見本の認証局を作れません: {error}"), error.to_string()),
        Text::new(
            "この版の不具合です。知らせてください。",
            "This is a defect of this version; please tell us.",
        ),
    )
}
