//! `warifu config check|show`.

use crate::{
    cli::Run,
    config::{check_files, load},
    fail::{Exit, Outcome},
    installation::profiles,
    terminal::{self, Page},
};
use kit_keys::Provider;

/// 設定 / the configuration
#[derive(clap::Subcommand, Debug)]
pub enum ConfigCommand {
    /// 設定とそこに書かれたファイルを検査する / check the settings and the files they name
    Check,
    /// 有効な設定とその出所を表示する / show the settings in force and where each comes from
    Show,
}

impl ConfigCommand {
    /// Runs it.
    ///
    /// # Errors
    /// Everything that is wrong with the configuration.
    pub async fn run(self, run: &Run) -> Outcome {
        let loaded = load(run.config_file.as_deref())?;
        let mut page = Page::new(run.lang);
        match self {
            Self::Check => {
                check_files(&loaded.config)?;
                let profiles = profiles::read(loaded.config.profiles.dir.as_deref(), &Provider)?;
                let file = loaded.file.as_deref().map_or("-".into(), |f| f.display().to_string());
                page.line(
                    format!("設定に問題はありません（{file}）。"),
                    format!("The configuration is good ({file})."),
                );
                page.field("プロファイル", "profiles", profiles.iter().count());
            }
            Self::Show => {
                let rows: Vec<Vec<String>> =
                    loaded.shown.into_iter().map(|s| vec![s.key, s.value, s.origin]).collect();
                page.table(&[("設定", "setting"), ("値", "value"), ("出所", "from")], &rows);
            }
        }
        terminal::print(&page.into_text());
        Ok(Exit::Ok)
    }
}
