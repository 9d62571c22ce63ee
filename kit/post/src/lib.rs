//! Mail and notices, and the record of what was delivered (K11).
//!
//! A mail is queued in the transaction of the act that it tells of ([`queue_mail`]); [`Mailer`], a handler of
//! `kit-jobs`, hands it to the mail server:
//!
//! ```text
//!   queue_mail          the server takes the recipient         the server's 250
//!  (nothing) ──→ waiting ─────────────────────────→ sending ───────────────────→ sent
//!                  ↑ ↑ ↑    4xx, not reached, cut off │ │ 5xx, or tried for days
//!                  │ │ └──────────────────────────────┘ └────────→ failed
//!                  │ └─ stays here while no mail server is configured  │
//!                  └──────────── resend, or the job's button ──────────┘
//! ```
//!
//! No mail is lost: it waits until it is sent or has failed visibly. `sending` is committed just before the text
//! goes out and `sent`, with the end of the job, just after the server's 250. Whoever dies between the two leaves
//! a try whose outcome nobody knows; the mail goes out again with the same Message-ID and the same date, and
//! [`Mail::may_be_double`] says so for ever.
//!
//! Notices are the same for the board in the portal: [`put_notice`], [`notices`], [`mark_read`]; one may carry a file
//! ([`put_notice_with_file`], [`fetch_file`]).

mod address;
mod attachment;
mod dialogue;
mod mailer;
mod message;
mod notice;
mod outbox;
mod page;
mod queue;
mod record;
mod settings;
mod state;
#[cfg(feature = "testing")]
pub mod testing;
mod text;

pub use address::{Address, BadAddress};
pub use attachment::{Attachment, MAX_ATTACHED};
pub use mailer::Mailer;
pub use notice::{
    FileName, MAX_NOTICE_FILE, NewFile, NewNotice, Notice, NoticeFile, NoticeId, count_unread, fetch_file,
    mark_read, notice, notices, put_notice, put_notice_with_file, take_down,
};
pub use outbox::{Delivery, Filter, Mail, Resent, counts, deliveries, mail, mail_text, outbox, resend};
pub use page::{Page, Paged};
pub use queue::{MAIL_JOB, MailId, NewMail, queue_mail, queue_mail_with};
pub use settings::{BadSettings, MailSettings, Security, SmtpSettings};
pub use state::{MailState, Outcome};
pub use text::{MAX_NOTICE, MAX_SUBJECT, MAX_TEXT};

use kit_store::{Component, migrations};

/// The tables of this crate, for `Db::migrate`.
pub const COMPONENT: Component = Component {
    name: "post",
    migrations: migrations!(
        "../migrations/0001_post.sql",
        "../migrations/0002_notice_files.sql",
        "../migrations/0003_attachments.sql"
    ),
};
