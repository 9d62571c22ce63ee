//! Cases as rows: every column is listed, and those of a status are matched together (C20).
//!
//! A row whose columns make no sense is a named error with table, column and id, and never half a case.

use super::{
    holds,
    names::{self, Called},
};
use crate::{
    case::{Case, Holding},
    status::Standing,
    words::{
        Application, Applied, AskedBy, Certificate, Channel, Choice, Consent, HolderId, KeyState, KeyWay,
        Pays, Rejection, RevocationAsk, RevokeReason,
    },
};
use core_words::{AuthorityId, CaseNumber, CertRef, Lang, OperatorId, Serial, UtcMicros, UtcSeconds, Yen};
use kit_desk::{Status, Stored};
use kit_store::{FromCell, Row, StoreError, Tx, params};

const COLUMNS: &str = "id, number, operator_id, status, version, holder, request, email, agreed, agreed_us, terms, \
                       fee_yen, months, applied_us, takes_us, rejection, rejection_text, custody, key_until_us, \
                       key_erased_us, fetched_us, authority, serial, not_before_s, not_after_s, issued_us, ask_by, \
                       ask_channel, ask_reason, ask_note, list_number, lang, due_us, renews";

const REFUSED: i16 = 1;
const WITHDRAWN: i16 = 2;

/// The case of this id.
pub(crate) fn load(tx: &mut Tx, id: i64) -> Result<Option<Stored<Case>>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM claims_case WHERE id = $1");
    tx.query_opt(&sql, params![id])?.as_ref().map(parse).transpose()
}

/// What a new row has beside the case.
pub(crate) struct Head<'a> {
    pub(crate) number: &'a str,
    pub(crate) operator: &'a OperatorId,
    pub(crate) holder_number: &'a str,
    pub(crate) holder_name: &'a str,
    pub(crate) holder_kana: &'a str,
}

/// A new row, in version 1; its id.
pub(crate) fn insert(tx: &mut Tx, head: &Head<'_>, case: &Case, now: UtcMicros) -> Result<i64, StoreError> {
    let id = tx.next_id()?;
    let application = case.application();
    let request = match &application.key {
        KeyWay::Service => None,
        KeyWay::Own(request) => Some(request.as_slice()),
    };
    let (agreed, agreed_at, due) = match &application.pays {
        Pays::Offset(consent) => (Some(&consent.version), Some(consent.at), None),
        Pays::Transfer { due } => (None, None, Some(*due)),
    };
    let called = Called { number: head.holder_number, name: head.holder_name, kana: head.holder_kana };
    let called = names::id_of(tx, head.operator, &called)?;
    tx.execute(
        "INSERT INTO claims_case (id, number, operator_id, status, version, changed_us, holder, holder_number, \
         holder_name, holder_kana, called, lang, request, email, agreed, agreed_us, due_us, terms, fee_yen, months, \
         applied_us, renews) \
         VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
        params![
            id,
            head.number,
            head.operator.as_str(),
            case.standing().code(),
            now,
            application.holder.0,
            head.holder_number,
            head.holder_name,
            head.holder_kana,
            called,
            lang_code(application.lang),
            request,
            &application.email,
            agreed,
            agreed_at,
            due,
            &application.applied.terms,
            application.applied.fee.0,
            i64::from(application.applied.months),
            application.at,
            application.renews.map(|number| number.to_string()),
        ],
    )?;
    holds::hold(tx, id, head.number, head.operator, holds::ended(case, now))?;
    Ok(id)
}

/// Stores `next` over `old`, if the row still has the status and the version of `old`; whether it had. What was
/// applied for is never changed.
pub(crate) fn update(
    tx: &mut Tx,
    old: &Stored<Case>,
    next: &Case,
    now: UtcMicros,
) -> Result<bool, StoreError> {
    let columns = Columns::of(next);
    let changed = tx.execute(
        "UPDATE claims_case SET status = $1, version = version + 1, changed_us = $2, takes_us = $3, rejection = $4, \
         rejection_text = $5, custody = $6, key_until_us = $7, key_erased_us = $8, fetched_us = $9, authority = $10, \
         serial = $11, not_before_s = $12, not_after_s = $13, issued_us = $14, ask_by = $15, ask_channel = $16, \
         ask_reason = $17, ask_note = $18, list_number = $19 WHERE id = $20 AND status = $21 AND version = $22",
        params![
            next.standing().code(),
            now,
            columns.takes,
            columns.rejection,
            columns.rejection_text,
            columns.custody,
            columns.key_until,
            columns.key_erased,
            columns.fetched,
            columns.authority,
            columns.serial,
            columns.not_before,
            columns.not_after,
            columns.issued,
            columns.ask_by,
            columns.ask_channel,
            columns.ask_reason,
            columns.ask_note,
            columns.list,
            old.id,
            old.case.standing().code(),
            old.version,
        ],
    )?;
    let (before, ended) = (holds::ended(&old.case, now), holds::ended(next, now));
    if changed == 1 && (before.is_some() || ended.is_some()) {
        holds::note(tx, old.id, ended)?;
    }
    Ok(changed == 1)
}

/// Keeps the number of the key that was made for a case that waits for its certificate; whether it was kept, also
/// when it is the one that was kept before.
pub(crate) fn keep_custody(tx: &mut Tx, id: i64, custody: i64) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE claims_case SET custody = $1 WHERE id = $2 AND status = $3 AND (custody IS NULL OR custody = $1)",
        params![custody, id, Standing::AwaitingIssue.code()],
    )?;
    Ok(changed == 1)
}

fn lang_code(lang: Lang) -> i16 {
    match lang {
        Lang::Ja => 1,
        Lang::En => 2,
    }
}

fn lang_of(code: i16) -> Option<Lang> {
    Lang::ALL.into_iter().find(|lang| lang_code(*lang) == code)
}

/// The columns that change with the status.
#[derive(Default)]
struct Columns<'a> {
    takes: Option<UtcMicros>,
    rejection: Option<i16>,
    rejection_text: Option<&'a str>,
    custody: Option<i64>,
    key_until: Option<UtcMicros>,
    key_erased: Option<UtcMicros>,
    fetched: Option<UtcMicros>,
    authority: Option<&'a str>,
    serial: Option<&'a [u8]>,
    not_before: Option<i64>,
    not_after: Option<i64>,
    issued: Option<UtcMicros>,
    ask_by: Option<i16>,
    ask_channel: Option<i16>,
    ask_reason: Option<i16>,
    ask_note: Option<&'a str>,
    list: Option<i64>,
}

impl<'a> Columns<'a> {
    fn of(case: &'a Case) -> Self {
        let mut columns = Self { takes: case.takes(), ..Self::default() };
        match case.rejection() {
            Some(Rejection::Refused(reason)) => {
                (columns.rejection, columns.rejection_text) = (Some(REFUSED), Some(reason.as_str()));
            }
            Some(Rejection::Withdrawn) => columns.rejection = Some(WITHDRAWN),
            None => {}
        }
        if let Case::AwaitingIssue { custody, .. } = case {
            columns.custody = *custody;
        }
        if let Some(holding) = case.holding() {
            columns.hold(holding);
        }
        if let Some(ask) = case.ask() {
            columns.ask_by = Some(ask.by.code());
            columns.ask_channel = Some(ask.channel.code());
            columns.ask_reason = Some(ask.reason.code());
            columns.ask_note = Some(&ask.note);
        }
        if let Case::Revoked { list, .. } = case {
            columns.list = Some(*list);
        }
        columns
    }

    fn hold(&mut self, holding: &'a Holding) {
        match &holding.key {
            KeyState::Own => {}
            KeyState::Kept { custody, until } => {
                (self.custody, self.key_until) = (Some(*custody), Some(*until));
            }
            KeyState::Erased { at } => self.key_erased = Some(*at),
        }
        let certificate = &holding.certificate;
        self.fetched = holding.fetched;
        self.authority = Some(certificate.cert.authority.as_str());
        self.serial = Some(certificate.cert.serial.octets());
        self.not_before = Some(certificate.not_before.0);
        self.not_after = Some(certificate.not_after.0);
        self.issued = Some(certificate.issued_at);
    }
}

/// A row on its way to a case: what a column holds, and what is wrong when it holds nothing.
struct Reader<'a> {
    row: &'a Row,
    id: i64,
}

impl<'a> Reader<'a> {
    fn maybe<T: FromCell<'a>>(&self, column: usize) -> Result<Option<T>, StoreError> {
        self.row.get(column)
    }

    fn must<T: FromCell<'a>>(&self, column: usize) -> Result<T, StoreError> {
        self.maybe(column)?.ok_or_else(|| self.nonsense(column))
    }

    fn none(&self, columns: &[usize]) -> Result<(), StoreError> {
        for column in columns {
            if !self.row.is_null(*column)? {
                return Err(self.nonsense(*column));
            }
        }
        Ok(())
    }

    fn nonsense(&self, column: usize) -> StoreError {
        let name = COLUMNS.split(", ").nth(column).unwrap_or("?").trim();
        StoreError::Corrupt(format!("claims_case {}: {name} does not fit the status", self.id))
    }

    fn application(&self) -> Result<Application, StoreError> {
        let months: i64 = self.must(12)?;
        Ok(Application {
            holder: HolderId(self.must(5)?),
            key: self.maybe::<Vec<u8>>(6)?.map_or(KeyWay::Service, KeyWay::Own),
            email: self.must(7)?,
            lang: lang_of(self.must(31)?).ok_or_else(|| self.nonsense(31))?,
            pays: self.pays()?,
            applied: Applied {
                terms: self.must(10)?,
                fee: Yen(self.must(11)?),
                months: u16::try_from(months).map_err(|_| self.nonsense(12))?,
            },
            renews: match self.maybe::<&str>(33)? {
                Some(number) => Some(CaseNumber::parse(number).map_err(|_| self.nonsense(33))?),
                None => None,
            },
            at: self.must(13)?,
        })
    }

    fn pays(&self) -> Result<Pays, StoreError> {
        match (self.maybe(8)?, self.maybe(9)?, self.maybe(32)?) {
            (Some(version), Some(at), None) => Ok(Pays::Offset(Consent { version, at })),
            (None, None, Some(due)) => Ok(Pays::Transfer { due }),
            _ => Err(self.nonsense(32)),
        }
    }

    fn rejection(&self) -> Result<Rejection, StoreError> {
        match (self.must::<i16>(15)?, self.maybe::<String>(16)?) {
            (REFUSED, Some(reason)) => Ok(Rejection::Refused(reason)),
            (WITHDRAWN, None) => Ok(Rejection::Withdrawn),
            _ => Err(self.nonsense(15)),
        }
    }

    fn holding(&self) -> Result<Holding, StoreError> {
        let application = self.application()?;
        let key = match (&application.key, self.maybe(17)?, self.maybe(18)?, self.maybe(19)?) {
            (KeyWay::Own(_), None, None, None) => KeyState::Own,
            (KeyWay::Service, Some(custody), Some(until), None) => KeyState::Kept { custody, until },
            (KeyWay::Service, None, None, Some(at)) => KeyState::Erased { at },
            _ => return Err(self.nonsense(17)),
        };
        let authority: String = self.must(21)?;
        let serial: Vec<u8> = self.must(22)?;
        let cert = CertRef {
            authority: AuthorityId::new(&authority).map_err(|_| self.nonsense(21))?,
            serial: Serial::from_magnitude(&serial).map_err(|_| self.nonsense(22))?,
        };
        let certificate = Certificate {
            cert,
            not_before: UtcSeconds(self.must(23)?),
            not_after: UtcSeconds(self.must(24)?),
            issued_at: self.must(25)?,
        };
        Ok(Holding { application, certificate, key, fetched: self.maybe(20)? })
    }

    fn ask(&self) -> Result<RevocationAsk, StoreError> {
        let choice = |column| self.must::<i16>(column);
        Ok(RevocationAsk {
            by: AskedBy::of_code(choice(26)?).ok_or_else(|| self.nonsense(26))?,
            channel: Channel::of_code(choice(27)?).ok_or_else(|| self.nonsense(27))?,
            reason: RevokeReason::of_code(choice(28)?).ok_or_else(|| self.nonsense(28))?,
            note: self.must(29)?,
        })
    }
}

const TAKES: usize = 14;
const REJECTION: &[usize] = &[15, 16];
const KEY: &[usize] = &[17, 18, 19, 20];
const CERTIFICATE: &[usize] = &[21, 22, 23, 24, 25];
const ASK: &[usize] = &[26, 27, 28, 29];
const LIST: usize = 30;

fn parse(row: &Row) -> Result<Stored<Case>, StoreError> {
    let reader = Reader { row, id: row.get(0)? };
    let operator: String = row.get(2)?;
    let standing = Standing::of_code(row.get(3)?).ok_or_else(|| reader.nonsense(3))?;
    let before_issue = || reader.none(&[CERTIFICATE, ASK, &[LIST]].concat());
    let case = match standing {
        Standing::Applied => {
            before_issue()?;
            reader.none(&[REJECTION, KEY, &[TAKES]].concat())?;
            Case::Applied(reader.application()?)
        }
        Standing::AwaitingPayment => {
            before_issue()?;
            reader.none(&[REJECTION, KEY, &[TAKES]].concat())?;
            Case::AwaitingPayment(reader.application()?)
        }
        Standing::IssueRequested => {
            before_issue()?;
            reader.none(&[REJECTION, KEY].concat())?;
            Case::IssueRequested { application: reader.application()?, takes: reader.must(TAKES)? }
        }
        Standing::AwaitingIssue => {
            before_issue()?;
            reader.none(&[REJECTION, &KEY[1..], &[TAKES]].concat())?;
            Case::AwaitingIssue { application: reader.application()?, custody: reader.maybe(17)? }
        }
        Standing::Issued => {
            reader.none(&[REJECTION, ASK, &[TAKES, LIST]].concat())?;
            Case::Issued(reader.holding()?)
        }
        Standing::RevocationRequested => {
            reader.none(&[REJECTION, &[LIST]].concat())?;
            let (holding, ask) = (reader.holding()?, reader.ask()?);
            Case::RevocationRequested { holding, ask, takes: reader.must(TAKES)? }
        }
        Standing::AwaitingRevocation => {
            reader.none(&[REJECTION, &[TAKES, LIST]].concat())?;
            Case::AwaitingRevocation { holding: reader.holding()?, ask: reader.ask()? }
        }
        Standing::Revoked => {
            reader.none(&[REJECTION, &[TAKES]].concat())?;
            Case::Revoked { holding: reader.holding()?, ask: reader.ask()?, list: reader.must(LIST)? }
        }
        Standing::Rejecting => {
            before_issue()?;
            reader.none(KEY)?;
            let (application, rejection) = (reader.application()?, reader.rejection()?);
            Case::Rejecting { application, rejection, takes: reader.must(TAKES)? }
        }
        Standing::Rejected => {
            before_issue()?;
            reader.none(&[KEY, &[TAKES]].concat())?;
            Case::Rejected { application: reader.application()?, rejection: reader.rejection()? }
        }
    };
    Ok(Stored {
        id: reader.id,
        number: row.get(1)?,
        operator: OperatorId::new(&operator).map_err(|_| reader.nonsense(2))?,
        version: row.get(4)?,
        case,
    })
}
