//! What every page passes before its handler: a place, a time limit, a count, a catch for panics. Inside
//! [`kit_web::serve`], so that what goes wrong is told on a page like every other.

use crate::server::{Peer, Stopped, Work};
use axum::{
    Router,
    extract::{Request, State},
    http::Method,
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use kit_web::{Refused, RequestId, answers};
use std::sync::Arc;

/// Lays the guard around `pages`.
pub(super) fn around(pages: Router, work: Work) -> Router {
    pages.layer(middleware::from_fn_with_state(Arc::new(work), guard))
}

async fn guard(State(work): State<Arc<Work>>, request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let peer =
        (request.method() == Method::POST).then(|| request.extensions().get::<Peer>().cloned()).flatten();
    let response = work.on(next.run(request)).await.unwrap_or_else(|stopped| {
        let refusal = match stopped {
            Stopped::NoPlace => answers::busy(),
            Stopped::TooLong => answers::timed_out(),
            Stopped::Panicked(what) => {
                tracing::error!(error = what, "a page broke");
                answers::broke(&id)
            }
        };
        Refused(refusal).into_response()
    });
    let code = response.extensions().get::<Refused>().map(|Refused(refusal)| refusal.code);
    work.answered(response.status(), code);
    if let (Some(_), Some(peer)) = (code, peer) {
        // The form may not have been read to its end; the page that says so must not be lost for that.
        peer.answered_early();
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{body::Body, http::StatusCode, routing::get};
    use core_words::{Text, UtcMicros};
    use http_body_util::BodyExt;
    use kit_clock::ManualClock;
    use kit_web::{Chrome, Texts};
    use std::{future::pending, time::Duration};
    use tower::ServiceExt;

    async fn asked(path: &str, places: usize, patience: Duration) -> (StatusCode, String) {
        async fn falls() -> &'static str {
            panic!("the roof fell in")
        }
        let pages = Router::new().route("/falls", get(falls)).route("/sleeps", get(pending::<&'static str>));
        let texts = Texts::new(&[kit_web::SOURCE]).expect("the house's own texts are well formed");
        let clock = Arc::new(ManualClock::at(UtcMicros(1_800_000_000_000_000)));
        let chrome = Chrome::new(texts, clock, Text::new("割符", "Warifu"));
        let work = Work::new(places, patience, Arc::default());
        let service = kit_web::serve(around(pages, work), Arc::new(chrome));
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = service.oneshot(request).await.unwrap();
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_page_that_breaks_says_so_on_a_page_with_a_number_to_tell() {
        let (status, page) = asked("/falls", 4, Duration::from_secs(30)).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(page.contains("web.broke") && page.contains("記録番号："), "{page}");
        assert!(!page.contains("roof"), "what broke is for the log: {page}");
    }

    #[tokio::test]
    async fn a_page_that_takes_too_long_or_finds_no_place_says_so() {
        let (status, page) = asked("/sleeps", 4, Duration::from_millis(1)).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(page.contains("web.timed_out"), "{page}");
        let (status, page) = asked("/sleeps", 0, Duration::from_secs(30)).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(page.contains("web.busy"), "{page}");
    }
}
