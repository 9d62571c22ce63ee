//! An answer of the portal, as a person meets it: what the page says, where its forms lead, what they hold.

use super::{broken, client::Reply};
use crate::fail::Outcome;
use html5ever::{
    Attribute,
    tokenizer::{
        BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
        states::RawKind::{Rcdata, ScriptData},
        {TagKind, TagToken},
    },
};
use std::cell::RefCell;

/// A page, a file, or a redirection.
#[derive(Clone, Debug)]
pub(super) struct Page {
    /// The path it was got from.
    pub(super) path: String,
    /// The answer.
    pub(super) reply: Reply,
}

/// A form on a page, with what its fields hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Form {
    /// Where it is sent.
    pub(super) action: String,
    /// Whether it is sent as `multipart/form-data`.
    pub(super) multipart: bool,
    /// What will be sent: names and values.
    pub(super) fields: Vec<(String, String)>,
    /// What can be ticked, chosen or pressed: names, and what they send then.
    choices: Vec<(String, String)>,
}

/// A page as its tokenizer sees it (HTML §13.2.5). The pages of the house close what they open.
enum Piece {
    Open(String, Vec<Attribute>),
    Close(String),
    Text(String),
}

impl Page {
    /// The status of the answer.
    pub(super) fn status(&self) -> u16 {
        self.reply.status
    }

    /// The page, if it has this status.
    pub(super) fn expect(self, status: u16) -> Outcome<Self> {
        if self.status() == status {
            return Ok(self);
        }
        let why = format!("status {} and not {status}: {}", self.status(), self.main());
        Err(broken(&self.path, &why))
    }

    /// The title in the browser's tab.
    pub(super) fn title(&self) -> String {
        self.texts(|name, _| name == "title").into_iter().next().unwrap_or_default()
    }

    /// What stands between header and footer, blanks folded; without the help beside it.
    pub(super) fn main(&self) -> String {
        self.texts(|name, _| name == "main").into_iter().next().unwrap_or_default()
    }

    /// Whether a person reads this in the middle of the page.
    pub(super) fn says(&self, text: &str) -> bool {
        self.main().contains(text)
    }

    /// The texts of all elements with this class.
    pub(super) fn marked(&self, class: &str) -> Vec<String> {
        self.texts(|_, attributes| {
            attribute(attributes, "class").is_some_and(|all| all.split(' ').any(|one| one == class))
        })
    }

    /// The status that the page shows first: that of the case it is about.
    pub(super) fn standing(&self) -> String {
        self.marked("status").into_iter().next().unwrap_or_default()
    }

    /// Where the links of the page lead.
    pub(super) fn links(&self) -> Vec<String> {
        let links = self.pieces().into_iter().filter_map(|piece| match piece {
            Piece::Open(name, attributes) if name == "a" => attribute(&attributes, "href").map(str::to_owned),
            _ => None,
        });
        links.collect()
    }

    /// Whether a form or a link leads to a path that ends so.
    pub(super) fn offers(&self, ending: &str) -> bool {
        self.links().iter().any(|link| link.ends_with(ending))
            || self.forms().iter().any(|form| form.action.ends_with(ending))
    }

    /// The form that is sent to a path which ends so.
    pub(super) fn form(&self, ending: &str) -> Outcome<Form> {
        let found = self.forms().into_iter().find(|form| form.action.ends_with(ending));
        found.ok_or_else(|| broken(&self.path, &format_args!("no form for {ending}: {}", self.main())))
    }

    fn forms(&self) -> Vec<Form> {
        let (mut forms, mut open, mut typing) = (Vec::new(), None::<Form>, false);
        for piece in self.pieces() {
            match (piece, &mut open) {
                (Piece::Open(name, attributes), None) if name == "form" => {
                    open = Some(Form {
                        action: attribute(&attributes, "action").unwrap_or_default().to_owned(),
                        multipart: attribute(&attributes, "enctype") == Some("multipart/form-data"),
                        ..Form::default()
                    });
                }
                (Piece::Open(name, attributes), Some(form)) => {
                    form.read(&name, &attributes);
                    typing = name == "textarea";
                }
                // The first line break of a text area is not part of it (HTML §13.2.6.4.7).
                (Piece::Text(text), Some(form)) if typing => {
                    form.fill(text.strip_prefix('\n').unwrap_or(&text))
                }
                (Piece::Close(name), _) if name == "form" => forms.extend(open.take()),
                (Piece::Close(_), _) => typing = false,
                _ => {}
            }
        }
        forms
    }

    /// The texts of the elements that are wanted, blanks folded.
    fn texts(&self, wanted: impl Fn(&str, &[Attribute]) -> bool) -> Vec<String> {
        let pieces = self.pieces();
        let begins = pieces.iter().enumerate().filter_map(|(at, piece)| match piece {
            Piece::Open(name, attributes) if wanted(name, attributes) => Some((at, name)),
            _ => None,
        });
        begins.map(|(at, name)| text_of(name, pieces.get(at + 1..).unwrap_or_default())).collect()
    }

    fn pieces(&self) -> Vec<Piece> {
        let input = BufferQueue::default();
        input.push_back(String::from_utf8_lossy(&self.reply.body).as_ref().into());
        let tokenizer = Tokenizer::new(Pieces::default(), TokenizerOpts::default());
        // No script of a page is run, so nothing interrupts.
        let _ = tokenizer.feed(&input);
        tokenizer.end();
        tokenizer.sink.0.take()
    }
}

/// The text up to the end of an element, with blanks between its parts, folded.
fn text_of(name: &str, after: &[Piece]) -> String {
    let (mut depth, mut text) = (1, String::new());
    for piece in after {
        match piece {
            Piece::Open(inner, _) if inner == name => depth += 1,
            Piece::Close(inner) if inner == name => depth -= 1,
            Piece::Text(part) => {
                text.push_str(part);
                text.push(' ');
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Form {
    /// The same with something typed into a field.
    pub(super) fn typed(mut self, name: &str, value: &str) -> Outcome<Self> {
        let field = self.fields.iter_mut().find(|(known, _)| known == name);
        match field {
            Some((_, held)) => value.clone_into(held),
            None => return Err(broken(&self.action, &format_args!("its form has no field {name}"))),
        }
        Ok(self)
    }

    /// The same with a box ticked, one of several chosen, or a button pressed.
    pub(super) fn picked(mut self, name: &str, value: &str) -> Outcome<Self> {
        if !self.choices.iter().any(|(known, sends)| known == name && sends == value) {
            return Err(broken(&self.action, &format_args!("its form has no choice {name}={value}")));
        }
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        Ok(self)
    }

    /// What a field holds.
    pub(super) fn held(&self, name: &str) -> &str {
        let field = self.fields.iter().find(|(known, _)| known == name);
        field.map_or("", |(_, value)| value)
    }

    fn read(&mut self, element: &str, attributes: &[Attribute]) {
        let Some(name) = attribute(attributes, "name") else { return };
        let value = attribute(attributes, "value").unwrap_or_default();
        let pair = (name.to_owned(), value.to_owned());
        match (element, attribute(attributes, "type").unwrap_or("text")) {
            ("input", "checkbox" | "radio") => {
                if attribute(attributes, "checked").is_some() {
                    self.fields.push(pair.clone());
                }
                self.choices.push(pair);
            }
            ("button", _) => self.choices.push(pair),
            ("input", "file") => {}
            ("input" | "textarea", _) => self.fields.push(pair),
            _ => {}
        }
    }

    /// Fills the field that was read last.
    fn fill(&mut self, text: &str) {
        if let Some((_, value)) = self.fields.last_mut() {
            value.push_str(text);
        }
    }
}

fn attribute<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a str> {
    attributes.iter().find(|a| &*a.name.local == name).map(|a| &*a.value)
}

/// Takes the pieces as the tokenizer brings them.
#[derive(Default)]
struct Pieces(RefCell<Vec<Piece>>);

impl TokenSink for Pieces {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut pieces = self.0.borrow_mut();
        match token {
            TagToken(tag) if tag.kind == TagKind::EndTag => pieces.push(Piece::Close(tag.name.to_string())),
            TagToken(tag) => {
                let name = tag.name.to_string();
                let raw = match name.as_str() {
                    "title" | "textarea" => TokenSinkResult::RawData(Rcdata),
                    "script" => TokenSinkResult::RawData(ScriptData),
                    _ => TokenSinkResult::Continue,
                };
                pieces.push(Piece::Open(name, tag.attrs));
                return raw;
            }
            Token::CharacterTokens(text) => match pieces.last_mut() {
                Some(Piece::Text(before)) => before.push_str(&text),
                _ => pieces.push(Piece::Text(text.to_string())),
            },
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::{HeaderMap, body::Bytes};

    fn page(body: &'static str) -> Page {
        let reply =
            Reply { status: 200, headers: HeaderMap::new(), body: Bytes::from_static(body.as_bytes()) };
        Page { path: "/x".to_owned(), reply }
    }

    #[test]
    fn a_page_says_what_stands_in_its_middle() {
        let page = page(
            "<title>A &amp; <b></title><nav>発行済み</nav><main><p>x<span class='status ok'><i></i>発行\n 待ち</span>\
             <span class=status>8</span></main><aside>help</aside>",
        );
        assert_eq!((page.title(), page.standing()), ("A & <b>".to_owned(), "発行 待ち".to_owned()));
        assert_eq!(page.marked("status").len(), 2);
        assert!(page.says("8") && !page.says("発行済み") && !page.says("help"));
    }

    #[test]
    fn a_form_sends_what_it_holds_and_nothing_that_it_does_not_have() {
        let page = page(
            "<form action='/a'><input name=_csrf value=t><input type=checkbox name=agree value=yes>\
             <input type=radio name=key value=service checked><input type=radio name=key value=own>\
             <textarea name=note>\n&lt;b>\n</textarea><button name=_step value=confirm>x</button><p>y</form>",
        );
        let form = page.form("/a").expect("a form");
        let held: Vec<&str> = ["_csrf", "agree", "key", "note"].map(|name| form.held(name)).to_vec();
        assert_eq!(held, ["t", "", "service", "<b>\n"]);
        let form = form.picked("agree", "yes").and_then(|f| f.picked("_step", "confirm")).expect("there are");
        let form = form.picked("key", "own").and_then(|f| f.typed("note", "z")).expect("there are");
        assert_eq!((form.held("key"), form.held("note"), form.fields.len()), ("own", "z", 5));
        assert!(form.clone().picked("key", "other").is_err() && form.typed("name", "x").is_err());
        assert!(page.offers("/a") && !page.offers("/b"));
    }
}
