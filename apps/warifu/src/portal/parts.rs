//! What the portal is made of, from the configuration.

use crate::{
    fail::{Exit, Fail},
    installation::Installation,
};
use authority_front::Text;
use core_words::UtcMicros;
use desk_claims::{Claims, Parts, status::Hat};
use kit_clock::SharedClock;
use kit_desk::{Capacity, Desk};
use kit_gate::{Gate, GateSettings, Role};
use kit_jobs::{First, Handler, JobCtx, JobError, Payload, Schedule, WorkerBuilder};
use kit_keys::Argon2id;
use kit_paper::Press;
use kit_paper_typst::TypstPress;
use kit_post::Mailer;
use kit_web::{Chrome, Texts};
use std::sync::Arc;

/// The texts of this crate's own pages.
const TEXTS: kit_web::Source = kit_web::texts!("home.ftl");

/// Everything behind the pages.
#[derive(Clone)]
pub struct Portal {
    /// Who is at the door.
    pub gate: Gate,
    /// What all pages share.
    pub chrome: Arc<Chrome>,
    /// The desks that are open.
    pub desks: Arc<[Arc<dyn Desk>]>,
    /// The claims desk, where it is open: for commands.
    pub claims: Option<Claims>,
    /// Whether the gallery is shown.
    pub gallery: bool,
}

impl Portal {
    /// Builds the portal of an installation.
    ///
    /// # Errors
    /// Settings that do not fit together.
    pub fn new(installation: &Installation) -> Result<Self, Fail> {
        let Installation { config, db, clock, provider, front, blobs, .. } = installation;
        let gate = Gate::new(
            db.clone(),
            clock.clone(),
            provider.clone(),
            provider.clone(),
            Arc::new(Argon2id::default()),
            gate_settings(config),
        )
        .map_err(|error| unfit("web", &error))?;
        let claims = match &config.claims {
            Some(section) => {
                let settings =
                    section.settings(&config.web.public_url).map_err(|error| unfit("claims", &error))?;
                Some(Claims::new(Parts {
                    db: db.clone(),
                    clock: clock.clone(),
                    dice: provider.clone(),
                    digest: provider.clone(),
                    sealer: provider.clone(),
                    front: front.clone(),
                    gate: gate.clone(),
                    press: press()?,
                    blobs: blobs.clone(),
                    settings: Arc::new(settings),
                }))
            }
            None => None,
        };
        let desks: Arc<[Arc<dyn Desk>]> =
            claims.iter().map(|claims| Arc::new(claims.clone()) as Arc<dyn Desk>).collect();
        let chrome = Arc::new(chrome(clock.clone(), config.web.service_name.clone(), &desks)?);
        Ok(Self { gate, chrome, desks, claims, gallery: config.web.gallery })
    }

    /// Adds what the portal does in the background: mail, clean-up, and the jobs of every desk.
    ///
    /// # Errors
    /// Settings of mail that do not fit together.
    pub fn work(&self, worker: WorkerBuilder, config: &crate::config::Config) -> Result<WorkerBuilder, Fail> {
        let mailer = Mailer::new(&config.mail.settings).map_err(|error| unfit("mail", &error))?;
        let mut worker = worker.handler(Sweep).schedule(Schedule {
            name: SWEEP,
            kind: SWEEP,
            payload: Payload { version: 1, octets: Vec::new() },
            every_seconds: 600,
            first: First::AtOnce,
        });
        if let Some(mailer) = mailer {
            worker = worker.handler(mailer);
        }
        for desk in self.desks.iter() {
            worker = desk.work(worker);
        }
        Ok(worker)
    }
}

/// Texts and frame.
///
/// # Errors
/// A fault in the texts of this release.
fn chrome(clock: SharedClock, service: Text, desks: &[Arc<dyn Desk>]) -> Result<Chrome, Fail> {
    let mut sources = vec![TEXTS, kit_gate::SOURCE];
    sources.extend(desks.iter().map(|desk| desk.texts()));
    let texts = Texts::new(&sources).map_err(|error| unfit("texts", &error))?;
    Ok(Chrome::new(texts, clock, service))
}

fn press() -> Result<Arc<dyn Press>, Fail> {
    Ok(Arc::new(TypstPress::new().map_err(|error| unfit("paper", &error))?))
}

fn gate_settings(config: &crate::config::Config) -> GateSettings {
    let mut settings = GateSettings::new(config.web.public_url.clone());
    settings.service_name = config.web.service_name.ja.clone();
    if let Some(claims) = &config.claims {
        settings.staff_paths = vec!["/claims/desk".into()];
        settings.home = "/claims".into();
        settings.staff_home = "/claims/desk".into();
        settings.operator_names = vec![(claims.operator.clone(), claims.federation.clone())];
        // The manager first: of several roles the head of a page names the highest.
        settings.role_names = [Hat::Manager, Hat::Clerk, Hat::Agent, Hat::Provider]
            .into_iter()
            .map(|hat| (Role::named(hat.slug()), hat.label()))
            .collect();
    }
    settings
}

fn unfit(part: &str, error: &dyn std::fmt::Display) -> Fail {
    Fail::new(
        Exit::CouldNotRun,
        "config.unfit",
        Text::new(format!("{part} の設定で始められません: {error}"), format!("{part} cannot start: {error}")),
        Text::new("`warifu config check` で設定を確かめてください。", "See `warifu config check`."),
    )
}

const SWEEP: &str = "gate.sweep";

/// Forgets what is over: sessions, links and tries at the gate, and answers that machines were given.
struct Sweep;

impl Handler for Sweep {
    fn kind(&self) -> &'static str {
        SWEEP
    }

    async fn run(&self, ctx: &JobCtx) -> Result<(), JobError> {
        let now: UtcMicros = ctx.now();
        while ctx.db().write(move |tx| kit_gate::sweep(tx, now)).await? > 0 {}
        while ctx.db().write(move |tx| kit_desk::api::answers::sweep(tx, now)).await? > 0 {}
        Ok(())
    }
}
