use super::{testing::read, *};
use proptest::prelude::*;

fn settings(closing_day: u8) -> Settings {
    let mut settings = crate::papers::testing::settings().checked().expect("they are well formed");
    for terms in &mut settings.terms {
        terms.offset.closing_day = closing_day;
    }
    settings
}

fn day(year: i32, month: u8, day: u8) -> Day {
    Day::new(year, month, day).expect("a day")
}

fn month(text: &str) -> Month {
    Month::parse(text).expect("a month")
}

#[test]
fn c18_a_month_ends_on_its_closing_day_in_japan() {
    let calendar = settings(31);
    let february = Period::of(month("2028-02"), &calendar);
    assert_eq!(february.begins, day(2028, 2, 1).begins());
    assert_eq!(february.ends, day(2028, 2, 29).ends());
    let twentieth = settings(20);
    let january = Period::of(month("2027-01"), &twentieth);
    assert_eq!((january.begins, january.ends), (day(2026, 12, 21).begins(), day(2027, 1, 20).ends()));
    assert_eq!(Period::at(january.ends, &twentieth), january);
    assert_eq!(Period::at(january.ends.plus_micros(1), &twentieth), january.next(&twentieth));
    for text in ["", "2026", "2026-13", "2026-00", "26-01", "2026-1", "2026-011", "２０２６-01", "-026-01"]
    {
        assert_eq!(Month::parse(text), None, "{text}");
    }
}

#[test]
fn c18_a_changed_closing_day_leaves_no_day_out_and_takes_none_twice() {
    // From 2026-06-01 on months end on the 20th.
    let mut settings = settings(31);
    let mut newer = settings.terms[2].clone();
    newer.from = day(2026, 6, 1).begins();
    newer.offset.closing_day = 20;
    settings.terms.push(newer);
    let may = Period::of(month("2026-05"), &settings);
    let june = may.next(&settings);
    assert_eq!((may.ends, june.ends), (day(2026, 5, 31).ends(), day(2026, 6, 20).ends()));
    assert_eq!(june, Period::of(june.month, &settings));
    assert_eq!(june.next(&settings).begins, june.ends.plus_micros(1));
}

proptest! {
    #[test]
    fn c18_every_moment_is_in_one_month(seconds in 0..8_000_000_000i64, closing in 1u8..=31) {
        let (settings, time) = (settings(closing), UtcMicros(seconds * 1_000_000));
        let period = Period::at(time, &settings);
        prop_assert!(period.begins <= time && time <= period.ends);
        prop_assert_eq!(Period::at(period.begins, &settings), period);
        prop_assert_eq!(Period::at(period.ends, &settings), period);
        prop_assert_eq!(period.next(&settings), Period::at(period.ends.plus_micros(1), &settings));
        prop_assert_eq!(Month::parse(&period.month.to_string()), Some(period.month));
    }

    #[test]
    fn c18_a_file_is_read_back_and_a_changed_figure_is_seen(
        amounts in proptest::collection::vec((1u64..9, 0..90_000i64, 0u64..3, -9_000..9_000i64), 0..20),
        shift_jis in any::<bool>(),
        changed in any::<prop::sample::Index>(),
    ) {
        let encoding = if shift_jis { Encoding::Cp932 } else { Encoding::Utf8 };
        let lines: Vec<OffsetLine> = amounts.iter().enumerate().map(|(at, (n, yen, m, more))| OffsetLine {
            number: format!("13{at:08}"),
            sums: Sums {
                charges: *n,
                charged: Yen(*yen),
                corrections: *m,
                corrected: Yen(*more),
                tax: Yen((yen + more) / 11),
            },
        }).collect();
        let octets = file(&lines, encoding);
        prop_assert_eq!(read(&octets), Ok(lines.clone()));
        if !lines.is_empty() {
            let mut wrong = lines.clone();
            wrong[changed.index(lines.len())].sums.charged.0 += 1;
            let mut sums = Sums::default();
            lines.iter().for_each(|line| sums.add(&line.sums));
            prop_assert!(read(&file_with(&wrong, &sums, encoding)).is_err());
        }
    }
}

fn file(lines: &[OffsetLine], encoding: Encoding) -> Vec<u8> {
    let mut sums = Sums::default();
    lines.iter().for_each(|line| sums.add(&line.sums));
    file_with(lines, &sums, encoding)
}

fn file_with(lines: &[OffsetLine], sums: &Sums, encoding: Encoding) -> Vec<u8> {
    let month = month("2026-11");
    let mut octets = head(encoding);
    lines.iter().for_each(|each| octets.extend(line(month, each, encoding)));
    octets.extend(total(month, sums, encoding));
    octets
}
