//! 審査と発行: staff sign in by one-time links, look at what was applied for, and the authority issues (C9, C14, C16,
//! C19, C21, K9, K11).

use super::{Desk, Federation, UNDO, holds};
use crate::{
    demo::{
        browser::escaped,
        house,
        people::{self, Staff, press},
        tell::{Teller, t},
        town::Town,
    },
    fail::Outcome,
};
use desk_claims::status::{Deed, Standing};
use kit_desk::Verb;

/// Why もみじ is rejected.
const REASON: &str = "指定の有効期間が終わっています。更新の後、もう一度申請してください。";

pub(super) async fn run(town: &Town, tell: &mut Teller, desk: &mut Desk) -> Outcome<Federation> {
    tell.begin(t("審査と発行", "Review and issue"), town.house.clock.now());
    tell.say(&t(
        "連合会の担当者と管理者が、一回限りのリンクでログインします。登録から 60 秒は管理者が取り消せます。その後、認証局が発行します。",
        "A clerk and the manager of the federation sign in by one-time links. For 60 seconds the manager can undo what is registered; then the authority issues.",
    ));
    let mut staff = enter(town, tell).await?;
    find(tell, &mut staff.clerk, desk).await?;
    register(tell, &mut staff, desk).await?;
    reject_and_undo(tell, &mut staff, desk).await?;

    // One second before the end of that time nothing has moved.
    town.pass(UNDO - 1).await?;
    let early = desk.sakura.office.sees(&desk.sakura.case, Standing::IssueRequested).await?;
    town.pass(1).await?;
    let mut outcome = early;
    for applied in [&mut desk.sakura, &mut desk.aoba, &mut desk.tsukushi] {
        outcome = outcome.and(applied.office.sees(&applied.case, Standing::Issued).await?);
    }
    tell.check(
        t(
            "59 秒目は「発行依頼中」、60 秒で認証局へ渡り、三つの事業所が「発行済み」になった",
            "at second 59 nothing has moved; at 60 it goes to the authority, and three providers see their certificates issued",
        ),
        outcome,
    );
    tell.check(
        t(
            "取り消した申請は「発行依頼待ち」のまま、何も発行されない",
            "what was undone waits for review as before, and nothing is issued for it",
        ),
        desk.himawari.office.sees(&desk.himawari.case, Standing::Applied).await?,
    );
    told(tell, desk, &mut staff.clerk).await?;
    tell.look(format!("{}/claims/desk", house::public_url(town.server.address())));
    Ok(staff)
}

/// One-time links let in once (K9).
async fn enter(town: &Town, tell: &mut Teller) -> Outcome<Federation> {
    let lang = tell.lang();
    let (mut clerk, link) = Staff::enter(town, lang, ["hanako", "山田 花子"], "claims.clerk").await?;
    let (manager, _) = Staff::enter(town, lang, ["ichiro", "佐藤 一郎"], "claims.manager").await?;
    let home = clerk.browser.get("/claims/desk").await?;
    let mut thief = people::browser(town, lang);
    let again = press(&mut thief, &link).await?;
    let inside = thief.get("/claims/desk").await?;
    tell.check(
        t(
            "リンクは一度だけ使える。二度目に開いた人は入れない",
            "a link lets in once; whoever opens it again stays outside",
        ),
        holds(
            home.status() == 200
                && home.path == "/claims/desk"
                && again.status() >= 400
                && inside.path.starts_with("/staff/sign-in"),
            || format!("{} {}, then {} and {}", home.status(), home.path, again.status(), inside.path),
        ),
    );
    Ok(Federation { clerk, manager })
}

/// 証明書一覧 finds by name, and by nothing else (C8).
async fn find(tell: &mut Teller, clerk: &mut Staff, desk: &Desk) -> Outcome<()> {
    let (name, case) = (desk.sakura.office.name, &desk.sakura.case);
    let list =
        clerk.browser.get(&format!("/claims/desk/cases?q={}", escaped("サクラ"))).await?.expect(200)?;
    let all = clerk.browser.get("/claims/desk/cases").await?.expect(200)?;
    tell.check(
        t(
            "担当者はカナで探し、ほかの年の申請の中からも一件だけを見つける",
            "the clerk searches by kana, and finds one application among those of all years",
        ),
        holds(
            list.says(name)
                && list.says(case)
                && list.marked("status").len() == 1
                && all.marked("status").len() > 5,
            || format!("{} of {}: {}", list.marked("status").len(), all.marked("status").len(), list.main()),
        ),
    );
    Ok(())
}

/// 発行依頼登録; of two who look at one case, the second is told (C9).
async fn register(tell: &mut Teller, staff: &mut Federation, desk: &Desk) -> Outcome<()> {
    let Federation { clerk, manager } = staff;
    let case = &desk.sakura.case;
    let slug = Deed::RegisterIssue.slug();
    let of_manager = manager.case(case).await?.form(slug)?;
    clerk.act(case, Deed::RegisterIssue).await?.expect(200)?;
    tell.check(
        t(
            "担当者が発行依頼を登録し、状況は「発行依頼中」になった",
            "the clerk registers the issue request, and it is under way",
        ),
        clerk.sees(case, Standing::IssueRequested).await?,
    );
    let late = manager.browser.submit(&of_manager).await?;
    // The capacity of who was first, and the number of their account.
    let first = manager.browser.lang().pick("担当者（", "Clerk (");
    tell.check(
        t(
            "同じ申請を見ていた管理者が後から登録すると、誰が先だったかを知らされる",
            "the manager, who had the same page open, is told who was first",
        ),
        holds(late.status() == 409 && late.says(first), || format!("{}: {}", late.status(), late.main())),
    );
    for applied in [&desk.aoba, &desk.tsukushi, &desk.himawari] {
        clerk.act(&applied.case, Deed::RegisterIssue).await?.expect(200)?;
    }
    Ok(())
}

/// A rejection, and what was registered in error is put back; only the manager can (C9, C19).
async fn reject_and_undo(tell: &mut Teller, staff: &mut Federation, desk: &mut Desk) -> Outcome<()> {
    let Federation { clerk, manager } = staff;
    let silent = clerk.reject(&desk.momiji.case, "").await?;
    clerk.reject(&desk.momiji.case, REASON).await?.expect(200)?;
    tell.check(
        t(
            "もみじ は却下。理由のない却下はできない",
            "Momiji is rejected; without a reason that is not possible",
        ),
        clerk.sees(&desk.momiji.case, Standing::Rejecting).await?.and_then(|()| {
            holds(silent.status() == 422, || format!("without a reason: {}", silent.status()))
        }),
    );
    let (case, slug) = (&desk.himawari.case, Deed::UndoIssue.slug());
    let offered = clerk.case(case).await?.offers(slug);
    let forced = clerk.browser.get(&format!("/claims/desk/cases/{case}/{slug}")).await?.status();
    manager.act(case, Deed::UndoIssue).await?.expect(200)?;
    tell.check(
        t(
            "ひまわり は誤りだった。担当者は取り消せず（403）、管理者が取り消した",
            "Himawari was a mistake: the clerk cannot undo it (403), the manager does",
        ),
        manager
            .sees(case, Standing::Applied)
            .await?
            .and_then(|()| holds(!offered && forced == 403, || format!("the clerk: {offered} {forced}"))),
    );
    Ok(())
}

/// What the applicants are told: a notice with the reason, and mails (C21, C22, K11).
async fn told(tell: &mut Teller, desk: &mut Desk, clerk: &mut Staff) -> Outcome<()> {
    let Desk { momiji, again, .. } = desk;
    let rejected = momiji.office.sees(&momiji.case, Standing::Rejected).await?;
    let board = momiji.office.browser.get("/claims/notices").await?.expect(200)?;
    let link = board.links().into_iter().find(|link| link.starts_with("/claims/notices/"));
    let notice = match link {
        Some(link) => momiji.office.browser.get(&link).await?.main(),
        None => String::new(),
    };
    tell.check(
        t(
            "もみじ の状況は「却下」。お知らせに理由が書かれている",
            "Momiji's application is rejected, and a notice tells why",
        ),
        rejected.and_then(|()| holds(notice.contains(REASON), || format!("the notice says: {notice}"))),
    );
    *again = momiji.office.apply(None).await?;
    tell.check(
        t("もみじ はもう一度申請できる", "Momiji may apply again"),
        momiji.office.sees(again, Standing::Applied).await?,
    );
    let mut waiting = Vec::new();
    for applied in [&desk.sakura, &desk.aoba, &desk.tsukushi] {
        let path = format!("/claims/desk/outbox?state=waiting&q={}", applied.case);
        let outbox = clerk.browser.get(&path).await?.expect(200)?;
        waiting.push((outbox.marked("status").len(), outbox.says(&applied.office.email)));
    }
    tell.check(
        t(
            "発行を知らせるメールが 3 通。ここにはメールサーバーがないため、送信箱で待っている",
            "three mails tell of the certificates; there is no mail server here, so they wait in the outbox",
        ),
        holds(waiting == [(1, true); 3], || format!("{waiting:?}")),
    );
    Ok(())
}
