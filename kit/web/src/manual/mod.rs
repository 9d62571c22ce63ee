//! Manuals: Markdown in the binary, shown as pages, and reached from the help of every page.
//!
//! ```text
//! docs/manual/DESK/*.md ─→ Handbook::read (once, at the first look; a test reads it before) ─→ Manual ─→ page
//! page's path ─→ Guidance (in the desk's DoorLabel) ─→ the link below the help: the section on this page
//! ```
//! What a reader on paper or on a code host sees is the same text: headings have the anchors such hosts give
//! them, links go from file to file.

mod guidance;
mod picture;
mod read;

pub use guidance::Guidance;
pub use picture::Picture;

use crate::{
    markup::{Markup, Stack, escape},
    texts::Say,
};

/// Manuals that belong together, and their pictures. Links and pictures were checked when it was read.
#[derive(Debug)]
pub struct Handbook {
    manuals: Vec<Manual>,
    pictures: &'static [Picture],
}

/// One manual.
#[derive(Clone, Debug)]
pub struct Manual {
    /// Its name: the last part of its address, and of its file without `.md`.
    pub name: &'static str,
    /// Its only heading of the first level.
    pub title: String,
    /// Its headings of the second level.
    pub chapters: Vec<Chapter>,
    anchors: Vec<String>,
    body: String,
}

/// A heading of a manual.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// Its anchor.
    pub id: String,
    /// What it says.
    pub title: String,
}

/// Why a manual cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManualError {
    /// HTML in the text: manuals have none.
    #[error("{0}: HTML is not allowed: {1}")]
    Html(&'static str, String),
    /// Not exactly one heading of the first level.
    #[error("{0}: a manual has one title")]
    Title(&'static str),
    /// A heading is there twice: a link to it could mean either.
    #[error("{0}: the heading '{1}' is there twice")]
    Twice(&'static str, String),
    /// A link leads nowhere.
    #[error("{0}: the link to '{1}' leads nowhere")]
    Link(&'static str, String),
    /// A picture that is not there, or is none.
    #[error("{0}: there is no picture '{1}'")]
    NoPicture(&'static str, String),
    /// A picture without a text for those who do not see it.
    #[error("{0}: the picture '{1}' has no text")]
    NoAlt(&'static str, String),
    /// A picture that no manual shows.
    #[error("the picture '{0}' is shown nowhere")]
    Unused(&'static str),
}

impl Handbook {
    /// The manuals under `folder` (`/claims/manual`): name and Markdown of each. Pictures are named in the text as
    /// `pictures/NAME`, and are served as `FOLDER/pictures/NAME`.
    ///
    /// # Errors
    /// [`ManualError`], the first one found.
    pub fn read(
        folder: &str,
        texts: &[(&'static str, &str)],
        pictures: &'static [Picture],
    ) -> Result<Self, ManualError> {
        let names: Vec<&str> = texts.iter().map(|(name, _)| *name).collect();
        let mut manuals = Vec::new();
        let (mut links, mut shown) = (Vec::new(), Vec::new());
        for (name, text) in texts {
            let found = read::read(name, text, &read::Surroundings { folder, names: &names, pictures })?;
            links.extend(found.links.into_iter().map(|link| (*name, link)));
            shown.extend(found.pictures);
            manuals.push(found.manual);
        }
        let book = Self { manuals, pictures };
        if let Some((name, place)) = links.into_iter().find(|(_, place)| !book.has(place)) {
            return Err(ManualError::Link(name, place));
        }
        match pictures.iter().find(|picture| !shown.contains(&picture.name)) {
            Some(picture) => Err(ManualError::Unused(picture.name)),
            None => Ok(book),
        }
    }

    /// The manuals, in the order in which they were given.
    pub fn manuals(&self) -> &[Manual] {
        &self.manuals
    }

    /// The manual of this name.
    pub fn manual(&self, name: &str) -> Option<&Manual> {
        self.manuals.iter().find(|manual| manual.name == name)
    }

    /// The picture of this name.
    pub fn picture(&self, name: &str) -> Option<&Picture> {
        self.pictures.iter().find(|picture| picture.name == name)
    }

    /// Whether there is such a place: a manual, or `manual#anchor`.
    pub fn has(&self, place: &str) -> bool {
        let (name, anchor) = place.split_once('#').map_or((place, None), |(name, id)| (name, Some(id)));
        self.manual(name).is_some_and(|manual| {
            anchor.is_none_or(|anchor| manual.anchors.iter().any(|known| known == anchor))
        })
    }
}

impl Manual {
    /// The manual below its heading: table of contents, then the text. Manuals are in Japanese, whatever the language
    /// of the page.
    pub fn body(&self, say: &Say) -> Stack {
        let lines: String = self.chapters.iter().map(Chapter::line).collect();
        let contents = escape(&say.t("web-manual-contents"));
        Stack::new().markup(Markup::ready(format!(
            "<nav class=\"contents\" aria-labelledby=\"contents\"><h2 id=\"contents\">{contents}</h2>\
             <ol lang=\"ja\">{lines}</ol></nav>\n<div class=\"manual\" lang=\"ja\">\n{}</div>\n",
            self.body
        )))
    }
}

impl Chapter {
    fn line(&self) -> String {
        format!("<li><a href=\"#{}\">{}</a></li>", escape(&self.id), escape(&self.title))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PICTURES: &[Picture] = &[Picture { name: "a.webp", octets: picture::tests::WEBP }];

    fn read(text: &str) -> Result<Handbook, ManualError> {
        let shown = format!("{text}\n\n![絵](pictures/a.webp)\n");
        Handbook::read("/m", &[("one", &shown), ("two", "# 二\n\n## ほか・の 節\n")], PICTURES)
    }

    fn html(text: &str) -> String {
        let book = read(text).expect("a manual");
        let body = book.manual("one").expect("is there").body(&crate::testing::say(core_words::Lang::Ja));
        body.to_string()
    }

    #[test]
    fn a_manual_has_contents_anchors_and_pictures_of_known_size() {
        let page = html(
            "# 一\n\n## はじめに\n\n1. 「A」を押す\n2. <b>\n\n### Step 2: Go\n\n[二](two.md#ほかの-節)"
                .replace("<b>", "b")
                .as_str(),
        );
        for part in [
            "<a href=\"#はじめに\">はじめに</a>",
            "<h2 id=\"はじめに\">はじめに</h2>",
            "<h3 id=\"step-2-go\">Step 2: Go</h3>",
            "<ol>\n<li>「A」を押す</li>",
            "<a href=\"/m/two#ほかの-節\">二</a>",
            "<img src=\"/m/pictures/a.webp\" alt=\"絵\" width=\"2\" height=\"3\" loading=\"lazy\">",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert_eq!(page.matches("<h1").count(), 0, "{page}");
    }

    #[test]
    fn a_table_is_a_table_of_the_house() {
        let page = html("# 一\n\n| 状況 | 意味 |\n|---|---|\n| **1** | あ&い |\n");
        assert!(page.contains("<th role=\"columnheader\" scope=\"col\">状況</th>"), "{page}");
        let cell = "<td role=\"cell\"><span class=\"cell-label\" aria-hidden=\"true\">意味</span>\
                    <span class=\"cell\">あ&amp;い</span></td>";
        assert!(page.contains(cell), "{page}");
    }

    #[test]
    fn lines_of_the_file_are_one_line_on_the_page() {
        assert!(html("# 一\n\n日本\n語").contains("<p>日本語</p>"));
        assert!(html("# 一\n\na b\nc").contains("<p>a b\nc</p>"));
    }

    #[test]
    fn a_document_beside_the_manuals_is_named() {
        let page = html("# 一\n\n[控え](../../operate/backup-and-restore.md)を読む。");
        assert!(page.contains("控え（<code>docs/operate/backup-and-restore.md</code>）を読む。"), "{page}");
    }

    #[test]
    fn what_would_rot_is_refused() {
        let fault = |text: &str| read(text).expect_err(text);
        assert_eq!(fault("# 一\n\n[a](two.md#無い)"), ManualError::Link("one", "two#無い".into()));
        assert_eq!(fault("# 一\n\n[a](#無い)"), ManualError::Link("one", "one#無い".into()));
        assert_eq!(fault("# 一\n\n[a](three.md)"), ManualError::Link("one", "three.md".into()));
        assert_eq!(fault("# 一\n\n[a](javascript:x)"), ManualError::Link("one", "javascript:x".into()));
        assert_eq!(fault("# 一\n\n## あ\n\n## あ"), ManualError::Twice("one", "あ".into()));
        assert_eq!(
            fault("# 一\n\n![x](pictures/b.webp)"),
            ManualError::NoPicture("one", "pictures/b.webp".into())
        );
        assert_eq!(
            fault("# 一\n\n![](pictures/a.webp)"),
            ManualError::NoAlt("one", "pictures/a.webp".into())
        );
        assert_eq!(fault("## あ"), ManualError::Title("one"));
        assert_eq!(fault("# あ\n\n# い"), ManualError::Title("one"));
        assert!(matches!(fault("# 一\n\n<script>x</script>"), ManualError::Html("one", _)));
        assert!(matches!(fault("# 一\n\na <b>x</b>"), ManualError::Html("one", _)));
        let unused = Handbook::read("/m", &[("one", "# 一")], PICTURES).expect_err("a picture too many");
        assert_eq!(unused, ManualError::Unused("a.webp"));
    }
}
