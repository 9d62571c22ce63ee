//! The file with the issuer's keys of all cards: hexadecimal, one to a line, readable by its owner alone.

use super::files;
use crate::{
    cli::Run,
    fail::{Exit, Fail, Outcome},
};
use authority_front::Text;
use core_card::protocol::Key;
use core_crypto::Dice;
use kit_keys::Provider;
use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// Octets of such a file: three lines.
const OCTETS: u64 = 4 << 10;

/// Where the keys of all cards are.
#[derive(clap::Args, Debug, Clone)]
pub(super) struct KeysFile {
    /// The keys of all cards of this issuer (発行者鍵, 外部認証鍵, 秘密鍵格納鍵)
    #[arg(long = "keys", value_name = "FILE", default_value = "card-keys.txt")]
    path: PathBuf,
}

/// The keys from which those of each card derive.
pub(crate) struct Keys {
    /// 発行者鍵.
    pub(crate) issuer: Key,
    /// 外部認証鍵.
    pub(crate) device: Key,
    /// 秘密鍵格納鍵.
    pub(crate) storage: Key,
}

/// The lines, in their order.
const NAMES: [&str; 3] = ["issuer", "device", "storage"];

impl Keys {
    /// New ones.
    pub(crate) fn random() -> Self {
        let key = || {
            let mut key = Key::default();
            Provider.fill(&mut *key);
            key
        };
        Self { issuer: key(), device: key(), storage: key() }
    }
}

impl KeysFile {
    /// Its path.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the keys.
    pub(super) fn read(&self, run: &Run) -> Outcome<Keys> {
        files::must_be_private(&self.path)?;
        let octets = Zeroizing::new(run.read_file(&self.path, OCTETS)?);
        parse(&octets).ok_or_else(|| malformed(&self.path))
    }

    /// Reads them, or makes them where there is no such file yet.
    pub(super) fn read_or_make(&self, run: &Run) -> Outcome<(Keys, bool)> {
        match self.path.symlink_metadata() {
            Err(error) if error.kind() == ErrorKind::NotFound => self.make().map(|keys| (keys, true)),
            _ => self.read(run).map(|keys| (keys, false)),
        }
    }

    fn make(&self) -> Outcome<Keys> {
        let keys = Keys::random();
        keys.write(&self.path)?;
        Ok(keys)
    }
}

impl Keys {
    /// Writes them to a new file, for its owner alone.
    pub(crate) fn write(&self, path: &Path) -> Outcome<()> {
        let mut text = Zeroizing::new(String::with_capacity(512));
        for (name, key) in NAMES.iter().zip([&self.issuer, &self.device, &self.storage]) {
            text.push_str(name);
            text.push(' ');
            key.iter().for_each(|octet| {
                text.push(hex_digit(octet >> 4));
                text.push(hex_digit(octet & 15));
            });
            text.push('\n');
        }
        files::write_new(path, text.as_bytes())
    }
}

fn hex_digit(value: u8) -> char {
    char::from_digit(u32::from(value), 16).expect("four bits are one hexadecimal digit")
}

fn parse(octets: &[u8]) -> Option<Keys> {
    let text = std::str::from_utf8(octets).ok()?;
    let mut keys = [None, None, None];
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (name, hex) = line.split_once(' ')?;
        let at = NAMES.iter().position(|known| *known == name)?;
        let slot = &mut keys[at];
        if slot.replace(key(hex.trim())?).is_some() {
            return None;
        }
    }
    let [issuer, device, storage] = keys;
    Some(Keys { issuer: issuer?, device: device?, storage: storage? })
}

fn key(hex: &str) -> Option<Key> {
    let mut key = Key::default();
    if hex.len() != 2 * key.len() || !hex.is_ascii() {
        return None;
    }
    for (octet, digits) in key.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
        let digit =
            |at: usize| char::from(digits[at]).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        *octet = digit(0)? << 4 | digit(1)?;
    }
    Some(key)
}

/// The keys cannot be read from the file.
pub(super) fn malformed(path: &Path) -> Fail {
    Fail::new(
        Exit::Usage,
        "card.keys_file",
        Text::new(
            format!("{} は鍵のファイルとして読めません。", path.display()),
            format!("{} is no file of card keys.", path.display()),
        ),
        Text::new(
            "issuer、device、storage の 3 行に、それぞれ 16 進数 64 桁が必要です。",
            "It has three lines, issuer, device and storage, each with 64 hexadecimal digits.",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn j4_a_file_of_keys_is_read_whole_or_not_at_all() {
        let line = |name: &str, digit: &str| format!("{name} {}\n", digit.repeat(64));
        let good =
            [line("issuer", "0"), line("storage", "F"), "# why\n\n".into(), line("device", "a")].concat();
        let keys = parse(good.as_bytes()).expect("read");
        assert_eq!((*keys.issuer, *keys.device, *keys.storage), ([0; 32], [0xaa; 32], [0xff; 32]));
        for bad in [
            line("issuer", "0"),
            good.clone() + &line("device", "b"),
            good.replace("storage", "store"),
            good.replace('a', "x"),
            good.replace("FF", ""),
            "\u{ff}".to_owned(),
        ] {
            assert!(parse(bad.as_bytes()).is_none(), "{bad}");
        }
    }
}
