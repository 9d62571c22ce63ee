//! How the desk plugs in.

use crate::{COMPONENT, NewDesk, status::Deed, status::TABLE, web};
use core_words::Text;
use kit_desk::{Desk, Follow, Verb, api::all_problems, plug::DoorPlate};
use kit_jobs::WorkerBuilder;
use kit_store::Component;
use kit_web::{Pages, Sample, Source};
use std::sync::Arc;
use utoipa::OpenApi;

/// The texts of the desk.
pub(crate) const TEXTS: Source = kit_web::texts!("newdesk.ftl");

/// What OpenAPI tells: no operation yet. Each is added to `paths(…)` when it is added to [`Desk::api`].
#[derive(OpenApi)]
#[openapi(info(title = "Warifu: newdesk desk"))]
struct Description;

impl Desk for NewDesk {
    fn name(&self) -> &'static str {
        "newdesk"
    }

    fn door(&self) -> DoorPlate {
        DoorPlate {
            name: Text::new("newdesk の窓口", "Newdesk desk"),
            what: Text::new("申請を受け付け、担当者が確認します。", "Takes applications, which clerks look at."),
            whom: Text::new("申請する方", "For applicants"),
            enter: "/newdesk",
            staff: "/newdesk",
        }
    }

    fn component(&self) -> Component {
        COMPONENT
    }

    fn texts(&self) -> Source {
        TEXTS
    }

    fn pages(&self) -> Pages {
        web::router(self)
    }

    fn api(&self) -> Pages {
        all_problems(Pages::new(), "/api/v1/newdesk")
    }

    fn openapi(&self) -> utoipa::openapi::OpenApi {
        Description::openapi()
    }

    fn work(&self, worker: WorkerBuilder) -> WorkerBuilder {
        worker
    }

    fn follower(&self) -> Option<Arc<dyn Follow>> {
        None
    }

    fn ledger_kinds(&self) -> Vec<(&'static str, Text)> {
        Deed::ALL.iter().map(|deed| (deed.ledger_kind(), deed.done())).collect()
    }

    fn samples(&self) -> Vec<Sample> {
        web::samples()
    }

    fn diagram(&self) -> String {
        TABLE.diagram().to_string()
    }
}
