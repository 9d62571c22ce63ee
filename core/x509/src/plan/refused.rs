//! Why no certificate is planned. Each reason speaks to whoever asked.

use super::dns::DnsFault;
use crate::explain::{Explain, Explanation};
use crate::key::KeyFault;
use crate::time;
use core_words::UtcSeconds;

/// A typed refusal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanRefused {
    /// The key is unfit.
    #[error(transparent)]
    Key(#[from] KeyFault),
    /// A certificate of this profile cannot be asked for with this proof of the key.
    #[error("this profile does not take a key that is proven in this way")]
    Proof,
    /// A name that the profile does not allow.
    #[error("{name}: {problem}")]
    Name {
        /// Which: the key of the order's value, or the attribute, or the kind of alternative name.
        name: String,
        /// Why.
        problem: NameProblem,
    },
    /// A value that the profile demands was not given.
    #[error("{name} is missing")]
    Missing {
        /// Which: the key of the rule.
        name: String,
    },
    /// The request asks for an extension that the profile does not write.
    #[error("the request asks for the extension {oid}, which the profile does not write")]
    RequestExtension {
        /// Its identifier, dotted.
        oid: String,
    },
    /// The validity wished for is outside the profile.
    #[error("{0}")]
    Validity(ValidityProblem),
    /// The issuer's own certificate ends sooner, or has ended.
    #[error("the issuer's own certificate ends on {}", time::show(*.issuer_ends))]
    IssuerEnds {
        /// The last second of the issuer's validity.
        issuer_ends: UtcSeconds,
    },
    /// The profile points to partitioned lists, and the order names no partition.
    #[error("the order names no partition of the list")]
    Partition,
    /// The profile names an address that the issuer does not have.
    #[error("the authority has no address for {0}")]
    IssuerUrl(&'static str),
    /// The issuer cannot issue by this profile.
    #[error("the authority cannot issue by this profile: {0}")]
    Issuer(&'static str),
}

/// What is wrong with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum NameProblem {
    /// The profile has no place for it, or no further one.
    #[error("the profile has no place for it")]
    NoPlace,
    /// It is not one of the values, or not of the form, that the profile demands.
    #[error("the value is not of the form that the profile demands")]
    Value,
    /// It is empty or too long.
    #[error("the value is empty or too long")]
    Length,
    /// It has a character that it must not have.
    #[error("the value has a character that it must not have")]
    Character,
    /// It is no DNS name that is certified here.
    #[error(transparent)]
    Dns(#[from] DnsFault),
    /// It is outside the domains that the profile allows.
    #[error("it is outside the domains that the profile allows")]
    Domain,
    /// It is no mail address or URI.
    #[error("it is not a mail address or URI")]
    Syntax,
    /// It must be among the alternative names, and is not.
    #[error("it must be one of the DNS names, and is not")]
    NotInSan,
    /// The request asks for it, and the certificate would not have it.
    #[error("the request asks for it, and the certificate would not have it")]
    NotGranted,
    /// There are too many names.
    #[error("there are too many of them")]
    TooMany,
}

/// What is wrong with a validity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum ValidityProblem {
    /// It begins earlier than the profile allows.
    #[error("the validity begins earlier than the profile allows")]
    TooEarly,
    /// It begins later than the profile allows.
    #[error("the validity begins later than the profile allows")]
    TooLate,
    /// It is longer than the profile allows.
    #[error("the validity is longer than the profile allows")]
    TooLong,
    /// It ends before it begins, or has ended.
    #[error("the validity ends before it begins, or has ended already")]
    Over,
    /// It ends within a day of Tokyo, and the profile wants whole days.
    #[error("the validity must end with a day in Japan, at 23:59:59")]
    NotDayEnd,
    /// It is before 1950 or after 9999.
    #[error("a certificate cannot say this time")]
    Unsayable,
}

impl PlanRefused {
    pub(crate) fn name(name: impl Into<String>, problem: impl Into<NameProblem>) -> Self {
        Self::Name { name: name.into(), problem: problem.into() }
    }

    /// The field of a form that the refusal is about, as the order called it.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Name { name, .. } | Self::Missing { name } => Some(name),
            _ => None,
        }
    }
}

impl Explain for PlanRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::Key(fault) => fault.code(),
            Self::Proof => "authority.key_proof_refused",
            Self::Name { .. } => "authority.name_outside_profile",
            Self::Missing { .. } => "authority.name_missing",
            Self::RequestExtension { .. } => "authority.request_extension_refused",
            Self::Validity(_) => "authority.validity_refused",
            Self::IssuerEnds { .. } => "authority.issuer_ends_first",
            Self::Partition => "authority.partition_missing",
            Self::IssuerUrl(_) => "authority.issuer_url_missing",
            Self::Issuer(_) => "authority.issuer_unfit",
        }
    }

    fn explain(&self) -> Explanation {
        let (ja, next_ja, next_en) = match self {
            Self::Key(fault) => return fault.explain(),
            Self::Proof => (
                "この方法で示された鍵には、このプロファイルの証明書を発行できません。".to_owned(),
                "プロファイルに合った方法(証明書署名要求、鍵生成式、相手認証局の証明書)で申請してください。",
                "Ask in the way that the profile wants: a request, a key ceremony, or a foreign authority's certificate.",
            ),
            Self::Name { name, problem } => (
                format!("{name}: {}", name_ja(*problem)),
                "値を確認し、証明書プロファイルに合うように直してください。",
                "Check the value, and correct it so that it fits the certificate profile.",
            ),
            Self::Missing { name } => (
                format!("{name} が指定されていません。"),
                "値を指定して、もう一度申請してください。",
                "Give the value, and ask again.",
            ),
            Self::RequestExtension { oid } => (
                format!("証明書署名要求の拡張 {oid} は、この証明書には記載できません。"),
                "その拡張を除いて証明書署名要求を作り直してください。",
                "Make the request again without this extension.",
            ),
            Self::Validity(problem) => (
                validity_ja(*problem).to_owned(),
                "有効期間を直して、もう一度申請してください。",
                "Correct the validity, and ask again.",
            ),
            Self::IssuerEnds { issuer_ends } => (
                format!("認証局の証明書が先に有効期限({})を迎えます。", time::show(*issuer_ends)),
                "有効期間を短くするか、認証局の鍵更新が終わってから申請してください。",
                "Ask for a shorter validity, or again when the authority has renewed its key.",
            ),
            Self::Partition => (
                "失効リストの区分が指定されていません。".to_owned(),
                "区分の番号を指定してください。",
                "Give the number of the partition.",
            ),
            Self::IssuerUrl(what) => (
                format!("認証局に {what} の公開先が設定されていません。"),
                "認証局の設定に公開先を加えるか、プロファイルから参照を除いてください。",
                "Add the address to the authority's settings, or remove the reference from the profile.",
            ),
            Self::Issuer(_) => (
                "この認証局は、このプロファイルの証明書を発行できません。".to_owned(),
                "プロファイルと認証局の組み合わせを確認してください。",
                "Check which authority issues by which profile.",
            ),
        };
        let mut en = self.to_string();
        if let Some(first) = en.get_mut(..1)
            && !matches!(self, Self::Name { .. } | Self::Missing { .. })
        {
            first.make_ascii_uppercase();
        }
        en.push('.');
        Explanation { ja, en, next_ja, next_en }
    }
}

fn name_ja(problem: NameProblem) -> &'static str {
    match problem {
        NameProblem::NoPlace => "この証明書には記載できない項目です。",
        NameProblem::Value => "プロファイルで定められた形式の値ではありません。",
        NameProblem::Length => "値が空であるか、長すぎます。",
        NameProblem::Character => "使用できない文字が含まれています。",
        NameProblem::Dns(DnsFault::Wildcard) => {
            "ワイルドカードは、プロファイルが認める場合に限り、先頭のラベル全体としてのみ使えます。"
        }
        NameProblem::Dns(DnsFault::NotQualified) => "完全修飾ドメイン名ではありません。",
        NameProblem::Dns(_) => "DNS 名の形式が正しくありません。",
        NameProblem::Domain => "プロファイルで認められたドメインの名前ではありません。",
        NameProblem::Syntax => "メールアドレスまたは URI の形式が正しくありません。",
        NameProblem::NotInSan => "DNS 名(subjectAltName)のいずれかと一致していません。",
        NameProblem::NotGranted => "証明書署名要求に含まれていますが、証明書には記載されません。",
        NameProblem::TooMany => "名前の数が多すぎます。",
    }
}

fn validity_ja(problem: ValidityProblem) -> &'static str {
    match problem {
        ValidityProblem::TooEarly => "有効期間の開始が、プロファイルで認められた時より前です。",
        ValidityProblem::TooLate => "有効期間の開始が、プロファイルで認められた時より後です。",
        ValidityProblem::TooLong => "有効期間が、プロファイルで認められた長さを超えています。",
        ValidityProblem::Over => "有効期間の終わりが始まりより前であるか、すでに過ぎています。",
        ValidityProblem::NotDayEnd => "有効期間は日本時間の 23 時 59 分 59 秒に終わる必要があります。",
        ValidityProblem::Unsayable => "証明書に記載できない日時です。",
    }
}
