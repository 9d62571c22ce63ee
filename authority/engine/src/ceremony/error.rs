//! Why a ceremony, a rollover or a cross-certification was not carried out, and how people are told.

use super::{file::Problem, foreign::ForeignRefused};
use crate::refusals;
use authority_front::{Kind, Refusal, Text};
use authority_journal::codes::AuthorityState;
use authority_signer::SignerError;
use core_words::{AuthorityId, ProfileId};
use core_x509::{
    explain::{Explain, Explanation},
    issuer::BadIssuer,
    lint::Findings,
    plan::PlanRefused,
};
use kit_clock::ClockFault;
use kit_keys::KeyError;
use kit_store::StoreError;

/// Why nothing more was done. What was done before stands and is found again when the same is asked again.
#[derive(Debug, thiserror::Error)]
pub enum CeremonyError {
    /// The ceremony file has problems; nothing was done.
    #[error("the ceremony file has {} problem(s); the first: {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
    File(Vec<Problem>),
    /// There is no such authority.
    #[error("there is no authority '{0}'")]
    UnknownAuthority(AuthorityId),
    /// There is no such profile here.
    #[error("there is no profile '{0}'")]
    UnknownProfile(ProfileId),
    /// The profile is for another kind of certificate.
    #[error("profile '{0}' is not for this kind of certificate")]
    WrongProfile(ProfileId),
    /// The authority is in a state in which this cannot be done.
    #[error("authority '{0}' is {1:?}")]
    WrongState(AuthorityId, AuthorityState),
    /// Somebody else changed the authority at the same moment.
    #[error("authority '{0}' was changed by somebody else at the same moment")]
    Overtaken(AuthorityId),
    /// The name stands for something that was asked for differently.
    #[error("'{0}' exists already and was asked for differently")]
    Different(String),
    /// What was begun was given up and cannot be finished under this name.
    #[error("'{0}' was given up before it was signed")]
    GivenUp(String),
    /// The public key belongs to another subject.
    #[error("the public key of '{0}' is in use under another name")]
    KeyOfOther(String),
    /// The public key is known to be compromised.
    #[error("the public key of '{0}' is known to be compromised")]
    KeyBlocked(String),
    /// The new certificate would bear another name than the authority has.
    #[error("profile '{profile}' would give authority '{authority}' another name")]
    NameWouldChange {
        /// The authority.
        authority: AuthorityId,
        /// The profile.
        profile: ProfileId,
    },
    /// The foreign authority was refused.
    #[error(transparent)]
    Foreign(#[from] ForeignRefused),
    /// No certificate can be planned.
    #[error("{name}: {why}")]
    Plan {
        /// What it was for.
        name: String,
        /// Why not.
        why: PlanRefused,
    },
    /// The lints refuse the plan.
    #[error("{name}: {why}")]
    Lints {
        /// What it was for.
        name: String,
        /// What they found.
        why: Findings,
    },
    /// A certificate that is stored cannot be an issuer's.
    #[error("the stored certificate of '{name}' is unusable: {why}")]
    Issuer {
        /// Whose.
        name: String,
        /// Why.
        why: BadIssuer,
    },
    /// The journal.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Signing.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// The clock cannot be trusted.
    #[error("the clock cannot be trusted: {0:?}")]
    Clock(ClockFault),
    /// What is stored makes no sense.
    #[error("{0}")]
    Damaged(String),
}

impl From<ClockFault> for CeremonyError {
    fn from(fault: ClockFault) -> Self {
        Self::Clock(fault)
    }
}

impl CeremonyError {
    /// As it is told at the edge.
    pub fn refusal(&self) -> Refusal {
        match self {
            Self::File(problems) => {
                let mut refusal = told(
                    Kind::Refused,
                    "ceremony.file",
                    ("鍵生成式のファイルに問題があります。", "The ceremony file has problems."),
                    (
                        "示された行を直してください。まだ何も作られていません。",
                        "Correct the lines that are named. Nothing was made yet.",
                    ),
                );
                for problem in problems {
                    let at = problem.line.map_or_else(String::new, |line| format!("line {line} "));
                    let field = format!("{at}{}", problem.field);
                    refusal = refusal.with_field(field.trim_end(), problem.what.text());
                }
                refusal
            }
            Self::UnknownAuthority(id) => refusals::unknown_authority(id),
            Self::Store(error) => refusals::store(error),
            Self::Key(error) => refusals::key(error),
            Self::Signer(SignerError::Key(error)) => refusals::key(error),
            Self::Clock(fault) => refusals::clock(*fault),
            Self::Plan { name, why } => explained(why).with_field(name.as_str(), sentence(why)),
            Self::Lints { name, why } => explained(why).with_field(name.as_str(), sentence(why)),
            Self::Foreign(why) => {
                let (ja, en) = foreign_text(why);
                told(
                    Kind::Refused,
                    "ceremony.foreign_refused",
                    (&ja, &en),
                    (
                        "相手の認証局と、渡された証明書かリクエストを確かめてください。",
                        "Check with the foreign authority what it handed in.",
                    ),
                )
            }
            _ => self.other(),
        }
    }

    fn other(&self) -> Refusal {
        let conflict = |code, ja: String, en: String, next| told(Kind::Conflict, code, (&ja, &en), next);
        match self {
            Self::UnknownProfile(id) => told(
                Kind::Refused,
                "ceremony.profile_unknown",
                (&format!("プロファイル「{id}」はありません。"), &format!("There is no profile '{id}'.")),
                ("プロファイルの名前を確かめてください。", "Check the name of the profile."),
            ),
            Self::WrongProfile(id) => told(
                Kind::Refused,
                "ceremony.profile_of_other_kind",
                (
                    &format!("プロファイル「{id}」は、この種類の証明書には使えません。"),
                    &format!("Profile '{id}' is not for this kind of certificate."),
                ),
                ("用途に合うプロファイルを選んでください。", "Choose a profile for this use."),
            ),
            Self::WrongState(id, state) => conflict(
                "ceremony.wrong_state",
                format!("認証局「{id}」の状態({})では、これはできません。", state_ja(*state)),
                format!("This cannot be done while authority '{id}' is {}.", state_en(*state)),
                ("認証局の状態を確かめてください。", "Look at the state of the authority first."),
            ),
            Self::Overtaken(id) => conflict(
                "ceremony.overtaken",
                format!("認証局「{id}」は、同時に別の人が変更しました。"),
                format!("Somebody else changed authority '{id}' at the same moment."),
                ("現在の状態を見てから、もう一度行ってください。", "Look at its state now, then try again."),
            ),
            Self::Different(name) => conflict(
                "ceremony.different",
                format!("「{name}」は、別の内容ですでに作られているか、作成中です。"),
                format!("'{name}' exists or is under way, and was asked for differently."),
                (
                    "続きなら、はじめと同じ内容で行ってください。新しいものなら、別の名前を付けてください。",
                    "To go on, ask for exactly the same again. For something new, choose another name.",
                ),
            ),
            Self::GivenUp(name) => conflict(
                "ceremony.given_up",
                format!("「{name}」は、署名の前に取りやめられています。"),
                format!("'{name}' was given up before it was signed."),
                ("別の名前で作り直してください。", "Make it again under another name."),
            ),
            Self::KeyOfOther(name) | Self::KeyBlocked(name) => conflict(
                "ceremony.key_refused",
                format!("「{name}」の公開鍵は、別の名義で使われているか、漏えいした鍵です。"),
                format!(
                    "The public key of '{name}' is in use under another name or known to be compromised."
                ),
                ("新しい鍵で行ってください。", "Use a new key."),
            ),
            Self::NameWouldChange { authority, profile } => conflict(
                "ceremony.name_would_change",
                format!("プロファイル「{profile}」では、認証局「{authority}」の名前が変わってしまいます。"),
                format!("Profile '{profile}' would give authority '{authority}' another name."),
                (
                    "名前を変えないプロファイルを指定してください。",
                    "Name a profile under which the name stays the same.",
                ),
            ),
            _ => refusals::internal(),
        }
    }
}

fn told(kind: Kind, code: &'static str, message: (&str, &str), next: (&str, &str)) -> Refusal {
    Refusal::new(kind, code, Text::new(message.0, message.1), Text::new(next.0, next.1))
}

fn explained(why: &impl Explain) -> Refusal {
    let Explanation { ja, en, next_ja, next_en } = why.explain();
    told(Kind::Refused, why.code(), (&ja, &en), (next_ja, next_en))
}

/// The sentence of something that explains itself.
pub(super) fn sentence(why: &impl Explain) -> Text {
    let Explanation { ja, en, .. } = why.explain();
    Text::new(ja, en)
}

fn state_ja(state: AuthorityState) -> &'static str {
    match state {
        AuthorityState::Active => "稼働中",
        AuthorityState::Suspended => "停止中",
        AuthorityState::Retired => "終了",
    }
}

fn state_en(state: AuthorityState) -> &'static str {
    match state {
        AuthorityState::Active => "active",
        AuthorityState::Suspended => "suspended",
        AuthorityState::Retired => "retired",
    }
}

fn foreign_text(why: &ForeignRefused) -> (String, String) {
    let ja = match why {
        ForeignRefused::Malformed(_) => "証明書の形式が正しくありません。".to_owned(),
        ForeignRefused::Request(refused) => refused.explain().ja,
        ForeignRefused::Key(fault) => fault.explain().ja,
        ForeignRefused::NoAuthority => "認証局の証明書ではありません。".to_owned(),
        ForeignRefused::NoName => "相手の認証局の名前が空です。".to_owned(),
        ForeignRefused::Algorithm => "受け付けられない署名アルゴリズムです。".to_owned(),
        ForeignRefused::Signature => "証明書の署名が、発行者の鍵と一致しません。".to_owned(),
        ForeignRefused::IssuerNeeded => "自己署名ではないため、発行者の証明書も必要です。".to_owned(),
        ForeignRefused::OtherIssuer => "渡された発行者の証明書は、別の認証局のものです。".to_owned(),
        ForeignRefused::NotValid => "証明書の有効期間外です。".to_owned(),
    };
    let mut en = why.to_string();
    if let Some(first) = en.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    en.push('.');
    (ja, en)
}
