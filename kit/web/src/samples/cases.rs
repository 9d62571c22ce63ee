//! The page of a case: where it stands, what happens next, what has happened.

use super::{applicant, clerk, w};
use crate::{
    Frame, Stack, Tone,
    gallery::SAMPLE_NOW,
    page_html,
    parts::{
        Action, Actions, BackLink, Banner, CertificateCard, CopyCode, Details, Entry, Field, Form, NextStep,
        Row, StatusPanel, StatusTag, Timeline, Undo, Warning,
    },
};

const DAY: i64 = 86_400;

fn facts(frame: &Frame) -> Details {
    Details::new()
        .row(
            w(frame, "事業所", "Office"),
            w(frame, "さくらの里デイサービス\n（1310000003）", "Sakuranosato Day Service\n(1310000003)"),
        )
        .row(w(frame, "手数料", "Fee"), frame.say.yen(core_words::Yen(7_800)))
        .row(w(frame, "申請日", "Applied on"), frame.say.date(SAMPLE_NOW.plus_seconds(-2 * DAY)))
}

fn history(frame: &Frame) -> Vec<Entry> {
    vec![
        Entry::new(
            w(frame, "発行の登録をしました", "Registered for issue"),
            SAMPLE_NOW.plus_seconds(-3_600),
            w(frame, "連合会 担当者", "Federation, clerk"),
        )
        .ledger("/ledger/1042"),
        Entry::new(
            w(frame, "申請を受け付けました", "Application received"),
            SAMPLE_NOW.plus_seconds(-2 * DAY),
            w(frame, "さくらの里デイサービス", "Sakuranosato Day Service"),
        )
        .note(w(
            frame,
            "手数料の相殺に同意（同意文 第3版）",
            "Agreed to offsetting the fee (text, version 3)",
        ))
        .ledger("/ledger/998"),
    ]
}

pub(super) fn status(frame: Frame) -> String {
    let first = w(&frame, "証明書", "Certificates");
    let frame = applicant(frame).crumb(first, "/claims").caption("C-2026-0001234-5");
    let say = &frame.say;
    let tag = StatusTag::new(Tone::Info, w(&frame, "発行処理中", "Being issued"));
    let panel = StatusPanel::new(
        say,
        tag,
        w(
            &frame,
            "審査が終わり、認証局に発行を依頼しています。",
            "The review is done, and the authority has been asked to issue.",
        ),
    )
    .next(
        NextStep::new(w(
            &frame,
            "電子証明書ができあがり、電子メールでお知らせします。",
            "The certificate is made, and a mail tells you.",
        ))
        .who(say, w(&frame, "認証局", "The authority"))
        .by_when(say, w(&frame, "今日の18時ごろ", "Today at about 18:00")),
    )
    .next(
        NextStep::new(w(
            &frame,
            "この画面から電子証明書をダウンロードします。",
            "Download the certificate from this page.",
        ))
        .who(say, w(&frame, "あなた", "You"))
        .by_when(say, w(&frame, "発行から90日以内", "Within 90 days of issue")),
    )
    .actions(Actions::new(vec![Action::file(
        w(&frame, "申請受付票（PDF）", "Receipt (PDF)"),
        "/claims/cases/1/receipt.pdf",
    )]));
    let body = Stack::new()
        .add(&panel)
        .heading(w(&frame, "申請の内容", "The application"))
        .add(&facts(&frame))
        .add(&Timeline::new(say, history(&frame)));
    page_html(&frame, w(&frame, "電子証明書の申請", "Application for a certificate"), &body)
}

pub(super) fn rejected(frame: Frame) -> String {
    let frame = clerk(frame).caption("C-2026-0001234-5");
    let say = &frame.say;
    let tag = StatusTag::new(Tone::Danger, w(&frame, "却下", "Rejected"));
    let panel = StatusPanel::new(
        say,
        tag,
        w(
            &frame,
            "申請は却下されました。申請者にはお知らせと電子メールで伝わっています。",
            "The application was rejected. The applicant has been told by notice and mail.",
        ),
    )
    .note(Banner::new(say, Tone::Neutral, w(&frame, "却下の理由", "Why")).text(w(
        &frame,
        "事業所の指定が10月31日で終わっているため。",
        "The office's designation ended on 31 October.",
    )))
    .next(
        NextStep::new(w(&frame, "必要なら、申請者が新しく申請します。", "The applicant may apply anew."))
            .who(say, w(&frame, "申請者", "The applicant")),
    )
    .actions(Actions::new(vec![
        Action::post(
            w(&frame, "却下を取り消す", "Undo the rejection"),
            "/staff/claims/cases/1/undo",
            "sample",
        )
        .hidden("version", 3)
        .consequence(w(
            &frame,
            "管理者だけができます。却下の処理が始まる前まで取り消せます。",
            "Managers alone. Possible until the rejection is processed.",
        )),
    ]));
    let body = Stack::new()
        .add(&BackLink::new(say, "/staff/claims").label(w(&frame, "一覧に戻る", "Back to the list")))
        .add(&panel)
        .add(&facts(&frame))
        .add(&Timeline::new(say, history(&frame)));
    page_html(&frame, w(&frame, "申請の審査", "Review of an application"), &body)
}

pub(super) fn danger(frame: Frame) -> String {
    let frame = clerk(frame).caption("C-2026-0001234-5");
    let say = &frame.say;
    let until = Undo::Until(SAMPLE_NOW.plus_seconds(3 * 3_600));
    let warning = Warning::new(
        say,
        w(
            &frame,
            "失効すると、この電子証明書では請求を送れなくなります。",
            "Once revoked, no claim can be sent with this certificate.",
        ),
        &until,
    )
    .text(w(&frame, "事業所には電子メールで知らせます。", "The office is told by mail."));
    let form = Form::new(
        "/staff/claims/cases/1/revoke",
        "sample",
        w(&frame, "失効を登録する", "Register the revocation"),
    )
    .hidden("version", 3)
    .danger()
    .part(&warning)
    .field(Field::textarea(say, "why", w(&frame, "失効の理由", "Why it is revoked"), 3))
    .cancel(w(&frame, "やめる", "Cancel"), "/staff/claims/cases/1");
    page_html(&frame, w(&frame, "電子証明書を失効させる", "Revoke a certificate"), &Stack::new().add(&form))
}

pub(super) fn certificate(frame: Frame) -> String {
    let frame = applicant(frame);
    let say = &frame.say;
    let digest = "3f9ab1c20de84f7796b5a01342cc9d58e7f60b1a2c3d4e5f60718293a4b5c6d7";
    let card = |days: i64, tag| {
        let until = SAMPLE_NOW.plus_seconds(days * DAY);
        let sentence = w(
            &frame,
            "さくらの里デイサービスが、介護給付費を請求するための電子証明書です。",
            "The certificate with which Sakuranosato Day Service sends its claims.",
        );
        CertificateCard::new(say, sentence, tag, until.plus_seconds(-1_125 * DAY), until, SAMPLE_NOW)
    };
    let valid = card(700, StatusTag::new(Tone::Success, w(&frame, "有効", "Valid")))
        .detail(Row::text(w(&frame, "シリアル番号", "Serial number"), "5a3c…91f0"))
        .detail(Row::text(w(&frame, "発行者", "Issuer"), w(&frame, "介護請求認証局 G1", "Claims CA G1")))
        .actions(Actions::new(vec![Action::link(w(&frame, "ダウンロードする", "Download"), "/x").primary()]));
    let soon = card(30, StatusTag::new(Tone::Attention, w(&frame, "更新の時期です", "Time to renew")));
    let over = card(-10, StatusTag::new(Tone::Neutral, w(&frame, "期間終了", "Expired")));
    let code =
        CopyCode::new(say, w(&frame, "フィンガープリント（SHA-256）", "Fingerprint (SHA-256)"), digest);
    let body = Stack::new().add(&valid).add(&code).add(&soon).add(&over);
    page_html(&frame, w(&frame, "電子証明書", "Certificate"), &body)
}
