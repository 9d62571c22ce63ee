use super::*;
use authority_journal::codes::{GenerationState, PublishedKind};
use core_crypto::KeyAlg;
use kit_store::testing::both_with;

fn request(authority: &str, from: u16) -> RolloverRequest {
    RolloverRequest {
        authority: id(authority),
        from,
        key: None,
        profile: None,
        valid: None,
        link_profile: profile("link"),
        participants: Vec::new(),
    }
}

impl House {
    async fn roll(&self, request: &RolloverRequest) -> Rolled {
        rollover(&self.ctx, &self.profiles, request, &actor()).await.expect("it rolls")
    }
}

#[test]
fn k1_a_root_rolls_over_with_link_certificates() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.hold(FILE).await;
        house.clock.advance_days(365);
        let rolled = house.roll(&RolloverRequest { key: Some(KeyAlg::P256), ..request("root", 1) }).await;
        assert_eq!((rolled.generation, rolled.repeated), (2, false));
        let (old, new) = (house.generation("root", 1).await, house.generation("root", 2).await);
        assert_eq!((old.state, new.state), (GenerationState::Retired, GenerationState::Active));
        assert_eq!(house.authority("root").await.0.active_generation, 2);
        assert!(issued_by(&new.certificate, &new.certificate));
        assert_ne!(old.spki, new.spki);

        let [old_with_new, new_with_old] = &rolled.links[..] else { panic!("{} links", rolled.links.len()) };
        assert_eq!(
            (old_with_new.name.as_str(), old_with_new.kind),
            ("old-with-new-2", PublishedKind::OldWithNew)
        );
        assert_eq!(
            (new_with_old.name.as_str(), new_with_old.kind),
            ("new-with-old-2", PublishedKind::NewWithOld)
        );
        assert!(issued_by(&old_with_new.certificate, &new.certificate));
        assert!(issued_by(&new_with_old.certificate, &old.certificate));
        let (own, nwo) = (
            Certificate::parse(&old_with_new.certificate).expect("readable"),
            Certificate::parse(&new_with_old.certificate).expect("readable"),
        );
        // RFC 9810 §4.4: old with new lives as long as the old key, new with old until the old one ends.
        assert_eq!(
            (own.tbs.spki, own.tbs.not_before, own.tbs.not_after),
            (&old.spki[..], old.not_before, old.not_after)
        );
        assert_eq!(
            (nwo.tbs.spki, nwo.tbs.not_before, nwo.tbs.not_after),
            (&new.spki[..], new.not_before, old.not_after)
        );

        let record: record::Record = serde_json::from_str(&rolled.record.json).expect("a record");
        let notes: Vec<_> = record
            .certificates
            .iter()
            .map(|c| (c.kind.as_str(), c.name.as_str(), c.issuer.as_str()))
            .collect();
        assert_eq!(
            notes,
            [
                ("root", "root/2", "root/2"),
                ("old-with-new", "root/1", "root/2"),
                ("new-with-old", "root/2", "root/1")
            ]
        );
        assert_eq!(record.occasion, record::Occasion::Rollover);

        // The old generation signs the lists of what it issued, the new one its own: both are due.
        let ctx = Arc::new(house.ctx.clone());
        assert_eq!(crate::lists::publish_due(&ctx).await.expect("lists are made"), 8);
    });
}

#[test]
fn k1_the_dry_run_of_a_rollover_shows_what_it_makes_and_does_nothing() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.hold(FILE).await;
        let before = house.count("ledger_entry").await;
        let shown = async |authority: &'static str| {
            plan_rollover(&house.ctx, &house.profiles, &request(authority, 1)).await
        };
        let names = |entries: &[PlannedEntry]| {
            entries.iter().map(|e| format!("{} by {}", e.name, e.issuer)).collect::<Vec<_>>()
        };
        let root = shown("root").await.expect("it may roll");
        assert_eq!(
            names(&root),
            ["root/2 by root", "root/old-with-new-2 by root", "root/new-with-old-2 by root"]
        );
        assert_eq!(root[0].subject, "CN=Example Root,O=Example Federation,C=JP");
        assert_eq!(names(&shown("ca").await.expect("it may roll")), ["ca/2 by root"]);
        let gone = plan_rollover(&house.ctx, &house.profiles, &request("ca", 2)).await;
        assert!(matches!(gone, Err(CeremonyError::UnknownAuthority(_))));
        assert_eq!(house.count("ledger_entry").await, before);
    });
}

#[test]
fn k1_whoever_trusts_either_root_reaches_both_sides() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.hold(FILE).await;
        house.clock.advance_days(365);
        let rolled = house.roll(&request("root", 1)).await;
        house.hold(FURTHER).await;
        let directory = tempfile::tempdir().expect("a directory");
        let file = |name: &str, der: &[u8]| pem(directory.path(), name, der);
        let old_root = file("old-root.pem", &house.generation("root", 1).await.certificate);
        let new_root = file("new-root.pem", &rolled.certificate);
        let old_with_new = file("old-with-new.pem", &rolled.links[0].certificate);
        let new_with_old = file("new-with-old.pem", &rolled.links[1].certificate);
        let old_ca = file("old-ca.pem", &house.authority("ca").await.1.certificate);
        let new_ca = file("new-ca.pem", &house.authority("ca-2").await.1.certificate);
        let at = house.clock.now().whole_seconds().0.to_string();
        let verify = |root: &str, link: &str, leaf: &str| {
            openssl(&["verify", "-attime", &at, "-CAfile", root, "-untrusted", link, leaf])
        };
        for (root, link, leaf) in [(&new_root, &old_with_new, &old_ca), (&old_root, &new_with_old, &new_ca)] {
            let (good, text) = verify(root, link, leaf);
            assert!(good, "{text}");
        }
        assert!(!verify(&old_root, &old_with_new, &new_ca).0, "without its link the new key leads nowhere");
    });
}

#[test]
fn k1_an_issuing_authority_gets_its_new_certificate_from_its_parent() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.hold(FILE).await;
        house.roll(&request("root", 1)).await;
        house.clock.advance_days(1);
        let rolled = house.roll(&request("ca", 1)).await;
        assert!(rolled.links.is_empty());
        let (old, new) = (house.generation("ca", 1).await, house.generation("ca", 2).await);
        assert!(issued_by(&new.certificate, &house.generation("root", 2).await.certificate));
        let name = |der: &[u8]| Certificate::parse(der).expect("readable").tbs.subject.der().to_vec();
        assert_eq!(name(&old.certificate), name(&new.certificate));
        // Each generation's certificate names its own list and its own issuer's file.
        let text = String::from_utf8_lossy(&new.certificate).into_owned();
        assert!(text.contains("http://pki.example.jp/crl/root/2.crl"));
        assert!(text.contains("http://pki.example.jp/ca/root/2.cer"));
    });
}

#[test]
fn k1_the_same_rollover_again_ends_in_the_same_generation() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.hold(FILE).await;
        let first = house.roll(&request("root", 1)).await;
        let keys = house.count("keys_sealed").await;
        let again = house.roll(&request("root", 1)).await;
        assert!(again.repeated);
        assert_eq!((again.generation, &again.record, &again.links), (2, &first.record, &first.links));
        assert_eq!(house.count("keys_sealed").await, keys);
        // The same step asked for differently is another rollover from a generation that is gone.
        let other = RolloverRequest { key: Some(KeyAlg::Ed25519), ..request("root", 1) };
        let refused = rollover(&house.ctx, &house.profiles, &other, &actor()).await.expect_err("overtaken");
        assert!(matches!(refused, CeremonyError::Overtaken(_)), "{refused}");
        house.clock.advance_days(1);
        assert_eq!(house.roll(&request("root", 2)).await.generation, 3);
    });
}

#[test]
fn k1_the_name_of_an_authority_never_changes_and_the_retired_do_not_roll() {
    both_with(&COMPONENTS, async |db| {
        let mut house = House::new(&db).await;
        house.hold(FILE).await;
        let text = core_x509::profile::Builtin::find("issuing-ca").expect("built in").text;
        let fixed = text
            .replace("id = \"issuing-ca\"", "id = \"renamed-ca\"")
            .replace("attribute = \"O\"", "attribute = \"O\"\nfixed = \"Somebody Else\"");
        let renamed = house.profiles.add(&fixed, &Provider).expect("a good profile");
        let request_ = RolloverRequest { profile: Some(renamed), ..request("ca", 1) };
        let refused =
            rollover(&house.ctx, &house.profiles, &request_, &actor()).await.expect_err("another name");
        assert!(
            matches!(refused, CeremonyError::NameWouldChange { .. } | CeremonyError::Plan { .. }),
            "{refused}"
        );
        change_state(&house.ctx, &id("ca"), StateChange::Retire, &actor()).await.expect("allowed");
        let refused =
            rollover(&house.ctx, &house.profiles, &request("ca", 1), &actor()).await.expect_err("retired");
        assert!(matches!(refused, CeremonyError::WrongState(..)), "{refused}");
    });
}
