//! 入力 → 確認 → 完了.

use super::{applicant, w};
use crate::{
    Filled, FormData, Frame, Reader, Stack, Tone, page_html,
    parts::{Action, Actions, Banner, CheckAnswers, Choice, Done, Field, Form, NextStep, Steps, Width},
};

pub(super) fn input(frame: Frame) -> String {
    let first = w(&frame, "証明書", "Certificates");
    shown(applicant(frame).crumb(first, "/claims"), None)
}

pub(super) fn errors(frame: Frame) -> String {
    let frame = applicant(frame);
    let typed = [
        ("number", "13100000"),
        ("mail", "sakura@example"),
        ("d-era", "reiwa"),
        ("d-year", "８"),
        ("d-month", "１３"),
    ];
    let typed = FormData::from_pairs(typed).unwrap_or_default();
    let say = frame.say.clone();
    let mut reader = Reader::new(&say, &typed);
    reader.digits("number", "web-sample-number", 10);
    reader.email("mail", "web-sample-mail");
    reader.date("d", "web-sample-date");
    reader.choice("way", "web-sample-way", &["file"]);
    reader.agreed("agree", "web-sample-agree");
    let filled = reader.done().err().unwrap_or_default();
    let frame = frame.errors(filled.summary(&say));
    shown(frame, Some(&filled))
}

fn shown(frame: Frame, filled: Option<&Filled>) -> String {
    let say = &frame.say;
    let form = Form::new("/claims/apply", "sample", w(&frame, "確認へ進む", "Check your answers"))
        .to_check()
        .section(w(&frame, "事業所", "Your office"))
        .field(
            Field::number(say, "number", say.t("web-sample-number"))
                .hint(w(&frame, "指定通知書に書かれている10桁の番号です。", "The ten digits on your letter of designation."))
                .example("1310000003"),
        )
        .field(
            Field::email(say, "mail", say.t("web-sample-mail"))
                .hint(w(&frame, "発行が終わると、このアドレスにお知らせします。", "We tell you at this address when it is issued."))
                .example("sakura@example.jp"),
        )
        .field(Field::date(say, "d", say.t("web-sample-date")).optional())
        .section(w(&frame, "受け取り方", "How to receive it"))
        .field(Field::choice(
            say,
            "way",
            say.t("web-sample-way"),
            vec![
                Choice::new("file", w(&frame, "この画面からダウンロードする", "Download it from this page"))
                    .hint(w(&frame, "鍵はこちらで作ります。ほとんどの事業所に向いています。", "We make the key. Right for most offices.")),
                Choice::new("own", w(&frame, "自分で作った鍵を使う", "Use a key of your own"))
                    .hint(w(&frame, "証明書発行要求（CSR）のファイルが必要です。", "You need a file with a certificate request (CSR).")),
            ],
        ))
        .terms(
            w(&frame, "手数料の相殺に関する同意文", "Consent to offsetting the fee"),
            w(
                &frame,
                "電子証明書の発行手数料は、審査支払機関から支払われる介護給付費から差し引く方法で納めるものとします。\n\n差し引かれる月は、電子証明書が発行された月の翌々月です。",
                "The fee for issuing the certificate is paid by deducting it from the benefits that the reviewing body pays to the office.\n\nIt is deducted in the second month after the month of issue.",
            ),
        )
        .field(Field::checkbox(say, "agree", say.t("web-sample-agree")))
        .cancel(w(&frame, "やめる", "Cancel"), "/claims");
    let form = match filled {
        Some(filled) => form.filled(filled),
        None => form,
    };
    let body = Stack::new().add(&Steps::input(say)).add(&form);
    let title = w(&frame, "電子証明書を申請する", "Apply for a certificate");
    let frame = frame
        .clone()
        .help(
            w(&frame, "事業所番号がわからないとき", "If you do not know your office number"),
            w(
                &frame,
                "都道府県から届いた指定通知書の右上に書かれています。",
                "It is at the top right of the letter of designation.",
            ),
        )
        .help(
            w(&frame, "途中でやめたいとき", "If you want to stop"),
            w(
                &frame,
                "この画面を閉じるだけで構いません。確認の画面で申請するまで、何も送られません。",
                "Just close this page. Nothing is sent before you apply on the next page.",
            ),
        );
    page_html(&frame, title, &body)
}

pub(super) fn check(frame: Frame) -> String {
    let frame = applicant(frame);
    let say = &frame.say;
    let answers = CheckAnswers::new(say, "/claims/apply", "sample", w(&frame, "この内容で申請する", "Apply"))
        .hidden("number", "1310000003")
        .hidden("mail", "sakura@example.jp")
        .group(w(&frame, "事業所", "Your office"))
        .fixed(
            w(&frame, "事業所の名称", "Name"),
            w(&frame, "さくらの里デイサービス", "Sakuranosato Day Service"),
        )
        .answer(say.t("web-sample-number"), "1310000003", "number")
        .answer(say.t("web-sample-mail"), "sakura@example.jp", "mail")
        .answer(say.t("web-sample-date"), "", "d")
        .group(w(&frame, "受け取り方", "How to receive it"))
        .answer(
            say.t("web-sample-way"),
            w(&frame, "この画面からダウンロードする", "Download it from this page"),
            "way",
        )
        .before(&Banner::new(
            say,
            Tone::Info,
            w(&frame, "申請したあとの取下げは、お電話で承ります。", "To withdraw after applying, call us."),
        ));
    let body = Stack::new().add(&Steps::check(say)).add(&answers);
    page_html(&frame, w(&frame, "入力した内容を確かめる", "Check your answers"), &body)
}

pub(super) fn done(frame: Frame) -> String {
    let frame = applicant(frame);
    let say = &frame.say;
    let done = Done::new(say, w(&frame, "申請を受け付けました", "Your application has been received"))
        .number(w(&frame, "申請番号", "Application number"), "C-2026-0001234-5")
        .next(
            NextStep::new(w(
                &frame,
                "申請の内容を確かめます。終わると電子メールでお知らせします。",
                "The application is reviewed. You get a mail when it is done.",
            ))
            .who(say, w(&frame, "国民健康保険団体連合会", "The federation"))
            .by_when(say, w(&frame, "3営業日以内", "Within 3 working days")),
        )
        .actions(Actions::new(vec![
            Action::link(w(&frame, "申請の状況を見る", "See its status"), "/claims/cases/1"),
            Action::file(w(&frame, "申請受付票（PDF）", "Receipt (PDF)"), "/claims/cases/1/receipt.pdf"),
        ]));
    let body = Stack::new().add(&Steps::done(say)).add(&done);
    page_html(&frame, w(&frame, "申請の完了", "Application sent"), &body)
}

pub(super) fn fields(frame: Frame) -> String {
    let say = &frame.say;
    let choices = || {
        ["東京都", "神奈川県", "大阪府"]
            .iter()
            .zip(["Tokyo", "Kanagawa", "Osaka"])
            .map(|(ja, en)| Choice::new(en, w(&frame, ja, en)))
    };
    let form = Form::new("/x", "sample", w(&frame, "登録する", "Register"))
        .multipart()
        .field(
            Field::text(say, "name", w(&frame, "名称", "Name"))
                .value(w(&frame, "さくらの里", "Sakuranosato"))
                .autocomplete("organization"),
        )
        .field(
            Field::text(say, "kana", w(&frame, "名称（カナ）", "Name in kana"))
                .hint(w(&frame, "ひらがなで入力しても構いません。", "Hiragana will do as well."))
                .optional(),
        )
        .field(Field::tel(say, "phone", w(&frame, "電話番号", "Telephone")).example("0312345678"))
        .field(Field::password(say, "pass", w(&frame, "証明書発行用パスワード", "Issue password")))
        .field(
            Field::number(say, "amount", w(&frame, "金額（円）", "Amount (yen)"))
                .width(Width::Chars(8))
                .error(w(
                    &frame,
                    "「金額」は1から9,999までの数字で入力してください。",
                    "“Amount” must be a number from 1 to 9,999.",
                )),
        )
        .field(
            Field::select(say, "place", w(&frame, "都道府県", "Prefecture"), choices().collect())
                .value("Osaka"),
        )
        .field(
            Field::textarea(say, "why", w(&frame, "理由", "Reason"), 4)
                .value(w(&frame, "移転のため。\n10月1日から。", "We moved.\nSince 1 October."))
                .max(400),
        )
        .field(
            Field::file(
                say,
                "csr",
                w(&frame, "証明書発行要求（CSR）", "Certificate request (CSR)"),
                ".csr,.pem,.der",
            )
            .hint(w(
                &frame,
                "PEMかDERの形のファイルを選んでください。",
                "Choose a file in PEM or DER.",
            )),
        )
        .field(
            Field::checkbox(say, "copy", w(&frame, "控えを電子メールで受け取る", "Send me a copy by mail"))
                .optional(),
        );
    let body = Stack::new().add(&form);
    page_html(&frame, w(&frame, "入力欄の見本", "Fields"), &body)
}
