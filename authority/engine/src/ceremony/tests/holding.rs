use super::*;
use authority_journal::codes::{AuthorityKind, AuthorityState, GenerationState};
use kit_store::testing::both_with;

#[test]
fn k1_the_dry_run_shows_everything_and_does_nothing() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        let plan = plan(&house.ctx, FILE, &house.profiles).await.expect("a good file");
        let names: Vec<_> = plan.entries.iter().map(|e| e.name.as_str()).collect();
        assert_eq!(names, ["root/1", "ca/1", "ca/ocsp-1"]);
        assert!(plan.entries.iter().all(|e| e.progress == Progress::ToBeMade));
        assert_eq!(plan.entries[1].subject, "CN=Example CA,O=Example Federation,C=JP");
        let text = plan.to_string();
        for line in [
            "issuing ca/1 (to be made)",
            "  certified by  root",
            "  key           p-256",
            "  valid         2026-11-20T10:00:00Z to 2034-11-19T14:59:59Z",
            "  full list     every 1 day, lives 4 days; delta every 1 hour, lives 6 hours; 4 partitions; within 10 minutes of a revocation",
            "3 to be made, 0 under way, 0 made already",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
        for table in ["ca_ceremony", "ca_order", "ca_authority", "keys_sealed", "ledger_entry"] {
            assert_eq!(house.count(table).await, 0, "{table}");
        }
    });
}

#[test]
fn k1_a_ceremony_makes_authorities_keys_certificates_and_a_record() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        let held = house.hold(FILE).await;
        assert_eq!(held.authorities, [id("root"), id("ca")]);
        assert!(!held.repeated);

        let (root, root_1) = house.authority("root").await;
        let (ca, ca_1) = house.authority("ca").await;
        assert_eq!((root.kind, root.parent, root.active_generation), (AuthorityKind::Root, None, 1));
        assert_eq!((ca.state, ca.parent), (AuthorityState::Active, Some(id("root"))));
        assert_eq!((ca.partitions, ca.schedule.delta_life_s), (4, 21_600));
        assert_eq!(ca.profiles, [profile("claims-provider"), profile("claims-agent")]);
        assert_eq!(ca_1.state, GenerationState::Active);
        assert!(issued_by(&root_1.certificate, &root_1.certificate));
        assert!(issued_by(&ca_1.certificate, &root_1.certificate));
        assert!(!issued_by(&ca_1.certificate, &ca_1.certificate));
        let read = Certificate::parse(&ca_1.certificate).expect("readable");
        assert_eq!(read.tbs.subject_key_id().expect("readable"), Some(ca_1.key_identifier.as_slice()));

        // The key in the sealed store is the one in the certificate, and bears the id of its order.
        let signer = house.ctx.signers.open(ca_1.key_id).await.expect("it opens");
        assert_eq!(signer.public_spki(), ca_1.spki);
        let order = house.order("ca:ca:1").await;
        assert_eq!((order.id, order.authority.as_str(), order.generation), (ca_1.key_id, "root", 1));

        // The OCSP signer was certified by the issuing authority and stands in its journal.
        let ocsp = house.order("signer:ca:ocsp-1").await;
        assert_eq!((ocsp.authority.as_str(), ocsp.partition > 0), ("ca", true));
        assert!(house.ctx.signers.open(ocsp.id).await.is_ok());

        // No subscriber can use an authority's key (K3).
        assert_eq!(house.count("ca_key").await, 3);
        assert_eq!(house.count("keys_sealed").await, 4);
        assert_eq!(house.count("ca_profile").await, 5);
    });
}

#[test]
fn k1_the_ledger_tells_each_key_and_each_certificate() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.hold(FILE).await;
        let mut told = house.ledger().await;
        told.sort();
        let mut expected =
            vec!["ceremony.begun", "ceremony.finished", "authority.created", "authority.created"];
        expected.extend(["key.made"; 4]);
        expected.extend(["certificate.recorded", "certificate.issued"].repeat(3));
        expected.sort_unstable();
        assert_eq!(told, expected);
    });
}

#[test]
fn k1_the_record_is_signed_and_openssl_verifies_it() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        let held = house.hold(FILE).await;
        let record: record::Record = serde_json::from_str(&held.record.json).expect("a record");
        assert_eq!(record.begun_by, "cli:root");
        assert_eq!(record.participants[0].name, "山田 花子");
        assert_eq!(record.installation.base_url, "http://pki.example.jp");
        assert_eq!(record.finished.as_deref(), Some("2026-11-20T10:00:00Z"));
        let kinds: Vec<_> =
            record.certificates.iter().map(|c| (c.kind.as_str(), c.issuer.as_str())).collect();
        assert_eq!(kinds, [("root", "root/1"), ("issuing", "root/1"), ("ocsp", "ca/1")]);
        let (_, ca_1) = house.authority("ca").await;
        let sha256 =
            |octets: &[u8]| base16ct::lower::encode_string(&core_crypto::Digest::sha256(&Provider, octets));
        assert_eq!(record.certificates[1].sha256, sha256(&ca_1.certificate));
        assert_eq!(record.certificates[1].spki_sha256, sha256(&ca_1.spki));
        assert_eq!(record.file_sha256, sha256(FILE.as_bytes()));
        assert_eq!(record.profiles.len(), 5);

        let directory = tempfile::tempdir().expect("a directory");
        let file = |name: &str, octets: &[u8]| {
            let path = directory.path().join(name);
            std::fs::write(&path, octets).expect("it writes");
            path.to_str().expect("a plain path").to_owned()
        };
        let json = file("ceremony.json", held.record.json.as_bytes());
        let signature = file("ceremony.json.sig", &held.record.signature);
        let key = file("ceremony.pub.pem", held.record.public_key_pem.as_bytes());
        let verify = |json: &str| {
            openssl(&[
                "pkeyutl", "-verify", "-pubin", "-inkey", &key, "-rawin", "-in", json, "-sigfile", &signature,
            ])
        };
        assert!(verify(&json).0, "{}", verify(&json).1);
        let altered = file("altered.json", held.record.json.replace("山田", "山本").as_bytes());
        assert!(!verify(&altered).0);
        assert_eq!(records(&house.ctx).await.expect("they read"), [held.record]);
    });
}

#[test]
fn k1_the_same_file_again_changes_nothing() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        let first = house.hold(FILE).await;
        let (keys, entries) = (house.count("keys_sealed").await, house.count("ledger_entry").await);
        house.clock.advance_days(1);
        let again = plan(&house.ctx, FILE, &house.profiles).await.expect("a good file");
        assert!(again.finished && again.entries.iter().all(|e| e.progress == Progress::Made));
        let second = perform(&house.ctx, &again, &actor()).await.expect("it is held");
        assert_eq!((second.repeated, second.record), (true, first.record));
        assert_eq!((house.count("keys_sealed").await, house.count("ledger_entry").await), (keys, entries));
    });
}

#[test]
fn k1_a_further_file_adds_authorities_below_existing_ones() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        let first = house.hold(FILE).await;
        let second = house.hold(FURTHER).await;
        let (_, root) = house.authority("root").await;
        let (_, added) = house.authority("ca-2").await;
        assert!(issued_by(&added.certificate, &root.certificate));
        // One record key signs for the whole installation.
        assert_eq!(first.record.public_key_pem, second.record.public_key_pem);
        assert_eq!(house.count("ca_ceremony").await, 2);
    });
}

#[test]
fn k1_first_lists_are_due_after_the_ceremony() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.hold(FILE).await;
        let ctx = Arc::new(house.ctx.clone());
        // Root: full. CA: full, delta, four partitions.
        assert_eq!(crate::lists::publish_due(&ctx).await.expect("lists are made"), 7);
    });
}

#[test]
fn k1_j8_authorities_are_suspended_resumed_and_retired() {
    both_with(&COMPONENTS, async |db| {
        use AuthorityState::{Active, Retired, Suspended};
        let house = House::new(&db).await;
        house.hold(FILE).await;
        let change = async |change| change_state(&house.ctx, &id("ca"), change, &actor()).await;
        assert_eq!(change(StateChange::Suspend).await.expect("allowed"), Active);
        assert_eq!(change(StateChange::Suspend).await.expect("nothing to do"), Suspended);
        assert_eq!(change(StateChange::Resume).await.expect("allowed"), Suspended);
        assert_eq!(change(StateChange::Retire).await.expect("allowed"), Active);
        let refused = change(StateChange::Resume).await.expect_err("retirement is for good");
        assert!(matches!(refused, CeremonyError::WrongState(_, Retired)), "{refused}");
        assert_eq!(refused.refusal().code, "ceremony.wrong_state");
        let unknown = change_state(&house.ctx, &id("nobody"), StateChange::Retire, &actor()).await;
        assert!(matches!(unknown, Err(CeremonyError::UnknownAuthority(_))));
        let told = house.ledger().await;
        let count = |kind: &str| told.iter().filter(|k| *k == kind).count();
        let counts = ["authority.suspended", "authority.resumed", "authority.retired"].map(count);
        assert_eq!(counts, [1, 1, 1], "what changes nothing is not told");
    });
}

#[test]
fn k1_two_ceremonies_at_once_make_everything_once() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        let planned = plan(&house.ctx, FILE, &house.profiles).await.expect("a good file");
        let actor = actor();
        let (a, b) =
            tokio::join!(perform(&house.ctx, &planned, &actor), perform(&house.ctx, &planned, &actor));
        let (a, b) = (a.expect("held"), b.expect("held"));
        assert_eq!(a.record, b.record);
        assert_eq!(house.count("keys_sealed").await, 4);
        assert_eq!(house.count("ca_certificate").await, 3);
        assert_eq!(house.count("ca_generation").await, 2);
    });
}

#[test]
fn k2_a_ceremony_ends_under_the_profiles_it_began_with() {
    both_with(&COMPONENTS, async |db| {
        let mut house = House::new(&db).await;
        // The first step alone, as a crash right after it leaves things.
        let planned = plan(&house.ctx, FILE, &house.profiles).await.expect("a good file");
        let opening = perform::Opening {
            file_hash: planned.file.hash,
            occasion: record::Occasion::Ceremony,
            installation: record::InstallationName {
                name: planned.file.installation.name.clone(),
                base_url: planned.file.installation.base_url.clone(),
            },
            participants: Vec::new(),
            profiles: planned.used_profiles().into_iter().cloned().collect(),
        };
        perform::begin(&house.ctx, opening, &actor()).await.expect("it begins");
        let text = core_x509::profile::Builtin::find("root-ca").expect("built in").text;
        let changed = text.replace("period = \"20 years\"", "period = \"10 years\"");
        assert_ne!(text, changed);
        house.profiles.add(&changed, &Provider).expect("a good profile");
        house.hold(FILE).await;
        let (_, root) = house.authority("root").await;
        let years = (root.not_after.0 - root.not_before.0) / (365 * 86_400);
        assert_eq!(years, 20, "and not the 10 of the changed profile");
        let kept = house
            .read(|tx| Ok(authority_journal::authorities::profiles_by_id(tx, &profile("root-ca"))?))
            .await;
        assert_eq!(kept.len(), 1, "the changed text was never used");
        assert_eq!(kept[0].body, text);
    });
}
