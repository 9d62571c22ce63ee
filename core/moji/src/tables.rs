//! The tables that `build.rs` makes, and how they are asked.

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

/// Bit of JIS X 0208 in what [`sets`] answers.
pub(crate) const X0208: u8 = 1;
/// Bit of JIS X 0212.
pub(crate) const X0212: u8 = 2;
/// Bit of JIS X 0213:2004.
pub(crate) const X0213: u8 = 4;

/// Which sets have a code point.
#[inline]
pub(crate) fn sets(point: char) -> u8 {
    let point = u32::from(point);
    let block = PAGE.get((point >> 6) as usize).copied().unwrap_or(0);
    SETS[usize::from(block)][(point & 0x3F) as usize]
}

/// Whether two code points are one character of JIS X 0213.
pub(crate) fn is_pair(first: char, second: char) -> bool {
    PAIRS.binary_search(&(first.into(), second.into())).is_ok()
}

/// A code point with its variation selector, in the form of the tables.
pub(crate) fn key(base: char, selector: Option<char>) -> Option<u32> {
    let number = match selector.map(u32::from) {
        None => 0,
        Some(selector @ 0xFE00..=0xFE0F) => selector - 0xFE00 + 1,
        Some(selector @ 0xE0100..=0xE01EF) => selector - 0xE0100 + 17,
        Some(_) => return None,
    };
    Some(u32::from(base) << 9 | number)
}

/// The glyph that is written so.
pub(crate) fn glyph(key: u32) -> Option<u16> {
    KEYS.binary_search(&key).ok().map(|at| KEY_GLYPH[at])
}

/// How a glyph is written; `None` when Unicode has no way.
pub(crate) fn written(glyph: u16) -> Option<(char, Option<char>)> {
    let key = GLYPH_TEXT[usize::from(glyph)];
    let base = char::from_u32(key >> 9).filter(|base| *base != '\0')?;
    let selector = match key & 0x1FF {
        0 => None,
        few @ 1..=16 => char::from_u32(few - 1 + 0xFE00),
        many => char::from_u32(many - 17 + 0xE0100),
    };
    Some((base, selector))
}

/// Its number in the MJ list.
pub(crate) fn name(glyph: u16) -> u32 {
    GLYPH_NAME[usize::from(glyph)]
}

/// The glyph of a number of the MJ list.
pub(crate) fn named(number: u32) -> Option<u16> {
    GLYPH_NAME.binary_search(&number).ok().and_then(|at| u16::try_from(at).ok())
}

/// The glyph of a code of the resident network (住基ネット統一文字コード); the first where two have it.
pub(crate) fn of_juki(code: u16) -> Option<u16> {
    let at = JUKI.partition_point(|(other, _)| *other < code);
    JUKI.get(at).filter(|(other, _)| *other == code).map(|(_, glyph)| *glyph)
}

/// The glyph of a number of family registers (戸籍統一文字番号).
pub(crate) fn of_koseki(number: u32) -> Option<u16> {
    KOSEKI.binary_search_by_key(&number, |(other, _)| *other).ok().map(|at| KOSEKI[at].1)
}

/// What may stand for a glyph, the best first: packed targets, and the bits of all reasons.
pub(crate) fn candidates(glyph: u16) -> (&'static [u32], &'static [u16]) {
    let at = usize::from(glyph);
    let range = usize::from(GLYPH_START[at])..usize::from(GLYPH_START[at + 1]);
    (&TARGETS[range.clone()], &REASONS[range])
}

/// The glyphs, by their places in the tables.
#[cfg(test)]
pub(crate) fn glyphs() -> impl Iterator<Item = u16> {
    (0..GLYPH_NAME.len()).map(|at| u16::try_from(at).expect("fewer than 65,536"))
}
