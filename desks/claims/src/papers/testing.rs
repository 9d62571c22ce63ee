//! Settings for tests of papers.

use crate::{Settings, settings::Ending};
use core_words::{AuthorityId, OperatorId, ProfileId, Text};

/// Those of a federation that set nothing but its name.
pub(crate) fn settings() -> Settings {
    Settings {
        operator: OperatorId::new("tokyo").expect("a slug"),
        federation: Text::new("東京都国民健康保険団体連合会", "Tokyo Federation"),
        contact: Text::new("東京都千代田区…\n電話 03-0000-0000", "Chiyoda, Tokyo\n03-0000-0000"),
        public_url: "https://claims.example".into(),
        authority: AuthorityId::new("claims-ca").expect("a slug"),
        profile: ProfileId::new("claims-provider").expect("a slug"),
        agent_profile: ProfileId::new("claims-agent").expect("a slug"),
        due_days: 30,
        undo_seconds: 600,
        key_days: 30,
        ending: Ending::default(),
        terms: Settings::built_in_terms(),
    }
}
