use super::*;
use authority_front::Text;
use kit_keys::Provider;

const GOOD: &str = r#"version = 1

[installation]
name = "pki.example.jp/warifu"
base_url = "http://pki.example.jp"
operator = "federation"

[[participant]]
name = "山田 花子"
role = "witness"

[[authority]]
id = "claims-ca"
kind = "issuing"
parent = "claims-root"
key = "p-256"
profile = "issuing-ca"
subject = ["C=JP", "OU=One", "OU=Two", "CN=A=B"]
profiles = ["claims-provider", "claims-agent"]
partitions = 16
lists = { delta_every = "1 hour", delta_life = "6 hours" }

[[authority]]
id = "claims-root"
kind = "root"
key = "rsa-4096"
profile = "root-ca"
subject = ["CN=Root"]
valid = "20 years"

[[signer]]
authority = "claims-ca"
name = "ocsp-1"
kind = "ocsp"
key = "ed25519"
profile = "ocsp-signer"
subject = ["CN=OCSP 1"]
"#;

fn parse(text: &str) -> Result<CeremonyFile, Vec<String>> {
    CeremonyFile::parse(text, &Provider).map_err(|all| all.iter().map(ToString::to_string).collect())
}

fn problems(text: &str) -> Vec<String> {
    parse(text).expect_err("this file must be refused")
}

fn edited(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    GOOD.replacen(from, to, 1)
}

#[test]
fn a_good_file_is_read_parents_first() {
    let file = parse(GOOD).expect("good");
    let ids: Vec<_> = file.authorities.iter().map(|a| a.id.as_str()).collect();
    assert_eq!(ids, ["claims-root", "claims-ca"]);
    let ca = &file.authorities[1];
    assert_eq!(ca.subject[2], ("OU".into(), "Two".into()));
    assert_eq!(ca.subject[3], ("CN".into(), "A=B".into()));
    assert_eq!((ca.partitions, ca.line), (16, 12));
    assert_eq!(ca.lists.delta_life_s, 6 * 3_600);
    assert_eq!(file.authorities[0].valid, Some(Period::Years(20)));
    assert_eq!(file.authorities[0].lists.full_life_s, 90 * 86_400);
    assert_eq!(file.signers[0].kind, SignerKind::Ocsp);
    assert_eq!(file.participants[0].role, Role::Witness);
}

#[test]
fn each_problem_names_its_line_and_field() {
    let cases = [
        ("version = 1", "version = 2", "line 1, version: version 2 is not known"),
        ("\"pki.example.jp/warifu\"", "\"a b\"", "line 4, installation.name: an origin is"),
        (
            "\"http://pki.example.jp\"",
            "\"http://pki.example.jp/\"",
            "line 5, installation.base_url: must be a URL",
        ),
        ("\"http://pki.example.jp\"", "\"ftp://x\"", "line 5, installation.base_url: must be a URL"),
        ("\"federation\"", "\"Federation\"", "line 6, installation.operator: 'Federation' is not a name"),
        ("\"witness\"", "\"guest\"", "line 10, participant[1].role: 'guest' is not known; known are master"),
        ("kind = \"issuing\"", "kind = \"sub\"", "line 14, authority[1].kind: 'sub' is not known"),
        (
            "parent = \"claims-root\"\n",
            "",
            "line 14, authority[1].parent: an issuing authority needs a parent",
        ),
        (
            "kind = \"root\"",
            "kind = \"root\"\nparent = \"x\"",
            "line 26, authority[2].parent: a root has no parent",
        ),
        ("key = \"p-256\"", "key = \"p-521\"", "line 16, authority[1].key: 'p-521' is not known"),
        ("\"CN=A=B\"", "\"no name\"", "line 18, authority[1].subject: 'no name' is not of the form"),
        (
            "\"claims-agent\"",
            "\"claims-provider\"",
            "line 19, authority[1].profiles: 'claims-provider' stands here twice",
        ),
        (
            "partitions = 16",
            "partitions = 1",
            "line 20, authority[1].partitions: partitions is 0 or from 2 to 256",
        ),
        (
            "delta_life = \"6 hours\"",
            "delta_life = \"1 hour\"",
            "line 12, authority[1].lists.delta_life: the life of a list",
        ),
        (", delta_life = \"6 hours\"", "", "line 12, authority[1].lists.delta_every: write both"),
        (
            "\"1 hour\"",
            "\"one hour\"",
            "line 21, authority[1].lists.delta_every: 'one hour' is not an interval",
        ),
        ("\"20 years\"", "\"20y\"", "line 29, authority[2].valid: '20y' is not a term"),
        ("id = \"claims-root\"", "id = \"claims-ca\"", "stands here twice"),
    ];
    for (from, to, expected) in cases {
        let found = problems(&edited(from, to));
        assert!(found.iter().any(|p| p.contains(expected)), "{to}: {found:?}");
    }
}

#[test]
fn an_unknown_key_is_an_error_with_its_line() {
    let found = problems(&edited("partitions = 16", "partition = 16"));
    assert!(found[0].starts_with("line 20: cannot be read: unknown field `partition`"), "{found:?}");
    let found = problems(&edited("delta_every", "deltas_every"));
    assert!(found[0].contains("unknown field `deltas_every`"), "{found:?}");
}

#[test]
fn all_problems_are_told_at_once_in_the_order_of_lines() {
    let text = edited("kind = \"ocsp\"", "kind = \"acme\"").replacen("version = 1", "version = 9", 1);
    let found = problems(&text);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("line 1,") && found[1].starts_with("line 34,"), "{found:?}");
}

#[test]
fn parents_in_a_circle_are_refused() {
    let text = edited("kind = \"root\"", "kind = \"issuing\"\nparent = \"claims-ca\"");
    assert!(problems(&text).iter().any(|p| p.ends_with("its parents lead back to itself")));
}

#[test]
fn sizes_are_limited() {
    assert!(problems(&" ".repeat(MAX_OCTETS + 1))[0].contains("larger than 1 MiB"));
    assert!(parse(&format!("{GOOD}{}", "#".repeat(MAX_OCTETS - GOOD.len()))).is_ok());
    assert!(
        problems("version = 1\n[installation]\nname='a'\nbase_url='http://a'\noperator='a'\n")[0]
            .contains("nothing is to be made")
    );
}

#[test]
fn one_changed_octet_is_another_ceremony() {
    let (a, b) = (parse(GOOD).expect("good"), parse(&format!("{GOOD} ")).expect("good"));
    assert_ne!(a.hash, b.hash);
}

#[test]
fn every_problem_is_told_in_both_languages() {
    let text = Text::new("ja", "en");
    let all = [
        What::FileTooLarge,
        What::Unreadable("x".into()),
        What::Version(2),
        What::TooMany(1),
        What::Nothing,
        What::Slug("x".into()),
        What::Text { max: 1 },
        What::Origin,
        What::BaseUrl,
        What::Word { found: "x".into(), known: "y" },
        What::Attribute("x".into()),
        What::Duration("x".into()),
        What::Term("x".into()),
        What::Twice("x".into()),
        What::RootWithParent,
        What::NoParent,
        What::Circle,
        What::LifeTooShort,
        What::HalfADelta,
        What::DeltaRarerThanFull,
        What::SoonTooLate,
        What::Partitions(1),
        What::UnknownAuthority("x".into()),
        What::UnknownProfile("x".into()),
        What::WrongProfile { profile: "x".into(), needed: "root" },
        What::MadeByAnotherFile("x".into()),
        What::SignerOfAnotherFile("x".into()),
        What::OtherInstallation { is: "x".into() },
        What::Certificate(text),
        What::ParentNotActive("x".into()),
    ];
    for what in all {
        let text = what.text();
        assert!(!text.ja.is_empty() && !text.en.is_empty() && text.ja != text.en, "{what:?}");
    }
}
