//! How the desk plugs in.

use crate::{COMPONENT, Claims, jobs, status::TABLE, web};
use core_words::Text;
use kit_desk::{Desk, Follow, Verb, plug::DoorPlate};
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
    "claims-watch.ftl"
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
        let deeds = crate::status::Deed::ALL.iter().map(|deed| (deed.ledger_kind(), deed.done()));
        let resent = Text::new("失敗したメールをもう一度送りました", "A mail that had failed was sent again");
        let accounts = crate::service::LEDGER_KINDS.map(|(kind, ja, en)| (kind, Text::new(ja, en)));
        let runs = crate::service::RUN_KINDS.map(|(kind, ja, en)| (kind, Text::new(ja, en)));
        let offices = crate::office::LEDGER_KINDS.map(|(kind, ja, en)| (kind, Text::new(ja, en)));
        let notices = crate::service::NOTICE_LEDGER_KINDS.map(|(kind, ja, en)| (kind, Text::new(ja, en)));
        let offset = crate::service::OFFSET_KINDS.map(|(kind, ja, en)| (kind, Text::new(ja, en)));
        let told =
            Text::new("有効期限のお知らせを送りました", "Told the holder that the certificate ends soon");
        let asked = Text::new("証明書の削除を始めました", "Asked for the deletion of certificates");
        let archived =
            Text::new("削除する証明書を保存しました", "Archived certificates before their deletion");
        let gone = Text::new("証明書を削除しました", "Deleted a certificate that was revoked or had ended");
        let others = [
            (crate::service::RESENT, resent),
            (jobs::expiry::TOLD, told),
            (crate::service::ASKED_DELETION, asked),
            (jobs::delete::ARCHIVED, archived),
            (jobs::delete::DELETED, gone),
        ];
        let deeds = deeds.chain(others);
        deeds.chain(accounts).chain(runs).chain(notices).chain(offices).chain(offset).collect()
    }

    fn samples(&self) -> Vec<Sample> {
        web::samples()
    }

    fn diagram(&self) -> String {
        TABLE.diagram().to_string()
    }
}
