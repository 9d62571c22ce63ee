use super::*;
use kit_store::testing::both_with;

fn edited(from: &str, to: &str) -> String {
    assert!(FILE.contains(from), "{from}");
    FILE.replacen(from, to, 1)
}

#[test]
fn k1_what_the_profiles_refuse_is_told_before_anything_is_done() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        let cases = [
            (
                "profile = \"root-ca\"",
                "profile = \"no-such\"",
                "root/1.profile: there is no profile 'no-such'",
            ),
            (
                "profile = \"root-ca\"",
                "profile = \"issuing-ca\"",
                "profile 'issuing-ca' is not for root certificates",
            ),
            ("\"claims-agent\"", "\"root-ca\"", "profile 'root-ca' is not for subscriber certificates"),
            ("parent = \"root\"", "parent = \"roots\"", "ca/1.parent: there is no authority 'roots'"),
            ("authority = \"ca\"", "authority = \"cb\"", "cb/ocsp-1.authority: there is no authority 'cb'"),
            ("CN=Example CA\"", "DC=example\"", "line 19, ca/1: "),
            (
                "\"C=JP\", \"O=Example Federation\", \"CN=Example Root\"",
                "\"CN=Example Root\"",
                "line 12, root/1: ",
            ),
            ("valid = \"8 years\"", "valid = \"30 years\"", "line 19, ca/1: The validity is longer"),
        ];
        for (from, to, expected) in cases {
            let found = house.problems(&edited(from, to)).await;
            assert!(found.iter().any(|p| p.contains(expected)), "{to}: {found:?}");
        }
        assert_eq!(house.count("keys_sealed").await, 0);
    });
}

#[test]
fn k1_a_different_file_for_an_existing_authority_is_refused() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.hold(FILE).await;
        let found = house.problems(&edited("8 years", "9 years")).await;
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].contains("authority 'root' exists and was made with another file"));
        assert!(found[2].contains("signer 'ca/ocsp-1' exists and was made with another file"));
    });
}

#[test]
fn k1_name_and_base_url_cannot_change_later() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.hold(FILE).await;
        let found = house.problems(&FURTHER.replace("http://pki", "https://pki")).await;
        assert_eq!(
            found,
            [
                "installation.base_url: this installation was founded with 'http://pki.example.jp', and that cannot be changed"
            ]
        );
    });
}

#[test]
fn k1_no_authority_below_one_that_does_not_issue() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.hold(FILE).await;
        let planned = plan(&house.ctx, FURTHER, &house.profiles).await.expect("a good file");
        change_state(&house.ctx, &id("root"), StateChange::Suspend, &actor()).await.expect("allowed");
        let found = house.problems(FURTHER).await;
        assert!(found[0].contains("authority 'root' does not issue at present"), "{found:?}");
        // Also when it was suspended after the dry run: the transaction that records asks again.
        let refused = perform(&house.ctx, &planned, &actor()).await.expect_err("suspended");
        assert!(matches!(refused, CeremonyError::WrongState(..)), "{refused}");
        change_state(&house.ctx, &id("root"), StateChange::Resume, &actor()).await.expect("allowed");
        perform(&house.ctx, &planned, &actor()).await.expect("it goes on");
    });
}

#[test]
fn k15_locked_keys_refuse_the_ceremony_and_nothing_is_lost() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        let planned = plan(&house.ctx, FILE, &house.profiles).await.expect("a dry run needs no keys");
        house.ctx.signers.store().lock();
        let refused = perform(&house.ctx, &planned, &actor()).await.expect_err("locked");
        assert_eq!(refused.refusal().code, "authority.keys_locked");
        assert_eq!(house.count("ca_ceremony").await, 0);
        let passphrase = Passphrase::new("ひらけごま".to_owned()).expect("not empty");
        house.ctx.signers.store().unlock(&passphrase).await.expect("it fits");
        perform(&house.ctx, &planned, &actor()).await.expect("it is held");
    });
}

#[test]
fn every_refusal_speaks_both_languages_and_says_what_next() {
    let all = [
        CeremonyError::File(vec![file::Problem {
            line: Some(3),
            field: "x".into(),
            what: file::What::NoParent,
        }]),
        CeremonyError::UnknownAuthority(id("a")),
        CeremonyError::UnknownProfile(profile("a")),
        CeremonyError::WrongProfile(profile("a")),
        CeremonyError::WrongState(id("a"), authority_journal::codes::AuthorityState::Retired),
        CeremonyError::Overtaken(id("a")),
        CeremonyError::Different("a".into()),
        CeremonyError::GivenUp("a".into()),
        CeremonyError::KeyOfOther("a".into()),
        CeremonyError::KeyBlocked("a".into()),
        CeremonyError::NameWouldChange { authority: id("a"), profile: profile("a") },
        CeremonyError::Foreign(ForeignRefused::NoAuthority),
        CeremonyError::Damaged("a".into()),
        CeremonyError::Key(kit_keys::KeyError::Locked),
        CeremonyError::Store(kit_store::StoreError::Closed),
    ];
    for error in all {
        let refusal = error.refusal();
        for text in [&refusal.message, &refusal.next] {
            assert!(!text.ja.is_empty() && !text.en.is_empty() && text.ja != text.en, "{error}");
        }
    }
}
