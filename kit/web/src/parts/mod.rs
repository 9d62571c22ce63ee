//! Components: each a struct that is its own template, put into a page by `{{ panel }}`.
//!
//! What a component says of its own (必須, 変更する, 前へ) comes from this crate's texts, so its constructor takes
//! the [`Say`](crate::Say) of the page. What it says of the case comes from the caller, ready in that language.

mod action;
mod banner;
mod certificate;
mod check;
mod code;
mod details;
mod doors;
mod errors;
mod field;
mod form;
mod notices;
mod pager;
mod progress;
mod search;
mod status;
mod steps;
mod table;
mod timeline;
mod warning;

pub use action::{Action, Actions, Go};
pub use banner::Banner;
pub use certificate::CertificateCard;
pub use check::{Answer, CheckAnswers, Done};
pub use code::CopyCode;
pub use details::{BackLink, Details, Fold, Row, Tag};
pub use doors::{Door, Doors};
pub use errors::ErrorSummary;
pub use field::{Choice, Field, Width};
pub use form::Form;
pub use notices::{Notice, NoticeList};
pub use pager::Pager;
pub use progress::Progress;
pub use search::{Chip, Search};
pub use status::{NextStep, StatusPanel, StatusTag};
pub use steps::Steps;
pub use table::{Align, Bulk, Cell, Column, Empty, Line, Sorted, Table};
pub use timeline::{Entry, Timeline};
pub use warning::{Undo, Warning};

/// Marks components as finished HTML, so that `{{ component }}` is not escaped again.
macro_rules! finished {
    ($($part:ty),+ $(,)?) => {
        $(impl askama::filters::HtmlSafe for $part {})+
    };
}

finished!(
    Actions,
    Banner,
    CertificateCard,
    CheckAnswers,
    Done,
    CopyCode,
    BackLink,
    Fold,
    Details,
    Tag,
    Doors,
    ErrorSummary,
    Field,
    Form,
    NoticeList,
    Pager,
    Progress,
    Search,
    StatusPanel,
    StatusTag,
    Steps,
    Table,
    Timeline,
    Warning,
    crate::markup::Stack,
);
