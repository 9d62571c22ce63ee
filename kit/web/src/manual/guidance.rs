//! Which section of which manual is about which page.

/// Where the pages of a desk find what the manual says about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guidance {
    /// Where the manuals are: `/claims/manual`.
    pub folder: &'static str,
    /// The manual for pages that no line names.
    pub manual: &'static str,
    /// Pages and their sections: `("/claims/cases/{no}", "applicant#状況の見方")`. A line is about all pages below its
    /// path too, unless a longer line names them; `{…}` stands for any one step of a path.
    pub sections: &'static [(&'static str, &'static str)],
}

impl Guidance {
    /// The address of what is said about the page at `path`, which may have a query.
    pub fn link(&self, path: &str) -> String {
        format!("{}/{}", self.folder, self.section(path).unwrap_or(self.manual))
    }

    /// The section about the page at `path`, if a line names it.
    pub fn section(&self, path: &str) -> Option<&'static str> {
        let path = path.split('?').next().unwrap_or_default();
        let found =
            self.sections.iter().filter_map(|(pattern, section)| Some((closeness(pattern, path)?, *section)));
        found.max_by_key(|(closeness, _)| *closeness).map(|(_, section)| section)
    }
}

/// How exactly a pattern names a path or the beginning of it: by the steps it names, then by those it spells out.
fn closeness(pattern: &str, path: &str) -> Option<(usize, usize)> {
    let mut steps = path.split('/');
    let mut close = (0, 0);
    for wanted in pattern.split('/') {
        let step = steps.next()?;
        let any = wanted.starts_with('{');
        if !any && wanted != step {
            return None;
        }
        close = (close.0 + 1, close.1 + usize::from(!any));
    }
    Some(close)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_exact_line_counts() {
        let guidance = Guidance {
            folder: "/c/manual",
            manual: "a",
            sections: &[
                ("/c", "a#1"),
                ("/c/cases/{no}", "a#2"),
                ("/c/cases/{no}/load", "a#3"),
                ("/c/cases/new", "a#4"),
            ],
        };
        for (path, section) in [
            ("/c", Some("a#1")),
            ("/c/else", Some("a#1")),
            ("/c?page=2", Some("a#1")),
            ("/c/cases/7", Some("a#2")),
            ("/c/cases/7/more", Some("a#2")),
            ("/c/cases/7/load?lang=en", Some("a#3")),
            ("/c/cases/new", Some("a#4")),
            ("/cases", None),
            ("/", None),
        ] {
            assert_eq!(guidance.section(path), section, "{path}");
        }
        assert_eq!(guidance.link("/c/cases/7"), "/c/manual/a#2");
        assert_eq!(guidance.link("/gallery/x"), "/c/manual/a");
    }
}
