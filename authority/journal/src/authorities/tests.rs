use super::*;
use crate::{
    COMPONENT,
    codes::{GenerationState, PublishedKind},
    published::{self, Published},
};
use core_crypto::SigAlg;
use core_words::UtcSeconds;
use kit_store::{Db, testing::both_with};

fn id(name: &str) -> AuthorityId {
    AuthorityId::new(name).expect("a name")
}

fn authority(name: &str) -> Authority {
    Authority {
        id: id(name),
        operator: OperatorId::new("federation").expect("a name"),
        kind: AuthorityKind::Issuing,
        parent: Some(id("root")),
        state: AuthorityState::Active,
        active_generation: 1,
        partitions: 16,
        base_url: "http://pki.example.jp".into(),
        profiles: ["claims-agent", "claims-provider"].map(|p| ProfileId::new(p).expect("a name")).to_vec(),
        schedule: ListSchedule {
            full_every_s: 86_400,
            full_life_s: 345_600,
            delta_every_s: 3_600,
            delta_life_s: 21_600,
            soon_s: 600,
        },
        created: UtcMicros(1_000_001),
    }
}

fn first_generation(name: &str) -> Generation {
    Generation {
        authority: id(name),
        generation: 1,
        state: GenerationState::Active,
        key_id: 77,
        sig_alg: SigAlg::MlDsa65,
        spki: vec![1, 2],
        key_identifier: vec![3; 20],
        certificate: vec![4; 100],
        not_before: UtcSeconds(10),
        not_after: UtcSeconds(20),
        created: UtcMicros(1_000_001),
    }
}

async fn write<T: Send + 'static>(
    db: &Db,
    f: impl Fn(&mut Tx) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    db.write(f).await
}

#[test]
fn k1_rows_are_read_as_they_were_written() {
    both_with(&[COMPONENT], async |db| {
        let root =
            Authority { kind: AuthorityKind::Root, parent: None, profiles: Vec::new(), ..authority("root") };
        let (ca, generation_1) = (authority("ca"), first_generation("ca"));
        let rows = (root.clone(), ca.clone(), generation_1.clone());
        write(&db, move |tx| {
            insert(tx, &rows.1)?;
            insert(tx, &rows.0)?;
            insert_generation(tx, &rows.2)
        })
        .await
        .expect("they go in");
        let found = write(&db, |tx| {
            let generations = (active_generation(tx, &id("ca"))?, generations(tx, &id("ca"))?);
            Ok((list(tx)?, get(tx, &id("nobody"))?, issuing_state(tx, &id("ca"))?, generations))
        })
        .await
        .expect("they are read");
        assert_eq!(found.0, [ca, root]);
        assert_eq!((found.1, found.2), (None, Some((AuthorityState::Active, 1))));
        assert_eq!(found.3, (Some(generation_1.clone()), vec![generation_1]));
        let again = write(&db, |tx| insert(tx, &authority("ca"))).await.expect_err("there is one");
        assert!(again.is_unique_on("ca_authority", "id"), "{again}");
    });
}

#[test]
fn k1_changes_name_the_state_they_leave() {
    both_with(&[COMPONENT], async |db| {
        let changed = write(&db, |tx| {
            insert(tx, &authority("ca"))?;
            insert_generation(tx, &first_generation("ca"))?;
            use AuthorityState::{Active, Retired, Suspended};
            let ca = id("ca");
            let states = [
                set_state(tx, &ca, Active, Suspended)?,
                set_state(tx, &ca, Active, Retired)?,
                set_state(tx, &id("nobody"), Active, Retired)?,
                switch_generation(tx, &ca, 1, 2)?,
                switch_generation(tx, &ca, 1, 3)?,
            ];
            let (active, retired) = (GenerationState::Active, GenerationState::Retired);
            let generations = [
                set_generation_state(tx, &ca, 1, active, retired)?,
                set_generation_state(tx, &ca, 1, active, GenerationState::Ended)?,
            ];
            Ok((states, generations, issuing_state(tx, &ca)?))
        })
        .await
        .expect("they are saved");
        assert_eq!(changed.0, [true, false, false, true, false]);
        assert_eq!(changed.1, [true, false]);
        assert_eq!(changed.2, Some((AuthorityState::Suspended, 2)));
    });
}

#[test]
fn rows_that_make_no_sense_are_named_errors() {
    both_with(&[COMPONENT], async |db| {
        write(&db, |tx| {
            insert(tx, &authority("ca"))?;
            insert_generation(tx, &first_generation("ca"))
        })
        .await
        .expect("they go in");
        for (column, value) in [
            ("kind", "9"),
            ("state", "0"),
            ("operator", "'NOT A SLUG'"),
            ("parent", "''"),
            ("profiles", "'claims-agent ?'"),
            ("partitions", "-1"),
            ("active_generation", "-1"),
        ] {
            let broken = db
                .write(move |tx| {
                    let error = tx.attempt::<Authority, StoreError>(|tx| {
                        tx.execute(&format!("UPDATE ca_authority SET {column} = {value}"), params![])?;
                        get(tx, &id("ca"))?;
                        Err(StoreError::Sql("the row was read".into()))
                    });
                    Ok::<_, StoreError>(error.expect_err("always"))
                })
                .await
                .expect("it is rolled back");
            let text = broken.to_string();
            assert!(text.contains(&format!("ca_authority.{column} of ca")), "{column}: {text}");
        }
        for (column, value) in [("state", "4"), ("sig_alg", "77")] {
            let broken = write(&db, move |tx| {
                tx.execute(&format!("UPDATE ca_generation SET {column} = {value}"), params![])?;
                generation(tx, &id("ca"), 1)
            })
            .await
            .expect_err("nonsense");
            assert!(broken.to_string().contains(&format!("ca_generation.{column} of ca/1")), "{broken}");
        }
    });
}

#[test]
fn k2_profile_texts_are_kept_once_and_for_good() {
    both_with(&[COMPONENT], async |db| {
        let kept = write(&db, |tx| {
            let name = ProfileId::new("root-ca").expect("a name");
            remember_profile(tx, &[1; 32], &name, "first", UtcMicros(1))?;
            remember_profile(tx, &[2; 32], &name, "second", UtcMicros(2))?;
            remember_profile(tx, &[1; 32], &name, "another text", UtcMicros(3))?;
            Ok((profile_by_hash(tx, &[1; 32])?, profile_by_hash(tx, &[3; 32])?, profiles_by_id(tx, &name)?))
        })
        .await
        .expect("they are kept");
        let first = kept.0.expect("there");
        assert_eq!((first.body.as_str(), first.seen), ("first", UtcMicros(1)));
        assert_eq!(kept.1, None);
        assert_eq!(kept.2.iter().map(|p| p.body.as_str()).collect::<Vec<_>>(), ["first", "second"]);
    });
}

#[test]
fn k1_a_ceremony_is_begun_once_and_finished_once() {
    both_with(&[COMPONENT], async |db| {
        let rows = write(&db, |tx| {
            begin_ceremony(tx, 5, &[9; 32], "begun", UtcMicros(1))?;
            let begun = ceremony(tx, &[9; 32])?;
            let finished =
                [finish_ceremony(tx, 5, "record", b"sig")?, finish_ceremony(tx, 5, "other", b"sig")?];
            Ok((begun, finished, ceremonies(tx)?))
        })
        .await
        .expect("it is held");
        assert_eq!(rows.0.map(|row| row.signature), Some(None));
        assert_eq!(rows.1, [true, false]);
        assert_eq!(
            (rows.2[0].record.as_str(), rows.2[0].signature.as_deref()),
            ("record", Some(&b"sig"[..]))
        );
        let again = write(&db, |tx| begin_ceremony(tx, 6, &[9; 32], "begun", UtcMicros(1))).await;
        assert!(again.expect_err("there is one").is_unique_on("ca_ceremony", "file_hash"));
    });
}

#[test]
fn k1_published_names_are_unique_within_an_authority() {
    both_with(&[COMPONENT], async |db| {
        let link = |row: i64, of: &str| Published {
            id: row,
            authority: id(of),
            name: "old-with-new-2".into(),
            kind: PublishedKind::OldWithNew,
            certificate: vec![1],
            created: UtcMicros(1),
        };
        let (one, other) = (link(1, "a"), link(2, "b"));
        let expected = one.clone();
        let found = write(&db, move |tx| {
            published::insert(tx, &one)?;
            published::insert(tx, &other)?;
            Ok((published::get(tx, &id("a"), "old-with-new-2")?, published::of_authority(tx, &id("c"))?))
        })
        .await
        .expect("they go in");
        assert_eq!(found, (Some(expected), Vec::new()));
        let third = link(3, "a");
        let again = write(&db, move |tx| published::insert(tx, &third)).await.expect_err("the name is taken");
        assert!(again.is_unique_on("ca_published", "authority, name"), "{again}");
    });
}
