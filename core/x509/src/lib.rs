//! Certificates and lists: profiles, plans, lints, templates, encoders.
