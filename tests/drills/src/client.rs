//! A client: HTTP, and nothing else.

use crate::{House, Server, wait::until};
use serde_json::Value;
use std::time::Duration;

/// An answer, read whole.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    /// The code of a problem; empty when it is none.
    pub fn code(&self) -> String {
        let json: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        json["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Whether it was done.
    pub fn is_good(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Speaks to one server. Cloning shares its connections.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    token: String,
}

impl Client {
    /// A client of a server that listens.
    ///
    /// # Panics
    /// When the HTTP library cannot be set up.
    pub fn of(house: &House, server: &Server) -> Self {
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(120)).build();
        Self {
            http: http.expect("a client can be made"),
            url: server.url().to_owned(),
            token: house.token().to_owned(),
        }
    }

    /// Waits until the server says that all its parts are ready.
    ///
    /// # Panics
    /// When it does not.
    pub async fn is_ready(&self) {
        let mut last = String::new();
        let begun = std::time::Instant::now();
        while begun.elapsed() < crate::PATIENCE {
            match self.get("/readyz").await {
                Ok(answer) if answer.status == 200 => return,
                Ok(answer) => last = answer.text(),
                Err(error) => last = error.to_string(),
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the server is never ready: {last}");
    }

    /// Waits until the server says that this part stands so: `ready`, `degraded` or `failed`. The whole answer.
    ///
    /// # Panics
    /// When it does not.
    pub async fn part_is(&self, part: &str, state: &str) -> Answer {
        until(&format!("{part} is {state}"), async || {
            let answer = self.get("/readyz").await.ok()?;
            let parts = answer.json()["parts"].as_array().cloned().unwrap_or_default();
            parts.iter().any(|p| p["part"] == part && p["state"] == state).then_some(answer)
        })
        .await
    }

    /// GET, signed in.
    ///
    /// # Errors
    /// There was no answer.
    pub async fn get(&self, path: &str) -> Result<Answer, reqwest::Error> {
        self.send(self.http.get(format!("{}{path}", self.url))).await
    }

    /// POST, signed in, under an idempotency key where there is one.
    ///
    /// # Errors
    /// There was no answer.
    pub async fn post(&self, path: &str, body: &str, key: Option<&str>) -> Result<Answer, reqwest::Error> {
        let request =
            self.http.post(format!("{}{path}", self.url)).header("content-type", "application/json");
        let request = match key {
            Some(key) => request.header("idempotency-key", key),
            None => request,
        };
        self.send(request.body(body.to_owned())).await
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Answer, reqwest::Error> {
        let response = request.bearer_auth(&self.token).send().await?;
        let status = response.status().as_u16();
        Ok(Answer { status, body: response.bytes().await?.to_vec() })
    }
}
