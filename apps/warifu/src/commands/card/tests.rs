//! What a person does wrong at the command line is said, and nothing is lost by it.

use crate::{
    cli::{Cli, Command, Run},
    fail::{Exit, Outcome},
    lang::Lang,
};
use std::{ffi::OsString, path::Path};
use tempfile::TempDir;

/// A folder with cards, and somebody who types commands.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_string_lossy().into_owned()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("written");
    }

    /// Types a command; words with a `@` in front are names in the folder.
    fn types(&self, line: &str) -> Outcome {
        let word = |word: &str| match word.strip_prefix('@') {
            Some(name) => OsString::from(self.path(name)),
            None => OsString::from(word),
        };
        let arguments = ["warifu", "card"].into_iter().chain(line.split(' ')).map(word);
        let Command::Card(command) = Cli::of_arguments(arguments).expect("well said").command else {
            panic!("{line} is no command of cards");
        };
        let run = Run { lang: Lang::En, chosen: None, config_file: None };
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(command.run(&run))
    }

    #[track_caller]
    fn is_done(&self, line: &str) {
        assert_eq!(self.types(line).map_err(|fail| fail.render(Lang::En)), Ok(Exit::Ok), "{line}");
    }

    #[track_caller]
    fn is_refused(&self, line: &str, code: &str) {
        assert_eq!(self.types(line).expect_err("refused").code, code, "{line}");
    }
}

/// A card that is ready, its PINs right and wrong.
fn ready() -> Desk {
    let desk = Desk::new();
    desk.is_done("new @demo.card --keys @keys --demo --out @certificates");
    desk.write("right", "1234\n");
    desk.write("wrong", "9999\n");
    desk.write("letters", "abcd\n");
    desk.write("signing", "abc123\n");
    desk
}

#[test]
fn j16_a_wrong_pin_is_counted_the_last_try_is_spared_and_the_counter_gives_them_back() {
    let desk = ready();
    let verify = |file: &str| format!("verify-pin --card @demo.card --for authentication --pin-file @{file}");
    desk.is_refused(&verify("letters"), "card.pin_form");
    desk.is_refused(&verify("wrong"), "card.wrong_pin");
    desk.is_refused(&verify("wrong"), "card.wrong_pin");
    desk.is_refused(&verify("wrong"), "card.last_try");
    desk.is_refused(&verify("right"), "card.last_try");
    desk.is_refused(&format!("{} --use-last-try", verify("wrong")), "card.pin_blocked");
    desk.is_refused(&verify("right"), "card.pin_blocked");
    desk.is_done("unblock --card @demo.card --keys @keys --for authentication");
    desk.is_done(&verify("right"));
    // Small letters are taken for capital ones.
    desk.is_done("verify-pin --card @demo.card --for signing --pin-file @signing");
}

#[test]
fn j16_a_card_whose_file_cannot_be_written_is_not_said_to_be_taken_out() {
    let desk = ready();
    let verify = |file: &str| format!("verify-pin --card @demo.card --for authentication --pin-file @{file}");
    // The name that the new state has until it is whole is taken.
    std::fs::create_dir(desk.path("demo.card.new")).expect("made");
    desk.is_refused(&verify("wrong"), "card_file.unkept");
    std::fs::remove_dir(desk.path("demo.card.new")).expect("removed");
    // Nothing was asked of the PIN before the try could be counted: two more are still no risk.
    desk.is_refused(&verify("wrong"), "card.wrong_pin");
    desk.is_refused(&verify("wrong"), "card.wrong_pin");
    desk.is_refused(&verify("wrong"), "card.last_try");
}

#[test]
fn j11_a_new_pin_that_cannot_be_one_leaves_the_old_one() {
    let desk = ready();
    let change = |new: &str| {
        format!("change-pin --card @demo.card --for authentication --pin-file @right --new-pin-file @{new}")
    };
    desk.is_refused(&change("letters"), "card.pin_form");
    desk.is_done("verify-pin --card @demo.card --for authentication --pin-file @right");
    desk.is_done(&change("wrong"));
    desk.is_refused("verify-pin --card @demo.card --for authentication --pin-file @right", "card.wrong_pin");
}

#[test]
fn j4_strangers_keys_open_nothing_and_an_unprepared_card_is_not_written() {
    let desk = ready();
    desk.is_done("new @other.card --keys @other-keys --device-key @other-device-key");
    // More often than a key has tries: seen by its check value, it costs none.
    for _ in 0..12 {
        desk.is_refused("personalise prepare --card @demo.card --keys @other-keys", "card.other_issuer");
    }
    desk.is_refused("unblock --card @demo.card --keys @other-keys --for signing", "card.other_issuer");
    desk.is_refused("show --card @demo.card --device-key @other-device-key", "card_file.sealed");
    desk.write("typed", "signing ABC123\nauthentication 1234\n");
    let generator = |more: &str| {
        format!(
            "generator --card @demo.card --keys @keys --menu make --password-file @{more} --allow-unlocked"
        )
    };
    // Its device keys are gone since it is operational.
    desk.is_refused(&generator("typed"), "card.not_prepared");
    desk.is_done("personalise prepare --card @demo.card --keys @keys");
    desk.write("half", "signing\n");
    desk.is_refused(&generator("half"), "card.password_file");
    desk.write("one", "signing ABC123\n");
    desk.is_refused(&generator("one"), "card.password_file");
    desk.is_refused(&generator("typed").replace("make", "change"), "card.password_file");
    desk.write("other", "signing ABC124\nauthentication 1234\n");
    desk.is_refused(&generator("other"), "card.wrong_pin");
    desk.is_done(&generator("typed"));
    // The old certificate is not that of the key that lies ready now.
    let store = "personalise store @certificates/sign.pem --card @demo.card --keys @keys --for signing";
    desk.is_refused(store, "card.refused");
    desk.is_refused("personalise activate --card @demo.card --keys @keys --for signing", "card.refused");
    desk.is_done("verify-pin --card @demo.card --for signing --pin-file @signing");
}

#[test]
fn j16_what_is_not_there_or_not_of_its_form_is_said() {
    let desk = ready();
    desk.is_refused("new @demo.card --keys @keys", "card.exists");
    desk.is_refused("new @nowhere/x.card --keys @new-keys", "cli.file");
    assert!(!Path::new(&desk.path("new-keys")).exists(), "nothing half done");
    desk.is_refused(
        "sign @right --card @demo.card --for signing --pin-file @signing --out @demo.card",
        "card.exists",
    );
    desk.is_refused("serve --card @demo.card --log @demo.card", "card.exists");
    desk.is_refused("show --card @demo.card --out @certificates", "card.exists");
    std::fs::create_dir(desk.path("moved")).expect("made");
    std::fs::copy(desk.path("demo.card"), desk.path("moved/demo.card")).expect("copied");
    desk.is_refused("show --card @moved/demo.card", "card.no_device_key");
    desk.is_refused("show --card @none.card", "card_file.missing");
    desk.write("text.card", "not a card");
    desk.is_refused("show --card @text.card", "card_file.foreign");
    desk.write("no-keys", "issuer 00\n");
    desk.is_refused("personalise prepare --card @demo.card --keys @no-keys", "card.keys_exposed");
    let alone = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(desk.path("no-keys"), alone).expect("set");
    desk.is_refused("personalise prepare --card @demo.card --keys @no-keys", "card.keys_file");
    desk.is_done("new @empty.card --keys @keys");
    desk.write("message", "x");
    let sign = "sign @message --card @empty.card --for authentication --pin-file @right --out @signature";
    desk.is_refused(sign, "card.pin_blocked");
    assert!(!Path::new(&desk.path("signature")).exists(), "nothing half done");
    desk.is_done("personalise terminate --card @demo.card --keys @keys");
    desk.is_done("show --card @demo.card");
    desk.is_done("personalise terminate --card @demo.card --keys @keys --perform");
    desk.is_refused("show --card @demo.card", "card.terminated");
}

#[test]
fn j16_both_generations_of_cards_sign_and_one_for_signing_alone_has_nothing_else() {
    for (kind, layout, place, file) in
        [("p-384", "both", "authentication", "auth.pem"), ("rsa-2048", "signing", "signing", "sign.pem")]
    {
        let desk = Desk::new();
        desk.is_done(&format!(
            "new @demo.card --keys @keys --demo --out @certificates --kind {kind} --layout {layout}"
        ));
        desk.write("pin", if place == "signing" { "ABC123" } else { "1234" });
        desk.write("message", "転入届");
        desk.is_done(&format!(
            "sign @message --card @demo.card --for {place} --pin-file @pin --out @signature"
        ));
        let key = std::process::Command::new("openssl")
            .args(["x509", "-noout", "-pubkey", "-in", &desk.path(&format!("certificates/{file}"))])
            .output()
            .expect("openssl");
        std::fs::write(desk.path("key.pem"), key.stdout).expect("written");
        let hash = if kind == "p-384" { "-sha384" } else { "-sha256" };
        let said = std::process::Command::new("openssl")
            .args(["dgst", hash, "-verify", &desk.path("key.pem"), "-signature", &desk.path("signature")])
            .arg(desk.path("message"))
            .output()
            .expect("openssl");
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stdout));
        assert_eq!(
            Path::new(&desk.path("certificates/auth.pem")).exists(),
            layout == "both",
            "a card for signing alone"
        );
    }
}
