//! Papers in this process: the sheet that desks print most, again and again, each with another number. One line of
//! JSON.

use anyhow::Result;
use core_words::{Lang, UtcMicros};
use kit_paper::{Addressee, Block, Paper, Press, Sender};
use kit_paper_typst::TypstPress;
use serde_json::json;
use std::{
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

/// For how long, and how many at once.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Seconds
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// Threads that print
    #[arg(long, default_value_t = 1)]
    threads: u64,
    /// Also write one of them into this file
    #[arg(long)]
    out: Option<PathBuf>,
}

/// 2026-11-20 14:05 in Japan.
const AT: UtcMicros = UtcMicros(1_795_151_100_000_000);

/// Measures.
pub(crate) fn run(args: &Args) -> Result<()> {
    let press = TypstPress::new()?;
    let begun = Instant::now();
    let first = press.print(&receipt(0), AT)?;
    let first_took = begun.elapsed().as_secs_f64();
    if let Some(out) = &args.out {
        std::fs::write(out, &first)?;
    }
    let until = Instant::now() + Duration::from_secs_f64(args.seconds);
    let begun = Instant::now();
    let threads: Vec<_> = (0..args.threads)
        .map(|thread| {
            let press = press.clone();
            thread::spawn(move || -> Result<Vec<f64>> {
                let mut took = Vec::new();
                while Instant::now() < until {
                    let (number, begun) = ((took.len() as u64 + 1) * 64 + thread, Instant::now());
                    press.print(&receipt(number), AT)?;
                    took.push(begun.elapsed().as_secs_f64());
                }
                Ok(took)
            })
        })
        .collect();
    let mut took = Vec::new();
    for thread in threads {
        took.extend(thread.join().expect("a thread that ended by itself")?);
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!("{}", json!({ "first": first_took, "octets": first.len(), "seconds": seconds, "took": took }));
    Ok(())
}

/// As the claims desk's receipt of an application.
fn receipt(number: u64) -> Paper {
    let case = format!("C-2026-{:07}-5", number % 10_000_000);
    let rows = [
        ("受付番号", case.clone()),
        ("事業所番号", format!("137{:07}", number % 10_000_000)),
        ("事業所名", "さくら介護センター".to_owned()),
        ("申請日時", "2026年11月20日（令和8年） 14時05分".to_owned()),
        ("発行手数料", "13,200円（請求代金と相殺）".to_owned()),
        ("有効期間", "3年".to_owned()),
        ("鍵の作り方", "サービスで作成（PKCS#12 でダウンロード）".to_owned()),
        ("お知らせ先", format!("office{number}@example.jp")),
        ("同意文", "第2026-1".to_owned()),
    ];
    Paper {
        number: Some(case.clone()),
        date: Some("2026年11月20日（令和8年） 14時05分".to_owned()),
        to: Some(Addressee {
            lines: vec!["〒1000001".into(), "東京都千代田区千代田1番1号".into(), "さくら介護センター".into()],
            honorific: Some("御中".to_owned()),
        }),
        from: Some(Sender {
            name: "東京都国民健康保険団体連合会".to_owned(),
            lines: vec!["東京都千代田区飯田橋3丁目5番1号".to_owned()],
            seal: false,
        }),
        blocks: vec![
            Block::para("電子証明書の発行申請を、下記のとおり受け付けました。"),
            Block::fields(rows),
            Block::para(
                "進み具合は「証明書」画面でご確認いただけます。発行されましたら、お知らせとメールでご連絡します。",
            ),
        ],
        footer: Some(case),
        ..Paper::new(Lang::Ja, "claims.receipt", "電子証明書 発行申請 受付票")
    }
}
