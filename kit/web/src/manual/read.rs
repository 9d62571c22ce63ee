//! Markdown to the HTML of a manual: no HTML of the writer's own, an anchor at every heading, links and pictures that
//! can be checked, tables like all tables of the house.

use super::{Chapter, Manual, ManualError, Picture};
use crate::markup::escape;
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html::push_html};

/// What a manual may lead to.
pub(super) struct Surroundings<'a> {
    pub(super) folder: &'a str,
    pub(super) names: &'a [&'static str],
    pub(super) pictures: &'static [Picture],
}

/// A manual, and what is to be checked when all are read.
pub(super) struct Found {
    pub(super) manual: Manual,
    /// Places that are linked to: `name` or `name#anchor`.
    pub(super) links: Vec<String>,
    /// Names of the pictures that are shown.
    pub(super) pictures: Vec<&'static str>,
}

/// Reads one manual.
pub(super) fn read(name: &'static str, text: &str, around: &Surroundings<'_>) -> Result<Found, ManualError> {
    let manual =
        Manual { name, title: String::new(), chapters: vec![], anchors: vec![], body: String::new() };
    let found = Found { manual, links: Vec::new(), pictures: Vec::new() };
    let mut reader = Reader { around, found, out: Vec::new(), heard: None, after: Vec::new(), table: None };
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        reader.take(event)?;
    }
    let mut found = reader.found;
    if found.manual.title.is_empty() {
        return Err(ManualError::Title(name));
    }
    push_html(&mut found.manual.body, reader.out.into_iter());
    Ok(found)
}

struct Reader<'a> {
    around: &'a Surroundings<'a>,
    found: Found,
    out: Vec<Event<'a>>,
    /// The plain text of a heading, of a picture, or of a table's head: where it began in `out`, and what it says.
    heard: Option<(usize, String)>,
    /// What ends the links that are open.
    after: Vec<String>,
    table: Option<Columns>,
}

/// Where a table is read: its labels, and the next column of a line.
#[derive(Default)]
struct Columns {
    labels: Vec<String>,
    at: usize,
    head: bool,
}

impl<'a> Reader<'a> {
    fn take(&mut self, event: Event<'a>) -> Result<(), ManualError> {
        let name = self.found.manual.name;
        match event {
            Event::Html(html) | Event::InlineHtml(html) => Err(ManualError::Html(name, html.trim().into())),
            Event::Start(tag) => self.begin(tag),
            Event::End(tag) => self.end(tag),
            // Japanese has no blanks between words: a new line of the file is none on the page.
            Event::SoftBreak if self.ends_in_japanese() => Ok(()),
            event => {
                if let (Some((_, text)), Event::Text(more) | Event::Code(more)) = (&mut self.heard, &event) {
                    text.push_str(more);
                }
                self.out.push(event);
                Ok(())
            }
        }
    }

    fn begin(&mut self, tag: Tag<'a>) -> Result<(), ManualError> {
        match tag {
            Tag::Heading { .. } => self.listen(),
            Tag::Image { dest_url, .. } => {
                self.listen();
                self.after.push(dest_url.into_string());
            }
            Tag::Link { dest_url, .. } => self.link(&dest_url)?,
            Tag::Table(_) => {
                self.table = Some(Columns::default());
                self.html("<div class=\"table-hold\"><table role=\"table\">\n");
            }
            Tag::TableHead => {
                self.columns(|columns| columns.head = true);
                self.html("<thead role=\"rowgroup\"><tr role=\"row\">");
            }
            Tag::TableRow => {
                self.columns(|columns| columns.at = 0);
                self.html("<tr role=\"row\">");
            }
            Tag::TableCell => self.begin_cell(),
            Tag::HtmlBlock => {}
            tag => self.out.push(Event::Start(tag)),
        }
        Ok(())
    }

    fn end(&mut self, tag: TagEnd) -> Result<(), ManualError> {
        match tag {
            TagEnd::Heading(level) => self.heading(level)?,
            TagEnd::Image => self.picture()?,
            TagEnd::Link => {
                let end = self.after.pop().unwrap_or_default();
                self.html(end);
            }
            TagEnd::Table => {
                self.table = None;
                self.html("</tbody></table></div>\n");
            }
            TagEnd::TableHead => {
                self.columns(|columns| columns.head = false);
                self.html("</tr></thead>\n<tbody role=\"rowgroup\">");
            }
            TagEnd::TableRow => self.html("</tr>\n"),
            TagEnd::TableCell => self.end_cell(),
            TagEnd::HtmlBlock => {}
            tag => self.out.push(Event::End(tag)),
        }
        Ok(())
    }

    fn html(&mut self, html: impl Into<CowStr<'a>>) {
        self.out.push(Event::Html(html.into()));
    }

    fn ends_in_japanese(&self) -> bool {
        matches!(self.out.last(), Some(Event::Text(text)) if text.ends_with(|c: char| !c.is_ascii()))
    }

    fn listen(&mut self) {
        self.heard = Some((self.out.len(), String::new()));
    }

    /// What was heard; the events of it are taken out again.
    fn heard(&mut self) -> (Vec<Event<'a>>, String) {
        let (start, text) = self.heard.take().unwrap_or_default();
        (self.out.split_off(start.min(self.out.len())), text)
    }

    fn heading(&mut self, level: HeadingLevel) -> Result<(), ManualError> {
        let (inner, title) = self.heard();
        let manual = &mut self.found.manual;
        if level == HeadingLevel::H1 {
            if !manual.title.is_empty() {
                return Err(ManualError::Title(manual.name));
            }
            manual.title = title;
            return Ok(());
        }
        let id = anchor(&title);
        if manual.anchors.contains(&id) {
            return Err(ManualError::Twice(manual.name, title));
        }
        manual.anchors.push(id.clone());
        if level == HeadingLevel::H2 {
            manual.chapters.push(Chapter { id: id.clone(), title });
        }
        self.html(format!("<{level} id=\"{}\">", escape(&id)));
        self.out.extend(inner);
        self.html(format!("</{level}>\n"));
        Ok(())
    }

    fn picture(&mut self) -> Result<(), ManualError> {
        let (_, alt) = self.heard();
        let target = self.after.pop().unwrap_or_default();
        let name = self.found.manual.name;
        if alt.trim().is_empty() {
            return Err(ManualError::NoAlt(name, target));
        }
        let known = self.around.pictures.iter().find(|p| target.strip_prefix("pictures/") == Some(p.name));
        let Some((picture, (width, height))) = known.and_then(|picture| Some((picture, picture.size()?)))
        else {
            return Err(ManualError::NoPicture(name, target));
        };
        self.found.pictures.push(picture.name);
        self.html(format!(
            "<img src=\"{}/pictures/{}\" alt=\"{}\" width=\"{width}\" height=\"{height}\" loading=\"lazy\">",
            escape(self.around.folder),
            escape(picture.name),
            escape(&alt)
        ));
        Ok(())
    }

    /// To a place in this manual, to another manual, into the network, or to a document of the project, which is not
    /// served: its name stands behind the words then.
    fn link(&mut self, target: &str) -> Result<(), ManualError> {
        let own = self.found.manual.name;
        let (file, id) = target.split_once('#').map_or((target, None), |(file, id)| (file, Some(id)));
        let manual = if file.is_empty() { Some(own) } else { file.strip_suffix(".md") };
        let manual = manual.filter(|name| self.around.names.contains(name));
        let href = match (manual, id) {
            (Some(name), Some(id)) => {
                self.found.links.push(format!("{name}#{id}"));
                if name == own { format!("#{id}") } else { format!("{}/{name}#{id}", self.around.folder) }
            }
            (Some(name), None) => format!("{}/{name}", self.around.folder),
            (None, _) if target.starts_with("https://") => target.to_owned(),
            (None, _) => {
                let outside = file.strip_prefix("../../").filter(|rest| !rest.starts_with('.'));
                let Some(rest) = outside else {
                    return Err(ManualError::Link(own, target.to_owned()));
                };
                self.after.push(format!("（<code>docs/{}</code>）", escape(rest)));
                return Ok(());
            }
        };
        self.html(format!("<a href=\"{}\">", escape(&href)));
        self.after.push("</a>".to_owned());
        Ok(())
    }

    fn columns(&mut self, change: impl FnOnce(&mut Columns)) {
        if let Some(columns) = &mut self.table {
            change(columns);
        }
    }

    fn begin_cell(&mut self) {
        let Some(columns) = &mut self.table else { return };
        if columns.head {
            self.listen();
            return;
        }
        let label = columns.labels.get(columns.at).map(|label| escape(label)).unwrap_or_default();
        columns.at += 1;
        self.html(format!(
            "<td role=\"cell\"><span class=\"cell-label\" aria-hidden=\"true\">{label}</span><span class=\"cell\">"
        ));
    }

    fn end_cell(&mut self) {
        if self.table.as_ref().is_some_and(|columns| !columns.head) {
            self.html("</span></td>");
            return;
        }
        let (_, label) = self.heard();
        self.html(format!("<th role=\"columnheader\" scope=\"col\">{}</th>", escape(&label)));
        self.columns(|columns| columns.labels.push(label));
    }
}

/// The anchor of a heading, as hosts of code make it: small letters, blanks as hyphens, no punctuation.
fn anchor(title: &str) -> String {
    let kept = title.trim().chars().filter_map(|c| match c {
        ' ' => Some('-'),
        c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
        _ => None,
    });
    kept.flat_map(char::to_lowercase).collect()
}
