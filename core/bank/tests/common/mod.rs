//! Files as banks make them, written by hand from the columns of the documents and not from the parser's table.
#![allow(dead_code, unreachable_pub)]

/// Half-width kana and ASCII as octets of JIS X 0201.
pub fn jis(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| match c {
            '\u{ff61}'..='\u{ff9f}' => u8::try_from(c as u32 - 0xff61 + 0xa1).expect("half-width kana"),
            '¥' => b'\\',
            other => u8::try_from(other).expect("ASCII"),
        })
        .collect()
}

fn letters(text: &str, length: usize) -> Vec<u8> {
    let mut octets = jis(text);
    assert!(octets.len() <= length);
    octets.resize(length, b' ');
    octets
}

fn record(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut octets = parts.concat();
    assert!(octets.len() <= 200, "{}", octets.len());
    octets.resize(200, b' ');
    octets
}

/// Days of 令和8年11月.
pub fn header_01() -> Vec<u8> {
    record(&[
        jis("1010081120081119081120"),
        jis("0123"),
        letters("ﾜﾘﾌ", 15),
        jis("001"),
        letters("ﾎﾝﾃﾝ", 15),
        jis("10012345"),
        letters("ｺｸﾎﾚﾝｺﾞｳｶｲ", 40),
    ])
}

#[derive(Clone)]
pub struct Transfer {
    pub reference: &'static str,
    pub day: &'static str,
    pub value: &'static str,
    pub amount: u64,
    pub payer: String,
    pub cancelled: &'static str,
    pub edi: &'static str,
}

impl Default for Transfer {
    fn default() -> Self {
        let payer = "DA13000017 ｶｲｺﾞｻｸﾗ".to_owned();
        Self {
            reference: "000012",
            day: "081119",
            value: "081119",
            amount: 13_200,
            payer,
            cancelled: " ",
            edi: "",
        }
    }
}

impl Transfer {
    pub fn form_a(&self) -> Vec<u8> {
        self.begin(self.amount, &[letters(self.edi, 20)])
    }

    pub fn form_b(&self) -> Vec<u8> {
        let large = if self.amount > 9_999_999_999 { self.amount } else { 0 };
        self.begin(self.amount - large, &[jis(&format!("{large:012}{:012}", 0)), letters(self.edi, 20)])
    }

    fn begin(&self, amount: u64, end: &[Vec<u8>]) -> Vec<u8> {
        let mut parts = vec![
            jis("2"),
            jis(self.reference),
            jis(self.day),
            jis(self.value),
            jis(&format!("{amount:010}{:010}{:010}", 0, 4711)),
            letters(&self.payer, 48),
            letters("ﾐﾔｺ", 15),
            letters("ｷﾀｼﾃﾝ", 15),
            jis(self.cancelled),
        ];
        parts.extend_from_slice(end);
        record(&parts)
    }
}

pub fn trailer_01(count: u64, amount: u64, cancelled: Option<(u64, u64)>) -> Vec<u8> {
    let cancelled = cancelled.map_or_else(String::new, |(count, amount)| format!("{count:06}{amount:012}"));
    record(&[jis(&format!("8{count:06}{amount:012}{cancelled}"))])
}

pub fn end_01() -> Vec<u8> {
    record(&[jis("9")])
}

pub fn header_03() -> Vec<u8> {
    record(&[
        jis("1030081120081119081120"),
        jis("0123"),
        letters("ﾜﾘﾌ", 15),
        jis("001"),
        letters("ﾎﾝﾃﾝ", 15),
        jis("00010000012345"),
        letters("ｺｸﾎﾚﾝｺﾞｳｶｲ", 40),
        jis("1100000000100000"),
    ])
}

pub fn movement(out: &str, way: &str, amount: u64, payer: &str) -> Vec<u8> {
    record(&[
        jis("200000012081119081119"),
        jis(out),
        jis(way),
        jis(&format!("{amount:012}{:012}", 0)),
        jis("000000000000"),
        letters("", 8),
        jis("001"),
        jis("0000004711"),
        letters(payer, 48),
        letters("ﾐﾔｺ", 15),
        letters("ｷﾀｼﾃﾝ", 15),
        letters("ﾌﾘｺﾐ", 20),
        letters("", 20),
    ])
}

pub fn trailer_03(into: (u64, u64), out: (u64, u64), data: u64) -> Vec<u8> {
    let (i, o) = (into, out);
    record(&[jis(&format!("8{:06}{:013}{:06}{:013}1{:014}{data:07}", i.0, i.1, o.0, o.1, 113_200))])
}

pub fn end_03(records: u64, accounts: u64) -> Vec<u8> {
    record(&[jis(&format!("9{records:010}{accounts:05}"))])
}

/// One transfer of 13,200 yen.
pub fn simple() -> Vec<Vec<u8>> {
    vec![header_01(), Transfer::default().form_a(), trailer_01(1, 13_200, None), end_01()]
}
