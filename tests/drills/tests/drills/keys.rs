//! Locked keys: orders are refused clearly, readiness says why, and a person's passphrase is enough (K15).

use crate::town::Town;
use std::{
    io::{Read, Write},
    process::{Command, Stdio},
};
use tests_drills::{Client, Depth, Drill, House, PASSPHRASE, order};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn locked_keys_are_unlocked_by_a_person_and_all_goes_on() {
    let mut town = Town::new().await;
    let (server, client) = town.serve().await;
    let issued = order(&client, &town.memory, true, 1, &mut town.luck).await.expect("an answer");
    assert_eq!(issued.status, 201, "{}", issued.text());
    server.stop();
    // What a kill between record and signature left waits for the keys, too.
    town.die_under_load(&Drill::at("engine.recorded", 3)).await;
    town.house.configure("", false);
    let mut server = town.house.start(&Drill::none());
    assert!(server.listens().await, "a server starts with locked keys:\n{}", server.log());
    let client = Client::of(&town.house, &server);

    let seen = client.part_is("keys", "failed").await;
    assert_eq!(seen.status, 503);
    assert!(seen.text().contains("warifu keys unlock"), "it says what to do: {}", seen.text());
    let refused = order(&client, &town.memory, true, 1, &mut town.luck).await.expect("an answer");
    assert_eq!((refused.status, &*refused.code()), (503, "authority.keys_locked"));
    let batch = order(&client, &town.memory, true, 3, &mut town.luck).await.expect("an answer");
    assert!(batch.text().contains("authority.keys_locked"), "{}", batch.text());
    // What was issued is served all the same.
    let kept = town.memory().kept().first().cloned().expect("something was issued");
    assert_eq!(client.get(&kept.path()).await.expect("an answer").status, 200);

    let wrong = tokio::task::block_in_place(|| unlock(&town.house, "not the passphrase"));
    assert!(wrong.contains("[keys.wrong_passphrase]"), "{wrong}");
    client.part_is("keys", "failed").await;
    let right = tokio::task::block_in_place(|| unlock(&town.house, PASSPHRASE));
    assert!(right.contains("The keys are unlocked."), "{right}");
    client.part_is("keys", "ready").await;
    client.is_ready().await;
    // Commands of their own ask for the passphrase; what follows needs none of that.
    town.house.configure("", true);
    town.check(&client, Depth::All).await;
    server.stop();
}

/// Types the passphrase at a terminal, as a person does; what was shown.
fn unlock(house: &House, passphrase: &str) -> String {
    let mut script = Command::new("script");
    house.prepare(&mut script);
    let line = format!("'{}' keys unlock", tests_drills::warifu().display());
    script.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
    let mut terminal =
        script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("Debian has script");
    let mut out = terminal.stdout.take().expect("piped");
    let mut shown = Vec::new();
    // What is typed before it is asked for would be shown, and might be lost.
    let asked = loop {
        let mut octet = [0];
        match out.read(&mut octet) {
            Ok(1) => shown.push(octet[0]),
            _ => break false,
        }
        if shown.ends_with(b"keys: ") {
            break true;
        }
    };
    if asked {
        let typed = terminal.stdin.take().expect("piped").write_all(format!("{passphrase}\n").as_bytes());
        typed.expect("the terminal takes what is typed");
    }
    out.read_to_end(&mut shown).expect("the terminal can be read");
    terminal.wait().expect("it is a child of ours");
    String::from_utf8_lossy(&shown).into_owned()
}
