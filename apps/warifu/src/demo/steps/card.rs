//! A card of the public personal authentication: made, personalised at the counter and the key-pair generator, used
//! (J3–J7, J16).

use crate::{
    commands::card::{
        demo_card::{self, Pins},
        keys::Keys,
    },
    demo::{
        broken,
        tell::{Teller, t},
        town::Town,
    },
    fail::Outcome,
    sandbox,
};
use core_card::{
    Card,
    host::{Caution, CertificateFile, HostError, Terminal},
    pin::{PinKind, PinText},
    protocol::{CARD_ID, KeyName},
    report::{Kind, Life},
    state::{Layout, Making, State},
};
use core_crypto::{Dice, SigAlg, Verify};
use core_pack::spki::PublicKey;
use core_x509::{certificate::Certificate, jpki::Reading};
use kit_keys::Provider;
use kit_reader::{
    Reader, ReaderError, Session,
    file::{CardFile, DeviceKey, FileMemory, FileReader},
    log::Logged,
};
use std::{fs::File, io::Write, os::unix::fs::OpenOptionsExt, path::Path, sync::Arc};

type Trouble = HostError<ReaderError>;

pub(super) fn run(town: &Town, tell: &mut Teller) -> Outcome<()> {
    let clock = town.house.clock.clone();
    tell.begin(t("IC カード", "A card"), clock.now());
    tell.say(&t(
        "仮想のマイナンバーカードを作り、窓口で準備し、本人が鍵ペア生成装置で鍵を作り、証明書を入れて使います。",
        "A virtual My Number card is made, prepared at the counter, given its keys at the key-pair generator by its \
         holder, and its certificates; then it is used.",
    ));
    let folder = town.house.at("artifacts/card");
    let keys = Keys::random();
    let reader = insert(&folder, &keys)?;
    let made = (Kind::Rsa2048, Layout::Both);
    let pins = Pins::demo();
    let certificates =
        demo_card::personalise(&reader, made, &keys, &pins, false, clock.now().whole_seconds())?;
    demo_card::write_certificates(&folder, &certificates)?;
    let beside = folder.join("demo.pins");
    demo_card::write_pins(&beside, &pins)?;
    keys.write(&folder.join("card-keys.txt"))?;

    let gone = |e: ReaderError| broken("the card", &e);
    let mut terminal = Terminal::open(reader.connect().map_err(gone)?).map_err(|e| broken("the card", &e))?;
    let report = terminal.report().map_err(|e| broken("the card", &e))?;
    tell.check(
        t(
            "カードは使用中になり、装置の鍵は消えている",
            "the card is operational, and the keys of devices are gone",
        ),
        match (report.life, report.check_values) {
            (Life::Operational, None) => Ok(()),
            other => Err(format!("{other:?}")),
        },
    );
    let pin = pins.of(PinKind::Signing);
    tell.check(
        t(
            "暗証番号なしでは署名用証明書を読めない",
            "the signing certificate is not readable without the PIN",
        ),
        match terminal.read_certificate(CertificateFile::Signing) {
            Err(HostError::NeedsPin) => Ok(()),
            other => Err(format!("{other:?}")),
        },
    );
    let wrong = PinText::typed(PinKind::Signing, "ABC124").map_err(|e| broken("a PIN", &e))?;
    tell.check(
        t(
            "まちがえると残り 4 回になり、正しければ戻る",
            "a wrong PIN leaves 4 tries, the right one gives them back",
        ),
        wrong_then_right(&mut terminal, &wrong, pin),
    );
    tell.check(
        t("署名が証明書の公開鍵で検証できる", "the signature verifies with the certificate's key"),
        signs(&mut terminal, pin),
    );
    let signing = certificates.iter().find(|(file, _)| *file == CertificateFile::Signing);
    tell.check(
        t(
            "証明書の氏名は「吉田」、代替文字の印が付いている",
            "the certificate has 吉 for 𠮷, with the flag of a substitute",
        ),
        signing.ok_or_else(|| "none".to_owned()).and_then(|(_, der)| flagged(der)),
    );
    tell.look(format!("warifu card show --card {}", folder.join("demo.card").display()));
    Ok(())
}

/// A new card in a reader of this process; what is said to it goes to `apdu.log`.
fn insert(folder: &Path, keys: &Keys) -> Outcome<FileReader> {
    let fail = |e: &dyn std::fmt::Display| broken("the card", e);
    std::fs::create_dir_all(folder).map_err(|e| fail(&e))?;
    let mut card_id = [0; CARD_ID];
    Provider.fill(&mut card_id);
    let state = State::new(Making {
        card_id,
        kind: Kind::Rsa2048,
        layout: Layout::Both,
        makes_keys: true,
        issuer_key: KeyName::Issuer.of_card(&Provider, &keys.issuer, &card_id),
    });
    let key = DeviceKey::open_or_create(&folder.join("device.key")).map_err(|e| fail(&e))?;
    let file =
        CardFile::create(&folder.join("demo.card"), &key, card_id, &state.encode()).map_err(|e| fail(&e))?;
    let log = folder.join("apdu.log");
    let mut log = File::options().write(true).create_new(true).mode(0o600).open(log).map_err(|e| fail(&e))?;
    let memory = FileMemory::new(file);
    let failure = memory.failure();
    let card = Card::insert(state, memory, Arc::new(Provider));
    // A log that cannot be written must not stop the card.
    let logged =
        Logged::new(card, Box::new(move |event, text| drop(writeln!(log, "{} {text}", event.mark()))));
    Ok(FileReader::new("demo", Box::new(logged), failure))
}

fn wrong_then_right(
    terminal: &mut Terminal<Box<dyn Session>>,
    wrong: &PinText,
    right: &PinText,
) -> Result<(), String> {
    let say = |e: Trouble| e.to_string();
    match terminal.verify(wrong.kind(), wrong, Caution::SpareTheLast) {
        Err(HostError::WrongPin { left: 4 }) => {}
        other => return Err(format!("{other:?}")),
    }
    terminal.verify(right.kind(), right, Caution::SpareTheLast).map_err(say)?;
    match terminal.tries_left(right.kind()).map_err(say)? {
        5 => Ok(()),
        left => Err(format!("{left} left")),
    }
}

fn signs(terminal: &mut Terminal<Box<dyn Session>>, pin: &PinText) -> Result<(), String> {
    let say = |e: Trouble| e.to_string();
    let verified = terminal.verify(pin.kind(), pin, Caution::SpareTheLast).map_err(say)?;
    let der = terminal.read_certificate(CertificateFile::Signing).map_err(say)?.ok_or("no certificate")?;
    let certificate = Certificate::parse(&der).map_err(|e| e.to_string())?;
    let key = PublicKey::parse(certificate.tbs.spki).map_err(|e| e.to_string())?;
    let message = "転入届".as_bytes();
    let signature = terminal.sign_message(&verified, key.family, &Provider, message).map_err(say)?;
    Provider.verify(SigAlg::RsaSha256, certificate.tbs.spki, message, &signature).map_err(|e| e.to_string())
}

fn flagged(der: &[u8]) -> Result<(), String> {
    let certificate = Certificate::parse(der).map_err(|e| e.to_string())?;
    let four = Reading::of(&certificate.tbs)
        .map_err(|e| e.to_string())?
        .basic_four()
        .map_err(|e| format!("{e:?}"))?;
    if (four.name().text(), four.name().flags()) == ("吉田　一郎", "10000") && sandbox::NAME.starts_with('𠮷')
    {
        Ok(())
    } else {
        Err(format!("{:?}", four.name()))
    }
}
