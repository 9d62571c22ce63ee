//! A browser without a window: it keeps cookies, follows redirections and sends forms. It has no token.

use super::{
    broken,
    client::{Client, Reply},
    page::{Form, Page},
};
use crate::{fail::Outcome, lang::Lang};
use hyper::{
    Request,
    body::Bytes,
    header::{ACCEPT_LANGUAGE, CONTENT_TYPE, COOKIE, SET_COOKIE},
    http::request::Builder,
};
use std::{collections::BTreeMap, fmt::Write as _};

/// Redirections in a row before it is a circle.
const FOLLOWED: usize = 8;
/// What parts the fields of a form with files; none of the story has it in its text.
const BOUNDARY: &str = "warifu-demo-7c1f2b0a9d";

/// A browser of somebody's own.
#[derive(Clone)]
pub(super) struct Browser {
    client: Client,
    /// The address of the service as people know it: links may be whole.
    public: String,
    cookies: BTreeMap<String, String>,
    lang: Lang,
}

impl Browser {
    /// A browser that has never been anywhere.
    pub(super) fn new(client: &Client, public: &str, lang: Lang) -> Self {
        Self { client: client.clone(), public: public.to_owned(), cookies: BTreeMap::new(), lang }
    }

    /// The language in which it asks for pages.
    pub(super) fn lang(&self) -> Lang {
        self.lang
    }

    /// Forgets all cookies: whoever was signed in here is outside.
    pub(super) fn forget(&mut self) {
        self.cookies.clear();
    }

    /// Gets a page, by its path or its whole address.
    pub(super) async fn get(&mut self, address: &str) -> Outcome<Page> {
        let mut path = self.path(address).to_owned();
        for _ in 0..FOLLOWED {
            let page = self.send(&path, Request::get(path.as_str()), Bytes::new()).await?;
            match page.reply.field("location") {
                location if (300..400).contains(&page.status()) && !location.is_empty() => {
                    path = self.path(location).to_owned();
                }
                _ => return Ok(page),
            }
        }
        Err(broken(&path, &"redirected in a circle"))
    }

    /// Sends a form.
    pub(super) async fn submit(&mut self, form: &Form) -> Outcome<Page> {
        let path = self.path(&form.action).to_owned();
        let (kind, body) = if form.multipart { multipart(form) } else { urlencoded(form) };
        let request =
            Request::post(path.as_str()).header(CONTENT_TYPE, kind).header("sec-fetch-site", "same-origin");
        let page = self.send(&path, request, body).await?;
        match page.reply.field("location") {
            "" => Ok(page),
            location => {
                let location = location.to_owned();
                self.get(&location).await
            }
        }
    }

    async fn send(&mut self, path: &str, mut request: Builder, body: Bytes) -> Outcome<Page> {
        if !self.cookies.is_empty() {
            let cookies: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(COOKIE, cookies.join("; "));
        }
        request = request.header(ACCEPT_LANGUAGE, self.lang.tag());
        let reply = self.client.connect().await?.exchange(request, body).await?;
        self.keep(&reply);
        Ok(Page { path: path.to_owned(), reply })
    }

    fn path<'a>(&self, address: &'a str) -> &'a str {
        address.strip_prefix(&self.public).unwrap_or(address)
    }

    fn keep(&mut self, reply: &Reply) {
        for line in reply.headers.get_all(SET_COOKIE).iter().filter_map(|line| line.to_str().ok()) {
            let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
            let Some((name, value)) = pair.split_once('=') else { continue };
            let over = attributes.to_ascii_lowercase().contains("max-age=0");
            match over || value.is_empty() {
                true => self.cookies.remove(name),
                false => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
    }
}

/// `application/x-www-form-urlencoded` (WHATWG URL §5.2).
fn urlencoded(form: &Form) -> (&'static str, Bytes) {
    let pairs: Vec<String> =
        form.fields.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
    ("application/x-www-form-urlencoded", pairs.join("&").into())
}

/// Everything but letters and digits as `%XX`.
pub(super) fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, octet| {
        if octet.is_ascii_alphanumeric() {
            out.push(char::from(octet));
        } else {
            let _ = write!(out, "%{octet:02X}");
        }
        out
    })
}

/// `multipart/form-data` (RFC 7578); no file is chosen.
fn multipart(form: &Form) -> (&'static str, Bytes) {
    let mut body = String::new();
    for (name, value) in &form.fields {
        let _ = write!(
            body,
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
    }
    let _ = write!(body, "--{BOUNDARY}--\r\n");
    ("multipart/form-data; boundary=warifu-demo-7c1f2b0a9d", body.into())
}
