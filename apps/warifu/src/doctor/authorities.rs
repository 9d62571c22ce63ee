//! Authorities, their certificates and their lists.

use super::{Finding, Weight};
use crate::{api::view::rfc3339, installation::store_fail};
use authority_engine::lists::{ListHealth, health};
use authority_front::Text;
use authority_journal::authorities::{self, Authority, Generation};
use core_words::UtcMicros;
use kit_clock::{Clock, SystemClock};
use kit_store::{Db, StoreError};

/// A certificate of an authority that ends sooner should be replaced by now: 180 days in microseconds.
const SOON: i64 = 180 * 86_400 * 1_000_000;

pub(super) async fn examine(db: &Db, findings: &mut Vec<Finding>) {
    let now = SystemClock.now();
    let read = db
        .read(move |tx| {
            let mut all = Vec::new();
            for authority in authorities::list(tx)? {
                let active = authorities::active_generation(tx, &authority.id)?;
                all.push((authority, active));
            }
            Ok::<_, StoreError>((all, health(tx, now)?))
        })
        .await;
    let (all, lists) = match read {
        Ok(read) => read,
        Err(error) => {
            let fail = store_fail(&error);
            return findings.push(Finding::bad("authorities", Weight::Wrong, fail.message, fail.next));
        }
    };
    if all.is_empty() {
        return findings.push(Finding::bad(
            "authorities",
            Weight::Look,
            Text::new("認証局がまだありません。", "There are no authorities yet."),
            Text::new("`warifu ca ceremony FILE` で作ります。", "`warifu ca ceremony FILE` makes them."),
        ));
    }
    for (authority, active) in &all {
        findings.push(certificate(authority, active.as_ref(), now));
    }
    let bad: Vec<&ListHealth> = lists.iter().filter(|l| !l.is_good()).collect();
    for list in &bad {
        findings.push(overdue(list));
    }
    if bad.is_empty() {
        let count = lists.len();
        findings.push(Finding::good(
            "lists",
            format!("{count} 個の失効リストはすべて新しいです。"),
            format!("All {count} lists are fresh."),
        ));
    }
}

fn certificate(authority: &Authority, active: Option<&Generation>, now: UtcMicros) -> Finding {
    let id = &authority.id;
    let Some(active) = active else {
        return Finding::bad(
            "authorities",
            Weight::Wrong,
            Text::new(format!("{id} には有効な鍵がありません。"), format!("{id} has no active key.")),
            Text::new("バックアップと比べてください。", "Compare it with a backup."),
        );
    };
    let left = active.not_after.micros().since(now);
    let end = rfc3339(active.not_after);
    if left > SOON {
        return Finding::good(
            "authorities",
            format!("{id} の証明書は {end} まで有効です。"),
            format!("The certificate of {id} is valid to {end}."),
        );
    }
    let (weight, ja, en) = match left {
        ..=0 => (Weight::Wrong, "終了しました", "has ended"),
        _ => (Weight::Look, "まもなく終了します", "ends soon"),
    };
    Finding::bad(
        "authorities",
        weight,
        Text::new(
            format!("{id} の証明書は{ja}（{end}）。"),
            format!("The certificate of {id} {en} ({end})."),
        ),
        Text::new(
            format!("`warifu ca rollover {id}` で鍵を更新してください。"),
            format!("Give it a new key with `warifu ca rollover {id}`."),
        ),
    )
}

fn overdue(list: &ListHealth) -> Finding {
    let which = format!("{} {}", list.scope, list.kind);
    let next = Text::new(
        format!("サーバーと鍵を確認し、`warifu ca publish {}` を実行してください。", list.scope.authority),
        format!(
            "See that a server runs with its keys unlocked, then `warifu ca publish {}`.",
            list.scope.authority
        ),
    );
    match list.remaining_s {
        None => Finding::bad(
            "lists",
            Weight::Wrong,
            Text::new(
                format!("失効リスト {which} がまだありません。"),
                format!("List {which} was never made."),
            ),
            next,
        ),
        Some(left) if left <= 0 => Finding::bad(
            "lists",
            Weight::Wrong,
            Text::new(format!("失効リスト {which} は期限切れです。"), format!("List {which} has expired.")),
            next,
        ),
        Some(left) => Finding::bad(
            "lists",
            Weight::Look,
            Text::new(
                format!("失効リスト {which} は残り {left} 秒です。"),
                format!("List {which} has {left} s left, less than half of its life."),
            ),
            next,
        ),
    }
}
