//! A desk that has been at work for three years: rows as applications, decisions and mails leave them, four cases for
//! each provider. What names look like in plain form is checked against a row that the desk wrote itself.

use anyhow::{Result, ensure};
use core_words::CaseNumber;
use kit_store::{Db, Dialect, StoreError, Tx, Value};
use std::time::Duration;

/// Cases of one provider.
const EACH: u64 = 4;
/// Rows in one transaction.
const CHUNK: u64 = 1_000;
const YEAR_US: i64 = 365 * 86_400 * 1_000_000;
/// Of a thousand cases, how many have which status; the rest are issued.
const STATUSES: [(i16, u64); 8] = [(1, 4), (3, 1), (4, 1), (6, 1), (7, 1), (8, 120), (9, 1), (10, 70)];

const FIRST: [(&str, &str); 20] = [
    ("さくら", "サクラ"),
    ("もみじ", "モミジ"),
    ("ひまわり", "ヒマワリ"),
    ("あおぞら", "アオゾラ"),
    ("みどりの里", "ミドリノサト"),
    ("やまびこ", "ヤマビコ"),
    ("光", "ヒカリ"),
    ("希望の家", "キボウノイエ"),
    ("松風", "マツカゼ"),
    ("富士見", "フジミ"),
    ("千寿", "センジュ"),
    ("なごみ", "ナゴミ"),
    ("すみれ", "スミレ"),
    ("つばさ", "ツバサ"),
    ("ゆうあい", "ユウアイ"),
    ("朝日", "アサヒ"),
    ("白樺", "シラカバ"),
    ("しあわせ", "シアワセ"),
    ("若葉", "ワカバ"),
    ("すこやか", "スコヤカ"),
];
const KINDS: [(&str, &str); 7] = [
    ("訪問介護事業所", "ホウモンカイゴジギョウショ"),
    ("居宅介護支援事業所", "キョタクカイゴシエンジギョウショ"),
    ("デイサービスセンター", "デイサービスセンター"),
    ("訪問看護ステーション", "ホウモンカンゴステーション"),
    ("特別養護老人ホーム", "トクベツヨウゴロウジンホーム"),
    ("グループホーム", "グループホーム"),
    ("ケアプランセンター", "ケアプランセンター"),
];
const TOWNS: [(&str, &str); 16] = [
    ("新宿", "シンジュク"),
    ("練馬", "ネリマ"),
    ("板橋", "イタバシ"),
    ("江東", "コウトウ"),
    ("府中", "フチュウ"),
    ("青梅", "オウメ"),
    ("墨田", "スミダ"),
    ("調布", "チョウフ"),
    ("三鷹", "ミタカ"),
    ("町田", "マチダ"),
    ("世田谷", "セタガヤ"),
    ("杉並", "スギナミ"),
    ("足立", "アダチ"),
    ("葛飾", "カツシカ"),
    ("立川", "タチカワ"),
    ("八王子", "ハチオウジ"),
];

/// Cases of every kind, applied for in the three years before `now`.
pub(super) async fn fill(db: &Db, count: u64, now: i64) -> Result<()> {
    check(db).await?;
    let holders = count.div_ceil(EACH);
    let mut ids = Vec::new();
    for begin in (0..holders).step_by(CHUNK as usize) {
        let rows = begin..holders.min(begin + CHUNK);
        ids.extend(db.write(move |tx| put_providers(tx, rows.clone(), now)).await?);
    }
    let ids = std::sync::Arc::new(ids);
    for begin in (0..count).step_by(CHUNK as usize) {
        let (rows, ids) = (begin..count.min(begin + CHUNK), ids.clone());
        db.write(move |tx| put_cases(tx, rows.clone(), count, &ids, now)).await?;
    }
    db.write(move |tx| count_on(tx, count)).await?;
    settle(db).await
}

/// Where a provider's name stands in its rows.
#[derive(Clone, Copy)]
struct Office {
    id: i64,
    name: i64,
}

fn number(i: u64) -> String {
    format!("137{:07}", i * 7 % 10_000_000)
}

/// The name of a provider, and how it is read.
fn name(i: u64) -> (String, String) {
    let pick = |list: &[(&'static str, &'static str)], by: u64| list[(by % list.len() as u64) as usize];
    // Spread, and the same in every run.
    let spread = i.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let (first, kind, town) =
        (pick(&FIRST, spread >> 8), pick(&KINDS, spread >> 24), pick(&TOWNS, spread >> 40));
    (format!("{}{}{}{}", first.0, kind.0, town.0, i % 97), format!("{}{}{}", first.1, kind.1, town.1))
}

/// As the desk keeps what it looks through; none of the characters above changes but hiragana.
fn find(number: &str, name: &str, kana: &str) -> String {
    let katakana = |c: char| match c {
        '\u{3041}'..='\u{3096}' => char::from_u32(c as u32 + 0x60).unwrap_or(c),
        other => other,
    };
    format!("{number} {name} {kana}").to_uppercase().chars().map(katakana).collect()
}

/// The desk wrote the names that are there already: as ours?
async fn check(db: &Db) -> Result<()> {
    let rows = db
        .read(|tx| {
            let sql = "SELECT n.find, c.holder_number, c.holder_name, c.holder_kana \
                       FROM claims_name n JOIN claims_case c ON c.called = n.id";
            let rows = tx.query(sql, &[])?;
            rows.iter()
                .map(|row| Ok((row.get(0)?, [row.get(1)?, row.get(2)?, row.get(3)?])))
                .collect::<Result<Vec<(String, [String; 3])>, StoreError>>()
        })
        .await?;
    ensure!(!rows.is_empty(), "the desk has no case of its own");
    for (stored, [number, name, kana]) in rows {
        ensure!(stored == find(&number, &name, &kana), "the desk keeps names otherwise: {stored}");
    }
    Ok(())
}

fn put_providers(tx: &mut Tx, rows: std::ops::Range<u64>, now: i64) -> Result<Vec<Office>, StoreError> {
    let (mut offices, mut holders, mut names) = (Vec::new(), Vec::new(), Vec::new());
    for i in rows {
        let office = Office { id: tx.next_id()?, name: tx.next_id()? };
        let (number, (name, kana)) = (number(i), name(i));
        let find = find(&number, &name, &kana);
        holders.push(vec![
            Value::from(office.id),
            "federation".into(),
            number.clone().into(),
            name.into(),
            kana.clone().into(),
            "1000001".into(),
            "東京都千代田区千代田1番1号".into(),
            "0312345678".into(),
            format!("office{i}@example.jp").into(),
            "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5a25vd3M$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                .into(),
            1_i64.into(),
            (now - 3 * YEAR_US).into(),
        ]);
        names.push(vec![
            Value::from(office.name),
            "federation".into(),
            number.into(),
            kana.into(),
            find.into(),
        ]);
        offices.push(office);
    }
    tx.insert_many(
        "INSERT INTO claims_holder (id, operator_id, number, name, kana, postal, address, phone, email, \
         password_phc, password_version, created_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &holders,
    )?;
    tx.insert_many(
        "INSERT INTO claims_name (id, operator_id, number, kana, find) VALUES ($1, $2, $3, $4, $5)",
        &names,
    )?;
    Ok(offices)
}

/// Running numbers below are of cases that the desk took itself.
const OURS: u64 = 11;

/// The year and the running number of case `i`.
fn place(i: u64, count: u64) -> (u16, u64) {
    let of_a_year = count.div_ceil(3);
    (2024 + (i / of_a_year) as u16, i % of_a_year + OURS)
}

fn status(i: u64) -> i16 {
    let mut rest = i * 617 % 1_000;
    for (status, of_a_thousand) in STATUSES {
        if rest < of_a_thousand {
            return status;
        }
        rest -= of_a_thousand;
    }
    5
}

/// The way to a status: the statuses on it, and what led there.
fn way(status: i16) -> &'static [(i16, &'static str, &'static str)] {
    const WAY: &[(i16, &str, &str)] = &[
        (1, "apply", "provider"),
        (3, "register-issue", "clerk"),
        (4, "hand-over", "system"),
        (5, "register", "system"),
        (6, "request-revocation", "clerk"),
        (7, "hand-over-revocation", "system"),
        (8, "register-list", "system"),
    ];
    const NOT: &[(i16, &str, &str)] =
        &[(1, "apply", "provider"), (9, "reject", "clerk"), (10, "process-rejection", "system")];
    let all = if status > 8 { NOT } else { WAY };
    let end = all.iter().position(|(at, ..)| *at == status).map_or(all.len(), |at| at + 1);
    &all[..end]
}

fn put_cases(
    tx: &mut Tx,
    rows: std::ops::Range<u64>,
    count: u64,
    offices: &[Office],
    now: i64,
) -> Result<(), StoreError> {
    let (mut cases, mut events, mut mails) = (Vec::new(), Vec::new(), Vec::new());
    for i in rows {
        let id = tx.next_id()?;
        let (year, running) = place(i, count);
        let case = CaseNumber::new('C', year, running as u32).expect("a number of a year").to_string();
        // Neighbours in time are of different providers.
        let which = i * 7_919 % offices.len() as u64;
        let office = offices[which as usize];
        let (name, kana) = name(which);
        let applied = now - 3 * YEAR_US + 3 * YEAR_US / count as i64 * i as i64;
        let status = status(i);
        let way = way(status);
        let changed = applied + 3_600_000_000 * way.len() as i64;
        let issued = (5..=8).contains(&status);
        let asked = (6..=8).contains(&status);
        let when = |fits: bool, value: i64| if fits { Value::from(value) } else { Value::Null };
        let code = |fits: bool| if fits { Value::from(1_i16) } else { Value::Null };
        let text = |fits: bool, value: &'static str| if fits { Value::from(value) } else { Value::Null };
        let serial = if issued { Value::from(serial(i)) } else { Value::Null };
        cases.push(vec![
            id.into(),
            case.clone().into(),
            "federation".into(),
            status.into(),
            (way.len() as i64).into(),
            changed.into(),
            office.id.into(),
            number(which).into(),
            name.clone().into(),
            kana.into(),
            office.name.into(),
            1_i16.into(),
            format!("office{which}@example.jp").into(),
            "2026-1".into(),
            applied.into(),
            "three-years".into(),
            13_200_i64.into(),
            36_i64.into(),
            applied.into(),
            when([3, 6, 9].contains(&status), now + YEAR_US),
            code(status > 8),
            text(status > 8, "登録内容と一致しません。"),
            when(issued, changed),
            when(issued, changed),
            text(issued, "claims-ca"),
            serial,
            when(issued, applied / 1_000_000),
            when(issued, applied / 1_000_000 + 3 * 365 * 86_400),
            when(issued, changed),
            code(asked),
            code(asked),
            code(asked),
            text(asked, "電話で連絡あり"),
            when(status == 8, i as i64 + 1),
        ]);
        for (step, (to, verb, capacity)) in way.iter().enumerate() {
            let from = step.checked_sub(1).map(|before| way[before].0);
            events.push(vec![
                Value::from("claims"),
                id.into(),
                (step as i64 + 1).into(),
                (applied + 3_600_000_000 * step as i64).into(),
                (*verb).into(),
                from.map_or(Value::Null, Value::from),
                (*to).into(),
                (*capacity).into(),
                Value::Null,
                "system".into(),
                Value::Null,
                (id + step as i64).into(),
            ]);
        }
        if issued {
            mails.push(mail(tx.next_id()?, i, &case, which, changed));
        }
    }
    tx.insert_many(
        "INSERT INTO claims_case (id, number, operator_id, status, version, changed_us, holder, holder_number, \
         holder_name, holder_kana, called, lang, email, agreed, agreed_us, terms, fee_yen, months, applied_us, \
         takes_us, rejection, rejection_text, key_erased_us, fetched_us, authority, serial, not_before_s, \
         not_after_s, issued_us, ask_by, ask_channel, ask_reason, ask_note, list_number) VALUES ($1, $2, $3, $4, $5, \
         $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, \
         $28, $29, $30, $31, $32, $33, $34)",
        &cases,
    )?;
    tx.insert_many(
        "INSERT INTO desk_event (desk, case_id, version, at_us, verb, from_status, to_status, capacity, account, \
         actor, remark, ledger_entry) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &events,
    )?;
    tx.insert_many(
        "INSERT INTO post_mail (id, operator, to_address, lang, subject, body, case_no, template, mark, state, job, \
         run, tries, doubled, search, created_us, changed_us, sent_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
         $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        &mails,
    )?;
    Ok(())
}

/// The mail at the issue of case `i`.
fn mail(id: i64, i: u64, case: &str, which: u64, at: i64) -> Vec<Value<'static>> {
    let to = format!("office{which}@example.jp");
    vec![
        id.into(),
        "federation".into(),
        to.clone().into(),
        1_i16.into(),
        "電子証明書を発行しました".into(),
        format!("受付番号 {case} の電子証明書を発行しました。画面からダウンロードしてください。").into(),
        case.to_owned().into(),
        "claims.issued".into(),
        format!("{i}.filled").into(),
        3_i16.into(),
        (-id).into(),
        1_i16.into(),
        1_i64.into(),
        0_i16.into(),
        format!("{to} {case}").to_uppercase().into(),
        at.into(),
        at.into(),
        at.into(),
    ]
}

/// A serial number like no other.
fn serial(i: u64) -> Vec<u8> {
    let mut octets = vec![0x5a; 20];
    octets[12..].copy_from_slice(&i.to_be_bytes());
    octets
}

/// The next application gets the next number.
fn count_on(tx: &mut Tx, count: u64) -> Result<(), StoreError> {
    let of_a_year = (count.div_ceil(3) + OURS) as i64;
    tx.execute(
        "UPDATE desk_counter SET last = last + $1 WHERE desk = 'claims' AND year = 2026",
        &[Value::from(of_a_year)],
    )?;
    Ok(())
}

/// Waits until PostgreSQL has, by itself, looked at what was written: its vacuum comes round once a minute.
async fn settle(db: &Db) -> Result<()> {
    if db.dialect() == Dialect::Sqlite {
        return Ok(());
    }
    for _ in 0..600 {
        let waiting: i64 = db
            .read(|tx| {
                let sql = "SELECT COUNT(*) FROM pg_stat_user_tables WHERE relname IN ('claims_case', 'claims_name', \
                           'claims_holder', 'desk_event', 'post_mail') \
                           AND (last_autovacuum IS NULL OR last_autoanalyze IS NULL)";
                tx.query_one(sql, &[])?.get(0)
            })
            .await?;
        if waiting == 0 {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    anyhow::bail!("no vacuum came round in five minutes")
}
