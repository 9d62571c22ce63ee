//! Import and export of records by a file (C23).
//!
//! A file is looked at line by line before anything is entered: with anything wrong nothing is. Its lines are then those
//! of a run ([`Work::Import`]), each of them entered whole or not at all, and never twice: a line that a record already
//! agrees with changes nothing. No step holds the lines of the whole file.

use super::{
    Halt, NewOffice, Put, Who, put, put_easy,
    sheet::{self, Looked, OfficeLine},
};
use crate::{
    Claims, no,
    status::Hat,
    store::{
        holders::{self, Record},
        runs::{self, NewLine, RunId, Waiting},
    },
    words::HolderNumber,
    work::Work,
};
use core_sheet::{BadSheet, CannotWrite, Encoding, Findings, Writing};
use core_words::{Kind, Refusal, Text};
use kit_desk::Doer;
use kit_gate::Scope;
use kit_store::{StoreError, Tx};
use std::sync::Arc;
use tokio::sync::mpsc;

/// How many lines are looked at, compared and written at a time.
const CHUNK: usize = 500;
/// How many records are read at a time for a file.
const READ: i64 = 1_000;

/// What a file would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// How many holders it would enter.
    pub new: u64,
    /// How many records it would change.
    pub changed: u64,
    /// How many of its lines say what is entered already.
    pub same: u64,
    /// Lines with a number whose last digit does not follow the rule, at most 200.
    pub doubts: Vec<(u64, HolderNumber)>,
    /// How many of those there are in all.
    pub doubted: u64,
}

/// Why nothing of a file is taken.
#[derive(Clone, Debug)]
pub enum NotTaken {
    /// It cannot be read as a whole.
    Sheet(BadSheet),
    /// Something is wrong with single lines.
    Lines(Box<Findings>),
    /// Something else refuses it.
    Refused(Box<Refusal>),
}

impl From<Refusal> for NotTaken {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl Claims {
    /// What a file would do: reads only.
    ///
    /// # Errors
    /// [`NotTaken`].
    pub async fn look_at_import(&self, scope: Scope, octets: Arc<Vec<u8>>) -> Result<Plan, NotTaken> {
        let looked = self.look(octets.clone()).await?;
        self.compare(scope, octets, looked, None).await
    }

    /// Prepares a run with the lines of a file; it does nothing before it is begun ([`Claims::begin_run`]).
    ///
    /// # Errors
    /// [`NotTaken`].
    pub async fn prepare_import(
        &self,
        scope: Scope,
        octets: Arc<Vec<u8>>,
        doer: Doer<Hat>,
    ) -> Result<(RunId, Plan), NotTaken> {
        // Nothing is written for a file of which anything is wrong.
        let looked = self.look(octets.clone()).await?;
        self.give_up_imports(scope.clone(), doer.account).await?;
        let mut token = [0; 16];
        self.dice().fill(&mut token);
        let token = format!("import-{:032x}", u128::from_be_bytes(token));
        let run = match self.open_run(scope.clone(), Work::Import, token, doer).await? {
            crate::service::Opened::New(run) | crate::service::Opened::Already(run) => run,
        };
        let plan = self.compare(scope, octets, looked, Some(run)).await?;
        Ok((run, plan))
    }

    /// Imports that this account prepared and never began: looked over, and left.
    async fn give_up_imports(&self, scope: Scope, account: Option<i64>) -> Result<(), Refusal> {
        let now = self.now();
        self.manage(move |tx, _| Ok(runs::give_up(tx, &scope, Work::Import.slug(), account, now)?)).await
    }

    /// Reads a file without keeping anything of it.
    async fn look(&self, octets: Arc<Vec<u8>>) -> Result<Looked, NotTaken> {
        let read = tokio::task::spawn_blocking(move || sheet::read(&octets, |_| {}));
        let looked = read.await.map_err(broke_off)?.map_err(NotTaken::Sheet)?;
        match looked.findings.is_empty() {
            true => Ok(looked),
            false => Err(NotTaken::Lines(Box::new(looked.findings))),
        }
    }

    /// Compares a file with what is entered, a stretch of lines after the other, and gives them to a run if there is one.
    async fn compare(
        &self,
        scope: Scope,
        octets: Arc<Vec<u8>>,
        Looked { doubts, doubted, .. }: Looked,
        run: Option<RunId>,
    ) -> Result<Plan, NotTaken> {
        let mut plan = Plan { doubts, doubted, ..Plan::default() };
        let (send, mut receive) = mpsc::channel::<Vec<OfficeLine>>(1);
        let reading = tokio::task::spawn_blocking(move || {
            let mut chunk = Vec::with_capacity(CHUNK);
            let read = sheet::read(&octets, |line| {
                chunk.push(line);
                if chunk.len() == CHUNK {
                    // Whoever compares has gone away when it fails; the rest is read in vain, and soon.
                    let _ = send.blocking_send(std::mem::take(&mut chunk));
                }
            });
            let _ = send.blocking_send(chunk);
            read.map(drop)
        });
        while let Some(lines) = receive.recv().await {
            let (within, numbers) = (scope.clone(), Arc::new(lines));
            let looked_for = numbers.clone();
            let puts = self
                .read(move |tx| {
                    let numbers = looked_for.iter().map(|line| &line.office.number);
                    let records = holders::records(tx, &within, numbers)?;
                    let would = |(line, record): (&OfficeLine, _)| would(&line.office, record);
                    Ok(looked_for.iter().zip(records).map(would).collect::<Vec<_>>())
                })
                .await?;
            for became in puts {
                match became {
                    Put::Entered => plan.new += 1,
                    Put::Changed => plan.changed += 1,
                    Put::Same => plan.same += 1,
                }
            }
            if let Some(run) = run {
                self.add_lines(run, numbers.iter().map(to_line).collect()).await?;
            }
        }
        reading.await.map_err(broke_off)?.map_err(NotTaken::Sheet)?;
        Ok(plan)
    }

    /// All records as a file, in the order of their numbers: in UTF-8 with a mark, or in Shift_JIS.
    ///
    /// # Errors
    /// `claims.cannot_write` where Shift_JIS lacks a character, and which; `claims.unavailable`.
    pub async fn export_offices(&self, scope: Scope, shift_jis: bool) -> Result<Vec<u8>, Refusal> {
        let encoding = if shift_jis { Encoding::Cp932 } else { Encoding::Utf8Mark };
        let mut file = sheet::File::new(&Writing { encoding, ..Writing::default() });
        let mut after = String::new();
        loop {
            let (within, from) = (scope.clone(), after.clone());
            let records = self.read(move |tx| holders::records_after(tx, &within, &from, READ)).await?;
            let Some(last) = records.last() else { break };
            after = last.holder.number.as_str().to_owned();
            records.iter().for_each(|record| file.add(record));
        }
        file.finish().map_err(|error| cannot_write(&error))
    }
}

/// What a line would do, beside the record of its number.
fn would(new: &NewOffice, record: Option<Record>) -> Put {
    match record {
        None => Put::Entered,
        Some(record) if new.is_as(&record) => Put::Same,
        Some(_) => Put::Changed,
    }
}

/// A line of a file as a line of a run: its number in the file, then its cells.
fn to_line(line: &OfficeLine) -> NewLine {
    let NewOffice { number, name, kana, postal, address, phone, email } = &line.office;
    let form = (line.line, [name, kana, postal, address, phone, email]);
    let payload = serde_json::to_vec(&form).expect("texts and a number have a form in JSON");
    NewLine { subject: number.to_string(), payload }
}

/// Back again; `None`: no release wrote that.
fn of_line(subject: &str, payload: &[u8]) -> Option<OfficeLine> {
    let (line, [name, kana, postal, address, phone, email]) =
        serde_json::from_slice::<(u64, [String; 6])>(payload).ok()?;
    let number = HolderNumber::new(subject)?;
    Some(OfficeLine { line, office: NewOffice { number, name, kana, postal, address, phone, email } })
}

/// Carries out one line, in a transaction under way; what became of it.
pub(crate) fn line(
    tx: &mut Tx,
    claims: &Claims,
    scope: &Scope,
    (subject, payload): (&str, &[u8]),
    doer: &Doer<Hat>,
) -> Result<Text, Halt> {
    let corrupt = || StoreError::Corrupt(format!("claims_run_line: payload of {subject}"));
    let OfficeLine { line, office } = of_line(subject, payload).ok_or_else(corrupt)?;
    let put = put(tx, claims, scope, &office, &Who::from(doer.clone()))?;
    Ok(became(line, put))
}

/// Carries out the lines that need no look of their own, all at once; what became of each, `None` for those that are
/// left to [`line`].
pub(crate) fn easy_lines(
    tx: &mut Tx,
    claims: &Claims,
    scope: &Scope,
    waiting: &[Waiting],
    doer: &Doer<Hat>,
) -> Result<Vec<Option<Text>>, StoreError> {
    let lines: Vec<_> = waiting.iter().map(|line| of_line(&line.subject, &line.payload)).collect();
    let offices: Vec<&NewOffice> = lines.iter().flatten().map(|line| &line.office).collect();
    let mut puts = put_easy(tx, claims, scope, &offices, &Who::from(doer.clone()))?.into_iter();
    let told = |line: &Option<OfficeLine>| {
        let line = line.as_ref()?;
        puts.next().flatten().map(|put| became(line.line, put))
    };
    Ok(lines.iter().map(told).collect())
}

fn became(line: u64, put: Put) -> Text {
    match put {
        Put::Entered => Text::new(format!("{line}行目：登録しました"), format!("Line {line}: entered")),
        Put::Changed => Text::new(format!("{line}行目：変更しました"), format!("Line {line}: changed")),
        Put::Same => Text::new(format!("{line}行目：変更なし"), format!("Line {line}: as it was")),
    }
}

fn broke_off(error: tokio::task::JoinError) -> Refusal {
    tracing::error!(%error, "reading a file broke off");
    no::unavailable()
}

fn cannot_write(error: &CannotWrite) -> Refusal {
    let text = error.text();
    Refusal::new(
        Kind::Refused,
        "claims.cannot_write",
        text,
        Text::new("UTF-8で保存してください。", "Save it in UTF-8."),
    )
}

#[cfg(test)]
mod tests;
