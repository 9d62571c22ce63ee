//! `POST /api/v1/authorities/{authority}/certificates/batch`: up to 10,000 certificates in one request.
//!
//! The batch is read whole before anything is ordered, so that a body which is not well formed changes
//! nothing. Then each order stands or falls alone, and result `i` belongs to request `i`.

use super::{
    Api,
    caller::Caller,
    fields::{BATCH_KEY_CHARS, OrderBody, Unfit, idempotency_key},
    guard::RequestId,
    issue::{IDEMPOTENCY_KEY, template},
    problem::{Problem, ProblemBody, broke},
    refusals,
    view::{self, IssuedBody},
};
use authority_front::{Issued, Order, Refusal};
use axum::{
    body::{Body, Bytes},
    extract::{Extension, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use kit_desk::api::json_octets;
use serde::{
    Deserializer, Serialize,
    de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use std::{fmt, sync::Arc, time::Instant};
use utoipa::ToSchema;

/// Many orders.
#[derive(ToSchema)]
#[schema(as = CertificateOrders)]
pub struct BatchBody<'a> {
    /// The orders. With an `Idempotency-Key: K` order `i` has the key `K/i`.
    #[schema(max_items = 10_000)]
    pub requests: Vec<OrderBody<'a>>,
}

/// What became of many orders.
#[derive(Serialize, ToSchema)]
#[schema(as = CertificateResults)]
pub struct BatchAnswer {
    /// How many were issued now.
    pub issued: usize,
    /// How many had been issued before under the same key.
    pub repeated: usize,
    /// How many were refused.
    pub refused: usize,
    /// Result `i` belongs to request `i`.
    pub results: Vec<ResultBody>,
}

/// What became of one order: a certificate or a problem.
#[derive(Serialize, ToSchema)]
#[schema(as = CertificateResult)]
pub struct ResultBody {
    /// The status it would have had alone.
    pub status: u16,
    /// The certificate, when it was issued.
    #[schema(nullable = false)]
    pub certificate: Option<IssuedBody>,
    /// Why it was refused, otherwise.
    #[schema(value_type = Option<ProblemBody>, nullable = false)]
    pub problem: Option<serde_json::Value>,
}

/// Issues many certificates.
#[utoipa::path(
    post,
    path = "/api/v1/authorities/{authority}/certificates/batch",
    operation_id = "issueCertificates",
    tag = "certificates",
    params(
        ("authority" = String, Path, description = "The authority to issue", pattern = "^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$"),
        ("Idempotency-Key" = Option<String>, Header, description = "Order number i gets the key `KEY/i`", pattern = "^[!-~]+$", min_length = 1, max_length = 120),
    ),
    request_body(content = inline(BatchBody), content_type = "application/json"),
    responses(
        (status = 200, description = "Each order was worked on; see the results", body = BatchAnswer),
        (status = "4XX", description = "Refused; nothing was changed", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Not possible now", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = []), ("certificate" = []))
)]
pub async fn issue_many(
    State(api): State<Arc<Api>>,
    caller: Caller,
    super::At(authority): super::At<String>,
    Extension(id): Extension<RequestId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let begun = Instant::now();
    let authority = caller.authority(&authority)?;
    let key =
        headers.get(IDEMPOTENCY_KEY).map(|v| idempotency_key(v.as_bytes(), BATCH_KEY_CHARS)).transpose()?;
    // A batch is large in memory; few are worked on at a time, however many small requests there are.
    let place = api.batches.clone().try_acquire_owned().map_err(|_| Problem::from(refusals::busy()))?;
    let limits = &api.limits;
    let octets = json_octets(&headers, body, limits.batch_octets, limits.body).await?;
    api.gate.open()?;

    let most = limits.batch_orders;
    let work = {
        let api = api.clone();
        async move {
            let _place = place;
            let prepared = tokio::task::spawn_blocking(move || {
                let keyed = |i: usize| key.as_ref().map(|key| format!("{key}/{i}"));
                prepare(&octets, most, &caller, |i| template(&caller, authority.clone(), keyed(i)))
            });
            let (orders, refused) = prepared.await??;
            let results = api.front.order_many(orders).await;
            let answer = tokio::task::spawn_blocking(move || write(results, refused)).await?;
            Ok::<_, Broken>(answer)
        }
    };
    // A task of its own, as for a single order.
    let answer = tokio::spawn(work).await.map_err(|e| broke(&id, &e))?;
    let answer = answer.map_err(|broken| match broken {
        Broken::Refused(refusal) => Problem::from(*refusal),
        Broken::Panic(error) => broke(&id, &error),
    })?;
    api.meters.issued_batch(begun.elapsed(), answer.issued, answer.repeated, answer.refused);
    Ok(([(header::CONTENT_TYPE, "application/json")], answer.json).into_response())
}

enum Broken {
    Refused(Box<Refusal>),
    Panic(tokio::task::JoinError),
}

impl From<Refusal> for Broken {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<tokio::task::JoinError> for Broken {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::Panic(error)
    }
}

/// The orders to hand over, and for each request of the batch what refused it here, if anything did.
type Prepared = (Vec<Order>, Vec<Option<Refusal>>);

fn prepare(
    octets: &Bytes,
    most: usize,
    caller: &Caller,
    template: impl Fn(usize) -> Order,
) -> Result<Prepared, Refusal> {
    let asked = read(octets, most)?;
    let mut orders = Vec::with_capacity(asked.len());
    let mut refused = Vec::with_capacity(asked.len());
    for (i, body) in asked.into_iter().enumerate() {
        let fit = match body.into_order(template(i), &format!("requests[{i}].")) {
            Ok(order) => caller.may_use(&order.profile).map(|()| order),
            Err(Unfit::Request(refusal)) => Err(refusal),
            Err(Unfit::Form(refusal)) => return Err(refusal),
        };
        match fit {
            Ok(order) => {
                orders.push(order);
                refused.push(None);
            }
            Err(refusal) => refused.push(Some(refusal)),
        }
    }
    Ok((orders, refused))
}

struct Written {
    json: Vec<u8>,
    issued: usize,
    repeated: usize,
    refused: usize,
}

/// Writes a [`BatchAnswer`]: the counts last, since they are known last.
fn write(results: Vec<Result<Issued, Refusal>>, refused: Vec<Option<Refusal>>) -> Written {
    let mut out = Written { json: b"{\"results\":[".to_vec(), issued: 0, repeated: 0, refused: 0 };
    let mut results = results.into_iter();
    for (i, here) in refused.into_iter().enumerate() {
        let result = match here {
            Some(refusal) => Err(refusal),
            None => results.next().unwrap_or_else(|| Err(refusals::internal())),
        };
        if i > 0 {
            out.json.push(b',');
        }
        match result {
            Ok(issued) => {
                let (status, count) =
                    if issued.repeated { ("200", &mut out.repeated) } else { ("201", &mut out.issued) };
                *count += 1;
                out.json.extend_from_slice(b"{\"status\":");
                out.json.extend_from_slice(status.as_bytes());
                out.json.extend_from_slice(b",\"certificate\":");
                view::issued(&issued, &mut out.json);
            }
            Err(refusal) => {
                out.refused += 1;
                let problem = Problem::from(refusal);
                out.json.extend_from_slice(b"{\"status\":");
                out.json.extend_from_slice(problem.status().as_str().as_bytes());
                out.json.extend_from_slice(b",\"problem\":");
                out.json.extend_from_slice(&problem.body());
            }
        }
        out.json.push(b'}');
    }
    let counts =
        format!("],\"issued\":{},\"repeated\":{},\"refused\":{}}}", out.issued, out.repeated, out.refused);
    out.json.extend_from_slice(counts.as_bytes());
    out
}

/// Reads a [`BatchBody`], stopping at the first order too many.
fn read(octets: &[u8], most: usize) -> Result<Vec<OrderBody<'_>>, Refusal> {
    let mut json = serde_json::Deserializer::from_slice(octets);
    let orders = Batch { most }.deserialize(&mut json).and_then(|orders| json.end().map(|()| orders));
    orders.map_err(|e| {
        let what = e.to_string();
        if what.starts_with(TOO_MANY) {
            refusals::too_many_orders(most)
        } else {
            refusals::malformed_json(&what)
        }
    })
}

/// How the visitor says that there are too many; JSON from outside cannot make serde say it.
const TOO_MANY: &str = "too many orders in one batch";

#[derive(Clone, Copy)]
struct Batch {
    most: usize,
}

impl<'de> DeserializeSeed<'de> for Batch {
    type Value = Vec<OrderBody<'de>>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Batch {
    type Value = Vec<OrderBody<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `requests`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut orders = None;
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            match &*key {
                "requests" if orders.is_none() => {
                    orders = Some(map.next_value_seed(Orders { most: self.most })?);
                }
                "requests" => return Err(A::Error::duplicate_field("requests")),
                other => return Err(A::Error::unknown_field(other, &["requests"])),
            }
        }
        orders.ok_or_else(|| A::Error::missing_field("requests"))
    }
}

struct Orders {
    most: usize,
}

impl<'de> DeserializeSeed<'de> for Orders {
    type Value = Vec<OrderBody<'de>>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Orders {
    type Value = Vec<OrderBody<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of orders")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut orders = Vec::new();
        while orders.len() < self.most {
            match seq.next_element()? {
                Some(order) => orders.push(order),
                None => return Ok(orders),
            }
        }
        match seq.next_element::<IgnoredAny>()? {
            Some(_) => Err(A::Error::custom(TOO_MANY)),
            None => Ok(orders),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_read_up_to_its_limit() {
        let one = r#"{"profile":"tls-server","request":"MAA="}"#;
        let batch = |n: usize| format!("{{\"requests\":[{}]}}", vec![one; n].join(","));
        assert_eq!(read(batch(3).as_bytes(), 3).map(|o| o.len()), Ok(3));
        assert_eq!(read(batch(4).as_bytes(), 3).expect_err("too many").code, "api.too_many_orders");
        assert_eq!(read(b"{\"requests\":[]}", 3).map(|o| o.len()), Ok(0));
        for bad in ["", "[]", "{}", "{\"requests\":1}", "{\"requests\":[{}]}", "{\"requests\":[],\"x\":1}"] {
            assert_eq!(read(bad.as_bytes(), 3).expect_err(bad).code, "api.malformed_json");
        }
        let after = format!("{} x", batch(1));
        assert_eq!(read(after.as_bytes(), 3).expect_err("trailing").code, "api.malformed_json");
    }

    #[test]
    fn results_stand_in_the_order_of_the_requests() {
        let written =
            write(vec![Err(refusals::internal())], vec![Some(refusals::profile_not_allowed()), None]);
        let json: serde_json::Value = serde_json::from_slice(&written.json).expect("JSON");
        assert_eq!(json["results"][0]["status"], 403);
        assert_eq!(json["results"][1]["problem"]["code"], "server.internal");
        assert_eq!((json["refused"].as_u64(), json["issued"].as_u64()), (Some(2), Some(0)));
    }
}
