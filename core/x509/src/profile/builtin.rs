//! The profiles that come with the house. A ceremony copies them into the installation, where operators
//! change them; nothing reads them from here afterwards.

/// A built-in profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Builtin {
    /// Its name.
    pub id: &'static str,
    /// Its TOML.
    pub text: &'static str,
}

macro_rules! builtin {
    ($($id:literal),* $(,)?) => {
        /// Every built-in profile.
        pub const BUILTIN: &[Builtin] = &[
            $(Builtin { id: $id, text: include_str!(concat!("../../profiles/", $id, ".toml")) }),*
        ];
    };
}

builtin! {
    "root-ca",
    "issuing-ca",
    "cross-ca",
    "link",
    "ocsp-signer",
    "tsa-signer",
    "claims-provider",
    "claims-agent",
    "tls-server",
    "jpki-sign-ca",
    "jpki-auth-ca",
    "jpki-sign",
    "jpki-auth",
    "jpki-sign-next",
    "jpki-auth-next",
}

impl Builtin {
    /// The built-in profile with this name.
    pub fn find(id: &str) -> Option<Self> {
        BUILTIN.iter().find(|b| b.id == id).copied()
    }
}
