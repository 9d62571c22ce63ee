//! Taking a form out of a request.

use super::{BadForm, FormData, Limits, Upload};
use crate::answers;
use axum::{
    Extension, RequestExt,
    extract::{DefaultBodyLimit, FromRequest, Multipart, Request},
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
    routing::MethodRouter,
};
use core_words::{Kind, Refusal, Text};
use std::convert::Infallible;
use zeroize::Zeroizing;

/// How many octets a form with files may have at a door that says so ([`with_room_for_files`]).
#[derive(Clone, Copy, Debug)]
struct RoomForFiles(usize);

/// A door that takes forms with files of up to `octets`, where [`Limits::BODY_WITH_FILES`] would be too little. Its
/// handler asks who is there before it takes the form: what is this large is read into memory.
pub fn with_room_for_files<S: Clone + Send + Sync + 'static>(
    methods: MethodRouter<S>,
    octets: usize,
) -> MethodRouter<S> {
    let methods = methods.layer::<_, Infallible>(DefaultBodyLimit::max(octets));
    methods.layer(Extension(RoomForFiles(octets)))
}

impl<S: Send + Sync> FromRequest<S> for FormData {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Response> {
        read(request).await.map_err(|bad| answers::Refused::from(bad).into_response())
    }
}

async fn read(request: Request) -> Result<FormData, BadForm> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        let body =
            axum::body::to_bytes(request.into_body(), Limits::BODY).await.map_err(|_| BadForm::TooLarge)?;
        FormData::parse(&body)
    } else if kind.eq_ignore_ascii_case("multipart/form-data") {
        let (parts, body) = request.into_parts();
        let most = parts.extensions.get().map_or(Limits::BODY_WITH_FILES, |RoomForFiles(octets)| *octets);
        let body = axum::body::to_bytes(body, most).await.map_err(|_| BadForm::TooLarge)?;
        let request = Request::from_parts(parts, body.into());
        files(request.extract().await.map_err(|_| BadForm::Form)?).await
    } else {
        Err(BadForm::Form)
    }
}

async fn files(mut parts: Multipart) -> Result<FormData, BadForm> {
    let mut form = FormData::default();
    while let Some(part) = parts.next_field().await.map_err(|_| BadForm::Form)? {
        let name = part.name().ok_or(BadForm::Form)?.to_owned();
        let file_name = part.file_name().map(|name| name.chars().take(200).collect::<String>());
        let octets = Zeroizing::new(part.bytes().await.map_err(|_| BadForm::Form)?.to_vec());
        match file_name {
            Some(file_name) => form.push_file(Upload { field: name, file_name, octets })?,
            None => {
                let value = std::str::from_utf8(&octets).map_err(|_| BadForm::Form)?;
                form.push(&name, Zeroizing::new(value.to_owned()))?;
            }
        }
    }
    Ok(form)
}

impl From<BadForm> for answers::Refused {
    fn from(bad: BadForm) -> Self {
        Self(match bad {
            BadForm::Form => Refusal::new(
                Kind::Malformed,
                "web.bad_form",
                Text::new("送られた内容を読み取れませんでした。", "What was sent could not be read."),
                Text::new(
                    "前の画面に戻り、もう一度入力して送信してください。",
                    "Go back to the page before, and send the form again.",
                ),
            ),
            BadForm::TooLarge => Refusal::new(
                Kind::TooLarge,
                "web.form_too_large",
                Text::new("送られた内容が大きすぎます。", "What was sent is too large."),
                Text::new(
                    "前の画面に戻り、文章を短くするか、小さいファイルを選んでください。1つの欄に入力できるのは10,000文字まで、ファイルは500キロバイトまでです。",
                    "Go back to the page before, and shorten the text or choose a smaller file. A field takes up to 10,000 characters, a file up to 500 kilobytes.",
                ),
            ),
        })
    }
}
