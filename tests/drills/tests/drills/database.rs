//! The database goes away and comes back: refused clearly, recovered without hands (K13).

use crate::town::Town;
use kit_store::{Dialect, testing::Place};
use std::net::ToSocketAddrs;
use tests_drills::{Depth, House, Proxy, order, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_goes_away_and_comes_back_needs_no_hands() {
    let Some(place) = Place::fresh(Dialect::Postgres) else { return };
    let (near, proxy) = through_a_wire(place.url()).await;
    let house = tokio::task::block_in_place(|| House::found(Some(&near)));
    let mut town = Town::over(house, Some(place)).await;
    let (mut server, client) = town.serve().await;
    for round in 0..3 {
        let load = town.load(&client);
        assert!(load.answered(40, &mut server).await, "the server lives");
        proxy.cut();
        let refused = until("an order is refused", async || {
            let answer =
                order(&client, &town.memory, true, 1, &mut town.luck).await.expect("the server answers");
            (!answer.is_good()).then_some(answer)
        })
        .await;
        assert_eq!(refused.status, 503, "{}", refused.text());
        let code = refused.code();
        assert!(["authority.storage_unavailable", "server.unavailable"].contains(&&*code), "{code}");
        assert_eq!(client.part_is("database", "failed").await.status, 503);
        proxy.mend();
        client.is_ready().await;
        load.end().await;
        println!("round {round}: {} connections so far", proxy.passed());
        town.check(&client, Depth::Recent).await;
    }
    town.check(&client, Depth::All).await;
    server.stop();
}

/// A server that finds no database says so and ends; whoever watches over it starts it again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_its_database_says_so_and_starts_once_it_is_back() {
    let Some(place) = Place::fresh(Dialect::Postgres) else { return };
    let (near, proxy) = through_a_wire(place.url()).await;
    let house = tokio::task::block_in_place(|| House::found(Some(&near)));
    let mut town = Town::over(house, Some(place)).await;
    proxy.cut();
    tokio::task::block_in_place(|| town.house.refuses(&["serve"], 4, "store.unavailable"));
    proxy.mend();
    town.restart_and_check(Depth::All).await;
}

/// The same database, over a wire that can be cut.
async fn through_a_wire(url: &str) -> (String, Proxy) {
    let rest = url.split_once("://").expect("a URL").1;
    let (server, database) = rest.split_once('/').expect("it names a database");
    let (user, host) = server.rsplit_once('@').expect("it names a user");
    let address = host.to_socket_addrs().expect("the host is known").next().expect("it has an address");
    let proxy = Proxy::to(address).await;
    (format!("postgres://{user}@{}/{database}", proxy.address()), proxy)
}
