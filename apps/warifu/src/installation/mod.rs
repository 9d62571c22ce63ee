//! An installation: configuration, database, keys, blobs and the engine over them, opened together.

mod ledger_key;
mod open;
pub mod profiles;
mod registry;
mod steady;
mod workers;

pub use ledger_key::LedgerKey;
pub use ledger_key::key_fail;
pub use open::{COMPONENTS, Lent, Opening, configured_passphrase, make_directories, store_fail};
pub use registry::{JournalCatalogue, JournalRegistry};
pub use steady::BootSteady;
pub use workers::{Workers, ledger_fail};

use crate::config::Config;
use authority_engine::{Ctx, Engine, ceremony::ProfileSet};
use authority_front::Front;
use kit_clock::{SharedClock, Watch};
use kit_keys::{Provider, SealedStore};
use kit_store::{Db, blobs::DirectoryBlobs};
use std::sync::Arc;

/// An open installation. Everything in it is cheap to clone; the whole is handed round in an `Arc`.
pub struct Installation {
    /// As it was configured.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// The time as the machine shows it.
    pub clock: SharedClock,
    /// The time as far as it can be trusted.
    pub watch: Watch,
    /// Hashes, verification, dice.
    pub provider: Arc<Provider>,
    /// The sealed keys.
    pub keys: SealedStore,
    /// Files beside the database.
    pub blobs: Arc<DirectoryBlobs>,
    /// What the engine is handed.
    pub ctx: Arc<Ctx>,
    /// The profiles in force.
    pub profiles: ProfileSet,
    /// The issuing half at work.
    pub engine: Engine,
    /// The same, as desks know it.
    pub front: Arc<dyn Front>,
}
