//! The statuses of a certificate's case (証明書のステータス), who may do what in each, and where it leads (C20, C21).

use core_words::Text;
use kit_desk::{Capacity, Line, Status, Table, Verb};

/// Where a case stands. The numbers are those of the source document (C20).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// 1 発行依頼待ち: the provider has applied.
    Applied,
    /// 2 入金待ち: an agent has applied, its payment has not come.
    AwaitingPayment,
    /// 3 発行依頼中: the issue request is registered, not yet handed to the authority.
    IssueRequested,
    /// 4 発行待ち: handed to the authority.
    AwaitingIssue,
    /// 5 発行済み: issued, can be downloaded.
    Issued,
    /// 6 失効依頼中: revocation requested, not yet handed over.
    RevocationRequested,
    /// 7 失効待ち: revocation handed to the authority.
    AwaitingRevocation,
    /// 8 失効済み: revoked, and the list that says so has arrived.
    Revoked,
    /// 9 却下待ち: rejected by the federation, not yet processed.
    Rejecting,
    /// 10 却下: the rejection was processed and the applicant notified.
    Rejected,
}

/// What may be done to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deed {
    /// 発行申請 (C1).
    Apply,
    /// 発行依頼登録 (C9).
    RegisterIssue,
    /// 入金登録 (C10): for an agent's application this is the registration of the issue request.
    RegisterPayment,
    /// 却下 (C9), also a withdrawal asked for by the applicant.
    Reject,
    /// 発行依頼登録または入金登録の取消 (C19).
    UndoIssue,
    /// 却下の取消 (C19).
    UndoReject,
    /// 発行依頼の連携 (C14).
    HandOver,
    /// 証明書登録 (C16).
    Register,
    /// ダウンロード (C5).
    Download,
    /// The private key that the service made is erased (C5).
    EraseKey,
    /// 失効依頼登録 (C11).
    RequestRevocation,
    /// 失効依頼の取消 (C19).
    UndoRevocation,
    /// 失効依頼の連携 (C15).
    HandOverRevocation,
    /// 失効リスト登録 (C6, C17).
    RegisterList,
    /// 却下の処理 (C21).
    ProcessRejection,
}

/// In what capacity somebody acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hat {
    /// 事業所.
    Provider,
    /// 代理人.
    Agent,
    /// 連合会 担当者.
    Clerk,
    /// 連合会 管理者.
    Manager,
    /// The house itself: jobs, the clock, the feed of the authority.
    System,
}

/// C21: every transition. What is not here is refused.
pub const TABLE: Table<Standing, Deed, Hat> = {
    use {Deed::*, Hat::*, Standing::*};
    const STAFF: &[Hat] = &[Clerk, Manager];
    const APPLICANT: &[Hat] = &[Provider, Agent];
    Table(&[
        line(None, Apply, &[Provider], &[Applied]),
        line(None, Apply, &[Agent], &[AwaitingPayment]),
        line(Some(Applied), RegisterIssue, STAFF, &[IssueRequested]),
        line(Some(Applied), Reject, STAFF, &[Rejecting]),
        line(Some(AwaitingPayment), RegisterPayment, STAFF, &[IssueRequested]),
        line(Some(AwaitingPayment), Reject, STAFF, &[Rejecting]),
        // By who applied.
        line(Some(IssueRequested), UndoIssue, &[Manager], &[Applied, AwaitingPayment]),
        line(Some(IssueRequested), HandOver, &[System], &[AwaitingIssue]),
        line(Some(AwaitingIssue), Register, &[System], &[Issued]),
        line(Some(Issued), Download, APPLICANT, &[Issued]),
        line(Some(Issued), EraseKey, &[Provider, Agent, System], &[Issued]),
        line(Some(Issued), RequestRevocation, STAFF, &[RevocationRequested]),
        line(Some(RevocationRequested), UndoRevocation, &[Manager], &[Issued]),
        line(Some(RevocationRequested), HandOverRevocation, &[System], &[AwaitingRevocation]),
        line(Some(AwaitingRevocation), RegisterList, &[System], &[Revoked]),
        line(Some(Rejecting), UndoReject, &[Manager], &[Applied, AwaitingPayment]),
        line(Some(Rejecting), ProcessRejection, &[System], &[Rejected]),
    ])
};

const fn line(
    from: Option<Standing>,
    verb: Deed,
    by: &'static [Hat],
    to: &'static [Standing],
) -> Line<Standing, Deed, Hat> {
    Line { from, verb, by, to }
}

impl Status for Standing {
    const ALL: &'static [Self] = &[
        Self::Applied,
        Self::AwaitingPayment,
        Self::IssueRequested,
        Self::AwaitingIssue,
        Self::Issued,
        Self::RevocationRequested,
        Self::AwaitingRevocation,
        Self::Revoked,
        Self::Rejecting,
        Self::Rejected,
    ];

    fn code(self) -> i16 {
        match self {
            Self::Applied => 1,
            Self::AwaitingPayment => 2,
            Self::IssueRequested => 3,
            Self::AwaitingIssue => 4,
            Self::Issued => 5,
            Self::RevocationRequested => 6,
            Self::AwaitingRevocation => 7,
            Self::Revoked => 8,
            Self::Rejecting => 9,
            Self::Rejected => 10,
        }
    }

    fn slug(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::AwaitingPayment => "awaiting-payment",
            Self::IssueRequested => "issue-requested",
            Self::AwaitingIssue => "awaiting-issue",
            Self::Issued => "issued",
            Self::RevocationRequested => "revocation-requested",
            Self::AwaitingRevocation => "awaiting-revocation",
            Self::Revoked => "revoked",
            Self::Rejecting => "rejecting",
            Self::Rejected => "rejected",
        }
    }

    fn label(self) -> Text {
        match self {
            Self::Applied => Text::new("発行依頼待ち", "Waiting for review"),
            Self::AwaitingPayment => Text::new("入金待ち", "Waiting for payment"),
            Self::IssueRequested => Text::new("発行依頼中", "Issue requested"),
            Self::AwaitingIssue => Text::new("発行待ち", "Waiting for issue"),
            Self::Issued => Text::new("発行済み", "Issued"),
            Self::RevocationRequested => Text::new("失効依頼中", "Revocation requested"),
            Self::AwaitingRevocation => Text::new("失効待ち", "Waiting for revocation"),
            Self::Revoked => Text::new("失効済み", "Revoked"),
            Self::Rejecting => Text::new("却下待ち", "Being rejected"),
            Self::Rejected => Text::new("却下", "Rejected"),
        }
    }
}

impl Verb for Deed {
    const ALL: &'static [Self] = &[
        Self::Apply,
        Self::RegisterIssue,
        Self::RegisterPayment,
        Self::Reject,
        Self::UndoIssue,
        Self::UndoReject,
        Self::HandOver,
        Self::Register,
        Self::Download,
        Self::EraseKey,
        Self::RequestRevocation,
        Self::UndoRevocation,
        Self::HandOverRevocation,
        Self::RegisterList,
        Self::ProcessRejection,
    ];

    fn slug(self) -> &'static str {
        self.ledger_kind().split_once('.').map_or("", |(_, slug)| slug)
    }

    fn ledger_kind(self) -> &'static str {
        match self {
            Self::Apply => "claims.apply",
            Self::RegisterIssue => "claims.register-issue",
            Self::RegisterPayment => "claims.register-payment",
            Self::Reject => "claims.reject",
            Self::UndoIssue => "claims.undo-issue",
            Self::UndoReject => "claims.undo-reject",
            Self::HandOver => "claims.hand-over",
            Self::Register => "claims.register-certificate",
            Self::Download => "claims.download",
            Self::EraseKey => "claims.erase-key",
            Self::RequestRevocation => "claims.request-revocation",
            Self::UndoRevocation => "claims.undo-revocation",
            Self::HandOverRevocation => "claims.hand-over-revocation",
            Self::RegisterList => "claims.register-list",
            Self::ProcessRejection => "claims.process-rejection",
        }
    }

    fn label(self) -> Text {
        match self {
            Self::Apply => Text::new("発行を申請する", "Apply for a certificate"),
            Self::RegisterIssue => Text::new("発行依頼を登録する", "Register the issue request"),
            Self::RegisterPayment => Text::new("入金を登録する", "Register the payment"),
            Self::Reject => Text::new("却下する", "Reject"),
            Self::UndoIssue => Text::new("発行依頼の登録を取り消す", "Undo the issue request"),
            Self::UndoReject => Text::new("却下を取り消す", "Undo the rejection"),
            Self::HandOver => Text::new("発行依頼を認証局へ連携する", "Hand the request to the authority"),
            Self::Register => Text::new("証明書を登録する", "Register the certificate"),
            Self::Download => Text::new("証明書をダウンロードする", "Download the certificate"),
            Self::EraseKey => Text::new("保管中の秘密鍵を消去する", "Erase the private key kept here"),
            Self::RequestRevocation => Text::new("失効依頼を登録する", "Register a revocation request"),
            Self::UndoRevocation => Text::new("失効依頼を取り消す", "Undo the revocation request"),
            Self::HandOverRevocation => {
                Text::new("失効依頼を認証局へ連携する", "Hand the revocation to the authority")
            }
            Self::RegisterList => Text::new("失効リストを登録する", "Register the revocation list"),
            Self::ProcessRejection => Text::new("却下を処理する", "Process the rejection"),
        }
    }

    fn done(self) -> Text {
        match self {
            Self::Apply => Text::new("発行を申請しました", "Applied for a certificate"),
            Self::RegisterIssue => Text::new("発行依頼を登録しました", "Registered the issue request"),
            Self::RegisterPayment => Text::new("入金を登録しました", "Registered the payment"),
            Self::Reject => Text::new("却下しました", "Rejected the application"),
            Self::UndoIssue => Text::new("発行依頼の登録を取り消しました", "Undid the issue request"),
            Self::UndoReject => Text::new("却下を取り消しました", "Undid the rejection"),
            Self::HandOver => Text::new("認証局へ発行を依頼しました", "Handed the request to the authority"),
            Self::Register => Text::new("証明書が発行されました", "The certificate was issued"),
            Self::Download => Text::new("証明書をダウンロードしました", "Downloaded the certificate"),
            Self::EraseKey => {
                Text::new("保管していた秘密鍵を消去しました", "Erased the private key kept here")
            }
            Self::RequestRevocation => Text::new("失効依頼を登録しました", "Registered a revocation request"),
            Self::UndoRevocation => Text::new("失効依頼を取り消しました", "Undid the revocation request"),
            Self::HandOverRevocation => {
                Text::new("認証局へ失効を依頼しました", "Handed the revocation to the authority")
            }
            Self::RegisterList => Text::new(
                "失効リストに載り、失効しました",
                "The revocation list names the certificate: it is revoked",
            ),
            Self::ProcessRejection => {
                Text::new("却下を申請者へ知らせました", "Notified the applicant of the rejection")
            }
        }
    }
}

impl Capacity for Hat {
    const ALL: &'static [Self] = &[Self::Provider, Self::Agent, Self::Clerk, Self::Manager, Self::System];
    const SYSTEM: Self = Self::System;

    fn slug(self) -> &'static str {
        match self {
            Self::Provider => "claims.provider",
            Self::Agent => "claims.agent",
            Self::Clerk => "claims.clerk",
            Self::Manager => "claims.manager",
            Self::System => "system",
        }
    }

    fn label(self) -> Text {
        match self {
            Self::Provider => Text::new("事業所", "Care provider"),
            Self::Agent => Text::new("代理人", "Agent"),
            Self::Clerk => Text::new("担当者", "Clerk"),
            Self::Manager => Text::new("管理者", "Manager"),
            Self::System => Text::new("システム", "System"),
        }
    }
}

impl Hat {
    /// Whether it is worn by those who apply: they see their own cases alone, and nobody of the federation by name.
    pub fn applies(self) -> bool {
        matches!(self, Self::Provider | Self::Agent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// C21 as the requirement states it, typed in anew: from, to.
    const C21: &[(i16, i16)] = &[
        (1, 3),
        (1, 9),
        (2, 3),
        (2, 9),
        (3, 1),
        (3, 2),
        (9, 1),
        (9, 2),
        (3, 4),
        (4, 5),
        (5, 6),
        (6, 5),
        (6, 7),
        (7, 8),
        (9, 10),
    ];

    #[test]
    fn c21_the_table_has_every_transition_and_no_other() {
        let mut drawn: Vec<(i16, i16)> = TABLE
            .0
            .iter()
            .filter_map(|line| line.from.map(|from| (from, line.to)))
            .flat_map(|(from, to)| to.iter().map(move |to| (from.code(), to.code())))
            .filter(|(from, to)| from != to)
            .collect();
        let mut wanted = C21.to_vec();
        drawn.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(drawn, wanted);
    }

    #[test]
    fn c19_only_the_manager_undoes() {
        for line in TABLE.0.iter().filter(|line| line.verb.slug().starts_with("undo-")) {
            assert_eq!(line.by, &[Hat::Manager]);
        }
    }

    #[test]
    fn c20_numbers_and_names_are_those_of_the_seed() {
        let seed = [
            (1, "発行依頼待ち"),
            (2, "入金待ち"),
            (3, "発行依頼中"),
            (4, "発行待ち"),
            (5, "発行済み"),
            (6, "失効依頼中"),
            (7, "失効待ち"),
            (8, "失効済み"),
            (9, "却下待ち"),
            (10, "却下"),
        ];
        let ours: Vec<_> = Standing::ALL.iter().map(|s| (s.code(), s.label().ja)).collect();
        assert_eq!(ours, seed.map(|(code, name)| (code, name.to_owned())));
    }

    #[test]
    fn slugs_are_unique_and_find_their_verb() {
        for deed in Deed::ALL {
            assert_eq!(Deed::of_slug(deed.slug()), Some(*deed));
        }
    }
}
