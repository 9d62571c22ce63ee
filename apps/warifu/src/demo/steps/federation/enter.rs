//! 事業所管理: everybody is imported from a file, and gets a letter (C23, C7, K10).

use super::{Entered, Federation, desk, doer, scope};
use crate::{
    demo::{
        broken,
        federation::{AGENTS, PROVIDERS, everybody},
        tell::{Teller, t},
        town::{ACCOUNT, Town},
    },
    fail::{Fail, Outcome},
};
use core_words::Actor;
use desk_claims::{
    Claims,
    office::{
        NewOffice,
        import::{NotTaken, Plan},
        letters::MOST_LETTERS,
        sheet,
    },
    status::Hat,
    work::RunState,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

pub(in crate::demo::steps) async fn run(town: &Town, tell: &mut Teller) -> Outcome<Federation> {
    tell.begin(t("連合会の全体", "A whole federation"), town.house.clock.now());
    tell.say(&t(
        format!("八つの都道府県の {PROVIDERS} の事業所と {AGENTS} の代理人を CSV で取り込み、それぞれに通知書を印刷します。実在の事業所ではありません。"),
        format!("{PROVIDERS} care providers and {AGENTS} agents of eight prefectures are imported as CSV, each gets a letter. None of them is real."),
    ));
    let claims = desk(town)?;
    let offices = everybody()?;
    import(town, tell, &claims, &offices).await?;
    let entered = letters(&claims, offices).await?;
    let mut providers = entered;
    let agents = providers.split_off(PROVIDERS);
    let all = || providers.iter().chain(&agents);
    let prefectures: BTreeSet<&str> =
        all().map(|one| &one.office.number.as_str().trim_start_matches("DA")[..2]).collect();
    tell.same(
        t(
            format!(
                "{} 件が登録され、番号の検査数字はすべて合い、{} の都道府県にわたる",
                PROVIDERS + AGENTS,
                prefectures.len()
            ),
            format!(
                "{} are entered, every check digit fits, and they are of {} prefectures",
                PROVIDERS + AGENTS,
                prefectures.len()
            ),
        ),
        &(all().filter(|one| one.office.number.check_digit_fits()).count(), prefectures.len()),
        &(PROVIDERS + AGENTS, 8),
    );
    let passwords: BTreeSet<&str> =
        all().flat_map(|one| [one.letter.password.as_str(), one.letter.issue_password.as_str()]).collect();
    tell.same(
        t("仮パスワードと証明書発行用パスワードは、どれも違う", "no two of their passwords are the same"),
        &passwords.len(),
        &(2 * (PROVIDERS + AGENTS)),
    );
    let twice = claims.enter(providers[0].office.clone(), Actor::cli(ACCOUNT)).await;
    tell.same(
        t("同じ番号をもう一度登録することはできない", "no number is entered twice"),
        &twice.err().map(|refusal| refusal.code),
        &Some("claims.number_taken"),
    );
    Ok(Federation { providers, agents })
}

/// The file is looked over, imported by a run, and changes nothing when it comes again.
async fn import(town: &Town, tell: &mut Teller, claims: &Claims, offices: &[NewOffice]) -> Outcome<()> {
    let file = Arc::new(csv(offices));
    let wrong = Arc::new([&file[..], b"1310000011,only two\r\n"].concat());
    let refused = matches!(claims.look_at_import(scope(claims), wrong).await, Err(NotTaken::Lines(_)));
    let by = || doer(Hat::Manager);
    let taken = |not: NotTaken| broken("the file of the federation", &format_args!("{not:?}"));
    let (run, plan) = claims.prepare_import(scope(claims), file.clone(), by()).await.map_err(taken)?;
    claims.begin_run(scope(claims), run, by()).await.map_err(Fail::from)?;
    town.settle().await?;
    let done = claims.run(scope(claims), run).await.map_err(Fail::from)?.run;
    let again = claims.look_at_import(scope(claims), file).await.map_err(taken)?;
    let all = offices.len() as u64;
    tell.same(
        t(
            format!("CSV の {all} 行を一括処理で取り込んだ。誤りが一行でもあれば何も取り込まず、もう一度取り込んでも変わらない"),
            format!("{all} lines of CSV are imported by a run; with one line wrong nothing is, and once more changes nothing"),
        ),
        &(refused, plan.new, done.state, done.done, again),
        &(true, all, RunState::Done, all, Plan { same: all, ..Plan::default() }),
    );
    Ok(())
}

/// Letters for everybody, as many at once as are printed at once; in the order of `offices`.
async fn letters(claims: &Claims, offices: Vec<NewOffice>) -> Outcome<Vec<Entered>> {
    let mut letters = BTreeMap::new();
    while letters.len() < offices.len() {
        let printed = claims.print_letters(scope(claims), MOST_LETTERS, doer(Hat::Clerk)).await;
        letters
            .extend(printed.map_err(Fail::from)?.letters.into_iter().map(|letter| (letter.holder, letter)));
    }
    let mut entered = Vec::with_capacity(offices.len());
    for office in offices {
        let record = claims.record(scope(claims), office.number.clone()).await.map_err(Fail::from)?;
        let letter = letters.remove(&record.holder.id);
        entered.push(Entered { letter: letter.ok_or_else(|| broken("a letter", &office.number))?, office });
    }
    Ok(entered)
}

/// Their records, as a federation would hand them in: UTF-8 with the names of the columns first.
fn csv(offices: &[NewOffice]) -> Vec<u8> {
    let head: Vec<&str> = sheet::COLUMNS.iter().map(|column| column.names[0]).collect();
    let mut text = format!("{}\r\n", head.join(","));
    for NewOffice { number, name, kana, postal, address, phone, email } in offices {
        text.push_str(&format!("{number},{name},{kana},{postal},{address},{phone},{email}\r\n"));
    }
    text.into_bytes()
}
