//! A thousand PKCS#10 requests, as files: made by `openssl` and by our own code, every kind of key (K3).

use crate::{
    demo::{
        broken, csr,
        openssl::Openssl,
        tell::{Teller, t},
        town::Town,
        wanted::{COUNT, Maker, Wanted, thousand},
    },
    fail::{Fail, Outcome},
};
use core_crypto::{Digest, KeyAlg};
use core_pack::{
    pem,
    sniff::{self, Object},
};
use core_x509::{request::CertRequest, tlv::Limits};
use kit_keys::{Provider, SoftKey};
use std::{
    collections::{HashSet, VecDeque},
    fs,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
    thread::available_parallelism,
};
use tokio::task::JoinSet;

/// Requests that wait for their order: what is wanted, and the file's text.
pub(super) type Waiting = VecDeque<(Wanted, String)>;

pub(super) async fn run(town: &Town, tell: &mut Teller) -> Outcome<Waiting> {
    tell.begin(t("1,000 通の要求", "A thousand requests"), town.house.clock.now());
    tell.say(&t(
        "事業所、代理人、サーバーがそれぞれ鍵を作り、証明書署名要求（PKCS#10）をファイルに書きます。",
        "Providers, agents and servers make their keys, and write certification requests (PKCS#10) to files.",
    ));
    let dir = town.house.at("requests");
    let wanted = thousand(town.openssl.is_some());
    let bar = tell.bar(wanted.len(), &t("要求", "requests"));
    let mut rest: VecDeque<Wanted> = wanted.iter().cloned().collect();
    let mut running = JoinSet::new();
    let cores = available_parallelism().map_or(2, usize::from);
    let maker = Arc::new((town.openssl.clone(), dir.clone()));
    loop {
        while running.len() < cores
            && let Some(next) = rest.pop_front()
        {
            let maker = maker.clone();
            running.spawn_blocking(move || make(&next, maker.0.as_ref(), &maker.1));
        }
        match running.join_next().await {
            Some(made) => made.map_err(|e| broken("making a request", &e))??,
            None => break,
        }
        bar.inc(1);
    }
    bar.finish_and_clear();

    let mut waiting = Waiting::with_capacity(COUNT);
    for wanted in wanted {
        let path = file(&dir, &wanted);
        let text = fs::read_to_string(&path).map_err(|e| Fail::file(&path, &e))?;
        waiting.push_back((wanted, text));
    }
    let foreign = waiting.iter().filter(|(wanted, _)| wanted.maker == Maker::Openssl).count();
    tell.check(
        t(
            format!(
                "{foreign} 通は openssl、{} 通は自前。読み戻すと、どれも秘密鍵の所持が確かめられる",
                COUNT - foreign
            ),
            format!(
                "{foreign} by openssl, {} by our own code; read back, each proves possession of its key",
                COUNT - foreign
            ),
        ),
        all_prove_possession(&waiting),
    );
    tell.say(&t(format!("鍵の種類: {}", kinds(&waiting)), format!("keys: {}", kinds(&waiting))));
    tell.look(format!("openssl req -noout -text -in {}", file(&dir, &waiting[0].0).display()));
    Ok(waiting)
}

fn file(dir: &Path, wanted: &Wanted) -> PathBuf {
    dir.join(wanted.file()).with_extension("pem")
}

fn make(wanted: &Wanted, openssl: Option<&Openssl>, dir: &Path) -> Outcome<()> {
    let (path, dns) = (file(dir, wanted), wanted.dns());
    match openssl.filter(|_| wanted.maker == Maker::Openssl) {
        Some(openssl) => openssl.request(wanted.key, &wanted.common_name(), dns.as_deref(), &path),
        None => {
            let key = SoftKey::generate(wanted.key).map_err(|e| broken("making a key", &e))?;
            let name = wanted.name().map_err(|e| broken("a name", &e))?;
            let der = csr::request(&key, &name, dns.as_deref())?;
            let secret = key.to_pkcs8().map_err(|e| broken("writing a key", &e))?;
            save(&path.with_extension("key"), &pem::encode(pem::label::PRIVATE_KEY, &secret), 0o600)?;
            save(&path, &pem::encode(pem::label::REQUEST, &der), 0o644)
        }
    }
}

fn save(path: &Path, text: &str, mode: u32) -> Outcome<()> {
    use std::io::Write;
    let file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|e| Fail::file(path, &e))
}

fn all_prove_possession(waiting: &Waiting) -> Result<(), String> {
    let mut keys = HashSet::new();
    for (wanted, text) in waiting {
        let name = wanted.file();
        let der =
            sniff::der(text.as_bytes(), Object::Request, 96 << 10).map_err(|e| format!("{name}: {e}"))?;
        let request = CertRequest::parse(&der, &Limits::DEFAULT).map_err(|e| format!("{name}: {e}"))?;
        request.verify(&Provider).map_err(|e| format!("{name}: {e}"))?;
        if !keys.insert(Provider.sha256(request.key.spki)) {
            return Err(format!("{name}: another request has the same key"));
        }
    }
    if waiting.len() == COUNT { Ok(()) } else { Err(format!("there are {} requests", waiting.len())) }
}

fn kinds(waiting: &Waiting) -> String {
    let count = |kind: KeyAlg| waiting.iter().filter(|(wanted, _)| wanted.key == kind).count();
    let each: Vec<String> =
        KeyAlg::ALL.into_iter().map(|kind| format!("{} {}", kind.name(), count(kind))).collect();
    each.join(", ")
}
