//! `warifu serve`: every role in one process, until SIGTERM or SIGINT.

use crate::{
    api::{Api, Credentials, Gate},
    cli::Run,
    config::{Config, check_files},
    control,
    fail::{Exit, Fail, Outcome},
    installation::{Installation, JournalCatalogue, JournalRegistry, Opening, Workers},
    ops::{
        edge_acts::EdgeActs,
        health::{Operations, health_routes, metrics_routes},
        log,
        meters::Meters,
        probe::Probe,
    },
    portal,
    server::{self, Work, tls::TlsHandle},
};
use authority_responder::Repository;
use axum::Router;
use kit_clock::{SharedClock, SystemClock};
use std::{net::SocketAddr, sync::Arc};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
    task::JoinSet,
};

/// サーバーを起動する / run the server
#[derive(clap::Args, Debug)]
pub struct Serve {
    /// Listen here instead of server.listen
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
}

impl Serve {
    /// Runs until told to end.
    ///
    /// # Errors
    /// It cannot start.
    pub async fn run(self, run: &Run) -> Outcome {
        let mut config = run.config()?;
        config.server.listen = self.listen.unwrap_or(config.server.listen);
        check_files(&config)?;
        log::begin(&config.log);
        let server = Server::start(config, SystemClock::shared()).await?;
        tracing::info!(address = %server.address(), version = env!("CARGO_PKG_VERSION"), "serving");
        server.until_signal().await;
        tracing::info!("ended");
        Ok(Exit::Ok)
    }
}

/// A running server. Tests and the demo start it in their own process.
pub struct Server {
    installation: Arc<Installation>,
    workers: Workers,
    probe: Probe,
    address: SocketAddr,
    operations: Option<SocketAddr>,
    tls: Option<TlsHandle>,
    /// Ends the listeners.
    stop: watch::Sender<bool>,
    /// Ends what works in the background, after the listeners.
    stop_workers: watch::Sender<bool>,
    edge: JoinSet<()>,
    background: JoinSet<()>,
    edge_acts: Arc<EdgeActs>,
}

impl Server {
    /// Opens the installation and starts everything. Returns once connections are accepted.
    ///
    /// # Errors
    /// Whatever keeps it from starting; with what to do.
    pub async fn start(config: Config, clock: SharedClock) -> Result<Self, Fail> {
        let opening = Opening { clock, ..Opening::default() };
        let installation = Arc::new(Installation::open(config, opening).await?);
        let started = Self::start_on(installation.clone()).await;
        if started.is_err() {
            installation.close().await;
        }
        started
    }

    /// Starts on an installation that is open already.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub async fn start_on(installation: Arc<Installation>) -> Result<Self, Fail> {
        let config = installation.config.clone();
        let workers = Workers::new(installation.clone()).await?;
        if !installation.unlock_unattended().await? {
            tracing::warn!("the keys are locked; run `warifu keys unlock`");
        }
        installation.remember_profiles().await?;
        let tls = config
            .server
            .tls
            .as_ref()
            .map(TlsHandle::new)
            .transpose()
            .map_err(|problem| Fail::file(&problem.path, &std::io::Error::other(problem.message.en)))?;
        let listener = server::bind(config.server.listen).await?;
        let operations_listener = match config.server.operations {
            Some(address) => Some(server::bind(address).await?),
            None => None,
        };
        let control = control::bind(&config.server.control).await?;

        let meters = Arc::new(Meters::default());
        let gate = Gate::default();
        let probe = Probe::new(installation.clone(), meters.clone(), gate.clone());
        let registry = Arc::new(JournalRegistry(installation.db.clone()));
        let api = Api::new(
            Arc::new(installation.engine.clone()),
            Arc::new(JournalCatalogue(installation.clone())),
            Credentials::new(registry, config.limits.failed_sign_ins),
            gate,
            config.limits.clone(),
            meters.clone(),
            installation.clock.clone(),
        );
        let (stop, stopping) = watch::channel(false);
        let (stop_workers, stopping_workers) = watch::channel(false);
        let operations =
            Operations { probe: probe.clone(), meters: meters.clone(), stopping: stopping.clone() };

        let Installation { db, blobs, clock, provider, .. } = &*installation;
        let repository = Repository::new(db.clone(), blobs.clone(), clock.clone(), provider.clone());
        let mut public = repository
            .router()
            .merge(crate::api::router(api.clone()))
            .merge(health_routes(operations.clone()));
        if operations_listener.is_none() {
            public = public.merge(metrics_routes(operations.clone()));
        }
        let portal = workers.portal().clone();
        for desk in portal.desks.iter() {
            let routes = Router::from(desk.api()).merge(crate::api::openapi::of_desk(&**desk));
            public = public.merge(api.guard.around(routes));
        }
        // What no machine asks for is a page, or the page that says that there is none.
        let limits = &config.limits;
        let people = Work::new(limits.in_flight, limits.request, meters);
        let public = public.fallback_service(portal::pages(&portal, people));

        let local =
            |listener: &TcpListener| listener.local_addr().map_err(|e| Fail::file("socket".as_ref(), &e));
        let address = local(&listener)?;
        let operations_address = operations_listener.as_ref().map(local).transpose()?;
        let mut edge = JoinSet::new();
        edge.spawn(server::serve(listener, tls.clone(), public, config.limits.clone(), stopping.clone()));
        if let Some(listener) = operations_listener {
            let routes: Router = health_routes(operations.clone()).merge(metrics_routes(operations));
            edge.spawn(server::serve(listener, None, routes, config.limits.clone(), stopping.clone()));
        }
        edge.spawn(control::serve(control, installation.clone(), stopping.clone()));

        probe.look().await;
        let mut background = workers.start(&stopping_workers);
        let (looking, until) = (probe.clone(), stopping_workers.clone());
        background.spawn(async move { looking.run(until).await });
        let edge_acts = Arc::new(EdgeActs::new(installation.clone(), api));
        let telling = edge_acts.clone();
        background.spawn(async move { telling.run(stopping_workers).await });
        Ok(Self {
            installation,
            workers,
            probe,
            address,
            operations: operations_address,
            tls,
            stop,
            stop_workers,
            edge,
            background,
            edge_acts,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where metrics are, if apart.
    pub fn operations_address(&self) -> Option<SocketAddr> {
        self.operations
    }

    /// The installation it serves.
    pub fn installation(&self) -> &Arc<Installation> {
        &self.installation
    }

    /// What looks after readiness; tests look when they want to.
    pub fn probe(&self) -> &Probe {
        &self.probe
    }

    /// Tells the ledger now of what was refused at the edge; it does so by itself every ten seconds.
    pub async fn tell_edge_acts(&self) {
        self.edge_acts.tell().await;
    }

    /// What works in the background.
    pub fn workers(&self) -> &Workers {
        &self.workers
    }

    /// Waits for SIGTERM or SIGINT and then ends; SIGHUP reads the TLS files again.
    pub async fn until_signal(self) {
        let signals =
            (signal(SignalKind::terminate()), signal(SignalKind::interrupt()), signal(SignalKind::hangup()));
        let (Ok(mut terminate), Ok(mut interrupt), Ok(mut hangup)) = signals else {
            tracing::error!("signals cannot be received; the server runs until it is killed");
            return std::future::pending().await;
        };
        loop {
            tokio::select! {
                _ = terminate.recv() => break,
                _ = interrupt.recv() => break,
                _ = hangup.recv() => self.reload(),
            }
        }
        tracing::info!("ending: requests under way are finished");
        self.end().await;
    }

    /// Reads the TLS files again, for new connections. Those that cannot be used leave the old ones in force.
    pub fn reload(&self) {
        let Some(tls) = &self.tls else { return };
        match tls.reload() {
            Ok(()) => tracing::info!("the TLS files were read again"),
            Err(problem) => {
                tracing::error!(key = problem.key, "the old TLS files stay in force: {}", problem.message.en);
            }
        }
    }

    /// Ends: no new connections, requests under way finish, jobs come to an end, the ledger is signed, the
    /// database is closed.
    pub async fn end(mut self) {
        let _ = self.stop.send(true);
        while self.edge.join_next().await.is_some() {}
        // The file of the socket must be gone before another server looks for it.
        let _ = std::fs::remove_file(&self.installation.config.server.control);
        let _ = self.stop_workers.send(true);
        while self.background.join_next().await.is_some() {}
        if self.installation.keys.is_unlocked()
            && let Err(fail) = self.workers.settle_ledger().await
        {
            tracing::warn!(error = %fail, "the ledger is numbered and signed by the next server");
        }
        self.installation.close().await;
    }
}
