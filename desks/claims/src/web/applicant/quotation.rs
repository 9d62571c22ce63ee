//! 見積書: to whom it is made out is typed, and a PDF comes back. Nothing is applied for, nothing is stored (C2).

use super::parts;
use crate::{
    Claims,
    papers::Asker,
    settings::Terms,
    store::holders::Holder,
    web::{Applicant, attached},
    words::HolderKind,
};
use axum::{extract::State, http::StatusCode, response::Response};
use core_words::{Lang, Refusal, Text};
use kit_gate::CheckedForm;
use kit_web::{
    Filled, FormData, Frame, Reader, Refused, Stack, page,
    parts::{Choice, Details, Field, Form, Width},
};

/// Where the form posts.
const PATH: &str = "/claims/quotation";
/// The honorifics that a form offers, and what each writes.
const HONORIFICS: [(&str, &str); 4] = [("onchu", "御中"), ("sama", "様"), ("dono", "殿"), ("none", "")];
/// The longest address and the longest name, in characters: those of a holder's record.
const LONGEST: [usize; 2] = [200, 100];

/// What the page shows.
pub(super) struct Ground {
    pub(super) holder: Holder,
    pub(super) terms: Terms,
    pub(super) csrf: String,
    pub(super) contact: Text,
}

pub(super) async fn show(
    State(claims): State<Claims>,
    applicant: Applicant,
    frame: Frame,
) -> Result<Response, Refused> {
    let (frame, body) = Ground::of(&claims, &applicant).await?.content(frame, None);
    Ok(page(&frame, &frame.say.t("claims-quotation"), &body, StatusCode::OK))
}

pub(super) async fn send(
    State(claims): State<Claims>,
    applicant: Applicant,
    frame: Frame,
    CheckedForm { form, .. }: CheckedForm,
) -> Result<Response, Refused> {
    let ground = Ground::of(&claims, &applicant).await?;
    let lacks = |text: &str| claims.press().lacks(text);
    let to = match read(&frame, &form, ground.holder.number.kind(), lacks) {
        Ok(to) => to,
        Err(filled) => {
            let (frame, body) = ground.content(frame, Some(&filled));
            let title = frame.say.t("claims-quotation");
            return Ok(page(&frame, &title, &body, StatusCode::UNPROCESSABLE_ENTITY));
        }
    };
    let pdf = claims.quotation(applicant.holder, to, frame.lang).await?;
    Ok(attached("application/pdf", &format!("{}-quotation.pdf", ground.holder.number), pdf))
}

/// Reads the form; `lacks` tells which letters cannot be printed, which is said at the field and not after.
pub(super) fn read(
    frame: &Frame,
    form: &FormData,
    kind: HolderKind,
    lacks: impl Fn(&str) -> Vec<char>,
) -> Result<Asker, Filled> {
    let mut reader = Reader::new(&frame.say, form);
    let to = Asker {
        address: reader.text("address", "claims-quotation-address", LONGEST[0]),
        name: reader.text("name", name_key(kind), LONGEST[1]),
        person: reader.optional("person", "claims-quotation-person", LONGEST[1]),
        honorific: reader.choice(
            "honorific",
            "claims-quotation-honorific",
            &HONORIFICS.map(|(value, _)| value),
        ),
    };
    for (field, text) in [("address", &to.address), ("name", &to.name), ("person", &to.person)] {
        let missing: String = lacks(text).into_iter().collect();
        if !missing.is_empty() {
            reader.error(
                field,
                Text::new(
                    format!("印刷できない文字があります（{missing}）。別の文字に置き換えてください"),
                    format!("Replace what cannot be printed: {missing}"),
                ),
            );
        }
    }
    reader.done()?;
    let written = HONORIFICS.iter().find(|(value, _)| *value == to.honorific).map_or("", |(_, text)| *text);
    Ok(Asker { honorific: written.to_owned(), ..to })
}

/// keys: claims-provider-name claims-agent-name
fn name_key(kind: HolderKind) -> &'static str {
    match kind {
        HolderKind::Provider => "claims-provider-name",
        HolderKind::Agent => "claims-agent-name",
    }
}

impl Ground {
    async fn of(claims: &Claims, applicant: &Applicant) -> Result<Self, Refusal> {
        Ok(Self {
            holder: claims.holder(applicant.holder).await?,
            terms: claims.settings().terms(claims.now()).clone(),
            csrf: applicant.session.csrf.as_str().to_owned(),
            contact: claims.settings().contact.clone(),
        })
    }

    /// The page, filled in from the record or with what was typed.
    pub(super) fn content(&self, frame: Frame, filled: Option<&Filled>) -> (Frame, Stack) {
        let say = &frame.say.clone();
        let frame = parts::below_home(frame)
            .help(say.t("claims-quotation-help-other"), say.t("claims-quotation-help-other-text"))
            .help(say.t("claims-quotation-help-apply"), say.t("claims-quotation-help-apply-text"));
        let mut frame = parts::ask(frame, &self.contact);
        let (holder, kind) = (&self.holder, self.holder.number.kind());
        let honorifics = HONORIFICS.map(|(value, written)| match written {
            "" => Choice::new(value, say.t("claims-quotation-honorific-none")),
            written => Choice::new(value, written),
        });
        let usual = if frame.lang == Lang::Ja { "onchu" } else { "none" };
        let mut form = Form::new(PATH, &self.csrf, say.t("claims-quotation-make"))
            .field(
                Field::text(say, "address", say.t("claims-quotation-address"))
                    .max(LONGEST[0])
                    .value(&holder.address),
            )
            .field(Field::text(say, "name", say.t(name_key(kind))).max(LONGEST[1]).value(&holder.name))
            .field(
                Field::text(say, "person", say.t("claims-quotation-person"))
                    .hint(say.t("claims-quotation-person-hint"))
                    .optional()
                    .width(Width::Chars(40))
                    .max(LONGEST[1]),
            )
            .field(
                Field::choice(say, "honorific", say.t("claims-quotation-honorific"), honorifics.to_vec())
                    .value(usual),
            );
        if let Some(filled) = filled {
            frame = frame.errors(filled.summary(say));
            form = form.filled(filled);
        }
        let applied = self.terms.applied();
        let days = say.with("claims-quotation-days", &[("days", self.terms.offer_days.into())]);
        let facts = Details::new()
            .row(say.t("claims-fee"), say.yen(applied.fee))
            .row(say.t("claims-validity"), parts::validity(say, &applied))
            .row(say.t("claims-quotation-until"), days);
        let body = Stack::new()
            .text(&say.t("claims-quotation-about"))
            .add(&facts)
            .add(&form.cancel(say.t("claims-cancel"), "/claims"));
        (frame, body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::samples as data;

    fn frame() -> Frame {
        Frame::new(&kit_web::testing::chrome(&[crate::plug::TEXTS]), Lang::Ja, PATH)
    }

    fn read_form(pairs: &[(&str, &str)], kind: HolderKind) -> Result<Asker, Filled> {
        let form = FormData::from_pairs(pairs.iter().copied()).expect("within limits");
        read(&frame(), &form, kind, |text| text.chars().filter(|c| *c == '🦀').collect())
    }

    #[test]
    fn c02_what_was_typed_is_to_whom_it_is_made_out() {
        let typed =
            [("address", " 東京都 "), ("name", "さくら"), ("person", "佐藤　花子"), ("honorific", "sama")];
        let to = read_form(&typed, HolderKind::Provider).expect("all is well");
        let wanted = Asker {
            address: "東京都".into(),
            name: "さくら".into(),
            person: "佐藤　花子".into(),
            honorific: "様".into(),
        };
        assert_eq!(to, wanted);
        let none = [("address", "a"), ("name", "b"), ("honorific", "none")];
        assert_eq!(read_form(&none, HolderKind::Agent).expect("all is well").honorific, "");
    }

    #[test]
    fn c02_what_is_wrong_is_said_at_its_field() {
        let fields = |pairs: &[(&str, &str)]| -> Vec<String> {
            let filled = read_form(pairs, HolderKind::Agent).expect_err("something is wrong");
            let mut fields: Vec<_> = filled.errors().iter().map(|error| error.field.clone()).collect();
            fields.dedup();
            fields
        };
        assert_eq!(fields(&[]), ["address", "name", "honorific"]);
        assert_eq!(fields(&[("address", "a"), ("name", "b"), ("honorific", "殿下")]), ["honorific"]);
        assert_eq!(fields(&[("address", "a"), ("name", "か🦀に"), ("honorific", "dono")]), ["name"]);
        let (long, most) = ("あ".repeat(101), "あ".repeat(100));
        assert_eq!(fields(&[("address", "a"), ("name", &long), ("honorific", "dono")]), ["name"]);
        assert!(
            read_form(&[("address", "a"), ("name", &most), ("honorific", "dono")], HolderKind::Agent).is_ok()
        );
        assert_eq!(fields(&[("address", "a\nb"), ("name", "b"), ("honorific", "dono")]), ["address"]);
    }

    #[test]
    fn c02_the_form_is_filled_in_from_the_record() {
        for holder in [data::holder(), data::agent()] {
            let terms = crate::Settings::built_in_terms().remove(2);
            let ground = Ground { holder, terms, csrf: "x".into(), contact: Text::new("", "") };
            let (frame, body) = ground.content(frame(), None);
            let html = kit_web::page_html(&frame, "見積書", &body);
            let name = if ground.holder.number.kind() == HolderKind::Agent {
                "法人"
            } else {
                "事業所の名称"
            };
            for there in [&*ground.holder.address, &*ground.holder.name, name, "7,800円", "30日"] {
                assert!(html.contains(there), "{there}");
            }
        }
    }
}
