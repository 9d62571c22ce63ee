//! The trait by which the application knows a desk. `apps/warifu` lists the desks in one array, and nothing else
//! knows them.

use crate::follow::Follow;
use core_words::Text;
use kit_jobs::WorkerBuilder;
use kit_store::Component;
use kit_web::{Pages, Sample, Source};
use std::sync::Arc;

/// A desk, as the application sees it.
pub trait Desk: Send + Sync {
    /// Its name: first part of its URLs, of its codes and of its tables. `claims`.
    fn name(&self) -> &'static str;
    /// What its door says: its name, and in one sentence who it is for.
    fn door(&self) -> DoorPlate;
    /// Its tables.
    fn component(&self) -> Component;
    /// Its texts.
    fn texts(&self) -> Source;
    /// Its pages, under `/{name}`.
    fn pages(&self) -> Pages;
    /// Its operations for machines, under `/api/v1/{name}`.
    fn api(&self) -> Pages;
    /// What OpenAPI tells of [`api`](Self::api).
    fn openapi(&self) -> utoipa::openapi::OpenApi;
    /// Adds its jobs and schedules.
    fn work(&self, worker: WorkerBuilder) -> WorkerBuilder;
    /// What follows the feed of the authority for it.
    fn follower(&self) -> Option<Arc<dyn Follow>>;
    /// Every kind of ledger entry that it makes, and what each says, in both languages.
    fn ledger_kinds(&self) -> Vec<(&'static str, Text)>;
    /// Its pages and papers with sample data, for the gallery and its tests.
    fn samples(&self) -> Vec<Sample>;
    /// Its status table as a Mermaid state diagram.
    fn diagram(&self) -> String;
}

/// What the door of a desk says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorPlate {
    /// The name of the desk.
    pub name: Text,
    /// In one sentence, what it does.
    pub what: Text,
    /// Who it is for.
    pub whom: Text,
    /// Where applicants enter.
    pub enter: &'static str,
    /// Where staff enter.
    pub staff: &'static str,
}
