//! Characters of names and addresses, on one thread: texts that fit the set of certificates, and texts of which not
//! one character fits it. The latter are every form of the MJ list that the set lacks and for which it has something to
//! offer, with and without variation selectors, in no order.

use anyhow::{Result, ensure};
use core_moji::{Repertoire, check, mj::Glyph, unit::units};
use serde::Serialize;
use std::{
    hint::black_box,
    time::{Duration, Instant},
};

/// For how long.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Seconds
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
}

/// What was measured: seconds of each pass, and how many characters one has.
#[derive(Default, Serialize)]
struct Measured {
    fit: Passes,
    /// None fits; the findings are counted.
    unfit: Passes,
    /// None fits; of each finding all candidates are looked at.
    offered: Passes,
}

#[derive(Default, Serialize)]
struct Passes {
    characters: usize,
    took: Vec<f64>,
}

impl Passes {
    /// Goes through the texts once; `look` says of one what it found, and `wanted` what it must find in all at least.
    fn pass(&mut self, texts: &Texts, wanted: usize, look: impl Fn(&str) -> usize) -> Result<()> {
        let begun = Instant::now();
        let found: usize = texts.all.iter().map(|text| look(black_box(text))).sum();
        self.took.push(begun.elapsed().as_secs_f64());
        self.characters = texts.characters;
        ensure!(found >= wanted && (wanted > 0 || found == 0), "found {found} instead of {wanted}");
        Ok(())
    }
}

/// Texts, and how many characters they have together.
struct Texts {
    all: Vec<String>,
    characters: usize,
}

/// Characters of all texts of a kind, about.
const CHARACTERS: usize = 100_000;
const SET: Repertoire = Repertoire::JPKI;

/// Measures.
pub(crate) fn run(args: &Args) -> Result<()> {
    let (fit, unfit) = (fitting(), unfitting());
    let mut measured = Measured::default();
    let until = Instant::now() + Duration::from_secs_f64(args.seconds);
    while Instant::now() < until {
        measured.fit.pass(&fit, 0, |text| check(text, SET).count())?;
        measured.unfit.pass(&unfit, unfit.characters, |text| check(text, SET).count())?;
        let offered = |text: &str| check(text, SET).map(|finding| finding.candidates().count()).sum();
        measured.offered.pass(&unfit, unfit.characters, offered)?;
    }
    println!("{}", serde_json::to_string(&measured)?);
    Ok(())
}

const FAMILY: [&str; 16] = [
    "佐藤",
    "鈴木",
    "高橋",
    "田中",
    "伊藤",
    "渡邊",
    "山本",
    "中村",
    "小林",
    "加藤",
    "吉田",
    "長谷川",
    "齋藤",
    "五十嵐",
    "東海林",
    "林",
];
const GIVEN: [&str; 15] = [
    "一郎",
    "花子",
    "さくら",
    "健",
    "美咲",
    "大輔",
    "翔太",
    "ひなた",
    "陽菜",
    "マリア",
    "太一郎",
    "由紀子",
    "蓮",
    "結衣",
    "悠斗",
];
const PLACES: [&str; 9] = [
    "東京都千代田区霞が関",
    "北海道札幌市中央区北一条西",
    "大阪府大阪市北区梅田",
    "京都府京都市中京区寺町通御池上る",
    "神奈川県横浜市鶴見区",
    "沖縄県那覇市泉崎",
    "宮城県仙台市青葉区本町",
    "福岡県北九州市小倉北区城内",
    "愛知県名古屋市中区三の丸",
];
const HOUSES: [&str; 5] = [
    "一丁目２番３号",
    "１２－３４",
    "４５６番地７",
    "２丁目８－１　メゾン・ド・サクラ２０１号室",
    "字中野１０２番地の３",
];

/// A name and an address in turn, as certificates have them.
fn fitting() -> Texts {
    let (mut all, mut characters) = (Vec::new(), 0);
    for i in 0.. {
        if characters >= CHARACTERS {
            break;
        }
        let texts = [
            format!("{}\u{3000}{}", FAMILY[i % FAMILY.len()], GIVEN[i % GIVEN.len()]),
            format!("{}{}", PLACES[i % PLACES.len()], HOUSES[i % HOUSES.len()]),
        ];
        characters += texts.iter().map(|text| units(text).count()).sum::<usize>();
        all.extend(texts);
    }
    Texts { all, characters }
}

/// As long as names and addresses, in turn.
const LENGTHS: [usize; 2] = [5, 22];

fn unfitting() -> Texts {
    let written = (1..100_000).filter_map(Glyph::numbered).filter_map(Glyph::written);
    let forms = written.map(|(base, selector)| [Some(base), selector].into_iter().flatten().collect());
    let mut forms: Vec<String> = forms.filter(|form: &String| is_unfit(form)).collect();
    // Neighbours in the list are neighbours in the tables; those of a name are not.
    forms.sort_by_cached_key(|form| scattered(form));
    let mut left = forms.iter().cycle();
    let (mut all, mut characters) = (Vec::new(), 0);
    for length in LENGTHS.into_iter().cycle() {
        if characters >= CHARACTERS {
            break;
        }
        all.push(left.by_ref().take(length).map(String::as_str).collect());
        characters += length;
    }
    Texts { all, characters }
}

/// Whether it is one character that does not fit, with something to offer.
fn is_unfit(form: &str) -> bool {
    let mut found = check(form, SET);
    found.next().is_some_and(|first| !first.needs_reading() && first.unit.text == form)
}

fn scattered(form: &str) -> u64 {
    form.bytes()
        .fold(0xCBF2_9CE4_8422_2325, |hash, octet| (hash ^ u64::from(octet)).wrapping_mul(0x0100_0000_01B3))
}
