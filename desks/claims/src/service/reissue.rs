//! Reissue of the issue password on line (C7, fn A7): drawn, sealed to a certificate of the applicant, and hung on its
//! board as a file that only the key of that certificate opens.
//!
//! ```text
//! certificate ─→ may it open the file? ─→ draw ─→ hash, seal ─→ one transaction: the hash in place of the old one,
//!                                          └ wiped ┘             notice with the file, ledger, mail
//! ```
//! The password is nowhere in plain but in memory, between drawing and sealing. The old one is void with the
//! transaction (C5); files that were downloaded keep the passwords they have.

use super::guard;
use crate::{
    case::{Case, Holding},
    desk::Claims,
    no, password,
    status::{Hat, Standing},
    store::{
        find,
        holders::{self, Holder},
        reissues::{self, Reissue},
        rows,
    },
    tell,
    words::{HolderId, KeyState},
};
use core_sign::enveloped::{Recipient, SealError};
use core_words::{CaseNumber, Kind, Lang, Refusal, Text, UtcMicros};
use kit_desk::{Doer, Stored};
use kit_gate::Scope;
use kit_ledger::Entry;
use kit_post::{NewFile, NoticeId};
use kit_store::{StoreError, Tx};
use kit_web::Day;

/// How often a day, in Japan, a holder may have its issue password reissued on line.
pub const REISSUES_A_DAY: u64 = 3;
/// What the encrypted file is saved as.
pub(crate) const FILE_NAME: &str = "notice.p7m";
/// Its media type (RFC 8551 §3.2).
const MEDIA_TYPE: &str = "application/pkcs7-mime";

/// An issue password was reissued on line.
const REISSUED: &str = "claims.reissue-password";
/// The file of a notice was fetched for the first time.
pub(super) const FETCHED: &str = "claims.fetch-notice-file";
/// The ledger's kinds of entries about files in notices, and what they say.
pub(crate) const NOTICE_LEDGER_KINDS: [(&str, &str, &str); 2] = [
    (REISSUED, "証明書発行用パスワードを再発行しました", "Reissued the issue password"),
    (FETCHED, "お知らせのファイルを受け取りました", "Fetched the file of a notice"),
];

/// A certificate whose key opens what is sealed to it, as far as the desk can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opener {
    /// The number of its case.
    pub number: String,
    /// Its serial number, hexadecimal.
    pub serial: String,
    /// Its last moment.
    pub until: UtcMicros,
}

/// A password that was reissued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reissued {
    /// The notice with the file.
    pub notice: NoticeId,
    /// Which of the passwords that the holder had: 2 for the second.
    pub version: i64,
    /// Since when it is in force.
    pub at: UtcMicros,
}

/// Why nothing was reissued. Nothing was changed.
pub(crate) enum Stop {
    /// The desk said no.
    Told(Box<Refusal>),
    /// The database did not answer.
    Store(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Told(Box::new(refusal))
    }
}

impl From<Stop> for Refusal {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Told(refusal) => *refusal,
            Stop::Store(error) => {
                tracing::error!(%error, "the claims desk's database");
                no::unavailable()
            }
        }
    }
}

/// A new password that is drawn, hashed and sealed, and not in force yet.
pub(crate) struct Prepared {
    scope: Scope,
    holder: Holder,
    case: i64,
    phc: String,
    sealed: Vec<u8>,
    lang: Lang,
}

impl Claims {
    /// The certificates of a holder to which a new issue password can be sent, the youngest first.
    ///
    /// # Errors
    /// `claims.unavailable`.
    pub async fn openers(&self, holder: HolderId) -> Result<Vec<Opener>, Refusal> {
        let now = self.now();
        self.read(move |tx| {
            let mut openers = Vec::new();
            for line in find::of_holder(tx, holder, super::OWN_LINES)? {
                let issued = line.standing == Standing::Issued;
                let Some(case) = (if issued { rows::load(tx, line.id)? } else { None }) else { continue };
                if let Ok(holding) = opens(&case, now) {
                    openers.push(Opener {
                        number: line.number,
                        serial: holding.certificate.cert.serial.to_string(),
                        until: holding.certificate.not_after.micros(),
                    });
                }
            }
            Ok(openers)
        })
        .await
    }

    /// Whether a new issue password can be sent to the certificate of this case today; asked before a page asks
    /// whether it shall.
    ///
    /// # Errors
    /// `claims.no_case` also for a case of somebody else, `claims.reissue_…`; those of the authority.
    pub async fn can_reissue(
        &self,
        scope: Scope,
        holder: HolderId,
        number: CaseNumber,
        hat: Hat,
    ) -> Result<Opener, Refusal> {
        let (case, _, _) = self.opener(scope, holder, number, hat).await?;
        let holding = opens(&case, self.now())?;
        Ok(Opener {
            number: case.number.clone(),
            serial: holding.certificate.cert.serial.to_string(),
            until: holding.certificate.not_after.micros(),
        })
    }

    /// Reissues the issue password of a holder: the one before is void at once, and the new one hangs on the holder's
    /// board, sealed to the certificate of the case `number`. The mail that tells so is in `lang`.
    ///
    /// # Errors
    /// `claims.no_case` also for a case of somebody else, `claims.reissue_…`, `claims.unavailable`, `gate.busy`; those
    /// of the authority.
    pub async fn reissue_password(
        &self,
        scope: Scope,
        holder: HolderId,
        number: CaseNumber,
        lang: Lang,
        doer: Doer<Hat>,
    ) -> Result<Reissued, Refusal> {
        let prepared = self.prepare_reissue(scope, holder, number, lang, doer.capacity).await?;
        let claims = self.clone();
        let done = self.db().write(move |tx| claims.reissue(tx, &prepared, &doer)).await;
        done.map_err(Refusal::from)
    }

    /// Draws, hashes and seals.
    pub(crate) async fn prepare_reissue(
        &self,
        scope: Scope,
        holder: HolderId,
        number: CaseNumber,
        lang: Lang,
        hat: Hat,
    ) -> Result<Prepared, Refusal> {
        let (case, holder, recipient) = self.opener(scope.clone(), holder, number, hat).await?;
        let drawn = password::draw(self.dice());
        let text = tell::password_text(&holder, self.settings(), &drawn, self.now());
        let sealed = self.sealer().seal(text.as_bytes(), &recipient).map_err(|error| sealing(&error))?;
        let phc = self.gate().hash_password(drawn).await?;
        Ok(Prepared { scope, holder, case: case.id, phc, sealed, lang })
    }

    /// Puts it in force. Everything it was prepared on is asked again: the certificate may have been revoked, and
    /// another password reissued, in between.
    pub(crate) fn reissue(
        &self,
        tx: &mut Tx,
        prepared: &Prepared,
        doer: &Doer<Hat>,
    ) -> Result<Reissued, Stop> {
        let (now, holder) = (self.now(), &prepared.holder);
        let case = rows::load(tx, prepared.case)?.ok_or_else(no::no_case)?;
        opens(&case, now)?;
        if reissues::since(tx, holder.id, Day::of(now).begins())? >= REISSUES_A_DAY {
            return Err(too_many().into());
        }
        let (_, seen) = holders::password(tx, holder.id)?.ok_or_else(no::no_case)?;
        if !reissues::replace_password(tx, holder.id, seen, &prepared.phc)? {
            return Err(overtaken().into());
        }
        let file = NewFile { name: FILE_NAME, media_type: MEDIA_TYPE, octets: &prepared.sealed };
        let notice =
            tell::reissued(tx, self.settings(), &case, holder, &file, (prepared.lang, now), self.dice())?;
        let version = seen + 1;
        reissues::insert(tx, &Reissue { notice, holder: holder.id, case: case.id, version }, now)?;
        let mut entry = Entry::new(REISSUED, doer.actor.clone(), format!("claims.holder:{}", holder.id.0));
        entry.list_for(prepared.scope.operator());
        entry.case = Some(case.number.clone());
        entry.object = Some(self.digest().sha256(&prepared.sealed));
        kit_ledger::append(tx, &entry, now, self.dice(), self.digest())?;
        Ok(Reissued { notice, version, at: now })
    }

    /// The case, its holder, and its certificate as one that can be written to.
    async fn opener(
        &self,
        scope: Scope,
        holder: HolderId,
        number: CaseNumber,
        hat: Hat,
    ) -> Result<(Stored<Case>, Holder, Recipient), Refusal> {
        let file = self.own_case(scope, holder, number, hat).await?;
        opens(&file.case, file.now)?;
        let since = Day::of(file.now).begins();
        if self.read(move |tx| reissues::since(tx, holder, since)).await? >= REISSUES_A_DAY {
            return Err(too_many());
        }
        let view = self.certificate(&file.case).await?.ok_or_else(no::no_case)?;
        guard::certificate(&view.der, &file.holder.number)?;
        let recipient = Recipient::of_certificate(&view.der).map_err(|error| sealing(&error))?;
        Ok((file.case, file.holder, recipient))
    }
}

/// What of a case opens a file that is sealed to its certificate at `now`: issued, in force, and its key with its
/// owner.
fn opens(case: &Stored<Case>, now: UtcMicros) -> Result<&Holding, Refusal> {
    let Case::Issued(holding) = &case.case else { return Err(not_issued()) };
    if holding.certificate.not_after.micros() < now {
        return Err(expired());
    }
    match (&holding.key, holding.fetched) {
        // A key of one's own has never been elsewhere.
        (KeyState::Own, _) | (_, Some(_)) => Ok(holding),
        (_, None) => Err(not_fetched()),
    }
}

fn refusal(kind: Kind, code: &'static str, message: [&str; 2], next: [&str; 2]) -> Refusal {
    Refusal::new(kind, code, Text::new(message[0], message[1]), Text::new(next[0], next[1]))
}

fn not_issued() -> Refusal {
    refusal(
        Kind::Conflict,
        "claims.reissue_not_issued",
        [
            "新しいパスワードを送れるのは、状況が「発行済み」の証明書だけです。",
            "A new password is sent only to a certificate whose status is “issued”.",
        ],
        [
            "ほかの証明書を選ぶか、連合会へ電話でご連絡ください。",
            "Choose another certificate, or call the federation.",
        ],
    )
}

fn expired() -> Refusal {
    refusal(
        Kind::Conflict,
        "claims.reissue_expired",
        ["この証明書は有効期限を過ぎています。", "This certificate is past its last day."],
        [
            "ほかの証明書を選ぶか、連合会へ電話でご連絡ください。",
            "Choose another certificate, or call the federation.",
        ],
    )
}

fn not_fetched() -> Refusal {
    refusal(
        Kind::Conflict,
        "claims.reissue_not_fetched",
        [
            "この証明書はまだダウンロードされていないため、お手元に鍵がありません。",
            "This certificate was never downloaded, so its key is not with you.",
        ],
        ["連合会へ電話でご連絡ください。", "Please call the federation."],
    )
}

fn too_many() -> Refusal {
    refusal(
        Kind::TooMany,
        "claims.reissue_too_many",
        [
            "オンラインでの再発行は1日に3回までです。今日はもう再発行できません。",
            "The password is reissued on line three times a day at most. It cannot be reissued again today.",
        ],
        [
            "最後に届いたお知らせを開くか、明日もう一度お試しください。お急ぎのときは連合会へご連絡ください。",
            "Open the last notice that came, or try again tomorrow. If it is urgent, call the federation.",
        ],
    )
}

fn overtaken() -> Refusal {
    refusal(
        Kind::Conflict,
        "claims.reissue_overtaken",
        [
            "同じときに、別の画面でパスワードが再発行されました。",
            "The password was reissued from elsewhere at the same time.",
        ],
        ["お知らせに届いた最も新しいファイルを開いてください。", "Open the latest file among your notices."],
    )
}

/// What is told when nothing can be sealed to a certificate.
fn sealing(error: &SealError) -> Refusal {
    match error {
        SealError::KeyKind | SealError::KeyUsage(_) => refusal(
            Kind::Refused,
            "claims.reissue_cannot_decrypt",
            [
                "この証明書の鍵は署名専用で、暗号化されたお知らせを開けません。",
                "The key of this certificate signs only; it opens nothing that is encrypted.",
            ],
            [
                "ほかの証明書を選ぶか、連合会へ電話でご連絡ください。",
                "Choose another certificate, or call the federation.",
            ],
        ),
        SealError::Certificate | SealError::UnfitKey | SealError::TooLong => {
            tracing::error!(%error, "sealing to a certificate of the desk");
            refusal(
                Kind::Internal,
                "claims.reissue_failed",
                [
                    "この証明書宛てにお知らせを暗号化できませんでした。何も変更されていません。",
                    "Nothing could be encrypted to this certificate. Nothing was changed.",
                ],
                ["連合会へ電話でご連絡ください。", "Please call the federation."],
            )
        }
    }
}
