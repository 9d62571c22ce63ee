//! The file as its reader sees it.

use super::{LINE, OffsetLine, Sums, TOTAL};
use core_sheet::{Column, FromLine, Line as SheetLine, Reading, number};
use core_words::Yen;

struct Row {
    kind: String,
    line: OffsetLine,
    total: i64,
}

impl FromLine for Row {
    const COLUMNS: &'static [Column] = &[
        Column::must(&["対象年月"]),
        Column::must(&["区分"]),
        Column::may(&["事業所番号"]),
        Column::must(&["発行件数"]),
        Column::must(&["発行手数料"]),
        Column::must(&["訂正件数"]),
        Column::must(&["訂正額"]),
        Column::must(&["相殺額"]),
        Column::must(&["うち消費税"]),
    ];

    fn from_line(line: &mut SheetLine<'_>) -> Option<Self> {
        let mut figure = |name: &str| line.must(name, |text| number::parse(text).map_err(|bad| bad.text()));
        let sums = Sums {
            charges: figure("発行件数")?.unsigned_abs(),
            charged: Yen(figure("発行手数料")?),
            corrections: figure("訂正件数")?.unsigned_abs(),
            corrected: Yen(figure("訂正額")?),
            tax: Yen(figure("うち消費税")?),
        };
        let total = figure("相殺額")?;
        let (kind, number) = (line.cell("区分").to_owned(), line.cell("事業所番号").to_owned());
        Some(Self { kind, line: OffsetLine { number, sums }, total })
    }
}

/// What the payment system does with the file, as far as it is known: reads it, and adds it up.
pub(crate) fn read(octets: &[u8]) -> Result<Vec<OffsetLine>, String> {
    let sheet = core_sheet::read::<Row>(octets, &Reading::default()).map_err(|bad| bad.to_string())?;
    if !sheet.findings.is_empty() {
        return Err(format!("{:?}", sheet.findings));
    }
    let mut rows: Vec<Row> = sheet.rows.into_iter().map(|row| row.value).collect();
    let last = rows.pop().filter(|row| row.kind == TOTAL).ok_or("there is no total")?;
    let mut sums = Sums::default();
    for row in &rows {
        if row.kind != LINE || row.total != row.line.sums.total().0 {
            return Err(format!("the line of {}", row.line.number));
        }
        sums.add(&row.line.sums);
    }
    if sums != last.line.sums || last.total != sums.total().0 {
        return Err("the total is not that of the lines".to_owned());
    }
    Ok(rows.into_iter().map(|row| row.line).collect())
}
