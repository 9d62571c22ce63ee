//! Repository of CA certificates and lists over HTTP: reads only.
