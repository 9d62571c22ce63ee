//! What providers were called when they applied: searched instead of cases, of which each provider has several (C8).

use core_words::OperatorId;
use kit_store::{StoreError, Tx, params};

/// The most octets of a text that is searched. Names are shorter, unless one is made of characters that stand for
/// whole words; an index of PostgreSQL takes no more than 2,704.
const MOST: usize = 2_000;

/// A provider as it is called on the day of an application.
pub(crate) struct Called<'a> {
    pub(crate) number: &'a str,
    pub(crate) name: &'a str,
    pub(crate) kana: &'a str,
}

/// The id of these words, which are kept once for all cases that have them.
pub(crate) fn id_of(tx: &mut Tx, operator: &OperatorId, called: &Called<'_>) -> Result<i64, StoreError> {
    let Called { number, kana, .. } = *called;
    let find = &finding_of(called);
    let known = tx.query_opt(
        "SELECT id FROM claims_name WHERE operator_id = $1 AND find = $2 AND number = $3 AND kana = $4 \
         ORDER BY id LIMIT 1",
        params![operator.as_str(), find, number, kana],
    )?;
    if let Some(row) = known {
        return row.get(0);
    }
    let id = tx.next_id()?;
    tx.execute(
        "INSERT INTO claims_name (id, operator_id, number, kana, find) VALUES ($1, $2, $3, $4, $5)",
        params![id, operator.as_str(), number, kana, find],
    )?;
    Ok(id)
}

/// Everything by which somebody is searched for, in plain form.
pub(crate) fn finding_of(called: &Called<'_>) -> String {
    let Called { number, name, kana } = *called;
    let mut find = finding(&[number, name, kana].join(" "));
    find.truncate(find.floor_char_boundary(MOST));
    find
}

/// A text in the plain form in which it is stored for searching: NFKC, upper case, katakana.
pub(crate) fn finding(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let katakana = |c: char| match c {
        // The two blocks have the same order.
        '\u{3041}'..='\u{3096}' => char::from_u32(c as u32 + 0x60).unwrap_or(c),
        other => other,
    };
    text.nfkc().flat_map(char::to_uppercase).map(katakana).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        store::find::{Wanted, find},
        web::samples,
        words::{Consent, Pays},
    };
    use core_words::UtcMicros;
    use kit_gate::Scope;
    use kit_store::{Component, testing::both_with};

    /// The desk as it was before names were kept by themselves.
    const BEFORE: &[Component] =
        &[Component { name: crate::COMPONENT.name, migrations: crate::COMPONENT.migrations.split_at(1).0 }];

    #[test]
    fn c8_cases_from_before_are_found_by_their_names() {
        both_with(BEFORE, async |db| {
            let done = db.write(|tx| {
                for (id, operator, name) in
                    [(5, "tokyo", "さくら園"), (6, "tokyo", "さくら園"), (7, "osaka", "さくら園"), (8, "tokyo", "光")]
                {
                    let number = samples::number().replace("0001234", &format!("000000{id}"));
                    let find = format!("{number} {}", finding(&format!("1310000018 {name} サクラ")));
                    tx.execute(
                        "INSERT INTO claims_case (id, number, operator_id, status, version, changed_us, provider, \
                         provider_number, provider_name, provider_kana, find, lang, email, consent, consent_us, \
                         terms, fee_yen, months, applied_us) VALUES ($1, $2, $3, 1, 1, 0, 1, '1310000018', $4, \
                         'サクラ', $5, 1, '', '1', 7, '', 0, 36, $6)",
                        params![i64::from(id), number, operator, name, find, UtcMicros(0)],
                    )?;
                }
                Ok::<_, StoreError>(())
            });
            done.await.expect("written");
            db.migrate(&[crate::COMPONENT]).await.expect("migrated");
            let done = db.write(|tx| {
                let tokyo = OperatorId::new("tokyo").expect("a slug");
                let rows = tx.query("SELECT c.id FROM claims_case c WHERE c.called = 0", &[])?;
                assert!(rows.is_empty(), "every case has its name");
                let case = crate::store::rows::load(tx, 5)?.expect("it is still there");
                let agreed = Consent { version: "1".into(), at: UtcMicros(7) };
                assert_eq!(case.case.application().pays, Pays::Offset(agreed), "C1: what was agreed to");
                let mut found = |text: &str| {
                    let wanted = Wanted { text: text.into(), ..Wanted::default() };
                    find(tx, &Scope::of_the_house(tokyo.clone()), &wanted).map(|found| found.total)
                };
                assert_eq!([found("さくら園")?, found("光")?, found("サクラ")?], [2, 1, 3]);
                // The next case of the same provider has the same words.
                let called = Called { number: "1310000018", name: "さくら園", kana: "サクラ" };
                id_of(tx, &tokyo, &called)?;
                let kept = tx.query("SELECT id FROM claims_name", &[])?;
                assert_eq!(kept.len(), 3);
                Ok::<_, StoreError>(())
            });
            done.await.expect("written");
        });
    }

    #[test]
    fn c8_the_same_words_are_kept_once_and_the_longest_name_fits() {
        both_with(&[crate::COMPONENT], async |db| {
            let done = db.write(|tx| {
                let (tokyo, osaka) =
                    (OperatorId::new("tokyo").expect("a"), OperatorId::new("osaka").expect("b"));
                let sakura =
                    || Called { number: "1310000018", name: "さくら園", kana: "サクラエン" };
                let id = id_of(tx, &tokyo, &sakura())?;
                assert_eq!(id_of(tx, &tokyo, &sakura())?, id);
                assert_ne!(id_of(tx, &osaka, &sakura())?, id);
                // In plain form these are alike; in the order of the kana they are not.
                let hiragana = Called { kana: "さくらえん", ..sakura() };
                assert_ne!(id_of(tx, &tokyo, &hiragana)?, id);
                // One character that stands for eighteen.
                let long = "\u{fdfa}".repeat(100);
                let long = Called { name: &long, kana: &long, ..sakura() };
                assert_eq!(id_of(tx, &tokyo, &long)?, id_of(tx, &tokyo, &long)?);
                Ok::<_, StoreError>(())
            });
            done.await.expect("written");
        });
    }
}
