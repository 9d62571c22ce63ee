//! Where things are: the clone, the cache outside it, the build directory.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The clone this task works on and the places that belong to it.
pub(crate) struct House {
    root: PathBuf,
    cache: PathBuf,
}

impl House {
    /// Finds the clone from the place of this package, the cache from the environment.
    pub(crate) fn find() -> Result<Self> {
        let here = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = here.parent().context("xtask has no folder above it")?.to_path_buf();
        Ok(Self { root, cache: cache_folder() })
    }

    /// The top folder of the clone.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path inside the clone.
    pub(crate) fn path(&self, inside: &str) -> PathBuf {
        self.root.join(inside)
    }

    /// Where setup installs: never inside the clone, so that `git clean` costs nothing.
    pub(crate) fn cache(&self) -> &Path {
        &self.cache
    }

    /// A path of the clone as people read it: relative to its top.
    pub(crate) fn short<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}

/// `$WARIFU_CACHE`, else `$XDG_CACHE_HOME/warifu`, else `~/.cache/warifu`, else `/var/cache/warifu`.
fn cache_folder() -> PathBuf {
    let set = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    set("WARIFU_CACHE")
        .or_else(|| set("XDG_CACHE_HOME").map(|d| d.join("warifu")))
        .or_else(|| set("HOME").map(|d| d.join(".cache/warifu")))
        .unwrap_or_else(|| PathBuf::from("/var/cache/warifu"))
}
