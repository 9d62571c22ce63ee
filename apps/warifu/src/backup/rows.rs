//! Rows of a table in a file: a form that belongs to neither database.
//!
//! ```text
//! file = "warifu rows 1\n" row*          row = cell*, as many as the table has columns
//! cell = 00 | 01 int:8 | 02 len:4 utf8 | 03 len:4 octets            numbers are big-endian
//! ```
//! How many rows there are, and the SHA-256 of the file, stand in the manifest.

use super::{BackupError, tables::Kind};
use core_crypto::{Digest, HashAlg, Running};
use kit_keys::Provider;
use kit_store::{RowRef, Value};
use std::{
    fs::File,
    io::{BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

const MAGIC: &[u8] = b"warifu rows 1\n";
/// The longest value that is read back: nothing the house stores comes near.
const MAX_VALUE: usize = 64 << 20;

/// What was written: for the manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) octets: u64,
    pub(super) sha256: [u8; 32],
}

/// Writes a file and sums it up on the way; used for rows and for blobs.
pub(super) struct Summed {
    path: PathBuf,
    file: BufWriter<File>,
    hash: Box<dyn Running>,
    octets: u64,
}

impl Summed {
    /// Creates the file; one that exists is an error.
    pub(super) fn create(path: &Path) -> Result<Self, BackupError> {
        let file = File::options().write(true).create_new(true).open(path);
        let file = file.map_err(|e| BackupError::file(path, &e))?;
        Ok(Self {
            path: path.to_owned(),
            file: BufWriter::with_capacity(1 << 20, file),
            hash: Provider.start(HashAlg::Sha256),
            octets: 0,
        })
    }

    pub(super) fn put(&mut self, octets: &[u8]) -> Result<(), BackupError> {
        self.hash.update(octets);
        self.octets += octets.len() as u64;
        self.file.write_all(octets).map_err(|e| BackupError::file(&self.path, &e))
    }

    /// Makes the file durable.
    pub(super) fn finish(self) -> Result<Sum, BackupError> {
        let file = self.file.into_inner().map_err(|e| BackupError::file(&self.path, e.error()))?;
        file.sync_all().map_err(|e| BackupError::file(&self.path, &e))?;
        Ok(Sum { octets: self.octets, sha256: digest(self.hash) })
    }
}

/// The sum of a file that exists.
pub(super) fn sum(path: &Path) -> Result<Sum, BackupError> {
    let mut file = File::open(path).map_err(|e| BackupError::file(path, &e))?;
    let mut hash = Provider.start(HashAlg::Sha256);
    let mut buffer = vec![0; 1 << 20];
    let mut octets = 0;
    loop {
        match file.read(&mut buffer).map_err(|e| BackupError::file(path, &e))? {
            0 => return Ok(Sum { octets, sha256: digest(hash) }),
            n => {
                hash.update(&buffer[..n]);
                octets += n as u64;
            }
        }
    }
}

fn digest(hash: Box<dyn Running>) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(hash.finish().as_ref());
    out
}

/// Writes rows.
pub(super) struct RowWriter {
    out: Summed,
    row: Vec<u8>,
    pub(super) rows: u64,
}

impl RowWriter {
    pub(super) fn create(path: &Path) -> Result<Self, BackupError> {
        let mut out = Summed::create(path)?;
        out.put(MAGIC)?;
        Ok(Self { out, row: Vec::new(), rows: 0 })
    }

    pub(super) fn put(&mut self, row: RowRef<'_>, kinds: &[Kind]) -> Result<(), BackupError> {
        self.row.clear();
        for (i, kind) in kinds.iter().enumerate() {
            match kind {
                Kind::Int => match row.get::<Option<i64>>(i)? {
                    Some(n) => {
                        self.row.push(1);
                        self.row.extend_from_slice(&n.to_be_bytes());
                    }
                    None => self.row.push(0),
                },
                Kind::Text => self.value(2, row.get::<Option<&str>>(i)?.map(str::as_bytes)),
                Kind::Bytes => self.value(3, row.get::<Option<&[u8]>>(i)?),
            }
        }
        self.rows += 1;
        self.out.put(&self.row)
    }

    pub(super) fn finish(self) -> Result<(u64, Sum), BackupError> {
        Ok((self.rows, self.out.finish()?))
    }

    fn value(&mut self, tag: u8, octets: Option<&[u8]>) {
        match octets {
            Some(octets) => {
                let len = u32::try_from(octets.len()).expect("both databases keep values below 4 GiB");
                self.row.push(tag);
                self.row.extend_from_slice(&len.to_be_bytes());
                self.row.extend_from_slice(octets);
            }
            None => self.row.push(0),
        }
    }
}

/// Reads rows back. The file was compared with the manifest before; a form that does not fit is an error all the same.
pub(super) struct RowReader {
    name: String,
    input: BufReader<File>,
    columns: usize,
}

impl RowReader {
    pub(super) fn open(path: &Path, name: &str, columns: usize) -> Result<Self, BackupError> {
        let file = File::open(path).map_err(|e| BackupError::file(path, &e))?;
        let mut reader =
            Self { name: name.to_owned(), input: BufReader::with_capacity(1 << 20, file), columns };
        let mut magic = [0; MAGIC.len()];
        reader.fill(&mut magic)?;
        if magic == *MAGIC { Ok(reader) } else { Err(reader.damaged("is not a file of rows")) }
    }

    /// The next row; `None` after the last.
    pub(super) fn next(&mut self) -> Result<Option<Vec<Value<'static>>>, BackupError> {
        let mut first = [0];
        match self.input.read(&mut first) {
            Ok(0) => return Ok(None),
            Ok(_) => {}
            Err(e) => return Err(self.damaged(&e.to_string())),
        }
        let mut row = Vec::with_capacity(self.columns);
        row.push(self.cell(first[0])?);
        while row.len() < self.columns {
            let mut tag = [0];
            self.fill(&mut tag)?;
            row.push(self.cell(tag[0])?);
        }
        Ok(Some(row))
    }

    fn cell(&mut self, tag: u8) -> Result<Value<'static>, BackupError> {
        match tag {
            0 => Ok(Value::Null),
            1 => {
                let mut number = [0; 8];
                self.fill(&mut number)?;
                Ok(Value::Int(i64::from_be_bytes(number)))
            }
            2 => {
                let text = String::from_utf8(self.octets()?);
                text.map(Value::from).map_err(|_| self.damaged("has a text that is not UTF-8"))
            }
            3 => Ok(Value::from(self.octets()?)),
            _ => Err(self.damaged("has a cell of unknown kind")),
        }
    }

    fn octets(&mut self) -> Result<Vec<u8>, BackupError> {
        let mut len = [0; 4];
        self.fill(&mut len)?;
        let len = u32::from_be_bytes(len) as usize;
        if len > MAX_VALUE {
            return Err(self.damaged("has a value that is too long"));
        }
        let mut octets = vec![0; len];
        self.fill(&mut octets)?;
        Ok(octets)
    }

    fn fill(&mut self, out: &mut [u8]) -> Result<(), BackupError> {
        self.input.read_exact(out).map_err(|_| self.damaged("ends in the middle of a row"))
    }

    fn damaged(&self, what: &str) -> BackupError {
        BackupError::damaged(&*self.name, what)
    }
}
