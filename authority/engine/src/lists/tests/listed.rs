//! What published lists say when they are read back by number.

use super::*;
use authority_front::Listed as Answer;
use kit_store::testing::both_with;

impl House {
    async fn ask(&self, number: i64, numbers: &[u32]) -> Result<Option<Answer>, &'static str> {
        let serials: Vec<Serial> = numbers.iter().map(|n| serial(*n)).collect();
        crate::lists::listed(&self.ctx, &self.authority, number, &serials)
            .await
            .map_err(|refusal| refusal.code)
    }
}

#[test]
fn k4_a_list_is_asked_by_number_whom_it_names() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        let empty = house.publish(0, ListKind::Full).await;
        let answer = house.ask(1, &[1, 2]).await.expect("read").expect("a list");
        assert_eq!((answer.number, answer.listed), (1, vec![false, false]), "nothing is revoked yet");
        assert_eq!((answer.this_update, answer.next_update), (empty.this_update, empty.next_update));

        house.clock.advance_seconds(60);
        house.revoke(1..=300).await;
        house.change(400, RevocationState::Held).await;
        house.change(401, RevocationState::Held).await;
        house.change(401, RevocationState::Released).await;
        house.number_feed().await;
        house.publish(0, ListKind::Full).await;
        let current = house.current(0, ListKind::Full).await.expect("it is current");
        let answer = house.ask(2, &[300, 301, 400, 401, 1, 300]).await.expect("read").expect("a list");
        assert_eq!(answer.listed, [true, false, true, false, true, true], "asked twice, answered twice");
        assert_eq!(Some(answer.sha256), current.sha256);
        assert!(house.ask(2, &[]).await.expect("read").expect("a list").listed.is_empty());
        // The list before says what it said.
        let before = house.ask(1, &[300]).await.expect("read").expect("a list");
        assert_eq!((before.number, before.listed), (1, vec![false]));

        house.clock.advance_seconds(60);
        house.publish(0, ListKind::Delta).await;
        assert_eq!(house.ask(3, &[1]).await, Ok(None), "a delta list is no answer");
        assert_eq!(house.ask(4, &[1]).await, Ok(None), "there is no such list");
        assert_eq!(house.ask(2, &[1; 10_001]).await, Err("authority.too_many_serials"));
        let nobody = AuthorityId::new("nobody").expect("a name");
        let refused = crate::lists::listed(&house.ctx, &nobody, 1, &[]).await.expect_err("unknown");
        assert_eq!(refused.code, "authority.unknown");
    });
}

/// An answer is given only when the file is, octet by octet, the one that was published.
#[test]
fn k4_a_file_that_was_altered_gives_no_answer() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.revoke([1, 2, 3]).await;
        house.number_feed().await;
        house.publish(0, ListKind::Full).await;
        let list = house.current(0, ListKind::Full).await.expect("it is current");
        let name = list.blob.clone().expect("it has a file");
        let good = house.ctx.blobs.get(&name, 1 << 20).expect("it reads").expect("it is there");
        for at in (0..good.len()).step_by(7).chain([good.len() - 1]) {
            let mut altered = good.clone();
            altered[at] ^= 0x10;
            house.ctx.blobs.put(&name, &altered).expect("it writes");
            assert_eq!(house.ask(1, &[1]).await, Err("authority.internal"), "octet {at}");
        }
        for length in [0, 1, 30, good.len() - 1] {
            house.ctx.blobs.put(&name, &good[..length]).expect("it writes");
            assert_eq!(house.ask(1, &[1]).await, Err("authority.internal"), "{length} octets");
        }
        house.ctx.blobs.put(&name, &[&good[..], &[0]].concat()).expect("it writes");
        assert_eq!(house.ask(1, &[1]).await, Err("authority.internal"), "an octet more");
        house.ctx.blobs.put(&name, &good).expect("it writes");
        assert_eq!(house.ask(1, &[1, 9]).await.expect("read").expect("a list").listed, [true, false]);
        house.ctx.blobs.delete(&name).expect("it deletes");
        assert_eq!(house.ask(1, &[1]).await, Ok(None), "the file is gone");
    });
}
