//! The fields of a record, as they are typed and looked over: the same for a new one and for a change.

use crate::{office::NewOffice, papers::postal, store::holders::Holder, words::HolderNumber};
use core_words::Text;
use kit_web::{
    Filled, FormData, Reader, Say,
    forms::half_width,
    parts::{CheckAnswers, Field, Form, Width},
};

/// The longest name, and the longest address, in characters.
const NAME: usize = 100;
const ADDRESS: usize = 200;

/// A number as it is typed: in either width, with small letters or capitals.
pub(super) fn number(reader: &mut Reader<'_>, name: &str, label: &str) -> Option<HolderNumber> {
    let typed = reader.text(name, label, 20);
    let typed = half_width(&typed).to_ascii_uppercase().replace([' ', '-'], "");
    if typed.is_empty() {
        return None;
    }
    let found = HolderNumber::new(&typed);
    if found.is_none() {
        reader.error(name, not_a_number());
    }
    found
}

fn not_a_number() -> Text {
    Text::new(
        "事業所番号は数字10桁、代理人IDは「DA」と数字8桁です（先頭の数字2桁は都道府県の01から47）",
        "A provider’s number is ten digits, an agent’s ID is DA and eight; the first two digits are a prefecture, 01 to 47",
    )
}

/// What was typed, or what is wrong with it. The number of a record that is changed stays as it is.
pub(super) fn read(say: &Say, form: &FormData, changed: Option<&HolderNumber>) -> Result<NewOffice, Filled> {
    let mut reader = Reader::new(say, form);
    let typed = match changed {
        Some(number) => Some(number.clone()),
        None => number(&mut reader, "number", "claims-off-number"),
    };
    let name = reader.text("name", "claims-off-name", NAME);
    let kana = reader.kana("kana", "claims-off-kana", NAME);
    let postal = reader.digits("postal", "claims-off-postal", 7);
    let address = reader.text("address", "claims-off-address", ADDRESS);
    let phone = reader.phone("phone", "claims-off-phone");
    let email = reader.email("email", "claims-off-email");
    reader.done()?;
    // Read without an error, so it is there.
    let number = typed.ok_or_else(|| Filled::new(form))?;
    let new = NewOffice { number, name, kana, postal, address, phone, email };
    new.checked().map_err(|refusal| Filled::new(form).refused(&refusal))
}

/// The fields of a form; those of a holder are filled in with what is entered now.
pub(super) fn fields(say: &Say, form: Form, now: Option<&Holder>) -> Form {
    let value = |of: fn(&Holder) -> &str| now.map(of).unwrap_or_default().to_owned();
    let form = match now {
        Some(_) => form,
        None => form.field(
            Field::text(say, "number", say.t("claims-off-number"))
                .hint(say.t("claims-off-number-hint"))
                .example("1310000011")
                .width(Width::Chars(12)),
        ),
    };
    form.field(Field::text(say, "name", say.t("claims-off-name")).max(NAME).value(value(|h| &h.name)))
        .field(
            Field::text(say, "kana", say.t("claims-off-kana"))
                .hint(say.t("claims-off-kana-hint"))
                .max(NAME)
                .value(value(|h| &h.kana)),
        )
        .field(
            Field::text(say, "postal", say.t("claims-off-postal"))
                .hint(say.t("claims-off-postal-hint"))
                .example("1640001")
                .width(Width::Chars(8))
                .value(value(|h| &h.postal)),
        )
        .field(
            Field::text(say, "address", say.t("claims-off-address"))
                .hint(say.t("claims-off-address-hint"))
                .max(ADDRESS)
                .value(value(|h| &h.address)),
        )
        .field(
            Field::tel(say, "phone", say.t("claims-off-phone"))
                .hint(say.t("claims-off-phone-hint"))
                .example("0353850000")
                .value(value(|h| &h.phone)),
        )
        .field(
            Field::email(say, "email", say.t("claims-off-email"))
                .hint(say.t("claims-off-email-hint"))
                .value(value(|h| &h.email)),
        )
}

/// What was typed, to be looked over.
pub(super) fn answers(say: &Say, page: CheckAnswers, new: &NewOffice, changed: bool) -> CheckAnswers {
    let number = match new.number.check_digit_fits() {
        true => new.number.to_string(),
        false => format!("{}\n{}", new.number, say.t("claims-fed-check-digit")),
    };
    let label = say.t("claims-off-number");
    let page = if changed { page.fixed(label, number) } else { page.answer(label, number, "number") };
    page.answer(say.t("claims-off-name"), &new.name, "name")
        .answer(say.t("claims-off-kana"), &new.kana, "kana")
        .answer(say.t("claims-off-postal"), postal(&new.postal), "postal")
        .answer(say.t("claims-off-address"), &new.address, "address")
        .answer(say.t("claims-off-phone"), &new.phone, "phone")
        .answer(say.t("claims-off-email"), &new.email, "email")
}
