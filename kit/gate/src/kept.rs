//! What was typed into a form whose session had ended: kept in the page itself until the sender has signed in again
//! (N16). Nothing of it is stored.

use crate::origin;
use kit_web::{FormData, parts::Form};

/// The prefix of kept fields' names.
const PREFIX: &str = "_kept.";
/// The field with the path that the form was posted to.
const ACTION: &str = "_kept_action";
/// The field that says that the form had a file, which is not kept.
const FILE: &str = "_kept_file";
/// So much is kept: with prefixes and escapes it fits into one form again.
const MOST_FIELDS: usize = 190;
const MOST_OCTETS: usize = 60 * 1024;

/// A form as it was posted, without secrets.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    action: String,
    fields: FormData,
    /// There was a file as well: it has to be chosen again.
    file: bool,
}

impl Kept {
    /// What is kept of a post to `path`. `None` for one that does not fit.
    pub(crate) fn of_post(path: &str, form: &FormData) -> Option<Self> {
        let fields = form.pairs().filter(|(name, _)| *name != kit_web::forms::CSRF && !is_secret(name));
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self::new(path, fields, form.has_files())
    }

    /// What a sign-in form carries; `None` when it carries nothing, or something that never was such a form.
    pub(crate) fn of_sign_in(form: &FormData) -> Option<Self> {
        let fields = form.pairs().filter_map(|(name, value)| Some((name.strip_prefix(PREFIX)?, value)));
        let fields = fields.filter(|(name, _)| *name != kit_web::forms::CSRF && !is_secret(name));
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self::new(form.get(ACTION)?, fields, form.get(FILE).is_some())
    }

    fn new(path: &str, fields: Vec<(String, String)>, file: bool) -> Option<Self> {
        // Every octet may become three in a form, and each field has its prefix.
        let octets: usize = fields.iter().map(|(n, v)| escaped(n) + escaped(v) + PREFIX.len() + 2).sum();
        let fits = fields.len() <= MOST_FIELDS && octets + path.len() <= MOST_OCTETS;
        if !fits || !origin::is_local_path(path) {
            return None;
        }
        Some(Self { action: path.to_owned(), fields: FormData::from_pairs(fields).ok()?, file })
    }

    /// Where the form was posted to.
    pub(crate) fn action(&self) -> &str {
        &self.action
    }

    /// Whether the form had a file, which was not kept.
    pub(crate) fn had_file(&self) -> bool {
        self.file
    }

    /// Puts it into a sign-in form.
    pub(crate) fn carry(&self, form: Form) -> Form {
        self.hidden().into_iter().fold(form, |form, (name, value)| form.hidden(name, value))
    }

    /// The hidden fields that carry it.
    pub(crate) fn hidden(&self) -> Vec<(String, String)> {
        let fields = self.fields.pairs().map(|(name, value)| (format!("{PREFIX}{name}"), value.to_owned()));
        let file = self.file.then(|| (FILE.to_owned(), "yes".to_owned()));
        std::iter::once((ACTION.to_owned(), self.action.clone())).chain(file).chain(fields).collect()
    }

    /// The form again as it was, with another token.
    pub(crate) fn again(&self, csrf: &str, submit: &str) -> Form {
        let form = Form::new(&self.action, csrf, submit);
        self.fields.pairs().fold(form, |form, (name, value)| form.hidden(name, value))
    }
}

/// Fields that are never handed back to a browser.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["password", "passphrase", "secret", "pin"].iter().any(|word| {
        // `pin` as a word of its own: `shipping` is none.
        let mut parts = name.split(|c: char| !c.is_ascii_alphanumeric());
        if *word == "pin" { parts.any(|part| part == "pin") } else { name.contains(word) }
    })
}

/// The length of a text as a form sends it.
fn escaped(text: &str) -> usize {
    text.bytes().map(|b| if b.is_ascii_alphanumeric() || b == b' ' { 1 } else { 3 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> FormData {
        FormData::from_pairs(pairs.iter().copied()).expect("within limits")
    }

    fn hidden(form: &Form) -> String {
        kit_web::Markup::of(form).to_string()
    }

    #[test]
    fn n16_what_was_typed_is_kept_and_secrets_are_not() {
        let posted = form(&[
            ("_csrf", "old"),
            ("_step", "check"),
            ("name", "<b>ひまわり苑</b>\n二行目"),
            ("kind", "a"),
            ("kind", "b"),
            ("password", "geheim"),
            ("new_Password2", "geheim"),
            ("pin", "geheim"),
            ("shipping", "kept"),
        ]);
        let kept = Kept::of_post("/claims/apply?x=1", &posted).expect("it fits");
        let carried = hidden(&kept.carry(Form::new("/sign-in", "t", "go")));
        assert!(!carried.contains("geheim") && !carried.contains("old"), "{carried}");
        assert!(carried.contains("_kept.shipping") && !carried.contains("<b>"), "{carried}");
        let again = form(&[
            ("_kept_action", "/claims/apply?x=1"),
            ("_kept._step", "check"),
            ("_kept.name", "あ"),
            ("_kept.kind", "a"),
            ("_kept.kind", "b"),
            ("_kept.password", "geheim"),
            ("_kept._csrf", "forged"),
            ("login", "P0001"),
        ]);
        let again = Kept::of_sign_in(&again).expect("it carries something");
        assert_eq!(again.action(), "/claims/apply?x=1");
        let names: Vec<_> = again.fields.pairs().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(names, ["_step=check", "name=あ", "kind=a", "kind=b"]);
    }

    #[test]
    fn n16_what_is_kept_leads_nowhere_else_and_has_a_limit() {
        assert!(Kept::of_sign_in(&form(&[("_kept_action", "https://evil.example/")])).is_none());
        assert!(Kept::of_sign_in(&form(&[("_kept_action", "//evil.example/")])).is_none());
        assert!(Kept::of_sign_in(&form(&[("login", "x")])).is_none());
        let long = "あ".repeat(6_000);
        assert!(Kept::of_post("/a", &form(&[("text", &long)])).is_some());
        assert!(Kept::of_post("/a", &form(&[("text", &long), ("more", &long)])).is_none());
    }
}
