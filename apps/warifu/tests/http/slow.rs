//! Large bodies and slow clients.

use crate::house::{House, ORDERS};
use std::time::{Duration, Instant};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

async fn connect(house: &House) -> TcpStream {
    TcpStream::connect(house.address).await.expect("connected")
}

fn head(house: &House, more: &str) -> String {
    let token = &house.token;
    format!(
        "POST {ORDERS} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n{more}\r\n"
    )
}

/// Everything the server says until it closes the connection.
async fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut answer)).await;
    // A reset after the answer is an end as well.
    drop(read.expect("the server closes the connection"));
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_body_of_100_mb_is_refused_before_it_is_read() {
    let house = House::start().await;
    let journal = house.journal().await;
    let mut stream = connect(&house).await;
    stream.write_all(head(&house, "Content-Length: 100000000\r\n").as_bytes()).await.expect("sent");
    // Not one octet of the body was sent, and the answer is there.
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("api.body_too_large") && answer.contains("application/problem+json"), "{answer}");
    assert_eq!(house.journal().await, journal);
}

#[tokio::test]
async fn a_client_that_sends_100_mb_all_the_same_reads_the_refusal() {
    let house = House::start().await;
    let mut stream = connect(&house).await;
    stream.write_all(head(&house, "Content-Length: 100000000\r\n").as_bytes()).await.expect("sent");
    let (mut read, mut write) = stream.split();
    let send = async {
        let piece = vec![b' '; 1 << 20];
        let mut sent = 0;
        // The server takes some of it, throws it away, and then closes.
        while sent < 95 && write.write_all(&piece).await.is_ok() {
            sent += 1;
        }
        sent
    };
    let receive = async {
        let mut answer = vec![0; 4_096];
        let n = read.read(&mut answer).await.expect("an answer, not a reset");
        String::from_utf8_lossy(&answer[..n]).into_owned()
    };
    let (sent, answer) = tokio::join!(send, receive);
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(sent < 95, "all of it was read");
}

#[tokio::test]
async fn a_large_body_without_a_length_is_refused_at_the_limit() {
    let house = House::start().await;
    let mut stream = connect(&house).await;
    stream.write_all(head(&house, "Transfer-Encoding: chunked\r\n").as_bytes()).await.expect("sent");
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(1 << 16));
    for _ in 0..18 {
        if stream.write_all(chunk.as_bytes()).await.is_err() {
            break;
        }
    }
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[tokio::test]
async fn a_head_that_never_ends_is_cut_off() {
    let house = House::with("[limits]\nhead_seconds = 1").await;
    let mut stream = connect(&house).await;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: h\r\nX-Slow: ").await.expect("sent");
    let begun = Instant::now();
    rest(&mut stream).await;
    assert!(begun.elapsed() < Duration::from_secs(15));
    // A connection that says nothing at all is cut off too.
    let mut silent = connect(&house).await;
    assert_eq!(rest(&mut silent).await, "");
}

#[tokio::test]
async fn a_body_that_drips_is_cut_off_and_others_are_served_meanwhile() {
    let house = House::with("[limits]\nbody_seconds = 1").await;
    let mut slow = connect(&house).await;
    slow.write_all(head(&house, "Content-Length: 1000\r\n").as_bytes()).await.expect("sent");
    slow.write_all(b"{").await.expect("sent");
    house.issue("a.example.jp").await;
    let answer = rest(&mut slow).await;
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("api.body_too_slow"), "{answer}");
}

#[tokio::test]
async fn heads_that_are_too_large_are_refused() {
    let house = House::start().await;
    for more in [format!("X-Large: {}\r\n", "x".repeat(40 << 10)), "X-Many: x\r\n".repeat(100)] {
        let mut stream = connect(&house).await;
        let _ = stream.write_all(head(&house, &more).as_bytes()).await;
        let answer = rest(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    }
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_for_a_place() {
    let house = House::with("[limits]\nconnections = 2\nhead_seconds = 2").await;
    let first = connect(&house).await;
    let second = connect(&house).await;
    // The third is answered once the silent ones were cut off.
    let answer = house.get("/healthz").await;
    assert_eq!(answer.status, 200);
    drop((first, second));
}
