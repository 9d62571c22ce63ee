//! Looking entries up, and listing those that were there before.

use crate::support::*;
use core_words::{Actor, OperatorId, UtcMicros};
use kit_keys::Provider;
use kit_ledger::{
    Entry, EntryId, Found, Lookup, Order, Place, append, append_many, list_old, listed, lookup,
};
use kit_store::{Db, Dialect, StoreError, params, testing::both_with};

fn operator(name: &str) -> OperatorId {
    OperatorId::new(name).expect("a name")
}

fn at(seconds: i64) -> UtcMicros {
    START.plus_seconds(seconds)
}

/// An act of `kind` by staff member `who` of `tokyo`, on a case if one is named.
fn of_tokyo(kind: &'static str, who: i64, case: Option<&str>) -> Entry {
    let mut entry = Entry::new(kind, Actor::staff(who), format!("thing:{kind}"));
    entry.list_for(&operator("tokyo"));
    entry.case = case.map(Into::into);
    entry
}

async fn write(db: &Db, entry: Entry, time: UtcMicros) -> EntryId {
    db.write(move |tx| append(tx, &entry, time, &Provider, &Provider)).await.expect("appended")
}

/// All that is found, `size` at a time.
async fn all(db: &Db, name: &'static str, wanted: Lookup<'static>, size: u32) -> Vec<Found> {
    let (mut found, mut after): (Vec<Found>, Option<Place>) = (Vec::new(), None);
    loop {
        let page = db.read(move |tx| lookup(tx, &operator(name), &wanted, after, size)).await.expect("read");
        assert!(page.len() <= size as usize);
        let Some(last) = page.last() else { return found };
        after = Some(last.place);
        found.extend(page);
    }
}

fn ids(found: &[Found]) -> Vec<EntryId> {
    found.iter().map(|found| found.entry.id).collect()
}

#[test]
fn k08_an_operators_entries_are_looked_up_page_by_page_and_nobody_elses() {
    both_with(TABLES, async |db| {
        // Written in another order than they happened, two of them at the same moment.
        let b = write(&db, of_tokyo("desk.paid", 2, Some("C-1")), at(20)).await;
        let a = write(&db, of_tokyo("desk.applied", 1, Some("C-1")), at(10)).await;
        let c = write(&db, of_tokyo("desk.applied", 2, Some("C-2")), at(20)).await;
        let d = write(&db, of_tokyo("desk.closed", 1, None), at(30)).await;
        let mut others = of_tokyo("desk.applied", 1, Some("C-1"));
        others.list_for(&operator("osaka"));
        let e = write(&db, others, at(15)).await;
        // On behalf of the operator, and not for its lists.
        let unlisted = Entry { operator: Some(operator("tokyo")), ..act(0) };
        let unlisted = write(&db, unlisted, at(16)).await;

        let any = Lookup::default();
        for size in [1, 2, 3, 100] {
            assert_eq!(
                ids(&all(&db, "tokyo", any, size).await),
                [d, b.max(c), b.min(c), a],
                "{size} at a time"
            );
            let kinds = Lookup { kinds: &["desk.closed", "desk.applied", "desk.none"], ..any };
            assert_eq!(ids(&all(&db, "tokyo", kinds, size).await), [d, c, a]);
            let oldest = Lookup { order: Order::OldestFirst, ..kinds };
            assert_eq!(ids(&all(&db, "tokyo", oldest, size).await), [a, c, d]);
        }
        let case = Lookup { case: Some("C-1"), order: Order::OldestFirst, ..any };
        assert_eq!(ids(&all(&db, "tokyo", case, 1).await), [a, b]);
        assert_eq!(ids(&all(&db, "osaka", case, 1).await), [e]);
        let actor = Lookup { actor: Some("staff:2"), kinds: &["desk.paid"], ..any };
        assert_eq!(ids(&all(&db, "tokyo", actor, 9).await), [b]);
        // From one time on, and before another.
        let days = Lookup { from: Some(at(20)), before: Some(at(30)), ..any };
        assert_eq!(ids(&all(&db, "tokyo", days, 1).await), [b.max(c), b.min(c)]);
        assert_eq!(all(&db, "tokyo", Lookup { case: Some("C-9"), ..any }, 9).await, []);

        let one = async |name: &'static str, id| {
            db.read(move |tx| listed(tx, &operator(name), id))
                .await
                .expect("read")
                .map(|found| found.entry.id)
        };
        assert_eq!((one("tokyo", a).await, one("osaka", a).await), (Some(a), None));
        assert_eq!(one("tokyo", unlisted).await, None);
        assert_eq!(one("tokyo", EntryId(i64::MAX)).await, None);
        // The numbers come later, and change nothing in the lists.
        sequencer(&db).run_until_idle().await.expect("numbered");
        let numbered = all(&db, "tokyo", any, 9).await;
        assert_eq!(ids(&numbered), [d, b.max(c), b.min(c), a]);
        assert!(numbered.iter().all(|found| found.entry.index.is_some()));
    });
}

#[test]
fn k08_entries_from_before_are_listed_once_in_pieces_and_those_of_others_are_not() {
    both_with(TABLES, async |db| {
        let count = 1_500_u64;
        let old = db.write(move |tx| {
            let of = |n: u64| match n % 3 {
                0 => of_tokyo("claims.apply", 7, Some("C-1")),
                1 => Entry { operator: Some(operator("tokyo")), ..act(n) },
                // Of no operator: of the house.
                _ => Entry::new("claims.apply", Actor::system(), "thing"),
            };
            let entries: Vec<Entry> = (0..count).map(of).collect();
            append_many(tx, &entries, START, &Provider, &Provider)?;
            // As it was before there was the table.
            tx.execute("DELETE FROM ledger_lookup", params![])
        });
        assert_eq!(old.await.ok(), Some(500));
        let fresh = write(&db, of_tokyo("claims.apply", 7, Some("C-1")), at(1)).await;
        assert_eq!(all(&db, "tokyo", Lookup::default(), 100).await.len(), 1);

        let beginnings: &[&str] = &["claims."];
        assert_eq!(list_old(&db, beginnings).await.ok(), Some(500), "the new one was listed already");
        assert_eq!(list_old(&db, beginnings).await.ok(), Some(0), "done is done");
        let wanted = Lookup {
            kinds: &["claims.apply"],
            actor: Some("staff:7"),
            case: Some("C-1"),
            ..Lookup::default()
        };
        let found = all(&db, "tokyo", wanted, 100).await;
        assert_eq!((found.len(), found[0].entry.id, found[1].place.at), (501, fresh, START));
        assert_eq!(all(&db, "tokyo", Lookup::default(), 100).await.len(), 501);
    });
}

#[test]
fn k08_every_look_up_goes_by_an_index() {
    both_with(TABLES, async |db| {
        for (index, condition) in [
            ("ledger_lookup_time", ""),
            ("ledger_lookup_kind", " AND kind = 'a.b'"),
            ("ledger_lookup_actor", " AND actor = 'staff:1'"),
            ("ledger_lookup_case", " AND case_no = 'C-1'"),
        ] {
            let plan = db.write(move |tx| {
                let (explain, column) = match tx.dialect() {
                    Dialect::Sqlite => ("EXPLAIN QUERY PLAN", 3),
                    Dialect::Postgres => {
                        // An empty table is read as a whole; one that grows is not.
                        tx.execute("SET LOCAL enable_seqscan = off", params![])?;
                        ("EXPLAIN", 0)
                    }
                };
                let sql = format!(
                    "{explain} SELECT at_us, entry_id FROM ledger_lookup WHERE operator = $1{condition} \
                     AND (at_us, entry_id) < ($2, $3) ORDER BY at_us DESC, entry_id DESC LIMIT 51"
                );
                let rows = tx.query(&sql, params!["tokyo", 5_i64, 6_i64])?;
                rows.iter().map(|row| row.get::<String>(column)).collect::<Result<Vec<_>, StoreError>>()
            });
            let plan = plan.await.expect("planned").join("\n");
            assert!(plan.contains(index), "{plan}");
            let sorts = plan.contains("Sort") || plan.contains("TEMP B-TREE");
            assert!(!sorts, "{plan}");
        }
    });
}
