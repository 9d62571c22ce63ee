//! `warifu ca show ID`.

use crate::{
    api::{authorities::state_name, view::rfc3339},
    cli::Run,
    commands::{no_authority, shown, unfit},
    fail::{Exit, Outcome},
    installation::{Installation, Opening, store_fail},
    terminal::{self, Page},
};
use authority_journal::{authorities, codes::GenerationState, lists, published};
use base16ct::lower::encode_string as hex;
use core_crypto::Digest;
use core_words::AuthorityId;
use kit_store::StoreError;

/// 認証局の詳細 / show an authority
#[derive(clap::Args, Debug)]
pub struct Show {
    /// The authority
    authority: String,
    /// Print the certificate of the active generation in PEM instead
    #[arg(long)]
    pem: bool,
}

impl Show {
    /// Runs it.
    ///
    /// # Errors
    /// There is no such authority; the installation cannot be read.
    pub async fn run(self, run: &Run) -> Outcome {
        let id = AuthorityId::new(&self.authority)
            .map_err(|e| unfit("AUTHORITY", "名前の形式ではありません", &e))?;
        let installation = Installation::open(run.config()?, Opening::to_look()).await?;
        let wanted = id.clone();
        let found = installation
            .db
            .read(move |tx| {
                let Some(authority) = authorities::get(tx, &wanted)? else { return Ok(None) };
                let generations = authorities::generations(tx, &wanted)?;
                let published = published::of_authority(tx, &wanted)?;
                let scopes: Vec<_> =
                    lists::survey(tx)?.into_iter().filter(|s| s.scope.authority == wanted).collect();
                Ok::<_, StoreError>(Some((authority, generations, published, scopes)))
            })
            .await;
        let provider = installation.provider.clone();
        installation.close().await;
        let found = found.map_err(|e| store_fail(&e))?;
        let (authority, generations, published, scopes) = found.ok_or_else(|| no_authority(id.as_str()))?;
        let mut page = Page::new(run.lang);
        if self.pem {
            let active = generations.iter().find(|g| g.generation == authority.active_generation);
            let der = active.map(|g| g.certificate.as_slice()).unwrap_or_default();
            terminal::print(&crate::api::view::pem(der));
            return Ok(Exit::Ok);
        }
        page.field("認証局", "authority", &authority.id);
        page.field("状態", "state", state_name(authority.state));
        page.field("運営", "operator", &authority.operator);
        page.field("上位", "parent", authority.parent.as_ref().map_or("-".into(), ToString::to_string));
        let profiles: Vec<&str> = authority.profiles.iter().map(|p| p.as_str()).collect();
        page.field("プロファイル", "profiles", profiles.join(" "));
        let urls = authority_engine::urls::of(&authority, authority.active_generation);
        page.field("証明書", "certificate", urls.ca_issuers.unwrap_or_default());
        page.raw("");
        let rows: Vec<Vec<String>> = generations
            .iter()
            .map(|g| {
                let state = match g.state {
                    GenerationState::Active => "active",
                    GenerationState::Retired => "retired",
                    GenerationState::Ended => "ended",
                };
                vec![
                    g.generation.to_string(),
                    state.to_owned(),
                    format!("{:?}", g.sig_alg),
                    rfc3339(g.not_before),
                    rfc3339(g.not_after),
                    hex(&provider.sha256(&g.certificate)),
                ]
            })
            .collect();
        let heading = [
            ("鍵世代", "generation"),
            ("状態", "state"),
            ("署名方式", "signs with"),
            ("開始", "from"),
            ("終了", "to"),
            ("SHA-256", "SHA-256"),
        ];
        page.table(&heading, &rows);
        if !published.is_empty() {
            page.raw("");
            let rows: Vec<Vec<String>> = published
                .iter()
                .map(|p| vec![p.name.clone(), shown(p.created), hex(&provider.sha256(&p.certificate))])
                .collect();
            page.table(&[("公開証明書", "published"), ("公開", "since"), ("SHA-256", "SHA-256")], &rows);
        }
        page.raw("");
        let mut rows = Vec::new();
        for state in &scopes {
            for kind in state.kinds() {
                let list = state.current(*kind);
                let cell = |f: &dyn Fn(&lists::List) -> String| list.map_or("-".into(), f);
                rows.push(vec![
                    format!("{} {kind}", state.scope),
                    cell(&|l| l.number.to_string()),
                    cell(&|l| l.entries.to_string()),
                    cell(&|l| shown(l.this_update)),
                    cell(&|l| shown(l.next_update)),
                ]);
            }
        }
        let heading = [
            ("失効リスト", "list"),
            ("番号", "number"),
            ("件数", "entries"),
            ("今回更新", "thisUpdate"),
            ("次回更新", "nextUpdate"),
        ];
        page.table(&heading, &rows);
        terminal::print(&page.into_text());
        Ok(Exit::Ok)
    }
}
