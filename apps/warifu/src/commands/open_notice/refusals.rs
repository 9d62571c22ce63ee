//! Why a notice was not opened, in words.

use crate::fail::{Exit, Fail};
use authority_front::Text;
use core_sign::enveloped::OpenError;
use kit_keys::pkcs12::BadFile;
use std::path::Path;

/// The envelope.
pub(super) fn of(error: OpenError) -> Fail {
    match error {
        OpenError::NotForThisCertificate => Fail::new(
            Exit::Refused,
            "notice.other_certificate",
            Text::new(
                "このお知らせは、この証明書あてに暗号化されたものではありません。",
                "This notice was not encrypted to this certificate.",
            ),
            Text::new(
                "証明書を更新した場合は、お知らせを受けたときの古い証明書と鍵を使ってください。",
                "If the certificate was renewed, use the old one with its key, to which the notice was written.",
            ),
        ),
        OpenError::WrongKey => Fail::new(
            Exit::Refused,
            "notice.wrong_key",
            Text::new("秘密鍵がこの証明書のものではありません。", "The private key does not belong to this certificate."),
            Text::new(
                "証明書と同時に受け取った鍵のファイルを指定してください。",
                "Name the key that came with this certificate.",
            ),
        ),
        OpenError::DoesNotOpen => Fail::new(
            Exit::Refused,
            "notice.does_not_open",
            Text::new(
                "お知らせを復号できません。途中で変わったか、壊れています。",
                "The notice does not open: it was altered or damaged on its way.",
            ),
            Text::new(
                "もう一度ダウンロードし、それでも開けないときは発行元に連絡してください。",
                "Download it again; if it still does not open, tell who sent it.",
            ),
        ),
        OpenError::Unsupported(what) => Fail::new(
            Exit::Refused,
            "notice.unsupported",
            Text::new(
                "このお知らせの暗号方式には対応していません。",
                "The notice is encrypted in a way that is not supported.",
            ),
            Text::new(
                "RSA-OAEP（SHA-256 以上）または ECDH（SHA-256 以上）と AES-256-CBC で作り直すよう、送り主に頼んでください。",
                "Ask its sender for one with RSA-OAEP or ECDH, SHA-256 or better, and AES-256-CBC.",
            ),
        )
        .with_details(vec![Text::new(what.to_string(), what.to_string())]),
        OpenError::TooLong
        | OpenError::Form
        | OpenError::OtherKind
        | OpenError::TooManyRecipients
        | OpenError::Certificate => Fail::new(
            Exit::Refused,
            "notice.unreadable",
            Text::new(
                "暗号化されたお知らせ（CMS EnvelopedData）か、その証明書として読めません。",
                "This is no encrypted notice (CMS EnvelopedData), or its certificate is none.",
            ),
            Text::new(
                "ダウンロードしたままのファイルを指定してください。",
                "Name the file as it was downloaded.",
            ),
        )
        .with_details(vec![Text::new(error.to_string(), error.to_string())]),
    }
}

/// The PKCS#12 file.
pub(super) fn of_pkcs12(error: BadFile) -> Fail {
    match error {
        BadFile::WrongPassword => Fail::new(
            Exit::Refused,
            "notice.wrong_password",
            Text::new(
                "PKCS#12 ファイルのパスワードが違うか、ファイルが壊れています。",
                "This is not the password of the PKCS#12 file, or the file is damaged.",
            ),
            Text::new(
                "証明書をダウンロードしたときに決めたパスワードを入れてください。",
                "Type the password that was chosen when the certificate was downloaded.",
            ),
        ),
        BadFile::Pkcs12(_) | BadFile::Key => Fail::new(
            Exit::Refused,
            "notice.pkcs12",
            Text::new("PKCS#12 ファイルとして使えません。", "The PKCS#12 file cannot be used."),
            Text::new(
                "古い形式のファイルは、AES-256 で書き出し直してください。",
                "Export a file of an old form anew, with AES-256.",
            ),
        )
        .with_details(vec![Text::new(error.to_string(), error.to_string())]),
    }
}

/// The file of the key.
pub(super) fn no_key() -> Fail {
    Fail::new(
        Exit::Usage,
        "notice.no_key",
        Text::new(
            "--key のファイルに、パスワードなしの PKCS#8 秘密鍵がちょうど一つ必要です。",
            "The file of --key must hold exactly one private key in PKCS#8, without a password.",
        ),
        Text::new(
            "PKCS#12 ファイルなら --p12 を使い、ほかの形式は `openssl pkcs8 -topk8 -nocrypt` で変換してください。",
            "Use --p12 for a PKCS#12 file; convert other forms with `openssl pkcs8 -topk8 -nocrypt`.",
        ),
    )
}

/// Nobody is there who could type the password; other failures stay what they are.
pub(super) fn nobody_to_ask(fail: Fail) -> Fail {
    if fail.code != "cli.no_terminal" {
        return fail;
    }
    Fail::new(
        Exit::NeedsPerson,
        "notice.no_terminal",
        Text::new("パスワードを尋ねる端末がありません。", "There is no terminal to ask for the password."),
        Text::new(
            "端末で実行するか、--password-file か環境変数 WARIFU_P12_PASSWORD で与えてください。",
            "Run it at a terminal, or give it with --password-file or in WARIFU_P12_PASSWORD.",
        ),
    )
}

/// Something stands where the text would go.
pub(super) fn exists(path: &Path) -> Fail {
    let path = path.display();
    Fail::new(
        Exit::Refused,
        "notice.exists",
        Text::new(format!("{path} はすでにあります。"), format!("{path} is there already.")),
        Text::new(
            "別の名前にするか、置き換えるなら --force を付けてください。",
            "Choose another name, or add --force to replace it.",
        ),
    )
}

/// The content is none that a terminal can show.
pub(super) fn no_text() -> Fail {
    Fail::new(
        Exit::Refused,
        "notice.no_text",
        Text::new(
            "中身は端末に表示できる文字ではありません。",
            "The content is not text that a terminal can show.",
        ),
        Text::new("--out でファイルに書き出してください。", "Write it to a file with --out."),
    )
}
