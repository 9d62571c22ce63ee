//! What is stored costs nothing: neither at the start, nor for one more certificate, nor for one more revocation.

use crate::town::Town;
use rusqlite::Connection;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};
use tests_drills::{Client, Depth, Drill, Server, order};

/// Tables that grow with the number of certificates, and without end.
const GROWING: [&str; 8] = [
    "ca_certificate",
    "ca_order",
    "ca_key",
    "ca_revocation",
    "ca_feed",
    "ledger_entry",
    "ledger_details",
    "ledger_tile",
];

/// Indexes over the few rows that wait for something, however many there are in all: to go through one of them whole
/// is right.
const OF_WAITING: [&str; 4] =
    ["ca_certificate_unsigned", "ca_feed_unnumbered", "ledger_entry_unnumbered", "ca_revocation_tail"];

/// Incident: a start that read every certificate, and took an hour once there were enough of them.
///
/// Every statement of a real run, from the start over issuing, revoking and making lists to packing and recovery, is
/// explained by the database itself. None goes through a table that grows with the number of certificates.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn incident_start_up_that_scanned_everything() {
    let mut town = Town::new().await;
    // A kill leaves work for recovery.
    town.die_under_load(&Drill::at("engine.recorded", 5)).await;
    let (mut server, client) = town.serve().await;
    let load = town.load(&client);
    assert!(load.answered(300, &mut server).await, "the server lives");
    load.end().await;
    town.check(&client, Depth::All).await;
    server.stop();

    let statements = statements(&town.house.logs());
    // The log has them, and not only those of the start.
    for part in ["ca_certificate", "ca_revocation", "ledger_entry", "ca_segment", "job_schedule"] {
        assert!(statements.iter().any(|sql| sql.contains(part)), "no statement about {part} was logged");
    }
    assert!(statements.len() > 80, "{} statements", statements.len());
    let db = Connection::open(file(&town)).expect("no server runs");
    let mut scans = BTreeMap::new();
    for sql in &statements {
        let found: Vec<String> =
            plan(&db, sql).into_iter().filter(|step| reads_everything(step, sql)).collect();
        if !found.is_empty() {
            scans.insert(sql, found);
        }
    }
    assert!(scans.is_empty(), "these go through everything that is stored:\n{scans:#?}");
}

/// Every statement that was logged, once.
fn statements(log: &str) -> BTreeSet<String> {
    let of_line = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).ok()?;
        let statement = line["target"] == "kit_store::statements";
        statement.then(|| line["sql"].as_str().expect("a statement has a text").to_owned())
    };
    log.lines().filter_map(of_line).collect()
}

/// The steps of the plan for a statement, in the database's own words.
fn plan(db: &Connection, sql: &str) -> Vec<String> {
    // Parameters stay unbound, which changes no plan.
    let explained = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}"));
    let mut explained = explained.unwrap_or_else(|e| panic!("{e}: {sql}"));
    let mut rows = explained.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next().unwrap_or_else(|e| panic!("{e}: {sql}")) {
        steps.push(row.get::<_, String>(3).expect("the step"));
    }
    steps
}

/// Whether a step of a plan goes through all of a growing table.
fn reads_everything(step: &str, sql: &str) -> bool {
    // A "search" that uses no index is how the database plans the least or greatest of a column: by reading all.
    let search = step.strip_prefix("SEARCH ").filter(|rest| !rest.contains(" USING "));
    let Some(rest) = step.strip_prefix("SCAN ").or(search) else { return false };
    let name = rest.split_whitespace().next().unwrap_or_default();
    let table = table_of(name, sql);
    let waiting = OF_WAITING.iter().any(|index| rest.contains(index));
    // The newest or the oldest row alone: the scan ends with the first row it sees.
    let first = sql.trim_end().ends_with("LIMIT 1") && sql.contains("ORDER BY") && !sql.contains(" WHERE ");
    GROWING.contains(&&*table) && !waiting && !first
}

/// The table behind a name in a plan, which may be an alias.
fn table_of(name: &str, sql: &str) -> String {
    let words: Vec<&str> =
        sql.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|w| !w.is_empty()).collect();
    let alias = words.windows(2).find(|pair| pair[1] == name && GROWING.contains(&pair[0]));
    alias.map_or(name, |pair| pair[0]).to_owned()
}

#[test]
fn a_scan_is_seen_for_what_it_is() {
    let db = Connection::open_in_memory().expect("memory");
    db.execute_batch(
        "CREATE TABLE ca_certificate (id INTEGER PRIMARY KEY, serial BLOB UNIQUE, signature BLOB, other TEXT);
         CREATE INDEX ca_certificate_unsigned ON ca_certificate (id) WHERE signature IS NULL;",
    )
    .expect("a schema");
    let scans = |sql: &str| plan(&db, sql).iter().any(|step| reads_everything(step, sql));
    for bad in [
        "SELECT COUNT(*) FROM ca_certificate",
        "SELECT * FROM ca_certificate WHERE other = ?1",
        "SELECT c.id FROM ca_certificate c WHERE c.other = ?1 ORDER BY c.id LIMIT 1",
        "SELECT MAX(other) FROM ca_certificate",
        "SELECT serial FROM ca_certificate ORDER BY serial",
        "UPDATE ca_certificate SET other = ?1 WHERE signature = ?2",
    ] {
        assert!(scans(bad), "{bad}");
    }
    for good in [
        "SELECT * FROM ca_certificate WHERE id = ?1",
        "SELECT * FROM ca_certificate WHERE serial = ?1",
        "SELECT id FROM ca_certificate WHERE signature IS NULL AND id > ?1 ORDER BY id",
        "SELECT other FROM ca_certificate ORDER BY id DESC LIMIT 1",
        "INSERT INTO ca_certificate (id) VALUES (?1)",
    ] {
        assert!(!scans(good), "{good}: {:?}", plan(&db, good));
    }
}

fn file(town: &Town) -> PathBuf {
    town.house.database().strip_prefix("sqlite:").expect("on SQLite").into()
}

/// Certificates that are there already: 1,000,000 in a long run.
fn many() -> u64 {
    if std::env::var_os("WARIFU_LONG").is_some() { 1_000_000 } else { 60_000 }
}

/// What may come on top, in octets read: trees that are two levels higher, and what goes on beside.
const SLACK: u64 = 512 << 10;

/// Octets that the server reads from its files: of its start, of one order, of one revocation.
#[derive(Clone, Copy, Debug)]
struct Cost {
    start: u64,
    order: u64,
    revocation: u64,
}

/// Counted in octets that the process asks its files for, which no cache of the machine hides and no speed changes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn start_order_and_revocation_cost_the_same_however_much_is_stored() {
    let mut town = Town::new().await;
    let (server, client) = town.serve().await;
    for _ in 0..2 {
        let answer = order(&client, &town.memory, true, 40, &mut town.luck).await.expect("an answer");
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    revoke(&client, &town, 0).await;
    server.stop();

    let few = cost(&mut town, 1).await;
    let full = multiply(&town, many());
    let cost = cost(&mut town, 20).await;
    println!("{} rows, {} MiB: {cost:?}, and {few:?} when there were few", many(), full >> 20);
    assert!(full > 60 * SLACK, "{full} octets are not enough to tell a scan from none");
    assert!(cost.start < few.start + SLACK, "the start: {cost:?}, {few:?} before");
    assert!(cost.order < few.order + SLACK, "one order: {cost:?}, {few:?} before");
    assert!(cost.revocation < few.revocation + SLACK, "one revocation: {cost:?}, {few:?} before");
    // It is still the house it was.
    town.restart_and_check(Depth::Recent).await;
}

/// The least of five tries each, since other work goes on beside. `from` is the first certificate to be revoked.
async fn cost(town: &mut Town, from: usize) -> Cost {
    let mut server = town.house.start(&Drill::none());
    assert!(server.listens().await, "{}", server.log());
    let start = octets_read(&server);
    let client = Client::of(&town.house, &server);
    client.is_ready().await;
    let (mut orders, mut revocations) = (Vec::new(), Vec::new());
    for at in from..from + 5 {
        let before = octets_read(&server);
        let answer = order(&client, &town.memory, true, 1, &mut town.luck).await.expect("an answer");
        assert_eq!(answer.status, 201, "{}", answer.text());
        orders.push(octets_read(&server) - before);
        let before = octets_read(&server);
        revoke(&client, town, at).await;
        revocations.push(octets_read(&server) - before);
    }
    server.stop();
    let least = |costs: Vec<u64>| costs.into_iter().min().unwrap_or_default();
    Cost { start, order: least(orders), revocation: least(revocations) }
}

async fn revoke(client: &Client, town: &Town, at: usize) {
    let kept = town.memory().doubt(at, "superseded");
    let path = format!("/api/v1/authorities/{}/revocations", kept.authority);
    let answer = client.post(&path, &kept.turn("superseded"), None).await.expect("an answer");
    town.memory().turned(at, &answer);
}

/// What the process has read through system calls.
fn octets_read(server: &Server) -> u64 {
    let text = fs::read_to_string(format!("/proc/{}/io", server.pid())).expect("Linux counts");
    let line = text.lines().find_map(|line| line.strip_prefix("rchar: ")).expect("rchar");
    line.parse().expect("a number")
}

/// Fills the growing tables: each row many times over, under other numbers. The size of the file then, octets.
fn multiply(town: &Town, times: u64) -> u64 {
    let db = Connection::open(file(town)).expect("no server runs");
    db.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; BEGIN").expect("it begins");
    // Numbers below zero: nothing that counts on from the highest is led astray.
    let copies: [(&str, &[(&str, &str)]); 6] = [
        ("ca_order", &[("id", "-n"), ("idempotency_key", "NULL")]),
        ("ca_certificate", &[("id", "-n"), ("serial", "randomblob(20)"), ("spki_sha256", "randomblob(32)")]),
        ("ca_key", &[("spki_sha256", "randomblob(32)")]),
        ("ca_revocation", &[("serial", "randomblob(20)"), ("certificate_id", "-n"), ("segment", "-1")]),
        ("ca_feed", &[("id", "-n"), ("seq", "-n"), ("order_id", "-n"), ("serial", "randomblob(20)")]),
        ("ledger_entry", &[("id", "-n"), ("seq", "-n")]),
    ];
    for (table, changes) in copies {
        let columns: Vec<String> = {
            let mut about =
                db.prepare(&format!("SELECT name FROM pragma_table_info('{table}')")).expect("a table");
            let names = about.query_map((), |row| row.get(0)).expect("its columns");
            names.collect::<Result<_, _>>().expect("names")
        };
        let value = |column: &String| {
            let change = changes.iter().find(|(name, _)| name == column);
            change.map_or_else(|| format!("t.{column}"), |(_, value)| (*value).to_owned())
        };
        let (names, values) = (columns.join(", "), columns.iter().map(value).collect::<Vec<_>>().join(", "));
        let sql = format!(
            "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {times}) \
             INSERT INTO {table} ({names}) SELECT {values} FROM numbers, (SELECT * FROM {table} LIMIT 1) t"
        );
        let rows = db.execute(&sql, ()).unwrap_or_else(|e| panic!("{table}: {e}"));
        assert_eq!(rows as u64, times, "{table}");
    }
    db.execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)").expect("it ends");
    drop(db);
    fs::metadata(file(town)).expect("the file is there").len()
}
