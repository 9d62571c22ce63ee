//! Time passes, ten days at a time, and the authorities go about their work (K4, K10).

use crate::{
    demo::{
        broken, look,
        tell::{Teller, date, t},
        town::Town,
    },
    fail::Outcome,
    installation::store_fail,
};
use authority_journal::lists::{List, ListKind, Scope, survey};
use core_words::UtcMicros;
use serde_json::Value;
use std::collections::HashMap;

/// From one stop to the next.
const STRIDE: i64 = 10 * 86_400;

/// The current list of each scope.
type Current = HashMap<(Scope, ListKind), List>;

pub(super) async fn run(town: &Town, tell: &mut Teller, until: UtcMicros) -> Outcome<()> {
    let clock = &town.house.clock;
    tell.begin(t("時が過ぎる", "Time passes"), clock.now());
    let days = until.since(clock.now()) / 86_400_000_000;
    tell.say(&t(
        format!("{days} 日。予定どおりにリストが作られ、古い物が片付けられます。{} まで。", date(until)),
        format!(
            "{days} days. Lists are made on schedule, and what is old is cleared away. Until {}.",
            date(until)
        ),
    ));
    let stops = usize::try_from(until.since(clock.now()) / (STRIDE * 1_000_000)).unwrap_or(0) + 1;
    let bar = tell.bar(stops, &t("時", "time"));
    let mut before = current(town).await?;
    let begun = made(&before);
    let mut outcome = Ok(());
    while clock.now() < until {
        clock.advance_to(until.min(clock.now().plus_seconds(STRIDE)));
        town.settle().await?;
        let after = current(town).await?;
        outcome = outcome.and_then(|()| follow(&before, &after));
        before = after;
        bar.inc(1);
    }
    bar.finish_and_clear();
    tell.check(
        t(
            format!("{} 本のリストが、番号は増える一方で、途切れなく続いた", made(&before) - begun),
            format!("{} lists, numbers always rising, never a gap in time", made(&before) - begun),
        ),
        outcome,
    );
    let (count, outcome) = everything_served(town).await?;
    tell.check(
        t(
            format!("公開中の証明書とリスト {count} 件が、今、検証できる"),
            format!("all {count} certificates and lists that are served verify now"),
        ),
        outcome,
    );
    town.server.probe().look().await;
    let ready = town.client.get("/readyz").await?;
    let why = String::from_utf8_lossy(&ready.body).into_owned();
    let all_is_well = ready.status == 200 && !why.contains("\"degraded\"");
    tell.check(t("警報は鳴っていない", "no alarm rings"), if all_is_well { Ok(()) } else { Err(why) });
    tell.look(format!("{}/ca/index.json", town.house.base_url));
    Ok(())
}

async fn current(town: &Town) -> Outcome<Current> {
    let states = town.installation().db.read(survey).await.map_err(|e| store_fail(&e))?;
    let lists = states.into_iter().flat_map(|state| [state.full, state.delta]).flatten();
    Ok(lists.map(|list| ((list.scope.clone(), list.kind()), list)).collect())
}

/// How many lists were ever made, by their numbers.
fn made(current: &Current) -> i64 {
    let mut highest: HashMap<&Scope, i64> = HashMap::new();
    for ((scope, _), list) in current {
        let number = highest.entry(scope).or_default();
        *number = list.number.max(*number);
    }
    highest.values().sum()
}

/// Whether each list was followed by one with a higher number, before it expired.
fn follow(before: &Current, after: &Current) -> Result<(), String> {
    for ((scope, kind), old) in before {
        let name = format!("{scope} {kind}");
        let Some(new) = after.get(&(scope.clone(), *kind)) else { return Err(format!("{name} is gone")) };
        if new.number < old.number {
            return Err(format!("{name} went back from {} to {}", old.number, new.number));
        }
        if new.this_update > old.next_update {
            return Err(format!("{name} {} came after {} had expired", new.number, old.number));
        }
    }
    Ok(())
}

/// Fetches everything that the repository lists. How many files, and whether each is what it should be.
async fn everything_served(town: &Town) -> Outcome<(usize, Result<(), String>)> {
    let index = town.client.get("/ca/index.json").await?.expect(200, "the repository")?.json()?;
    let mut line = town.client.connect().await?;
    let (mut count, mut outcome) = (0, Ok(()));
    let all = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for authority in all(&index["authorities"]) {
        let id = authority["authority"].as_str().unwrap_or_default().to_owned();
        let mut certificates = HashMap::new();
        for certificate in all(&authority["certificates"]) {
            let path = format!("/ca/{}", certificate["path"].as_str().unwrap_or_default());
            let der = line.get(&path, &[]).await?.expect(200, &path)?.body.to_vec();
            outcome = outcome.and(look::valid(&der, town.now()).map_err(|why| format!("{path}: {why}")));
            certificates.insert(certificate["name"].as_str().unwrap_or_default().to_owned(), der);
            count += 1;
        }
        for list in all(&authority["lists"]) {
            let path = list["path"].as_str().unwrap_or_default().replacen("..", "", 1);
            let der = line.get(&path, &[]).await?.expect(200, &path)?.body.to_vec();
            let issuer = certificates.get(&list["generation"].to_string());
            let issuer =
                issuer.ok_or_else(|| broken(&path, &format_args!("no certificate of {id} for it")))?;
            outcome = outcome
                .and(look::list(&der, issuer, town.now()).map(drop).map_err(|why| format!("{path}: {why}")));
            count += 1;
        }
    }
    Ok((count, outcome))
}
