//! Serves the gallery of this crate alone: `cargo run -p kit-web --example gallery -- 127.0.0.1:8090`.

use core_words::Text;
use std::sync::Arc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = std::env::args().nth(1).unwrap_or("127.0.0.1:8090".into());
    let texts = kit_web::Texts::new(&[])?;
    let name = Text::new("割符 電子証明書の窓口", "Warifu, electronic certificate desks");
    let chrome = Arc::new(kit_web::Chrome::new(texts, kit_clock::SystemClock::shared(), name));
    let pages = kit_web::with_refusals(kit_web::gallery::router(kit_web::samples()));
    let listener = tokio::net::TcpListener::bind(address).await?;
    axum::serve(listener, kit_web::serve(pages, chrome)).await?;
    Ok(())
}
