//! For tests and measurements: an engine in this process with one root that issues directly. No network, no ceremony.

use crate::{Ctx, Engine, Profiles, urls};
use authority_front::Order;
use authority_journal::{
    authorities::{self, Authority, Generation, ListSchedule},
    codes::{AuthorityKind, AuthorityState, GenerationState},
};
use authority_signer::Signers;
use core_crypto::KeyAlg;
use core_words::{Actor, AuthorityId, OperatorId, ProfileId};
use core_x509::{
    assemble::assemble,
    certificate::Certificate,
    issuer::IssuerInfo,
    plan::{Input, KeyProof, OwnKey, SubjectValue, ValidityWish, subject_name},
    profile::{BUILTIN, Builtin, Profile},
};
use kit_clock::{MachineSteady, SharedClock, Steady, SystemClock, Watch};
use kit_keys::{Passphrase, Provider, SealedStore, SignInput, SoftKey, random_serial};
use kit_store::{Component, Db, StoreError, blobs::DirectoryBlobs};
use std::{path::Path, sync::Arc};

/// The schemas an engine needs, in plug order.
pub const COMPONENTS: &[Component] =
    &[kit_keys::COMPONENT, kit_ledger::COMPONENT, kit_jobs::COMPONENT, authority_journal::COMPONENT];

/// The engine and its surroundings.
pub struct House {
    /// What the engine was handed.
    pub ctx: Arc<Ctx>,
    /// The engine.
    pub engine: Engine,
    /// The root that issues; its key has the id 1.
    pub authority: AuthorityId,
}

/// How a [`House`] is made.
pub struct Plan {
    /// Kind of the root's key.
    pub alg: KeyAlg,
    /// The time.
    pub clock: SharedClock,
    /// How time really passes.
    pub steady: Arc<dyn Steady>,
    /// Into how many partitions its lists are cut.
    pub partitions: u16,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            alg: KeyAlg::P256,
            clock: SystemClock::shared(),
            steady: Arc::new(MachineSteady::default()),
            partitions: 0,
        }
    }
}

/// A steady time that follows a clock: nobody ever set it.
pub struct Follows(pub SharedClock);

impl Steady for Follows {
    fn elapsed_micros(&self) -> i64 {
        self.0.now().0
    }
}

impl House {
    /// Makes a root in a migrated store and starts the engine; `folder` is for lists.
    ///
    /// # Panics
    /// When anything fails: tests and measurements have nothing else to do then.
    pub async fn new(db: Db, folder: &Path, plan: Plan) -> Self {
        let provider = Arc::new(Provider);
        let store = SealedStore::with_cost(db.clone(), plan.clock.clone(), kit_keys::testing::CHEAP);
        let passphrase = passphrase();
        store.init(&passphrase).await.expect("a fresh store takes a passphrase");
        store.unlock(&passphrase).await.expect("the passphrase is right");
        let house = Self::over(db, folder, plan.clock.clone(), plan.steady.clone(), store, provider).await;
        make_root(&house.ctx, &house.authority, &plan).await;
        house
    }

    /// Starts an engine over a store that has its root already: what a process does after a crash.
    pub async fn again(db: Db, folder: &Path, plan: &Plan) -> Self {
        let store = SealedStore::with_cost(db.clone(), plan.clock.clone(), kit_keys::testing::CHEAP);
        store.unlock(&passphrase()).await.expect("the passphrase is right");
        Self::over(db, folder, plan.clock.clone(), plan.steady.clone(), store, Arc::new(Provider)).await
    }

    async fn over(
        db: Db,
        folder: &Path,
        clock: SharedClock,
        steady: Arc<dyn Steady>,
        store: SealedStore,
        provider: Arc<Provider>,
    ) -> Self {
        let acted = Engine::latest_time(&db).await.expect("the store can be read");
        let ctx = Arc::new(Ctx {
            db,
            watch: Watch::new(clock, steady, acted),
            signers: Signers::new(store, provider.clone()),
            provider,
            blobs: Arc::new(DirectoryBlobs::open(folder.join("blobs")).expect("the folder can be made")),
        });
        let profiles: Profiles = BUILTIN
            .iter()
            .map(|b| Profile::parse(b.text, &*ctx.provider).expect("built-in profiles are right"))
            .map(|p| (p.id().clone(), Arc::new(p)))
            .collect();
        let engine = Engine::start(ctx.clone(), profiles);
        Self { ctx, engine, authority: AuthorityId::new("house").expect("a name") }
    }

    /// An order for a TLS server certificate by this request.
    pub fn order(&self, request: Vec<u8>) -> Order {
        Order {
            orderer: "desk".into(),
            key: None,
            operator: OperatorId::new("operator").expect("a name"),
            actor: Actor::ra("desk"),
            authority: self.authority.clone(),
            profile: ProfileId::new("tls-server").expect("a name"),
            request,
            name: None,
            validity: None,
            subject_ref: None,
        }
    }
}

fn passphrase() -> Passphrase {
    Passphrase::new("a passphrase for tests".to_owned()).expect("long enough")
}

async fn make_root(ctx: &Arc<Ctx>, id: &AuthorityId, wanted: &Plan) {
    let (now, alg) = (wanted.clock.now(), wanted.alg);
    let key = SoftKey::generate(alg).expect("the library makes keys");
    let spki = key.public_spki().to_vec();
    let profile = Builtin::find("root-ca").expect("it is built in");
    let profile = Profile::parse(profile.text, &*ctx.provider).expect("right");
    let subject =
        [SubjectValue::new("C", "JP"), SubjectValue::new("O", "Tests"), SubjectValue::new("CN", "Test Root")];
    let name = subject_name(&profile, &subject).expect("a name");
    let row = Authority {
        id: id.clone(),
        operator: OperatorId::new("operator").expect("a name"),
        kind: AuthorityKind::Root,
        parent: None,
        state: AuthorityState::Active,
        active_generation: 1,
        partitions: wanted.partitions,
        base_url: "http://ca.example.com".into(),
        profiles: vec![ProfileId::new("tls-server").expect("a name")],
        schedule: ListSchedule {
            full_every_s: 86_400,
            full_life_s: 172_800,
            delta_every_s: 0,
            delta_life_s: 0,
            soon_s: 5,
        },
        created: now,
    };
    let issuer = IssuerInfo::before_certificate(
        id.clone(),
        1,
        name.der(),
        &spki,
        alg.signs_with(),
        urls::of(&row, 1),
        &*ctx.provider,
    )
    .expect("an issuer");
    let planned = core_x509::plan::plan(
        &profile,
        &issuer,
        &Input {
            key: KeyProof::OwnKey(OwnKey::made_here(&spki).expect("readable")),
            subject: &subject,
            alt_names: &[],
            serial: random_serial(&*ctx.provider),
            now: now.whole_seconds(),
            validity: ValidityWish::default(),
            partition: None,
            digest: &*ctx.provider,
        },
    )
    .expect("a root can be planned");
    let signature = key.sign_now(SignInput::Message(planned.tbs())).expect("the key signs");
    let der = assemble(planned.tbs(), alg.signs_with(), &signature);
    let read = Certificate::parse(&der).expect("a certificate");
    let generation = Generation {
        authority: id.clone(),
        generation: 1,
        state: GenerationState::Active,
        key_id: 1,
        sig_alg: alg.signs_with(),
        spki,
        key_identifier: planned.key_id().to_vec(),
        not_before: read.tbs.not_before,
        not_after: read.tbs.not_after,
        certificate: der.clone(),
        created: now,
    };
    let store = ctx.signers.store().clone();
    ctx.db
        .write(move |tx| {
            store.seal_new(tx, 1, &key, "authority").map_err(|e| StoreError::Sql(e.to_string()))?;
            authorities::insert(tx, &row)?;
            authorities::insert_generation(tx, &generation)
        })
        .await
        .expect("the root is stored");
}
