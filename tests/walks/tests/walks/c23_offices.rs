//! C5, C7, C23: a holder is entered, gets its letter, signs in and applies; one who calls gets another letter, which ends
//! the passwords before; mandates; records out of a file.

use crate::desk::{doer, scope};
use core_words::Refusal;
use desk_claims::{
    RunId, WantedOffices, Which,
    office::{
        Letter, NewOffice, PrintedLetters,
        import::{NotTaken, Plan},
        mandates::TypedMandate,
    },
    status::Hat,
    words::{HolderNumber, LetterWhy},
    work::RunState,
};
use kit_store::testing::{Place, both_places};
use kit_web::Day;
use std::sync::Arc;
use tests_harness::{Page, Town};

const NUMBER: &str = "1310000011";

fn number(text: &str) -> HolderNumber {
    HolderNumber::new(text).expect("a number")
}

fn office(of: &str, name: &str) -> NewOffice {
    NewOffice {
        number: number(of),
        name: name.into(),
        kana: "サクラ".into(),
        postal: "1640001".into(),
        address: "東京都中野区中野4丁目8番1号".into(),
        phone: "0353850000".into(),
        email: "sakura@example.jp".into(),
    }
}

async fn sign_in(town: &Town, letter: &Letter) -> Page {
    let mut browser = town.browser();
    let page = browser.get("/sign-in").await;
    let form = page.form("/sign-in").unwrap_or_else(|| panic!("no form: {}", page.text()));
    browser.submit(&form.with("login", &letter.login).with("password", &letter.password)).await
}

async fn print(town: &Town, seen: i64, why: LetterWhy, how: &str) -> Result<PrintedLetters, Refusal> {
    let asked = (why, how.to_owned());
    town.claims().print_letter(scope(town), number(NUMBER), seen, asked, doer(Hat::Clerk, 2)).await
}

#[test]
fn c05_c07_c23_a_letter_opens_the_door_and_the_next_one_shuts_it_to_the_one_before() {
    both_places(async |place: &Place| {
        let town = Town::on(place.url()).await;
        let claims = town.claims().clone();
        let clerk = || doer(Hat::Clerk, 2);
        let record =
            claims.enter_office(scope(&town), office(NUMBER, "さくら園"), clerk()).await.expect("new");
        let twice = claims.enter_office(scope(&town), office(NUMBER, "さくら園"), clerk()).await;
        assert_eq!(twice.expect_err("there is one").code, "claims.number_taken");
        // Nobody knows a password before there is one.
        let holder = record.holder.id;
        let knows = async |typed: &str| {
            claims.knows(holder, typed.to_owned().into()).await.map(drop).map_err(|r| r.code)
        };
        assert_eq!(knows("").await, Err("gate.wrong_secret"));

        let first = print(&town, record.version, LetterWhy::New, "").await.expect("printed");
        assert!(first.pdf.starts_with(b"%PDF-"));
        let first = &first.letters[0];
        assert_eq!(first.login, format!("KJ{NUMBER}"));
        assert!(sign_in(&town, first).await.says("さくら園"));
        assert_eq!(knows(&first.issue_password).await, Ok(()));

        // By telephone: not without saying who called, and not for a record that was seen before the last letter.
        for (seen, how, code) in
            [(2, " ", "claims.not_identified"), (1, "折り返し", "claims.office_overtaken")]
        {
            assert_eq!(print(&town, seen, LetterWhy::Phone, how).await.expect_err(code).code, code);
            assert_eq!(knows(&first.issue_password).await, Ok(()), "nothing was changed");
        }
        town.clock().advance_seconds(60);
        let second = print(&town, 2, LetterWhy::Phone, "折り返し").await.expect("printed");
        let second = &second.letters[0];
        assert!(!sign_in(&town, first).await.says("さくら園"), "C5: the old one ends at once");
        assert_eq!(knows(&first.issue_password).await, Err("gate.wrong_secret"));
        assert_eq!(knows(&second.issue_password).await, Ok(()));
        assert!(sign_in(&town, second).await.says("さくら園"));
        let file = claims.office(scope(&town), number(NUMBER)).await.expect("it is there");
        let told: Vec<_> =
            file.letters.iter().map(|letter| (letter.why, letter.identified.as_str())).collect();
        assert_eq!(told, [(LetterWhy::Phone, "折り返し"), (LetterWhy::New, "")]);

        // One that is closed does not come in, and comes in again once it is open.
        let close = async |seen, closed| {
            claims.close_office(scope(&town), number(NUMBER), seen, closed, clerk()).await.map_err(|r| r.code)
        };
        close(3, true).await.expect("closed");
        assert_eq!(close(3, true).await.expect_err("it is").to_owned(), "claims.office_overtaken");
        assert!(!sign_in(&town, second).await.says("さくら園"));
        assert_eq!(
            print(&town, 4, LetterWhy::New, "").await.expect_err("closed").code,
            "claims.office_closed"
        );
        close(4, false).await.expect("open again");
        assert!(sign_in(&town, second).await.says("さくら園"));

        // Another federation sees nothing of it.
        let osaka = kit_gate::Scope::of_the_house("osaka".parse().expect("a slug"));
        assert_eq!(
            claims.office(osaka, number(NUMBER)).await.expect_err("not theirs").code,
            "claims.no_office"
        );
        town.end().await;
    });
}

#[test]
fn c23_of_two_who_print_the_letters_of_all_one_does_and_mandates_do_not_overlap() {
    both_places(async |place: &Place| {
        let town = Town::on(place.url()).await;
        let claims = town.claims().clone();
        for (of, name) in [(NUMBER, "さくら園"), ("1310000029", "もみじ園"), ("DA13000017", "みどり請求")]
        {
            claims.enter_office(scope(&town), office(of, name), doer(Hat::Clerk, 2)).await.expect("new");
        }
        let print = |clerk| claims.print_letters(scope(&town), 2, doer(Hat::Clerk, clerk));
        let (one, other) = tokio::join!(print(21), print(22));
        let printed = match (one, other) {
            (Ok(printed), Err(refusal)) | (Err(refusal), Ok(printed)) => {
                assert_eq!(refusal.code, "claims.letters_overtaken");
                vec![printed]
            }
            // One after the other: the second prints what was left.
            (Ok(one), Ok(other)) => vec![one, other],
            both => panic!("nothing was printed: {both:?}"),
        };
        let logins: Vec<&str> =
            printed.iter().flat_map(|each| &each.letters).map(|letter| letter.login.as_str()).collect();
        assert!(
            logins.starts_with(&["KJ1310000011", "KJ1310000029"])
                || logins.ends_with(&["KJ1310000011", "KJ1310000029"])
        );
        for letter in printed.iter().flat_map(|each| &each.letters) {
            assert_eq!(sign_in(&town, letter).await.status, 200);
        }
        let wanted = WantedOffices { which: Which::Unlettered, ..WantedOffices::default() };
        let left = claims.offices(scope(&town), wanted).await.expect("read").total(Which::Unlettered);
        assert_eq!(left + logins.len() as u64, 3);

        let mandate = |agent: &str, provider: &str, from: i32| TypedMandate {
            agent: number(agent),
            provider: number(provider),
            from: Day::new(from, 4, 1).expect("a day"),
            until: None,
            note: String::new(),
        };
        let enter = async |new| {
            claims.enter_mandate(scope(&town), new, doer(Hat::Clerk, 2)).await.map_err(|r| r.code)
        };
        let id = enter(mandate("DA13000017", NUMBER, 2026)).await.expect("entered");
        assert_eq!(enter(mandate("DA13000017", NUMBER, 2027)).await, Err("claims.mandate_overlaps"));
        assert_eq!(enter(mandate(NUMBER, "DA13000017", 2026)).await, Err("claims.mandate_between"));
        assert_eq!(enter(mandate("DA13000025", NUMBER, 2026)).await, Err("claims.mandate_between"));
        let end = async || {
            claims.end_mandate(scope(&town), id, "申出".into(), doer(Hat::Clerk, 2)).await.map_err(|r| r.code)
        };
        end().await.expect("ended");
        assert_eq!(end().await, Err("claims.mandate_over"));
        for of in [NUMBER, "DA13000017"] {
            let seen = claims.mandates(scope(&town), number(of)).await.expect("read");
            assert_eq!((seen.len(), seen[0].in_force(town.now())), (1, false), "never deleted");
        }
        town.end().await;
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn c07_c23_a_clerk_enters_a_provider_on_the_pages_and_prints_its_letter() {
    let mut town = Town::new().await;
    let mut clerk = town.clerk().await;
    let page = clerk.get("/claims/desk/holders/new").await;
    let form = page.form("/holders/new").unwrap_or_else(|| panic!("{}", page.text()));
    let typed = [
        ("number", "１３１００００012"),
        ("name", "さくら園"),
        ("kana", "さくらえん"),
        ("postal", "164-0001"),
        ("address", "東京都中野区中野4丁目8番1号"),
        ("phone", "03-5385-0000"),
        ("email", "sakura@example.jp"),
    ];
    let form = typed.iter().fold(form, |form, (name, value)| form.with(name, value));
    let wrong = clerk.submit(&form.clone().with("postal", "164")).await;
    assert_eq!(wrong.status, 422, "{}", wrong.text());
    let check = clerk.submit(&form).await;
    assert!(check.says("サクラエン"), "{}", check.text());
    let last = |page: &Page, field: &str| {
        let form = page.forms().into_iter().find(|form| form.field(field).is_some());
        form.unwrap_or_else(|| panic!("{}", page.text())).with("_step", "confirm")
    };
    let confirm = last(&check, "kana");
    let one = clerk.submit(&confirm).await;
    assert!(one.says("登録しました") && one.says("KJ1310000012"), "{}", one.text());
    let again = clerk.submit(&confirm).await;
    assert_eq!(again.status, 422, "C23: a number is entered once: {}", again.text());
    let list = clerk.get("/claims/desk/holders?q=%E3%81%95%E3%81%8F%E3%82%89&which=unlettered").await;
    assert_eq!(list.links("1310000012").len(), 1, "{}", list.text());

    let page = clerk.get("/claims/desk/holders/1310000012/letter").await;
    let form = page.form("/letter").unwrap_or_else(|| panic!("{}", page.text()));
    let asked = clerk.submit(&form.clone().with("why", "phone")).await;
    assert_eq!(asked.status, 422, "C7: who called is said: {}", asked.text());
    let check = clerk.submit(&form.with("why", "new")).await;
    let confirm = last(&check, "why");
    let pdf = clerk.submit(&confirm).await;
    assert_eq!(pdf.header("content-type"), Some("application/pdf"));
    assert!(pdf.header("content-disposition").is_some_and(|name| name.contains("1310000012-letter.pdf")));
    assert!(pdf.body.starts_with(b"%PDF-"));
    let twice = clerk.submit(&confirm).await;
    assert_eq!(twice.status, 409, "a second press ends no password: {}", twice.text());
    let one = clerk.get("/claims/desk/holders/1310000012").await;
    assert!(one.says("はじめての通知") && !one.says("まだ印刷していません"), "{}", one.text());

    let page = clerk.get("/claims/desk/holders/1310000012/edit").await;
    let form = page.form("/edit").unwrap_or_else(|| panic!("{}", page.text())).with("name", "もみじ園");
    let check = clerk.submit(&form).await;
    let done = clerk.submit(&last(&check, "kana")).await;
    assert!(done.says("登録を変更しました") && done.says("もみじ園"), "{}", done.text());
    let late = clerk.submit(&form.with("_step", "confirm")).await;
    assert!(late.status == 409 && late.says("先に登録を変更しました"), "{}", late.text());

    // An applicant has no business here.
    let mut other = town.provider("光").await;
    let page = other.get("/claims/desk/holders").await;
    assert_eq!(page.status, 403, "{}", page.text());
    town.end().await;
}

const HEAD: &str = "事業所番号／代理人ID,名称,カナ,郵便番号,住所,電話,メール\n";

fn line(of: &str, name: &str) -> String {
    format!("{of},{name},サクラ,164-0001,東京都中野区,03-5385-0000,a@example.jp\n")
}

async fn import(town: &Town, text: &str) -> Result<(RunId, Plan), NotTaken> {
    let octets = Arc::new(text.as_bytes().to_vec());
    town.claims().prepare_import(scope(town), octets, doer(Hat::Clerk, 2)).await
}

async fn entered(town: &Town) -> u64 {
    town.claims().offices(scope(town), WantedOffices::default()).await.expect("read").total(Which::All)
}

#[test]
fn c23_a_file_with_a_wrong_line_enters_nothing_and_a_right_one_once_however_often() {
    both_places(async |place: &Place| {
        let town = Town::on(place.url()).await;
        let claims = town.claims().clone();
        let all: String = (0..1_200).map(|n| line(&format!("131{n:07}"), "さくら園")).collect();
        let bad = import(&town, &format!("{HEAD}{all}{}", line("131000001", "さくら園"))).await;
        let NotTaken::Lines(findings) = bad.expect_err("a line is wrong") else {
            panic!("told line by line")
        };
        assert_eq!(findings.iter().map(|finding| finding.line).collect::<Vec<_>>(), [1_202]);
        assert_eq!((entered(&town).await, claims.runs(scope(&town), 0).await.expect("read").1), (0, 0));

        let text = format!("{HEAD}{all}{}", line("DA13000017", "みどり請求"));
        let (left, _) = import(&town, &text).await.expect("nothing is wrong");
        let (run, plan) = import(&town, &text).await.expect("nothing is wrong");
        assert_eq!((plan.new, plan.changed, plan.same), (1_201, 0, 0));
        let late = claims.begin_run(scope(&town), left, doer(Hat::Clerk, 2)).await;
        assert_eq!(late.expect_err("looked over, and left").code, "claims.no_run");
        assert_eq!(entered(&town).await, 0, "nothing before it is begun");
        claims.begin_run(scope(&town), run, doer(Hat::Clerk, 2)).await.expect("begun");
        town.run_jobs().await;
        let done = claims.run(scope(&town), run).await.expect("it is there").run;
        assert_eq!((done.state, done.done, done.refused), (RunState::Done, 1_201, 0));
        assert_eq!(entered(&town).await, 1_201);
        let wanted = WantedOffices { which: Which::Unlettered, ..WantedOffices::default() };
        let waiting = claims.offices(scope(&town), wanted).await.expect("read");
        assert_eq!(waiting.total(Which::Unlettered), 1_201, "no password is made");

        // The same again: nothing is changed, and what was written comes back as it was.
        for shift_jis in [false, true] {
            let file = claims.export_offices(scope(&town), shift_jis).await.expect("written");
            let plan = claims.look_at_import(scope(&town), Arc::new(file)).await.expect("it is ours");
            assert_eq!((plan.new, plan.changed, plan.same), (0, 0, 1_201), "{shift_jis}");
        }
        // One that has moved is changed, the others are not; its letter goes to the new address.
        let moved = text.replacen("さくら園", "もみじ園", 1);
        let (run, plan) = import(&town, &moved).await.expect("nothing is wrong");
        assert_eq!((plan.new, plan.changed, plan.same), (0, 1, 1_200));
        claims.begin_run(scope(&town), run, doer(Hat::Clerk, 2)).await.expect("begun");
        town.run_jobs().await;
        let record = claims.record(scope(&town), number("1310000000")).await.expect("it is there");
        assert_eq!((record.version, record.holder.name.as_str()), (2, "もみじ園"));
        let other = claims.record(scope(&town), number("1310000001")).await.expect("it is there");
        assert_eq!(other.version, 1, "a line that says the same changes nothing");
        town.end().await;
    });
}
