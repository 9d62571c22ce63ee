//! Random kills under load.

use crate::{
    points::{By, by, points},
    town::Town,
};
use kit_store::Dialect;
use std::time::Duration;
use tests_drills::{Client, Depth, Drill, Luck};

/// A house sees so many kills; then a fresh one takes its place, so that looking everything over stays quick.
const PER_HOUSE: u64 = 100;
/// However the moment was chosen: after so many answers it is over.
const MOST_ANSWERS: u64 = 250;

/// When a server is killed.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// While it starts, after so many milliseconds.
    Starting { millis: u64 },
    /// After so many answers, and so many microseconds more.
    Answers { count: u64, micros: u64 },
    /// By its own hand at a fault point, if it passes there; otherwise after many answers.
    Point { point: &'static str, passage: u64 },
}

impl Moment {
    fn choose(luck: &mut Luck) -> Self {
        match luck.below(10) {
            0 => Self::Starting { millis: luck.below(600) },
            1..6 => Self::Answers { count: luck.below(120), micros: luck.below(15_000) },
            _ => {
                let served: Vec<_> = points(|by| matches!(by, By::Server(_))).collect();
                Self::Point { point: luck.pick::<&str>(&served), passage: 1 + luck.below(25) }
            }
        }
    }
}

/// How many kills there are: `WARIFU_DRILL_KILLS`, else 1,000 in a long run and 50 in a short one.
fn wanted() -> u64 {
    match std::env::var("WARIFU_DRILL_KILLS") {
        Ok(text) => text.parse().expect("WARIFU_DRILL_KILLS is a number"),
        Err(_) if std::env::var_os("WARIFU_LONG").is_some() => 1_000,
        Err(_) => 50,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_kills_lose_and_double_nothing_on_sqlite() {
    kill(Dialect::Sqlite, wanted()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_kills_lose_and_double_nothing_on_postgresql() {
    kill(Dialect::Postgres, wanted().div_ceil(5)).await;
}

async fn kill(dialect: Dialect, kills: u64) {
    let mut done = 0;
    while done < kills {
        let Some(mut town) = Town::on(dialect).await else { return };
        for _ in 0..PER_HOUSE.min(kills - done) {
            let moment = Moment::choose(&mut town.luck);
            done += 1;
            println!("kill {done}: {moment:?}");
            kill_at(&mut town, moment).await;
            town.restart_and_check(Depth::Recent).await;
        }
        town.restart_and_check(Depth::All).await;
        let memory = town.memory();
        println!("{} certificates, {} checkpoints", memory.kept().len(), memory.log.count());
    }
}

async fn kill_at(town: &mut Town, moment: Moment) {
    if let Moment::Starting { millis } = moment {
        let mut server = town.house.start(&Drill::none());
        tokio::time::sleep(Duration::from_millis(millis)).await;
        return server.kill();
    }
    let (drill, answers, micros) = match moment {
        Moment::Point { point, passage } => (Drill::at(point, passage), MOST_ANSWERS, 0),
        Moment::Answers { count, micros } => (Drill::none(), count, micros),
        Moment::Starting { .. } => unreachable!("done above"),
    };
    let mut server = town.house.start(&drill);
    if !server.listens().await {
        return server.kill();
    }
    let load = town.load(&Client::of(&town.house, &server));
    if load.answered(answers, &mut server).await {
        tokio::time::sleep(Duration::from_micros(micros)).await;
    }
    server.kill();
    load.end().await;
}

#[test]
fn a_seed_chooses_the_same_moments_again() {
    let choose = |seed| {
        let mut luck = Luck::from_seed(seed);
        (0..100).map(|_| format!("{:?}", Moment::choose(&mut luck))).collect::<Vec<_>>()
    };
    assert_eq!(choose(7), choose(7));
    assert_ne!(choose(7), choose(8));
    let kinds = ["Starting", "Answers", "Point"];
    assert!(kinds.iter().all(|kind| choose(7).iter().any(|moment| moment.starts_with(kind))));
    assert!(matches!(by("engine.signed"), By::Server(_)));
}
