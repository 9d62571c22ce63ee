//! The memory of a process that makes private keys: never written to a disk.

use crate::fail::{Exit, Fail};
use authority_front::Text;
use rustix::{
    mm::{MlockAllFlags, mlockall},
    process::{Resource, Rlimit, setrlimit},
};

/// Locks all memory that there is and will be, and forbids core dumps.
pub(super) fn lock() -> rustix::io::Result<()> {
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    mlockall(MlockAllFlags::CURRENT | MlockAllFlags::FUTURE)
}

/// The system does not let this process lock its memory.
pub(super) fn unlocked(error: &rustix::io::Errno) -> Fail {
    Fail::new(
        Exit::CouldNotRun,
        "card.memory",
        Text::new(format!("メモリを固定できません: {error}"), format!("Memory cannot be locked: {error}")),
        Text::new(
            "`ulimit -l unlimited` を設定してください。お試しなら --allow-unlocked を付けてください。",
            "Set `ulimit -l unlimited`; to try it out, add --allow-unlocked.",
        ),
    )
}
