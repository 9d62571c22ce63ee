//! 受け取り: the certificate with its key as a file that opens with the issue password; then no key is left here (C5).

use super::{Applied, CA, Desk, folder, holds};
use crate::{
    demo::{
        broken, house, look,
        openssl::Openssl,
        page::Page,
        people::called,
        tell::{Teller, t},
        town::Town,
    },
    fail::Outcome,
    installation::store_fail,
};
use authority_journal::custody;
use core_crypto::Digest;
use core_pack::pem;
use desk_claims::status::Standing;
use kit_keys::Provider;
use std::path::{Path, PathBuf};

pub(super) async fn run(town: &Town, tell: &mut Teller, desk: &mut Desk) -> Outcome<()> {
    tell.begin(t("受け取り", "The certificate is fetched"), town.house.clock.now());
    tell.say(&t(
        "さくら は、窓口が作った鍵と証明書を一つのファイル（PKCS#12）で受け取り、取り込んだと知らせます。窓口の鍵は消えます。",
        "Sakura fetches key and certificate in one file (PKCS#12), and says that it has them. Then the key here is erased.",
    ));
    let sakura = &mut desk.sakura;
    let file = download(tell, sakura).await?;
    let p12 = folder(town).join("certificate.p12");
    house::write(&p12, &file.reply.body, 0o600)?;
    if let Some(openssl) = &town.openssl {
        tell.check(
            t(
                "openssl が証明書発行用パスワードで開き、鍵と証明書が合い、ルートまでつながる",
                "openssl opens it with the issue password; key and certificate fit, and the chain leads to the root",
            ),
            opened(town, openssl, &p12, sakura)?,
        );
    }
    confirm(town, tell, sakura).await?;
    own(town, tell, desk).await?;
    tell.look(p12.display());
    Ok(())
}

/// Keys that the authority keeps for somebody.
async fn kept(town: &Town) -> Outcome<i64> {
    town.installation().db.read(custody::count_kept).await.map_err(|e| store_fail(&e))
}

/// A wrong issue password gives nothing, the right one the file.
async fn download(tell: &mut Teller, sakura: &mut Applied) -> Outcome<Page> {
    let Applied { office, case } = sakura;
    let path = format!("/claims/cases/{case}/download");
    let form = office.browser.get(&path).await?.expect(200)?.form("/download")?;
    let wrong = office.browser.submit(&form.clone().typed("issue_password", "Not-the-password-1")?).await?;
    let file = office.browser.submit(&form.typed("issue_password", &office.letter.issue_password)?).await?;
    let (kind, name) = (file.reply.field("content-type"), file.reply.field("content-disposition"));
    let expected = format!("attachment; filename=\"{}-{case}.p12\"", office.number);
    tell.check(
        t(
            "証明書発行用パスワードを間違えると渡されず、正しければファイルが届く",
            "a wrong issue password gives nothing, the right one gives the file",
        ),
        holds(
            wrong.status() == 422
                && wrong.reply.field("content-type").starts_with("text/html")
                && (file.status(), kind, name) == (200, "application/x-pkcs12", &expected)
                && file.reply.body.first() == Some(&0x30),
            || format!("{}, then {} {kind} {name}", wrong.status(), file.status()),
        ),
    );
    Ok(file)
}

/// As at the computer of the office: opened, looked at, verified.
fn opened(town: &Town, openssl: &Openssl, p12: &Path, sakura: &Applied) -> Outcome<Result<(), String>> {
    let dir = folder(town);
    let (leaf, key, chain, root) =
        (dir.join("leaf.pem"), dir.join("leaf.key"), dir.join("chain.pem"), dir.join("root.pem"));
    let root_der = &town.of_ca(CA).root_der;
    house::write(&root, pem::encode(pem::label::CERTIFICATE, root_der).as_bytes(), 0o644)?;
    // The key is written into a file that nobody else can read.
    house::write(&key, b"", 0o600)?;
    let part = |password: &str, flags: &[&str], out: &Path| {
        let pass = format!("pass:{password}");
        let mut args: Vec<PathBuf> = ["pkcs12", "-in"].map(PathBuf::from).to_vec();
        args.push(p12.to_owned());
        args.extend(["-passin", &pass, "-out"].map(PathBuf::from));
        args.push(out.to_owned());
        args.extend(flags.iter().map(PathBuf::from));
        openssl.ask(&args)
    };
    let password = &sakura.office.letter.issue_password;
    let said = [
        part(password, &["-nokeys", "-clcerts"], &leaf)?,
        part(password, &["-nokeys", "-cacerts"], &chain)?,
        part(password, &["-nocerts", "-nodes"], &key)?,
    ];
    let stranger = part("Not-the-password-1", &["-nokeys"], &dir.join("nothing.pem"))?;
    let at = |args: &[&str], file: &Path| {
        let mut args: Vec<PathBuf> = args.iter().map(PathBuf::from).collect();
        args.push(file.to_owned());
        openssl.ask(&args)
    };
    let of_key = at(&["pkey", "-pubout", "-in"], &key)?;
    let of_leaf = at(&["x509", "-pubkey", "-noout", "-in"], &leaf)?;
    let subject = at(&["x509", "-subject", "-noout", "-in"], &leaf)?;
    let verify: [PathBuf; 7] = [
        "verify".into(),
        "-x509_strict".into(),
        "-CAfile".into(),
        root,
        "-untrusted".into(),
        chain.clone(),
        leaf.clone(),
    ];
    let verified = openssl.ask(&verify)?;
    for file in [&leaf, &key, &chain, &dir.join("nothing.pem")] {
        // What was never written is not there to be taken away.
        let _ = std::fs::remove_file(file);
    }
    Ok(holds(
        said.iter().all(|said| said.yes)
            && !stranger.yes
            && of_key.yes
            && of_key.text == of_leaf.text
            && subject.text.contains(&sakura.office.number)
            && verified.yes,
        || {
            let all: Vec<&str> = said.iter().map(|said| said.text.trim()).collect();
            let (subject, verified) = (subject.text.trim(), verified.text.trim());
            format!("{all:?} {} {subject} {verified}", stranger.yes)
        },
    ))
}

/// 「取り込みました」: there is nothing to fetch any more, and the key is gone where it was kept.
async fn confirm(town: &Town, tell: &mut Teller, sakura: &mut Applied) -> Outcome<()> {
    let Applied { office, case } = sakura;
    let before = kept(town).await?;
    let form = office.case(case).await?.expect(200)?.form("/confirm")?;
    office.browser.submit(&form).await?.expect(200)?;
    town.settle().await?;
    let after = kept(town).await?;
    let path = format!("/claims/cases/{case}/download");
    let again = office.browser.get(&path).await?;
    let gone = again.path != path && !again.offers("/download");
    tell.check(
        t(
            format!("「取り込みました」で、保管中の秘密鍵が {before} から {after} に減り、もうダウンロードできない"),
            format!("once it is confirmed {after} of {before} private keys are kept, and nothing is left to download"),
        ),
        holds((before, after) == (2, 1) && gone && again.standing() == called(&office.browser, Standing::Issued), || {
            format!("{before} keys, then {after}; {} '{}'", again.path, again.standing())
        }),
    );
    Ok(())
}

/// The certificate for the key of an office's own: a text with the chain, and no key.
async fn own(town: &Town, tell: &mut Teller, desk: &mut Desk) -> Outcome<()> {
    let Applied { office, case } = &mut desk.aoba;
    let form = office.browser.get(&format!("/claims/cases/{case}/download")).await?.form("/download")?;
    let file = office.browser.submit(&form.typed("issue_password", &office.letter.issue_password)?).await?;
    let file = file.expect(200)?;
    house::write(&folder(town).join("own.pem"), &file.reply.body, 0o644)?;
    let blocks = pem::decode(&file.reply.body, &pem::Limits::default()).map_err(|e| broken("own.pem", &e))?;
    let chain: Vec<&[u8]> = blocks.iter().map(|block| block.der.as_slice()).collect();
    let labels = blocks.iter().all(|block| block.label == pem::label::CERTIFICATE);
    let (ours, root) = (Provider.sha256(desk.own.public_spki()), &town.of_ca(CA).root_der);
    tell.check(
        t(
            "あおば のファイルには証明書と経路だけがあり、自分の鍵の証明書である",
            "Aoba's file holds the certificate for its own key and the chain, and no key",
        ),
        match chain.as_slice() {
            [leaf, .., last] if labels && last == root => look::path(&chain, town.now())
                .and_then(|()| holds(look::key_of(leaf)? == ours, || "it is for another key".to_owned())),
            _ => Err(format!("it has {} parts", chain.len())),
        },
    );
    Ok(())
}
