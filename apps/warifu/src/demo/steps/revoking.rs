//! Revocations over the REST API: every reason, a hold released, a hold made final, an invalidity date (K4).

use crate::{
    demo::{
        broken,
        client::{Line, Reply},
        tell::{Teller, t},
        town::{Listing, Town},
        wanted::Wave,
    },
    fail::Outcome,
};
use core_words::{RevocationReason, Serial, UtcSeconds};
use core_x509::time::show;
use serde_json::json;
use std::collections::VecDeque;

/// What is done to one certificate.
pub(super) struct Act {
    authority: &'static str,
    serial: Serial,
    /// `None` releases.
    reason: Option<RevocationReason>,
    invalidity: Option<UtcSeconds>,
}

pub(super) async fn run(town: &mut Town, tell: &mut Teller) -> Outcome<()> {
    tell.begin(t("失効、停止、解除", "Revoked, held, released"), town.house.clock.now());
    tell.say(&t(
        "三つの認証局で、RFC 5280 のすべての理由で失効させます。鍵の漏えいには、いつからかも記録します。",
        "At all three authorities, for every reason of RFC 5280; a compromised key also with the time since when.",
    ));
    let mut line = town.client.connect().await?;
    let mut count = 0;
    for ca in ["rsa-ca", "p256-ca", "mldsa-ca"] {
        for act in plan(town, ca)? {
            carry_out(town, &mut line, &act).await?;
            count += 1;
        }
    }
    tell.check(
        t(format!("{count} 件がその場で効力を持った"), format!("{count} acts took effect at once")),
        states_are_known(town, &mut line).await?,
    );
    again(town, tell, &mut line).await?;
    compromised(town, tell, &mut line).await?;
    if let Some((serial, mark)) = town.marks.first_key_value() {
        tell.look(town.curl(&format!("/api/v1/authorities/{}/certificates/{serial}", mark.authority)));
    }
    Ok(())
}

/// What is done at one authority. The certificates that stay good for the end of the story are left alone.
fn plan(town: &Town, ca: &'static str) -> Outcome<Vec<Act>> {
    let few = || broken(ca, &"it has too few subscribers");
    let act = |serial, reason, invalidity| Act { authority: ca, serial, reason, invalidity };
    let two_days_ago = Some(town.now().plus(-2 * 86_400));
    let key_compromise = Some(RevocationReason::KeyCompromise);
    let hold = Some(RevocationReason::CertificateHold);
    let [_, revoked, held] = town.lasting(ca).ok_or_else(few)?;
    let mut acts = vec![act(revoked, key_compromise, two_days_ago)];
    let spared = town.spared(ca);
    let mut rest: VecDeque<Serial> = town
        .subscribers
        .iter()
        .filter(|s| s.wanted.authority == ca && s.wanted.wave == Wave::Second && !spared.contains(&s.serial))
        .map(|s| s.serial)
        .collect();
    let mut next = || rest.pop_front().ok_or_else(few);
    for reason in RevocationReason::ALL {
        if Some(reason) != hold {
            acts.push(act(next()?, Some(reason), None));
        }
    }
    // A hold that is released, and one that becomes final.
    let (released, finally) = (next()?, next()?);
    acts.extend([act(released, hold, None), act(released, None, None)]);
    acts.extend([act(finally, hold, None), act(finally, Some(RevocationReason::CessationOfOperation), None)]);
    if ca == "p256-ca" {
        // Held until the last day: its release will be told by a delta list.
        acts.push(act(held, hold, None));
        let partitioned = town.partitioned().nth(1).ok_or_else(few)?;
        acts.push(act(partitioned.serial, Some(RevocationReason::Superseded), None));
    }
    // Of the first wave: these will have expired when the story ends.
    let early = town.subscribers.iter().filter(|s| s.wanted.authority == ca && s.wanted.wave == Wave::First);
    acts.extend(early.take(3).map(|s| act(s.serial, Some(RevocationReason::AffiliationChanged), None)));
    Ok(acts)
}

/// Does it, and notes it.
pub(super) async fn carry_out(town: &mut Town, line: &mut Line, act: &Act) -> Outcome<()> {
    let reply = send(line, act).await?.expect(200, "a revocation")?.json()?;
    if reply["repeated"] != false {
        return Err(broken("a revocation", &reply));
    }
    town.note(act.authority, act.serial, (act.reason, act.invalidity));
    Ok(())
}

impl Act {
    /// A revocation without more to say.
    pub(super) fn revoke(authority: &'static str, serial: Serial, reason: RevocationReason) -> Self {
        Self { authority, serial, reason: Some(reason), invalidity: None }
    }

    /// A release from a hold.
    pub(super) fn release(authority: &'static str, serial: Serial) -> Self {
        Self { authority, serial, reason: None, invalidity: None }
    }
}

async fn send(line: &mut Line, act: &Act) -> Outcome<Reply> {
    let reason = act.reason.map_or("removeFromCRL", RevocationReason::name);
    let mut body = json!({ "serial": act.serial.to_string(), "reason": reason });
    if let Some(since) = act.invalidity {
        body["invalidity_date"] = show(since).into();
    }
    line.post(&format!("/api/v1/authorities/{}/revocations", act.authority), &body, None).await
}

/// Asks the API for the state of each.
async fn states_are_known(town: &Town, line: &mut Line) -> Outcome<Result<(), String>> {
    for (serial, mark) in &town.marks {
        let path = format!("/api/v1/authorities/{}/certificates/{serial}", mark.authority);
        let found = line.get(&path, &[]).await?.expect(200, "a certificate")?.json()?;
        let last: Listing = mark.changes.last().map(|(_, listing)| *listing).unwrap_or_default();
        let (state, reason) = match last.0 {
            None => ("good", None),
            Some(RevocationReason::CertificateHold) => ("held", None),
            Some(reason) => ("revoked", Some(reason.name())),
        };
        if found["status"]["state"] != state || found["status"]["reason"].as_str() != reason {
            return Ok(Err(format!("{serial}: {} and not {state} {reason:?}", found["status"])));
        }
    }
    Ok(Ok(()))
}

/// A repeat changes nothing; what is final stays as it is.
async fn again(town: &Town, tell: &mut Teller, line: &mut Line) -> Outcome<()> {
    let [_, revoked, _] = town.lasting("rsa-ca").ok_or_else(|| broken("rsa-ca", &"nothing was revoked"))?;
    let same = send(line, &Act::revoke("rsa-ca", revoked, RevocationReason::KeyCompromise)).await?;
    tell.same(
        t("同じ失効をもう一度頼んでも何も変わらない", "the same revocation again changes nothing"),
        &(same.status, same.json()?["repeated"].as_bool()),
        &(200, Some(true)),
    );
    let release = send(line, &Act::release("rsa-ca", revoked)).await?;
    tell.same(
        t("失効は取り消せない", "a revocation is for good"),
        &(release.status, release.code()),
        &(409, "authority.already_revoked".to_owned()),
    );
    Ok(())
}

/// A key that was compromised gets no certificate any more, under whatever name.
async fn compromised(town: &Town, tell: &mut Teller, line: &mut Line) -> Outcome<()> {
    let [_, revoked, _] = town.lasting("p256-ca").ok_or_else(|| broken("p256-ca", &"nothing was revoked"))?;
    let owner = town.subscriber(&revoked).ok_or_else(|| broken("p256-ca", &"nobody has that certificate"))?;
    let reply = line
        .post("/api/v1/authorities/p256-ca/certificates", &owner.wanted.order(&owner.request), None)
        .await?;
    tell.same(
        t("漏えいした鍵には二度と発行しない", "a compromised key gets no certificate again"),
        &(reply.status, reply.code()),
        &(422, "authority.key_compromised".to_owned()),
    );
    Ok(())
}
