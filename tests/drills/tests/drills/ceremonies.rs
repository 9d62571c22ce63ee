//! SIGKILL in the middle of a ceremony: the same file finishes it, and no key is made twice (K1).

use crate::points::{By, points};
use kit_store::{Access, Db, Options, StoreError, params};
use tests_drills::{Drill, House};

/// What a ceremony makes.
const TABLES: [&str; 6] =
    ["keys_sealed", "ca_authority", "ca_generation", "ca_ceremony", "ca_published", "ca_certificate"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ceremony_killed_at_any_passage_is_finished_by_its_file_without_a_second_key() {
    let undisturbed = House::bare(None);
    undisturbed.hold_ceremony();
    let expected = counts(&undisturbed).await;
    for point in points(|by| by == By::Ceremony) {
        let mut passages = 0;
        // Until the ceremony comes to its end without passing the point again.
        for passage in 1.. {
            let mut house = House::bare(None);
            let args = ["ca", "ceremony", "ceremony.toml", "--perform"];
            if !house.dies(&args, &Drill::at(point, passage)) {
                break;
            }
            passages = passage;
            println!("{point}:{passage}");
            house.hold_ceremony();
            assert_eq!(counts(&house).await, expected, "{point}:{passage}");
            // Once more changes nothing.
            house.hold_ceremony();
            assert_eq!(counts(&house).await, expected, "{point}:{passage}");
            house.run(&["ledger", "export", "export"]);
            house.run(&["ledger", "verify", "export"]);
            serves(&mut house).await;
        }
        assert!(passages >= 3, "{point} was passed {passages} times in a ceremony of three authorities");
    }
}

/// Killed again and again, each time one step further on, a ceremony comes to its end all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ceremony_killed_at_every_step_comes_to_its_end() {
    let undisturbed = House::bare(None);
    undisturbed.hold_ceremony();
    let expected = counts(&undisturbed).await;
    for point in points(|by| by == By::Ceremony) {
        let mut house = House::bare(None);
        let args = ["ca", "ceremony", "ceremony.toml", "--perform"];
        let kills = (0..20).take_while(|_| house.dies(&args, &Drill::at(point, 1))).count();
        assert!((3..20).contains(&kills), "{point} killed {kills} times");
        assert_eq!(counts(&house).await, expected, "{point}");
        serves(&mut house).await;
    }
}

/// A server starts on it and issues.
async fn serves(house: &mut House) {
    house.register();
    let mut server = house.start(&Drill::none());
    assert!(server.listens().await, "{}", server.log());
    let client = tests_drills::Client::of(house, &server);
    client.is_ready().await;
    let memory = tests_drills::Memory::of(&client).await;
    let mut luck = tests_drills::Luck::from_seed(1);
    let answer = tests_drills::order(&client, &memory, true, 1, &mut luck).await.expect("an answer");
    assert_eq!(answer.status, 201, "{}", answer.text());
    server.stop();
}

async fn counts(house: &House) -> Vec<(&'static str, i64)> {
    let options = Options { access: Access::ReadOnly, readers: 1, ..Options::default() };
    let db = Db::open(&house.database(), options).await.expect("the database can be read");
    let counts = db
        .read(|tx| {
            let count = |table| tx.query_one(&format!("SELECT COUNT(*) FROM {table}"), params![])?.get(0);
            let counts: Vec<i64> = TABLES.map(count).into_iter().collect::<Result<_, StoreError>>()?;
            Ok::<_, StoreError>(TABLES.into_iter().zip(counts).collect())
        })
        .await
        .expect("counted");
    db.close().await;
    counts
}
