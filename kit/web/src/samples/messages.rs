//! The home page, boxes, refusals.

use super::w;
use crate::{
    Frame, Incident, Stack, Tone, answers,
    gallery::SAMPLE_NOW,
    page_html,
    parts::{Banner, Door, Doors, StatusTag, Tag},
};
use core_words::{Kind, Refusal, Text};

pub(super) fn home(frame: Frame) -> String {
    let door = |ja, en, whom_ja, whom_en, what_ja, what_en| Door {
        name: w(&frame, ja, en).into(),
        whom: w(&frame, whom_ja, whom_en).into(),
        what: w(&frame, what_ja, what_en).into(),
        href: "/claims".into(),
    };
    let doors = Doors::new(vec![
        door(
            "請求用証明書の窓口",
            "Claims desk",
            "介護サービス事業所・代理人の方",
            "Care providers and agents",
            "介護給付費の請求に使う電子証明書の申請、受け取り、更新、失効",
            "Apply for, receive, renew and revoke the certificates that claims are sent with",
        ),
        door(
            "オンライン請求の共通証明書の窓口",
            "Network desk",
            "医療機関・薬局の方",
            "Hospitals and pharmacies",
            "端末に入れる電子証明書の発行と更新",
            "Certificates for the computers that connect to the network",
        ),
        door(
            "署名の検証",
            "Verification",
            "電子署名を確かめたい方",
            "Anyone who checks a signature",
            "文書の電子署名と電子証明書が有効かを確かめる",
            "Whether a document's signature and its certificate hold",
        ),
    ]);
    let incident = Incident {
        tone: Tone::Attention,
        title: Text::new(
            "本日20時から22時まで、発行の処理を休止します",
            "No certificates are issued today from 20:00 to 22:00",
        ),
        text: Text::new("申請はいつもどおり受け付けます。", "Applications are received as usual."),
        since: SAMPLE_NOW.plus_seconds(-7_200),
    };
    let frame = Frame {
        banner: Some(incident),
        footer: vec![
            (w(&frame, "アクセシビリティ", "Accessibility").into(), "/accessibility".into()),
            (w(&frame, "認証局の公開情報", "Repository of the authority").into(), "/repository".into()),
        ],
        ..frame
    };
    let body = Stack::new()
        .text(w(
            &frame,
            "電子証明書を申し込み、受け取り、確かめるためのサービスです。",
            "Apply for electronic certificates, receive them, and check them.",
        ))
        .add(&doors);
    page_html(&frame, w(&frame, "ご利用の窓口を選んでください", "Choose your desk"), &body)
}

pub(super) fn messages(frame: Frame) -> String {
    let say = &frame.say;
    let mut body = Stack::new();
    for tone in Tone::ALL {
        let banner = Banner::new(say, tone, w(&frame, "更新の申請ができます", "You can apply for renewal"))
            .text(w(
                &frame,
                "今の電子証明書の有効期間は2027年2月18日までです。",
                "The present certificate ends on 18 Feb 2027.",
            ))
            .link(w(&frame, "更新を申請する", "Apply for renewal"), "/claims/apply");
        body = body.add(&banner);
    }
    body = body.heading(w(&frame, "状況と札", "Statuses and words"));
    for tone in Tone::ALL {
        let word = w(&frame, "審査中", "Under review");
        body = body
            .add(&StatusTag::new(tone, word))
            .markup(crate::Markup::inline(" "))
            .add(&Tag::new(tone, word))
            .markup(crate::Markup::inline(" "));
    }
    let flash = Banner::new(say, Tone::Success, w(&frame, "発行の登録をしました。", "Registered for issue."));
    page_html(&frame.clone().flash(flash), w(&frame, "お知らせの箱", "Boxes"), &body)
}

fn refused(frame: &Frame, refusal: &Refusal, label: &str) -> String {
    page_html(
        frame,
        &answers::title(frame, refusal.kind),
        &answers::refusal_body(frame, refusal, label, "/claims"),
    )
}

pub(super) fn conflict(frame: Frame) -> String {
    let frame = super::clerk(frame);
    let message = Text::new(
        "この申請は、14時02分に鈴木さんが却下しています。",
        "Mr Suzuki rejected this application at 14:02.",
    );
    let next = Text::new(
        "最新の内容を確かめてから、もう一度判断してください。",
        "Look at how it stands now, then decide again.",
    );
    refused(
        &frame,
        &Refusal::new(Kind::Conflict, "claims.sample", message, next),
        w(&frame, "最新の内容を見る", "See how it stands now"),
    )
}

pub(super) fn not_found(frame: Frame) -> String {
    refused(&frame, &answers::no_page(), &frame.say.t("web-home"))
}

pub(super) fn unavailable(frame: Frame) -> String {
    let message = Text::new(
        "ただいま混み合っているため、処理を完了できませんでした。",
        "The service is busy, and this could not be done.",
    );
    let next = Text::new(
        "何も変更されていません。しばらく待ってから、もう一度お試しください。",
        "Nothing was changed. Wait a little, then try again.",
    );
    refused(&frame, &Refusal::new(Kind::Unavailable, "web.sample", message, next), &frame.say.t("web-home"))
}
