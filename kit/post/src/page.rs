//! A page of a list: which, and what is on it.

/// Which page of a list: numbered from 1, of so many rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    number: u32,
    size: u32,
}

impl Page {
    /// The most rows on one page.
    pub const MAX_SIZE: u32 = 200;

    /// Page `number`, the first being 1, of `size` rows. What is out of range becomes the nearest that is not.
    pub fn new(number: u32, size: u32) -> Self {
        // The last page that an offset of 32 bits can name.
        let size = size.clamp(1, Self::MAX_SIZE);
        Self { number: number.clamp(1, u32::MAX / Self::MAX_SIZE), size }
    }

    /// The first page, of 50 rows.
    pub fn first() -> Self {
        Self::new(1, 50)
    }

    /// Its number, from 1.
    pub fn number(self) -> u32 {
        self.number
    }

    /// Rows on a page.
    pub fn size(self) -> u32 {
        self.size
    }

    /// Rows before this page.
    pub(crate) fn offset(self) -> u32 {
        (self.number - 1) * self.size
    }
}

/// The rows of one page, and how many there are on all pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paged<T> {
    /// Those of this page.
    pub rows: Vec<T>,
    /// Those of all pages.
    pub total: u64,
}
