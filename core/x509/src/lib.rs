//! Certificates and lists: profiles, plans, lints, templates, encoders.

pub mod certificate;
pub mod crl;
pub mod explain;
pub mod general_name;
pub mod issuer;
pub mod key;
pub mod name;
pub mod oid;
pub mod time;
pub mod tlv;
