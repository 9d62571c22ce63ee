//! All that the typesetter can see: two files and three fonts, in memory.

use crate::fonts::Fonts;
use kit_paper::PressError;
use std::sync::{Arc, LazyLock};
use typst::{
    Feature, Library, LibraryExt as _, World,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Duration},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};

static TEMPLATE: LazyLock<FileId> = LazyLock::new(|| named("paper.typ"));
static VALUES: LazyLock<FileId> = LazyLock::new(|| named("papers.json"));

fn named(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("a plain file name is a path");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// What is the same for every paper.
pub(crate) struct Shop {
    library: LazyHash<Library>,
    template: Source,
    pub(crate) fonts: Fonts,
}

impl Shop {
    pub(crate) fn open() -> Result<Self, PressError> {
        let template = Source::new(*TEMPLATE, include_str!("paper.typ").into());
        // For cells that name their row: without them a list of fields is read aloud as loose cells.
        let extras = [Feature::A11yExtras].into_iter().collect();
        let library = LazyHash::new(Library::builder().with_features(extras).build());
        Ok(Self { library, template, fonts: Fonts::read()? })
    }
}

/// What is set in the shop: papers, one after the other.
pub(crate) struct Sheet {
    shop: Arc<Shop>,
    values: Bytes,
}

impl Sheet {
    pub(crate) fn new(shop: &Arc<Shop>, values: Vec<u8>) -> Self {
        Self { shop: Arc::clone(shop), values: Bytes::new(values) }
    }
}

impl World for Sheet {
    fn library(&self) -> &LazyHash<Library> {
        &self.shop.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shop.fonts.book
    }

    fn main(&self) -> FileId {
        *TEMPLATE
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == *TEMPLATE { Ok(self.shop.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == *VALUES { Ok(self.values.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shop.fonts.all.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_no_other_file() {
        let shop = Arc::new(Shop::open().expect("the fonts are sound"));
        let sheet = Sheet::new(&shop, b"{}".to_vec());
        for name in ["etc/passwd", "papers.json/x", "other.typ"] {
            assert!(matches!(sheet.file(named(name)), Err(FileError::AccessDenied)), "{name}");
            assert!(matches!(sheet.source(named(name)), Err(FileError::AccessDenied)), "{name}");
        }
        assert!(sheet.source(*VALUES).is_err(), "the values are never source");
        assert!(sheet.file(*VALUES).is_ok() && sheet.source(*TEMPLATE).is_ok());
    }
}
