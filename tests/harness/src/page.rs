//! An answer, as a person sees it and as a test asks it.

use scraper::{ElementRef, Html, Selector};

/// A page, a file, or a redirection.
#[derive(Clone, Debug)]
pub struct Page {
    /// The path it was got from.
    pub path: String,
    /// Its status.
    pub status: u16,
    /// Its headers, by lower-case name.
    pub headers: Vec<(String, String)>,
    /// It.
    pub body: Vec<u8>,
}

/// A form on a page, with what its fields hold.
#[derive(Clone, Debug)]
pub struct Form {
    /// Where it is sent.
    pub action: String,
    /// How: `get` or `post`.
    pub method: String,
    /// Whether it carries files.
    pub multipart: bool,
    /// Its fields, hidden ones included.
    pub fields: Vec<(String, String)>,
    /// Boxes that could be ticked, and what they send then.
    pub boxes: Vec<(String, String)>,
}

impl Page {
    /// The page as HTML.
    pub fn html(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// What a person reads: the text of the body, blanks folded.
    pub fn text(&self) -> String {
        let page = Html::parse_document(&self.html());
        let body = page.select(&selector("body")).next();
        let text: String = body.map(|body| body.text().collect::<Vec<_>>().join(" ")).unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Whether a person reads this.
    pub fn says(&self, text: &str) -> bool {
        self.text().contains(text)
    }

    /// The heading.
    pub fn heading(&self) -> String {
        self.find("h1").first().cloned().unwrap_or_default()
    }

    /// The title.
    pub fn title(&self) -> String {
        self.find("title").first().cloned().unwrap_or_default()
    }

    /// The texts of all elements that a CSS selector finds.
    pub fn find(&self, css: &str) -> Vec<String> {
        let page = Html::parse_document(&self.html());
        page.select(&selector(css))
            .map(|found| found.text().collect::<Vec<_>>().join(" "))
            .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect()
    }

    /// Where the links lead whose text contains `text`.
    pub fn links(&self, text: &str) -> Vec<String> {
        let page = Html::parse_document(&self.html());
        page.select(&selector("a[href]"))
            .filter(|link| link.text().collect::<String>().contains(text))
            .filter_map(|link| link.value().attr("href").map(str::to_owned))
            .collect()
    }

    /// The forms that are sent to a path which ends in `ending`.
    pub fn form(&self, ending: &str) -> Option<Form> {
        self.forms().into_iter().find(|form| form.action.ends_with(ending))
    }

    /// Every form.
    pub fn forms(&self) -> Vec<Form> {
        let page = Html::parse_document(&self.html());
        page.select(&selector("form")).map(read_form).collect()
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl Form {
    /// The same with a field filled in, or changed.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with a box ticked.
    ///
    /// # Panics
    /// When there is no such box.
    #[must_use]
    pub fn tick(self, name: &str) -> Self {
        let value = self.boxes.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        self.with(name, &value.unwrap_or_else(|| panic!("there is no box {name}")))
    }

    /// What a field holds.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

fn read_form(form: ElementRef<'_>) -> Form {
    let attribute = |name| form.value().attr(name).unwrap_or_default().to_owned();
    let (mut fields, mut boxes) = (Vec::new(), Vec::new());
    for field in form.select(&selector("input, textarea, select")) {
        let value = field.value();
        let Some(name) = value.attr("name") else { continue };
        let kind = value.attr("type").unwrap_or("text");
        if kind == "checkbox" {
            boxes.push((name.to_owned(), value.attr("value").unwrap_or("on").to_owned()));
        }
        let chosen = match (value.name(), kind) {
            ("input", "checkbox" | "radio") if value.attr("checked").is_none() => continue,
            ("input", "file" | "submit" | "button") => continue,
            ("textarea", _) => field.text().collect(),
            ("select", _) => field
                .select(&selector("option[selected]"))
                .next()
                .and_then(|option| option.value().attr("value"))
                .unwrap_or_default()
                .to_owned(),
            ("input", "checkbox" | "radio") => value.attr("value").unwrap_or("on").to_owned(),
            _ => value.attr("value").unwrap_or_default().to_owned(),
        };
        fields.push((name.to_owned(), chosen));
    }
    Form {
        action: attribute("action"),
        method: attribute("method").to_lowercase(),
        multipart: attribute("enctype") == "multipart/form-data",
        fields,
        boxes,
    }
}

fn selector(css: &str) -> Selector {
    Selector::parse(css).unwrap_or_else(|error| panic!("{css}: {error}"))
}
