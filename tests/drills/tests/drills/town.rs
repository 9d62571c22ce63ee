//! A house with its client and the client's memory, over as many starts as a drill needs.

use kit_store::{Dialect, testing::Place};
use std::sync::{Arc, Mutex, MutexGuard};
use tests_drills::{Client, Depth, Drill, House, Load, Luck, Memory, Server, check};

/// Everything a drill needs.
pub(crate) struct Town {
    pub(crate) house: House,
    pub(crate) memory: Arc<Mutex<Memory>>,
    pub(crate) luck: Luck,
    /// The database on PostgreSQL, which goes when the town does.
    _place: Option<Place>,
}

impl Town {
    /// A town on either database; `None` for PostgreSQL when tests run on SQLite only.
    pub(crate) async fn on(dialect: Dialect) -> Option<Self> {
        let place = match dialect {
            Dialect::Sqlite => None,
            Dialect::Postgres => Some(Place::fresh(dialect)?),
        };
        let house = tokio::task::block_in_place(|| House::found(place.as_ref().map(Place::url)));
        Some(Self::over(house, place).await)
    }

    /// A town on SQLite.
    pub(crate) async fn new() -> Self {
        Self::on(Dialect::Sqlite).await.expect("SQLite is always there")
    }

    /// A town over a house that was made otherwise.
    pub(crate) async fn over(house: House, place: Option<Place>) -> Self {
        let seed = Luck::seed();
        println!("WARIFU_DRILL_SEED={seed}");
        let (server, client) = serve(&house).await;
        let memory = Memory::of(&client).await;
        server.stop();
        Self { house, memory, luck: Luck::from_seed(seed), _place: place }
    }

    pub(crate) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().expect("no worker saw what it must not see")
    }

    /// A server that is ready, and a client of it.
    pub(crate) async fn serve(&self) -> (Server, Client) {
        serve(&self.house).await
    }

    /// Begins load on a server that listens.
    pub(crate) fn load(&mut self, client: &Client) -> Load {
        Load::begin(client, &self.memory, &mut self.luck)
    }

    /// Holds a server to everything that was ever said.
    pub(crate) async fn check(&mut self, client: &Client, depth: Depth) {
        check(&self.house, client, &self.memory, depth, &mut self.luck).await;
    }

    /// Starts the server anew, holds it to everything it said, and ends it well.
    pub(crate) async fn restart_and_check(&mut self, depth: Depth) {
        let (server, client) = self.serve().await;
        self.check(&client, depth).await;
        server.stop();
    }

    /// Starts a server that dies at a fault point, and loads it until it does.
    pub(crate) async fn die_under_load(&mut self, drill: &Drill) {
        let mut server = self.house.start(drill);
        let load = match server.listens().await {
            true => Some(self.load(&Client::of(&self.house, &server))),
            false => None,
        };
        server.dies().await;
        if let Some(load) = load {
            load.end().await;
        }
    }
}

async fn serve(house: &House) -> (Server, Client) {
    let mut server = house.start(&Drill::none());
    assert!(server.listens().await, "the server does not start:\n{}", server.log());
    let client = Client::of(house, &server);
    client.is_ready().await;
    (server, client)
}
