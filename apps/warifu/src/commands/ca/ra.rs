//! `warifu ca ra add|list|disable|enable`: credentials of RAs.

use crate::{
    api::credentials::{new_token, token_hash},
    cli::Run,
    commands::{shown, unfit},
    control::{Deed as AnyDeed, Report, carry_out},
    fail::{Exit, Fail, Outcome},
    installation::{Installation, Opening, store_fail},
    lang::Lang,
    terminal::{self, Page},
};
use authority_front::Text;
use authority_journal::{
    codes::OrdererState,
    orderers::{self, Orderer, Scope},
};
use base16ct::lower::encode_string as hex;
use core_crypto::Digest;
use core_pack::sniff::{self, Object};
use core_words::{Actor, AuthorityId, OperatorId, ProfileId};
use kit_ledger::Entry;
use kit_store::{StoreError, Tx};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// RA の資格情報 / credentials of RAs
#[derive(clap::Subcommand, Debug)]
pub enum Ra {
    /// 登録する。トークンは一度だけ表示 / register one; its token is shown once
    Add(AddArgs),
    /// 一覧 / list them
    List,
    /// 無効にする / disable one
    Disable {
        /// Its name
        name: String,
    },
    /// 再び有効にする / enable one again
    Enable {
        /// Its name
        name: String,
    },
}

/// 登録する / register a credential
#[derive(clap::Args, Debug)]
pub struct AddArgs {
    /// Its name: the ledger names it ra:NAME
    name: String,
    /// On whose behalf it acts
    #[arg(long, value_name = "NAME")]
    operator: String,
    /// An authority it may ask; repeat for more
    #[arg(long = "authority", value_name = "NAME", required_unless_present = "any_authority")]
    authorities: Vec<String>,
    /// It may ask every authority
    #[arg(long, conflicts_with = "authorities")]
    any_authority: bool,
    /// A profile it may order under; repeat for more
    #[arg(long = "profile", value_name = "NAME", required_unless_present = "any_profile")]
    profiles: Vec<String>,
    /// It may order under every profile of those authorities
    #[arg(long, conflicts_with = "profiles")]
    any_profile: bool,
    /// Its TLS client certificate (PEM or DER); no token is made then unless --token is given
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// Make a token even though there is a certificate
    #[arg(long)]
    token: bool,
}

/// Registers a credential.
#[derive(Clone, Serialize, Deserialize)]
pub struct Add {
    /// Its name.
    pub name: String,
    /// On whose behalf it acts.
    pub operator: String,
    /// The authorities it may ask; `None` for all.
    pub authorities: Option<Vec<String>>,
    /// The profiles it may order under; `None` for all.
    pub profiles: Option<Vec<String>>,
    /// SHA-256 of its client certificate.
    pub certificate: Option<[u8; 32]>,
    /// Whether a token is made.
    pub token: bool,
}

/// Disables or enables a credential.
#[derive(Clone, Serialize, Deserialize)]
pub struct Switch {
    /// Its name.
    pub name: String,
    /// Whether it may order again.
    pub enable: bool,
}

impl Ra {
    /// Runs it.
    ///
    /// # Errors
    /// What was refused or could not be done.
    pub async fn run(self, run: &Run) -> Outcome {
        match self {
            Self::Add(args) => carry_out(run, AnyDeed::AddOrderer(args.deed(run)?), false).await,
            Self::List => list(run).await,
            Self::Disable { name } => switch(run, name, false).await,
            Self::Enable { name } => switch(run, name, true).await,
        }
    }
}

async fn switch(run: &Run, name: String, enable: bool) -> Outcome {
    carry_out(run, AnyDeed::SwitchOrderer(Switch { name, enable }), false).await
}

impl AddArgs {
    fn deed(self, run: &Run) -> Outcome<Add> {
        let certificate = match &self.certificate {
            None => None,
            Some(path) => {
                let octets = run.read_file(path, 64 << 10)?;
                let der = sniff::der(&octets, Object::Certificate, 64 << 10);
                let der = der.map_err(|e| unfit("--certificate", "証明書として読めません", &e))?;
                Some(kit_keys::Provider.sha256(&der))
            }
        };
        Ok(Add {
            name: self.name,
            operator: self.operator,
            authorities: (!self.any_authority).then_some(self.authorities),
            profiles: (!self.any_profile).then_some(self.profiles),
            token: self.token || certificate.is_none(),
            certificate,
        })
    }
}

impl Add {
    /// Registers; the token stands in the report and nowhere else.
    ///
    /// # Errors
    /// A name that is not well formed or taken.
    pub async fn perform(self, installation: &Installation, lang: Lang, actor: &Actor) -> Outcome<Report> {
        let (orderer, token) = self.register(installation, actor).await?;
        let mut page = Page::new(lang);
        page.line(
            format!("RA {} を登録しました。", orderer.name),
            format!("RA {} is registered.", orderer.name),
        );
        if let Some(token) = token {
            page.field("トークン", "token", &*token);
            page.next(
                "トークンは再表示できません。今、RA に安全に渡してください。",
                "The token cannot be shown again: hand it to the RA safely, now.",
            );
        }
        Ok(Report::ok(page))
    }

    /// Registers, for whoever needs the token itself.
    ///
    /// # Errors
    /// As [`perform`](Self::perform).
    pub async fn register(
        self,
        installation: &Installation,
        actor: &Actor,
    ) -> Outcome<(Orderer, Option<zeroize::Zeroizing<String>>)> {
        let fit =
            |name: &'static str| move |e: core_words::BadSlug| unfit(name, "名前の形式ではありません", &e);
        // The same form as other names, so that it can stand in the ledger whole.
        AuthorityId::new(&self.name).map_err(fit("NAME"))?;
        let operator = OperatorId::new(&self.operator).map_err(fit("--operator"))?;
        let authorities = scope(self.authorities, AuthorityId::new).map_err(fit("--authority"))?;
        let profiles = scope(self.profiles, ProfileId::new).map_err(fit("--profile"))?;
        let now = installation.watch.now().map_err(|fault| clock_fail(&fault))?;
        let provider = installation.provider.clone();
        let (name, certificate, wants_token, actor) =
            (self.name, self.certificate, self.token, actor.clone());
        let result = installation
            .db
            .write(move |tx| {
                let id = tx.next_id()?;
                let token = wants_token.then(|| new_token(id, &*provider));
                let orderer = Orderer {
                    id,
                    name: name.clone(),
                    operator: operator.clone(),
                    token_hash: token.as_ref().map(|t| token_hash(t)),
                    certificate_hash: certificate,
                    authorities: authorities.clone(),
                    profiles: profiles.clone(),
                    state: OrdererState::Active,
                    created: now,
                };
                orderers::insert(tx, &orderer)?;
                let mut entry = act("orderer.registered", &name, &actor);
                entry.operator = Some(operator.clone());
                entry.object = orderer.token_hash.or(certificate);
                kit_ledger::append(tx, &entry, now, &*provider, &*provider)?;
                Ok::<_, StoreError>((orderer, token))
            })
            .await;
        result.map_err(|error| match error {
            error if error.is_unique_on("ca_orderer", "name") => taken("この名前", "this name"),
            error if error.is_unique_on("ca_orderer", "certificate_hash") => {
                taken("この証明書", "this certificate")
            }
            error => store_fail(&error),
        })
    }
}

impl Switch {
    /// Switches.
    ///
    /// # Errors
    /// There is no such credential.
    pub async fn perform(self, installation: &Installation, lang: Lang, actor: &Actor) -> Outcome<Report> {
        let (from, to, kind) = match self.enable {
            true => (OrdererState::Disabled, OrdererState::Active, "orderer.enabled"),
            false => (OrdererState::Active, OrdererState::Disabled, "orderer.disabled"),
        };
        let now = installation.watch.now().map_err(|fault| clock_fail(&fault))?;
        let (name, actor, provider) = (self.name.clone(), actor.clone(), installation.provider.clone());
        let change = move |tx: &mut Tx| {
            let Some(orderer) = orderers::by_name(tx, &name)? else { return Ok(None) };
            let changed = orderers::set_state(tx, &name, from, to)?;
            if changed {
                let mut entry = act(kind, &name, &actor);
                entry.operator = Some(orderer.operator);
                kit_ledger::append(tx, &entry, now, &*provider, &*provider)?;
            }
            Ok::<_, StoreError>(Some(changed))
        };
        let changed = installation.db.write(change).await.map_err(|e| store_fail(&e))?;
        let mut page = Page::new(lang);
        match (changed, self.enable) {
            (None, _) => return Err(unknown(&self.name)),
            (Some(false), _) => page.line("すでにその状態です。", "It was so already."),
            (Some(true), false) => page.line(
                "無効にしました。遅くとも 1 秒後から拒否されます。",
                "Disabled: it is refused from one second on at the latest.",
            ),
            (Some(true), true) => page.line("有効にしました。", "Enabled."),
        }
        Ok(Report::ok(page))
    }
}

async fn list(run: &Run) -> Outcome {
    let installation = Installation::open(run.config()?, Opening::to_look()).await?;
    let all = installation.db.read(orderers::list).await;
    installation.close().await;
    let rows: Vec<Vec<String>> = all.map_err(|e| store_fail(&e))?.iter().map(row).collect();
    let mut page = Page::new(run.lang);
    let heading = [
        ("名前", "name"),
        ("状態", "state"),
        ("運営", "operator"),
        ("認証局", "authorities"),
        ("プロファイル", "profiles"),
        ("資格", "credential"),
        ("登録", "registered"),
    ];
    page.table(&heading, &rows);
    terminal::print(&page.into_text());
    Ok(Exit::Ok)
}

fn row(orderer: &Orderer) -> Vec<String> {
    let state = match orderer.state {
        OrdererState::Active => "active",
        OrdererState::Disabled => "disabled",
    };
    let credential = match (&orderer.token_hash, &orderer.certificate_hash) {
        (_, Some(hash)) => format!("certificate {}", &hex(hash)[..16]),
        (Some(_), None) => "token".to_owned(),
        (None, None) => "-".to_owned(),
    };
    vec![
        orderer.name.clone(),
        state.to_owned(),
        orderer.operator.to_string(),
        names(&orderer.authorities),
        names(&orderer.profiles),
        credential,
        shown(orderer.created),
    ]
}

fn names<T: std::fmt::Display>(scope: &Scope<T>) -> String {
    match scope {
        Scope::Any => "*".to_owned(),
        Scope::Only(items) => items.iter().map(T::to_string).collect::<Vec<_>>().join(" "),
    }
}

fn scope<T, E>(names: Option<Vec<String>>, name: impl Fn(&str) -> Result<T, E>) -> Result<Scope<T>, E> {
    match names {
        None => Ok(Scope::Any),
        Some(names) => names.iter().map(|n| name(n)).collect::<Result<_, _>>().map(Scope::Only),
    }
}

fn act(kind: &'static str, name: &str, actor: &Actor) -> Entry {
    Entry::new(kind, actor.clone(), format!("orderer:{name}"))
}

fn taken(ja: &str, en: &str) -> Fail {
    Fail::new(
        Exit::Refused,
        "ra.taken",
        Text::new(
            format!("{ja}はすでに登録されています。"),
            format!("There is a registration with {en} already."),
        ),
        Text::new("`warifu ca ra list` を確認してください。", "See `warifu ca ra list`."),
    )
}

fn unknown(name: &str) -> Fail {
    Fail::new(
        Exit::Refused,
        "ra.unknown",
        Text::new(format!("RA {name} は登録されていません。"), format!("There is no RA '{name}'.")),
        Text::new(
            "`warifu ca ra list` で名前を確認してください。",
            "See the names with `warifu ca ra list`.",
        ),
    )
}

/// The clock cannot be trusted, so nothing may be dated by it.
pub(crate) fn clock_fail(fault: &kit_clock::ClockFault) -> Fail {
    let step = match fault {
        kit_clock::ClockFault::Back(by) => -by,
        kit_clock::ClockFault::Forward(by) => *by,
    } / 1_000_000;
    Fail::new(
        Exit::CouldNotRun,
        "clock.untrusted",
        Text::new(
            format!("時計が {step} 秒ずれているため、日時を記録できません。"),
            format!("The clock is off by {step} s, so nothing can be dated."),
        ),
        Text::new("時刻同期を確認してください。", "Check the time service."),
    )
}
