//! SPDX licence expressions, as far as crates use them.

use anyhow::{Result, bail};

/// Whether one may use something under `expression` when only licences that `allowed` accepts may be used.
///
/// `A WITH E` asks for exactly that text; `A/B`, an old form, means `A OR B`.
pub(crate) fn satisfied(expression: &str, allowed: &dyn Fn(&str) -> bool) -> Result<bool> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, allowed };
    let answer = reader.any()?;
    if !reader.words.is_empty() {
        bail!("'{expression}' is not a licence expression");
    }
    Ok(answer)
}

struct Reader<'a> {
    words: &'a [&'a str],
    allowed: &'a dyn Fn(&str) -> bool,
}

impl Reader<'_> {
    fn any(&mut self) -> Result<bool> {
        let mut answer = self.all()?;
        while self.takes("OR") {
            answer |= self.all()?;
        }
        Ok(answer)
    }

    fn all(&mut self) -> Result<bool> {
        let mut answer = self.one()?;
        while self.takes("AND") {
            answer &= self.one()?;
        }
        Ok(answer)
    }

    fn one(&mut self) -> Result<bool> {
        if self.takes("(") {
            let answer = self.any()?;
            if !self.takes(")") {
                bail!("a ')' is missing");
            }
            return Ok(answer);
        }
        let [name, rest @ ..] = self.words else { bail!("a licence is missing") };
        if matches!(*name, "AND" | "OR" | "WITH" | ")") {
            bail!("'{name}' where a licence should stand");
        }
        self.words = rest;
        if self.takes("WITH") {
            let [exception, rest @ ..] = self.words else { bail!("an exception is missing") };
            self.words = rest;
            return Ok((self.allowed)(&format!("{name} WITH {exception}")));
        }
        Ok((self.allowed)(name))
    }

    fn takes(&mut self, word: &str) -> bool {
        let found = self.words.first() == Some(&word);
        if found {
            self.words = &self.words[1..];
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::satisfied;

    fn ask(expression: &str) -> bool {
        satisfied(expression, &|l| {
            ["MIT", "Apache-2.0", "ISC", "Apache-2.0 WITH LLVM-exception"].contains(&l)
        })
        .unwrap()
    }

    #[test]
    fn expressions() {
        assert!(ask("MIT"));
        assert!(!ask("GPL-3.0"));
        assert!(ask("GPL-3.0 OR MIT"));
        assert!(ask("MIT/Apache-2.0"));
        assert!(!ask("MIT AND OpenSSL"));
        assert!(ask("ISC AND (Apache-2.0 OR ISC)"));
        assert!(ask("(MIT OR Apache-2.0) AND ISC"));
        assert!(ask("Apache-2.0 WITH LLVM-exception"));
        assert!(!ask("GPL-2.0 WITH Classpath-exception-2.0"));
        assert!(!ask("GPL-3.0 OR GPL-2.0 AND MIT"));
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in ["", "MIT OR", "(MIT", "MIT MIT", "AND", "MIT WITH"] {
            assert!(satisfied(bad, &|_| true).is_err(), "{bad}");
        }
    }
}
