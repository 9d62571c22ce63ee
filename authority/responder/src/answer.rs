//! Answers in plain text for what is not there, not open, or not available now.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kit_store::StoreError;

/// Why a file is not served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unserved {
    /// There is none of this name.
    NotFound,
    /// The lists of this authority are not for everybody.
    NotOpen,
    /// The database or the files cannot be read now.
    Unavailable,
}

impl From<StoreError> for Unserved {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the repository cannot read");
        Self::Unavailable
    }
}

impl Unserved {
    fn parts(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "お探しのファイルはありません。一覧は /ca/ にあります。",
                "There is no such file. The index is at /ca/.",
            ),
            Self::NotOpen => (
                StatusCode::FORBIDDEN,
                "この認証局の失効情報は、署名検証者にのみ提供されます。",
                "The revocation information of this authority is given to registered verifiers only.",
            ),
            Self::Unavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                "ただいま提供できません。しばらくしてからもう一度お試しください。",
                "Not available now. Please try again in a moment.",
            ),
        }
    }
}

impl IntoResponse for Unserved {
    fn into_response(self) -> Response {
        let (status, ja, en) = self.parts();
        let mut response = (status, format!("{ja}\n{en}\n")).into_response();
        // What is missing now may be there in a moment: a first list, a generation after a ceremony.
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self == Self::Unavailable {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }
}
