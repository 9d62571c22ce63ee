//! Files, disk and clock.

use super::{Finding, Weight};
use crate::{
    config::{Config, KeySource, check_files},
    installation::profiles,
    ops::probe::free_octets,
};
use authority_front::Text;
use kit_keys::Provider;
use std::{fs, os::unix::fs::PermissionsExt, path::Path};

pub(super) fn examine(config: &Config, findings: &mut Vec<Finding>) {
    match check_files(config) {
        Ok(()) => findings.push(Finding::good("config", "設定は正しいです。", "The configuration is good.")),
        Err(fail) => {
            for detail in fail.details {
                findings.push(Finding::bad("config", Weight::Wrong, detail, fail.next.clone()));
            }
        }
    }
    if let Err(fail) = profiles::read(config.profiles.dir.as_deref(), &Provider) {
        findings.push(Finding::bad("profiles", Weight::Wrong, fail.message, fail.next));
    }
    for (dir, what) in [
        (Some(config.blobs.dir.as_path()), "blobs.dir"),
        (config.store.file.as_deref().and_then(Path::parent), "store.url"),
    ] {
        if let Some(dir) = dir {
            disk(dir, what, config.limits.free_disk, findings);
        }
    }
    let secrets = [
        match &config.keys.source {
            KeySource::File(path) => Some(path.as_path()),
            _ => None,
        },
        config.server.tls.as_ref().map(|tls| tls.key.as_path()),
        config.store.file.as_deref(),
    ];
    for path in secrets.into_iter().flatten() {
        permissions(path, findings);
    }
    synchronised(findings);
}

fn disk(dir: &Path, what: &'static str, least: u64, findings: &mut Vec<Finding>) {
    let shown = dir.display();
    match free_octets(dir) {
        Ok(free) if free < least => findings.push(Finding::bad(
            "disk",
            Weight::Wrong,
            Text::new(
                format!("{what} ({shown}) の空きは {} MiB で、発行は止まります。", free >> 20),
                format!("{what} ({shown}) has {} MiB left, so nothing is issued.", free >> 20),
            ),
            Text::new("空きを作ってください。", "Make room."),
        )),
        Ok(free) if free < 2 * least => findings.push(Finding::bad(
            "disk",
            Weight::Look,
            Text::new(
                format!("{what} ({shown}) の空きは {} MiB です。", free >> 20),
                format!("{what} ({shown}) has only {} MiB left.", free >> 20),
            ),
            Text::new("早めに空きを作ってください。", "Make room soon."),
        )),
        Ok(free) => findings.push(Finding::good(
            "disk",
            format!("{what} の空きは {} MiB です。", free >> 20),
            format!("{what} has {} MiB left.", free >> 20),
        )),
        Err(error) => findings.push(Finding::bad(
            "disk",
            Weight::Look,
            Text::new(format!("{shown} を調べられません: {error}"), format!("{shown}: {error}")),
            Text::new("権限を確認してください。", "Check who may read there."),
        )),
    }
}

/// What holds a secret is for its owner alone.
fn permissions(path: &Path, findings: &mut Vec<Finding>) {
    let Ok(metadata) = fs::metadata(path) else { return };
    let mode = metadata.permissions().mode() & 0o777;
    // A file that others could read is as safe as the directory it lies in.
    let dir = path.parent().and_then(|dir| fs::metadata(dir).ok());
    let shielded = dir.is_some_and(|dir| dir.permissions().mode() & 0o077 == 0);
    let shown = path.display();
    if mode & 0o077 == 0 || shielded {
        findings.push(Finding::good(
            "permissions",
            format!("{shown} は所有者だけが読めます。"),
            format!("{shown} is for its owner alone."),
        ));
        return;
    }
    findings.push(Finding::bad(
        "permissions",
        Weight::Look,
        Text::new(
            format!("{shown} は他の利用者にも開かれています（{mode:o}）。"),
            format!("{shown} is open to other accounts ({mode:o})."),
        ),
        Text::new(format!("`chmod 600 {shown}` を実行してください。"), format!("Run `chmod 600 {shown}`.")),
    ));
}

/// Whether a time service keeps the clock right, as far as the machine tells without being asked over the network.
fn synchronised(findings: &mut Vec<Finding>) {
    let marks = [
        "/run/systemd/timesync/synchronized",
        "/run/chrony/chronyd.pid",
        "/run/chronyd.pid",
        "/run/ntpd.pid",
    ];
    if marks.iter().any(|mark| Path::new(mark).exists()) {
        findings.push(Finding::good("clock", "時刻同期が動いています。", "A time service is at work."));
        return;
    }
    findings.push(Finding::bad(
        "clock",
        Weight::Look,
        Text::new("時刻同期サービスが見つかりません。", "No time service was found on this machine."),
        Text::new(
            "chrony か systemd-timesyncd を動かすか、ホストが時刻を合わせていることを確認してください。",
            "Run chrony or systemd-timesyncd, or see that the host keeps the time.",
        ),
    ));
}
