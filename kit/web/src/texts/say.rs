//! Saying a text in one language.

use super::{Arg, Texts};
use crate::dates::{self, Day};
use core_words::{Lang, Text, UtcMicros, Yen};
use fluent_bundle::FluentArgs;

/// All texts in one language, with the house's forms of dates, money and numbers. Cheap to clone.
///
/// Values are taken owned or borrowed, as templates hand them over by reference.
#[derive(Clone)]
pub struct Say {
    texts: Texts,
    lang: Lang,
}

impl Say {
    pub(super) fn new(texts: Texts, lang: Lang) -> Self {
        Self { texts, lang }
    }

    /// The language.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The same in the other language or this one.
    pub fn in_lang(&self, lang: Lang) -> Self {
        Self { texts: self.texts.clone(), lang }
    }

    /// The text of a key. An unknown key comes back as `⟦key⟧` and is logged as an error.
    pub fn t(&self, key: &str) -> String {
        self.with(key, [])
    }

    /// The text of a key with arguments. What went wrong shows as `⟦key⟧` in the text and in the log.
    pub fn with<'a>(&self, key: &str, args: impl AsRef<[(&'a str, Arg)]>) -> String {
        let args = args.as_ref();
        let bundle = self.texts.bundle(self.lang);
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::error!(key, lang = self.lang.tag(), "no such text");
            return format!("⟦{key}⟧");
        };
        let mut values = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            values.set(*name, value.value());
        }
        let mut errors = Vec::new();
        let said = bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned();
        if errors.is_empty() {
            return said;
        }
        tracing::error!(key, lang = self.lang.tag(), ?errors, "a text lacks an argument");
        format!("{said}⟦{key}⟧")
    }

    /// The text of a key in both languages, for what outlives the page: errors at fields, notices.
    pub fn both(&self, key: &str) -> Text {
        self.both_with(key, [])
    }

    /// [`both`](Self::both) with arguments.
    pub fn both_with<'a>(&self, key: &str, args: impl AsRef<[(&'a str, Arg)]>) -> Text {
        let args = args.as_ref();
        let in_lang = |lang| self.in_lang(lang).with(key, args);
        Text::new(in_lang(Lang::Ja), in_lang(Lang::En))
    }

    /// The sentence in this language.
    pub fn text<'a>(&self, text: &'a Text) -> &'a str {
        self.lang.of(text)
    }

    /// A day: 2026年11月20日（令和8年）, 20 Nov 2026. In Asia/Tokyo.
    pub fn date(&self, time: impl Given<UtcMicros>) -> String {
        self.day(Day::of(time.given()))
    }

    /// A calendar day, as [`date`](Self::date).
    pub fn day(&self, day: impl Given<Day>) -> String {
        dates::day(self.lang, day.given())
    }

    /// A day without its era, for columns: 2026年11月20日, 20 Nov 2026.
    pub fn short_date(&self, time: impl Given<UtcMicros>) -> String {
        dates::short_day(self.lang, Day::of(time.given()))
    }

    /// A day and a time: 2026年11月20日（令和8年） 14時05分, 20 Nov 2026, 14:05 JST.
    pub fn date_time(&self, time: impl Given<UtcMicros>) -> String {
        dates::day_and_time(self.lang, time.given())
    }

    /// A day and a time without the era, for columns: 2026年11月20日 14時05分, 20 Nov 2026, 14:05 JST.
    pub fn short_date_time(&self, time: impl Given<UtcMicros>) -> String {
        let at = time.given();
        format!("{}{}{}", self.short_date(at), self.lang.pick(" ", ", "), self.time(at))
    }

    /// A time of day: 14時05分, 14:05 JST.
    pub fn time(&self, time: impl Given<UtcMicros>) -> String {
        dates::time(self.lang, time.given())
    }

    /// The form machines read, for `<time datetime>`: 2026-11-20T14:05:00+09:00.
    pub fn machine_time(&self, time: impl Given<UtcMicros>) -> String {
        dates::machine(time.given())
    }

    /// Money: 7,800円, 7,800 yen.
    pub fn yen(&self, yen: impl Given<Yen>) -> String {
        self.lang.pick("{}円", "{} yen").replace("{}", &yen.given().to_string())
    }

    /// A number with separators between thousands: 100,000.
    pub fn number(&self, number: impl Given<i64>) -> String {
        Yen(number.given()).to_string()
    }
}

impl std::fmt::Debug for Say {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Say({})", self.lang.tag())
    }
}

/// A value owned or borrowed, once or twice: templates hand over fields by reference, and what they take out
/// of an `Option` by reference to a reference.
pub trait Given<T> {
    /// The value.
    fn given(&self) -> T;
}

macro_rules! given {
    ($($kind:ty),*) => {
        $(
            impl Given<$kind> for $kind {
                fn given(&self) -> $kind {
                    *self
                }
            }
            impl Given<$kind> for &$kind {
                fn given(&self) -> $kind {
                    **self
                }
            }
            impl Given<$kind> for &&$kind {
                fn given(&self) -> $kind {
                    ***self
                }
            }
        )*
    };
}

given!(UtcMicros, Day, Yen, i64);
