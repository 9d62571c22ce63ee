//! C2–C5, K11, K12: a thousand files and papers asked for all at once, by everybody, in whatever order chance brings.
//! Each is looked into when it is out: whose it is, by what stands in it and by its name.

use crate::desk::{apply, doer, scope};
use core_words::{CaseNumber, Yen};
use desk_claims::{
    command::Command,
    service::{Picked, TypedDeposit},
    status::Hat,
    words::{HolderNumber, KeyWay},
};
use kit_store::testing::{Place, both_places};
use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command as Program, Stdio},
    sync::Arc,
};
use tests_harness::{Browser, Office, Page, Town};

/// Who asks at a time, and how often each.
const VISITORS: usize = 10;
const EACH: usize = 100;

/// Numbers that follow from a seed (SplitMix64), so that a failure can be looked at again.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }
}

/// Somebody with a case, and what is theirs.
struct Owner {
    browser: Browser,
    number: String,
    name: String,
    password: String,
    /// Issued.
    case: CaseNumber,
    /// The path of the notice that it was issued.
    notice: String,
    agent: bool,
    /// Whether the service made the key.
    kept: bool,
}

fn openssl(arguments: &[&str]) -> String {
    let done = Program::new("openssl").args(arguments).output().expect("openssl is there");
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).into_owned()
}

/// A request with a key of the applicant's own.
fn own_request(dir: &Path, name: &str) -> Vec<u8> {
    let (key, request) = (dir.join(format!("{name}.key")), dir.join(format!("{name}.csr")));
    let (key, out) = (key.to_string_lossy(), request.to_string_lossy());
    let new = ["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    openssl(&[&new[..], &["-keyout", &key, "-subj", "/CN=own", "-outform", "DER", "-out", &out]].concat());
    std::fs::read(request).expect("a request")
}

/// Somebody whose certificate is on its way.
struct Applied {
    office: Office,
    case: CaseNumber,
    kept: bool,
}

async fn applied(town: &mut Town, at: usize) -> Applied {
    let agent = at % 3 == 2;
    let name = format!("第{at}番の事業者");
    let office = if agent { town.agent_outside(&name).await } else { town.provider_outside(&name).await };
    let kept = at % 4 != 1;
    let key = match kept {
        true => KeyWay::Service,
        false => KeyWay::Own(own_request(town.dir(), &office.number)),
    };
    let case = apply(town, &office, key).await;
    if agent {
        pay(town, &office, case).await;
    } else {
        let done = town.claims().act(scope(town), case, None, Command::RegisterIssue, doer(Hat::Clerk, 2));
        done.await.expect("registered");
    }
    Applied { office, case, kept }
}

/// So many, each with a certificate and signed in.
async fn owners(town: &mut Town, many: usize) -> Vec<Owner> {
    let mut all = Vec::new();
    for at in 0..many {
        all.push(applied(town, at).await);
    }
    town.pass(1_800).await;
    let mut owners = Vec::new();
    for Applied { mut office, case, kept } in all {
        office.sign_in().await;
        let board = office.get("/claims/notices").await;
        let notice = board.links("").into_iter().find(|link| link.starts_with("/claims/notices/"));
        owners.push(Owner {
            browser: (*office).clone(),
            number: office.number.clone(),
            name: office.name.clone(),
            password: office.issue_password(),
            notice: notice.unwrap_or_else(|| panic!("{}", board.text())),
            case,
            agent: office.number.starts_with("DA"),
            kept,
        });
    }
    owners
}

async fn pay(town: &Town, office: &Office, case: CaseNumber) {
    let agent = HolderNumber::new(&office.number).expect("an ID");
    let new = TypedDeposit {
        agent: Some(agent.clone()),
        day: town.now(),
        amount: Yen(7_800),
        payer: office.number.clone(),
        reference: String::new(),
        note: String::new(),
    };
    town.claims().enter_deposit(scope(town), new, doer(Hat::Clerk, 2)).await.expect("entered");
    let picked = vec![Picked { number: case, version: 1 }];
    town.claims().register_payments(scope(town), agent, picked, doer(Hat::Clerk, 2)).await.expect("paid");
}

/// What one output must be of.
struct Seen {
    what: &'static str,
    /// What a reader finds in it, without blanks.
    text: String,
    /// How the file is called, where it is one.
    file: Option<String>,
}

fn named(page: &Page) -> Option<String> {
    let header = page.header("content-disposition")?;
    Some(header.split('"').nth(1).unwrap_or_default().to_owned())
}

fn pdf_text(pdf: &[u8]) -> String {
    let mut reader = Program::new("pdftotext");
    reader.args(["-q", "-", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut started = reader.spawn().expect("pdftotext is there");
    let mut into = started.stdin.take().expect("piped");
    let pdf = pdf.to_vec();
    let writing = std::thread::spawn(move || into.write_all(&pdf));
    let done = started.wait_with_output().expect("it ends");
    writing.join().expect("it ends").expect("written");
    without_blanks(&String::from_utf8_lossy(&done.stdout))
}

fn without_blanks(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The subject of the first certificate in a file, and whether its key is in it.
fn subject(dir: &Path, page: &Page, password: &str, mark: usize) -> String {
    let file: PathBuf = dir.join(format!("out-{mark}"));
    std::fs::write(&file, &page.body).expect("written");
    let path = file.to_string_lossy().into_owned();
    let pem = match page.header("content-type") {
        Some("application/x-pkcs12") => {
            let pass = format!("pass:{password}");
            openssl(&["pkcs12", "-in", &path, "-passin", &pass, "-clcerts", "-nokeys"])
        }
        _ => String::from_utf8_lossy(&page.body).into_owned(),
    };
    std::fs::write(&file, pem).expect("written");
    openssl(&["x509", "-in", &path, "-noout", "-subject"])
}

/// Asks for something that chance chooses, and tells what came.
async fn ask(owner: &Owner, chance: &mut Chance, dir: &Path, mark: usize) -> Seen {
    let mut browser = owner.browser.clone();
    let case = format!("/claims/cases/{}", owner.case);
    let pdf = |what, page: Page| {
        assert_eq!(page.status, 200, "{what}: {}", page.text());
        let file = named(&page);
        async move {
            let text = tokio::task::spawn_blocking(move || pdf_text(&page.body)).await.expect("it ends");
            Seen { what, text, file }
        }
    };
    match chance.below(10) {
        0 => {
            let form = browser.get(&format!("{case}/download")).await.form("/download").expect("a form");
            let page = browser.submit(&form.with("issue_password", &owner.password)).await;
            assert_eq!(page.status, 200, "{}", page.text());
            let (file, dir, password) = (named(&page), dir.to_owned(), owner.password.clone());
            let text = tokio::task::spawn_blocking(move || subject(&dir, &page, &password, mark))
                .await
                .expect("it ends");
            Seen { what: "certificate", text: without_blanks(&text), file }
        }
        1 | 2 => {
            let form = browser.get("/claims/quotation").await.form("/quotation").expect("a form");
            let page = browser.submit(&form).await;
            pdf("quotation", page).await
        }
        3 | 4 if owner.agent => pdf("invoice", browser.get(&format!("{case}/invoice.pdf")).await).await,
        3..=6 => pdf("receipt", browser.get(&format!("{case}/receipt.pdf")).await).await,
        7 => {
            let page = browser.get(&owner.notice).await;
            assert_eq!(page.status, 200, "{}", page.text());
            Seen { what: "notice", text: without_blanks(&page.text()), file: None }
        }
        8 => {
            let page = browser.get(&format!("{case}/proof/1")).await;
            assert_eq!(page.status, 200, "{}", page.text());
            let file = dir.join(format!("out-{mark}"));
            let text = page.html();
            let extra = text.lines().find_map(|line| line.strip_prefix("extra ")).expect("the entry");
            std::fs::write(&file, extra).expect("written");
            let entry = openssl(&["base64", "-d", "-A", "-in", &file.to_string_lossy()]);
            Seen { what: "proof", text: entry, file: named(&page) }
        }
        _ => {
            let page = browser.get(&case).await;
            assert_eq!(page.status, 200, "{}", page.text());
            Seen { what: "case", text: without_blanks(&page.text()), file: None }
        }
    }
}

/// What is wrong with an output.
fn judge(seen: &Seen, owner: &Owner, all: &[Owner]) -> Result<(), String> {
    let (number, case) = (owner.number.as_str(), owner.case.to_string());
    let wanted: Vec<&str> = match seen.what {
        "certificate" | "quotation" => vec![number],
        "proof" | "notice" => vec![&case],
        "case" => vec![&case, &owner.name],
        _ => vec![number, &case, &owner.name],
    };
    for word in wanted {
        if !seen.text.contains(word) {
            return Err(format!("{} of {number} does not say {word}: {}", seen.what, seen.text));
        }
    }
    for other in all.iter().filter(|other| other.number != number) {
        let other_case = other.case.to_string();
        let theirs = [other.number.as_str(), other.name.as_str(), &other_case];
        if let Some(word) = theirs.into_iter().find(|word| seen.text.contains(word)) {
            return Err(format!("{} of {number} says {word} of {}", seen.what, other.number));
        }
    }
    let file = seen.file.as_deref().unwrap_or_default();
    let right = match seen.what {
        "certificate" => file == format!("{number}-{case}.{}", if owner.kept { "p12" } else { "pem" }),
        "receipt" | "invoice" | "proof" => file.starts_with(&case),
        _ => all.iter().all(|other| other.number == number || !file.contains(&other.number)),
    };
    if right { Ok(()) } else { Err(format!("{} of {number} is called {file}", seen.what)) }
}

#[test]
fn c05_k12_a_thousand_outputs_at_once_each_reach_their_owner() {
    both_places(async |place: &Place| {
        let mut town = Town::on(place.url()).await;
        let (owners, dir) = (Arc::new(owners(&mut town, 12).await), town.dir().to_owned());
        let mut visitors = tokio::task::JoinSet::new();
        for visitor in 0..VISITORS {
            let (owners, dir) = (owners.clone(), dir.clone());
            visitors.spawn(async move {
                let mut chance = Chance(visitor as u64);
                let mut wrong = Vec::new();
                for turn in 0..EACH {
                    let owner = &owners[chance.below(owners.len())];
                    let seen = ask(owner, &mut chance, &dir, visitor * EACH + turn).await;
                    wrong.extend(judge(&seen, owner, &owners).err());
                    for _ in 0..chance.below(4) {
                        tokio::task::yield_now().await;
                    }
                }
                wrong
            });
        }
        let wrong = visitors.join_all().await.concat();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        town.end().await;
    });
}

#[test]
fn c05_a_certificate_of_somebody_else_is_kept_back_at_the_very_door() {
    both_places(async |place: &Place| {
        let mut town = Town::on(place.url()).await;
        let two = owners(&mut town, 2).await;
        let (one, other) = (&two[0], &two[1]);
        let file = town.claims().case(scope(&town), other.case, Hat::Clerk).await.expect("it is there");
        let theirs = file.case.case.holding().expect("issued").certificate.cert.clone();
        let fetch = async |owner: &Owner| {
            let mut browser = owner.browser.clone();
            let path = format!("/claims/cases/{}/download", owner.case);
            let form = browser.get(&path).await.form("/download").expect("a form");
            browser.submit(&form.with("issue_password", &owner.password)).await
        };
        // The authority mixes people up: what it shows for the one is the other's.
        town.trouble().mix_up(Some(theirs));
        let kept_back = fetch(one).await;
        assert_eq!(kept_back.status, 500, "{}", kept_back.text());
        assert!(kept_back.html().contains("claims.not_theirs"), "{}", kept_back.text());
        assert!(named(&kept_back).is_none());
        let after = town.claims().case(scope(&town), one.case, Hat::Clerk).await.expect("it is there");
        assert!(after.case.case.holding().expect("issued").fetched.is_none(), "nothing was handed out");
        assert_eq!(fetch(other).await.status, 200, "what is theirs is theirs");
        town.trouble().mix_up(None);
        assert_eq!(fetch(one).await.status, 200);
        town.end().await;
    });
}
