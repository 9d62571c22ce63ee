//! What OpenAPI tells of the API. The commands are told one by one, from the table: who may, and in which status.

use super::{
    agents, apply,
    command::{self, COMMANDS},
    deposits, download, files, holders, jobs, ledger, list, mandates, notices, offset, password, runs, show,
    terms,
};
use crate::status::{Deed, TABLE};
use kit_desk::{Capacity, Status, Verb, api::security};
use utoipa::{
    Modify, OpenApi,
    openapi::{HttpMethod, PathItem, Ref, RefOr, path::Operation},
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Warifu: claims desk",
        description = "電子請求の証明書の窓口 / the desk for certificates of care providers and agents"
    ),
    paths(
        terms::terms,
        list::list,
        apply::apply,
        show::show,
        command::command,
        download::download,
        files::receipt,
        files::proof,
        password::reissue,
        notices::list,
        notices::show,
        notices::file,
        runs::list,
        runs::start,
        runs::show,
        runs::lines,
        deposits::list,
        deposits::enter,
        deposits::show,
        deposits::assign,
        agents::list,
        agents::show,
        agents::entries,
        agents::pay,
        agents::refund,
        holders::list,
        holders::enter,
        holders::show,
        holders::change,
        holders::close,
        holders::reopen,
        mandates::list,
        mandates::enter,
        mandates::show,
        mandates::end,
        offset::list,
        offset::show,
        offset::file,
        offset::close,
        offset::correct,
        ledger::list,
        ledger::show,
        ledger::proof,
        jobs::list,
        jobs::rerun,
    ),
    components(schemas(command::RejectBody, command::RevokeBody)),
    tags((name = "claims", description = "電子請求の証明書 / certificates for claims")),
    modifiers(&OneByOne)
)]
struct Description;

/// The description.
pub(super) fn description() -> utoipa::openapi::OpenApi {
    Description::openapi()
}

struct OneByOne;

impl Modify for OneByOne {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        security(openapi);
        let pattern = "/api/v1/claims/cases/{number}/{command}";
        let Some(operation) = openapi.paths.paths.remove(pattern).and_then(|item| item.post) else { return };
        for (deed, schema) in COMMANDS {
            let item = PathItem::new(HttpMethod::Post, told(&operation, *deed, schema));
            openapi.paths.paths.insert(pattern.replace("{command}", deed.slug()), item);
        }
    }
}

/// The operation of one command.
fn told(pattern: &Operation, deed: Deed, schema: &str) -> Operation {
    let mut operation = pattern.clone();
    let label = deed.label();
    operation.operation_id = Some(operation_id(deed));
    operation.summary = Some(format!("{} / {}", label.ja, label.en));
    let general = operation.description.take().unwrap_or_default();
    operation.description = Some(format!("{general}\n\n{}", when(deed)));
    if let Some(parameters) = &mut operation.parameters {
        parameters.retain(|parameter| !matches!(parameter, RefOr::T(p) if p.name == "command"));
    }
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        for content in body.content.values_mut() {
            if let RefOr::T(content) = content {
                content.schema = Some(RefOr::Ref(Ref::from_schema_name(schema)));
            }
        }
    }
    operation
}

/// `claimsRegisterIssue`.
fn operation_id(deed: Deed) -> String {
    let mut id = String::from("claims");
    for word in deed.slug().split('-') {
        let (first, rest) = word.split_at(1);
        id.push_str(&first.to_ascii_uppercase());
        id.push_str(rest);
    }
    id
}

/// Who may, in which status, and where it leads.
fn when(deed: Deed) -> String {
    let mut lines = Vec::new();
    for line in TABLE.0.iter().filter(|line| line.verb == deed) {
        let by: Vec<_> = line.by.iter().map(|hat| format!("`{}`", hat.slug())).collect();
        let to: Vec<_> = line.to.iter().map(|status| format!("`{}`", status.slug())).collect();
        let from = line.from.map_or("-", |status| status.slug());
        lines.push(format!("- `{from}` → {} ({})", to.join(", "), by.join(", ")));
    }
    lines.join("\n")
}
