//! A browser without a window: cookies, redirections, forms.

use crate::{Form, Page, town::PUBLIC};
use reqwest::{Client, Method, RequestBuilder, redirect::Policy};
use std::collections::BTreeMap;

/// A browser of somebody's own.
#[derive(Clone)]
pub struct Browser {
    client: Client,
    base: String,
    cookies: BTreeMap<String, String>,
    language: &'static str,
}

impl Browser {
    /// A browser that has never been anywhere.
    pub fn new(base: String) -> Self {
        let client = Client::builder().no_proxy().redirect(Policy::none()).pool_max_idle_per_host(0).build();
        Self { client: client.expect("a client"), base, cookies: BTreeMap::new(), language: "ja" }
    }

    /// Asks for pages in another language.
    pub fn reads(&mut self, language: &'static str) {
        self.language = language;
    }

    /// The cookies, by name.
    pub fn cookies(&mut self) -> &mut BTreeMap<String, String> {
        &mut self.cookies
    }

    /// Gets a page, following redirections as a browser does.
    pub async fn get(&mut self, path: &str) -> Page {
        let page = self.get_once(path).await;
        self.follow(page).await
    }

    /// Gets a page and follows nothing.
    pub async fn get_once(&mut self, path: &str) -> Page {
        let request = self.client.request(Method::GET, self.url(path));
        self.send(path, request).await
    }

    /// Sends a form, following redirections.
    pub async fn submit(&mut self, form: &Form) -> Page {
        let page = self.submit_once(form).await;
        self.follow(page).await
    }

    /// Sends a form and follows nothing.
    pub async fn submit_once(&mut self, form: &Form) -> Page {
        let path = form.action.clone();
        let request =
            self.client.request(Method::POST, self.url(&path)).header("sec-fetch-site", "same-origin");
        let request = match form.multipart {
            true => {
                let body = form
                    .fields
                    .iter()
                    .cloned()
                    .fold(reqwest::multipart::Form::new(), |body, (name, value)| body.text(name, value));
                request.multipart(body)
            }
            false => request.form(&form.fields),
        };
        self.send(&path, request).await
    }

    /// Posts fields to a path, with whatever headers.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Page {
        let mut request = self.client.request(Method::POST, self.url(path)).form(fields);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(path, request).await
    }

    /// Calls as a program does: with these headers and this body, and follows nothing.
    pub async fn call(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Page {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = self.client.request(method, self.url(path)).body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(path, request).await
    }

    async fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..8 {
            let Some(location) = page.header("location").filter(|_| (300..400).contains(&page.status)) else {
                return page;
            };
            let location = location.strip_prefix(PUBLIC).unwrap_or(location).to_owned();
            page = self.get_once(&location).await;
        }
        panic!("{}: redirected in a circle", page.path);
    }

    fn url(&self, path: &str) -> String {
        assert!(path.starts_with('/'), "{path} is no path of the service");
        format!("{}{path}", self.base)
    }

    async fn send(&mut self, path: &str, request: RequestBuilder) -> Page {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = request.header("accept-language", self.language);
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        let mut headers = Vec::new();
        for (name, value) in answer.headers() {
            let value = value.to_str().unwrap_or_default().to_owned();
            if name == "set-cookie" {
                self.keep(&value);
            }
            headers.push((name.as_str().to_owned(), value));
        }
        let body = answer.bytes().await.expect("the whole answer").to_vec();
        Page { path: path.to_owned(), status, headers, body }
    }

    fn keep(&mut self, cookie: &str) {
        let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
        let Some((name, value)) = pair.split_once('=') else { return };
        let over = attributes.to_lowercase().contains("max-age=0");
        match over || value.is_empty() {
            true => self.cookies.remove(name),
            false => self.cookies.insert(name.to_owned(), value.to_owned()),
        };
    }
}
