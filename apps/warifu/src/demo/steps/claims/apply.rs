//! 発行申請: care providers sign in and apply, 入力 → 確認 → 完了 (C1, C4, K9, K12).

use super::{Applied, Desk, folder, holds};
use crate::{
    demo::{
        broken, csr, house,
        page::Page,
        people::{APPLY, Office, called, shows},
        tell::{Teller, t},
        town::Town,
    },
    fail::Outcome,
};
use core_crypto::KeyAlg;
use core_pack::pem;
use core_x509::name::{CN, Name};
use desk_claims::status::Standing;
use kit_keys::SoftKey;

/// What the price of today is, as it stands on the page (C1).
const FEE: [&str; 2] = ["7,800円", "7,800"];

pub(super) async fn run(town: &Town, tell: &mut Teller) -> Outcome<Desk> {
    tell.begin(t("発行の申請", "An application"), town.house.clock.now());
    tell.say(&t(
        "連合会が六つの事業所を登録し、ID とパスワードを通知書で送りました。事業所は画面から証明書を申請します。",
        "The federation has entered six care providers and sent them letters with an ID and passwords. They apply for certificates, on pages.",
    ));
    let lang = tell.lang();
    let mut offices = Vec::new();
    for (running, of) in (1..).zip(OFFICES) {
        offices.push(Office::enter(town, lang, running, of).await?);
    }
    let Ok([mut sakura, mut momiji, mut himawari, mut aoba, mut tsukushi, sumire]) =
        <[Office; 6]>::try_from(offices)
    else {
        return Err(broken("the care providers", &"there are not six"));
    };
    sign_in(tell, &mut sakura).await?;
    let case = go_through(town, tell, &mut sakura).await?;

    let momijis = momiji.apply(None).await?;
    keep_apart(tell, &mut momiji, &case).await?;
    let himawaris = himawari.apply(None).await?;
    let own = SoftKey::generate(KeyAlg::Rsa2048).map_err(|e| broken("making a key", &e))?;
    let aobas = aoba.apply(Some(&request(&own)?)).await?;
    let tsukushis = tsukushi.apply(None).await?;
    tell.check(
        t(
            "あおば は自分の鍵で申請した（PKCS#10）。秘密鍵は事業所の外に出ていない",
            "Aoba applied with a key of its own (PKCS#10), which never left the office",
        ),
        aoba.sees(&aobas, Standing::Applied).await?,
    );
    tell.look(format!("{}{APPLY}", house::public_url(town.server.address())));
    tell.look(folder(town).join("receipt.pdf").display());
    Ok(Desk {
        sakura: Applied { office: sakura, case },
        momiji: Applied { office: momiji, case: momijis },
        again: String::new(),
        himawari: Applied { office: himawari, case: himawaris },
        aoba: Applied { office: aoba, case: aobas },
        own,
        tsukushi: Applied { office: tsukushi, case: tsukushis },
        sumire,
    })
}

/// Names, and names in katakana.
const OFFICES: [[&str; 2]; 6] = [
    ["さくら介護センター", "サクラカイゴセンター"],
    ["もみじ訪問看護ステーション", "モミジホウモンカンゴステーション"],
    ["ひまわりデイサービス", "ヒマワリデイサービス"],
    ["あおば福祉作業所", "アオバフクシサギョウショ"],
    ["つくし居宅介護支援事業所", "ツクシキョタクカイゴシエンジギョウショ"],
    ["すみれ苑", "スミレエン"],
];

/// Nobody gets in without, or with a wrong password (K9).
async fn sign_in(tell: &mut Teller, office: &mut Office) -> Outcome<()> {
    let page = office.browser.get("/claims").await?;
    let outside = page.path.starts_with("/sign-in");
    let wrong = office.sign_in("Not-the-password-1").await?;
    let still = office.browser.get("/claims").await?;
    tell.check(
        t(
            "ログインしないと入口へ案内され、パスワードを間違えると入れない",
            "whoever is not signed in is led to the door, and a wrong password does not open it",
        ),
        holds(outside && wrong.status() == 401 && still.path.starts_with("/sign-in"), || {
            format!("{}, then {}, then {}", page.path, wrong.status(), still.path)
        }),
    );
    let home = office.come_in().await?;
    tell.check(
        t(
            format!("{}が通知書のパスワードで入ると、自分の証明書の画面になる", office.name),
            "with the password of its letter Sakura is on the page of its own certificates",
        ),
        holds(home.path == "/claims" && home.says(office.name) && home.says(&office.number), || {
            format!("{}: {}", home.path, home.main())
        }),
    );
    Ok(())
}

/// 入力 → 確認 → 完了, with a slip in two places; the number of the case.
async fn go_through(town: &Town, tell: &mut Teller, office: &mut Office) -> Outcome<String> {
    let input = office.browser.get(APPLY).await?.expect(200)?.form(APPLY)?;
    let slip = office.browser.submit(&input.typed("email", "sakura@@example")?).await?;
    tell.check(
        t(
            "入力: メールアドレスの誤りはその場で示され、入力した物は残る",
            "input: a wrong mail address is pointed out, and what was typed is kept",
        ),
        refused(&slip).and_then(|()| {
            let kept = slip.form(APPLY).map_err(|fail| fail.message.en)?.held("email").to_owned();
            holds(kept == "sakura@@example", || format!("the field holds '{kept}'"))
        }),
    );
    let check = office.fill_in(None).await?;
    let fee = office.browser.lang().pick(FEE[0], FEE[1]);
    let unticked = check.form(APPLY)?.picked("_step", "confirm")?;
    let unticked = unticked.typed("issue_password", &office.letter.issue_password)?;
    let unticked = office.browser.submit(&unticked).await?;
    tell.check(
        t(
            format!("確認: 手数料（{}）と同意文が示され、同意しなければ申請できない", FEE[0]),
            format!("check: fee ({} yen) and text are shown, and nobody applies without agreeing", FEE[1]),
        ),
        refused(&unticked).and_then(|()| holds(check.says(fee), || check.main())),
    );
    let case = office.confirm(&check).await?;
    let page = office.case(&case).await?;
    let waits = called(&office.browser, Standing::Applied);
    tell.check(
        t(
            format!("完了: 受付番号 {case}、状況は「発行依頼待ち」"),
            format!("done: case {case} waits for review"),
        ),
        shows(&page, &waits),
    );
    let receipt = office.browser.get(&format!("/claims/cases/{case}/receipt.pdf")).await?;
    let (kind, body) = (receipt.reply.field("content-type").to_owned(), &receipt.reply.body);
    // What says of itself that it is PDF/A (ISO 19005-2 §6.6.4) is never compressed.
    let whole = body.starts_with(b"%PDF-")
        && body.windows(6).any(|octets| octets == b"pdfaid")
        && body.trim_ascii_end().ends_with(b"%%EOF");
    house::make_dir(&folder(town))?;
    house::write(&folder(town).join("receipt.pdf"), body, 0o644)?;
    tell.check(
        t(
            format!("受付票（PDF/A、{} KiB）を受け取る", body.len() >> 10),
            format!("the receipt is there (PDF/A, {} KiB)", body.len() >> 10),
        ),
        holds(receipt.status() == 200 && kind == "application/pdf" && whole, || {
            format!("{} {kind}, {} octets", receipt.status(), body.len())
        }),
    );
    Ok(case)
}

/// Nobody sees the case of another, and no provider the side of the federation (K9, C20).
async fn keep_apart(tell: &mut Teller, other: &mut Office, case: &str) -> Outcome<()> {
    let mut found = Vec::new();
    for path in ["", "/receipt.pdf", "/proof/1"] {
        found.push(other.browser.get(&format!("/claims/cases/{case}{path}")).await?.status());
    }
    found.push(other.browser.get(&format!("/claims/desk/cases/{case}")).await?.status());
    tell.same(
        t(
            "他の事業所には、この申請は存在しない（404）。連合会の画面にも入れない（403）",
            "to another provider this case does not exist (404), and the federation's side is closed (403)",
        ),
        &found,
        &vec![404, 404, 404, 403],
    );
    Ok(())
}

/// Whether a form was shown again, with what is wrong.
fn refused(page: &Page) -> Result<(), String> {
    let title = page.title();
    let told = ["エラー", "Error"].iter().any(|word| title.starts_with(word));
    holds(page.status() == 422 && told, || format!("{} {title}", page.status()))
}

/// The request of an office that makes its own key. Its name does not matter: the record's number stands in the
/// certificate.
fn request(key: &SoftKey) -> Outcome<String> {
    let name = Name::of(&[(CN, "aoba")]).map_err(|e| broken("a name", &e))?;
    Ok(pem::encode(pem::label::REQUEST, &csr::request(key, &name, None)?).to_string())
}
