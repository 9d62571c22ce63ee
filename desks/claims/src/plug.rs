//! How the desk plugs in.

use crate::{COMPONENT, Claims, jobs, service::Topic, status::TABLE, web};
use core_words::Text;
use kit_desk::{Desk, Follow, plug::DoorPlate};
use kit_jobs::WorkerBuilder;
use kit_store::Component;
use kit_web::{Pages, Sample, Source};
use std::sync::Arc;

/// The texts of the desk.
pub(crate) const TEXTS: Source = kit_web::texts!(
    "claims.ftl",
    "claims-manual.ftl",
    "claims-provider.ftl",
    "claims-federation.ftl",
    "claims-papers.ftl",
    "claims-payments.ftl",
    "claims-password.ftl",
    "claims-offices.ftl",
    "claims-offset.ftl",
    "claims-ending.ftl",
    "claims-runs.ftl",
    "claims-watch.ftl",
    "claims-ledger.ftl"
);

impl Desk for Claims {
    fn name(&self) -> &'static str {
        "claims"
    }

    fn door(&self) -> DoorPlate {
        DoorPlate {
            name: Text::new("電子請求の証明書", "Certificates for claims"),
            what: Text::new(
                "介護・障害福祉サービスの請求に使う電子証明書を申請し、受け取ります。",
                "Apply for and receive the certificate with which claims for care services are signed.",
            ),
            whom: Text::new("事業所・代理人の方", "For care providers and agents"),
            enter: "/claims",
            staff: "/claims/desk",
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
        self.api_router()
    }

    fn openapi(&self) -> utoipa::openapi::OpenApi {
        Self::openapi()
    }

    fn work(&self, worker: WorkerBuilder) -> WorkerBuilder {
        jobs::register(worker, self)
    }

    fn follower(&self) -> Option<Arc<dyn Follow>> {
        Some(Arc::new(self.clone()))
    }

    fn ledger_kinds(&self) -> Vec<(&'static str, Text)> {
        // The entries about jobs are those of the worker, of whatever desk.
        let own = Topic::ALL.iter().filter(|topic| **topic != Topic::Jobs);
        own.flat_map(|topic| topic.kinds()).collect()
    }

    fn samples(&self) -> Vec<Sample> {
        web::samples()
    }

    fn diagram(&self) -> String {
        TABLE.diagram().to_string()
    }
}
