//! Lists, notices, long work.

use super::{applicant, clerk, w};
use crate::{
    Frame, Stack, Tone,
    gallery::SAMPLE_NOW,
    page_html,
    parts::{
        Action, Bulk, Cell, Chip, Column, Line, Notice, NoticeList, Pager, Progress, Search, Sorted,
        StatusTag, Table, Tag,
    },
};

fn columns(frame: &Frame) -> Vec<Column> {
    vec![
        Column::new(w(frame, "申請番号", "Number")).sort("?sort=number", Sorted::No),
        Column::new(w(frame, "事業所", "Office")).sort("?sort=name", Sorted::No),
        Column::new(w(frame, "状況", "Status")),
        Column::new(w(frame, "申請日", "Applied")).sort("?sort=-date", Sorted::Up),
        Column::new(w(frame, "手数料", "Fee")).figures(),
    ]
}

fn search(frame: &Frame, query: &str) -> Search {
    Search::new(
        &frame.say,
        "/staff/claims",
        w(frame, "申請番号・事業所番号・名称・カナで探す", "Search by number, name or kana"),
        query,
    )
}

pub(super) fn list(frame: Frame) -> String {
    let frame = clerk(frame).wide();
    let say = &frame.say;
    let names = [
        ("さくらの里デイサービス", "サクラノサトデイサービス", "Sakuranosato Day Service"),
        (
            "社会福祉法人みどり会 特別養護老人ホームひだまり",
            "ミドリカイ ヒダマリ",
            "Midorikai, Hidamari Nursing Home",
        ),
        ("ケアセンター青空", "ケアセンターアオゾラ", "Aozora Care Centre"),
    ];
    let lines = (0..6_i64).map(|at| {
        let (ja, kana, en) = names[usize::try_from(at).unwrap_or_default() % names.len()];
        let number = format!("C-2026-{:07}-{}", 1_234 + at, at % 9);
        let tag = match at % 3 {
            0 => StatusTag::new(Tone::Attention, w(&frame, "審査待ち", "To be reviewed")),
            1 => StatusTag::new(Tone::Info, w(&frame, "発行処理中", "Being issued")),
            _ => StatusTag::new(Tone::Success, w(&frame, "発行済み", "Issued")),
        };
        let cells = vec![
            Cell::link(&number, format!("/staff/claims/cases/{at}")),
            Cell::two(w(&frame, ja, en), w(&frame, kana, ja)),
            Cell::part(&tag),
            Cell::text(say.short_date(SAMPLE_NOW.plus_seconds(-86_400 * at))),
            Cell::text(say.yen(core_words::Yen(7_800))),
        ];
        Line::new(cells).pick(at.to_string(), number)
    });
    let bulk = Bulk {
        action: "/staff/claims/register".into(),
        csrf: "sample".into(),
        name: "case".into(),
        label: w(&frame, "選んだ申請を登録する", "Register the selected").into(),
    };
    let table = Table::new(say, w(&frame, "証明書の申請", "Applications"), columns(&frame), "")
        .lines(lines.collect())
        .bulk(bulk);
    let chips = vec![
        Chip::new(w(&frame, "審査待ち", "To be reviewed"), "?", true).count(42),
        Chip::new(w(&frame, "発行処理中", "Being issued"), "?status=4", false).count(1_180),
        Chip::new(w(&frame, "発行済み", "Issued"), "?status=5", false),
    ];
    let body = Stack::new()
        .add(
            &search(&frame, w(&frame, "さくら", "sakura"))
                .chips(chips)
                .extra(w(&frame, "この一覧のCSV", "This list as CSV"), "?csv"),
        )
        .add(&table)
        .add(&Pager::numbered(say, 1_234, 50, 3, "/staff/claims?q=x"));
    page_html(&frame, w(&frame, "証明書発行管理", "Applications"), &body)
}

pub(super) fn empty(frame: Frame) -> String {
    let frame = clerk(frame).wide();
    let text = w(
        &frame,
        "審査を待つ申請はありません。新しい申請が届くと、ここに表示されます。",
        "No application waits for review. New ones appear here.",
    );
    let table = Table::new(&frame.say, w(&frame, "証明書の申請", "Applications"), columns(&frame), text)
        .empty_action(Action::link(w(&frame, "すべての申請を見る", "See all applications"), "/staff/claims"));
    page_html(
        &frame,
        w(&frame, "証明書発行管理", "Applications"),
        &Stack::new().add(&search(&frame, "")).add(&table),
    )
}

pub(super) fn notices(frame: Frame) -> String {
    let frame = applicant(frame);
    let notice = |ja, en, days: i64, read| Notice {
        subject: w(&frame, ja, en).into(),
        href: "/claims/notices/1".into(),
        at: SAMPLE_NOW.plus_seconds(-86_400 * days),
        read,
    };
    let list = NoticeList::new(
        &frame.say,
        vec![
            notice("電子証明書を発行しました", "Your certificate has been issued", 0, false),
            notice(
                "電子証明書の有効期間があと90日で終わります。更新の申請をしてください",
                "Your certificate ends in 90 days: please apply for a new one",
                3,
                false,
            ),
            notice("申請を受け付けました", "Your application has been received", 40, true),
        ],
    );
    let body = Stack::new()
        .add(&list)
        .heading(w(&frame, "お知らせがないとき", "Without notices"))
        .add(&NoticeList::new(&frame.say, Vec::new()));
    page_html(&frame, w(&frame, "お知らせ", "Notices"), &body)
}

pub(super) fn progress(frame: Frame) -> String {
    let frame = clerk(frame);
    let say = &frame.say;
    let label = w(&frame, "事業所の取り込み", "Importing offices");
    let body = Stack::new()
        .add(&Progress::new(say, label, 8_420, 30_000, "/x").per_minute(1_200).failed(3, "/x/failed"))
        .add(&Tag::new(Tone::Attention, w(&frame, "確認が必要", "Needs a look")));
    page_html(&frame, w(&frame, "取り込みの進み具合", "Progress of the import"), &body)
}
