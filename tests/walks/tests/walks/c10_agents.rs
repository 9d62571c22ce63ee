//! C1, C3, C10, C19, C20: an agent applies and pays by bank transfer; what comes too little, twice, or from nobody known.

use crate::desk::{apply, doer, scope};
use core_words::{CaseNumber, Refusal, Yen};
use desk_claims::{
    command::Command,
    service::{Account, Booked, Picked, TypedDeposit},
    status::{Hat, Standing},
    words::{HolderNumber, KeyWay},
};
use kit_store::testing::{Place, both_places};
use tests_harness::{Office, Town};

const FEE: i64 = 7_800;

fn id(office: &Office) -> HolderNumber {
    HolderNumber::new(&office.number).expect("an ID")
}

/// A transfer of this much, from whom the name says.
async fn transfer(town: &Town, from: Option<&Office>, amount: i64) -> i64 {
    let new = TypedDeposit {
        agent: from.map(id),
        day: town.now(),
        amount: Yen(amount),
        payer: from.map_or("サトウ　タロウ".to_owned(), |office| office.number.clone()),
        reference: String::new(),
        note: String::new(),
    };
    town.claims().enter_deposit(scope(town), new, doer(Hat::Clerk, 2)).await.expect("entered")
}

async fn account(town: &Town, office: &Office) -> Account {
    town.claims().account(scope(town), id(office)).await.expect("there is such an agent")
}

async fn pay(town: &Town, office: &Office, numbers: &[CaseNumber], clerk: i64) -> Result<(), Refusal> {
    let picked = numbers.iter().map(|number| Picked { number: *number, version: 1 }).collect();
    town.claims().register_payments(scope(town), id(office), picked, doer(Hat::Clerk, clerk)).await
}

async fn standing(town: &Town, number: CaseNumber) -> Standing {
    town.claims().case(scope(town), number, Hat::Clerk).await.expect("it is there").case.case.standing()
}

#[test]
fn c10_applications_are_paid_for_to_the_yen_all_of_them_or_none() {
    both_places(async |place: &Place| {
        let mut town = Town::on(place.url()).await;
        let agent = town.agent_outside("みどり請求サービス").await;
        let first = apply(&town, &agent, KeyWay::Service).await;
        let second = apply(&town, &agent, KeyWay::Service).await;
        assert_eq!(standing(&town, first).await, Standing::AwaitingPayment);

        // Too little, by a yen: nothing happens, and the money stays in the open.
        transfer(&town, Some(&agent), FEE - 1).await;
        assert_eq!(pay(&town, &agent, &[first], 2).await.expect_err("too little").code, "claims.not_paid");
        // Enough for one: the two together are refused, and neither is half done.
        transfer(&town, Some(&agent), 1).await;
        let refused = pay(&town, &agent, &[first, second], 2).await.expect_err("for one of them only");
        assert_eq!(refused.code, "claims.not_paid");
        assert_eq!(standing(&town, first).await, Standing::AwaitingPayment);
        assert_eq!(account(&town, &agent).await.balance, Yen(FEE));
        pay(&town, &agent, &[first], 2).await.expect("enough");
        let after = account(&town, &agent).await;
        assert_eq!((after.balance, after.waiting.len()), (Yen(0), 1));

        // The manager undoes it in time, and the fee is in the balance again; twice it is not.
        let undo = || town.claims().act(scope(&town), first, None, Command::UndoIssue, doer(Hat::Manager, 3));
        undo().await.expect("in time");
        assert!(undo().await.is_err());
        let after = account(&town, &agent).await;
        assert_eq!((after.balance, after.waiting.len(), after.entries.len()), (Yen(FEE), 2, 2));
        assert_eq!(standing(&town, first).await, Standing::AwaitingPayment);
        town.end().await;
    });
}

#[test]
fn c10_of_two_clerks_with_one_balance_one_pays() {
    both_places(async |place: &Place| {
        let mut town = Town::on(place.url()).await;
        let agent = town.agent_outside("みどり請求サービス").await;
        let first = apply(&town, &agent, KeyWay::Service).await;
        let second = apply(&town, &agent, KeyWay::Service).await;
        transfer(&town, Some(&agent), FEE).await;
        let (one, other) = ([first], [second]);
        let (one, other) = tokio::join!(pay(&town, &agent, &one, 21), pay(&town, &agent, &other, 22));
        let refused = match (one, other) {
            (Ok(()), Err(refusal)) | (Err(refusal), Ok(())) => refusal,
            both => panic!("one balance pays for one: {both:?}"),
        };
        assert_eq!(refused.code, "claims.not_paid");
        assert_eq!(account(&town, &agent).await.balance, Yen(0));
        town.end().await;
    });
}

#[test]
fn c10_a_transfer_of_nobody_known_finds_its_agent_once_and_money_too_much_goes_back() {
    both_places(async |place: &Place| {
        let mut town = Town::on(place.url()).await;
        let (midori, aozora) =
            (town.agent_outside("みどり請求サービス").await, town.agent_outside("青空事務").await);
        let lost = transfer(&town, None, 2 * FEE).await;
        let open = town.claims().payments(scope(&town)).await.expect("read");
        assert_eq!(open.unmatched.iter().map(|deposit| deposit.id).collect::<Vec<_>>(), [lost]);
        let assign = |office: &Office, clerk| {
            town.claims().assign_deposit(
                scope(&town),
                lost,
                id(office),
                String::new(),
                doer(Hat::Clerk, clerk),
            )
        };
        let (one, other) = tokio::join!(assign(&midori, 21), assign(&aozora, 22));
        let refused = match (one, other) {
            (Ok(()), Err(refusal)) | (Err(refusal), Ok(())) => refusal,
            both => panic!("a transfer is of one: {both:?}"),
        };
        assert_eq!(refused.code, "claims.deposit_assigned");
        let owner = if account(&town, &midori).await.balance.0 > 0 { &midori } else { &aozora };

        let back = |amount| {
            town.claims().refund(
                scope(&town),
                id(owner),
                Yen(amount),
                "二重の振込".into(),
                doer(Hat::Clerk, 2),
            )
        };
        for wrong in [2 * FEE + 1, 0, -1] {
            assert_eq!(back(wrong).await.expect_err("not that much").code, "claims.refund_too_much");
        }
        back(2 * FEE).await.expect("sent back");
        assert_eq!(back(1).await.expect_err("nothing is left").code, "claims.refund_too_much");
        let after = account(&town, owner).await;
        assert_eq!((after.balance, after.entries.len()), (Yen(0), 1));
        assert!(town.claims().payments(scope(&town)).await.expect("read").unmatched.is_empty());
        town.end().await;
    });
}

#[test]
fn c10_c20_money_and_applications_are_seen_by_their_own_federation_and_paid_for_by_their_own_agent() {
    both_places(async |place: &Place| {
        let mut town = Town::on(place.url()).await;
        let (midori, aozora) =
            (town.agent_outside("みどり請求サービス").await, town.agent_outside("青空事務").await);
        let number = apply(&town, &midori, KeyWay::Service).await;
        transfer(&town, Some(&aozora), FEE).await;
        // Nobody pays for another one's application.
        let refused = pay(&town, &aozora, &[number], 2).await.expect_err("another agent's");
        assert_eq!(refused.code, "claims.no_case");
        assert_eq!(account(&town, &aozora).await.balance, Yen(FEE));
        let osaka = kit_gate::Scope::of_the_house("osaka".parse().expect("a slug"));
        let refused = town.claims().account(osaka.clone(), id(&aozora)).await.expect_err("not theirs");
        assert_eq!(refused.code, "claims.no_agent");
        let lost = transfer(&town, None, 1).await;
        let refused = town.claims().deposit(osaka.clone(), lost).await.expect_err("not theirs");
        assert_eq!(refused.code, "claims.no_deposit");
        assert!(town.claims().payments(osaka).await.expect("read").agents.is_empty());
        town.end().await;
    });
}

#[test]
fn c10_a_file_of_the_bank_is_taken_in_once_and_finds_its_agents() {
    both_places(async |place: &Place| {
        let mut town = Town::on(place.url()).await;
        let agent = town.agent_outside("みどり請求サービス").await;
        let table = format!(
            "入金日,金額,振込人名,照会番号\n2026/11/19,7800,{} ミドリ,1\n2026/11/19,7800,カ）アオゾラ,2\n\
             2026/11/19,100,DA13999999 シラナイ,3\n",
            agent.number
        );
        let take = async |town: &Town, text: &str| {
            let file = desk_claims::bank::read(text.as_bytes().to_vec(), town.now()).expect("well formed");
            town.claims().import_transfers(scope(town), file, doer(Hat::Clerk, 2)).await.expect("taken").0
        };
        let became = |told: &[(desk_claims::bank::Told, Booked)]| -> Vec<Booked> {
            told.iter().map(|(_, booked)| booked.clone()).collect()
        };
        let first = take(&town, &table).await;
        assert_eq!(became(&first), [Booked::To(id(&agent)), Booked::Unmatched, Booked::Unmatched]);
        assert_eq!(account(&town, &agent).await.balance, Yen(FEE));
        // The same day again in the next file, with one more transfer of the same kind.
        let longer = format!("{table}2026/11/19,7800,{} ミドリ,1\n", agent.number);
        let second = take(&town, &longer).await;
        let before = || Booked::Before;
        assert_eq!(became(&second), [before(), before(), before(), Booked::To(id(&agent))]);
        assert_eq!(account(&town, &agent).await.balance, Yen(2 * FEE));
        assert_eq!(town.claims().payments(scope(&town)).await.expect("read").unmatched.len(), 2);
        town.end().await;
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn c01_c10_an_agent_applies_on_the_pages_pays_and_downloads() {
    let mut town = Town::new().await;
    let mut agent = town.agent("みどり請求サービス").await;
    let page = agent.get("/claims/apply").await;
    assert!(page.says("7,800円（銀行振込）") && page.says(&agent.number), "{}", page.text());
    let form = page.form("/claims/apply").expect("a form").with("key", "service");
    let check = agent.submit(&form).await;
    assert!(check.says("手数料は銀行振込です") && !check.says("相殺"), "{}", check.text());
    let form = check.forms().into_iter().find(|form| form.field("issue_password").is_some());
    let password = agent.issue_password();
    let form = form.expect("the last form").with("issue_password", &password).with("_step", "confirm");
    let done = agent.submit(&form).await;
    assert!(done.says("振込人名には代理人ID"), "{}", done.text());
    let number = done.path.split('/').nth(3).expect("/claims/cases/NUMBER/applied").to_owned();
    let case = agent.get(&format!("/claims/cases/{number}")).await;
    assert!(case.says("入金待ち"), "{}", case.text());
    assert_eq!(case.links("請求書").len(), 2, "where it is needed, and among the papers: {}", case.text());
    let invoice = agent.get(&format!("/claims/cases/{number}/invoice.pdf")).await;
    assert!(invoice.body.starts_with(b"%PDF-"), "C3: {}", invoice.text());
    // Another application at once, which a provider may not make.
    assert!(agent.get("/claims/apply").await.form("/claims/apply").is_some());

    let mut clerk = town.clerk().await;
    let page = clerk.get("/claims/desk/payments/new").await;
    let form = page.form("/payments/new").unwrap_or_else(|| panic!("{}", page.text()));
    let form = form
        .with("day-era", "reiwa")
        .with("day-year", "8")
        .with("day-month", "11")
        .with("day-day", "20")
        .with("amount", "7800")
        .with("payer", "ＤＡ ミドリ")
        .with("agent", &agent.number);
    let check = clerk.submit(&form.clone().with("agent", "DA99000000")).await;
    assert_eq!(check.status, 422, "{}", check.text());
    let check = clerk.submit(&form).await;
    assert!(check.says("みどり請求サービス") && check.says("7,800円"), "{}", check.text());
    let form = check.forms().into_iter().find(|form| form.field("payer").is_some());
    let account = clerk.submit(&form.expect("the last form").with("_step", "confirm")).await;
    assert!(account.says(&number) && account.says("全部に充てられます"), "{}", account.text());

    // From the case the way leads to the same account.
    let case = clerk.get(&format!("/claims/desk/cases/{number}")).await;
    assert_eq!(case.links("入金を登録する"), [format!("/claims/desk/agents/{}", agent.number)]);
    let pick = account.form("/pay").unwrap_or_else(|| panic!("{}", account.text()));
    let none = clerk.submit(&pick).await;
    assert_eq!(none.status, 422, "nothing was picked: {}", none.text());
    let check = clerk.submit(&pick.with("case", &format!("{number}:1"))).await;
    assert!(check.says("登録した後の残高"), "{}", check.text());
    let pay = check.form("/pay").unwrap_or_else(|| panic!("{}", check.text()));
    let account = clerk.submit(&pay).await;
    assert!(account.says("手数料に充てた"), "{}", account.text());
    // Sent a second time, as the back button may: the page says what became of it.
    let again = clerk.submit(&pay).await;
    assert!(again.says("入金待ちではなくなった"), "{}", again.text());
    town.pass(1_800).await;

    agent.sign_in().await;
    let case = agent.get(&format!("/claims/cases/{number}")).await;
    assert!(case.says("発行済み"), "{}", case.text());
    let form =
        agent.get(&format!("/claims/cases/{number}/download")).await.form("/download").expect("a form");
    let file = agent.submit(&form.with("issue_password", &password)).await;
    assert_eq!(file.header("content-type"), Some("application/x-pkcs12"));
    // A provider sees no status of agents, and no case of theirs.
    let mut office = town.provider("もみじ苑").await;
    assert_eq!(office.get(&format!("/claims/cases/{number}")).await.status, 404);
    assert_eq!(office.get("/claims/desk/payments").await.status, 403);
    assert_eq!(office.get(&format!("/claims/cases/{number}/invoice.pdf")).await.status, 404);
    town.end().await;
}
