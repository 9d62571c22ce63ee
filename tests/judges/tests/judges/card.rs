//! OpenSC, its PKCS#11 library and openssl work with a virtual card as with a real one (J16).

use tests_judges::{
    card::{InReader, card_file, module, opensc, openssl_with_engine, own_memory, readers},
    openssl, scratch,
};

fn file(name: &str) -> String {
    card_file(name).to_string_lossy().into_owned()
}

/// What is in a PEM file, without the frame around it.
fn body(text: &str) -> String {
    let inside = text.split("-----BEGIN CERTIFICATE-----").nth(1).and_then(|t| t.split("-----END").next());
    inside.unwrap_or_else(|| panic!("no certificate in {text}")).split_whitespace().collect()
}

fn pkcs11(args: &[&str]) -> tests_judges::Said {
    let module = module();
    opensc("pkcs11-tool", &[&["--module", module.to_str().expect("a path")], args].concat())
}

/// The arguments that choose one of the two tokens and give its PIN.
const AUTHENTICATION: [&str; 5] =
    ["--token-label", "JPKI (User Authentication PIN)", "--login", "--pin", "1234"];
const SIGNING: [&str; 5] = ["--token-label", "JPKI (Digital Signature PIN)", "--login", "--pin", "ABC123"];

#[test]
fn j16_opensc_knows_the_card_and_reads_all_four_certificates() {
    let _readers = readers();
    let card = InReader::demo(0);
    let name = opensc("opensc-tool", &["-r", "0", "-n"]);
    assert!(name.must_be_yes().text.contains("jpki"), "{}", name.text);
    let dump = opensc("pkcs15-tool", &["-r", "0", "-D"]);
    for wanted in
        ["PKCS#15 Card [JPKI]", "User Authentication PIN", "Digital Signature PIN", "User Authentication Key"]
    {
        assert!(dump.must_be_yes().text.contains(wanted), "{wanted}: {}", dump.text);
    }
    for (id, name) in [("1", "auth.pem"), ("3", "auth-ca.pem"), ("4", "sign-ca.pem")] {
        let said = opensc("pkcs15-tool", &["-r", "0", "--read-certificate", id]);
        let ours = std::fs::read_to_string(card_file(name)).expect("a file");
        assert_eq!(body(&said.must_be_yes().text), body(&ours), "{name}");
    }
    let hidden = opensc("pkcs15-tool", &["-r", "0", "--read-certificate", "2"]);
    assert!(!hidden.text.contains("BEGIN CERTIFICATE"), "{}", hidden.text);
    let pin = ["-r", "0", "--verify-pin", "--auth-id", "2", "--pin", "ABC123", "--read-certificate", "2"];
    let said = opensc("pkcs15-tool", &pin);
    let ours = std::fs::read_to_string(card_file("sign.pem")).expect("a file");
    assert_eq!(body(&said.must_be_yes().text), body(&ours));
    drop(card);
}

#[test]
fn j16_both_keys_sign_through_pkcs11_and_openssl_verifies() {
    let _readers = readers();
    let card = InReader::demo(0);
    let objects = pkcs11(&["-O"]);
    assert!(objects.must_be_yes().text.contains("Certificate Object"), "{}", objects.text);
    let message = card.beside("message");
    std::fs::write(&message, "転入届").expect("written");
    for (token, id, certificate) in [(AUTHENTICATION, "01", "auth.pem"), (SIGNING, "02", "sign.pem")] {
        let (signature, key) = (card.beside("signature"), card.beside("key.pem"));
        let sign = ["--sign", "--mechanism", "SHA256-RSA-PKCS", "--id", id, "-i", &message, "-o", &signature];
        pkcs11(&[&token[..], &sign].concat()).must_be_yes();
        openssl(&["x509", "-in", &file(certificate), "-pubkey", "-noout", "-out", &key]).must_be_yes();
        openssl(&["dgst", "-sha256", "-verify", &key, "-signature", &signature, &message]).must_be_yes();
        std::fs::write(card.beside("other"), "転出届").expect("written");
        openssl(&["dgst", "-sha256", "-verify", &key, "-signature", &signature, &card.beside("other")])
            .must_be_no_because("Verification failure");
    }
}

#[test]
fn j16_a_wrong_pin_costs_a_try_and_the_third_blocks_it_for_every_tool() {
    let _readers = readers();
    let card = InReader::demo(0);
    let wrong = ["--token-label", "JPKI (User Authentication PIN)", "--login", "--pin", "9999", "-O"];
    for _ in 0..3 {
        pkcs11(&wrong).must_be_no_because("CKR_PIN_INCORRECT");
    }
    pkcs11(&wrong).must_be_no_because("CKR_PIN_LOCKED");
    pkcs11(&[&AUTHENTICATION[..], &["-O"]].concat()).must_be_no_because("CKR_PIN_LOCKED");
    let tries = opensc("pkcs15-tool", &["-r", "0", "-D"]);
    assert!(tries.must_be_yes().text.contains("Tries left     : 0"), "{}", tries.text);
    opensc("pkcs15-tool", &["-r", "0", "--verify-pin", "--auth-id", "1", "--pin", "1234"])
        .must_be_no_because("Authentication method blocked");
    // The other PIN has nothing to do with it, and five tries of its own.
    pkcs11(&[&SIGNING[..], &["-O"]].concat()).must_be_yes();
    let wrong = ["-r", "0", "--verify-pin", "--auth-id", "2", "--pin", "WRONG1"];
    for _ in 0..5 {
        opensc("pkcs15-tool", &wrong).must_be_no_because("PIN code");
    }
    opensc("pkcs15-tool", &wrong).must_be_no_because("Authentication method blocked");
    drop(card);
}

#[test]
fn j16_openssl_signs_cms_with_either_key_of_the_card_behind_its_engine() {
    let _readers = readers();
    let card = InReader::demo(0);
    let (message, signed) = (card.beside("message"), card.beside("message.p7m"));
    std::fs::write(&message, "ログイン").expect("written");
    for (token, signer, authority, other) in [
        ("User%20Authentication%20PIN%29;id=%01", "auth.pem", "auth-ca.pem", "sign-ca.pem"),
        ("Digital%20Signature%20PIN%29;id=%02", "sign.pem", "sign-ca.pem", "auth-ca.pem"),
    ] {
        let pin = if signer == "auth.pem" { "1234" } else { "ABC123" };
        let key = format!("pkcs11:token=JPKI%20%28{token};type=private;pin-value={pin}");
        let sign = ["cms", "-sign", "-engine", "pkcs11", "-keyform", "engine", "-inkey", &key, "-signer"];
        let form =
            ["-md", "sha256", "-binary", "-nodetach", "-outform", "DER", "-in", &message, "-out", &signed];
        // OpenSC has the signing key's PIN asked anew for each signature (CKA_ALWAYS_AUTHENTICATE).
        openssl_with_engine(&[&sign[..], &[&file(signer)], &form].concat(), &format!("{pin}\n"))
            .must_be_yes();
        let verify = ["cms", "-verify", "-inform", "DER", "-in", &signed, "-purpose", "any", "-CAfile"];
        openssl(&[&verify[..], &[&file(authority)]].concat()).must_be_yes();
        openssl(&[&verify[..], &[&file(other)]].concat()).must_be_no_because("certificate");
        std::fs::remove_file(&signed).expect("removed");
    }
}

#[test]
fn j16_two_cards_in_two_readers_are_two_cards() {
    let _readers = readers();
    let (first, second) = (InReader::demo(0), InReader::demo(1));
    let wrong = ["-r", "1", "--verify-pin", "--auth-id", "1", "--pin", "9999"];
    assert!(!opensc("pkcs15-tool", &wrong).yes);
    for (reader, left) in [("0", "Tries left     : 3"), ("1", "Tries left     : 2")] {
        let dump = opensc("pkcs15-tool", &["-r", reader, "-D"]);
        assert!(dump.must_be_yes().text.contains(left), "{reader}: {}", dump.text);
    }
    drop((first, second));
}

#[test]
fn j16_a_card_killed_in_the_middle_of_its_work_is_the_same_card_when_it_comes_back() {
    let _readers = readers();
    let mut card = InReader::demo(0);
    let wrong = ["-r", "0", "--verify-pin", "--auth-id", "2", "--pin", "WRONG1"];
    assert!(!opensc("pkcs15-tool", &wrong).yes);
    let message = card.beside("message");
    std::fs::write(&message, "転入届").expect("written");
    for _ in 0..3 {
        let sign =
            ["--sign", "--mechanism", "SHA256-RSA-PKCS", "--id", "02", "-i", &message, "-o", "/dev/null"];
        let module = module();
        let args = [&["--module", module.to_str().expect("a path")][..], &SIGNING, &sign].concat();
        std::thread::scope(|scope| {
            let signing = scope.spawn(move || opensc("pkcs11-tool", &args));
            // COMPUTE DIGITAL SIGNATURE has come; whether its answer still went is a matter of microseconds.
            card.wait_for_command("802A");
            card.kill();
            drop(signing.join());
        });
        card.put_in();
    }
    let token = [&SIGNING[..], &["-O"]].concat();
    pkcs11(&token).must_be_yes();
    let dump = opensc("pkcs15-tool", &["-r", "0", "-D"]);
    assert!(
        dump.must_be_yes().text.contains("Tries left     : 5"),
        "the right PIN gave all back: {}",
        dump.text
    );
}

#[test]
fn j16_a_thousand_signatures_in_a_row_cost_no_memory() {
    use core_card::{
        host::{Caution, CertificateFile, Terminal},
        pin::{PinKind, PinText},
    };
    use core_crypto::{SigAlg, Verify};
    use core_pack::spki::PublicKey;
    use core_x509::certificate::Certificate;
    use kit_keys::Provider;

    let _readers = readers();
    let card = InReader::demo(0);
    let reader = kit_reader::pcsc::open(Some("0"), kit_reader::pcsc::Limits::default()).expect("the reader");
    let mut terminal = Terminal::open(reader.connect().expect("the card")).expect("a card of the JPKI");
    let pin = PinText::new(PinKind::Authentication, b"1234").expect("a PIN");
    let verified = terminal.verify(PinKind::Authentication, &pin, Caution::SpareTheLast).expect("right");
    let der = terminal.read_certificate(CertificateFile::Authentication).expect("read").expect("there");
    let certificate = Certificate::parse(&der).expect("a certificate");
    let family = PublicKey::parse(certificate.tbs.spki).expect("a key").family;
    let mut sign = |number: u32| {
        let message = number.to_be_bytes();
        let signature = terminal.sign_message(&verified, family, &Provider, &message).expect("a signature");
        Provider.verify(SigAlg::RsaSha256, certificate.tbs.spki, &message, &signature).expect("verifies");
    };
    (0..100).for_each(&mut sign);
    let before = own_memory(card.process());
    (100..1_100).for_each(&mut sign);
    let grown = own_memory(card.process()).saturating_sub(before);
    // A signature that were kept would be 256 KiB after a thousand.
    assert!(grown < 200, "{grown} KiB more after 1,000 signatures");
}

#[test]
fn j16_certificates_lead_to_their_authority_and_have_the_published_form() {
    let folder = scratch();
    for (leaf, authority, other) in
        [("sign.pem", "sign-ca.pem", "auth-ca.pem"), ("auth.pem", "auth-ca.pem", "sign-ca.pem")]
    {
        openssl(&["verify", "-CAfile", &file(authority), &file(leaf)]).must_be_yes();
        openssl(&["verify", "-CAfile", &file(other), &file(leaf)])
            .must_be_no_because("unable to get local issuer");
    }
    let signing = [
        "X509v3 Key Usage",
        "X509v3 Subject Alternative Name",
        "X509v3 Certificate Policies",
        "X509v3 Issuer Alternative Name",
        "X509v3 CRL Distribution Points",
        "X509v3 Authority Key Identifier",
        "X509v3 Subject Key Identifier",
    ];
    let authentication = [
        "X509v3 Key Usage",
        "X509v3 Extended Key Usage",
        "X509v3 Certificate Policies",
        "X509v3 Issuer Alternative Name",
        "X509v3 CRL Distribution Points",
        "Authority Information Access",
        "X509v3 Authority Key Identifier",
        "X509v3 Subject Key Identifier",
    ];
    let authority = [
        "X509v3 Key Usage",
        "X509v3 Subject Alternative Name",
        "X509v3 Basic Constraints",
        "X509v3 CRL Distribution Points",
        "X509v3 Subject Key Identifier",
    ];
    for (name, order) in [
        ("sign.pem", &signing[..]),
        ("auth.pem", &authentication),
        ("sign-ca.pem", &authority),
        ("auth-ca.pem", &authority),
    ] {
        let der = folder.path().join(name).to_string_lossy().into_owned();
        openssl(&["x509", "-in", &file(name), "-outform", "DER", "-out", &der]).must_be_yes();
        let tree = openssl(&["asn1parse", "-inform", "DER", "-in", &der]);
        let tree = &tree.must_be_yes().text;
        let place = |part: &&str| tree.find(part).unwrap_or_else(|| panic!("{name}: no {part} in\n{tree}"));
        let places: Vec<usize> = order.iter().map(place).collect();
        assert!(places.is_sorted(), "{name}: the order of extensions: {places:?}");
        assert!(tree.contains("PRINTABLESTRING   :JP"), "{name}: {tree}");
        assert!(tree.contains("UTF8STRING        :JPKI-SANDBOX"), "{name}: {tree}");
    }
    let text = openssl(&["x509", "-in", &file("sign.pem"), "-noout", "-text"]);
    assert!(text.must_be_yes().text.contains("Non Repudiation"), "{}", text.text);
}

/// How the two kinds of keys look: their name at the command line, how the inside of their PKCS#8 begins (RFC 5208: the
/// version and the algorithm), and what openssl calls their secret numbers.
struct Keys {
    kind: &'static str,
    begins: &'static [u8],
    secret: &'static [&'static str],
}

const RSA: Keys = Keys {
    kind: "rsa-2048",
    begins: b"\x02\x01\x00\x30\x0D\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01",
    secret: &["privateExponent:", "prime1:", "prime2:", "exponent1:", "exponent2:", "coefficient:"],
};

const P384: Keys = Keys {
    kind: "p-384",
    begins: b"\x02\x01\x00\x30\x10\x06\x07\x2A\x86\x48\xCE\x3D\x02\x01",
    secret: &["priv:"],
};

/// The numbers of the private key that the card keeps, as openssl reads them.
fn private_numbers(card: &InReader, keys: &Keys) -> Vec<Vec<u8>> {
    use kit_reader::file::{CardFile, DeviceKey};
    let key = DeviceKey::open(std::path::Path::new(&card.beside("device.key"))).expect("the key of the file");
    let (_, state) = CardFile::open(&card.path(), &key).expect("the card");
    let inside = state.windows(keys.begins.len()).position(|window| window == keys.begins).expect("a key");
    // The SEQUENCE around it, with a length of one octet or of two (X.690, 8.1.3.5).
    let head = if state[inside - 2] == 0x81 { 3 } else { 4 };
    let length =
        state[inside - head + 2..inside].iter().fold(0, |sum, octet| sum * 256 + usize::from(*octet));
    let file = card.beside("key.der");
    std::fs::write(&file, &state[inside - head..inside + length]).expect("written");
    let text = openssl(&["pkey", "-inform", "DER", "-in", &file, "-noout", "-text"]);
    let mut numbers: Vec<(String, String)> = Vec::new();
    for line in text.must_be_yes().text.lines() {
        match line.strip_prefix("    ") {
            Some(hex) => numbers.last_mut().expect("a name before its number").1.push_str(hex.trim()),
            None => numbers.push((line.trim().to_owned(), String::new())),
        }
    }
    let octets =
        |hex: &str| hex.split(':').map(|octet| u8::from_str_radix(octet, 16).expect("hex")).collect();
    let found: Vec<Vec<u8>> = numbers
        .iter()
        .filter(|(name, _)| keys.secret.contains(&name.as_str()))
        .map(|(_, hex)| octets(hex))
        .collect();
    assert_eq!(found.len(), keys.secret.len(), "{}", text.text);
    found
}

/// Whether the memory of a process has 16 octets in a row of one of these numbers, in either order.
fn remembers(process: u32, numbers: &[Vec<u8>]) -> bool {
    use std::{
        collections::HashSet,
        io::{Read, Seek, SeekFrom},
    };
    let mut runs: HashSet<[u8; 16]> = HashSet::new();
    let mut begins = vec![false; 1 << 16];
    for number in numbers {
        let turned: Vec<u8> = number.iter().rev().copied().collect();
        for run in number.windows(16).chain(turned.windows(16)) {
            let run: [u8; 16] = run.try_into().expect("16 octets");
            begins[usize::from(u16::from_be_bytes([run[0], run[1]]))] = true;
            runs.insert(run);
        }
    }
    let maps = std::fs::read_to_string(format!("/proc/{process}/maps")).expect("the process is there");
    let mut memory = std::fs::File::open(format!("/proc/{process}/mem")).expect("its memory is readable");
    let mut looked_at = 0;
    for line in maps.lines().filter(|line| line.contains(" rw")) {
        let (start, end) = line.split(' ').next().and_then(|range| range.split_once('-')).expect("a range");
        let start = u64::from_str_radix(start, 16).expect("hex");
        let length = u64::from_str_radix(end, 16).expect("hex") - start;
        let mut octets = vec![0; usize::try_from(length).expect("it fits")];
        if memory.seek(SeekFrom::Start(start)).and_then(|_| memory.read_exact(&mut octets)).is_err() {
            // Pages of devices cannot be read, and no program writes there.
            continue;
        }
        looked_at += octets.len();
        let known = |window: &[u8]| {
            begins[usize::from(u16::from_be_bytes([window[0], window[1]]))]
                && runs.contains(<&[u8; 16]>::try_from(window).expect("16 octets"))
        };
        if octets.windows(16).any(known) {
            return true;
        }
    }
    assert!(looked_at > 1 << 20, "only {looked_at} octets of memory were readable");
    false
}

/// Whether processes of this user may lock all of their memory.
fn locks_memory() -> bool {
    let limits = std::fs::read_to_string("/proc/self/limits").expect("Linux tells");
    let unlimited =
        limits.lines().any(|line| line.starts_with("Max locked memory") && line.contains("unlimited"));
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux tells");
    let mask = status.lines().find_map(|line| line.strip_prefix("CapEff:")).expect("Linux tells");
    // CAP_IPC_LOCK (capabilities(7)).
    unlimited || u64::from_str_radix(mask.trim(), 16).expect("hex") >> 14 & 1 == 1
}

#[test]
fn j4_after_an_rsa_key_is_stored_the_generators_memory_has_nothing_of_it() {
    the_generator_forgets(&RSA);
}

#[test]
fn j4_after_a_p384_key_is_stored_the_generators_memory_has_nothing_of_it() {
    the_generator_forgets(&P384);
}

fn the_generator_forgets(keys: &Keys) {
    use std::{
        io::{BufRead, BufReader},
        process::{Command, Stdio},
    };
    let _readers = readers();
    let folder = scratch();
    let binary = std::env::var_os("WARIFU_TEST_BINARY").expect("the binary");
    let warifu = || {
        let mut command = Command::new(&binary);
        command.current_dir(folder.path()).args(["--lang", "en", "card"]);
        command
    };
    let ran = |command: &mut Command| assert!(command.status().expect("started").success());
    ran(warifu().args(["new", "demo.card", "--layout", "signing", "--kind", keys.kind]));
    ran(warifu().args(["personalise", "prepare", "--card", "demo.card"]));
    std::fs::write(folder.path().join("typed"), "signing ABC123\n").expect("written");
    let issuers = folder.path().join("card-keys.txt").to_string_lossy().into_owned();
    let typed = folder.path().join("typed").to_string_lossy().into_owned();
    let mut card = InReader::of(folder, 0);
    let mut generator = Command::new(&binary)
        .args([
            "--lang",
            "en",
            "card",
            "generator",
            "--menu",
            "make",
            "--allow-unlocked",
            "--wait",
            "--reader",
            "0",
        ])
        .args(["--keys", &issuers, "--password-file", &typed])
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let said = BufReader::new(generator.stdout.take().expect("piped"));
    let done = said.lines().map_while(Result::ok).any(|line| line.starts_with("Take the card out"));
    assert!(done, "the generator ended before it had stored the key");
    // It would end with the card: it is stopped where it stands.
    let process = generator.id().to_string();
    ran(Command::new("kill").args(["-STOP", &process]));
    if locks_memory() {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("it is there");
        let locked = status.lines().find_map(|line| line.strip_prefix("VmLck:")).expect("Linux tells");
        assert_ne!(locked.trim(), "0 kB", "its memory is locked where that is allowed");
    }
    card.kill();
    let numbers = private_numbers(&card, keys);
    let generators = remembers(generator.id(), &numbers);
    // It can be seen where it is: in this process, which has just read it.
    let ours = remembers(std::process::id(), &numbers);
    generator.kill().and_then(|()| generator.wait()).expect("ended");
    assert!(ours, "the search finds nothing at all");
    assert!(!generators, "something of the private key is left in the generator's memory");
}
