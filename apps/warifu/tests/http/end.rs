//! An orderly end: requests under way finish, nothing new begins, the ledger is signed.

use crate::{
    csr,
    house::{House, ORDERS, order},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

#[tokio::test]
async fn a_request_under_way_is_answered_and_idle_connections_are_closed() {
    let mut house = House::start().await;
    let mut idle = TcpStream::connect(house.address).await.expect("connected");
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n").await.expect("sent");
    let mut first = vec![0; 4_096];
    assert!(idle.read(&mut first).await.expect("an answer") > 0);

    // And one that is connected and has said nothing yet, as browsers keep them at hand.
    let mut silent = TcpStream::connect(house.address).await.expect("connected");

    // The head and half of the body are there when the end begins.
    let body = order(&csr::fresh("a.example.jp")).to_string();
    let (early, late) = body.split_at(body.len() / 2);
    let mut under_way = TcpStream::connect(house.address).await.expect("connected");
    let head = format!(
        "POST {ORDERS} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        house.token,
        body.len()
    );
    under_way.write_all(head.as_bytes()).await.expect("sent");
    // The server says that it reads the body: from here on the request is under way.
    let mut go_on = vec![0; 256];
    let n = under_way.read(&mut go_on).await.expect("100");
    assert!(String::from_utf8_lossy(&go_on[..n]).starts_with("HTTP/1.1 100 "));
    under_way.write_all(early.as_bytes()).await.expect("sent");

    let address = house.address;
    let (_, answer) = tokio::join!(house.end(), async {
        let mut nothing = Vec::new();
        // The idle connection is closed at once: that is how we know that the end has begun.
        let _ = idle.read_to_end(&mut nothing).await;
        let _ = silent.read_to_end(&mut nothing).await;
        under_way.write_all(late.as_bytes()).await.expect("sent");
        let mut answer = Vec::new();
        under_way.read_to_end(&mut answer).await.expect("answered");
        String::from_utf8_lossy(&answer).into_owned()
    });
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    assert!(TcpStream::connect(address).await.is_err(), "it still listens");
    assert!(!house.dir.path().join("w.sock").exists());
}

#[tokio::test]
async fn k8_the_ledger_is_signed_to_its_end_before_the_server_ends() {
    let mut house = House::start().await;
    house.issue("a.example.jp").await;
    let config = house.installation().config.clone();
    house.end().await;
    let opening = warifu::installation::Opening::to_look();
    let installation = warifu::installation::Installation::open(config, opening).await.expect("opened");
    let lag = installation.db.read(kit_ledger::lag).await.expect("read");
    assert_eq!((lag.unnumbered, lag.unsigned), (0, 0));
    installation.close().await;
}
