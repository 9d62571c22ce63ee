//! The pages of provider management with sample data, in every state worth looking at.

use super::{close, edit, enter, fields, import, letter, letters, list, mandate, mandate_end, one, stopped};
use crate::{
    FoundOffices, Mandate, PrintedLetter, Record, RunId, Which,
    office::{self, OfficeFile, import::Plan, sheet},
    status::Hat,
    store::holders::Holder,
    web::{
        federation::samples::{lines, staff},
        samples::{self as data, TOKEN},
    },
    words::{HolderNumber, LetterWhy},
};
use core_words::UtcMicros;
use kit_web::{Day, Filled, FormData, Frame, Sample, gallery::SAMPLE_NOW};

/// The pages for the gallery.
pub(in crate::web::federation) fn samples() -> Vec<Sample> {
    let sample = |name, render| Sample::new("claims", name, render);
    vec![
        sample("desk-holders", |frame| offices(clerk(frame), "", true)),
        sample("desk-holders-none", |frame| offices(clerk(frame), "q=%E7%A9%BA", false)),
        sample("desk-holder", |frame| office(clerk(frame), 2, false)),
        sample("desk-holder-new", |frame| office(clerk(frame), 0, false)),
        sample("desk-holder-closed", |frame| office(clerk(frame), 1, true)),
        sample("desk-holder-agent", |frame| agent(clerk(frame))),
        sample("desk-holder-enter", |frame| entering(clerk(frame), false)),
        sample("desk-holder-enter-wrong", |frame| entering(clerk(frame), true)),
        sample("desk-holder-enter-check", |frame| entering_checked(clerk(frame))),
        sample("desk-holder-edit", |frame| editing(clerk(frame))),
        sample("desk-holder-edit-check", |frame| editing_checked(clerk(frame))),
        sample("desk-holder-overtaken", |frame| overtaken(clerk(frame))),
        sample("desk-holder-letter", |frame| printing(clerk(frame), false)),
        sample("desk-holder-letter-wrong", |frame| printing(clerk(frame), true)),
        sample("desk-holder-letter-check", |frame| printing_checked(clerk(frame))),
        sample("desk-holders-import", |frame| importing(clerk(frame), false)),
        sample("desk-holders-import-wrong", |frame| importing(clerk(frame), true)),
        sample("desk-holders-import-check", |frame| importing_checked(clerk(frame))),
        sample("desk-letters", |frame| bulk(clerk(frame), 248)),
        sample("desk-letters-none", |frame| bulk(clerk(frame), 0)),
        sample("desk-letters-check", |frame| bulk_checked(clerk(frame))),
        sample("desk-letters-stopped", |frame| bulk_stopped(clerk(frame))),
        sample("desk-holder-close", |frame| closing(clerk(frame), false)),
        sample("desk-holder-reopen", |frame| closing(clerk(frame), true)),
        sample("desk-mandate", |frame| mandating(clerk(frame), false)),
        sample("desk-mandate-wrong", |frame| mandating(clerk(frame), true)),
        sample("desk-mandate-check", |frame| mandating_checked(clerk(frame))),
        sample("desk-mandate-end", |frame| mandate_ending(clerk(frame))),
    ]
}

/// A frame with a clerk signed in.
fn clerk(frame: Frame) -> Frame {
    staff(frame, Hat::Clerk)
}

const DAY: i64 = 86_400;
/// The account of the clerk in samples.
const CLERK: i64 = 2;

fn ago(days: i64) -> UtcMicros {
    SAMPLE_NOW.plus_seconds(-days * DAY)
}

fn record(holder: Holder, letters: i64, closed: bool) -> Record {
    Record {
        holder,
        version: 1 + letters,
        changed: ago(3),
        changed_by: Some(CLERK),
        closed,
        letters,
        letter: (letters > 0).then(|| ago(3)),
    }
}

fn lettered() -> Record {
    record(data::holder(), 2, false)
}

fn mandates() -> Vec<Mandate> {
    let (agent, provider) = (data::agent(), data::holder());
    let of = |id, from: i64, until: Option<i64>, ended: Option<i64>| Mandate {
        id,
        agent: (agent.number.clone(), agent.name.clone()),
        provider: (provider.number.clone(), provider.name.clone()),
        from: Day::of(ago(from)).begins(),
        until: until.map(|until| Day::of(ago(until)).ends()),
        ended: ended.map(ago),
        note: "委任状 令和8年第12号".into(),
        end_note: if ended.is_some() { "事業所から申出".into() } else { String::new() },
    };
    vec![
        of(4, -30, None, None),
        of(3, 100, Some(-10), None),
        of(2, 500, None, Some(101)),
        of(1, 900, Some(501), None),
    ]
}

fn file(record: Record) -> OfficeFile {
    let letters = match record.letters {
        0 => Vec::new(),
        _ => vec![
            PrintedLetter {
                why: LetterWhy::Phone,
                identified: "登録の電話番号へかけ直し、管理者の氏名を確かめた".into(),
                account: Some(CLERK),
                at: ago(3),
            },
            PrintedLetter { why: LetterWhy::New, identified: String::new(), account: None, at: ago(400) },
        ],
    };
    let cases = if record.letters == 0 { Vec::new() } else { lines() };
    OfficeFile {
        login: Some(format!("KJ{}", record.holder.number)),
        cases,
        mandates: if record.letters == 0 { Vec::new() } else { mandates() },
        letters,
        people: [(CLERK, "佐藤 花子".to_owned())].into(),
        record,
    }
}

fn offices(frame: Frame, query: &str, found: bool) -> String {
    let wanted = list::parse(Some(query));
    let lines = vec![
        lettered(),
        record(data::agent(), 1, false),
        record(Holder { name: "ケアセンター青空".into(), ..data::holder() }, 0, false),
        record(Holder { name: "訪問看護ステーションつばさ".into(), ..data::holder() }, 1, true),
    ];
    let counts = [12_345, 12_025, 320, 48, 9];
    let counts = Which::ALL.into_iter().zip(if found { counts } else { [0; 5] }).collect();
    let found = FoundOffices { lines: if found { lines } else { Vec::new() }, counts };
    list::content(frame, &wanted, &found).html()
}

fn office(frame: Frame, letters: i64, closed: bool) -> String {
    one::content(frame, &file(record(data::holder(), letters, closed)), letters == 0 && !closed).html()
}

fn agent(frame: Frame) -> String {
    let mut file = file(record(data::agent(), 1, false));
    file.login = Some(file.record.holder.number.to_string());
    one::content(frame, &file, false).html()
}

fn typed(number: &str) -> FormData {
    FormData::from_pairs([
        ("version", "3"),
        ("number", number),
        ("name", "さくらの里デイサービス"),
        ("kana", "さくらのさと デイサービス"),
        ("postal", "164-0001"),
        ("address", "東京都中野区中野4丁目8番1号"),
        ("phone", "03-5385-0000"),
        ("email", "sakura@example.jp"),
    ])
    .expect("a handful of short fields")
}

fn entering(frame: Frame, wrong: bool) -> String {
    let filled = match wrong {
        true => fields::read(&frame.say, &typed("131000001"), None).err().unwrap_or_default(),
        false => Filled::default(),
    };
    enter::input(frame, TOKEN, &filled).html()
}

fn entering_checked(frame: Frame) -> String {
    let form = typed("1310000012");
    let new = fields::read(&frame.say, &form, None).expect("well formed");
    enter::check(frame, TOKEN, &form, &new).html()
}

fn editing(frame: Frame) -> String {
    edit::input(frame, &lettered(), TOKEN, &Filled::default()).html()
}

fn editing_checked(frame: Frame) -> String {
    let (record, form) = (lettered(), typed(""));
    let new = fields::read(&frame.say, &form, Some(&record.holder.number)).expect("well formed");
    edit::check(frame, &record, TOKEN, &form, &new).html()
}

fn overtaken(frame: Frame) -> String {
    stopped(frame, &lettered(), &office::overtaken_by(Some("山田 一郎"), ago(0))).html()
}

fn called(identified: &str) -> FormData {
    FormData::from_pairs([("version", "3"), ("why", "phone"), ("identified", identified)]).expect("short")
}

fn printing(frame: Frame, wrong: bool) -> String {
    let filled = match wrong {
        true => letter::read(&frame.say, &called("")).err().unwrap_or_default(),
        false => Filled::default(),
    };
    letter::input(frame, &lettered(), TOKEN, &filled).html()
}

fn printing_checked(frame: Frame) -> String {
    let form = called("登録の電話番号へかけ直し、管理者の氏名を確かめた");
    let why = letter::read(&frame.say, &form).expect("well formed");
    letter::check(frame, &lettered(), TOKEN, &form, &why).html()
}

fn waiting(total: u64) -> letters::Waiting {
    let first = if total == 0 {
        Vec::new()
    } else {
        vec![record(data::holder(), 0, false), record(data::agent(), 0, false)]
    };
    letters::Waiting { total, first }
}

fn bulk(frame: Frame, total: u64) -> String {
    letters::input(frame, &waiting(total), TOKEN, &Filled::default()).html()
}

fn bulk_checked(frame: Frame) -> String {
    let form = FormData::from_pairs([("most", "2")]).expect("short");
    letters::check(frame, &waiting(48), TOKEN, &form, 2).html()
}

fn bulk_stopped(frame: Frame) -> String {
    letters::stopped(frame, &office::letters_overtaken()).html()
}

fn importing(frame: Frame, wrong: bool) -> String {
    let text =
        "番号,名称,カナ,郵便番号,住所,電話,メール\n131000001,さくら園,さくらえん,164,東京都,0353850000,a\n";
    let looked = sheet::read(text.as_bytes(), |_| {}).expect("a table");
    let filled = import::at_file(&FormData::default(), frame.say.both("claims-off-import-wrong"));
    match wrong {
        true => import::content(frame, TOKEN, &filled, Some(&looked.findings)).html(),
        false => import::content(frame, TOKEN, &Filled::default(), None).html(),
    }
}

fn importing_checked(frame: Frame) -> String {
    let doubts = vec![(17, HolderNumber::new("1310000018").expect("a number"))];
    let plan = Plan { new: 12_025, changed: 48, same: 272, doubts, doubted: 1 };
    import::check(frame, TOKEN, RunId(7), &plan).html()
}

fn closing(frame: Frame, closed: bool) -> String {
    close::content(frame, &record(data::holder(), 1, closed), TOKEN).html()
}

fn mandate_typed(other: &str, until: &str) -> FormData {
    FormData::from_pairs([
        ("other", other),
        ("from-era", "reiwa"),
        ("from-year", "8"),
        ("from-month", "12"),
        ("from-day", "1"),
        ("until-era", "reiwa"),
        ("until-year", until),
        ("until-month", if until.is_empty() { "" } else { "3" }),
        ("until-day", if until.is_empty() { "" } else { "31" }),
        ("note", "委任状 令和8年第12号"),
    ])
    .expect("a handful of short fields")
}

fn mandating(frame: Frame, wrong: bool) -> String {
    let record = lettered();
    let filled = match wrong {
        true => mandate::read(&frame.say, &mandate_typed("1310000011", "8"), &record.holder.number).err(),
        false => None,
    };
    mandate::input(frame, &record, TOKEN, &filled.unwrap_or_default()).html()
}

fn mandating_checked(frame: Frame) -> String {
    let (record, form) = (lettered(), mandate_typed("DA13000017", ""));
    let new = mandate::read(&frame.say, &form, &record.holder.number).expect("well formed");
    mandate::check(frame, &record, TOKEN, &form, &new, &data::agent().name).html()
}

fn mandate_ending(frame: Frame) -> String {
    let mandate = mandates().swap_remove(1);
    mandate_end::content(frame, &lettered(), &mandate, TOKEN, &Filled::default()).html()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k17_every_page_of_provider_management_is_sound_in_both_languages() {
        kit_web::testing::every_sample_is_sound(&samples(), &[crate::plug::TEXTS]);
    }
}
