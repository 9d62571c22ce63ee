//! `warifu card personalise …`: the counter's part of a card's issue (J3, J6, J7).

use super::{Access, Place, files, keys::KeysFile, refusals, shown};
use crate::{
    cli::Run,
    commands::unfit,
    fail::{Exit, Outcome},
    terminal::{self, Page},
};
use clap::Subcommand;
use core_card::{
    host::{CertificateFile, Issuer, Rooted, Terminal},
    pin::PinKind,
    protocol::Origin,
};
use core_pack::{
    pem,
    sniff::{self, Object},
};
use kit_keys::Provider;
use kit_reader::Session;
use std::path::PathBuf;

/// Octets of a certificate's file.
const OCTETS: usize = 96 << 10;

/// 窓口の作業 / the counter's part: prepare, read the key, store certificates, activate
#[derive(Subcommand, Debug)]
pub enum Personalise {
    /// 外部認証鍵と秘密鍵格納鍵を入れる / give the card the keys of the key-pair generator
    Prepare(Counter),
    /// 公開鍵読込 / read the public key that lies ready, with where it was made
    ReadKey(ReadKey),
    /// 証明書を格納する / store a certificate beside its key; authorities' certificates with --ca
    Store(Store),
    /// 有効化する / put the key and the certificate that lie ready into force
    Activate(AtPlace),
    /// 廃止する / erase the card for good
    Terminate(Terminate),
}

/// A card and the keys of its issuer.
#[derive(clap::Args, Debug)]
pub struct Counter {
    #[command(flatten)]
    access: Access,
    #[command(flatten)]
    keys: KeysFile,
}

/// 公開鍵読込 / read the public key that lies ready, with where it was made
#[derive(clap::Args, Debug)]
pub struct ReadKey {
    #[command(flatten)]
    counter: Counter,
    /// Which key
    #[arg(long = "for", value_enum)]
    place: Place,
    /// Where the public key is written, as PEM
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// 証明書を格納する / store a certificate beside its key; authorities' certificates with --ca
#[derive(clap::Args, Debug)]
pub struct Store {
    #[command(flatten)]
    counter: Counter,
    /// Which certificate
    #[arg(long = "for", value_enum)]
    place: Place,
    /// The certificate, PEM or DER
    certificate: PathBuf,
    /// It is the certificate of the authority
    #[arg(long)]
    ca: bool,
}

/// 有効化する / put the key and the certificate that lie ready into force
#[derive(clap::Args, Debug)]
pub struct AtPlace {
    #[command(flatten)]
    counter: Counter,
    /// Which key and certificate
    #[arg(long = "for", value_enum)]
    place: Place,
}

/// 廃止する / erase the card for good
#[derive(clap::Args, Debug)]
pub struct Terminate {
    #[command(flatten)]
    counter: Counter,
    /// Do it; else nothing is changed
    #[arg(long)]
    perform: bool,
}

type Opened<'a> = Rooted<'a, Box<dyn Session>, Issuer>;

impl Counter {
    fn with<R>(
        &self,
        run: &Run,
        work: impl FnOnce(&mut Opened<'_>, &super::keys::Keys) -> Outcome<R>,
    ) -> Outcome<R> {
        let keys = self.keys.read(run)?;
        let terminal = Terminal::open(self.access.open(run)?).map_err(refusals::of)?;
        let mut session = terminal.prove::<Issuer>(&keys.issuer, &Provider).map_err(refusals::of)?;
        work(&mut session, &keys)
    }
}

/// The file of a certificate of a place.
pub(super) fn certificate_file(kind: PinKind, ca: bool) -> CertificateFile {
    match (kind, ca) {
        (PinKind::Signing, false) => CertificateFile::Signing,
        (PinKind::Signing, true) => CertificateFile::SigningCa,
        (PinKind::Authentication, false) => CertificateFile::Authentication,
        (PinKind::Authentication, true) => CertificateFile::AuthenticationCa,
    }
}

impl Personalise {
    /// Runs it.
    ///
    /// # Errors
    /// The keys are not those of the card's issuer; the card is not that far.
    pub fn run(self, run: &Run) -> Outcome {
        let mut page = Page::new(run.lang);
        match self {
            Self::Prepare(counter) => {
                counter.with(run, |session, keys| {
                    session.load_device_keys(&keys.device, &keys.storage).map_err(refusals::of)
                })?;
                page.line("カードの準備ができました。", "The card is prepared.");
                page.next(
                    "本人に渡し、鍵ペア生成装置で操作してもらってください (`warifu card generator`)。",
                    "Give it to the applicant, who works the key-pair generator (`warifu card generator`).",
                );
            }
            Self::ReadKey(read) => read.run(run, &mut page)?,
            Self::Store(store) => store.run(run, &mut page)?,
            Self::Activate(at) => {
                let kind = at.place.kind();
                at.counter.with(run, |session, _| session.activate(kind).map_err(refusals::of))?;
                let (ja, en) = shown(kind);
                page.line(
                    format!("{ja}の鍵と証明書が有効になりました。"),
                    format!("The {en} key and certificate are in force."),
                );
            }
            Self::Terminate(end) if !end.perform => {
                end.counter.with(run, |_, _| Ok(()))?;
                page.line("カードは発行者の鍵で開きます。", "The card opens with the issuer's key.");
                super::super::nothing_changed(&mut page);
            }
            Self::Terminate(end) => {
                end.counter.with(run, |session, _| session.terminate().map_err(refusals::of))?;
                page.line("カードを廃止しました。", "The card was ended; nothing of its holder is on it.");
            }
        }
        terminal::print(&page.into_text());
        Ok(Exit::Ok)
    }
}

impl ReadKey {
    fn run(&self, run: &Run, page: &mut Page) -> Outcome<()> {
        files::must_be_free(&self.out)?;
        let kind = self.place.kind();
        let (spki, attested) = self.counter.with(run, |session, keys| {
            let spki = session.terminal().read_public_key(kind).map_err(refusals::of)?;
            let attested = session.attest(kind, &keys.issuer).map_err(refusals::of)?;
            Ok((spki, attested))
        })?;
        if core_crypto::Digest::sha256(&Provider, &spki) != attested.spki_sha256 {
            return Err(refusals::other_key());
        }
        files::write_new(&self.out, pem::encode("PUBLIC KEY", &spki).as_bytes())?;
        page.field("公開鍵", "public key", self.out.display());
        match attested.origin {
            Origin::Generator => page.line(
                "この鍵は鍵ペア生成装置で作られました (カードの証明あり)。",
                "The key was made in a key-pair generator; the card vouches for it.",
            ),
            Origin::OnCard => page.line(
                "この鍵はカードの中で作られました (カードの証明あり)。",
                "The key was made on the card; the card vouches for it.",
            ),
        }
        Ok(())
    }
}

impl Store {
    fn run(&self, run: &Run, page: &mut Page) -> Outcome<()> {
        let octets = run.read_file(&self.certificate, OCTETS as u64)?;
        let der = sniff::der(&octets, Object::Certificate, OCTETS)
            .map_err(|e| unfit("CERTIFICATE", "証明書として読めません", &e))?
            .into_owned();
        let file = certificate_file(self.place.kind(), self.ca);
        self.counter.with(run, |session, _| session.store_certificate(file, &der).map_err(refusals::of))?;
        page.line("証明書を格納しました。", "The certificate is stored.");
        if !self.ca {
            page.next(
                "内容を本人と確かめてから `warifu card personalise activate` で有効にしてください。",
                "Check it together with the holder, then `warifu card personalise activate`.",
            );
        }
        Ok(())
    }
}
